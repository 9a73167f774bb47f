//! Capture files written from packets, and packets of several traces put together.

use crate::packet::Packet;

/// LINKTYPE_ETHERNET.
const ETHERNET: u16 = 1;
const SNAP_LENGTH_BYTES: u32 = 262_144;

/// A pcap file, little-endian, with nanosecond times.
#[must_use]
pub fn write_pcap(packets: &[Packet]) -> Vec<u8> {
    const MAGIC_NANOSECONDS: u32 = 0xa1b2_3c4d;
    let mut file = Vec::new();
    file.extend_from_slice(&MAGIC_NANOSECONDS.to_le_bytes());
    file.extend_from_slice(&[2, 0, 4, 0]);
    file.extend_from_slice(&[0; 8]);
    file.extend_from_slice(&SNAP_LENGTH_BYTES.to_le_bytes());
    file.extend_from_slice(&u32::from(ETHERNET).to_le_bytes());
    for packet in packets {
        file.extend_from_slice(&clamped(packet.time_ns / 1_000_000_000).to_le_bytes());
        file.extend_from_slice(&clamped(packet.time_ns % 1_000_000_000).to_le_bytes());
        file.extend_from_slice(&clamped(packet.bytes.len() as u64).to_le_bytes());
        file.extend_from_slice(&clamped(packet.original_length_bytes as u64).to_le_bytes());
        file.extend_from_slice(&packet.bytes);
    }
    file
}

/// A pcapng file, little-endian, with one interface and nanosecond times.
#[must_use]
pub fn write_pcapng(packets: &[Packet]) -> Vec<u8> {
    const SECTION_HEADER: u32 = 0x0a0d_0d0a;
    const INTERFACE_DESCRIPTION: u32 = 1;
    const ENHANCED_PACKET: u32 = 6;
    let mut section = Vec::new();
    section.extend_from_slice(&0x1a2b_3c4d_u32.to_le_bytes());
    section.extend_from_slice(&[1, 0, 0, 0]);
    section.extend_from_slice(&u64::MAX.to_le_bytes());
    let mut interface = Vec::new();
    interface.extend_from_slice(&ETHERNET.to_le_bytes());
    interface.extend_from_slice(&[0, 0]);
    interface.extend_from_slice(&SNAP_LENGTH_BYTES.to_le_bytes());
    // if_tsresol 9, then the end of the options.
    interface.extend_from_slice(&[9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0]);
    let mut file = Vec::new();
    push_block(&mut file, SECTION_HEADER, &section);
    push_block(&mut file, INTERFACE_DESCRIPTION, &interface);
    for packet in packets {
        let mut body = vec![0; 4];
        body.extend_from_slice(&clamped(packet.time_ns >> 32).to_le_bytes());
        body.extend_from_slice(&clamped(packet.time_ns & 0xffff_ffff).to_le_bytes());
        body.extend_from_slice(&clamped(packet.bytes.len() as u64).to_le_bytes());
        body.extend_from_slice(&clamped(packet.original_length_bytes as u64).to_le_bytes());
        body.extend_from_slice(&packet.bytes);
        push_block(&mut file, ENHANCED_PACKET, &body);
    }
    file
}

fn push_block(file: &mut Vec<u8>, kind: u32, body: &[u8]) {
    const FRAME_BYTES: usize = 12;
    let padded = body.len().next_multiple_of(4);
    let length = clamped((padded + FRAME_BYTES) as u64).to_le_bytes();
    file.extend_from_slice(&kind.to_le_bytes());
    file.extend_from_slice(&length);
    file.extend_from_slice(body);
    file.resize(file.len() + padded - body.len(), 0);
    file.extend_from_slice(&length);
}

/// The packets of several traces as one capture in the order of their times; at equal times the
/// earlier trace comes first.
#[must_use]
pub fn interleave(traces: Vec<Vec<Packet>>) -> Vec<Packet> {
    let mut packets: Vec<Packet> = traces.into_iter().flatten().collect();
    packets.sort_by_key(|packet| packet.time_ns);
    packets
}

/// The packets before a time and those from it on, as a capture that went into a second file.
#[must_use]
pub fn split_at(packets: Vec<Packet>, time_ns: u64) -> (Vec<Packet>, Vec<Packet>) {
    packets
        .into_iter()
        .partition(|packet| packet.time_ns < time_ns)
}

fn clamped(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(time_ns: u64, length: usize) -> Packet {
        Packet {
            time_ns,
            bytes: vec![7; length],
            original_length_bytes: 9,
        }
    }

    #[test]
    fn a_pcap_record_holds_time_and_both_lengths() {
        let file = write_pcap(&[packet(2_000_000_003, 5)]);
        assert_eq!(file.len(), 24 + 16 + 5);
        assert_eq!(
            file[24..40],
            [2, 0, 0, 0, 3, 0, 0, 0, 5, 0, 0, 0, 9, 0, 0, 0]
        );
    }

    #[test]
    fn pcapng_blocks_are_padded_and_framed() {
        let file = write_pcapng(&[packet(1 << 32 | 3, 5)]);
        let record = &file[28 + 32..];
        assert_eq!(record.len(), 40);
        assert_eq!(record[..8], [6, 0, 0, 0, 40, 0, 0, 0]);
        assert_eq!(record[12..20], [1, 0, 0, 0, 3, 0, 0, 0]);
        assert_eq!(record[33..], [0, 0, 0, 40, 0, 0, 0]);
    }

    #[test]
    fn captures_are_put_together_and_cut_by_time() {
        let all = interleave(vec![vec![packet(1, 1), packet(5, 1)], vec![packet(3, 2)]]);
        let times: Vec<u64> = all.iter().map(|packet| packet.time_ns).collect();
        assert_eq!(times, [1, 3, 5]);
        let (before, after) = split_at(all, 3);
        assert_eq!((before.len(), after.len()), (1, 2));
    }
}
