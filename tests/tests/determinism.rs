//! The same input gives the same bytes of output: whatever the number of threads, the size of the
//! pieces, and the way the input comes in.

use std::fs;

use siptriage_testkit::capture;
use siptriage_tests::built::format::{Codec, ETHERNET, Order, Pcap, Section};
use siptriage_tests::built::mixture::mixture;
use siptriage_tests::folder::Folder;
use siptriage_tests::root;

/// Everything that is printed about captures.
const COMMANDS: [&[&str]; 5] = [
    &["analyze", "--format", "json"],
    &["analyze", "--format", "ndjson"],
    &["analyze", "--format", "csv"],
    &["calls", "--format", "csv"],
    &["messages", "--format", "csv"],
];
const THREADS: [&str; 4] = ["1", "2", "3", "8"];
/// The smallest pieces, pieces of an odd size, and the usual one.
const PIECE_BYTES: [&str; 3] = ["4096", "10007", "262144"];

#[test]
fn threads_and_pieces_make_no_difference() {
    let packets = mixture(60);
    let pcap = Pcap::Microseconds.file(Order::Little, ETHERNET, &packets);
    let pcapng = Section::plain(Order::Big).with(&packets);
    assert!(pcap.len() > 40 * 4096, "the capture is cut everywhere");
    let folder = Folder::of(&[("a.pcap", &pcap), ("a.pcapng", &pcapng)]).expect("files");
    assert_always_the_same(&folder, &["a.pcap"]);
    assert_always_the_same(&folder, &["a.pcapng"]);
}

#[test]
fn several_files_are_merged_the_same_way() {
    let packets = mixture(30);
    let (before, after) = capture::split_at(packets.clone(), packets[packets.len() / 2].time_ns);
    let (odd, even): (Vec<_>, Vec<_>) = after
        .into_iter()
        .partition(|packet| packet.time_ns / 1_000_000 % 2 == 1);
    let [before, odd, even] = [before, odd, even].map(|packets| capture::write_pcap(&packets));
    let folder = Folder::of(&[("0", &before), ("1", &odd), ("2", &even)]).expect("files");
    assert_always_the_same(&folder, &["0", "1", "2"]);
}

#[test]
fn captures_of_real_programs_are_read_the_same_way() {
    let captures = root().join("fixtures/captures");
    for entry in fs::read_dir(captures).expect("the fixtures are readable") {
        let path = entry.expect("an entry").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "pcap")
        {
            let bytes = fs::read(path).expect("a capture");
            let folder = Folder::of(&[("a", &bytes)]).expect("a file");
            assert_always_the_same(&folder, &["a"]);
        }
    }
}

#[test]
fn a_compressed_file_is_the_same_capture() {
    let plain = Pcap::Nanoseconds.file(Order::Little, ETHERNET, &mixture(30));
    for codec in Codec::ALL {
        let packed = codec.pack(&plain).expect("memory can be written to");
        let name = format!("{codec:?}").to_lowercase();
        let folder = Folder::of(&[("plain", &plain), ("packed", &packed)]).expect("files");
        for command in COMMANDS {
            let compression = format!("\"compression\":\"{name}\"");
            let packed =
                output(&folder, command, &["packed"]).replace(&compression, "\"compression\":null");
            assert_eq!(
                output(&folder, command, &["plain"]),
                packed,
                "{name} {command:?}"
            );
        }
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_the_same_capture() {
    use std::io::{self, Write};
    use std::os::fd::AsRawFd;
    use std::thread;

    use siptriage_tests::program;

    let file = Section::plain(Order::Little).with(&mixture(30));
    let folder = Folder::of(&[("a", &file)]).expect("a file");
    for command in COMMANDS {
        let bytes = &file;
        let (reader, mut writer) = io::pipe().expect("a pipe");
        let path = format!("/dev/fd/{}", reader.as_raw_fd());
        let piped = thread::scope(|scope| {
            scope.spawn(move || writer.write_all(bytes));
            program::run(command.iter().copied().chain([path.as_str()]))
        });
        assert_eq!(piped.code, 0, "{}", piped.err);
        let read = output(&folder, command, &["a"]);
        assert_eq!(read, piped.out.replace(&path, ""), "{command:?}");
    }
}

/// Every command, with every number of threads and every size of pieces.
#[track_caller]
fn assert_always_the_same(folder: &Folder, names: &[&str]) {
    for command in COMMANDS {
        let first = output(folder, command, names);
        for threads in THREADS {
            for bytes in PIECE_BYTES {
                let options = ["--threads", threads, "--piece-bytes", bytes];
                let again = output(folder, &[command, &options].concat(), names);
                let line = first
                    .lines()
                    .zip(again.lines())
                    .find(|(one, other)| one != other);
                assert!(
                    first == again,
                    "{command:?} with {options:?} on {names:?} is different, first in {line:#?}"
                );
            }
        }
    }
}

/// What is printed, without the name of the folder.
#[track_caller]
fn output(folder: &Folder, arguments: &[&str], names: &[&str]) -> String {
    let run = folder.run(arguments, names);
    assert_eq!(run.code, 0, "{arguments:?}: {}", run.err);
    let mut out = run.out;
    for name in names {
        let path = folder.path().join(name);
        out = out.replace(&path.display().to_string(), "");
    }
    out
}
