//! Tests of the guards: each where it holds, where it does not, and between.

use siptriage_capture::time::SECOND;
use siptriage_capture::{Disturbance, DisturbanceKind};

use super::*;
use crate::stage::Play;

const ANSWERED: &str = "0.00 alice -> bob INVITE sdp\n0.80 bob -> alice 180\n\
                        5.00 bob -> alice 200 sdp\nend 15\n";

fn with<T>(trace: &str, test: impl FnOnce(&mut Play) -> T) -> T {
    test(&mut Play::of(trace))
}

fn context(play: &Play) -> Context<'_> {
    Context {
        case: &play.cases[0],
        call: None,
        scene: &play.scene,
    }
}

#[test]
fn a_window_reaches_to_the_end_of_the_capture() {
    with(ANSWERED, |play| {
        let from = context(play).time(context(play).case.answers[0].first);
        assert_eq!(window(&context(play), from, 10 * SECOND), Verdict::Holds);
        let after = Verdict::Unknown(Why::EndsAfter(10 * SECOND));
        assert_eq!(window(&context(play), from, 10 * SECOND + 1), after);
        play.scene.assume_complete = true;
        assert_eq!(window(&context(play), from, 500 * SECOND), Verdict::Holds);
    });
}

#[test]
fn a_silence_of_the_capture_opens_a_window() {
    with(ANSWERED, |play| {
        let from = context(play).time(context(play).case.answers[0].first);
        play.scene
            .silences
            .push((from.plus(2 * SECOND), from.plus(9 * SECOND)));
        let silent = Verdict::Unknown(Why::SilentAfter(2 * SECOND));
        assert_eq!(window(&context(play), from, 5 * SECOND), silent);
        assert_eq!(window(&context(play), from, SECOND), Verdict::Holds);
    });
}

#[test]
fn a_transaction_that_a_response_opened_began_unseen() {
    with("0 alice -> bob INVITE lost\n1 bob -> alice 180\n", |play| {
        let unseen = Verdict::Unknown(Why::BeginningUnseen);
        assert_eq!(start(&context(play), TransactionIdx(0)), unseen);
    });
    with(ANSWERED, |play| {
        assert_eq!(start(&context(play), TransactionIdx(0)), Verdict::Holds);
    });
}

#[test]
fn one_direction_alone_is_heard_from_one_side() {
    with("0 alice -> bob OPTIONS\n", |play| {
        let flow = context(play).flow(RecordIdx(0));
        assert_eq!(
            both_ways(&context(play), flow, Time::MIN),
            Verdict::Unknown(Why::OneDirection)
        );
    });
    with(ANSWERED, |play| {
        let flow = context(play).flow(RecordIdx(0));
        assert_eq!(both_ways(&context(play), flow, Time::MIN), Verdict::Holds);
    });
}

#[test]
fn what_was_heard_before_a_pause_proves_nothing_after_it() {
    // OPTIONS of another call go both ways at 0 s and 300 s, the call in question is at 150 s.
    let trace = "0 alice -> bob OPTIONS call=a\n0.1 bob -> alice 200 call=a\n\
                 150 alice -> bob OPTIONS\n\
                 300 alice -> bob OPTIONS call=b\n300.1 bob -> alice 200 call=b\nend 400\n";
    let one_way = Verdict::Unknown(Why::OneDirection);
    let cases: [(&[(i64, i64)], Verdict); 5] = [
        (&[], Verdict::Holds),
        (&[(20, 120)], Verdict::Holds),
        (&[(180, 280)], Verdict::Holds),
        (&[(20, 120), (180, 280)], one_way),
        // A pause that came after the leg had settled says nothing about it.
        (&[(20, 120), (180, 9_000)], Verdict::Holds),
    ];
    for (silences, expected) in cases {
        with(trace, |play| {
            let mut cases = play.cases.iter();
            let at = cases.position(|case| case.leg.records.len() == 1);
            play.cases.swap(0, at.unwrap());
            play.cases[0].leg.seen_until =
                Time(play.cases[0].leg.records[0].time.0).plus(200 * SECOND);
            let around = context(play).time(RecordIdx(0));
            let begin = around.plus(-150 * SECOND);
            let at = |second: i64| begin.plus(second * SECOND);
            let pauses = silences.iter().map(|(from, until)| (at(*from), at(*until)));
            play.scene.silences.extend(pauses);
            let flow = context(play).flow(RecordIdx(0));
            let heard = both_ways(&context(play), flow, around);
            assert_eq!(heard, expected, "{silences:?}");
        });
    }
}

