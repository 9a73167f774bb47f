//! Offers and their answers (RFC 3264 4, RFC 6337 2).

use siptriage_sip::{Method, StatusCode};

use super::{Exchange, ExchangeResult, Negotiation, sent};
use crate::leg::NoteKind;
use crate::record::{Facts, RecordIdx, TransactionIdx};
use crate::study::Case;

/// The exchanges of a dialog in the order of their offers.
pub(super) fn exchanges(
    case: &Case,
    dialog: &Negotiation,
    requests: &[TransactionIdx],
) -> Vec<Exchange> {
    let mut exchanges: Vec<Exchange> = Vec::new();
    let mut answering: Vec<TransactionIdx> = Vec::new();
    for at in requests {
        let request = case.leg.transaction(*at);
        let Some(record) = sent(case, *at).filter(|_| !answering.contains(at)) else {
            continue;
        };
        let by = dialog.side(case, request.from_tag);
        let responses = Responses::of(case, dialog, *at);
        if is_described(case, record) {
            let result = match request.method {
                Method::Invite => responses.to_offer(case),
                _ => responses.to_plain_offer(case),
            };
            exchanges.push(Exchange {
                offer: record,
                by,
                result,
            });
        } else if let Some((offer, status)) = responses.offer(case)
            && request.method == Method::Invite
        {
            let result = if status.is_success() {
                acknowledged(case, dialog, *at)
            } else {
                let prack = prack(case, offer, request.cseq, requests);
                answering.extend(prack);
                carried_by(case, prack.and_then(|prack| sent(case, prack)))
            };
            exchanges.push(Exchange {
                offer,
                by: by.other(),
                result,
            });
        }
    }
    exchanges.sort_by_key(|exchange| exchange.offer);
    exchanges
}

/// The responses of a request that concern one dialog.
struct Responses(Vec<(RecordIdx, StatusCode)>);

impl Responses {
    fn of(case: &Case, dialog: &Negotiation, at: TransactionIdx) -> Responses {
        let is_initial = case.leg.transaction(at).request_to_tag.is_none();
        let concerns = |(record, status): &(RecordIdx, StatusCode)| {
            let tag = case.leg.record(*record).to_tag;
            !is_initial || status.is_failure() || case.leg.same_tag(dialog.to_tag, tag)
        };
        Responses(case.responses(at).filter(concerns).collect())
    }

    /// What becomes of the offer of an INVITE: the answer is in the first reliable response
    /// (RFC 3261 13.2.1).
    fn to_offer(&self, case: &Case) -> ExchangeResult {
        let answer = self.offer(case).map(|(record, _)| record);
        let success = self.final_response(StatusCode::is_success);
        let preview = || {
            let mut described = self.0.iter().map(|(record, _)| *record);
            described.find(|record| is_described(case, *record))
        };
        match (answer, success) {
            (Some(answer), _) => ExchangeResult::Answered(answer),
            (None, Some(success)) => preview().map_or(
                ExchangeResult::Unanswered(success),
                ExchangeResult::Answered,
            ),
            (None, None) => self.refused(),
        }
    }

    /// What becomes of the offer of another request: its 2xx has the answer (RFC 3311 5.1,
    /// RFC 3262 5).
    fn to_plain_offer(&self, case: &Case) -> ExchangeResult {
        match self.final_response(StatusCode::is_success) {
            Some(success) => carried_by(case, Some(success)),
            None => self.refused(),
        }
    }

    fn refused(&self) -> ExchangeResult {
        let refusal = self.final_response(StatusCode::is_failure);
        refusal.map_or(ExchangeResult::Open, ExchangeResult::Refused)
    }

    /// The first reliable response with a description.
    fn offer(&self, case: &Case) -> Option<(RecordIdx, StatusCode)> {
        let mut responses = self.0.iter().copied();
        responses.find(|(record, status)| {
            let is_reliable =
                status.is_success() || case.leg.record(*record).facts.has(Facts::RELIABLE);
            is_reliable && is_described(case, *record)
        })
    }

    fn final_response(&self, wanted: fn(StatusCode) -> bool) -> Option<RecordIdx> {
        let mut responses = self.0.iter();
        let found = responses.find(|(_, status)| wanted(*status));
        found.map(|(record, _)| *record)
    }
}

/// What becomes of the offer of a 2xx: the ACK has the answer (RFC 3261 13.2.2.4).
fn acknowledged(case: &Case, dialog: &Negotiation, at: TransactionIdx) -> ExchangeResult {
    let mut answers = case.answers.iter();
    let answer = answers.find(|answer| {
        let of_callee = case.leg.same_tag(answer.to_tag, dialog.to_tag);
        answer.hops.contains(&at)
            && (of_callee || case.leg.same_tag(answer.to_tag, dialog.from_tag))
    });
    let acks = answer.map_or(&[][..], |answer| &answer.acks);
    let described = acks.iter().find(|ack| is_described(case, **ack));
    carried_by(case, described.or(acks.first()).copied())
}

/// The PRACK that acknowledges a reliable provisional response (RFC 3262 7.2).
fn prack(
    case: &Case,
    response: RecordIdx,
    cseq: u32,
    requests: &[TransactionIdx],
) -> Option<TransactionIdx> {
    let rseq = case.leg.record(response).rseq;
    let acknowledges = |rack: &[u8]| {
        let words = std::str::from_utf8(rack).unwrap_or_default();
        let mut numbers = words.split_ascii_whitespace().map(str::parse::<u32>);
        numbers.next() == Some(Ok(rseq)) && numbers.next() == Some(Ok(cseq))
    };
    requests.iter().copied().find(|at| {
        let rack = sent(case, *at).and_then(|record| case.leg.note(record, NoteKind::RAck));
        case.leg.transaction(*at).method == Method::Prack && rack.is_some_and(acknowledges)
    })
}

/// The message that has to carry the answer, as soon as it was seen.
fn carried_by(case: &Case, record: Option<RecordIdx>) -> ExchangeResult {
    match record {
        None => ExchangeResult::Open,
        Some(record) if is_described(case, record) => ExchangeResult::Answered(record),
        Some(record) => ExchangeResult::Unanswered(record),
    }
}

fn is_described(case: &Case, record: RecordIdx) -> bool {
    case.leg.record(record).facts.has(Facts::SDP)
}
