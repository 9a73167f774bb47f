//! Standard input, as a pipe and as a redirected file, and pipes with a name: what a file gives.

use std::fs::{self, File};
use std::io::{Seek, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;

use siptriage_testkit::{Trace, Variation, capture};

/// A call; its larger messages come in fragments.
const CALLS: &str = "\
0.00 alice -> bob INVITE sdp
0.02 bob -> alice 100
0.80 bob -> alice 180
6.00 bob -> alice 200 sdp
6.03 alice -> bob ACK
36.00 alice -> bob BYE
36.02 bob -> alice 200
end 100
";

const COMMANDS: [&[&str]; 3] = [
    &["analyze"],
    &["analyze", "--format", "json"],
    &["messages", "--format", "csv"],
];

/// As long as the name of standard input, so that lines break at the same places.
const NAME: &str = "a";

/// Writes a capture and returns its bytes.
fn write_capture(folder: &Path) -> Vec<u8> {
    let variation = Variation {
        mtu_bytes: Some(296),
        ..Variation::default()
    };
    let packets = Trace::parse(CALLS).expect("a trace").packets(&variation);
    let bytes = capture::write_pcapng(&packets);
    fs::write(folder.join(NAME), &bytes).expect("a temporary file can be written");
    bytes
}

fn program(folder: &Path, arguments: &[&str], input: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_siptriage"));
    command.current_dir(folder).args(arguments).arg(input);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The exit code and what was printed, standard input under the name of the file.
fn told(output: &Output) -> (Option<i32>, String) {
    let text = String::from_utf8(output.stdout.clone()).expect("text");
    let text = text.replace("\"path\":\"-\"", "\"path\":\"a\"");
    (output.status.code(), text.replace("  -: ", "  a: "))
}

/// What is printed of the file.
fn told_by_name(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = program(folder, arguments, NAME).output();
    told(&output.expect("the program runs"))
}

#[test]
fn a_pipe_gives_what_the_file_gives() {
    let folder = tempfile::tempdir().expect("a folder");
    let bytes = write_capture(folder.path());
    for arguments in COMMANDS {
        let mut child = program(folder.path(), arguments, "-")
            .stdin(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut pipe = child.stdin.take().expect("a pipe");
        for piece in bytes.chunks(1_000) {
            pipe.write_all(piece).expect("the program reads");
        }
        drop(pipe);
        let piped = told(&child.wait_with_output().expect("the program ends"));
        assert_eq!(piped, told_by_name(folder.path(), arguments));
        assert_eq!(piped.0, Some(0));
    }
}

#[test]
fn a_redirected_file_is_read_like_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    write_capture(folder.path());
    for arguments in COMMANDS {
        let mut file = File::open(folder.path().join(NAME)).expect("the file is there");
        let shared = file.try_clone().expect("a second handle");
        let output = program(folder.path(), arguments, "-")
            .stdin(shared)
            .output();
        let redirected = told(&output.expect("the program runs"));
        assert_eq!(redirected, told_by_name(folder.path(), arguments));
        // A pipe is consumed; a file is read at any place, which leaves its position alone.
        assert_eq!(file.stream_position().expect("a position"), 0);
    }
}

/// As `<(...)` of a shell gives them: what was read of a pipe cannot be read again.
#[cfg(unix)]
#[test]
fn several_named_pipes_are_one_time_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let packets = Trace::parse(CALLS)
        .expect("a trace")
        .packets(&Variation::default());
    let (before, after) = packets.split_at(3);
    let parts = [after, before].map(capture::write_pcap);
    let names = ["after", "before"];
    for name in names {
        let made = Command::new("mkfifo")
            .arg(folder.path().join(name))
            .status();
        assert!(made.expect("mkfifo runs").success());
    }
    let writers: Vec<_> = names
        .iter()
        .zip(parts)
        .map(|(name, part)| {
            let path = folder.path().join(name);
            thread::spawn(move || fs::write(path, part))
        })
        .collect();
    let mut command = program(folder.path(), &["calls", "--format", "csv"], "after");
    let output = command.arg("before").output().expect("the program runs");
    for writer in writers {
        let written = writer.join().expect("no panic");
        written.expect("the program reads the pipe");
    }
    let rows = String::from_utf8(output.stdout).expect("text");
    assert_eq!(rows.lines().count(), 2, "{rows}");
    assert!(rows.contains("answered"), "{rows}");
}
