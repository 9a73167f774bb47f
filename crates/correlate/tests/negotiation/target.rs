//! Where a side is reached, and which way requests go there (RFC 3261 12.1, 12.2).

use siptriage_correlate::{NoteKind, RecordIdx};

use super::{UP, play, told};

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
    let records = (0..case.leg.records.len() as u16).map(RecordIdx);
    let taken = records.filter_map(|record| {
        let hops: Vec<&[u8]> = case.leg.notes(record, NoteKind::Route).collect();
        (!hops.is_empty()).then(|| format!("{} goes {}", frame(record), joined(hops)))
    });
    sets.chain(taken).collect()
}
