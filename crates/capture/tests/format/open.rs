//! What is recognised as a capture, and what is said about the rest.

use siptriage_capture::Limits;
use siptriage_capture::format::compression::Compression;
use siptriage_capture::format::{Boundary, Format, OpenError};

use crate::writer::{Order, Pcap, Pcapng};

fn open(head: &[u8]) -> Result<Format, OpenError> {
    let head = &head[..head.len().min(Boundary::HEAD_BYTES)];
    Boundary::open(head, &Limits::default()).map(|boundary| boundary.summary().format)
}

#[test]
fn both_formats_are_recognised_in_both_byte_orders() {
    for order in Order::BOTH {
        assert_eq!(
            open(&Pcap::new(order, Pcap::MICROSECONDS).bytes),
            Ok(Format::Pcap)
        );
        assert_eq!(open(&Pcapng::new(order).bytes), Ok(Format::Pcapng));
    }
}

#[test]
fn nothing_at_all_is_empty() {
    assert_eq!(open(b""), Err(OpenError::Empty));
}

#[test]
fn a_cut_file_header_is_told_from_a_foreign_file() {
    let pcap = Pcap::usual().bytes;
    for bytes in 4..24 {
        let expected = OpenError::HeaderCut {
            format: Format::Pcap,
            bytes,
        };
        assert_eq!(open(&pcap[..bytes]), Err(expected));
    }
    let ixia = Pcap::new(Order::Little, Pcap::IXIA_HARDWARE).bytes;
    assert_eq!(
        open(&ixia[..27]),
        Err(OpenError::HeaderCut {
            format: Format::Pcap,
            bytes: 27
        })
    );
    let pcapng = Pcapng::new(Order::Little).bytes;
    for bytes in 4..28 {
        let expected = OpenError::HeaderCut {
            format: Format::Pcapng,
            bytes,
        };
        assert_eq!(open(&pcapng[..bytes]), Err(expected));
    }
}

#[test]
fn other_capture_formats_are_named_with_the_remedy() {
    let erf = [0, 0, 0, 0, 0, 0, 0, 0x60, 2, 4, 0, 80, 0, 0, 0, 64];
    let packet_logger = [0, 0, 0, 12, 0x60, 0, 0, 0, 0, 0, 0, 1, 0xfc, b'x'];
    let formats: [(&[u8], &str); 12] = [
        (b"snoop\0\0\0\0\0\0\x02\0\0\0\x04", "Solaris snoop"),
        (b"GMBU\0\x02\x01\0", "Microsoft Network Monitor 2"),
        (b"RTSS\x01\x01\0\0", "Microsoft Network Monitor 1"),
        (b"btsnoop\0\0\0\0\x01\0\0\x03\xea", "Bluetooth btsnoop"),
        (
            b"+---------+---------------+----------+\r\n10:15:02",
            "K12 text",
        ),
        (b"TR\0d\0\0\0\0", "HP-UX nettl"),
        (b"\xaa\xaa\xaa\xaa\x20\0\0\0", "InfoVista 5View"),
        (b"ObserverPktBufferVersion=15.00", "Viavi Observer"),
        (b"\x01\x10\x4c\0\x01\x05Tr", "Novell LANalyzer"),
        (b"iptrace 2.0\0\0", "AIX iptrace"),
        (&erf, "Endace ERF"),
        (&packet_logger, "Apple PacketLogger"),
    ];
    for (head, name) in formats {
        let error = open(head).expect_err("not read");
        assert_eq!(error, OpenError::OtherFormat { name });
        let remedy = format!(
            "a capture in {name} format, which is not read: \
             convert it with `editcap -F pcapng IN OUT`"
        );
        assert_eq!(error.to_string(), remedy);
    }
}

#[test]
fn numbers_that_are_no_times_are_no_capture() {
    let mut erf = [0, 0, 0, 0, 0, 0, 0, 0x60, 2, 4, 0, 80, 0, 0, 0, 64];
    erf[12] = 1;
    let early = [0, 0, 0, 12, 0x20, 0, 0, 0, 0, 0, 0, 1, 0xfc, b'x'];
    for head in [&erf[..], &early] {
        let first = *head.first_chunk().expect("long enough");
        assert_eq!(open(head), Err(OpenError::Unknown { first }));
    }
}

#[test]
fn text_is_text() {
    for text in [
        "INVITE sip:bob@example.com SIP/2.0\r\n",
        "{\"a\": 1}",
        "\u{feff}0000  45 00",
        "J\u{f6}rg says hello",
    ] {
        assert_eq!(open(text.as_bytes()), Err(OpenError::Text));
    }
}

#[test]
fn converted_line_ends_are_seen() {
    let file = Pcapng::new(Order::Little).bytes;
    let crlf_to_lf = [&file[..1], &[0x0d, 0x0a], &file[4..]].concat();
    let lf_to_crlf = [&[0x0d, 0x0a, 0x0d, 0x0d, 0x0d, 0x0a][..], &file[4..]].concat();
    for file in [crlf_to_lf, lf_to_crlf] {
        assert_eq!(open(&file), Err(OpenError::LineEndsConverted));
    }
}

#[test]
fn compressed_files_are_named() {
    let heads: [(&[u8], Compression, &str); 6] = [
        (b"\x50\x2a\x4d\x18\x04\0\0\0", Compression::Zstd, "zstd"),
        (b"\x1f\x8b\x08\0", Compression::Gzip, "gzip"),
        (b"\x28\xb5\x2f\xfd\0", Compression::Zstd, "zstd"),
        (b"\x04\x22\x4d\x18\0", Compression::Lz4, "lz4"),
        (b"BZh91AY", Compression::Bzip2, "bzip2"),
        (b"\xfd7zXZ\0\0", Compression::Xz, "xz"),
    ];
    for (head, compression, name) in heads {
        assert_eq!(Compression::detect(head), Some(compression));
        assert_eq!(compression.name(), name);
        assert_eq!(open(head), Err(OpenError::Compressed(compression)));
    }
    for head in [
        &b""[..],
        b"\x1f",
        b"\x1f\x8b\x07",
        b"BZh0",
        &Pcap::usual().bytes,
    ] {
        assert_eq!(Compression::detect(head), None);
    }
}

#[test]
fn anything_else_shows_its_first_bytes() {
    assert_eq!(
        open(&[0x7f, 0, 0xff, 1, 2]),
        Err(OpenError::Unknown {
            first: [0x7f, 0, 0xff, 1]
        })
    );
    let error = open(&[0x0a, 0]).expect_err("not read");
    let expected = "not a capture: expected the first bytes of pcap or pcapng, found 0a 00 00 00";
    assert_eq!(error.to_string(), expected);
    let without_order = [0x0a0d_0d0a_u32.to_le_bytes(), [28, 0, 0, 0], [1, 2, 3, 4]].concat();
    let without_order = [without_order, vec![0; 20]].concat();
    assert_eq!(
        open(&without_order),
        Err(OpenError::Unknown {
            first: [0x0a, 0x0d, 0x0d, 0x0a]
        })
    );
}
