//! From messages at times to the packets of a capture.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::host::{Family, in_family};
use crate::message::Spelling;
use crate::packet::{Packet, Transport};
use crate::play::{Content, Send};
use crate::script::{Control, Delivery, Lost, MEDIA_PACKET_NS, Unreachable};
use crate::stream::{Bare, Streams};
use crate::variation::Variation;
use crate::wire::{Link, Protocol, frames, ip_packet, udp, unreachable};

/// Longest IP packet on Ethernet.
const MTU_BYTES: usize = 1500;
/// Time between two packets that carry one message.
const SPACING_NS: u64 = 10_000;

/// Packets made so far, and the counters that the next ones need.
pub(crate) struct Assembly<'a> {
    variation: &'a Variation,
    start_ns: u64,
    link: Link,
    spelling: Spelling,
    ip_ids: BTreeMap<IpAddr, u16>,
    streams: Streams,
    packets: Vec<Packet>,
    /// The latest frame of each source to each destination, and of each source to any.
    latest: BTreeMap<(IpAddr, Option<IpAddr>), Vec<u8>>,
}

impl<'a> Assembly<'a> {
    /// `start_ns` is time 0 of the trace.
    pub(crate) fn new(variation: &'a Variation, start_ns: u64) -> Assembly<'a> {
        let mtu_bytes = variation.mtu_bytes.unwrap_or(MTU_BYTES);
        Assembly {
            variation,
            start_ns,
            link: Link {
                mtu_bytes,
                vlan: variation.vlan,
            },
            spelling: if variation.compact {
                Spelling::Compact
            } else {
                Spelling::Full
            },
            ip_ids: BTreeMap::new(),
            streams: Streams::default(),
            packets: Vec::new(),
            latest: BTreeMap::new(),
        }
    }

    pub(crate) fn send(&mut self, send: &Send) {
        let bytes = match &send.content {
            Content::Message(message) => message.to_bytes(self.spelling),
            Content::Raw(bytes) => bytes.to_vec(),
            Content::Control(control) => return self.send_control(send, *control),
        };
        match send.transport {
            Transport::Udp => {
                let datagram = udp(send.src, send.dst, &bytes);
                let frames = self.frames(send.src, send.dst, Protocol::Udp, &datagram);
                self.deliver(frames, send.time_ns, &send.delivery);
            }
            Transport::Tcp => self.send_on_stream(send, &bytes),
        }
    }

    fn send_control(&mut self, send: &Send, control: Control) {
        match control {
            Control::Icmp(reason) => self.send_unreachable(send, reason),
            Control::Rtp => self.send_media(send),
            Control::Syn => {
                let attempt = self.streams.attempt(send.src, send.dst);
                self.send_segment(send, attempt);
            }
            Control::Fin => self.send_bare(send, Bare::Fin),
            Control::Rst => self.send_bare(send, Bare::Rst),
            Control::TcpAck => self.send_bare(send, Bare::Ack),
        }
    }

    fn send_bare(&mut self, send: &Send, bare: Bare) {
        let segment = self.streams.control(send.src, send.dst, bare);
        self.send_segment(send, segment);
    }

    fn send_segment(&mut self, send: &Send, segment: (SocketAddr, SocketAddr, Vec<u8>)) {
        let (src, dst, segment) = segment;
        let frames = self.frames(src, dst, Protocol::Tcp, &segment);
        self.deliver(frames, send.time_ns, &send.delivery);
    }

    fn send_unreachable(&mut self, send: &Send, reason: Unreachable) {
        let (src, dst) = (send.src, send.dst);
        let to_src = self.latest.get(&(dst.ip(), Some(src.ip())));
        let Some(frame) = to_src.or_else(|| self.latest.get(&(dst.ip(), None))) else {
            return;
        };
        let (protocol, message) =
            unreachable(src.ip(), dst.ip(), reason, ip_packet(self.link, frame));
        let frames = self.frames(src, dst, protocol, &message);
        self.deliver(frames, send.time_ns, &send.delivery);
    }

    /// G.711 packets (RFC 3551) up to the time that the line names, else one.
    fn send_media(&mut self, send: &Send) {
        const SAMPLES: u32 = 160;
        let every_ns = send.delivery.every_ns.unwrap_or(MEDIA_PACKET_NS);
        let until_ns = send
            .delivery
            .until_ns
            .map(|until| self.start_ns.saturating_add(until));
        let count = until_ns.map_or(0, |until| until.saturating_sub(send.time_ns) / every_ns);
        for number in 0..=count {
            let sequence = u16::try_from(number & 0xffff).unwrap_or(0);
            let timestamp = u32::try_from(number & 0x00ff_ffff)
                .unwrap_or(0)
                .wrapping_mul(SAMPLES);
            let mut packet = vec![0x80, 0];
            packet.extend_from_slice(&sequence.to_be_bytes());
            packet.extend_from_slice(&timestamp.to_be_bytes());
            packet.extend_from_slice(&u32::from(send.src.port()).to_be_bytes());
            packet.resize(12 + SAMPLES as usize, 0xd5);
            let datagram = udp(send.src, send.dst, &packet);
            let frames = self.frames(send.src, send.dst, Protocol::Udp, &datagram);
            self.deliver(
                frames,
                send.time_ns.saturating_add(number * every_ns),
                &send.delivery,
            );
        }
    }

    fn send_on_stream(&mut self, send: &Send, bytes: &[u8]) {
        let segments = self
            .streams
            .segments(send.src, send.dst, bytes, send.delivery.split_bytes);
        let count = segments.handshake.len() as u64;
        for (number, (src, dst, segment)) in segments.handshake.iter().enumerate() {
            let before = (count - number as u64 + segments.of_message.len() as u64) * SPACING_NS;
            let frames = self.frames(*src, *dst, Protocol::Tcp, segment);
            let time_ns = send.time_ns.saturating_sub(before);
            self.deliver(frames, time_ns, &Delivery::default());
        }
        let (src, dst) = segments.flow;
        let mut all = Vec::new();
        for segment in &segments.of_message {
            all.extend(self.frames(src, dst, Protocol::Tcp, segment));
        }
        self.deliver(all, send.time_ns, &send.delivery);
    }

    /// A packet that has nothing to do with SIP and shows that the capture was still running.
    pub(crate) fn end(&mut self, time_ns: u64, family: Family) {
        let endpoint = |last: u8| {
            let ip = IpAddr::V4(Ipv4Addr::new(203, 0, 113, last));
            SocketAddr::new(in_family(ip, family), 40_000)
        };
        let (src, dst) = (endpoint(253), endpoint(254));
        let datagram = udp(src, dst, b"the capture ends here");
        let frames = self.frames(src, dst, Protocol::Udp, &datagram);
        self.deliver(frames, time_ns, &Delivery::default());
    }

    /// All packets by time; packets of one time stay in the order in which they were made.
    pub(crate) fn finish(self) -> Vec<Packet> {
        let mut packets = self.packets;
        packets.sort_by_key(|packet| packet.time_ns);
        if let Some((share, seed)) = self.variation.drop {
            let mut chance = Chance { state: seed };
            packets.retain(|_| chance.next() >= share);
        }
        packets
    }

    fn frames(
        &mut self,
        src: SocketAddr,
        dst: SocketAddr,
        protocol: Protocol,
        packet: &[u8],
    ) -> Vec<Vec<u8>> {
        let id = self.ip_ids.entry(src.ip()).or_default();
        *id = id.wrapping_add(1);
        let frames = frames(self.link, src.ip(), dst.ip(), protocol, *id, packet);
        if let Some(first) = frames.first() {
            self.latest
                .insert((src.ip(), Some(dst.ip())), first.clone());
            self.latest.insert((src.ip(), None), first.clone());
        }
        frames
    }

    /// Puts the frames of one message into the capture, the last of them at `time_ns`.
    fn deliver(&mut self, frames: Vec<Vec<u8>>, time_ns: u64, delivery: &Delivery) {
        let count = frames.len();
        let lost = match delivery.lost {
            Some(Lost::One) => Some(count.min(2)),
            Some(Lost::Number(number)) => Some(number),
            None => None,
        };
        for (index, mut frame) in frames.into_iter().enumerate() {
            if lost == Some(index + 1) {
                continue;
            }
            let time_ns = time_ns.saturating_sub((count - 1 - index) as u64 * SPACING_NS);
            let original_length_bytes = frame.len();
            frame.truncate(delivery.truncate_bytes.unwrap_or(usize::MAX));
            let packet = Packet {
                time_ns,
                bytes: frame,
                original_length_bytes,
            };
            for after_ns in [delivery.duplicate_after_ns, self.variation.duplicate_after] {
                self.packets
                    .extend(after_ns.map(|after_ns| packet.clone().later(after_ns)));
            }
            self.packets.push(packet);
        }
    }
}

/// Numbers from 0 to 1 that depend on the seed alone (SplitMix64).
struct Chance {
    state: u64,
}

impl Chance {
    fn next(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }
}
