//! The exit codes, the same for every format.

use crate::pipeline::CaptureFacts;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything was read.
    Done,
    /// The command line makes no sense.
    Usage,
    /// An input could not be opened, recognised or read to its end.
    Unread,
    /// There is no SIP in the input.
    NoSip,
}

impl Exit {
    /// The number given to the shell.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Usage => 2,
            Exit::Unread => 3,
            Exit::NoSip => 4,
        }
    }

    /// How a run over captures ended.
    pub fn of(captures: &[CaptureFacts]) -> Exit {
        if captures.iter().any(|capture| !capture.is_complete()) {
            Exit::Unread
        } else if captures.iter().all(|capture| capture.sip_messages == 0) {
            Exit::NoSip
        } else {
            Exit::Done
        }
    }
}
