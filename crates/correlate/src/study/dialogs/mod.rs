//! The dialogs of a leg and what uses each: a session, subscriptions (RFC 5057).

mod effect;
mod event;
mod known;
mod settled;
mod walk;

use siptriage_sip::{Method, StatusCode};

use super::Case;
use crate::record::{RecordIdx, TransactionIdx};
use crate::text::TextId;

pub use event::EventName;

/// A pair of tags under one Call-ID, and what uses it (RFC 3261 12, RFC 5057 2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialog<'c> {
    /// Tag of the side whose request began it, or was the first one seen in it.
    pub from_tag: TextId,
    /// Tag of the other side.
    pub to_tag: TextId,
    /// Its usages in the order in which they were first seen; never empty.
    pub usages: Vec<Usage<'c>>,
}

/// One use of a dialog: it begins and ends without regard to the others (RFC 5057 4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage<'c> {
    /// What it is.
    pub kind: UsageKind<'c>,
    /// The message by which it began; none where that was before the capture, or past it.
    pub begun: Option<RecordIdx>,
    /// How it ended; none while it lasts, as far as the capture shows.
    pub ended: Option<UsageEnd>,
    /// The requests that belong to it, on every hop, in the order of their first messages.
    pub requests: Vec<TransactionIdx>,
}

/// What uses a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UsageKind<'c> {
    /// A session, early or confirmed.
    Invite {
        /// The 2xx that confirmed it; none while it is early.
        confirmed: Option<RecordIdx>,
    },
    /// A subscription.
    Subscription {
        /// What it is about.
        event: EventName<'c>,
        /// Tag of the side that is notified.
        subscriber: TextId,
        /// What asked for it.
        origin: Origin,
    },
}

/// What asked for a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A SUBSCRIBE.
    Subscribe,
    /// A REFER, by the number of its CSeq (RFC 3515 2.4.4, 2.4.6).
    Refer(u32),
    /// Something that was not captured.
    Unseen,
}

/// The end of a usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageEnd {
    /// The message that ended it, or that nobody answered.
    pub record: RecordIdx,
    /// In what way.
    pub by: EndedBy,
}

/// What ended a usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedBy {
    /// A BYE, which ends nothing but the session (RFC 5057 4.2).
    Bye,
    /// The final response to the INVITE while the dialog was early, or a 199 (RFC 3261 12.3,
    /// RFC 6228).
    Refusal(StatusCode),
    /// Another dialog of the same INVITE was confirmed, this one was not within 64*T1
    /// (RFC 3261 13.2.2.4).
    OtherAnswer,
    /// A response to a request inside, by what RFC 5057 5.1 makes of it.
    Failure(StatusCode),
    /// Nobody answered a request inside for 64*T1 (RFC 5057 5.2).
    Silence,
    /// A NOTIFY whose Subscription-State is terminated (RFC 6665 4.1.3).
    Notify,
    /// A SUBSCRIBE with Expires 0: the subscriber wanted no more (RFC 6665 4.1.2.3).
    Unsubscribe,
}

impl EndedBy {
    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            EndedBy::Bye => "bye",
            EndedBy::Refusal(_) => "refused",
            EndedBy::OtherAnswer => "other-answer",
            EndedBy::Failure(_) => "failure",
            EndedBy::Silence => "silence",
            EndedBy::Notify => "notify",
            EndedBy::Unsubscribe => "unsubscribe",
        }
    }

    /// The status that ended it, if a response did.
    pub fn status(self) -> Option<StatusCode> {
        match self {
            EndedBy::Refusal(status) | EndedBy::Failure(status) => Some(status),
            EndedBy::Bye
            | EndedBy::OtherAnswer
            | EndedBy::Silence
            | EndedBy::Notify
            | EndedBy::Unsubscribe => None,
        }
    }
}

impl Usage<'_> {
    /// Whether it is the session of the dialog.
    pub fn is_invite(&self) -> bool {
        matches!(self.kind, UsageKind::Invite { .. })
    }
}

impl<'c> Dialog<'c> {
    /// The session that uses it.
    pub fn invite(&self) -> Option<&Usage<'c>> {
        self.usages.iter().find(|usage| usage.is_invite())
    }

    /// The message that ended the last usage, and with it the dialog (RFC 5057 4.2).
    pub fn ended(&self) -> Option<RecordIdx> {
        let ends = self.usages.iter().map(|usage| Some(usage.ended?.record));
        ends.collect::<Option<Vec<RecordIdx>>>()?.into_iter().max()
    }
}

/// The dialogs of a leg in the order in which they were first seen.
pub(super) fn dialogs(case: &Case) -> Vec<Dialog<'_>> {
    walk::dialogs(case)
}

/// Whether anything but a session that a BYE ends can be found in the dialogs of a leg: whether
/// looking at them is worth its while.
pub(super) fn are_shared(case: &Case) -> bool {
    let mut requests = case.leg.transactions.iter();
    requests.any(|request| match request.method {
        Method::Subscribe | Method::Notify | Method::Refer => true,
        Method::Ack | Method::Bye | Method::Cancel | Method::Register | Method::Publish => false,
        Method::Invite
        | Method::Prack
        | Method::Info
        | Method::Update
        | Method::Options
        | Method::Message
        | Method::Extension => {
            let last = request.final_response.or(request.first_provisional);
            let status = last.and_then(|last| case.leg.record(last).role.status());
            !request.request_to_tag.is_none() && status.is_none_or(StatusCode::is_failure)
        }
    })
}
