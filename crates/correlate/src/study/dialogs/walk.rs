//! A leg from its first message to its last: which message begins or ends which usage.

use siptriage_sip::{Method, StatusCode};

use super::effect::{self, Effect};
use super::known::{Known, Place};
use super::settled::{settle, unsubscribed};
use super::{Case, Dialog, EndedBy, EventName, Origin, Usage, UsageKind};
use crate::leg::NoteKind;
use crate::record::{RecordIdx, Repeat, Role, TransactionIdx};
use crate::text::TextId;
use crate::transaction::Transaction;

/// Requests for subscriptions that are pending in one leg: more than any honest one has.
const ASKED: usize = 64;

/// The dialogs of a leg in the order in which they were first seen.
pub(super) fn dialogs(case: &Case) -> Vec<Dialog<'_>> {
    let mut walk = Walk {
        case,
        known: Known::new(&case.leg),
        asked: Vec::new(),
    };
    for (at, record) in (0..).map(RecordIdx).zip(&case.leg.records) {
        if record.repeat != Repeat::First {
            continue;
        }
        match record.role {
            Role::Request => walk.request(at, record.transaction),
            Role::Response(status) => walk.response(at, record.transaction, status),
            Role::Ack => {}
        }
    }
    let mut known = walk.known;
    settle(case, &mut known);
    known.dialogs
}

/// A request that asks for a subscription.
struct Asked<'c> {
    at: TransactionIdx,
    event: EventName<'c>,
    origin: Origin,
}

struct Walk<'c> {
    case: &'c Case,
    known: Known<'c>,
    /// Requests for subscriptions that were not refused; a SUBSCRIBE that forks begins several.
    asked: Vec<Asked<'c>>,
}

impl<'c> Walk<'c> {
    fn request(&mut self, record: RecordIdx, at: TransactionIdx) {
        let request = *self.case.leg.transaction(at);
        let is_inside = !request.request_to_tag.is_none();
        match request.method {
            Method::Invite | Method::Update | Method::Info | Method::Prack | Method::Bye
                if is_inside =>
            {
                let place = self.known.session(request.from_tag, request.request_to_tag);
                self.known.belong(place, at);
                if request.method == Method::Bye {
                    self.known.end(place, record, EndedBy::Bye);
                }
            }
            Method::Subscribe => {
                let event = self.event(record);
                match self
                    .known
                    .subscription(request.from_tag, request.request_to_tag, event)
                {
                    Some(place) if is_inside && self.goes_on(place, &request) => {
                        self.known.belong(Some(place), at);
                    }
                    _ => self.ask(at, event, Origin::Subscribe),
                }
            }
            Method::Refer => self.ask(at, EventName::refer(), Origin::Refer(request.cseq)),
            Method::Notify => self.notify(record, at, &request),
            Method::Invite
            | Method::Update
            | Method::Info
            | Method::Prack
            | Method::Bye
            | Method::Ack
            | Method::Cancel
            | Method::Register
            | Method::Options
            | Method::Message
            | Method::Publish
            | Method::Extension => {}
        }
    }

    fn notify(&mut self, record: RecordIdx, at: TransactionIdx, notify: &Transaction) {
        let event = self.event(record);
        let (subscriber, notifier) = (notify.request_to_tag, notify.from_tag);
        let known = self.reported(subscriber, notifier, event);
        let place = known.or_else(|| self.begin_notified(record, notify, event));
        self.known.belong(place, at);
        let state = self.case.leg.note(record, NoteKind::SubscriptionState);
        let Some(place) = place.filter(|_| state.is_some_and(is_terminated)) else {
            return;
        };
        let usage = &self.known.dialogs[place.0].usages[place.1];
        let by = if unsubscribed(self.case, usage).is_some() {
            EndedBy::Unsubscribe
        } else {
            EndedBy::Notify
        };
        self.known.end(Some(place), record, by);
    }

    fn response(&mut self, record: RecordIdx, at: TransactionIdx, status: StatusCode) {
        let request = *self.case.leg.transaction(at);
        let to_tag = self.case.leg.record(record).to_tag;
        if request.method == Method::Invite && request.request_to_tag.is_none() {
            return self.answer(record, at, status);
        }
        if status.is_provisional() || request.final_response != Some(record) {
            return;
        }
        match request.method {
            Method::Subscribe if status.is_success() => self.grant(record, at, to_tag),
            Method::Refer if status.is_success() => {
                if self.begins_nothing(&request, record) {
                    self.asked.retain(|asked| asked.at != at);
                } else {
                    self.grant(record, at, to_tag);
                }
            }
            // A BYE is accepted by some who have no session left.
            Method::Invite | Method::Update | Method::Info if status.is_success() => {
                self.known.go_on(self.known.of_request(at), request.first);
            }
            _ if status.is_failure() => {
                self.asked.retain(|asked| asked.at != at);
                self.fail(record, at, &request, status);
            }
            _ => {}
        }
    }

