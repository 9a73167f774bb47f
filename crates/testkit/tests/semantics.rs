//! What the kit fills in, read back from the packets of a trace.

use siptriage_testkit::{Packet, Trace, Variation};

/// Bytes before the payload of a UDP datagram over IPv4.
const UDP_HEADERS_BYTES: usize = 42;

fn packets(trace: &str) -> Vec<Packet> {
    Trace::parse(trace)
        .expect("the trace makes sense")
        .packets(&Variation::default())
}

fn text(packet: &Packet) -> String {
    String::from_utf8(packet.bytes[UDP_HEADERS_BYTES..].to_vec())
        .expect("the kit writes SIP as text")
}

fn messages(trace: &str) -> Vec<String> {
    packets(trace).iter().map(text).collect()
}

/// The values of a header, from the top.
fn values<'a>(message: &'a str, name: &str) -> Vec<&'a str> {
    let prefix = format!("{name}: ");
    message
        .lines()
        .filter_map(|line| line.strip_prefix(prefix.as_str()))
        .collect()
}

fn value<'a>(message: &'a str, name: &str) -> &'a str {
    values(message, name).first().copied().unwrap_or("")
}

/// Start line and the given headers of every message, one a line.
fn check(trace: &str, names: &[&str], expected: &[&str]) {
    let rows: Vec<String> = messages(trace)
        .iter()
        .map(|message| {
            let start = message.lines().next().unwrap_or("");
            let cells = names.iter().map(|name| values(message, name).join(", "));
            std::iter::once(start.to_owned())
                .chain(cells)
                .collect::<Vec<_>>()
                .join(" | ")
        })
        .collect();
    assert_eq!(rows, expected);
}

#[test]
fn a_call_has_tags_branches_and_numbers_of_its_dialog() {
    check(
        "0 alice -> bob INVITE\n0.1 bob -> alice 100\n0.8 bob -> alice 180\n6 bob -> alice 200\n\
         6.1 alice -> bob ACK\n36 bob -> alice BYE\n36.1 alice -> bob 200\n",
        &["From", "To", "CSeq"],
        &[
            "INVITE sip:bob@example.com SIP/2.0 | <sip:alice@example.com>;tag=alice-1 | \
             <sip:bob@example.com> | 1 INVITE",
            "SIP/2.0 100 Trying | <sip:alice@example.com>;tag=alice-1 | <sip:bob@example.com> | \
             1 INVITE",
            "SIP/2.0 180 Ringing | <sip:alice@example.com>;tag=alice-1 | \
             <sip:bob@example.com>;tag=bob-1 | 1 INVITE",
            "SIP/2.0 200 OK | <sip:alice@example.com>;tag=alice-1 | \
             <sip:bob@example.com>;tag=bob-1 | 1 INVITE",
            "ACK sip:bob@192.0.2.2:5060 SIP/2.0 | <sip:alice@example.com>;tag=alice-1 | \
             <sip:bob@example.com>;tag=bob-1 | 1 ACK",
            "BYE sip:alice@192.0.2.1:5060 SIP/2.0 | <sip:bob@example.com>;tag=bob-1 | \
             <sip:alice@example.com>;tag=alice-1 | 1 BYE",
            "SIP/2.0 200 OK | <sip:bob@example.com>;tag=bob-1 | \
             <sip:alice@example.com>;tag=alice-1 | 1 BYE",
        ],
    );
}

#[test]
fn cancel_and_the_ack_to_a_failure_belong_to_the_invite() {
    let sent = messages(
        "0 alice -> bob INVITE\n1 bob -> alice 180\n2 alice -> bob CANCEL\n3 bob -> alice 487\n\
         3.1 bob -> alice 200 of CANCEL\n3.2 alice -> bob ACK\n",
    );
    for at in [2, 3, 4, 5] {
        assert_eq!(values(&sent[at], "Via"), values(&sent[0], "Via"), "{at}");
    }
    assert_eq!(value(&sent[2], "To"), "<sip:bob@example.com>");
    assert_eq!(value(&sent[3], "CSeq"), "1 INVITE");
    assert_eq!(value(&sent[4], "CSeq"), "1 CANCEL");
    assert_eq!(value(&sent[5], "To"), "<sip:bob@example.com>;tag=bob-1");
}

