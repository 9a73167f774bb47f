//! A run that is ended early reports what it has read, as a capture that ends there, and says so.

use std::ffi::OsString;
use std::io::{self, Write};
use std::sync::Arc;

use siptriage::Surface;
use siptriage::pipeline::Watch;
use siptriage_testkit::{Packet, Trace, Variation, capture};
use siptriage_tests::built::format::Codec;
use siptriage_tests::built::mixture::mixture;
use siptriage_tests::folder::Folder;
use siptriage_tests::program::Run;

const LINES: [&str; 3] = ["analyze", "--format", "ndjson"];
const UNREAD: u8 = 3;
const INTERRUPTED: &str = "interrupted before its end; everything up to there was read";

/// A 2xx without an ACK, again and again, and then one.
const LATE: &str = "
0.0 alice -> bob INVITE sdp
0.5 bob -> alice 180
1.0 bob -> alice 200 sdp
1.5 2.5 4.5 8.5 12.5 16.5 20.5 24.5 28.5 bob -> alice again 200
28.6 alice -> bob ACK
60.0 alice -> bob BYE
60.1 bob -> alice 200 of BYE
end 100
";

/// An output that ends the run when something is written.
struct Ending {
    written: Vec<u8>,
    watch: Arc<Watch>,
}

impl Write for Ending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.watch.stop();
        self.written.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn what_was_read_is_reported_as_a_capture_that_ends_there() {
    // Longer than what is read ahead.
    let rounds = (0..8).map(|round| (round, mixture(250)));
    let later = rounds.flat_map(|(round, packets)| {
        let packets = packets.into_iter();
        packets.map(move |packet| packet.later(round * 200_000_000_000))
    });
    let packets: Vec<Packet> = later.collect();
    let file = capture::write_pcap(&packets);
    let packed = Codec::Gzip.pack(&file).expect("memory can be written to");
    let (before, after) = packets.split_at(packets.len() / 2);
    let halves = [before, after].map(capture::write_pcap);
    let folder = Folder::of(&[
        ("whole", &file),
        ("packed", &packed),
        ("0", &halves[0]),
        ("1", &halves[1]),
    ]);
    let folder = folder.expect("files");
    for names in [&["whole"][..], &["packed"], &["0", "1"]] {
        for threads in ["1", "3"] {
            let run = ended_by_the_first_line(&folder, names, threads);
            assert_eq!(run.code, UNREAD, "{names:?}");
            assert!(run.err.contains(INTERRUPTED), "{names:?}: {}", run.err);
            let frames = frames(&run.out);
            assert!((1..packets.len()).contains(&frames), "{names:?}: {frames}");
            let part = capture::write_pcap(&packets[..frames]);
            let part = Folder::of(&[("part", &part)]).expect("a file");
            let read = part.run(&LINES, &["part"]);
            // Frame numbers are those of each file.
            if names.len() == 1 {
                assert_eq!(calls(&run.out), calls(&read.out), "{names:?}");
            }
            assert_eq!(calls(&run.out).len(), calls(&read.out).len());
        }
    }
}

#[cfg(unix)]
#[test]
fn an_end_that_was_forced_is_no_end_of_the_world() {
    let packets = packets(LATE);
    let until = packets
        .iter()
        .rposition(|packet| packet.time_ns < packets[0].time_ns + 3_000_000_000);
    let file = capture::write_pcap(&packets[..=until.expect("packets")]);
    let silent = |options: &[&str]| {
        let run = ended_in_silence(&file, file.len(), &[&LINES[..], options].concat());
        assert!(!run.out.contains("\"type\":\"finding\""), "{}", run.out);
        assert!(run.out.contains("\"type\":\"incomplete\""), "{}", run.out);
    };
    silent(&[]);
    silent(&["--assume-complete"]);
    let folder = Folder::of(&[("a", &file)]).expect("a file");
    let ended = folder.run(&[&LINES[..], &["--assume-complete"]].concat(), &["a"]);
    assert!(ended.out.contains("\"type\":\"finding\""), "{}", ended.out);
}

