//! The messages of RFC 5118, which have IPv6 addresses wherever one can stand.

use std::net::{IpAddr, Ipv6Addr};

use siptriage_sip::DefectKind::BadStartLine;
use siptriage_sip::Message;
use siptriage_sip::header::Via;
use siptriage_sip::sdp::AddressFamily;
use siptriage_sip::uri::{Host, Uri};

use super::reading::{contact, every, request_uri, sip, to, top_via, wire_uri};
use super::{Case, Place, invalid, valid};

pub(super) const CASES: &[Case] = &[
    valid("ipv6-good", "RFC 5118 4.1", |message| {
        let uri = sip(request_uri(message));
        assert_eq!(v6(uri.host).segments()[..2], [0x2001, 0xdb8]);
        assert_eq!(uri.port, None);
        assert_eq!(v6(top_via(message).host).segments()[6], 9);
        let contact = contact(message).address.uri;
        assert!(contact.user().is_some());
        assert_eq!(v6(sip(contact).host).segments()[..2], [0x2001, 0xdb8]);
    }),
    invalid(
        "ipv6-bad",
        "RFC 5118 4.2",
        &[(BadStartLine, Place::RequestUri)],
        |message| {
            assert!(wire_uri(message).starts_with(b"sip:2001:db8::"));
            assert!(Uri::parse(wire_uri(message)).is_err());
            assert_eq!(v6(top_via(message).host).segments()[6], 9);
        },
    ),
    valid("port-ambiguous", "RFC 5118 4.3", |message| {
        let uri = sip(request_uri(message));
        assert_eq!((v6(uri.host).segments()[7], uri.port), (0x5070, None));
    }),
    valid("port-unambiguous", "RFC 5118 4.4", |message| {
        let uri = sip(request_uri(message));
        assert_eq!(uri.port, Some(5070));
        assert_ne!(v6(uri.host).segments()[7], 0x5070);
    }),
    valid("via-received-param-with-delim", "RFC 5118 4.5", received),
    valid("via-received-param-no-delim", "RFC 5118 4.5", received),
    valid("ipv6-in-sdp", "RFC 5118 4.6", |message| {
        for uri in [request_uri(message), contact(message).address.uri] {
            assert_eq!(v6(sip(uri).host).segments()[..2], [0x2001, 0xdb8]);
        }
        let sdp = message.sdp().expect("has SDP");
        assert_eq!(sdp.defects, []);
        let connection = sdp.connection.expect("has c=");
        assert_eq!(sdp.origin.expect("has o=").address, connection);
        assert_eq!(connection.family, AddressFamily::V6);
        assert!(connection.ip().is_some_and(|ip| ip.is_ipv6()));
    }),
    valid("mult-ip-in-header", "RFC 5118 4.7", |message| {
        let vias: Vec<Via<'_>> = every(message);
        let [first, second, third] = vias.as_slice() else {
            panic!("three hops");
        };
        assert_eq!((v6(first.host).segments()[6], first.port), (9, Some(6050)));
        assert!(matches!(second.host, Host::V4(_)));
        assert_eq!((v6(third.host).segments()[6], third.port), (9, None));
        assert_eq!(third.received(), Host::parse(b"192.0.2.200").ok());
    }),
    valid("mult-ip-in-sdp", "RFC 5118 4.8", |message| {
        let sdp = message.sdp().expect("has SDP");
        assert_eq!((&sdp.defects[..], sdp.connection), (&[][..], None));
        let connections = sdp.media.iter().map(|media| media.connection);
        let families = connections.map(|connection| connection.map(|it| it.family));
        assert!(families.eq([AddressFamily::V4, AddressFamily::V6].map(Some)));
    }),
    valid("ipv4-mapped-ipv6", "RFC 5118 4.9", |message| {
        let vias: Vec<Via<'_>> = every(message);
        let [first, second] = vias.as_slice() else {
            panic!("two hops");
        };
        assert_eq!(first.port, Some(19823));
        let contact = sip(contact(message).address.uri);
        let connection = message.sdp().and_then(|sdp| sdp.connection);
        let Some(IpAddr::V6(in_sdp)) = connection.and_then(|it| it.ip()) else {
            panic!("c= has an IPv6 address");
        };
        for address in [v6(first.host), v6(second.host), v6(contact.host), in_sdp] {
            let mapped = address.to_ipv4_mapped().map(|it| it.octets());
            assert!(matches!(mapped, Some([192, 0, 2, _])));
        }
    }),
    // The third colon is a bug of the grammar of RFC 3261, and must be tolerated.
    valid("ipv6-bug-abnf-3-colons", "RFC 5118 4.10", embedded),
    valid("ipv6-correct-abnf-2-colons", "RFC 5118 4.10", embedded),
];

/// `received` is read with brackets and without.
fn received(message: &Message<'_>) {
    let via = top_via(message);
    assert_eq!(via.received(), Host::parse(b"[2001:db8::9:255]").ok());
    assert!(via.branch().is_some());
}

/// With the third colon or without it, the address is the same.
fn embedded(message: &Message<'_>) {
    for uri in [request_uri(message), to(message).address.uri] {
        let segments = v6(sip(uri).host).segments();
        assert_eq!(segments[..7], [0x2001, 0xdb8, 0, 0, 0, 0, 0xc000]);
    }
}

fn v6(host: Host<'_>) -> Ipv6Addr {
    let Host::V6(address) = host else {
        panic!("is an IPv6 address");
    };
    address
}