#[test]
fn the_ack_to_a_success_is_a_transaction_of_its_own() {
    let sent = messages("0 a -> b INVITE\n1 b -> a 200\n1.1 a -> b ACK\n1.2 a -> b again ACK\n");
    assert_ne!(value(&sent[2], "Via"), value(&sent[0], "Via"));
    assert_eq!(sent[2], sent[3]);
}

#[test]
fn forks_are_chosen_by_tag() {
    let sent = messages(
        "0 a -> b INVITE\n1 b -> a 200 tag=x\n1.1 b -> a 200 tag=y\n1.2 a -> b ACK tag=x\n\
         1.3 a -> b ACK\n2 a -> b BYE tag=x\n3 a -> b ACK tag=none\n",
    );
    let tags: Vec<&str> = sent.iter().map(|message| value(message, "To")).collect();
    let tagged = |tag: &str| format!("<sip:b@example.com>;tag={tag}");
    assert_eq!(
        tags[3..],
        [tagged("x"), tagged("y"), tagged("x"), tagged("none")]
    );
}

#[test]
fn a_wanted_fork_comes_before_the_destination() {
    let sent = messages(
        "0 a -> b INVITE\n1 b -> a 200 tag=x\n1.1 c -> a 200 tag=y\n2 a -> b BYE tag=y\n\
         3 a -> c BYE\n4 a -> b BYE\n",
    );
    assert!(sent[3].starts_with("BYE sip:c@192.0.2.3:5060 "));
    assert_eq!(value(&sent[4], "To"), "<sip:b@example.com>;tag=y");
    assert_eq!(value(&sent[5], "To"), "<sip:b@example.com>;tag=x");
}

#[test]
fn a_second_invite_is_a_new_attempt() {
    let sent = messages(
        "0 a -> b INVITE\n0.1 b -> a 401\n0.2 a -> b ACK\n0.3 a -> b INVITE\n\
         1 a -> c INVITE same-cseq\n2 a -> b INVITE new-from-tag cseq=9\n\
         3 a -> b OPTIONS\n",
    );
    let numbers: Vec<&str> = sent.iter().map(|message| value(message, "CSeq")).collect();
    assert_eq!(
        numbers[3..],
        ["2 INVITE", "2 INVITE", "9 INVITE", "10 OPTIONS"]
    );
    assert_eq!(value(&sent[3], "From"), value(&sent[0], "From"));
    assert_eq!(value(&sent[5], "From"), "<sip:a@example.com>;tag=a-1-2");
    assert_ne!(value(&sent[4], "Via"), value(&sent[3], "Via"));
    assert_eq!(value(&sent[4], "To"), "<sip:b@example.com>");
    assert_eq!(value(&sent[3], "Call-ID"), "1@example.com");
}

#[test]
fn a_proxy_adds_and_strips_its_via_and_stays_on_the_route() {
    let sent = messages(
        "0 alice -> proxy INVITE callee=bob\n0.1 proxy -> bob INVITE forward record-route\n\
         0.2 bob -> proxy 180\n0.3 proxy -> alice 180\n1 bob -> proxy 200 sdp\n\
         1.1 proxy -> alice 200\n1.2 alice -> proxy ACK\n1.3 proxy -> bob ACK forward\n\
         2 bob -> proxy BYE\n2.1 proxy -> alice BYE forward\n2.2 alice -> proxy 200\n\
         2.3 proxy -> bob 200\n",
    );
    let vias: Vec<usize> = sent
        .iter()
        .map(|message| values(message, "Via").len())
        .collect();
    assert_eq!(vias, [1, 2, 2, 1, 2, 1, 1, 2, 1, 2, 2, 1]);
    assert_eq!(value(&sent[1], "Max-Forwards"), "69");
    assert_eq!(value(&sent[5], "Record-Route"), "<sip:192.0.2.2:5060;lr>");
    assert_eq!(value(&sent[5], "Contact"), "<sip:bob@192.0.2.3:5060>");
    assert!(sent[5].contains("o=bob"));
    for at in [6, 8] {
        assert_eq!(value(&sent[at], "Route"), "<sip:192.0.2.2:5060;lr>", "{at}");
        assert_eq!(value(&sent[at + 1], "Route"), "", "{at}");
    }
    assert!(sent[7].starts_with("ACK sip:bob@192.0.2.3:5060 "));
    assert!(sent[9].starts_with("BYE sip:alice@192.0.2.1:5060 "));
    assert_eq!(value(&sent[11], "Via"), value(&sent[8], "Via"));
}

