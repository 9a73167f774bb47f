//! The hosts of a trace and their addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The port of a host that names none (RFC 3261 section 19.1.2).
pub(crate) const DEFAULT_PORT: u16 = 5060;

/// Place of a host in [`Hosts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HostIdx(usize);

#[derive(Debug, Clone)]
struct Host {
    name: String,
    address: Option<SocketAddr>,
}

/// All hosts in the order in which the trace names them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hosts {
    hosts: Vec<Host>,
}

impl Hosts {
    /// The host of that name, made now if this is its first mention.
    pub(crate) fn named(&mut self, name: &str) -> HostIdx {
        if let Some(found) = self.find(name) {
            return found;
        }
        self.hosts.push(Host {
            name: name.to_owned(),
            address: None,
        });
        HostIdx(self.hosts.len() - 1)
    }

    pub(crate) fn find(&self, name: &str) -> Option<HostIdx> {
        self.hosts
            .iter()
            .position(|host| host.name == name)
            .map(HostIdx)
    }

    pub(crate) fn place(&mut self, host: HostIdx, address: SocketAddr) {
        self.hosts[host.0].address = Some(address);
    }

    /// Gives each host without an address the next of 192.0.2.0/24 (RFC 5737) that is free;
    /// false when there are more hosts than addresses.
    pub(crate) fn fill(&mut self) -> bool {
        let taken: Vec<IpAddr> = self
            .hosts
            .iter()
            .filter_map(|h| Some(h.address?.ip()))
            .collect();
        let mut free = (1..=249)
            .map(|last| IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)))
            .filter(|ip| !taken.contains(ip) && !taken.contains(&in_family(*ip, Family::V6)));
        for host in self.hosts.iter_mut().filter(|host| host.address.is_none()) {
            let Some(ip) = free.next() else { return false };
            host.address = Some(SocketAddr::new(ip, DEFAULT_PORT));
        }
        true
    }

    pub(crate) fn name(&self, host: HostIdx) -> &str {
        &self.hosts[host.0].name
    }

    pub(crate) fn address(&self, host: HostIdx, family: Family) -> SocketAddr {
        let unplaced = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), DEFAULT_PORT);
        let address = self.hosts[host.0].address.unwrap_or(unplaced);
        SocketAddr::new(in_family(address.ip(), family), address.port())
    }

    /// Replaces `{name}` by the address and port of that host.
    pub(crate) fn expand(&self, text: &str, family: Family) -> String {
        let mut expanded = text.to_owned();
        for (index, host) in self.hosts.iter().enumerate() {
            let mark = format!("{{{}}}", host.name);
            if expanded.contains(&mark) {
                let address = self.address(HostIdx(index), family).to_string();
                expanded = expanded.replace(&mark, &address);
            }
        }
        expanded
    }
}

/// The address family a trace is played in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Addresses as they are written.
    AsWritten,
    /// IPv4 addresses become IPv6 addresses of 2001:db8::/32.
    V6,
}

/// `ip`, or the address of 2001:db8::/32 (RFC 3849) that ends in its four bytes.
pub(crate) fn in_family(ip: IpAddr, family: Family) -> IpAddr {
    match (ip, family) {
        (IpAddr::V4(v4), Family::V6) => {
            let [a, b, c, d] = v4.octets();
            let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, high, low))
        }
        (ip, Family::AsWritten | Family::V6) => ip,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_without_an_address_get_the_free_ones_in_order() {
        let mut hosts = Hosts::default();
        let (alice, bob, proxy) = (
            hosts.named("alice"),
            hosts.named("bob"),
            hosts.named("proxy"),
        );
        hosts.place(
            proxy,
            SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), 5080),
        );
        assert!(hosts.fill());
        assert_eq!(
            hosts.address(alice, Family::AsWritten).to_string(),
            "192.0.2.2:5060"
        );
        assert_eq!(
            hosts.address(bob, Family::V6).to_string(),
            "[2001:db8::c000:203]:5060"
        );
        assert_eq!(
            hosts.expand("{proxy};{nobody}", Family::AsWritten),
            "192.0.2.1:5080;{nobody}"
        );
        assert_eq!(hosts.named("bob"), bob);
    }
}
