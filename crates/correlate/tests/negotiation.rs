//! What is negotiated inside a dialog, told of readable traces: offers and answers, hold, glare,
//! new targets.

use siptriage_capture::decode::{Decoded, Decoder};
use siptriage_capture::{Frame, Limits, LinkType, Time};
use siptriage_correlate::{
    Case, ExchangeResult, Negotiation, NoteKind, Observation, RecordIdx, Shard, TransactionIdx,
    hash,
};
use siptriage_sip::{Scanned, scan};
use siptriage_testkit::{Trace, Variation};

/// The only leg of a trace over UDP.
fn play(trace: &str) -> Case {
    let trace = Trace::parse(trace).expect("the test's trace is well-formed");
    let mut shard = Shard::new(&siptriage_correlate::Limits::default(), 1);
    let decoder = Decoder::new(&Limits::default());
    let packets = trace.packets(&Variation::default());
    for (number, packet) in (1..).zip(&packets) {
        let frame = Frame {
            file: 0,
            number,
            time: Time(packet.time_ns as i64),
            time_digits: 9,
            interface: 0,
            link: LinkType(1),
            bytes: &packet.bytes,
            original_len: packet.original_length_bytes as u32,
        };
        let Decoded::Datagram(payload) = decoder.decode(&frame) else {
            continue;
        };
        let Some(outline) = scan(payload.bytes) else {
            continue;
        };
        let message = Scanned::new(payload.bytes, &outline);
        shard.observe(&Observation {
            frame: payload.frame,
            time: payload.time,
            clock: payload.time,
            flow: payload.flow,
            passage: payload.passage,
            truncated: payload.truncated,
            fingerprint: hash::bytes(payload.bytes),
            call_id_hash: hash::call_id(message.call_id().unwrap_or_default()),
            message,
        });
    }
    shard.finish(Time(packets.last().map_or(0, |last| last.time_ns as i64)));
    let settled = shard.drain().next().expect("a leg");
    Case::new(settled.leg)
}

/// What was negotiated in each dialog, a line each; messages are told by their frames.
fn told(trace: &str) -> Vec<String> {
    let case = play(trace);
    let negotiations = case.negotiations();
    negotiations
        .iter()
        .flat_map(|one| lines(&case, one))
        .collect()
}

fn lines(case: &Case, negotiation: &Negotiation) -> Vec<String> {
    let frame = |record: RecordIdx| case.leg.record(record).frame.number();
    let request = |at: &TransactionIdx| frame(case.leg.transaction(*at).first);
    let mut lines = Vec::new();
    for exchange in &negotiation.exchanges {
        let result = match exchange.result {
            ExchangeResult::Answered(at) => format!("answered in {}", frame(at)),
            ExchangeResult::Refused(at) => format!("refused in {}", frame(at)),
            ExchangeResult::Unanswered(at) => format!("unanswered in {}", frame(at)),
            ExchangeResult::Open => "open".to_owned(),
        };
        let (by, offer) = (exchange.by.name(), frame(exchange.offer));
        lines.push(format!("{by} offers in {offer}, {result}"));
    }
    for hold in negotiation.holds(case) {
        let resumed = hold.resumed.map(|at| format!(" to {}", frame(at)));
        let (by, begun) = (hold.by.name(), frame(hold.begun));
        lines.push(format!(
            "{by} holds from {begun}{}",
            resumed.unwrap_or_default()
        ));
    }
    if let Some((side, media)) = negotiation.media(case) {
        lines.push(format!(
            "{}: {}",
            side.name(),
            String::from_utf8_lossy(media)
        ));
    }
    for glare in &negotiation.glares {
        let requests: Vec<u64> = glare.requests.iter().map(request).collect();
        let refused: Vec<u64> = glare.refused.iter().map(|at| frame(*at)).collect();
        let retries: Vec<u64> = glare.retries.iter().map(request).collect();
        lines.push(format!(
            "{requests:?} cross, refused in {refused:?}, again in {retries:?}"
        ));
    }
    for refresh in &negotiation.refreshes {
        let contact = case.leg.note(refresh.record, NoteKind::Contact);
        let contact = String::from_utf8_lossy(contact.unwrap_or_default());
        let (side, at) = (refresh.side.name(), frame(refresh.record));
        lines.push(format!("{side} moves in {at} to {contact}"));
    }
    lines
}