#[test]
fn a_proxy_answers_itself_where_nothing_came_back() {
    let sent = messages(
        "0 alice -> proxy INVITE\n0.1 proxy -> bob INVITE forward\n0.2 bob -> proxy 100\n\
         0.3 proxy -> alice 100\n30 proxy -> alice 408\n",
    );
    assert_eq!(value(&sent[3], "To"), "<sip:proxy@example.com>");
    assert_eq!(value(&sent[4], "To"), "<sip:proxy@example.com>;tag=proxy-1");
}

#[test]
fn prack_acknowledges_the_latest_reliable_response() {
    let sent = messages(
        "0 a -> b INVITE\n1 b -> a 183 reliable\n1.5 b -> a again 183\n2 a -> b PRACK\n\
         2.1 b -> a 200\n3 b -> a 180 reliable\n4 a -> b PRACK rack=\"7 7 INVITE\"\n5 b -> a 200\n\
         6 b -> a 200\n",
    );
    assert_eq!(
        (value(&sent[1], "RSeq"), value(&sent[1], "Require")),
        ("1", "100rel")
    );
    assert_eq!(value(&sent[3], "RAck"), "1 1 INVITE");
    assert_eq!(value(&sent[5], "RSeq"), "2");
    assert_eq!(value(&sent[6], "RAck"), "7 7 INVITE");
    let answered: Vec<&str> = [4, 7, 8].map(|at| value(&sent[at], "CSeq")).to_vec();
    assert_eq!(answered, ["2 PRACK", "3 PRACK", "1 INVITE"]);
}

#[test]
fn a_failure_answers_the_invite_that_is_still_open() {
    let sent = messages(
        "0 a -> b INVITE\n1 a -> b OPTIONS\n2 b -> a 486\n3 b -> a 404\n4 a -> b BYE\n\
         5 b -> a 481\n",
    );
    let answered: Vec<&str> = [2, 3, 5].map(|at| value(&sent[at], "CSeq")).to_vec();
    assert_eq!(answered, ["1 INVITE", "2 OPTIONS", "3 BYE"]);
}

#[test]
fn in_dialog_requests_follow_the_remote_target() {
    let sent = messages(
        "0 a -> b INVITE sdp\n1 b -> a 200 sdp\n1.1 a -> b ACK\n2 a -> b INVITE in-dialog sdp=inactive\n    \
         Contact: <sip:a@198.51.100.7>\n2.1 b -> a 200 sdp=inactive\n2.2 a -> b ACK\n3 b -> a INFO\n",
    );
    assert_eq!(value(&sent[3], "To"), "<sip:b@example.com>;tag=b-1");
    assert!(sent[0].contains("o=a 1 1 ") && sent[3].contains("o=a 1 2 "));
    assert!(sent[3].contains("a=inactive"));
    assert_eq!(value(&sent[5], "CSeq"), "2 ACK");
    assert!(sent[6].starts_with("INFO sip:a@198.51.100.7 "));
}

#[test]
fn a_dialog_that_began_earlier_is_taken_for_granted() {
    let sent = messages("0 bob -> alice BYE\n0.1 alice -> bob 200\n1 alice -> bob ACK call=2\n");
    assert_eq!(value(&sent[0], "From"), "<sip:bob@example.com>;tag=bob-1");
    assert_eq!(value(&sent[0], "To"), "<sip:alice@example.com>;tag=alice-1");
    assert_eq!(value(&sent[2], "To"), "<sip:bob@example.com>;tag=bob-2");
}

