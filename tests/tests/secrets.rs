//! Digests, keys and passwords of a capture stand in nothing that the program prints.

use siptriage_testkit::{Trace, Variation, capture};
use siptriage_tests::folder::Folder;

/// A call that is transferred, and a registration; every secret of theirs is called `hunter2`.
const TRACE: &str = "\
0.00  alice -> bob INVITE sdp
      From: <sip:alice:hunter2@example.com>;tag=1
      To: <sip:bob:hunter2@example.com>
      Contact: <sip:alice:hunter2@192.0.2.1>
      Authorization: Digest username=\"alice\", realm=\"x\", nonce=\"n\", response=\"hunter2\"
      Proxy-Authorization: Basic hunter2
      Diversion: <sip:carol:hunter2@example.com>
0.10  bob -> alice 200 sdp
0.20  alice -> bob ACK
1.00  alice -> bob REFER in-dialog
      Refer-To: <sip:dave:hunter2@example.com>
1.10  bob -> alice 202
2.00  alice -> bob BYE
2.10  bob -> alice 200
3.00  carol -> bob REGISTER
      From: <sip:carol:hunter2@example.com>;tag=2
      To: <sip:carol:hunter2@example.com>
      Authorization: Digest username=\"carol\", realm=\"x\", nonce=\"n\", response=\"hunter2\"
3.10  bob -> carol 403
";

#[test]
fn no_secret_is_printed_by_any_command_in_any_format() {
    let trace = Trace::parse(TRACE).expect("is a trace");
    let packets = trace.packets(&Variation::default());
    let bytes = capture::write_pcapng(&packets);
    let wire = bytes.windows(7).filter(|piece| piece == b"hunter2");
    assert!(wire.count() >= 10, "the capture has them");
    let folder = Folder::of(&[("secrets.pcapng", &bytes)]).expect("a file");
    for command in ["analyze", "calls", "messages"] {
        for format in ["table", "json", "ndjson", "csv"] {
            let run = folder.run(&[command, "--format", format], &["secrets.pcapng"]);
            assert!(!run.out.is_empty(), "{command} {format}: {}", run.err);
            let said = [run.out.as_str(), run.err.as_str()].concat();
            assert!(!said.contains("hunter2"), "{command} {format}: {said}");
        }
    }
    let calls = folder.run(&["calls", "--format", "json"], &["secrets.pcapng"]);
    for shown in [
        "sip:alice:[redacted]@example.com",
        "sip:dave:[redacted]@example.com",
    ] {
        assert!(calls.out.contains(shown), "{}", calls.out);
    }
}
