//! Ways to put the same trace on the wire differently.

/// What is different from the plain capture of a trace; the default changes nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Variation {
    /// Every packet is seen once more so many nanoseconds later, with the same IP ID, as a mirror
    /// port does that copies both directions.
    pub duplicate_after: Option<u64>,
    /// The share of packets, from 0 to 1, that the capture misses, and the seed that chooses them.
    pub drop: Option<(f64, u64)>,
    /// IPv4 addresses become addresses of 2001:db8::/32 that end in the same four bytes.
    pub ipv6: bool,
    /// Header names take their compact form (RFC 3261 section 7.3.3).
    pub compact: bool,
    /// Longest IP packet in bytes, 1500 by default; a longer datagram is fragmented.
    pub mtu_bytes: Option<usize>,
    /// Frames carry an IEEE 802.1Q tag with this VLAN.
    pub vlan: Option<u16>,
    /// Appended to the name of each call in its Call-ID, so that one trace can stand in a capture
    /// several times.
    pub call_suffix: String,
}
