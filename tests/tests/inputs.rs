//! Several files are one time line; what cannot be read keeps nothing else from being read.

use serde_json::{Value, json};
use siptriage_testkit::{Packet, capture};
use siptriage_tests::built::format::{Codec, ETHERNET, Order, Pcap, Section};
use siptriage_tests::built::mixture::mixture;
use siptriage_tests::built::transport::{Cutting, stream};
use siptriage_tests::built::{self, transport};
use siptriage_tests::document::{Document, text};
use siptriage_tests::folder::Folder;
use siptriage_tests::program::Run;

const ANALYZE: [&str; 3] = ["analyze", "--format", "json"];
const UNREAD: u8 = 3;
const NO_SIP: u8 = 4;

#[test]
fn a_capture_in_two_files_cut_at_any_record() {
    let packets = mixture(5);
    let whole = gist_of(&[&packets]);
    assert_eq!(whole.calls.len(), 5);
    for cut in 1..packets.len() {
        let (before, after) = packets.split_at(cut);
        gist_of(&[before, after]).assert_is(&whole, &format!("cut after {cut}"));
    }
}

#[test]
fn a_capture_in_three_files_given_in_any_order() {
    let packets = mixture(5);
    let whole = gist_of(&[&packets]);
    for cut in (1..packets.len() - 8).step_by(5) {
        let (first, rest) = packets.split_at(cut);
        let (second, third) = rest.split_at(7);
        gist_of(&[third, first, second]).assert_is(&whole, &format!("cut after {cut}"));
    }
}

#[test]
fn rotated_files_that_overlap_by_a_packet() {
    let packets = mixture(5);
    let whole = gist_of(&[&packets]);
    let begin = packets[0].time_ns;
    for cut in 2..packets.len() {
        let (mut before, mut after) = (packets[..cut].to_vec(), packets[cut..].to_vec());
        let (last, first) = (before[cut - 1].time_ns, after[0].time_ns);
        if (first - last) * 11 > first - begin || first - last > 900_000_000 {
            continue;
        }
        std::mem::swap(&mut before[cut - 1], &mut after[0]);
        gist_of(&[&before, &after]).assert_is(&whole, &format!("overlap at {cut}"));
    }
}

#[test]
fn what_is_lost_is_counted_in_the_file_that_has_it() {
    let begun = stream(Cutting::of(200)).packets();
    let begun = &begun[..begun.len() - 1];
    let later = mixture(1).into_iter();
    let later: Vec<Packet> = later
        .map(|packet| packet.later(3_600_000_000_000))
        .collect();
    let files = [&later, begun].map(capture::write_pcap);
    let folder = Folder::of(&[("later", &files[0]), ("begun", &files[1])]).expect("files");
    let run = folder.run(&ANALYZE, &["later", "begun"]);
    let document: Value = serde_json::from_str(&run.out).expect("JSON");
    let last = begun.len();
    let skipped = [0, 1].map(|number| document["captures"][number]["skipped"].clone());
    let expected =
        json!([{"reason": "stream-message-unfinished", "count": 1, "first_frame": last}]);
    assert_eq!(skipped, [json!([]), expected]);
}

#[test]
fn a_message_given_out_late_has_the_frame_and_file_it_was_in() {
    let mut begun = stream(Cutting::of(200)).packets();
    let with_body = |packet: &Packet| packet.bytes.windows(4).any(|bytes| bytes == b"v=0\r");
    let until = begun.iter().position(with_body).expect("a body");
    begun.truncate(until + 1);
    let later = mixture(1).into_iter();
    let later: Vec<Packet> = later
        .map(|packet| packet.later(3_600_000_000_000))
        .collect();
    let files = [&later, &begun].map(|packets| capture::write_pcap(packets));
    let folder = Folder::of(&[("later", &files[0]), ("begun", &files[1])]).expect("files");
    let run = folder.run(&["messages", "--format", "json"], &["later", "begun"]);
    let document: Value = serde_json::from_str(&run.out).expect("JSON");
    let cut = document["messages"].as_array().expect("a list").iter();
    let cut = cut.filter(|message| message["transport"] == "tcp");
    let places: Vec<_> = cut
        .map(|message| [&message["capture"], &message["frame"]])
        .collect();
    assert_eq!(places, [[&json!(1), &json!(begun.len())]]);
}

