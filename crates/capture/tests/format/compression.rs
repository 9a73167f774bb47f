//! Reading through each codec, within limits.

use std::io::{self, Read, Write};

use siptriage_capture::Limits;
use siptriage_capture::format::compression::{Compression, Expansion};

/// `plain` as one member, stream or frame with a checksum.
fn compress(codec: Compression, plain: &[u8]) -> Vec<u8> {
    match codec {
        Compression::Gzip => {
            let level = flate2::Compression::fast();
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), level);
            writer.write_all(plain).expect("memory");
            writer.finish().expect("memory")
        }
        Compression::Zstd => {
            let mut writer = zstd::Encoder::new(Vec::new(), 1).expect("memory");
            writer
                .include_checksum(true)
                .expect("before the first byte");
            writer.write_all(plain).expect("memory");
            writer.finish().expect("memory")
        }
        Compression::Lz4 => {
            let checked = lz4_flex::frame::FrameInfo::new().content_checksum(true);
            let mut writer = lz4_flex::frame::FrameEncoder::with_frame_info(checked, Vec::new());
            writer.write_all(plain).expect("memory");
            writer.finish().expect("memory")
        }
        Compression::Bzip2 => {
            let level = bzip2::Compression::fast();
            let mut writer = bzip2::write::BzEncoder::new(Vec::new(), level);
            writer.write_all(plain).expect("memory");
            writer.finish().expect("memory")
        }
        Compression::Xz => {
            let mut writer = liblzma::write::XzEncoder::new(Vec::new(), 1);
            writer.write_all(plain).expect("memory");
            writer.finish().expect("memory")
        }
    }
}

fn expand(codec: Compression, packed: &[u8], limits: &Limits) -> (Vec<u8>, Option<&'static str>) {
    let mut reader = Expansion::new(codec, packed, limits).expect("built in");
    let mut plain = Vec::new();
    reader
        .read_to_end(&mut plain)
        .expect("the input cannot fail");
    (plain, reader.stopped())
}

#[test]
fn members_one_after_the_other_are_read_as_one() {
    for codec in Compression::ALL {
        let packed = [
            compress(codec, b"one, "),
            compress(codec, b""),
            compress(codec, b"two"),
        ]
        .concat();
        assert_eq!(Compression::detect(&packed), Some(codec));
        let expanded = expand(codec, &packed, &Limits::default());
        assert_eq!(expanded, (b"one, two".to_vec(), None), "{codec:?}");
        let mut plain = Vec::new();
        let mut decoder = codec.decoder(packed.as_slice()).expect("built in");
        decoder.read_to_end(&mut plain).expect("good data");
        assert_eq!(plain, b"one, two");
    }
}

#[test]
fn damage_ends_the_data_and_is_named() {
    let text: Vec<u8> = (0..100_000_u32)
        .flat_map(|number| number.to_le_bytes())
        .collect();
    for codec in Compression::ALL {
        let mut packed = compress(codec, &text);
        let middle = packed.len() / 2;
        packed[middle..middle + 64].fill(0xff);
        let (plain, stopped) = expand(codec, &packed, &Limits::default());
        assert_eq!(stopped, Some("compressed-damaged"), "{codec:?}");
        assert_ne!(plain, text, "{codec:?}");
    }
}

#[test]
fn a_cut_file_gives_what_is_left() {
    let text: Vec<u8> = (0..400_000_u32)
        .flat_map(|number| number.to_le_bytes())
        .collect();
    for codec in Compression::ALL {
        let packed = compress(codec, &text);
        let (plain, stopped) = expand(codec, &packed[..packed.len() - 20], &Limits::default());
        assert!(text.starts_with(&plain), "{codec:?}");
        // The decoder of LZ4 takes an end between blocks for the end of the frame.
        if codec != Compression::Lz4 {
            assert_eq!(stopped, Some("compressed-damaged"), "{codec:?}");
        }
    }
}

