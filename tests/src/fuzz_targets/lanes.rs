//! Any order, overlap and loss of fragments, segments and chunks: the lane stays within its
//! limits, and what arrived undamaged comes out undamaged.

use siptriage_capture::decode::{Decoded, Decoder, Fragment, Place, Segment};
use siptriage_capture::{Frame, LinkType};
use siptriage_sip::framing;

use super::Script;
use super::feed::{ALICE, BOB, Feed, from_client, tight};

const RAW_IP: LinkType = LinkType(101);
const UDP: u8 = 17;

/// A count, as many fragments of five bytes each, and the datagram that they are taken from.
pub(super) fn fragments(bytes: &[u8]) {
    let (mut steps, datagram) = steps::<5>(bytes);
    let mut feed = Feed::new();
    while !steps.is_over() {
        let [flags, offset, length, id, more] = steps.array();
        let offset = usize::from(offset) * 8 + usize::from(flags & 1);
        let part = datagram.get(offset..).unwrap_or_default();
        let fragment = Fragment {
            seen: feed.sight(flags >> 5, more >> 4),
            src: ALICE,
            dst: BOB,
            protocol: [UDP, 6, 132, 44][usize::from(flags >> 1 & 3)],
            id: u32::from(id),
            offset: offset + if more & 2 == 0 { 0 } else { 65_000 },
            place: place(more & 1 != 0),
            bytes: &part[..part.len().min(usize::from(length) * 4)],
        };
        feed.fragment(&fragment);
    }
    feed.finish();
    assert_datagram_survives(bytes);
}

/// A datagram cut in fragments comes out once and as it was, whatever the order of them.
fn assert_datagram_survives(bytes: &[u8]) {
    // The UDP header, and a first byte that no tunnel over UDP begins with.
    const HEAD: [u8; 9] = [0x13, 0xc4, 0x13, 0xc4, 0, 0, 0, 0, b'.'];
    let mut script = Script::new(bytes);
    let (size, start, is_backwards) = (script.byte(), script.byte(), script.byte() & 1 == 0);
    let mut datagram = [&HEAD, script.take(1_400)].concat();
    let length = u16::try_from(datagram.len()).expect("cut to fit");
    datagram[4..6].copy_from_slice(&length.to_be_bytes());
    let size = (usize::from(size % 32) + 1) * 8;
    let parts: Vec<&[u8]> = datagram.chunks(size).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.rotate_left(usize::from(start) % parts.len());
    if is_backwards {
        order.reverse();
    }
    let mut feed = Feed::new();
    for index in order {
        let fragment = Fragment {
            seen: feed.sight(1, 0),
            src: ALICE,
            dst: BOB,
            protocol: UDP,
            id: 1,
            offset: index * size,
            place: place(index + 1 == parts.len()),
            bytes: parts[index],
        };
        feed.fragment(&fragment);
    }
    let is_one = parts.len() == 1;
    if feed.is_without_loss() && !is_one {
        assert_eq!(
            feed.given,
            [&datagram[8..]],
            "a datagram was lost or changed"
        );
    }
}

fn place(is_last: bool) -> Place {
    if is_last { Place::Last } else { Place::Inner }
}

/// A count, as many segments of eight bytes each, and the stream that both sides send from.
pub(super) fn segments(bytes: &[u8]) {
    let (mut steps, stream) = steps::<8>(bytes);
    let mut sizes = Vec::new();
    let mut feed = Feed::new();
    while !steps.is_over() {
        let [from, flags, pause, length, low, high, ack, missing] = steps.array();
        sizes.push(usize::from(length));
        let start = u16::from_le_bytes([low, high]);
        let part = stream.get(usize::from(start)..).unwrap_or_default();
        let mut part = part[..part.len().min(usize::from(length) * 2)].to_vec();
        if from & 0x40 != 0 {
            // A sender that does not stand by what it sent.
            part.iter_mut().for_each(|byte| *byte ^= 0x20);
        }
        let flow = from_client(u16::from(from & 7));
        let base = if from & 0x20 == 0 {
            u32::MAX - 16
        } else {
            0x7fff_0000
        };
        let segment = Segment {
            seen: feed.sight(pause, missing),
            flow: if from & 8 == 0 { flow } else { flow.reversed() },
            seq: base.wrapping_add(u32::from(start)),
            ack: base.wrapping_add(u32::from(ack) * 8),
            flags,
            window: 512,
            bytes: &part,
        };
        feed.segment(&segment);
    }
    feed.finish();
    assert_cut_alike(stream, &sizes);
}

/// Messages that stand one behind the other come out the same however they are cut in segments.
fn assert_cut_alike(stream: &[u8], sizes: &[usize]) {
    let messages = messages_of(stream);
    let longest = messages.iter().map(Vec::len).max().unwrap_or(0);
    if longest > tight().stream_bytes {
        return;
    }
    let mut feed = Feed::new();
    feed.stream(stream, sizes, from_client(0));
    let given = &feed.given[..feed.given.len().min(messages.len())];
    assert_eq!(given, messages, "segments change the messages");
}