#[cfg(unix)]
#[test]
fn the_wait_for_a_pipe_that_is_silent_can_be_ended() {
    let file = capture::write_pcap(&packets(LATE));
    let packed = Codec::Gzip.pack(&file).expect("memory can be written to");
    for threads in ["1", "2"] {
        let arguments = [&LINES[..], &["--threads", threads]].concat();
        let run = ended_in_silence(&file, file.len(), &arguments);
        assert_eq!(run.code, UNREAD);
        assert!(run.err.contains(INTERRUPTED), "{}", run.err);
        assert!(run.out.contains("\"complete\":false"), "{}", run.out);
        assert_eq!(calls(&run.out).len(), 1, "{}", run.out);
        // How much was uncompressed by then is another matter.
        for bytes in [&packed[..], &[]] {
            let run = ended_in_silence(bytes, 0, &arguments);
            assert_eq!(run.code, UNREAD);
            assert!(run.err.contains(INTERRUPTED), "{}", run.err);
        }
    }
}

fn packets(trace: &str) -> Vec<Packet> {
    let trace = Trace::parse(trace).expect("a trace");
    trace.packets(&Variation::default())
}

/// Reads files in small pieces until the first line is written.
fn ended_by_the_first_line(folder: &Folder, names: &[&str], threads: &str) -> Run {
    let watch = Arc::<Watch>::default();
    let mut out = Ending {
        written: Vec::new(),
        watch: Arc::clone(&watch),
    };
    let options = ["--threads", threads, "--piece-bytes", "4096"];
    let arguments = LINES.iter().chain(&options).map(OsString::from);
    let files = names.iter().map(|name| folder.path().join(name).into());
    let mut err = Vec::new();
    let code = siptriage::run_on(
        surface(&watch),
        arguments.chain(files).collect(),
        &mut out,
        &mut err,
    );
    told(code, out.written, err)
}

/// Reads a pipe that stays open when everything was written to it, and ends the run when so many
/// bytes were read.
#[cfg(unix)]
fn ended_in_silence(bytes: &[u8], until: usize, arguments: &[&str]) -> Run {
    use std::os::fd::AsRawFd;
    use std::thread;

    let (reader, mut writer) = io::pipe().expect("a pipe");
    let path = format!("/dev/fd/{}", reader.as_raw_fd());
    let watch = Arc::<Watch>::default();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = thread::scope(|scope| {
        let surface = surface(&watch);
        let arguments = arguments.iter().copied().chain([path.as_str()]);
        let arguments = arguments.map(OsString::from).collect();
        let (out, err) = (&mut out, &mut err);
        let running = scope.spawn(move || siptriage::run_on(surface, arguments, out, err));
        writer.write_all(bytes).expect("the program reads");
        while watch.read_bytes() < until as u64 {
            thread::yield_now();
        }
        watch.stop();
        running.join().expect("no panic")
    });
    told(code, out, err)
}

fn surface(watch: &Arc<Watch>) -> Surface {
    Surface {
        watch: Arc::clone(watch),
        ..Surface::pipe()
    }
}

fn told(code: u8, out: Vec<u8>, err: Vec<u8>) -> Run {
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Run {
        code,
        out: text(out),
        err: text(err),
    }
}

fn calls(out: &str) -> Vec<&str> {
    let lines = out.lines();
    lines
        .filter(|line| line.contains("\"type\":\"call\""))
        .collect()
}

/// Frames read of all captures.
fn frames(out: &str) -> usize {
    let captures = out
        .lines()
        .filter(|line| line.contains("\"type\":\"capture\""));
    let frames = captures.map(|line| {
        let row: serde_json::Value = serde_json::from_str(line).expect("JSON");
        row["frames"].as_u64().expect("a number") as usize
    });
    frames.sum()
}