#[test]
fn damage_costs_little_of_what_precedes_it_whatever_the_size_of_the_reads() {
    const KEPT_BACK: usize = 8 << 10;
    let text: Vec<u8> = (0..40_000_u32)
        .flat_map(|number| number.wrapping_mul(0x9e37_79b9).to_le_bytes())
        .collect();
    for codec in Compression::ALL {
        let mut packed = [compress(codec, &text), compress(codec, &text)].concat();
        let second = packed.len() / 2;
        packed[second..second + 64].fill(0xff);
        let whole = expand(codec, &packed, &Limits::default());
        assert_eq!(whole.1, Some("compressed-damaged"), "{codec:?}");
        assert!(
            whole.0.starts_with(&text[..text.len() - KEPT_BACK]),
            "{codec:?}"
        );
        for size in [577, 1 << 20] {
            let mut reader =
                Expansion::new(codec, packed.as_slice(), &Limits::default()).expect("built in");
            let (mut plain, mut buffer) = (Vec::new(), vec![0; size]);
            loop {
                let bytes = reader.read(&mut buffer).expect("the input cannot fail");
                if bytes == 0 {
                    break;
                }
                plain.extend_from_slice(&buffer[..bytes]);
            }
            assert!(plain == whole.0, "{codec:?} in reads of {size}");
        }
    }
}

#[test]
fn what_follows_a_small_file_costs_nothing_of_it() {
    for codec in Compression::ALL {
        let packed = [&compress(codec, b"all of it")[..], b"something else"].concat();
        let (plain, stopped) = expand(codec, &packed, &Limits::default());
        let expected = (&b"all of it"[..], Some("compressed-damaged"));
        assert_eq!((&plain[..], stopped), expected, "{codec:?}");
    }
}

#[test]
fn a_frame_to_skip_is_skipped_wherever_it_stands() {
    let skipped = b"\x50\x2a\x4d\x18\x04\0\0\0skip";
    let parts = [b"one, ", b"two. "].map(|part| compress(Compression::Zstd, part));
    let packed = [skipped, &parts[0][..], skipped, &parts[1]].concat();
    assert_eq!(Compression::detect(&packed), Some(Compression::Zstd));
    let expanded = expand(Compression::Zstd, &packed, &Limits::default());
    assert_eq!(expanded, (b"one, two. ".to_vec(), None));
}

#[test]
fn a_window_beyond_the_memory_granted_is_named() {
    // A header that asks for a window of 2 GiB (RFC 8878 3.1.1.1.2).
    let head = b"\x28\xb5\x2f\xfd\x00\xa8\x01\0\0";
    let (plain, stopped) = expand(Compression::Zstd, head, &Limits::default());
    assert_eq!((plain.len(), stopped), (0, Some("compression-memory")));
}

#[test]
fn expansion_stops_beyond_the_limit() {
    let zeros = vec![0; 65 << 20];
    let packed = compress(Compression::Zstd, &zeros);
    let strict = Limits {
        expansion: 100,
        ..Limits::default()
    };
    let (plain, stopped) = expand(Compression::Zstd, &packed, &strict);
    assert!(plain.len() > 64 << 20 && plain.len() < zeros.len());
    assert_eq!(stopped, Some("expansion-limit"));
    let generous = Limits {
        expansion: 1_000_000,
        ..Limits::default()
    };
    let (plain, stopped) = expand(Compression::Zstd, &packed, &generous);
    assert_eq!((plain.len(), stopped), (zeros.len(), None));
}

#[test]
fn small_files_may_expand_extremely() {
    let packed = compress(Compression::Zstd, &vec![0; 1 << 20]);
    let strict = Limits {
        expansion: 1,
        ..Limits::default()
    };
    assert_eq!(expand(Compression::Zstd, &packed, &strict).1, None);
}

#[test]
fn an_input_that_fails_is_an_error_and_not_damage() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk"))
        }
    }
    let packed = compress(Compression::Gzip, &vec![7; 100_000]);
    let input = packed[..20].chain(Failing);
    let mut reader =
        Expansion::new(Compression::Gzip, input, &Limits::default()).expect("built in");
    let error = reader
        .read_to_end(&mut Vec::new())
        .expect_err("the disk fails");
    assert_eq!(error.to_string(), "the disk");
    assert_eq!(reader.stopped(), None);
}
