//! What a rule looks at: a leg, the call it belongs to, and what the capture can prove.

use std::borrow::Cow;

use siptriage_capture::{Flow, Time};
use siptriage_correlate::{Call, Case, RecordIdx, Scene, Transaction, TransactionIdx};

use crate::finding::Evidence;

/// The surroundings of a subject.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The leg.
    pub case: &'a Case,
    /// The call that the leg belongs to, if it is one.
    pub call: Option<&'a Call>,
    /// What the capture can prove.
    pub scene: &'a Scene,
}

impl<'a> Context<'a> {
    /// A transaction of the leg.
    pub fn transaction(&self, at: TransactionIdx) -> &'a Transaction {
        self.case.leg.transaction(at)
    }

    /// When a message was captured.
    pub fn time(&self, at: RecordIdx) -> Time {
        self.case.leg.record(at).time
    }

    /// The addresses of a message.
    pub fn flow(&self, at: RecordIdx) -> Flow {
        self.case.leg.flow(at)
    }

    /// Points to the frame of a message.
    pub fn evidence(&self, at: RecordIdx, note: impl Into<Cow<'static, str>>) -> Evidence {
        Evidence {
            frame: self.case.leg.record(at).frame,
            note: note.into(),
        }
    }
}
