//! One call as the documents show it.

use std::fmt::Display;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use siptriage_capture::{Endpoint, Flow, Time};
use siptriage_correlate::{
    Call, Case, Certainty, FrameRef, Judgement, LinkReason, NoteKind, Outcome, Role, Side,
};
use siptriage_sip::{StatusCode, codes};

use super::timer::TimerRow;
use super::transfer::{self, CauseRow, TransferRow};
use super::usage::{self, UsageRow};
use crate::moment;
use crate::wire_text::WireText;

/// One call. Every output is made from it, so all of them say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRow<'a> {
    /// Number in order of first frame, from 1.
    pub number: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// The final status that decided the outcome.
    pub status: Option<StatusCode>,
    /// The reason phrase that came with it.
    pub reason: Option<WireText<'a>>,
    /// How sure the outcome is.
    pub certainty: Certainty,
    /// When its INVITE was first seen, or whatever was seen first.
    pub start: Time,
    /// Address of the From header.
    pub from: WireText<'a>,
    /// Address of the To header.
    pub to: WireText<'a>,
    /// The caller's side of the packet that opened it.
    pub src: Endpoint,
    /// The other side of that packet.
    pub dst: Endpoint,
    /// First INVITE to the 2xx, in nanoseconds.
    pub setup: Option<i64>,
    /// First 18x to whatever ended the ringing, in nanoseconds.
    pub ring: Option<i64>,
    /// First INVITE to the first provisional response other than 100, in nanoseconds.
    pub post_dial_delay: Option<i64>,
    /// 2xx to BYE, in nanoseconds.
    pub talk: Option<i64>,
    /// Who ended it.
    pub ended_by: Option<Side>,
    /// The Reason header by which who ended it said why.
    pub ended_reason: Option<WireText<'a>>,
    /// INVITE attempts: challenges, redirections and failovers begin a new one.
    pub attempts: u32,
    /// Messages sent again, over all legs.
    pub retransmissions: u32,
    /// Every frame of every leg, ascending and without repetition; never empty.
    pub frames: Vec<FrameRef>,
    /// The legs in order of their first frames.
    pub legs: Vec<LegRow<'a>>,
    /// The session timer that both sides agreed on.
    pub session_timer: Option<TimerRow>,
    /// What the REFERs of the call asked for, in order of their first frames.
    pub transfers: Vec<TransferRow<'a>>,
    /// The call whose REFER asked for this one.
    pub caused_by: Option<CauseRow>,
    /// By how many nanoseconds times may be wrong, where clocks that are apart stamped the call and
    /// were brought together.
    pub clock_error: Option<i64>,
    /// What used its dialogs; empty where a session is all there was and a BYE ended it.
    pub usages: Vec<UsageRow<'a>>,
}

/// One leg of a call: what was seen with one Call-ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegRow<'a> {
    /// The Call-ID.
    pub call_id: WireText<'a>,
    /// What links it to the legs before it; `None` for the one that opened the call.
    pub link: Option<LinkReason>,
}

impl<'a> CallRow<'a> {
    /// The row of a call.
    pub fn of(call: &'a Call) -> CallRow<'a> {
        let case = call.main_leg();
        let judgement = call.judgement();
        let opening = case.leg.transaction(judgement.opening);
        let flow = opening_flow(case, judgement);
        CallRow {
            number: call.number,
            outcome: judgement.outcome,
            status: judgement.status,
            reason: reason(case, judgement),
            certainty: judgement.certainty,
            start: judgement.start,
            from: WireText(case.leg.text(opening.from_uri)),
            to: WireText(case.leg.text(opening.to_uri)),
            src: flow.src,
            dst: flow.dst,
            setup: judgement.setup_time(),
            ring: judgement.ring_time(),
            post_dial_delay: judgement.post_dial_delay(),
            talk: judgement.talk_time(),
            ended_by: judgement.ended_by,
            ended_reason: case.end_reason().map(WireText),
            attempts: call.attempts() as u32,
            retransmissions: call.legs().iter().map(Case::retransmissions).sum(),
            frames: frames(call),
            legs: legs(call),
            session_timer: case.session_timer().map(TimerRow::of),
            transfers: transfer::rows(call),
            caused_by: call.cause().map(|cause| CauseRow {
                call: cause.call.0,
                reason: cause.reason,
            }),
            clock_error: case.clocks.error,
            usages: usage::rows(call),
        }
    }

    /// The capture that its first frame is in, from 0.
    pub fn capture(&self) -> u16 {
        self.frames.first().map_or(0, |frame| frame.file())
    }
}

/// Addresses of the packet that opened the call, as the request had them.
fn opening_flow(case: &Case, judgement: &Judgement) -> Flow {
    let first = case.leg.transaction(judgement.opening).first;
    let flow = case.leg.flow(first);
    match case.leg.record(first).role {
        Role::Request | Role::Ack => flow,
        Role::Response(_) => flow.reversed(),
    }
}

/// The phrase on the wire, or the registered one where none was kept.
fn reason<'a>(case: &'a Case, judgement: &Judgement) -> Option<WireText<'a>> {
    let status = judgement.status?;
    let sent = judgement
        .deciding
        .and_then(|at| case.leg.note(at, NoteKind::Phrase));
    let registered = || codes::lookup(status).map(|code| code.phrase.as_bytes());
    sent.or_else(registered).map(WireText)
}