/// The route set of each dialog, and the Route of each request inside of one, by frames.
fn routes(trace: &str) -> Vec<String> {
    let case = play(trace);
    let joined = |hops: Vec<&[u8]>| String::from_utf8_lossy(&hops.join(&b" "[..])).into_owned();
    let frame = |record: RecordIdx| case.leg.record(record).frame.number();
    let negotiations = case.negotiations();
    let sets = negotiations.iter().map(|dialog| {
        let set = dialog.route_set(&case);
        set.map_or("none".to_owned(), |set| {
            format!("{}: {}", frame(set.formed_by), joined(set.hops))
        })
    });
    let records = (0..case.leg.records.len() as u32).map(RecordIdx);
    let taken = records.filter_map(|record| {
        let hops: Vec<&[u8]> = case.leg.notes(record, NoteKind::Route).collect();
        (!hops.is_empty()).then(|| format!("{} goes {}", frame(record), joined(hops)))
    });
    sets.chain(taken).collect()
}

/// Compares each trace, after a common beginning, with its lines.
fn check(beginning: &str, cases: &[(&str, &str, &[&str])]) {
    for (what, trace, expected) in cases {
        assert_eq!(told(&format!("{beginning}{trace}")), *expected, "{what}");
    }
}

/// A call that is up, in five frames.
const UP: &str = "\
0.0 alice -> bob INVITE sdp
0.1 bob -> alice 100
1.0 bob -> alice 180
3.0 bob -> alice 200 sdp
3.1 alice -> bob ACK
";
const FIRST: &str = "caller offers in 1, answered in 4";

#[test]
fn the_answer_is_in_the_first_reliable_response() {
    check(
        "",
        &[
            ("2xx", UP, &[FIRST]),
            (
                "refused",
                "0 alice -> bob INVITE sdp\n1 bob -> alice 180\n3 bob -> alice 488\n",
                &["caller offers in 1, refused in 3"],
            ),
            (
                "no dialog",
                "0 alice -> bob INVITE sdp\n3 bob -> alice 488\n",
                &[],
            ),
            (
                "open",
                "0 alice -> bob INVITE sdp\n1 bob -> alice 180\n",
                &["caller offers in 1, open"],
            ),
            (
                "unanswered",
                "0 alice -> bob INVITE sdp\n1 bob -> alice 200\n1.1 alice -> bob ACK\n",
                &["caller offers in 1, unanswered in 2"],
            ),
            (
                "an unreliable response is a preview",
                "0 alice -> bob INVITE sdp\n1 bob -> alice 183 sdp\n2 bob -> alice 200 sdp\n",
                &["caller offers in 1, answered in 3"],
            ),
            (
                "unless the 2xx has no description",
                "0 alice -> bob INVITE sdp\n1 bob -> alice 183 sdp\n2 bob -> alice 200\n",
                &["caller offers in 1, answered in 2"],
            ),
            (
                "reliable",
                "0 alice -> bob INVITE sdp\n1 bob -> alice 183 sdp reliable\n\
                 1.1 alice -> bob PRACK\n1.2 bob -> alice 200 of PRACK\n\
                 2 bob -> alice 200 of INVITE sdp\n",
                &["caller offers in 1, answered in 2"],
            ),
            (
                "each dialog of a fork has its own",
                "0 alice -> bob INVITE sdp\n1 bob -> alice 183 sdp tag=x reliable\n\
                 1 bob -> alice 180 tag=y\n2 bob -> alice 200 sdp tag=y\n",
                &[
                    "caller offers in 1, answered in 2",
                    "caller offers in 1, answered in 4",
                ],
            ),
            (
                "each hop shows it, the nearest counts",
                "0.0 alice -> proxy INVITE sdp\n0.1 proxy -> bob INVITE forward\n\
                 1.0 bob -> proxy 200 sdp\n1.1 proxy -> alice 200\n",
                &["caller offers in 1, answered in 4"],
            ),
        ],
    );
}

