//! An address of a peer: a host, one of its ports, or a network.

use std::net::{IpAddr, SocketAddr};

use siptriage_capture::Endpoint;

/// An address of a peer: a host, one of its ports, or a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressRange {
    network: IpAddr,
    prefix: u8,
    port: Option<u16>,
}

impl AddressRange {
    /// Reads `192.0.2.1`, `192.0.2.0/24`, `192.0.2.1:5060` or `[2001:db8::1]:5060`.
    pub fn parse(text: &str) -> Option<AddressRange> {
        if let Ok(host) = text.parse::<SocketAddr>() {
            return Some(AddressRange {
                network: host.ip(),
                prefix: bits(host.ip()),
                port: Some(host.port()),
            });
        }
        let (network, prefix) = match text.split_once('/') {
            Some((network, prefix)) => (network, Some(prefix)),
            None => (text, None),
        };
        let network: IpAddr = network.parse().ok()?;
        let prefix = match prefix {
            Some(prefix) => prefix.parse().ok()?,
            None => bits(network),
        };
        (prefix <= bits(network)).then_some(AddressRange {
            network,
            prefix,
            port: None,
        })
    }

    /// Whether an address lies in it.
    pub fn contains(self, endpoint: Endpoint) -> bool {
        let same = match (self.network, endpoint.ip) {
            (IpAddr::V4(network), IpAddr::V4(ip)) => {
                let differing = u128::from(network.to_bits() ^ ip.to_bits());
                differing >> (32 - self.prefix) == 0
            }
            (IpAddr::V6(network), IpAddr::V6(ip)) => {
                let differing = network.to_bits() ^ ip.to_bits();
                differing
                    .checked_shr(u32::from(128 - self.prefix))
                    .unwrap_or(0)
                    == 0
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        };
        same && self.port.is_none_or(|port| port == endpoint.port)
    }
}

/// Bits of an address.
fn bits(ip: IpAddr) -> u8 {
    match ip {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(range: &str, host: &str) -> bool {
        let host: SocketAddr = host.parse().unwrap();
        let endpoint = Endpoint::new(host.ip(), host.port());
        AddressRange::parse(range).unwrap().contains(endpoint)
    }

    #[test]
    fn a_range_ends_at_its_prefix() {
        assert!(contains("192.0.2.0/24", "192.0.2.255:1"));
        assert!(!contains("192.0.2.0/24", "192.0.3.0:1"));
        assert!(contains("0.0.0.0/0", "198.51.100.7:1"));
        assert!(contains("192.0.2.7", "192.0.2.7:1"));
        assert!(!contains("192.0.2.7", "192.0.2.6:1"));
        assert!(contains("2001:db8::/32", "[2001:db8:ffff::1]:1"));
        assert!(!contains("2001:db8::/32", "[2001:db9::1]:1"));
        assert!(contains("::/0", "[2001:db8::1]:1"));
        assert!(!contains("::/0", "192.0.2.1:1"));
    }

    #[test]
    fn a_port_narrows_a_host() {
        assert!(contains("192.0.2.1:5060", "192.0.2.1:5060"));
        assert!(!contains("192.0.2.1:5060", "192.0.2.1:5061"));
        assert!(contains("[2001:db8::1]:5060", "[2001:db8::1]:5060"));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "example.com",
            "192.0.2.0/33",
            "2001:db8::/129",
            "192.0.2.0/",
            "1.2.3",
        ] {
            assert_eq!(AddressRange::parse(text), None, "{text}");
        }
    }
}