/// The messages at the head of a stream, up to where it holds something else.
fn messages_of(mut stream: &[u8]) -> Vec<Vec<u8>> {
    let mut messages = Vec::new();
    loop {
        match framing::cut(stream) {
            framing::Frame::Message(length) => {
                messages.push(stream[..length].to_vec());
                stream = &stream[length..];
            }
            framing::Frame::Nothing(length) => stream = &stream[length..],
            framing::Frame::More { .. } | framing::Frame::Foreign { .. } => return messages,
        }
    }
}

/// A count, as many WebSocket frames of six bytes each, and what they carry; behind a handshake.
pub(super) fn websocket(bytes: &[u8]) {
    const UPGRADE: &[u8] = b"GET /ws HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\n\
        Sec-WebSocket-Protocol: sip\r\n\r\n";
    const SWITCH: &[u8] =
        b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Protocol: sip\r\n\r\n";
    let (mut steps, text) = steps::<6>(bytes);
    let (mut client, mut server) = (UPGRADE.to_vec(), SWITCH.to_vec());
    let mut sizes = Vec::new();
    while !steps.is_over() {
        let [first, form, start, length, lie, size] = steps.array();
        let part = text.get(usize::from(start) * 4..).unwrap_or_default();
        let part = &part[..part.len().min(usize::from(length) * 2)];
        let stream = if form & 1 == 0 {
            &mut client
        } else {
            &mut server
        };
        write_frame(stream, first, form, u64::from(lie), part);
        sizes.push(usize::from(size));
    }
    let mut feed = Feed::new();
    feed.stream(&client, &sizes, from_client(0));
    feed.stream(&server, &sizes, from_client(0).reversed());
    feed.finish();
}

/// A frame of RFC 6455 5.2. `form` chooses mask and length field, `lie` what the length says too
/// much.
fn write_frame(stream: &mut Vec<u8>, first: u8, form: u8, lie: u64, payload: &[u8]) {
    let masked = form & 2 == 0;
    let flag = if masked { 0x80 } else { 0 };
    let length = payload.len() as u64 + (lie & 7) * 3;
    stream.push(first);
    match form >> 2 & 3 {
        0 if length < 126 => stream.push(flag | length as u8),
        3 => {
            stream.push(flag | 127);
            stream.extend((length << (lie >> 3)).to_be_bytes());
        }
        _ => {
            stream.push(flag | 126);
            stream.extend((length as u16).to_be_bytes());
        }
    }
    let mask = if masked { [1, 2, form, 4] } else { [0; 4] };
    if masked {
        stream.extend(mask);
    }
    let mask = mask.iter().cycle();
    stream.extend(payload.iter().zip(mask).map(|(byte, mask)| byte ^ mask));
}

/// A count, as many SCTP chunks of six bytes each, and the message that they are cut from.
pub(super) fn associations(bytes: &[u8]) {
    let (mut steps, message) = steps::<6>(bytes);
    let mut feed = Feed::new();
    let decoder = Decoder::new(&tight());
    while !steps.is_over() {
        let [kind, flags, tsn, start, length, more] = steps.array();
        let part = message.get(usize::from(start) * 4..).unwrap_or_default();
        let part = &part[..part.len().min(usize::from(length) * 2)];
        let mut packet = vec![0x13, 0xc4, 0x13, 0xc4, 0, 0, 0, kind >> 1 & 7, 0, 0, 0, 0];
        packet.extend([if kind & 1 == 0 { 0 } else { 64 }, flags]);
        packet.extend((part.len() as u16 + 16 + u16::from(more & 7)).to_be_bytes());
        packet.extend((u32::from(tsn) << (more >> 3)).to_be_bytes());
        packet.extend([0, 1, 0, 1, 0, 0, 0, 0]);
        packet.extend(part);
        let packet = ipv4(132, &packet);
        let seen = feed.sight(kind >> 5, 0);
        let frame = Frame {
            file: 0,
            number: seen.frame.number(),
            time: seen.time,
            time_digits: 6,
            interface: 0,
            link: RAW_IP,
            bytes: &packet,
            original_len: packet.len() as u32,
        };
        if let Decoded::Chunks(chunks) = decoder.decode(&frame) {
            feed.chunks(&chunks);
        }
    }
    feed.finish();
}

fn ipv4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let [high, low] = (payload.len() as u16 + 20).to_be_bytes();
    let head = [0x45, 0, high, low, 0, 1, 0, 0, 64, protocol, 0, 0];
    [&head[..], &[192, 0, 2, 1, 198, 51, 100, 2], payload].concat()
}

/// The steps of `SIZE` bytes that the first byte counts, and what follows them.
fn steps<const SIZE: usize>(bytes: &[u8]) -> (Script<'_>, &[u8]) {
    let mut script = Script::new(bytes);
    let count = usize::from(script.byte() % 64);
    let steps = script.take(count * SIZE);
    (Script::new(steps), script.rest())
}