#[test]
fn an_offer_may_come_in_a_response() {
    check(
        "0 alice -> bob INVITE\n",
        &[
            (
                "ACK answers",
                "1 bob -> alice 200 sdp\n1.1 alice -> bob ACK sdp\n",
                &["callee offers in 2, answered in 3"],
            ),
            (
                "ACK does not",
                "1 bob -> alice 200 sdp\n1.1 alice -> bob ACK\n",
                &["callee offers in 2, unanswered in 3"],
            ),
            (
                "no ACK",
                "1 bob -> alice 200 sdp\n",
                &["callee offers in 2, open"],
            ),
            (
                "PRACK answers",
                "1 bob -> alice 183 sdp reliable\n1.1 alice -> bob PRACK sdp\n\
                 1.2 bob -> alice 200 of PRACK\n2 bob -> alice 200 of INVITE\n",
                &[
                    "callee offers in 2, answered in 3",
                    "caller: audio/PCMU/sendrecv",
                ],
            ),
            (
                "PRACK of another response does not",
                "1 bob -> alice 183 sdp reliable rseq=1\n1.1 alice -> bob PRACK sdp rack=\"9 1 INVITE\"\n\
                 1.2 bob -> alice 200 of PRACK sdp\n",
                &[
                    "callee offers in 2, open",
                    "caller offers in 3, answered in 4",
                    "callee: audio/PCMU/sendrecv",
                ],
            ),
            (
                "no description",
                "1 bob -> alice 200\n1.1 alice -> bob ACK\n",
                &[],
            ),
        ],
    );
}

#[test]
fn requests_inside_a_dialog_offer_again() {
    check(
        UP,
        &[
            (
                "re-INVITE of the callee",
                "5 bob -> alice INVITE in-dialog sdp\n5.1 alice -> bob 200 of INVITE sdp\n\
                 5.2 bob -> alice ACK\n",
                &[
                    FIRST,
                    "callee offers in 6, answered in 7",
                    "caller: audio/PCMU/sendrecv",
                ],
            ),
            (
                "re-INVITE without an offer",
                "5 bob -> alice INVITE in-dialog\n5.1 alice -> bob 200 of INVITE sdp\n\
                 5.2 bob -> alice ACK sdp\n",
                &[
                    FIRST,
                    "caller offers in 7, answered in 8",
                    "callee: audio/PCMU/sendrecv",
                ],
            ),
            (
                "refused re-INVITE",
                "5 alice -> bob INVITE in-dialog sdp=sendonly\n5.1 bob -> alice 488 of INVITE\n\
                 5.2 alice -> bob ACK\n",
                &[FIRST, "caller offers in 6, refused in 7"],
            ),
            (
                "UPDATE",
                "5 alice -> bob UPDATE sdp\n5.1 bob -> alice 200 of UPDATE sdp\n",
                &[
                    FIRST,
                    "caller offers in 6, answered in 7",
                    "callee: audio/PCMU/sendrecv",
                ],
            ),
            (
                "UPDATE without an answer",
                "5 alice -> bob UPDATE sdp\n5.1 bob -> alice 200 of UPDATE\n",
                &[FIRST, "caller offers in 6, unanswered in 7"],
            ),
            (
                "UPDATE without an offer",
                "5 alice -> bob UPDATE\n5.1 bob -> alice 200 of UPDATE\n",
                &[FIRST],
            ),
        ],
    );
}

