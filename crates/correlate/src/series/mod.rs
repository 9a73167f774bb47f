//! What repeats itself outside of calls: registrations, subscriptions, publications, messages and
//! pings, each with everything that one device said to one server about it.

mod book;
mod exchange;
mod frames;
mod tally;

use siptriage_capture::{Flow, Time};
use siptriage_sip::StatusCode;

pub use book::Book;
pub use exchange::concerns;
pub use frames::Frames;
pub use tally::{Counts, Tally};

/// Requests outside of calls that belong together, and how they ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// What they are.
    pub kind: SeriesKind,
    /// The Call-ID of the first one.
    pub call_id: Vec<u8>,
    /// Address of the From header of the first one.
    pub from: Vec<u8>,
    /// Address of the To header of the first one: the address of record of a registration.
    pub to: Vec<u8>,
    /// The event package of a subscription or a publication; empty elsewhere.
    pub event: Vec<u8>,
    /// From whom the first request went to whom; of a subscription its subscriber to its notifier.
    pub flow: Flow,
    /// The number of the call in whose dialog a subscription is.
    pub call: Option<u32>,
    /// The first message.
    pub first: Time,
    /// The newest message.
    pub last: Time,
    /// Requests, repeats left out, NOTIFYs among them.
    pub requests: u32,
    /// NOTIFYs.
    pub notifies: u32,
    /// 2xx after the first one that kept it alive.
    pub refreshes: u32,
    /// Requests that were refused, challenges left out.
    pub refused: u32,
    /// Requests that nobody answered for 64*T1.
    pub unanswered: u32,
    /// The final status of the newest request other than a NOTIFY, or of the one whose refusal ended
    /// it.
    pub status: Option<StatusCode>,
    /// Seconds that the newest 2xx or NOTIFY granted.
    pub granted: Option<u32>,
    /// How it ended.
    pub end: SeriesEnd,
    /// Its messages.
    pub frames: Frames,
}

/// What the requests of a series are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SeriesKind {
    /// REGISTERs of one Call-ID for one address of record (RFC 3261 10.2).
    Registration,
    /// SUBSCRIBEs and NOTIFYs of one subscription: of several that a SUBSCRIBE began by forking,
    /// each is one (RFC 6665 4.1.4).
    Subscription,
    /// PUBLISHs of one state, told by its entity-tag (RFC 3903 4).
    Publication,
    /// One MESSAGE outside a dialog, sent again with credentials perhaps (RFC 3428).
    Message,
    /// OPTIONS outside a dialog from one host to one address of another: each stands for itself
    /// (RFC 3261 11).
    Options,
}

impl SeriesKind {
    /// All, in the order of reports.
    pub const ALL: [SeriesKind; 5] = [
        SeriesKind::Registration,
        SeriesKind::Subscription,
        SeriesKind::Publication,
        SeriesKind::Message,
        SeriesKind::Options,
    ];

    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            SeriesKind::Registration => "registration",
            SeriesKind::Subscription => "subscription",
            SeriesKind::Publication => "publication",
            SeriesKind::Message => "message",
            SeriesKind::Options => "options",
        }
    }
}

/// How a series ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SeriesEnd {
    /// Not at all, as far as the capture shows.
    Open,
    /// The newest request got a 2xx, and nothing lasts beyond it.
    Answered,
    /// Who began it took it back with Expires 0 (RFC 3261 10.2.2, RFC 6665 4.1.2.3).
    Removed,
    /// A NOTIFY said that it is over (RFC 6665 4.1.3).
    Terminated,
    /// Its time was over, and nobody had refreshed it.
    Expired,
    /// The newest request was refused, or a response ended the usage (RFC 5057 5.1).
    Refused,
    /// Nobody answered the newest request for 64*T1.
    Unanswered,
}

impl SeriesEnd {
    /// All, in the order of reports.
    pub const ALL: [SeriesEnd; 7] = [
        SeriesEnd::Open,
        SeriesEnd::Answered,
        SeriesEnd::Removed,
        SeriesEnd::Terminated,
        SeriesEnd::Expired,
        SeriesEnd::Refused,
        SeriesEnd::Unanswered,
    ];

    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            SeriesEnd::Open => "open",
            SeriesEnd::Answered => "answered",
            SeriesEnd::Removed => "removed",
            SeriesEnd::Terminated => "terminated",
            SeriesEnd::Expired => "expired",
            SeriesEnd::Refused => "refused",
            SeriesEnd::Unanswered => "unanswered",
        }
    }
}
