//! One packet of a capture.

/// A captured Ethernet frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    pub time_ns: u64,
    /// The bytes that were captured, from the Ethernet header on.
    pub bytes: Vec<u8>,
    /// Length of the frame on the wire; more than `bytes` holds when the capture cut it.
    pub original_length_bytes: usize,
}

impl Packet {
    /// The same packet seen later.
    #[must_use]
    pub fn later(self, by_ns: u64) -> Packet {
        Packet {
            time_ns: self.time_ns.saturating_add(by_ns),
            ..self
        }
    }
}

/// What carries the SIP messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Udp,
    Tcp,
}

impl Transport {
    /// The word in Via (RFC 3261 section 20.42).
    pub(crate) fn in_via(self) -> &'static str {
        match self {
            Transport::Udp => "UDP",
            Transport::Tcp => "TCP",
        }
    }
}
