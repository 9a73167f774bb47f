//! Where the messages of a direction go, and by what rules they are cut.

use crate::decode::Sighting;
use crate::lane::Emit;
use crate::lane::tally::Tally;
use crate::{Flow, FrameRef, Framer, Limits, Payload, Transport};

/// What a direction needs from the lane around it while it is worked on.
pub(super) struct Outlet<'o, 'e> {
    pub(super) flow: Flow,
    pub(super) framer: Framer,
    pub(super) limits: &'o Limits,
    pub(super) tally: &'o mut Tally,
    pub(super) emit: &'o mut Emit<'e>,
}

/// Whether a message lacks its end, and who is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cutoff {
    /// It is whole.
    None,
    /// The sender closed the connection inside it.
    Sender,
    /// The capture does not have the rest.
    Capture,
}

impl Outlet<'_, '_> {
    /// Gives out a message that began in `first_frame` and was completed by `seen`.
    pub(super) fn deliver(
        &mut self,
        bytes: &[u8],
        first_frame: FrameRef,
        seen: &Sighting,
        cutoff: Cutoff,
    ) {
        let truncated = cutoff == Cutoff::Capture;
        let payload = seen.payload(self.flow, bytes);
        (self.emit)(Payload {
            first_frame,
            truncated,
            ..payload
        });
    }

    /// Gives out a WebSocket message.
    pub(super) fn deliver_websocket(
        &mut self,
        bytes: &[u8],
        first_frame: FrameRef,
        seen: &Sighting,
    ) {
        let flow = Flow {
            transport: Transport::Ws,
            ..self.flow
        };
        let payload = seen.payload(flow, bytes);
        (self.emit)(Payload {
            first_frame,
            truncated: false,
            ..payload
        });
    }
}
