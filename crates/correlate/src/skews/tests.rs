//! Tests of what messages seen on two interfaces tell of their clocks.

use siptriage_capture::time::SECOND;
use siptriage_capture::{Endpoint, Flow, Transport};
use siptriage_sip::{Method, StatusCode};
use smallvec::{SmallVec, smallvec};

use super::*;
use crate::leg::{Closed, Vantage};
use crate::record::{Facts, FrameRef, RecordIdx, Role, TransactionIdx, VantageIdx};
use crate::text::{TextId, Texts};
use crate::transaction::{Opened, Transaction};

/// A transaction at a second, of which interface 0 shows every message, and interface 1 again so
/// many milliseconds later: those of the request and its ACKs, those of the responses.
fn leg(second: i64, requests: &[i64], responses: &[i64]) -> Leg {
    let host = |last| Endpoint::new([192, 0, 2, last].into(), 5060);
    let vantage = |src, dst, interface| Vantage {
        flow: Flow {
            src: host(src),
            dst: host(dst),
            transport: Transport::Udp,
        },
        interface,
        tunnel: 0,
    };
    let requests = requests.iter().map(|later| (Role::Request, 0, *later));
    let responses = responses
        .iter()
        .map(|later| (Role::Response(StatusCode(180)), 2, *later));
    let mut records = SmallVec::new();
    for (number, (role, flow, later)) in (0..).zip(requests.chain(responses)) {
        for (interface, repeat, delay) in [(0, Repeat::First, 0), (1, Repeat::Duplicate, later)] {
            let previous = records.len().checked_sub(1);
            records.push(Record {
                time: Time(second * SECOND + (i64::from(number) * 10 + delay) * MILLISECOND),
                frame: FrameRef::default(),
                transaction: TransactionIdx(0),
                previous: previous.map(|at| RecordIdx(at as u16)),
                vantage: VantageIdx(flow + interface),
                role,
                repeat,
                facts: Facts::default(),
                to_tag: TextId::NONE,
                rseq: 0,
                fingerprint: number,
                link: 0,
                ip_id: 0,
                contact: 0,
                ttl: 64,
            });
        }
    }
    let transaction = Transaction {
        method: Method::Invite,
        cseq: 1,
        opened: Opened::Request,
        request_uri: TextId::NONE,
        from_uri: TextId::NONE,
        to_uri: TextId::NONE,
        from_tag: TextId::NONE,
        request_to_tag: TextId::NONE,
        via_count: 1,
        rfc2543: false,
        cancels: None,
        cancelled_by: None,
        final_response: None,
        first_provisional: None,
        first: RecordIdx(0),
        last: RecordIdx(records.len() as u16 - 1),
        retransmissions: 0,
        branch: 1,
        parent_branch: 0,
        key: 1,
        last_clock: Time(0),
    };
    Leg {
        call_id: TextId::NONE,
        records,
        transactions: smallvec![transaction],
        vantages: smallvec![
            vantage(1, 2, 0),
            vantage(1, 2, 1),
            vantage(2, 1, 0),
            vantage(2, 1, 1),
        ],
        notes: smallvec![],
        texts: Texts::default(),
        overflow: 0,
        opening: None,
        call_id_hash: 0,
        closed: Closed::Settled,
        seen_until: Time(0),
    }
}

fn apart(offset: i64, error: i64) -> Relation {
    Relation::Apart(Skew {
        offset: offset * MILLISECOND,
        error: error * MILLISECOND,
    })
}

/// What is known around a second, after these transactions.
fn around(second: i64, legs: &[(i64, &[i64], &[i64])]) -> Relation {
    let mut skews = Skews::default();
    for (at, requests, responses) in legs {
        skews.add(&leg(*at, requests, responses));
    }
    skews.relation(0, 1, Time(second * SECOND))
}

#[test]
fn messages_seen_on_both_tell_the_difference() {
    let cases: [(&[i64], &[i64], Relation); 10] = [
        // The way between the points cancels out, and is the error.
        (&[350, 350], &[350], apart(350, 0)),
        (&[353, 354], &[347], apart(350, 3)),
        (&[-350, -353], &[-352], apart(-352, 0)),
        // Clocks that agree are left alone.
        (&[5, 5], &[5], Relation::Agree),
        (&[6, 6], &[6], apart(6, 0)),
        (&[30, 30], &[-30], Relation::Agree),
        // Too little, one direction only, too far apart to tell, contradictions.
        (&[350], &[350], Relation::Unknown),
        (&[350, 350, 350], &[], Relation::Doubtful),
        (&[371, 371], &[329], Relation::Doubtful),
        (&[350, 356], &[350, 356], Relation::Doubtful),
    ];
    for (requests, responses, expected) in cases {
        let known = around(0, &[(0, requests, responses)]);
        assert_eq!(known, expected, "{requests:?} {responses:?}");
    }
    assert_eq!(around(0, &[(0, &[370, 370], &[330])]), apart(350, 20));
    assert_eq!(around(0, &[(0, &[5, 5, 5], &[])]), Relation::Agree);
    assert_eq!(around(0, &[]), Relation::Unknown);
}

#[test]
fn an_offset_is_known_less_well_from_afar() {
    let once: [(i64, &[i64], &[i64]); 1] = [(0, &[350, 350], &[350])];
    assert_eq!(around(29, &once), apart(350, 0));
    assert_eq!(around(30, &once), apart(350, 3));
    assert_eq!(around(-60, &once), apart(350, 6));
    assert_eq!(around(209, &once), apart(350, 18));
    assert_eq!(around(210, &once), Relation::Doubtful);
}

#[test]
fn a_clock_that_was_set_is_believed_nearby() {
    let set: [(i64, &[i64], &[i64]); 2] = [(0, &[0, 0], &[0]), (120, &[350, 350], &[350])];
    assert_eq!(around(0, &set), Relation::Agree);
    assert_eq!(around(30, &set), Relation::Agree);
    assert_eq!(around(90, &set), apart(350, 3));
    let within = [(0, &[0, 0][..], &[0][..]), (20, &[350, 350], &[350])];
    assert_eq!(around(0, &within), Relation::Doubtful);
}

#[test]
fn the_other_way_round_the_sign_turns() {
    let mut skews = Skews::default();
    skews.add(&leg(0, &[353, 353], &[347]));
    assert_eq!(skews.relation(1, 0, Time(0)), apart(-350, 3));
    assert_eq!(skews.relation(0, 2, Time(0)), Relation::Unknown);
    let stamped = Time(SECOND);
    assert_eq!(
        skews.carried(stamped, 0, 1).since(stamped),
        350 * MILLISECOND
    );
    assert_eq!(skews.carried(stamped, 0, 2), stamped);
}

#[test]
fn packets_that_differ_are_no_copies() {
    let mut other = leg(0, &[350, 350], &[350]);
    for (number, record) in (1..).zip(&mut other.records) {
        record.ip_id = number;
        record.repeat = Repeat::First;
    }
    let mut skews = Skews::default();
    skews.add(&other);
    assert_eq!(skews.relation(0, 1, Time(0)), Relation::Unknown);
}