#[test]
fn hold_lasts_until_it_is_resumed() {
    let hold = "5 alice -> bob INVITE in-dialog sdp=sendonly\n\
                5.1 bob -> alice 200 of INVITE sdp=recvonly\n5.2 alice -> bob ACK\n";
    let resume = "9 alice -> bob INVITE in-dialog sdp\n9.1 bob -> alice 200 of INVITE sdp\n\
                  9.2 alice -> bob ACK\n";
    let refused = "9 alice -> bob INVITE in-dialog sdp\n9.1 bob -> alice 488 of INVITE\n\
                   9.2 alice -> bob ACK\n";
    let other = "9 bob -> alice INVITE in-dialog sdp=inactive\n\
                 9.1 alice -> bob 200 of INVITE sdp=inactive\n9.2 bob -> alice ACK\n";
    let held = "caller offers in 6, answered in 7";
    check(
        UP,
        &[
            (
                "to the end",
                hold,
                &[
                    FIRST,
                    held,
                    "caller holds from 6",
                    "callee: audio/PCMU/recvonly",
                ],
            ),
            (
                "resumed",
                &format!("{hold}{resume}"),
                &[
                    FIRST,
                    held,
                    "caller offers in 9, answered in 10",
                    "caller holds from 6 to 9",
                    "callee: audio/PCMU/sendrecv",
                ],
            ),
            (
                "not resumed where that is refused",
                &format!("{hold}{refused}"),
                &[
                    FIRST,
                    held,
                    "caller offers in 9, refused in 10",
                    "caller holds from 6",
                    "callee: audio/PCMU/recvonly",
                ],
            ),
            (
                "by both",
                &format!("{hold}{other}"),
                &[
                    FIRST,
                    held,
                    "callee offers in 9, answered in 10",
                    "caller holds from 6",
                    "callee holds from 9",
                    "caller: audio/PCMU/inactive",
                ],
            ),
            (
                "recvonly is no hold",
                "5 alice -> bob INVITE in-dialog sdp=recvonly\n\
                 5.1 bob -> alice 200 of INVITE sdp=sendonly\n5.2 alice -> bob ACK\n",
                &[FIRST, held, "callee: audio/PCMU/sendonly"],
            ),
        ],
    );
}

#[test]
fn requests_that_cross_are_a_glare() {
    let both = "5.00 alice -> bob INVITE in-dialog sdp\n5.01 bob -> alice INVITE in-dialog sdp\n\
                5.02 bob -> alice 491 of INVITE\n5.03 alice -> bob ACK\n\
                5.04 alice -> bob 491 of INVITE\n5.05 bob -> alice ACK\n";
    let refused = [
        FIRST,
        "caller offers in 6, refused in 8",
        "callee offers in 7, refused in 10",
    ];
    let retried = "7.50 alice -> bob INVITE in-dialog sdp\n7.60 bob -> alice 200 of INVITE sdp\n\
                   7.70 alice -> bob ACK\n";
    check(
        UP,
        &[
            (
                "nobody tries again",
                both,
                &[
                    refused[0],
                    refused[1],
                    refused[2],
                    "[6, 7] cross, refused in [8, 10], again in []",
                ],
            ),
            (
                "one tries again",
                &format!("{both}{retried}"),
                &[
                    refused[0],
                    refused[1],
                    refused[2],
                    "caller offers in 12, answered in 13",
                    "callee: audio/PCMU/sendrecv",
                    "[6, 7] cross, refused in [8, 10], again in [12]",
                ],
            ),
            (
                "UPDATEs, one of them accepted",
                "5.00 alice -> bob UPDATE sdp\n5.01 bob -> alice UPDATE sdp\n\
                 5.02 alice -> bob 491 of UPDATE\n5.03 bob -> alice 200 of UPDATE sdp\n\
                 6.00 bob -> alice UPDATE sdp\n6.10 alice -> bob 200 of UPDATE sdp\n",
                &[
                    FIRST,
                    "caller offers in 6, answered in 9",
                    "callee offers in 7, refused in 8",
                    "callee offers in 10, answered in 11",
                    "caller: audio/PCMU/sendrecv",
                    "[6, 7] cross, refused in [8], again in [10]",
                ],
            ),
            (
                "the other request went another way",
                "5 alice -> bob UPDATE sdp\n5.1 bob -> alice 491 of UPDATE\n",
                &[
                    FIRST,
                    "caller offers in 6, refused in 7",
                    "[6] cross, refused in [7], again in []",
                ],
            ),
            (
                "one after the other",
                "5.0 alice -> bob UPDATE sdp\n5.1 bob -> alice 200 of UPDATE sdp\n\
                 5.2 bob -> alice UPDATE sdp\n5.3 alice -> bob 200 of UPDATE sdp\n",
                &[
                    FIRST,
                    "caller offers in 6, answered in 7",
                    "callee offers in 8, answered in 9",
                    "caller: audio/PCMU/sendrecv",
                ],
            ),
            (
                "one side alone",
                "5.0 alice -> bob UPDATE sdp\n5.1 alice -> bob UPDATE sdp\n\
                 5.2 bob -> alice 200 of UPDATE sdp\n",
                &[
                    FIRST,
                    "caller offers in 6, open",
                    "caller offers in 7, answered in 8",
                    "callee: audio/PCMU/sendrecv",
                ],
            ),
        ],
    );
}

