//! Who wants no more gets no more.

use std::fs;

use siptriage::pipeline::{self, Flow, Input, Options};
use siptriage_testkit::{Trace, Variation, capture};

/// How often a receiver is called that wants no more after its third time, by `read`.
fn called(read: impl Fn(&[Input], &Options, &mut (dyn FnMut() -> Flow + Send))) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.pcap");
    let trace: String = (0..40)
        .map(|call| {
            let (asked, refused) = (call * 40, call * 40 + 1);
            format!(
                "{asked} alice -> bob INVITE call={call}\n{refused} bob -> alice 486 call={call}\n"
            )
        })
        .collect();
    let packets = Trace::parse(&trace).expect("a trace");
    let packets = packets.packets(&Variation::default());
    fs::write(&path, capture::write_pcap(&packets)).expect("a file");
    for threads in [1, 4] {
        let options = Options {
            threads,
            piece_bytes: 4096,
            ..Options::default()
        };
        let mut times = 0;
        read(&[Input::File(path.clone())], &options, &mut || {
            times += 1;
            if times < 3 {
                Flow::Continue(())
            } else {
                Flow::Break(())
            }
        });
        assert_eq!(times, 3, "{threads} threads");
    }
}

#[test]
fn of_calls() {
    called(|inputs, options, wants| {
        pipeline::analyze(inputs, options, &mut |_| wants());
    });
}

#[test]
fn of_messages() {
    called(|inputs, options, wants| {
        pipeline::messages(inputs, options, &mut |_| wants());
    });
}
