//! What the lines of a trace say, before any message is made from them.

mod control;
mod line;
mod parse;
mod words;

pub(crate) use control::{Control, Unreachable};
pub(crate) use line::Endpoint;
pub(crate) use parse::script;
pub(crate) use words::{Word, unescape, words};

use crate::host::{HostIdx, Hosts};
use crate::message::Edit;
use crate::packet::Transport;

/// A whole trace.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    pub(crate) hosts: Hosts,
    pub(crate) transport: Transport,
    pub(crate) ipv6: bool,
    /// Nanoseconds since 1970 of time 0 of the trace.
    pub(crate) start_ns: u64,
    /// Time after the start at which the capture ends, where the trace says so.
    pub(crate) end_ns: Option<u64>,
    pub(crate) lines: Vec<Line>,
}

/// A line that puts messages on the wire.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) number: usize,
    /// Nanoseconds after the start, one for each send.
    pub(crate) times_ns: Vec<u64>,
    pub(crate) src: HostIdx,
    pub(crate) dst: HostIdx,
    pub(crate) subject: Subject,
    pub(crate) flags: Vec<Flag>,
    pub(crate) call: String,
    pub(crate) values: Values,
    pub(crate) delivery: Delivery,
    pub(crate) edits: Vec<Edit>,
    pub(crate) body: Option<Vec<u8>>,
}

impl Line {
    pub(crate) fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }
}

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    Request(String),
    /// `of` names the method that is answered.
    Response {
        status: u16,
        of: Option<String>,
    },
    Raw(Vec<u8>),
    /// The latest `raw` of the pair of hosts once more.
    RawAgain,
    Control(Control),
}

/// A word that stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flag {
    Again,
    /// Each time of the line makes a new message.
    Fresh,
    Sdp,
    InDialog,
    OutOfDialog,
    SameCseq,
    NewFromTag,
    Rfc2543,
    Forward,
    RecordRoute,
    Reliable,
}

/// What `key=value` words say about the message.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values {
    pub(crate) tag: Option<String>,
    pub(crate) branch: Option<String>,
    pub(crate) cseq: Option<u32>,
    pub(crate) rseq: Option<u32>,
    pub(crate) rack: Option<String>,
    pub(crate) uri: Option<String>,
    pub(crate) caller: Option<String>,
    pub(crate) callee: Option<String>,
    pub(crate) phrase: Option<Vec<u8>>,
    /// Direction attribute of the media stream (RFC 8866 section 6.7).
    pub(crate) direction: Option<String>,
}

/// Time between two packets of a media stream that names none.
pub(crate) const MEDIA_PACKET_NS: u64 = 20_000_000;

/// How the message travels.
#[derive(Debug, Clone, Default)]
pub(crate) struct Delivery {
    pub(crate) transport: Option<Transport>,
    pub(crate) from: Option<Endpoint>,
    pub(crate) to: Option<Endpoint>,
    /// Captured bytes kept of each packet.
    pub(crate) truncate_bytes: Option<usize>,
    /// The packet is seen once more so much later.
    pub(crate) duplicate_after_ns: Option<u64>,
    /// Longest TCP segment.
    pub(crate) split_bytes: Option<usize>,
    pub(crate) lost: Option<Lost>,
    /// Last time of a stream of RTP packets, after the start of the trace.
    pub(crate) until_ns: Option<u64>,
    /// Time between two of them.
    pub(crate) every_ns: Option<u64>,
}

/// Which packets of the message the capture does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lost {
    /// The second packet where there are several, else the only one.
    One,
    /// The packet of this number, from 1.
    Number(usize),
}