/// No further segment says that a second has passed: other traffic does.
#[test]
fn a_message_behind_a_hole_is_given_out_in_time() {
    let call = stream(Cutting::of(10_000)).packets();
    let ended = call.last().expect("packets").time_ns;
    let segments = |packet: &Packet| packet.bytes.len() > 60;
    let last = call.iter().rposition(segments).expect("a last message");
    let mut holed = call.clone();
    holed.truncate(last + 1);
    // Forty bytes of the sender are lost before its last message.
    let sequence = 14 + 20 + 4;
    let bytes = &mut holed[last].bytes[sequence..sequence + 4];
    let number = u32::from_be_bytes(bytes.try_into().expect("four bytes"));
    bytes.copy_from_slice(&(number + 40).to_be_bytes());
    let other = (1..600).map(|second| built::at(ended + second * 1_000_000_000, vec![0; 60]));
    holed.extend(other);
    let said = gist_of(&[&holed]);
    let outcomes: Vec<&str> = said
        .calls
        .iter()
        .map(|call| text(call, "outcome"))
        .collect();
    assert_eq!(outcomes, ["answered"]);
}

#[test]
fn findings_in_several_files_are_in_the_order_of_time() {
    let packets = mixture(5);
    let files = rotated(&packets);
    let folder = Folder::of(&[
        ("b", &files[1]),
        ("a", &files[0]),
        ("d", &files[3]),
        ("c", &files[2]),
    ]);
    let run = folder.expect("files").run(&ANALYZE, &["d", "b", "c", "a"]);
    let findings = Document::parse(&run.out).expect("a document").findings;
    let times: Vec<&str> = findings
        .iter()
        .map(|finding| text(finding, "time"))
        .collect();
    assert!(times.len() > 1, "{times:?}");
    assert!(times.is_sorted(), "{times:?}");
}

#[test]
fn probes_that_see_a_part_of_the_traffic_each() {
    let packets = mixture(10);
    let whole = gist_of(&[&packets]);
    let to_callers = |packet: &&Packet| packet.bytes[30..33] == [192, 0, 2];
    let (left, right): (Vec<_>, Vec<_>) = packets.iter().partition(to_callers);
    let [left, right] = [left, right].map(|side| side.into_iter().cloned().collect::<Vec<_>>());
    gist_of(&[&left, &right]).assert_is(&whole, "two directions");
    let thirds = [0, 1, 2].map(|third| {
        let of_third = packets
            .iter()
            .filter(|packet| packet.bytes[29] % 3 == third);
        of_third.cloned().collect::<Vec<Packet>>()
    });
    gist_of(&[&thirds[2], &thirds[0], &thirds[1]]).assert_is(&whole, "a third each");
}

#[test]
fn probes_that_see_the_same_traffic() {
    for carriage in &transport::ALL {
        let packets = (carriage.packets)();
        for milliseconds in [0, 1, 40, 350] {
            let later = packets.iter().cloned();
            let later: Vec<Packet> = later
                .map(|packet| packet.later(milliseconds * 1_000_000))
                .collect();
            let found = gist_of(&[&packets, &later]);
            let name = format!("{}, {milliseconds} ms later", carriage.name);
            assert_eq!(found.calls.len(), 1, "{name}");
            let call = &found.calls[0];
            assert_eq!(text(call, "outcome"), "answered", "{name}");
            assert_eq!(call["retransmissions"], 0, "{name}");
            assert_eq!(call["attempts"], 1, "{name}");
            assert_eq!(call["setup_ms"], 6000.0, "{name}");
            assert_eq!(found.grave, [""; 0], "{name}");
        }
    }
}

#[test]
fn a_folder_is_read_in_the_order_of_time() {
    let packets = mixture(5);
    let files = rotated(&packets);
    let names = ["trace.pcap2", "trace.pcap", "trace.pcap1", "zero.gz"];
    let mut listed: Vec<(&str, &[u8])> = names
        .into_iter()
        .zip(files.iter().map(Vec::as_slice))
        .collect();
    listed.push(("notes.txt", b"These are captures of Monday."));
    let folder = Folder::of(&listed).expect("files");
    let run = folder.run(&ANALYZE, &["."]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("notes.txt: passed over"), "{}", run.err);
    Gist::of(&run).assert_is(&gist_of(&[&packets]), "the whole");
    let order = ["trace.pcap2", "trace.pcap", "trace.pcap1", "zero.gz"];
    let paths = paths(&run);
    assert!(
        paths
            .iter()
            .zip(order)
            .all(|(path, name)| path.ends_with(name)),
        "{paths:?}"
    );
}

#[test]
fn a_folder_says_what_of_it_cannot_be_read() {
    let call = capture::write_pcap(&built::plain_call());
    let odd: [(&[u8], u8, &str); 4] = [
        (b"GMBU\0\x02\x01\0", UNREAD, "odd: a capture in Microsoft"),
        (&call[..20], UNREAD, "odd: the file ends inside the pcap"),
        (b"These are captures of Monday.", 0, "odd: passed over"),
        (b"", 0, "odd: passed over"),
    ];
    for (bytes, code, said) in odd {
        let folder = Folder::of(&[("call", &call), ("odd", bytes)]).expect("files");
        let run = folder.run(&ANALYZE, &["."]);
        assert_eq!(run.code, code, "{said}");
        assert!(run.err.contains(said), "{said}: {}", run.err);
        assert_eq!(Gist::of(&run).calls.len(), 1, "{said}");
    }
}

