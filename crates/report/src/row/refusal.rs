//! Packets with SIP that were refused, as ICMP says.

use std::cmp::Reverse;
use std::net::IpAddr;

use serde::{Serialize, Serializer};
use siptriage_capture::decode::Cause;
use siptriage_capture::{Endpoint, Transport};
use siptriage_correlate::{RefusalKind, Refusals};

/// Refusals of one destination by one reporter for one cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RefusalRow {
    /// What the cause means.
    #[serde(serialize_with = "kind_name")]
    pub kind: RefusalKind,
    /// Version, type and code of ICMP.
    #[serde(serialize_with = "numbers")]
    pub icmp: Cause,
    /// Who refused.
    pub reporter: IpAddr,
    /// The transport of what was refused.
    #[serde(serialize_with = "transport_name")]
    pub transport: Transport,
    /// Where it went.
    #[serde(serialize_with = "text")]
    pub dst: Endpoint,
    /// How often.
    pub count: u64,
    /// The first error.
    pub first_frame: u64,
}

impl RefusalRow {
    /// All refusals in one capture, the most frequent first.
    pub fn all(refusals: &Refusals, file: u16) -> Vec<RefusalRow> {
        let rows = refusals
            .in_capture(file)
            .map(|(refusing, times)| RefusalRow {
                kind: RefusalKind::of(refusing.cause),
                icmp: refusing.cause,
                reporter: refusing.reporter,
                transport: refusing.transport,
                dst: refusing.destination,
                count: times.count,
                first_frame: times.first.number(),
            });
        let mut rows: Vec<RefusalRow> = rows.collect();
        rows.sort_by_key(|row| (Reverse(row.count), row.first_frame));
        rows
    }
}

#[derive(Serialize)]
struct Numbers {
    version: u8,
    r#type: u8,
    code: u8,
}

fn numbers<S: Serializer>(cause: &Cause, serializer: S) -> Result<S::Ok, S::Error> {
    let (version, kind, code) = match *cause {
        Cause::V4 { kind, code } => (4, kind, code),
        Cause::V6 { kind, code } => (6, kind, code),
    };
    let numbers = Numbers {
        version,
        r#type: kind,
        code,
    };
    numbers.serialize(serializer)
}

fn kind_name<S: Serializer>(kind: &RefusalKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.name())
}

fn transport_name<S: Serializer>(transport: &Transport, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(transport.name())
}

fn text<S: Serializer>(endpoint: &Endpoint, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(endpoint)
}
