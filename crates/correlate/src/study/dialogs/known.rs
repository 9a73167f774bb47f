//! The dialogs of a leg that are known so far.

use super::{Dialog, EndedBy, EventName, Usage, UsageEnd, UsageKind};
use crate::leg::Leg;
use crate::record::{RecordIdx, TransactionIdx};
use crate::text::TextId;

/// Dialogs of one leg that are told apart, and usages of one dialog: more than any honest one has.
const DIALOGS: usize = 64;
const USAGES: usize = 32;

/// Where a usage is: the dialog, and the usage of it.
pub(super) type Place = (usize, usize);

/// The dialogs of a leg in the order in which they were first seen.
pub(super) struct Known<'c> {
    leg: &'c Leg,
    pub(super) dialogs: Vec<Dialog<'c>>,
}

impl<'c> Known<'c> {
    pub(super) fn new(leg: &'c Leg) -> Known<'c> {
        Known {
            leg,
            dialogs: Vec::new(),
        }
    }

    /// The session of a dialog, which is made known where it was not.
    pub(super) fn session(&mut self, from_tag: TextId, to_tag: TextId) -> Option<Place> {
        self.find(from_tag, to_tag, |usage| usage.is_invite())
            .or_else(|| {
                let kind = UsageKind::Invite { confirmed: None };
                self.add(from_tag, to_tag, kind, None)
            })
    }

    /// The newest subscription of a dialog to an event.
    pub(super) fn subscription(
        &self,
        subscriber: TextId,
        notifier: TextId,
        wanted: EventName<'c>,
    ) -> Option<Place> {
        self.find(subscriber, notifier, |usage| match &usage.kind {
            UsageKind::Subscription { event, .. } => *event == wanted,
            UsageKind::Invite { .. } => false,
        })
    }

    /// The newest usage of a dialog that is meant.
    pub(super) fn find(
        &self,
        one: TextId,
        other: TextId,
        is_it: impl Fn(&Usage<'_>) -> bool,
    ) -> Option<Place> {
        let dialog = self.dialog(one, other)?;
        let usage = self.dialogs[dialog].usages.iter().rposition(is_it)?;
        Some((dialog, usage))
    }

    /// The usage that a request belongs to.
    pub(super) fn of_request(&self, at: TransactionIdx) -> Option<Place> {
        self.dialogs
            .iter()
            .enumerate()
            .find_map(|(number, dialog)| {
                let mut usages = dialog.usages.iter();
                let usage = usages.position(|usage| usage.requests.binary_search(&at).is_ok())?;
                Some((number, usage))
            })
    }

    /// The dialog of two tags, whichever of them is whose.
    pub(super) fn dialog(&self, one: TextId, other: TextId) -> Option<usize> {
        let mut dialogs = self.dialogs.iter();
        dialogs.position(|dialog| self.are(dialog, one, other) || self.are(dialog, other, one))
    }

    pub(super) fn are(&self, dialog: &Dialog<'_>, from_tag: TextId, to_tag: TextId) -> bool {
        self.leg.same_tag(dialog.from_tag, from_tag) && self.leg.same_tag(dialog.to_tag, to_tag)
    }

    pub(super) fn add(
        &mut self,
        from_tag: TextId,
        to_tag: TextId,
        kind: UsageKind<'c>,
        begun: Option<RecordIdx>,
    ) -> Option<Place> {
        let dialog = match self.dialog(from_tag, to_tag) {
            Some(dialog) => dialog,
            None if self.dialogs.len() >= DIALOGS => return None,
            None => {
                self.dialogs.push(Dialog {
                    from_tag,
                    to_tag,
                    usages: Vec::new(),
                });
                self.dialogs.len() - 1
            }
        };
        let usages = &mut self.dialogs[dialog].usages;
        if usages.len() >= USAGES {
            return None;
        }
        usages.push(Usage {
            kind,
            begun,
            ended: None,
            requests: Vec::new(),
        });
        Some((dialog, usages.len() - 1))
    }

    pub(super) fn usage(&mut self, place: Option<Place>) -> Option<&mut Usage<'c>> {
        let (dialog, usage) = place?;
        self.dialogs.get_mut(dialog)?.usages.get_mut(usage)
    }

    pub(super) fn belong(&mut self, place: Option<Place>, at: TransactionIdx) {
        if let Some(usage) = self.usage(place)
            && let Err(place) = usage.requests.binary_search(&at)
        {
            usage.requests.insert(place, at);
        }
    }

    /// Takes the end by a failed request back: a request that was sent after it was accepted.
    pub(super) fn go_on(&mut self, place: Option<Place>, accepted: RecordIdx) {
        if let Some(usage) = self.usage(place)
            && let Some(end) = usage.ended
            && matches!(end.by, EndedBy::Failure(_))
            && end.record < accepted
        {
            usage.ended = None;
        }
    }

    /// The first end is the end.
    pub(super) fn end(&mut self, place: Option<Place>, record: RecordIdx, by: EndedBy) {
        if let Some(usage) = self.usage(place) {
            usage.ended = usage.ended.or(Some(UsageEnd { record, by }));
        }
    }
}
