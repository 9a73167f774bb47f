//! The names under which losses in reassembly are counted.

/// A datagram of which not all fragments were captured in time.
pub const FRAGMENTS_INCOMPLETE: &str = "fragments-incomplete";
/// A datagram given up because too many were under reassembly.
pub const FRAGMENTS_EVICTED: &str = "fragments-evicted";
/// A fragment that contradicts another about bytes or about the end of the datagram.
pub const FRAGMENTS_CONFLICTING: &str = "fragments-conflicting";
/// A later fragment that was cut by the snap length.
pub const FRAGMENT_TRUNCATED: &str = "fragment-truncated";
/// Bytes of a stream that were sent but never captured.
pub const STREAM_HOLE: &str = "stream-hole";
/// A segment whose bytes come before those of the first one that was captured of a stream joined in
/// the middle: what followed them has been read already.
pub const SEGMENT_BEFORE_FIRST: &str = "segment-before-first";
/// A message of which a hole left not even the headers.
pub const MESSAGE_LOST: &str = "stream-message-lost";
/// A stream that ended, or was given up, before the headers of its last message.
pub const MESSAGE_UNFINISHED: &str = "stream-message-unfinished";
/// A message longer than a stream may hold.
pub const MESSAGE_TOO_LONG: &str = "stream-message-too-long";
/// A segment that carries other bytes than one captured before it.
pub const SEGMENTS_CONFLICTING: &str = "segments-conflicting";
/// Bytes between two messages of a stream that belong to neither.
pub const STREAM_GARBAGE: &str = "stream-garbage";
/// A stream given up because too many, or too large ones, were followed.
pub const STREAM_EVICTED: &str = "stream-evicted";
/// A compressed WebSocket message (RFC 7692) that cannot be read: what it refers to was not
/// captured, or it is longer than a stream may hold.
pub const WEBSOCKET_COMPRESSED: &str = "websocket-compressed";
/// A WebSocket connection that lost its frame boundaries.
pub const WEBSOCKET_BROKEN: &str = "websocket-broken";
/// A direction of a TCP connection that is passed over, because its begin holds no SIP.
pub const STREAM_NOT_SIP: &str = "stream-not-sip";
/// A direction of a TCP connection that was looked at to its end and holds no SIP.
pub const STREAM_WITHOUT_SIP: &str = "stream-without-sip";
/// An ICMP error inside fragments, which is not read.
pub const REFUSAL_FRAGMENTED: &str = "refusal-fragmented";