#[test]
fn compressed_data_cut_at_its_begin_is_not_said_to_be_empty() {
    let packed = Codec::Zstd.pack(&capture::write_pcap(&mixture(1)));
    let packed = packed.expect("memory");
    let folder = Folder::of(&[("a", &packed[..packed.len() / 2])]).expect("a file");
    let run = folder.run(&ANALYZE, &["a"]);
    assert_eq!(run.code, UNREAD);
    assert!(
        run.err.contains("in the middle of its compression"),
        "{}",
        run.err
    );
}

#[test]
fn rotated_files_of_any_compression_in_any_order() {
    let packets = mixture(5);
    let whole = gist_of(&[&packets]);
    let files = rotated(&packets);
    let packed = Codec::ALL.map(|codec| {
        files
            .iter()
            .map(|file| codec.pack(file))
            .collect::<Vec<_>>()
    });
    for (codec, files) in Codec::ALL.iter().zip(packed) {
        let files: Vec<Vec<u8>> = files
            .into_iter()
            .map(|file| file.expect("memory"))
            .collect();
        let listed = [
            ("c", &*files[2]),
            ("a", &*files[0]),
            ("d", &*files[3]),
            ("b", &*files[1]),
        ];
        let folder = Folder::of(&listed).expect("files");
        let run = folder.run(&ANALYZE, &["c", "a", "d", "b"]);
        Gist::of(&run).assert_is(&whole, &format!("{codec:?}"));
    }
}

/// As some recorders write them: a capture for each call, and all calls at once.
#[test]
fn no_more_captures_are_open_than_the_limit_says() {
    const CALLS: u64 = 9;
    let call = built::plain_call();
    let rows = call.len();
    let files = (0..CALLS).map(|number| {
        let mut packets = call.clone();
        for packet in &mut packets {
            packet.time_ns += number * 10_000_000;
        }
        capture::write_pcap(&packets)
    });
    let files: Vec<Vec<u8>> = files.collect();
    let packed = files.iter().map(|file| Codec::Gzip.pack(file));
    let packed: Vec<Vec<u8>> = packed.map(|file| file.expect("memory")).collect();
    let read = |files: &[Vec<u8>], limit: &str| {
        let names: Vec<String> = (0..CALLS).map(|call| format!("call_{call}")).collect();
        let listed = names.iter().zip(files);
        let listed: Vec<(&str, &[u8])> = listed
            .map(|(name, file)| (name.as_str(), file.as_slice()))
            .collect();
        let folder = Folder::of(&listed).expect("files");
        let limit = format!("open-files={limit}");
        let run = folder.run(&["messages", "--format", "csv", "--limit", &limit], &["."]);
        (run.code, run.out.lines().count() - 1, run.err)
    };
    let all = CALLS as usize * rows;
    assert_eq!(read(&files, "2"), (0, all, String::new()));
    assert_eq!(read(&packed, "9"), (0, all, String::new()));
    let (code, few, err) = read(&packed, "2");
    assert_eq!((code, few), (UNREAD, 2 * rows), "{err}");
    assert!(err.contains("`--limit open-files=N`"), "{err}");
}

#[test]
fn a_missing_file_among_good_ones() {
    let packets = mixture(5);
    let (before, after) = packets.split_at(60);
    let files = [before, after].map(capture::write_pcap);
    let folder = Folder::of(&[("a", &files[0]), ("b", &files[1])]).expect("files");
    let run = folder.run(&ANALYZE, &["a", "missing", "b"]);
    assert_eq!(run.code, UNREAD);
    assert!(run.err.contains("missing: no such file"), "{}", run.err);
    Gist::of(&run).assert_is(&gist_of(&[&packets]), "the whole");
}

#[test]
fn a_last_record_that_was_cut() {
    let packets = mixture(5);
    let whole = gist_of(&[&packets]);
    let pcap = Pcap::Microseconds.file(Order::Little, ETHERNET, &packets);
    let pcapng = Section::plain(Order::Little).with(&packets);
    let packed = Codec::Gzip.pack(&pcap).expect("memory can be written to");
    for file in [
        &pcap[..pcap.len() - 9],
        &pcapng[..pcapng.len() - 9],
        &packed[..packed.len() - 3],
    ] {
        let folder = Folder::of(&[("a", file)]).expect("a file");
        let run = folder.run(&ANALYZE, &["a"]);
        assert_eq!(run.code, UNREAD);
        assert!(run.err.contains("a: ends in the middle"), "{}", run.err);
        let found = Gist::of(&run);
        assert_eq!(found.calls.len(), whole.calls.len());
        assert_eq!(found.calls[..4], whole.calls[..4]);
    }
}

