//! Where SIP messages end in a stream, told to a lane of the capture.

use siptriage_capture::Cut;
use siptriage_sip::framing::{self, Frame};

/// The [`Framer`](siptriage_capture::Framer) of SIP streams (RFC 3261 18.3).
pub fn cut(bytes: &[u8]) -> Cut {
    match framing::cut(bytes) {
        Frame::Message(length) => Cut::Message(length),
        Frame::Nothing(length) => Cut::Nothing(length),
        Frame::More { at_least } => Cut::More { at_least },
        Frame::Foreign { skip } => Cut::Foreign { skip },
    }
}