    /// A response to an INVITE outside a dialog.
    fn answer(&mut self, record: RecordIdx, at: TransactionIdx, status: StatusCode) {
        let invite = *self.case.leg.transaction(at);
        let to_tag = self.case.leg.record(record).to_tag;
        if status.0 == 199 || status.is_failure() {
            return self.refuse(record, at, &invite, status);
        }
        if status.0 == 100 || to_tag.is_none() {
            return;
        }
        let place = self.known.session(invite.from_tag, to_tag);
        self.known.belong(place, at);
        let Some(usage) = self.known.usage(place) else {
            return;
        };
        usage.begun = usage.begun.or(Some(record));
        if let UsageKind::Invite { confirmed } = &mut usage.kind
            && status.is_success()
        {
            *confirmed = confirmed.or(Some(record));
        }
    }

    /// Ends early sessions: with 199 the one that it names, else all that the transaction showed.
    fn refuse(
        &mut self,
        record: RecordIdx,
        at: TransactionIdx,
        invite: &Transaction,
        status: StatusCode,
    ) {
        let to_tag = self.case.leg.record(record).to_tag;
        for number in 0..self.known.dialogs.len() {
            let dialog = &self.known.dialogs[number];
            if status.0 == 199 && !self.known.are(dialog, invite.from_tag, to_tag) {
                continue;
            }
            let is_early = |usage: &Usage<'_>| {
                let is_early = usage.kind == UsageKind::Invite { confirmed: None };
                is_early && usage.requests.binary_search(&at).is_ok()
            };
            let early = dialog.usages.iter().position(is_early);
            let place = early.map(|usage| (number, usage));
            self.known.end(place, record, EndedBy::Refusal(status));
        }
    }

    /// A 2xx to a request for a subscription, or for more of one.
    fn grant(&mut self, record: RecordIdx, at: TransactionIdx, to_tag: TextId) {
        let Some(asked) = self.asked.iter().find(|asked| asked.at == at) else {
            return;
        };
        let (event, origin) = (asked.event, asked.origin);
        let from_tag = self.case.leg.transaction(at).from_tag;
        // The NOTIFY can come first (RFC 6665 4.1.2.4).
        let known = match origin {
            Origin::Refer(_) => self
                .known
                .find(from_tag, to_tag, |usage| usage.is_of(origin)),
            Origin::Subscribe | Origin::Unseen => self
                .known
                .subscription(from_tag, to_tag, event)
                .filter(|place| self.goes_on(*place, self.case.leg.transaction(at))),
        };
        let place = known.or_else(|| self.begin(record, from_tag, to_tag, event, origin));
        self.known.belong(place, at);
    }

    /// A failed request inside a dialog, or a NOTIFY that nobody asked for. What a proxy was told and did
    /// not pass on is no failure.
    fn fail(
        &mut self,
        record: RecordIdx,
        at: TransactionIdx,
        request: &Transaction,
        status: StatusCode,
    ) {
        let mut others = self.case.leg.transactions.iter();
        let is_outside = request.request_to_tag.is_none() && request.method != Method::Notify;
        if is_outside || others.any(|upper| request.is_below(upper)) {
            return;
        }
        let by = EndedBy::Failure(status);
        match effect::of(request.method, status) {
            Effect::Transaction => {}
            Effect::Usage => {
                let place = self.known.of_request(at);
                self.known.end(place, record, by);
            }
            Effect::Dialog => {
                let dialog = self.known.dialog(request.from_tag, request.request_to_tag);
                let usages = dialog.map_or(0, |dialog| self.known.dialogs[dialog].usages.len());
                for usage in 0..usages {
                    self.known
                        .end(dialog.map(|dialog| (dialog, usage)), record, by);
                }
            }
        }
    }

    fn event(&self, record: RecordIdx) -> EventName<'c> {
        EventName::of(self.case.leg.note(record, NoteKind::Event))
    }

    fn ask(&mut self, at: TransactionIdx, event: EventName<'c>, origin: Origin) {
        if self.asked.len() < ASKED {
            self.asked.push(Asked { at, event, origin });
        }
    }

    /// Whether a REFER was accepted without a subscription (RFC 4488 4, RFC 7614 4).
    fn begins_nothing(&self, refer: &Transaction, answer: RecordIdx) -> bool {
        let leg = &self.case.leg;
        let said = leg.note(answer, NoteKind::ReferSub);
        said.is_some_and(|said| said.eq_ignore_ascii_case(b"false"))
            || leg.note(refer.first, NoteKind::ReferSub).is_some()
    }

    /// Whether a SUBSCRIBE belongs to a subscription: it is of its own requests, on another hop
    /// perhaps, or refreshes one that has not ended.
    fn goes_on(&self, (dialog, usage): Place, request: &Transaction) -> bool {
        let usage = &self.known.dialogs[dialog].usages[usage];
        let mut own = usage
            .requests
            .iter()
            .map(|at| self.case.leg.transaction(*at));
        usage.ended.is_none()
            || own.any(|own| own.method == request.method && own.cseq == request.cseq)
    }

    /// The subscription that a NOTIFY is about: the newest one that lasts, or the newest.
    fn reported(
        &self,
        subscriber: TextId,
        notifier: TextId,
        event: EventName<'c>,
    ) -> Option<Place> {
        if event.package != EventName::REFER {
            return self.known.subscription(subscriber, notifier, event);
        }
        let is_meant = |usage: &Usage<'_>| match &usage.kind {
            UsageKind::Subscription {
                event: own,
                origin: Origin::Refer(cseq),
                ..
            } => own.package == event.package && event.refer_cseq().is_none_or(|id| id == *cseq),
            UsageKind::Subscription { event: own, .. } => *own == event,
            UsageKind::Invite { .. } => false,
        };
        self.known
            .find(subscriber, notifier, |usage| {
                is_meant(usage) && usage.ended.is_none()
            })
            .or_else(|| self.known.find(subscriber, notifier, is_meant))
    }

    /// A NOTIFY of a subscription that was not known: the first sign that it was accepted, unless
    /// it is older than the capture.
    fn begin_notified(
        &mut self,
        record: RecordIdx,
        notify: &Transaction,
        event: EventName<'c>,
    ) -> Option<Place> {
        let (subscriber, notifier) = (notify.request_to_tag, notify.from_tag);
        let leg = &self.case.leg;
        let asked = self.asked.iter().rev().find(|asked| {
            let request = leg.transaction(asked.at);
            let is_meant = match asked.origin {
                Origin::Refer(cseq) => {
                    asked.event.package == event.package
                        && event.refer_cseq().is_none_or(|id| id == cseq)
                }
                Origin::Subscribe | Origin::Unseen => asked.event == event,
            };
            is_meant
                && leg.same_tag(request.from_tag, subscriber)
                && (request.request_to_tag.is_none()
                    || leg.same_tag(request.request_to_tag, notifier))
        });
        match asked.map(|asked| (asked.at, asked.event, asked.origin)) {
            Some((at, event, origin)) => {
                let place = self.begin(record, subscriber, notifier, event, origin);
                self.known.belong(place, at);
                place
            }
            None => {
                let place = self.begin(record, subscriber, notifier, event, Origin::Unseen);
                self.known.usage(place)?.begun = None;
                place
            }
        }
    }

    fn begin(
        &mut self,
        record: RecordIdx,
        subscriber: TextId,
        notifier: TextId,
        event: EventName<'c>,
        origin: Origin,
    ) -> Option<Place> {
        let kind = UsageKind::Subscription {
            event,
            subscriber,
            origin,
        };
        let begun = match (origin, self.known.dialog(subscriber, notifier)) {
            // A SUBSCRIBE inside a dialog that nothing else uses refreshes what is older.
            (Origin::Subscribe, None) if self.is_refresh(record) => None,
            _ => Some(record),
        };
        self.known.add(subscriber, notifier, kind, begun)
    }

    /// Whether a message belongs to a SUBSCRIBE that was sent inside a dialog.
    fn is_refresh(&self, record: RecordIdx) -> bool {
        let leg = &self.case.leg;
        let request = leg.transaction(leg.record(record).transaction);
        request.method == Method::Subscribe && !request.request_to_tag.is_none()
    }
}

impl Usage<'_> {
    /// Whether the request that asked for it is that one.
    fn is_of(&self, wanted: Origin) -> bool {
        matches!(self.kind, UsageKind::Subscription { origin, .. } if origin == wanted)
    }
}

/// Whether a Subscription-State says that the subscription is over (RFC 6665 4.1.3).
fn is_terminated(state: &[u8]) -> bool {
    let word = state.split(|byte| *byte == b';').next();
    word.is_some_and(|word| word.trim_ascii().eq_ignore_ascii_case(b"terminated"))
}