#[test]
fn registrations_name_the_address_of_record_twice() {
    let sent = messages("0 a -> r REGISTER\n    Expires: 60\n1 r -> a 200\n");
    assert!(sent[0].starts_with("REGISTER sip:example.com "));
    assert_eq!(value(&sent[0], "To"), "<sip:a@example.com>");
    assert_eq!(
        value(&sent[1], "Contact"),
        "<sip:a@192.0.2.1:5060>;expires=60"
    );
}

#[test]
fn own_identifiers_of_the_first_request_last_for_the_call() {
    let sent = messages(
        "0 a -> b INVITE\n    Call-ID: odd\n    From: \"A\" <sip:x@example.com>;tag=own\n\
         1 b -> a 200\n2 a -> b BYE\n3 a -> b INVITE\n",
    );
    for message in &sent {
        assert_eq!(value(message, "Call-ID"), "odd");
        assert_eq!(value(message, "From"), "\"A\" <sip:x@example.com>;tag=own");
    }
}

#[test]
fn several_times_send_the_same_bytes_unless_fresh() {
    let sent = messages("0 .5 1.5 a -> b INVITE\n3 4 a -> b OPTIONS fresh\n");
    assert_eq!((&sent[0], &sent[1]), (&sent[1], &sent[2]));
    assert_ne!(sent[3], sent[4]);
}

#[test]
fn bodies_and_raw_bytes_are_sent_as_written() {
    let sent = messages(
        "0 a -> b MESSAGE\n    Content-Type: text/plain\n    | hello\n    | there\n\
         1 a -> b raw \"\\r\\n\\r\\n\"\n2 a -> b again raw\n3 b -> a OPTIONS\n    -Content-Length\n",
    );
    assert!(sent[0].ends_with("Content-Length: 14\r\n\r\nhello\r\nthere\r\n"));
    assert_eq!(
        (sent[1].as_str(), sent[2].as_str()),
        ("\r\n\r\n", "\r\n\r\n")
    );
    assert!(!sent[3].contains("Content-Length"));
}

#[test]
fn a_damaged_trace_is_an_error_or_another_trace() {
    let trace = "host p 192.0.2.9:5\ntransport tcp\nend 96.0\n0 a -> p INVITE sdp call=x tag=y\n\
                 0.1 p -> b INVITE forward record-route\n1 b -> p 183 reliable split=9 lost=2\n    \
                 To: <sip:{a}>\n1.1 p -> a 183 \"x\\x41\"\n2 a -> p PRACK from=[2001:db8::1]:9\n\
                 3 a -> p CANCEL\n4 p -> a 487\n5 a -> p ACK\n6 p -> a icmp prohibited\n\
                 7 a -> p rtp until=8\n8 a -> p again ACK dup=0.1\n";
    for at in 0..trace.len() {
        for damage in ["", "\"", " ", "9", "\n", ">", "{p}"] {
            let damaged = [&trace[..at], damage, &trace[at + 1..]].concat();
            match Trace::parse(&damaged) {
                Ok(trace) => assert!(trace.packets(&Variation::default()).len() < 1000),
                Err(error) => assert!((1..=17).contains(&error.line), "{error}"),
            }
        }
    }
}

#[test]
fn lines_that_make_no_sense_are_named() {
    for (trace, line) in [
        ("0 a -> b 200\n", 1),
        ("0 a -> b INVITE\n1 a -> b again BYE\n", 2),
        ("0 a -> b INVITE\n1 b -> c BYE forward\n", 2),
        ("0 a -> b CANCEL\n", 1),
        ("0 a -> b INVITE\n1 b -> a 200 of BYE\n", 2),
        ("0 a -> b rtp until=30000\n", 1),
        ("host a 2001:db8::1\n0 a -> b INVITE\n", 2),
    ] {
        assert_eq!(Trace::parse(trace).unwrap_err().line, line, "{trace}");
    }
}
