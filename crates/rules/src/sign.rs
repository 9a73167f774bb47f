//! What a leg shows at a glance, by which most rules pass over most legs.

use siptriage_correlate::Case;
use siptriage_sip::Method;

/// What a leg has to show for a rule to look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// An INVITE, or a response to one, was sent again.
    Repeated = 1,
    /// An INVITE has no final response.
    Pending = 2,
    /// An INVITE was refused.
    Refused = 4,
    /// An INVITE was cancelled.
    Cancelled = 8,
    /// A 2xx to an INVITE has no ACK.
    Unacknowledged = 16,
}

/// The signs of a leg.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signs(u8);

impl Signs {
    /// What a leg shows.
    pub(crate) fn of(case: &Case) -> Signs {
        let mut signs = Signs::default();
        for (at, invite) in case.transactions(Method::Invite) {
            if invite.retransmissions > 0 {
                signs.add(Sign::Repeated);
            }
            if invite.cancelled_by.is_some() {
                signs.add(Sign::Cancelled);
            }
            match case.final_status(at) {
                None => signs.add(Sign::Pending),
                Some(status) if status.is_failure() => signs.add(Sign::Refused),
                Some(_) => {}
            }
        }
        if case.answers.iter().any(|answer| answer.acks.is_empty()) {
            signs.add(Sign::Unacknowledged);
        }
        signs
    }

    /// Whether there are none.
    pub(crate) fn is_empty(self) -> bool {
        self == Signs::default()
    }

    /// Whether a sign is among them.
    pub(crate) fn has(self, sign: Sign) -> bool {
        self.0 & sign as u8 != 0
    }

    fn add(&mut self, sign: Sign) {
        self.0 |= sign as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::Play;

    fn signs(trace: &str) -> Signs {
        Signs::of(&Play::of(trace).cases[0])
    }

    fn only(signs: &[Sign]) -> Signs {
        let mut all = Signs::default();
        signs.iter().for_each(|sign| all.add(*sign));
        all
    }

    #[test]
    fn a_call_without_trouble_has_none() {
        let trace = "0.00 alice -> bob INVITE sdp\n0.02 bob -> alice 100\n0.80 bob -> alice 180\n\
                     6.00 bob -> alice 200 sdp\n6.03 alice -> bob ACK\n36.0 alice -> bob BYE\n\
                     36.02 bob -> alice 200\n";
        assert_eq!(signs(trace), only(&[]));
    }

    #[test]
    fn each_trouble_has_its_own() {
        let pending = "0.00 alice -> bob INVITE sdp\n0.02 bob -> alice 100\n";
        assert_eq!(signs(pending), only(&[Sign::Pending]));
        let refused =
            "0.00 alice -> bob INVITE sdp\n0.02 bob -> alice 486\n0.03 alice -> bob ACK\n";
        assert_eq!(signs(refused), only(&[Sign::Refused]));
        let unacknowledged = "0.00 alice -> bob INVITE sdp\n0.80 bob -> alice 200 sdp\n";
        assert_eq!(signs(unacknowledged), only(&[Sign::Unacknowledged]));
        let repeated = "0.00 alice -> bob INVITE sdp\n0.50 alice -> bob again INVITE\n\
                        0.80 bob -> alice 200 sdp\n0.81 alice -> bob ACK\n";
        assert_eq!(signs(repeated), only(&[Sign::Repeated]));
        let cancelled = "0.00 alice -> bob INVITE sdp\n0.02 bob -> alice 180\n\
                         1.00 alice -> bob CANCEL\n1.01 bob -> alice 200 of CANCEL\n\
                         1.02 bob -> alice 487\n1.03 alice -> bob ACK\n";
        assert_eq!(signs(cancelled), only(&[Sign::Cancelled, Sign::Refused]));
    }
}
