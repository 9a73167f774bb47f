//! One transaction as an observer keys it (RFC 3261 17.1.3, 17.2.3).

use siptriage_capture::Time;
use siptriage_sip::Method;

use crate::record::{RecordIdx, Repeat, Role, TransactionIdx};
use crate::text::TextId;

/// What opened a transaction in the capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// Its request.
    Request,
    /// A response: the request was sent before the capture began, or past it.
    Response,
}

/// One transaction: a request, its repeats, its responses, and for an INVITE its ACKs.
///
/// The ACK to a 2xx is no transaction (RFC 3261 17.1); its records are kept with the INVITE.
#[derive(Clone, Copy, Debug)]
pub struct Transaction {
    /// The method; that of the CSeq where only responses were seen.
    pub method: Method,
    /// Number of the CSeq.
    pub cseq: u32,
    /// What opened it.
    pub opened: Opened,
    /// Request-URI; [`TextId::NONE`] where only responses were seen.
    pub request_uri: TextId,
    /// Address of the From header.
    pub from_uri: TextId,
    /// Address of the To header.
    pub to_uri: TextId,
    /// Tag of the From header.
    pub from_tag: TextId,
    /// To tag of the request: [`TextId::NONE`] outside a dialog.
    pub request_to_tag: TextId,
    /// Number of Via values on the request: hops so far (RFC 3261 16.6), up to 255.
    pub via_count: u8,
    /// Whether the top Via lacks the magic cookie (RFC 3261 8.1.1.7).
    pub rfc2543: bool,
    /// The INVITE that a CANCEL cancels (RFC 3261 9.1).
    pub cancels: Option<TransactionIdx>,
    /// The CANCEL of an INVITE.
    pub cancelled_by: Option<TransactionIdx>,
    /// First final response.
    pub final_response: Option<RecordIdx>,
    /// First provisional response, 100 included.
    pub first_provisional: Option<RecordIdx>,
    /// First message.
    pub first: RecordIdx,
    /// Newest message.
    pub last: RecordIdx,
    /// Messages sent again, by either side.
    pub retransmissions: u16,
    /// Hash of the top branch; 0 without one.
    pub(crate) branch: u64,
    /// Hash of the second Via's branch; 0 without a second Via.
    pub(crate) parent_branch: u64,
    /// Hash of everything that identifies the transaction.
    pub(crate) key: u64,
    /// The clock at the newest message.
    pub(crate) last_clock: Time,
}

impl Transaction {
    /// Whether only a call can have such a transaction.
    pub fn belongs_to_call(&self) -> bool {
        matches!(
            self.method,
            Method::Invite
                | Method::Bye
                | Method::Cancel
                | Method::Prack
                | Method::Update
                | Method::Info
        )
    }

    /// Takes in what is now its newest message.
    pub(crate) fn take(&mut self, at: RecordIdx, role: Role, repeat: Repeat) {
        self.last = at;
        if matches!(repeat, Repeat::Retransmission | Repeat::Reply) {
            self.retransmissions += 1;
        }
        let Role::Response(status) = role else {
            return;
        };
        if status.is_provisional() {
            self.first_provisional.get_or_insert(at);
        } else {
            self.final_response.get_or_insert(at);
        }
    }

    /// Whether a proxy sent this request on: it has a second Via.
    pub fn is_sent_on(&self) -> bool {
        self.parent_branch != 0
    }

    /// Whether this request was sent on by the proxy that received `upper`: its second Via is the
    /// top Via of `upper` (RFC 3261 16.6).
    pub fn is_below(&self, upper: &Transaction) -> bool {
        self.is_sent_on()
            && self.parent_branch == upper.branch
            && self.cseq == upper.cseq
            && self.method == upper.method
    }

    /// Whether it is an INVITE outside a dialog: the only kind that can open a call.
    pub fn is_initial_invite(&self) -> bool {
        self.method == Method::Invite && !self.is_inside_dialog()
    }

    /// Whether its request was sent inside a dialog.
    pub(crate) fn is_inside_dialog(&self) -> bool {
        !self.request_to_tag.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_stays_small() {
        assert_eq!(size_of::<Transaction>(), 72);
    }
}
