//! What the types and codes of ICMP and ICMPv6 say of a destination.

use siptriage_capture::decode::Cause;

/// What a cause says of the destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefusalKind {
    /// Nothing listens on the port.
    PortUnreachable,
    /// The last router does not reach the host.
    HostUnreachable,
    /// A router knows no way.
    NetworkUnreachable,
    /// The host does not speak the transport.
    ProtocolUnreachable,
    /// A filter forbids it.
    Prohibited,
    /// It is larger than the path takes, and may not be fragmented.
    TooBig,
    /// It was forwarded too often: a routing loop.
    HopsExceeded,
    /// Not all of its fragments arrived.
    FragmentsMissing,
    /// A cause of another kind.
    Other,
}

impl RefusalKind {
    /// What type and code of ICMP (RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1) or ICMPv6
    /// (RFC 4443 3) mean.
    pub fn of(cause: Cause) -> RefusalKind {
        match cause {
            Cause::V4 { kind, code } => match (kind, code) {
                (3, 0 | 6 | 11) => RefusalKind::NetworkUnreachable,
                (3, 1 | 5 | 7 | 8 | 12) => RefusalKind::HostUnreachable,
                (3, 2) => RefusalKind::ProtocolUnreachable,
                (3, 3) => RefusalKind::PortUnreachable,
                (3, 4) => RefusalKind::TooBig,
                (3, 9 | 10 | 13..=15) => RefusalKind::Prohibited,
                (11, 0) => RefusalKind::HopsExceeded,
                (11, 1) => RefusalKind::FragmentsMissing,
                _ => RefusalKind::Other,
            },
            Cause::V6 { kind, code } => match (kind, code) {
                (1, 0) => RefusalKind::NetworkUnreachable,
                (1, 2 | 3) => RefusalKind::HostUnreachable,
                (1, 4) => RefusalKind::PortUnreachable,
                (1, 1 | 5 | 6) => RefusalKind::Prohibited,
                (2, _) => RefusalKind::TooBig,
                (3, 0) => RefusalKind::HopsExceeded,
                (3, 1) => RefusalKind::FragmentsMissing,
                _ => RefusalKind::Other,
            },
        }
    }

    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            RefusalKind::PortUnreachable => "port-unreachable",
            RefusalKind::HostUnreachable => "host-unreachable",
            RefusalKind::NetworkUnreachable => "network-unreachable",
            RefusalKind::ProtocolUnreachable => "protocol-unreachable",
            RefusalKind::Prohibited => "prohibited",
            RefusalKind::TooBig => "too-big",
            RefusalKind::HopsExceeded => "hops-exceeded",
            RefusalKind::FragmentsMissing => "fragments-missing",
            RefusalKind::Other => "other",
        }
    }

    /// The same for a sentence.
    pub fn words(self) -> String {
        self.name().replace('-', " ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_mean_the_same() {
        for (v4, v6, expected) in [
            ((3, 0), (1, 0), RefusalKind::NetworkUnreachable),
            ((3, 1), (1, 3), RefusalKind::HostUnreachable),
            ((3, 3), (1, 4), RefusalKind::PortUnreachable),
            ((3, 13), (1, 1), RefusalKind::Prohibited),
            ((3, 4), (2, 0), RefusalKind::TooBig),
            ((11, 0), (3, 0), RefusalKind::HopsExceeded),
            ((11, 1), (3, 1), RefusalKind::FragmentsMissing),
            ((12, 0), (4, 0), RefusalKind::Other),
        ] {
            let (kind, code) = v4;
            assert_eq!(RefusalKind::of(Cause::V4 { kind, code }), expected);
            let (kind, code) = v6;
            assert_eq!(RefusalKind::of(Cause::V6 { kind, code }), expected);
        }
    }
}
