//! Which way the requests of a dialog are to go (RFC 3261 12.1).

use siptriage_sip::Method;

use super::{Negotiation, requests};
use crate::leg::NoteKind;
use crate::record::RecordIdx;
use crate::study::Case;

/// The way that the requests of a dialog are to go, the same for as long as it lasts (RFC 3261
/// 12.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteSet<'c> {
    /// The response that formed the dialog.
    pub formed_by: RecordIdx,
    /// The Record-Route entries of that response from the last to the first, which is the way of
    /// the caller's requests; that of the callee's is the reverse (RFC 3261 12.1.1, 12.1.2). Empty
    /// where requests go straight to the other side.
    pub hops: Vec<&'c [u8]>,
}

impl Negotiation {
    /// The route set; none where no response that forms the dialog was seen. That of a provisional
    /// response holds until there is a 2xx (RFC 3261 13.2.2.4).
    pub fn route_set<'c>(&self, case: &'c Case) -> Option<RouteSet<'c>> {
        let requests = requests(case);
        let beginnings = requests.iter().filter(|at| {
            let request = case.leg.transaction(**at);
            request.method == Method::Invite && request.request_to_tag.is_none()
        });
        let forming = beginnings
            .flat_map(|at| case.responses(*at))
            .filter(|(record, status)| {
                let tag = case.leg.record(*record).to_tag;
                !status.is_failure() && case.leg.same_tag(tag, self.to_tag)
            })
            .min_by_key(|(record, status)| (!status.is_success(), *record));
        let (formed_by, _) = forming?;
        let mut hops: Vec<&[u8]> = case.leg.notes(formed_by, NoteKind::RecordRoute).collect();
        hops.reverse();
        Some(RouteSet { formed_by, hops })
    }
}
