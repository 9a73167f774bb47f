//! One call as the documents show it.

use std::io;

use serde::{Serialize, Serializer};
use siptriage_capture::{Endpoint, Flow, Time};
use siptriage_correlate::{
    Call, Case, Certainty, FrameRef, Judgement, LinkReason, NoteKind, Outcome, RecordIdx, Role,
    Side,
};
use siptriage_sip::{StatusCode, codes};

use super::attempt::{self, AttemptRow};
use super::timer::{self, TimerRow};
use super::transfer::{self, CauseRow, TransferRow};
use super::usage::{self, UsageRow};
use crate::line::{Line, Object, Row, name};
use crate::wire_text::{WireText, WireUri};

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
    pub from: WireUri<'a>,
    /// Address of the To header.
    pub to: WireUri<'a>,
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
    /// Those of them that did not decide how it ended, in order of their first frames.
    pub superseded: Vec<AttemptRow>,
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
        let flow = request_flow(case, case.leg.transaction(judgement.opening).first);
        let is_timed = case.is_timed();
        let known = |span: Option<i64>| span.filter(|_| is_timed);
        CallRow {
            number: call.number,
            outcome: judgement.outcome,
            status: judgement.status,
            reason: reason(case, judgement),
            certainty: judgement.certainty,
            start: judgement.start,
            from: WireUri(case.leg.text(opening.from_uri)),
            to: WireUri(case.leg.text(opening.to_uri)),
            src: flow.src,
            dst: flow.dst,
            setup: known(judgement.setup_time()),
            ring: known(judgement.ring_time()),
            post_dial_delay: known(judgement.post_dial_delay()),
            talk: known(judgement.talk_time()),
            ended_by: judgement.ended_by,
            ended_reason: case.end_reason().map(WireText),
            attempts: call.attempts() as u32,
            superseded: attempt::rows(call),
            retransmissions: call.legs().map(Case::retransmissions).sum(),
            frames: frames(call),
            legs: legs(call),
            session_timer: case.session_timer().map(TimerRow::of),
            transfers: transfer::rows(call),
            caused_by: call.cause().map(|cause| CauseRow {
                call: cause.call.number,
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

/// Addresses of the packet with the first message of a transaction, as the request had them.
pub(super) fn request_flow(case: &Case, first: RecordIdx) -> Flow {
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
    let records = || call.legs().map(|case| &case.leg.records);
    let mut frames = Vec::with_capacity(records().map(|records| records.len()).sum());
    for records in records() {
        frames.extend(records.iter().map(|record| record.frame));
    }
    // Those of one leg mostly are in order.
    if !frames.is_sorted_by(|one, next| one < next) {
        frames.sort_unstable();
        frames.dedup();
    }
    frames
}

fn legs(call: &Call) -> Vec<LegRow<'_>> {
    let legs = call.legs().zip(call.links());
    let rows = legs.map(|(case, link)| LegRow {
        call_id: WireText(case.leg.text(case.leg.call_id)),
        link,
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

    pub(super) fn numbers(&self) -> impl Iterator<Item = u64> {
        self.0.iter().map(|frame| frame.number())
    }
}

impl Serialize for Frames<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.numbers())
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
        let (first, last) = (frames.first(), frames.last());
        if first.map(|frame| frame.file()) == last.map(|frame| frame.file()) {
            return (Frames(frames), Vec::new());
        }
        let mut captures = Frames::by_capture(frames);
        let here = captures.next().unwrap_or(Frames(&[]));
        let elsewhere = captures.map(|frames| Elsewhere {
            capture: frames.0.first().map_or(0, |frame| frame.file()),
            frames,
        });
        (here, elsewhere.collect())
    }
}

impl Row for CallRow<'_> {
    fn append_to(&self, line: &mut Line) -> io::Result<()> {
        let (here, elsewhere) = Elsewhere::split(&self.frames);
        let mut row = Object::begin(line);
        row.number(name!("call"), Some(self.number));
        row.word(name!("outcome"), Some(self.outcome.name()));
        row.number(name!("status"), self.status.map(|status| status.0));
        row.text(name!("reason"), self.reason)?;
        row.word(name!("certainty"), Some(self.certainty.name()));
        row.time(name!("start"), self.start);
        row.uri(name!("from"), self.from)?;
        row.uri(name!("to"), self.to)?;
        row.endpoint(name!("src"), self.src);
        row.endpoint(name!("dst"), self.dst);
        row.milliseconds(name!("setup_ms"), self.setup)?;
        row.milliseconds(name!("ring_ms"), self.ring)?;
        row.milliseconds(name!("pdd_ms"), self.post_dial_delay)?;
        row.milliseconds(name!("talk_ms"), self.talk)?;
        row.word(name!("ended_by"), self.ended_by.map(Side::name));
        row.number(name!("attempts"), Some(self.attempts));
        if !self.superseded.is_empty() {
            row.list(name!("superseded"), &self.superseded, attempt::push)?;
        }
        row.number(name!("retransmissions"), Some(self.retransmissions));
        row.numbers(name!("frames"), here.numbers());
        row.list(name!("legs"), &self.legs, push_leg)?;
        row.number(name!("capture"), Some(self.capture()));
        if !elsewhere.is_empty() {
            row.value(name!("frames_elsewhere"), &elsewhere)?;
        }
        if let Some(timer) = &self.session_timer {
            row.object(name!("session_timer"), |row| timer::fill(row, timer));
        }
        if !self.transfers.is_empty() {
            row.value(name!("transfers"), &self.transfers)?;
        }
        if self.ended_reason.is_some() {
            row.text(name!("ended_reason"), self.ended_reason)?;
        }
        if let Some(cause) = &self.caused_by {
            row.value(name!("caused_by"), cause)?;
        }
        if self.clock_error.is_some() {
            row.milliseconds(name!("clock_error_ms"), self.clock_error)?;
        }
        if !self.usages.is_empty() {
            row.value(name!("usages"), &self.usages)?;
        }
        row.end();
        Ok(())
    }
}

fn push_leg(line: &mut Line, leg: &LegRow<'_>) -> io::Result<()> {
    let mut row = Object::begin(line);
    row.text(name!("call_id"), Some(leg.call_id))?;
    match leg.link {
        None => row.word(name!("link"), None),
        Some(link) => row.object(name!("link"), |row| {
            row.word(name!("reason"), Some(link.name()));
            row.word(name!("certainty"), Some(link.certainty().name()));
        }),
    }
    row.end();
    Ok(())
}
