//! An INVITE that nobody answered, because ICMP says that it was refused.

use siptriage_capture::time::SECOND;
use siptriage_correlate::RefusalKind;
use siptriage_correlate::refusals::RefusedMessage;

use crate::context::Context;
use crate::finding::Evidence;
use crate::schedule::Schedule;

/// The refusal of a message that was repeated in vain.
#[derive(Clone, Copy, Debug)]
pub struct Refusal {
    message: RefusedMessage,
    kind: RefusalKind,
}

/// An error that comes later than this after the last sending is about something else.
const PATIENCE: i64 = 5 * SECOND;

impl Refusal {
    /// The first one of any sending.
    pub fn of(context: &Context<'_>, schedule: &Schedule) -> Option<Refusal> {
        let leg = &context.case.leg;
        let until = schedule.last().plus(PATIENCE).min(leg.seen_until);
        let refusals = &context.scene.refusals;
        let call_id_hash = leg.id()?.call_id_hash;
        let message = refusals.of_message(schedule.flow, call_id_hash, schedule.first(), until)?;
        let kind = RefusalKind::of(message.cause);
        Some(Refusal { message, kind })
    }

    /// What was refused by whom, to be put behind a sentence about the INVITE.
    pub fn told(&self) -> String {
        let words = self.kind.words();
        format!(": refused by ICMP {words} from {}", self.message.reporter)
    }

    /// The error, and what it changes about what to check first.
    pub fn evidence(&self) -> Evidence {
        let (words, reporter) = (self.kind.words(), self.message.reporter);
        let note = format!("ICMP {words} from {reporter}: {}", self.advice());
        Evidence {
            frame: self.message.frame,
            note: note.into(),
        }
    }

    fn advice(&self) -> &'static str {
        match self.kind {
            RefusalKind::PortUnreachable => {
                "the host is up, but nothing listens on the port; is the service running, on this \
                 address, port and transport"
            }
            RefusalKind::ProtocolUnreachable => {
                "the host is up, but does not take this transport; is it the right one"
            }
            RefusalKind::HostUnreachable => {
                "the last router does not reach the host; is it up, is its address right"
            }
            RefusalKind::NetworkUnreachable => {
                "there is no route to the host; check the routing table of the reporter"
            }
            RefusalKind::Prohibited => {
                "a filter forbids it; check the rules of the reporter's firewall"
            }
            RefusalKind::TooBig => "the message does not fit the path; check the MTU, or use TCP",
            RefusalKind::HopsExceeded => "the packets go in a circle; check the routes on the way",
            RefusalKind::FragmentsMissing => {
                "only some of the fragments arrive; does a firewall drop fragments"
            }
            RefusalKind::Other => "the reporter did not take the packet",
        }
    }
}
