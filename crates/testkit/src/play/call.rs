//! What the kit remembers of one call.

use std::collections::BTreeMap;

use super::Play;
use super::dialog::Dialog;
use super::media::Media;
use crate::host::HostIdx;
use crate::message::{Message, tag, without_tag};
use crate::script::{Flag, Line};

pub(super) struct Call {
    pub(super) call_id: String,
    /// The host that sent the first request.
    pub(super) caller: HostIdx,
    /// `From` and `To` of the first request without their tags.
    pub(super) from: String,
    pub(super) to: String,
    pub(super) dialogs: Vec<Dialog>,
    pub(super) media: BTreeMap<HostIdx, Media>,
    tags: BTreeMap<HostIdx, Vec<String>>,
    cseqs: BTreeMap<HostIdx, u32>,
    rseqs: BTreeMap<HostIdx, u32>,
}

impl Play<'_> {
    /// The call of a line, begun with this line if it is the first.
    pub(super) fn call(&mut self, line: &Line) -> &mut Call {
        let user = |named: &Option<String>, host| {
            let name = named.as_deref().unwrap_or(self.hosts.name(host));
            format!("<sip:{name}@example.com>")
        };
        let from = user(&line.values.caller, line.src);
        let to = user(&line.values.callee, line.dst);
        let call_id = format!("{}{}@example.com", line.call, self.setting.call_suffix);
        self.calls.entry(line.call.clone()).or_insert_with(|| Call {
            call_id,
            caller: line.src,
            from,
            to,
            dialogs: Vec::new(),
            media: BTreeMap::new(),
            tags: BTreeMap::new(),
            cseqs: BTreeMap::new(),
            rseqs: BTreeMap::new(),
        })
    }

    /// The tag of a host in the call: `alice-1`, and `alice-1-2` after its first `new-from-tag`.
    pub(super) fn tag(&mut self, line: &Line, host: HostIdx) -> String {
        let name = format!("{}-{}", self.hosts.name(host), line.call);
        let renewed = line.has(Flag::NewFromTag) && host == line.src;
        let tags = self.call(line).tags.entry(host).or_default();
        if tags.is_empty() {
            tags.push(name);
        } else if renewed {
            tags.push(format!("{name}-{}", tags.len() + 1));
        }
        tags.last().cloned().unwrap_or_default()
    }

    /// Keeps what the trace itself wrote into the first request of the call.
    pub(super) fn adopt(&mut self, line: &Line, first: &Message) {
        let call = self.call(line);
        if let Some(call_id) = first.first("Call-ID") {
            call.call_id = call_id.to_owned();
        }
        if let Some(from) = first.first("From") {
            call.from = without_tag(from);
            if let Some(tag) = tag(from) {
                call.tags.insert(line.src, vec![tag.to_owned()]);
            }
        }
        if let Some(to) = first
            .first("To")
            .filter(|_| first.method() != Some("REGISTER"))
        {
            call.to = without_tag(to);
        }
    }

    /// The CSeq number of a new request of the line's source.
    pub(super) fn next_cseq(&mut self, line: &Line) -> u32 {
        let last = self.call(line).cseqs.entry(line.src).or_default();
        *last = line.values.cseq.unwrap_or(last.saturating_add(1));
        *last
    }

    /// The RSeq number of a new reliable response of the line's source (RFC 3262 section 3).
    pub(super) fn next_rseq(&mut self, line: &Line) -> u32 {
        let last = self.call(line).rseqs.entry(line.src).or_default();
        *last = line.values.rseq.unwrap_or(last.saturating_add(1));
        *last
    }

    /// The branch of a new transaction (RFC 3261 section 8.1.1.7), empty without one.
    pub(super) fn next_branch(&mut self, line: &Line) -> String {
        const COOKIE: &str = "z9hG4bK";
        let chosen = match &line.values.branch {
            Some(branch) => branch.clone(),
            None => {
                self.branches += 1;
                format!(
                    "{}-{}-{}",
                    self.hosts.name(line.src),
                    line.call,
                    self.branches
                )
            }
        };
        if line.has(Flag::Rfc2543) || chosen.starts_with(COOKIE) {
            chosen
        } else {
            format!("{COOKIE}{chosen}")
        }
    }
}