#[test]
fn a_new_contact_is_a_new_target() {
    let moved = "Contact: <sip:elsewhere@192.0.2.99>\n";
    let elsewhere = "sip:elsewhere@192.0.2.99";
    let caller = format!("caller moves in 6 to {elsewhere}");
    let callee = format!("callee moves in 7 to {elsewhere}");
    let is_moved = |trace: &str| -> Vec<String> {
        let lines = told(&format!("{UP}{trace}")).into_iter();
        lines.filter(|line| line.contains("moves")).collect()
    };
    let update = "5 alice -> bob UPDATE\n";
    let accepted = "5.1 bob -> alice 200 of UPDATE\n";
    assert_eq!(is_moved(&format!("{update}{accepted}")), [""; 0]);
    assert_eq!(is_moved(&format!("{update} {moved}{accepted}")), [caller]);
    assert_eq!(is_moved(&format!("{update}{accepted} {moved}")), [callee]);
    let refused = "5.1 bob -> alice 488 of UPDATE\n";
    assert_eq!(is_moved(&format!("{update} {moved}{refused}")), [""; 0]);
    let back = "6 alice -> bob UPDATE\n6.1 bob -> alice 200 of UPDATE\n";
    assert_eq!(
        is_moved(&format!("{update} {moved}{accepted}{back}")).len(),
        2
    );
    let info = format!("5 alice -> bob INFO\n {moved}5.1 bob -> alice 200 of INFO\n");
    assert_eq!(is_moved(&info), [""; 0]);
}

#[test]
fn the_route_set_is_that_of_the_response_that_forms_the_dialog() {
    let straight = "0 alice -> bob INVITE\n1 bob -> alice 200\n1.1 alice -> bob ACK\n";
    assert_eq!(routes(straight), ["2: "]);
    let refused = "0 alice -> bob INVITE\n1 bob -> alice 180\n2 bob -> alice 486\n";
    assert_eq!(routes(refused), ["2: "]);
    let unseen = "0 alice -> bob INVITE\n1 bob -> alice 200 lost\n5 alice -> bob UPDATE\n";
    assert_eq!(routes(unseen), ["none"]);
    let by_two_proxies = "\
0.0 alice -> p1 INVITE
0.1 p1 -> p2 INVITE record-route forward
0.2 p2 -> bob INVITE record-route forward
1.0 bob -> p2 180
1.1 p2 -> p1 180
1.2 p1 -> alice 180
2.0 bob -> p2 200
2.1 p2 -> p1 200
2.2 p1 -> alice 200
2.3 alice -> p1 ACK
";
    let way = "<sip:192.0.2.2:5060;lr> <sip:192.0.2.3:5060;lr>";
    let expected = [format!("9: {way}"), format!("10 goes {way}")];
    assert_eq!(routes(by_two_proxies), expected);
}
