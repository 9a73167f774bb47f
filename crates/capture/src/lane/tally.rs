//! What a lane counts on the way.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::{Disturbance, DisturbanceKind, Flow, FrameRef, Skipped, Time};

/// Events that are normal in a capture, for statistics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Datagrams put together from fragments.
    pub datagrams_reassembled: u64,
    /// Segments that arrived before their predecessors.
    pub segments_out_of_order: u64,
    /// Segments without a new byte, keep-alive probes not counted.
    pub segments_repeated: u64,
    /// TCP directions let go because they carry no SIP.
    pub streams_let_go: u64,
    /// Most TCP directions followed at once.
    pub streams_most: usize,
    /// Most bytes held at once for all TCP directions.
    pub stream_bytes_most: usize,
}

/// TLS seen on one server port, and not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncryptedPort {
    /// The port of the server: where the ClientHello went, else the lower port.
    pub port: u16,
    /// Connections recognised in either direction; those seen in one direction only are folded
    /// with others of the other direction.
    pub connections: u64,
    /// The first frame recognised.
    pub first_frame: u64,
}

#[derive(Debug, Default)]
pub(super) struct Tally {
    /// By capture.
    skipped: BTreeMap<u16, Skipped>,
    pub(super) statistics: Statistics,
    /// The clock at the part that is being worked on.
    pub(super) clock: Time,
    /// What was found missing since it was last asked for.
    pub(super) disturbances: Vec<Disturbance>,
    /// By capture and port; there are no more than 65 536 ports.
    encrypted: BTreeMap<(u16, u16), Encrypted>,
}

/// Directions recognised as TLS.
#[derive(Debug)]
struct Encrypted {
    to_server: u64,
    from_server: u64,
    first_frame: u64,
}

impl Tally {
    /// Counts one occurrence of `reason`.
    pub(super) fn count(&mut self, reason: &'static str, frame: FrameRef) {
        let skipped = self.skipped.entry(frame.file()).or_default();
        skipped.count(reason, frame.number());
    }

    /// What was counted in one capture.
    pub(super) fn skipped(&self, file: u16) -> Skipped {
        self.skipped.get(&file).cloned().unwrap_or_default()
    }

    pub(super) fn encrypted(&self, file: u16) -> impl Iterator<Item = EncryptedPort> + '_ {
        let ports = self.encrypted.range((file, 0)..=(file, u16::MAX));
        ports.map(|(&(_, port), known)| EncryptedPort {
            port,
            connections: known.to_server.max(known.from_server),
            first_frame: known.first_frame,
        })
    }

    /// Notes that packets from `src` to `dst` are missing.
    pub(super) fn miss(&mut self, (src, dst): (IpAddr, IpAddr), from: Time, until: Time) {
        self.disturbances.push(Disturbance {
            kind: DisturbanceKind::Hole { src, dst },
            interface: None,
            from,
            until,
            known: self.clock,
        });
    }

    pub(super) fn count_encrypted(&mut self, port: u16, flow: &Flow, frame: FrameRef) {
        let known = self
            .encrypted
            .entry((frame.file(), port))
            .or_insert(Encrypted {
                to_server: 0,
                from_server: 0,
                first_frame: frame.number(),
            });
        if flow.dst.port == port {
            known.to_server += 1;
        } else {
            known.from_server += 1;
        }
    }
}
