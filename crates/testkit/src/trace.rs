//! A readable trace and the packets it stands for.

use crate::assemble::Assembly;
use crate::error::Error;
use crate::host::Family;
use crate::packet::Packet;
use crate::play::{Setting, play};
use crate::script::{Script, script};
use crate::variation::Variation;

/// A trace that has been read and makes sense from its first line to its last.
#[derive(Debug, Clone)]
pub struct Trace {
    script: Script,
}

impl Trace {
    /// Reads the language that the crate's front page describes.
    ///
    /// # Errors
    /// Names the first line that cannot be read or played, such as a response to nothing.
    pub fn parse(text: &str) -> Result<Trace, Error> {
        let script = script(text)?;
        play(&script, &setting(&script, &Variation::default()))?;
        Ok(Trace { script })
    }

    /// The packets of the trace in the order of their times.
    #[must_use]
    pub fn packets(&self, variation: &Variation) -> Vec<Packet> {
        let setting = setting(&self.script, variation);
        let sends = play(&self.script, &setting).expect(
            "parse has played every line, and a variation changes addresses and names only",
        );
        let mut assembly = Assembly::new(variation, self.script.start_ns);
        for send in &sends {
            assembly.send(send);
        }
        if let Some(end_ns) = self.script.end_ns {
            assembly.end(self.script.start_ns.saturating_add(end_ns), setting.family);
        }
        assembly.finish()
    }
}

fn setting(script: &Script, variation: &Variation) -> Setting {
    let family = if script.ipv6 || variation.ipv6 {
        Family::V6
    } else {
        Family::AsWritten
    };
    Setting {
        family,
        call_suffix: variation.call_suffix.clone(),
    }
}
