//! What was read of one capture, and what was not understood in it.

use serde::{Serialize, Serializer};
use siptriage_capture::lane::EncryptedPort;
use siptriage_capture::{Skipped, Time};

use super::RefusalRow;
use crate::moment;

/// One capture that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaptureRow {
    /// As it was named on the command line; `-` for standard input.
    pub path: String,
    /// The file format, such as `pcapng`; `None` where the input was not recognised.
    pub format: Option<&'static str>,
    /// The compression, such as `gzip`.
    pub compression: Option<&'static str>,
    /// Bytes read, after decompression.
    pub bytes: u64,
    /// Frames read.
    pub frames: u64,
    /// The earliest time of a frame.
    #[serde(serialize_with = "optional_time")]
    pub first_time: Option<Time>,
    /// The latest time of a frame.
    #[serde(serialize_with = "optional_time")]
    pub last_time: Option<Time>,
    /// Whether the capture was read to its end, and ended after a whole record.
    pub complete: bool,
    /// SIP messages, copies included.
    pub sip_messages: u64,
    /// Payloads that were looked at and are not SIP.
    pub not_sip: u64,
    /// SIP messages that the capture holds more than once.
    pub duplicates: u64,
    /// What was not understood, by reason.
    pub skipped: Vec<SkippedRow>,
    /// TLS by server port in ascending order: counted, not read.
    pub encrypted: Vec<EncryptedRow>,
    /// SIP that was refused, as ICMP says, the most frequent first.
    pub refusals: Vec<RefusalRow>,
    /// ICMP refusals of anything else.
    pub refusals_not_sip: u64,
    /// Why it could not be opened, recognised or read to its end.
    pub error: Option<String>,
}

/// One reason for which something was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SkippedRow {
    /// The reason, in kebab case.
    pub reason: &'static str,
    /// How often.
    pub count: u64,
    /// The first frame concerned; `None` where no frame is.
    pub first_frame: Option<u64>,
}

impl SkippedRow {
    /// All reasons in alphabetical order.
    pub fn all(skipped: &Skipped) -> Vec<SkippedRow> {
        let rows = skipped.iter().map(|(reason, entry)| SkippedRow {
            reason,
            count: entry.count,
            first_frame: (entry.first_frame > 0).then_some(entry.first_frame),
        });
        rows.collect()
    }
}

/// TLS on one server port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct EncryptedRow {
    /// The port.
    pub port: u16,
    /// Connections.
    pub connections: u64,
    /// The first frame recognised.
    pub first_frame: u64,
}

impl EncryptedRow {
    /// All ports.
    pub fn all(ports: &[EncryptedPort]) -> Vec<EncryptedRow> {
        let rows = ports.iter().map(|port| EncryptedRow {
            port: port.port,
            connections: port.connections,
            first_frame: port.first_frame,
        });
        rows.collect()
    }
}

/// Serializes a time as RFC 3339, or null.
fn optional_time<S: Serializer>(time: &Option<Time>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.serialize_str(&moment::rfc3339(*time)),
        None => serializer.serialize_none(),
    }
}
