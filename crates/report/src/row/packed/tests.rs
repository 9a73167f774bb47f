//! That a packed row is the row that was packed.

use std::net::Ipv4Addr;

use siptriage_capture::{Endpoint, Time};
use siptriage_correlate::{Certainty, EndedBy, FrameRef, Side, TimerState};
use siptriage_sip::StatusCode;

use super::*;
use crate::{AttemptRow, CauseRow, LegRow, TimerRow, TransferRow, UsageRow, WireText, WireUri};

fn row() -> CallRow<'static> {
    CallRow {
        number: 70_000,
        outcome: Outcome::Answered,
        status: Some(StatusCode(200)),
        reason: Some(WireText(b"OK")),
        certainty: Certainty::Inferred,
        start: Time(1_767_225_600_020_000_000),
        from: WireUri(b"sip:alice@example.com"),
        to: WireUri(b"sip:bob@example.com"),
        src: Endpoint::new(Ipv4Addr::new(192, 0, 2, 1).into(), 5060),
        dst: Endpoint::new("2001:db8::1".parse().unwrap(), 65535),
        setup: Some(5_980_000_000),
        ring: None,
        post_dial_delay: Some(-3),
        talk: Some(30_000_000_000),
        ended_by: Some(Side::Callee),
        ended_reason: Some(WireText(b"Q.850;cause=16")),
        attempts: 2,
        superseded: vec![],
        retransmissions: 0,
        frames: [(0, 1_000_000), (0, 1_000_070), (2, 1), (2, 9)]
            .map(|(file, number)| FrameRef::new(file, number))
            .to_vec(),
        legs: vec![
            LegRow {
                call_id: WireText(b"4f1e-77a0-11aa@192.0.2.1"),
                link: None,
            },
            LegRow {
                call_id: WireText(b"\xff"),
                link: Some(LinkReason::Replaces),
            },
        ],
        session_timer: None,
        transfers: vec![],
        caused_by: None,
        clock_error: Some(3_000_000),
        usages: vec![],
    }
}

/// Packs a row and reads it again.
#[track_caller]
fn assert_survives(row: &CallRow<'_>) {
    let mut calls = PackedCalls::default();
    calls.push(row);
    assert_eq!(calls.iter().next().as_ref(), Some(row));
}

#[test]
fn superseded_attempts_survive() {
    let one = CallRow {
        superseded: vec![
            AttemptRow {
                frame: FrameRef::new(0, 1_000_000),
                dst: Endpoint::new(Ipv4Addr::new(192, 0, 2, 9).into(), 5060),
                status: Some(StatusCode(407)),
            },
            AttemptRow {
                frame: FrameRef::new(2, 1),
                dst: Endpoint::new("2001:db8::9".parse().unwrap(), 5060),
                status: None,
            },
        ],
        ..row()
    };
    assert_survives(&one);
}

#[test]
fn transfers_survive() {
    for result in RESULTS {
        for reason in LINKS {
            let cause = Some(CauseRow {
                call: 70_001,
                reason,
            });
            let transfer = TransferRow {
                frame: FrameRef::new(2, 1_000_000),
                by: Side::Callee,
                target: WireUri(b"sip:carol@example.com"),
                result,
                status: Some(StatusCode(486)),
                caused: cause,
            };
            let one = CallRow {
                transfers: vec![transfer; 2],
                caused_by: cause,
                ..row()
            };
            assert_survives(&one);
        }
    }
}

#[test]
fn usages_survive() {
    let status = StatusCode(481);
    for by in [
        EndedBy::Bye,
        EndedBy::Refusal(status),
        EndedBy::OtherAnswer,
        EndedBy::Failure(status),
        EndedBy::Silence,
        EndedBy::Notify,
        EndedBy::Unsubscribe,
    ] {
        let usage = UsageRow {
            event: Some(WireText(b"refer")),
            begun: Some(FrameRef::new(1, 7)),
            ended: Some((FrameRef::new(2, 1_000_000), by)),
        };
        let lasting = UsageRow {
            event: None,
            begun: None,
            ended: None,
        };
        let one = CallRow {
            usages: vec![usage, lasting],
            ..row()
        };
        assert_survives(&one);
    }
}

#[test]
fn a_packed_row_is_the_same_row() {
    assert_survives(&row());
    let bare = CallRow {
        status: None,
        reason: None,
        ended_by: None,
        ended_reason: None,
        frames: vec![],
        ..row()
    };
    assert_survives(&bare);
}

#[test]
fn a_session_timer_survives() {
    for state in [TimerState::Fresh, TimerState::Lapsed] {
        let session_timer = Some(TimerRow {
            interval: 1800,
            refresher: Side::Callee,
            refreshes: 3,
            state,
        });
        let one = CallRow {
            session_timer,
            ..row()
        };
        assert_survives(&one);
    }
}

#[test]
fn every_word_survives() {
    for certainty in [Certainty::Certain, Certainty::Inferred, Certainty::Unknown] {
        for side in [Side::Caller, Side::Callee] {
            let one = CallRow {
                certainty,
                ended_by: Some(side),
                ..row()
            };
            assert_survives(&one);
        }
    }
    for link in LINKS.map(Some) {
        let legs = vec![LegRow {
            call_id: WireText(b"x"),
            link,
        }];
        let one = CallRow { legs, ..row() };
        assert_survives(&one);
    }
    for start in [Time(i64::MIN), Time(-1), Time(0), Time(i64::MAX)] {
        let one = CallRow { start, ..row() };
        assert_survives(&one);
    }
}

#[test]
fn a_packed_row_is_small() {
    let mut calls = PackedCalls::default();
    calls.push(&row());
    let bytes = size_of::<Place>() + calls.blocks[0].len();
    assert!(bytes < 192, "{bytes}");
}

#[test]
fn rows_come_in_the_order_of_their_numbers() {
    let call_id = [b'x'; USUAL_ROW];
    let numbered = |number| CallRow {
        number,
        reason: Some(WireText(&call_id[..number as usize % call_id.len()])),
        ..row()
    };
    let mut calls = PackedCalls::default();
    for number in (1..=1_000).rev() {
        calls.push(&numbered(number));
    }
    assert!(calls.blocks.len() > 2);
    assert_eq!((calls.len(), calls.is_empty()), (1_000, false));
    calls.sort();
    for (number, read) in (1..).zip(calls.iter()) {
        assert_eq!(read, numbered(number));
    }
    let numbers = calls.range(10..12).map(|row| row.number);
    assert_eq!(numbers.collect::<Vec<u32>>(), [11, 12]);
    assert_eq!(calls.range(999..1_001).count(), 0);
}