#[test]
fn hosts_are_alive_when_both_are_heard_inside_the_window() {
    let pinged = "0 alice -> bob OPTIONS call=a\n0.1 bob -> alice 200 call=a\n\
                  50 alice -> bob OPTIONS call=b\n50.1 bob -> alice 200 call=b\nend 100\n";
    with(pinged, |play| {
        let flow = context(play).flow(RecordIdx(0));
        let from = context(play).time(RecordIdx(0));
        assert_eq!(
            alive(&context(play), flow, from, from.plus(90 * SECOND)),
            Verdict::Holds
        );
        let nobody = Verdict::Unknown(Why::NobodyElse);
        assert_eq!(
            alive(&context(play), flow, from, from.plus(40 * SECOND)),
            nobody
        );
    });
}

#[test]
fn the_ack_passes_next_to_its_sender() {
    with(ANSWERED, |play| {
        let answer = &context(play).case.answers[0];
        assert_eq!(path(&context(play), answer), Verdict::Holds);
    });
    let proxied = "0.00 alice -> proxy INVITE sdp\n0.01 proxy -> bob INVITE forward\n\
                   5.00 bob -> proxy 200 sdp\n5.01 proxy -> alice 200\nend 50\n";
    with(proxied, |play| {
        let answer = &context(play).case.answers[0];
        assert_eq!(
            path(&context(play), answer),
            Verdict::Unknown(Why::OtherPath)
        );
    });
}

/// G-LOSS from 10 s to 20 s after the first message.
fn loss(play: &Play) -> Verdict {
    let flow = context(play).flow(RecordIdx(0));
    let begin = context(play).time(RecordIdx(0));
    let (from, until) = (begin.plus(10 * SECOND), begin.plus(20 * SECOND));
    lossless(&context(play), flow, from, until)
}

#[test]
fn many_misses_are_a_loss_anywhere() {
    with(ANSWERED, |play| {
        assert_eq!(loss(play), Verdict::Holds);
        play.scene.misses.captured = 500;
        assert_eq!(loss(play), Verdict::Holds);
        play.scene.misses.missed = 1;
        assert_eq!(loss(play), Verdict::Unknown(Why::Loss));
    });
}

#[test]
fn packets_are_lost_where_the_message_would_have_been() {
    let lossy = Verdict::Unknown(Why::Loss);
    let dropped = DisturbanceKind::Dropped { packets: 1 };
    let hole = |src: u8, dst: u8| DisturbanceKind::Hole {
        src: [192, 0, 2, src].into(),
        dst: [192, 0, 2, dst].into(),
    };
    let set_back = DisturbanceKind::SetBack { by: 2 * SECOND };
    // From when to when in tenths of a second, and how long before the end it was known.
    let cases = [
        (dropped, None, (120, 130), 0, lossy),
        (dropped, None, (0, 400), 0, lossy),
        (dropped, None, (0, 95), 0, lossy),
        (dropped, None, (0, 94), 0, Verdict::Holds),
        (dropped, None, (205, 300), 0, lossy),
        (dropped, None, (206, 300), 0, Verdict::Holds),
        (dropped, Some(0), (120, 130), 0, lossy),
        (dropped, Some(1), (120, 130), 0, Verdict::Holds),
        (dropped, None, (120, 130), -1, Verdict::Holds),
        (hole(1, 2), None, (120, 130), 0, lossy),
        (hole(2, 1), None, (120, 130), 0, lossy),
        (hole(1, 3), None, (120, 130), 0, Verdict::Holds),
        (set_back, None, (120, 130), 0, Verdict::Holds),
    ];
    for (kind, interface, (from, until), early, expected) in cases {
        with(ANSWERED, |play| {
            let begin = context(play).time(RecordIdx(0));
            let at = |tenths: i64| begin.plus(tenths * SECOND / 10);
            play.cases[0].leg.seen_until = at(500);
            play.scene.disturbances.add(Disturbance {
                kind,
                interface,
                from: at(from),
                until: at(until),
                known: at(500).plus(-early),
            });
            let told = format!("{kind:?} {interface:?} {from} {until}");
            assert_eq!(loss(play), expected, "{told}");
        });
    }
}

