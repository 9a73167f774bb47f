//! Why a call ended, in the words of who ended it.

use siptriage_sip::Method;

use super::Case;
use crate::leg::NoteKind;

/// The Reason of the BYE or CANCEL that ended the call, else that of the response that decided it
/// (RFC 3326; RFC 6432 for responses).
pub(super) fn end_reason(case: &Case) -> Option<&[u8]> {
    let judgement = case.judgement.as_ref()?;
    let ended = judgement.ended?;
    let requests = case
        .transactions(Method::Bye)
        .chain(case.transactions(Method::Cancel));
    let first = requests.map(|(_, request)| request.first);
    let at_the_end = first.filter(|record| case.leg.record(*record).time == ended);
    let mut ending = at_the_end.chain(judgement.deciding);
    ending.find_map(|record| case.leg.note(record, NoteKind::Reason))
}
