//! The names under which frames that were not understood are counted.

/// No such `LINKTYPE_` is known here.
pub const UNKNOWN_LINK_TYPE: &str = "unknown-link-type";
/// An Ethernet type, LLC or PPP protocol that is not known here.
pub const UNKNOWN_ETHERTYPE: &str = "unknown-ethertype";
/// An IP protocol that is not known here.
pub const UNKNOWN_IP_PROTOCOL: &str = "unknown-ip-protocol";
/// The link-layer header ends early or contradicts itself.
pub const MALFORMED_LINK: &str = "malformed-link";
/// The IPv4 or IPv6 header ends early or contradicts itself.
pub const MALFORMED_IP: &str = "malformed-ip";
/// The UDP header ends early.
pub const MALFORMED_UDP: &str = "malformed-udp";
/// The TCP header ends early or contradicts itself.
pub const MALFORMED_TCP: &str = "malformed-tcp";
/// The SCTP header ends early.
pub const MALFORMED_SCTP: &str = "malformed-sctp";
/// The header of a tunnel ends early or contradicts itself.
pub const MALFORMED_TUNNEL: &str = "malformed-tunnel";
/// An IEEE 802.11 data frame that is encrypted.
pub const WLAN_ENCRYPTED: &str = "wlan-encrypted";
/// An ESP packet that is encrypted, or of which nobody can tell.
pub const ESP_ENCRYPTED: &str = "esp-encrypted";
/// An IPComp packet (RFC 3173).
pub const IP_COMPRESSED: &str = "ip-compressed";
/// A HEP packet whose payload is compressed.
pub const HEP_COMPRESSED: &str = "hep-compressed";
/// A header was cut by the snap length of the capture.
pub const TRUNCATED: &str = "truncated";
/// More tunnels inside tunnels than the limit allows.
pub const NESTED_TOO_DEEP: &str = "nested-too-deep";