#[test]
fn a_message_that_another_one_proves_was_missed_near_it() {
    let trace = |at: &str| {
        format!(
            "0 alice -> bob INVITE\n1 bob -> alice 200\n1.1 alice -> bob ACK\n\
             {at} alice -> bob INFO lost\n{at} bob -> alice 200 of INFO\nend 60\n"
        )
    };
    let acknowledged = |at: &str| {
        format!(
            "0 alice -> bob INVITE\n1 bob -> alice 180\n\
             {at} bob -> alice 486 lost\n{at} alice -> bob ACK\nend 60\n"
        )
    };
    for (at, is_lossy) in [
        ("9.4", false),
        ("9.5", true),
        ("20.5", true),
        ("20.6", false),
    ] {
        let expected = if is_lossy {
            Verdict::Unknown(Why::Loss)
        } else {
            Verdict::Holds
        };
        with(&trace(at), |play| assert_eq!(loss(play), expected, "{at}"));
        with(&acknowledged(at), |play| {
            assert_eq!(loss(play), expected, "{at}")
        });
    }
}

#[test]
fn a_message_cut_by_the_capture_is_not_whole() {
    with(
        "0 alice -> bob INVITE sdp truncate=400\n1 bob -> alice 180\n",
        |play| {
            assert_eq!(
                whole(&context(play), RecordIdx(0)),
                Verdict::Unknown(Why::Cut)
            );
            assert_eq!(whole(&context(play), RecordIdx(1)), Verdict::Holds);
        },
    );
}

#[test]
fn a_clock_that_steps_back_is_seen() {
    with(ANSWERED, |play| {
        assert_eq!(clock(&context(play), TransactionIdx(0)), Verdict::Holds);
        let sent = play.cases[0].leg.records[0].time;
        play.cases[0].leg.records[0].time = sent.plus(2 * SECOND);
        let stepped = Verdict::Unknown(Why::Clock);
        assert_eq!(clock(&context(play), TransactionIdx(0)), stepped);
    });
    for (interface, is_set) in [(None, true), (Some(0), true), (Some(1), false)] {
        with(ANSWERED, |play| {
            let sent = context(play).time(RecordIdx(0));
            play.scene.disturbances.add(Disturbance {
                kind: DisturbanceKind::SetBack { by: SECOND },
                interface,
                from: sent,
                until: sent,
                known: sent,
            });
            let holds = clock(&context(play), TransactionIdx(0)) == Verdict::Holds;
            assert_eq!(holds, !is_set, "{interface:?}");
        });
    }
}

#[test]
fn only_the_nearest_hop_is_a_root() {
    let proxied = "0.00 alice -> proxy INVITE sdp\n0.01 proxy -> bob INVITE forward\n\
                   5.00 bob -> proxy 200 sdp\n5.01 proxy -> alice 200\n";
    with(proxied, |play| {
        assert_eq!(root(&context(play), TransactionIdx(0)), Verdict::Holds);
        assert_eq!(root(&context(play), TransactionIdx(1)), Verdict::Fails);
    });
}

#[test]
fn a_population_has_a_least_size() {
    assert_eq!(population(49, 50), Verdict::Fails);
    assert_eq!(population(50, 50), Verdict::Holds);
}

#[test]
fn the_first_that_does_not_hold_counts() {
    let lossy = Verdict::Unknown(Why::Loss);
    assert_eq!(Verdict::Holds.and(|| lossy), lossy);
    assert_eq!(lossy.and(|| Verdict::Fails), lossy);
    assert_eq!(Verdict::Fails.and(|| Verdict::Holds), Verdict::Fails);
}

#[test]
fn reasons_are_sentences() {
    let told = Why::EndsAfter(5 * SECOND).sentence("the 200");
    assert_eq!(told, "capture ends 5.0 s after the 200");
}