#[test]
fn what_is_no_capture_is_named() {
    let call = capture::write_pcap(&built::plain_call());
    let foreign: [(&[u8], &str); 4] = [
        (b"snoop\0\0\0\0\0\0\x02\0\0\0\x04", "Solaris snoop"),
        (b"Frame 1: 60 bytes on wire\nEthernet II\n", "text"),
        (b"", "empty"),
        (
            &[0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            "7f 45 4c 46",
        ),
    ];
    for (bytes, why) in foreign {
        let folder = Folder::of(&[("odd", bytes), ("good", &call)]).expect("files");
        let run = folder.run(&ANALYZE, &["odd"]);
        assert_eq!(run.code, UNREAD, "{why}");
        assert!(run.err.contains(why), "{why}: {}", run.err);
        let run = folder.run(&ANALYZE, &["odd", "good"]);
        assert_eq!(run.code, UNREAD, "{why}");
        assert_eq!(Gist::of(&run).calls.len(), 1, "{why}");
    }
}

#[test]
fn captures_without_sip() {
    let silence = capture::write_pcap(&[]);
    let other = built::at(1_000_000_000, vec![0; 60]);
    let other = capture::write_pcap(&[other]);
    let folder = Folder::of(&[("a", &silence), ("b", &other)]).expect("files");
    for names in [&["a"][..], &["b"], &["a", "b"]] {
        let run = folder.run(&ANALYZE, names);
        assert_eq!(run.code, NO_SIP, "{names:?}");
        assert!(run.err.contains("no SIP found"), "{}", run.err);
        assert_eq!(Gist::of(&run).calls.len(), 0);
    }
}

/// What is said of captures, a line for each thing: without frame numbers, which are those of one
/// file, and without the order of findings, which is that of frame numbers.
#[derive(Debug)]
struct Gist {
    calls: Vec<Value>,
    lines: Vec<String>,
    /// The rules of the findings from warnings up.
    grave: Vec<String>,
}

impl Gist {
    #[track_caller]
    fn of(run: &Run) -> Gist {
        let document = Document::parse(&run.out).expect(&run.err);
        let fields = [
            "frames",
            "captures",
            "capture",
            "frames_elsewhere",
            "evidence",
            "wireshark",
        ];
        let without = |mut objects: Vec<Value>| {
            for object in objects.iter_mut().filter_map(Value::as_object_mut) {
                for field in fields {
                    object.remove(field);
                }
            }
            objects
        };
        let calls = without(document.calls);
        let findings = without(document.findings);
        let grave = findings
            .iter()
            .filter(|finding| text(finding, "severity") != "info");
        let grave = grave
            .map(|finding| text(finding, "rule").to_owned())
            .collect();
        let mut said: Vec<String> = findings.iter().map(Value::to_string).collect();
        said.sort();
        said.extend(
            calls
                .iter()
                .chain(&document.incomplete)
                .map(Value::to_string),
        );
        let metrics = document.metrics.as_object().cloned().unwrap_or_default();
        said.extend(
            metrics
                .iter()
                .map(|(name, value)| format!("{name} {value}")),
        );
        Gist {
            calls,
            lines: said,
            grave,
        }
    }

    #[track_caller]
    fn assert_is(&self, other: &Gist, name: &str) {
        let mine = self.lines.iter().filter(|line| !other.lines.contains(line));
        let others = other.lines.iter().filter(|line| !self.lines.contains(line));
        let different: Vec<&String> = mine.chain(others).collect();
        assert!(self.lines == other.lines, "{name}: {different:#?}");
    }
}

/// The gist of captures of these packets, in files given in this order.
#[track_caller]
fn gist_of(captures: &[&[Packet]]) -> Gist {
    let files: Vec<Vec<u8>> = captures
        .iter()
        .map(|packets| capture::write_pcap(packets))
        .collect();
    let names: Vec<String> = (0..files.len()).map(|number| number.to_string()).collect();
    let listed: Vec<(&str, &[u8])> = names
        .iter()
        .map(String::as_str)
        .zip(files.iter().map(Vec::as_slice))
        .collect();
    let folder = Folder::of(&listed).expect("files");
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let run = folder.run(&ANALYZE, &names);
    assert_eq!(run.code, 0, "{}", run.err);
    Gist::of(&run)
}

/// Four files that follow one another, as `tcpdump -C` writes them.
fn rotated(packets: &[Packet]) -> Vec<Vec<u8>> {
    packets
        .chunks(packets.len().div_ceil(4))
        .map(capture::write_pcap)
        .collect()
}

fn paths(run: &Run) -> Vec<String> {
    let document: Value = serde_json::from_str(&run.out).expect("JSON");
    let captures = document["captures"].as_array().cloned().unwrap_or_default();
    captures
        .iter()
        .map(|capture| text(capture, "path").to_owned())
        .collect()
}