fn frames(call: &Call) -> Vec<FrameRef> {
    let records = call.legs().iter().flat_map(|case| &case.leg.records);
    let mut frames: Vec<FrameRef> = records.map(|record| record.frame).collect();
    frames.sort_unstable();
    frames.dedup();
    frames
}

fn legs(call: &Call) -> Vec<LegRow<'_>> {
    let legs = call.legs().iter().zip(call.links());
    let rows = legs.map(|(case, link)| LegRow {
        call_id: WireText(case.leg.text(case.leg.call_id)),
        link: *link,
    });
    rows.collect()
}

/// Frames of one capture, ascending.
pub(super) struct Frames<'a>(&'a [FrameRef]);

impl<'a> Frames<'a> {
    /// Frames in ascending order, by capture.
    fn by_capture(frames: &'a [FrameRef]) -> impl Iterator<Item = Frames<'a>> {
        frames
            .chunk_by(|one, next| one.file() == next.file())
            .map(Frames)
    }
}

impl Serialize for Frames<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|frame| frame.number()))
    }
}

/// Frames of a capture other than the one of the first frame.
#[derive(Serialize)]
pub(super) struct Elsewhere<'a> {
    capture: u16,
    frames: Frames<'a>,
}

impl<'a> Elsewhere<'a> {
    /// Frames in ascending order: those of the first one's capture, and the others.
    pub(super) fn split(frames: &'a [FrameRef]) -> (Frames<'a>, Vec<Elsewhere<'a>>) {
        let mut captures = Frames::by_capture(frames);
        let here = captures.next().unwrap_or(Frames(&[]));
        let elsewhere = captures.map(|frames| Elsewhere {
            capture: frames.0.first().map_or(0, |frame| frame.file()),
            frames,
        });
        (here, elsewhere.collect())
    }
}

/// A value in the words that it is printed with.
pub(super) struct Printed<T>(pub(super) T);

impl<T: Display> Serialize for Printed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl Serialize for CallRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (here, elsewhere) = Elsewhere::split(&self.frames);
        let milliseconds = |nanoseconds: Option<i64>| nanoseconds.map(moment::milliseconds);
        let mut row = serializer.serialize_struct("call", 27)?;
        row.serialize_field("call", &self.number)?;
        row.serialize_field("outcome", self.outcome.name())?;
        row.serialize_field("status", &self.status.map(|status| status.0))?;
        row.serialize_field("reason", &self.reason)?;
        row.serialize_field("certainty", self.certainty.name())?;
        row.serialize_field("start", &moment::rfc3339(self.start))?;
        row.serialize_field("from", &self.from)?;
        row.serialize_field("to", &self.to)?;
        row.serialize_field("src", &Printed(self.src))?;
        row.serialize_field("dst", &Printed(self.dst))?;
        row.serialize_field("setup_ms", &milliseconds(self.setup))?;
        row.serialize_field("ring_ms", &milliseconds(self.ring))?;
        row.serialize_field("pdd_ms", &milliseconds(self.post_dial_delay))?;
        row.serialize_field("talk_ms", &milliseconds(self.talk))?;
        row.serialize_field("ended_by", &self.ended_by.map(Side::name))?;
        row.serialize_field("attempts", &self.attempts)?;
        row.serialize_field("retransmissions", &self.retransmissions)?;
        row.serialize_field("frames", &here)?;
        row.serialize_field("legs", &self.legs)?;
        row.serialize_field("capture", &self.capture())?;
        if elsewhere.is_empty() {
            row.skip_field("frames_elsewhere")?;
        } else {
            row.serialize_field("frames_elsewhere", &elsewhere)?;
        }
        match self.session_timer {
            Some(timer) => row.serialize_field("session_timer", &timer)?,
            None => row.skip_field("session_timer")?,
        }
        if self.transfers.is_empty() {
            row.skip_field("transfers")?;
        } else {
            row.serialize_field("transfers", &self.transfers)?;
        }
        match self.ended_reason {
            Some(reason) => row.serialize_field("ended_reason", &reason)?,
            None => row.skip_field("ended_reason")?,
        }
        match self.caused_by {
            Some(cause) => row.serialize_field("caused_by", &cause)?,
            None => row.skip_field("caused_by")?,
        }
        match milliseconds(self.clock_error) {
            Some(error) => row.serialize_field("clock_error_ms", &error)?,
            None => row.skip_field("clock_error_ms")?,
        }
        if self.usages.is_empty() {
            row.skip_field("usages")?;
        } else {
            row.serialize_field("usages", &self.usages)?;
        }
        row.end()
    }
}

impl Serialize for LegRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("leg", 2)?;
        row.serialize_field("call_id", &self.call_id)?;
        row.serialize_field("link", &self.link.map(LinkRow))?;
        row.end()
    }
}

struct LinkRow(LinkReason);

impl Serialize for LinkRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("link", 2)?;
        row.serialize_field("reason", self.0.name())?;
        row.serialize_field("certainty", self.0.certainty().name())?;
        row.end()
    }
}
