//! The names under which a walk counts what it could not take as it is written.
//!
//! The frame counted with a reason is the number that the damaged record has or would have had.

/// The input ends inside a record; everything before it was read.
pub const CUT_IN_LAST_RECORD: &str = "cut-in-last-record";
/// Bytes that are no record were passed over up to the next record.
pub const RESYNCHRONISED: &str = "resynchronised";
/// Bytes that are no record, and no record after them up to the end of the input.
pub const GARBAGE_AT_END: &str = "garbage-at-end";
/// A classic record header in the other byte order than the file header; the record was read.
pub const RECORD_HEADER_BYTE_ORDER: &str = "record-header-byte-order";
/// A classic record header with an odd time fraction or odd lengths; the record was read,
/// because the records after it stand where it says.
pub const RECORD_HEADER_ODD: &str = "record-header-odd";
/// A pcapng block whose trailing length differs from its leading one; the block was read,
/// because a block follows where the leading length says.
pub const BLOCK_TRAILER_MISMATCH: &str = "block-trailer-mismatch";
/// A pcapng block whose length is no multiple of 4; the block was read.
pub const BLOCK_LENGTH_UNALIGNED: &str = "block-length-unaligned";
/// A pcapng block too short for its kind, or with lengths inside that contradict its own.
pub const MALFORMED_BLOCK: &str = "malformed-block";
/// A pcapng block of a kind that is not in the specification.
pub const UNKNOWN_BLOCK: &str = "unknown-block";
/// A packet that claims more captured bytes than its block holds.
pub const PACKET_BEYOND_BLOCK: &str = "packet-beyond-block";
/// A packet of an interface that its section has not described.
pub const UNKNOWN_INTERFACE: &str = "unknown-interface";
/// A packet without a time (Simple Packet Block); it was given the time of the clock.
pub const PACKET_WITHOUT_TIME: &str = "packet-without-time";
/// A packet whose time does not fit 64-bit nanoseconds; it was given the time of the clock.
pub const TIME_OUT_OF_RANGE: &str = "time-out-of-range";
/// A frame more than a day from the clock of the capture, which the frame after it did not
/// confirm; it keeps its time, but neither clock nor first and last time follow it.
pub const STRAY_TIME: &str = "stray-time";
/// An interface beyond the number that is kept for one section.
pub const INTERFACE_LIMIT: &str = "interface-limit";
/// A packet comment beyond the number or bytes that are kept.
pub const COMMENT_LIMIT: &str = "comment-limit";
/// Decryption secrets beyond the bytes that are kept.
pub const SECRETS_LIMIT: &str = "secrets-limit";
/// Compressed input that grows beyond the allowed ratio; reading stopped there.
pub const EXPANSION_LIMIT: &str = "expansion-limit";
/// Compressed input that is damaged or cut; reading stopped there.
pub const COMPRESSED_DAMAGED: &str = "compressed-damaged";
/// Compressed input whose decoder asks for more memory than it is granted; reading stopped there.
pub const COMPRESSION_MEMORY: &str = "compression-memory";
