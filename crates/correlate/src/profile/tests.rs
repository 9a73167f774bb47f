//! Profiles as they are written.

use super::*;

const SITE: &str = r#"
[[peer]]
name = "carrier-a"
addresses = ["198.51.100.0/24", "[2001:db8::1]:5060"]

[peer.codes.480]
counts = "declined"
advance = true

[[peer]]
name = "fraud-check"
addresses = ["203.0.113.7"]
role = "scoring"
codes.603 = { advance = true }

[codes.480]
counts = "busy"
fault = "callee"

[link]
headers = ["X-Leg", "X-Other"]
"#;

fn endpoint(ip: &str) -> Endpoint {
    Endpoint::new(ip.parse().unwrap(), 5060)
}

#[test]
fn a_peer_says_more_than_the_general_rule() {
    let profile = Profile::parse(SITE).unwrap();
    let at_peer = profile.treatment(endpoint("198.51.100.9"), StatusCode(480));
    assert_eq!(at_peer.counts, Some(Class::Declined));
    assert_eq!(at_peer.fault, Some(FaultDomain::Callee));
    let elsewhere = profile.treatment(endpoint("192.0.2.1"), StatusCode(480));
    assert_eq!(elsewhere.counts, Some(Class::Busy));
    assert_eq!(elsewhere.advance, None);
    assert_eq!(
        profile.treatment(endpoint("192.0.2.1"), StatusCode(404)),
        Treatment::default()
    );
}

#[test]
fn advance_falls_back_to_the_reference() {
    let profile = Profile::parse(SITE).unwrap();
    let scorer = endpoint("203.0.113.7");
    assert_eq!(
        profile.peer(scorer).map(|peer| peer.role),
        Some(PeerRole::Scoring)
    );
    assert_eq!(profile.advance(scorer, StatusCode(603)), RouteAdvance::Next);
    assert_eq!(
        profile.advance(endpoint("192.0.2.1"), StatusCode(603)),
        RouteAdvance::Stop
    );
    assert_eq!(
        profile.advance(endpoint("192.0.2.1"), StatusCode(699)),
        RouteAdvance::ByPolicy
    );
}

#[test]
fn headers_and_peers_come_in_order() {
    let profile = Profile::parse(SITE).unwrap();
    assert_eq!(profile.link_headers(), ["X-Leg", "X-Other"]);
    assert_eq!(
        profile
            .peer(endpoint("2001:db8::1"))
            .map(|peer| peer.name.as_str()),
        Some("carrier-a")
    );
    assert_eq!(Profile::parse("").unwrap(), Profile::default());
}

#[test]
fn nothing_is_passed_over() {
    for (text, why) in [
        ("peers = []", "unknown field `peers`"),
        (
            "[codes.480]\ncounts = \"answered\"",
            "unknown variant `answered`",
        ),
        (
            "[codes.200]\ncounts = \"busy\"",
            "`200` is no final response",
        ),
        (
            "[codes.4xx]\ncounts = \"busy\"",
            "`4xx` is no final response",
        ),
        (
            "[[peer]]\nname = \"a\"\naddresses = []",
            "peer `a` has no address",
        ),
        (
            "[[peer]]\nname = \"a\"\naddresses = [\"x\"]",
            "`x` is no address",
        ),
        ("[link]\nheaders = [\"X Y\"]", "`X Y` is no name"),
        (
            "[[peer]]\nname = \"a\"\naddresses = [\"::1\"]\n[[peer]]\nname = \"a\"\naddresses = [\"::2\"]",
            "two peers are called `a`",
        ),
    ] {
        let error = Profile::parse(text).unwrap_err().to_string();
        assert!(error.contains(why), "{text}: {error}");
    }
}
