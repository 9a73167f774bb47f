//! The straight line from captures to judged calls, on as many threads as wanted.
//!
//! Every piece of a capture takes the same way: read, walked, decoded and scanned (`reader`,
//! `batch`), its fragments and streams put in order (`sequence`), its messages dealt to the shards,
//! what the shards settle made into calls (`assembly`). A thread takes one piece all the way.
//! Whatever must happen in the order of the capture stands behind a turnstile (`turnstile`) or a funnel
//! (`funnel`), so the result does not depend on the number of threads or the size of the pieces.

mod ahead;
mod assembly;
mod batch;
mod funnel;
mod input;
mod merger;
mod points;
mod ranges;
mod reader;
mod refusals;
mod sequence;
mod source;
mod spare;
mod stream;
mod threads;
mod turnstile;
mod watch;
mod worker;

use std::ops::ControlFlow;
use std::sync::Arc;

use siptriage_capture::Skipped;
use siptriage_capture::format::Summary;
use siptriage_capture::lane::EncryptedPort;
use siptriage_correlate::metrics::Width;
use siptriage_correlate::{Call, Ledger, Observation, Profile, Refusals, Series, Traffic};
use siptriage_rules::Judged;

pub use input::Input;
pub use reader::ReadError;
pub(crate) use threads::within;
pub use watch::Watch;
pub use worker::{analyze, messages};

/// How to read captures.
#[derive(Clone, Debug)]
pub struct Options {
    /// Threads to use; 0 for as many as the process may use. Where the caller is a thread of a
    /// rayon pool, they are threads of that pool.
    pub threads: usize,
    /// Size of the pieces that captures are read in, in bytes.
    pub piece_bytes: usize,
    /// Takes the end of the capture as the end of the world, as for a lab trace.
    pub assume_complete: bool,
    /// What the site says about its peers.
    pub profile: Profile,
    /// The windows of time that metrics are given for.
    pub window: Width,
    /// Bounds of the capture stage.
    pub capture: siptriage_capture::Limits,
    /// Bounds of the correlation stage.
    pub correlate: siptriage_correlate::Limits,
    /// How far the run has come, and whether it should go on.
    pub watch: Arc<Watch>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            threads: 0,
            piece_bytes: 128 * 1024,
            assume_complete: false,
            profile: Profile::default(),
            window: Width::Automatic,
            capture: siptriage_capture::Limits::default(),
            correlate: siptriage_correlate::Limits::default(),
            watch: Arc::default(),
        }
    }
}

/// Whether the receiver wants more.
pub type Flow = ControlFlow<()>;

/// What becomes known while captures are read.
pub enum Event<'a> {
    /// A call is over, or the capture is.
    Call {
        /// The call.
        call: &'a Call,
        /// What the rules say of it.
        judged: &'a Judged,
    },
    /// A leg that is no call is over.
    Leg {
        /// What the rules say of it.
        judged: &'a Judged,
    },
    /// A series of requests outside of calls is over, or the capture is.
    Series {
        /// The series.
        series: &'a Series,
    },
}

/// A message in the order of the capture.
pub struct Seen<'a> {
    /// The message and where it was seen.
    pub observation: Observation<'a>,
    /// Fractional digits of the time that the capture really has.
    pub time_digits: u8,
}

/// What was read to list its messages.
pub struct Listed {
    /// The captures in the order given.
    pub captures: Vec<CaptureFacts>,
    /// Packets that were refused.
    pub refusals: Refusals,
}

/// Everything added up.
pub struct Totals {
    /// The captures in the order given.
    pub captures: Vec<CaptureFacts>,
    /// Ratios and times, by trunk and by window.
    pub ledger: Ledger,
    /// Messages and their copies.
    pub traffic: Traffic,
    /// Packets that were refused.
    pub refusals: Refusals,
    /// What the rules say of the capture as a whole.
    pub judged: Judged,
}

/// What one capture holds.
pub struct CaptureFacts {
    /// Its name as given.
    pub path: String,
    /// Its compression.
    pub compression: Option<&'static str>,
    /// What the walk over its records found; absent when it could not be opened or recognised.
    pub summary: Option<Summary>,
    /// Why it could not be read, or not to its end.
    pub error: Option<ReadError>,
    /// SIP messages, copies included.
    pub sip_messages: u64,
    /// Datagrams that are not SIP.
    pub not_sip: u64,
    /// Messages captured more than once.
    pub duplicates: u64,
    /// What was not understood, by reason.
    pub skipped: Skipped,
    /// TLS by server port, not read.
    pub encrypted: Vec<EncryptedPort>,
    /// Whether the run was ended before the capture was read to its end.
    pub is_interrupted: bool,
}

impl CaptureFacts {
    /// Whether it was read to its end.
    pub fn is_complete(&self) -> bool {
        self.error.is_none()
            && self
                .summary
                .as_ref()
                .is_some_and(|summary| summary.complete)
    }
}
