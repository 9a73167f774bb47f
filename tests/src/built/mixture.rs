//! Many calls at the same time, as a capture of a busy network holds them.

use siptriage_testkit::{Packet, Variation, capture};

use super::packets;

/// Time between the beginnings of two calls.
const APART_NS: u64 = 350_000_000;

/// A kind of call in the mixture.
struct Kind {
    trace: &'static str,
    mtu_bytes: Option<usize>,
}

const KINDS: [Kind; 5] = [
    Kind {
        trace: ANSWERED,
        mtu_bytes: None,
    },
    Kind {
        trace: ANSWERED,
        mtu_bytes: Some(296),
    },
    Kind {
        trace: SEGMENTED,
        mtu_bytes: None,
    },
    Kind {
        trace: UNACKNOWLEDGED,
        mtu_bytes: None,
    },
    Kind {
        trace: ABANDONED,
        mtu_bytes: None,
    },
];

const ANSWERED: &str = "
0.000 caller -> callee INVITE sdp
0.125 callee -> caller 100
0.875 callee -> caller 180
6.000 callee -> caller 200 sdp
6.125 caller -> callee ACK
6.130 caller -> callee rtp until=6.9
9.000 caller -> callee BYE
9.125 callee -> caller 200
";

const SEGMENTED: &str = "
transport tcp
0.000 caller -> callee INVITE sdp split=90
0.125 callee -> caller 100 split=70
0.875 callee -> caller 180 split=70
6.000 callee -> caller 200 sdp split=110
6.125 caller -> callee ACK
9.000 caller -> callee BYE split=100
9.125 callee -> caller 200
";

const UNACKNOWLEDGED: &str = "
0.0 caller -> callee INVITE sdp
0.1 callee -> caller 100
1.0 callee -> caller 180
3.0 3.5 4.5 6.5 10.5 14.5 18.5 22.5 26.5 30.5 34.5 callee -> caller 200 sdp
35.0 callee -> caller BYE
35.1 caller -> callee 200
";

const ABANDONED: &str = "
0.0 0.5 caller -> callee INVITE sdp
0.6 callee -> caller 100
1.0 callee -> caller 180
8.0 caller -> callee CANCEL
8.1 callee -> caller 200 of CANCEL
8.1 callee -> caller 487 of INVITE
8.2 caller -> callee ACK
";

/// So many calls, each between hosts of its own: answered over UDP, in fragments, and over TCP in
/// small segments, never acknowledged, abandoned, and again.
#[must_use]
pub fn mixture(calls: u8) -> Vec<Packet> {
    let call = |(number, kind): (u8, &Kind)| {
        let [caller, callee] = ["caller", "callee"].map(|side| format!("{side}{number}"));
        let lines = kind
            .trace
            .replace("caller", &caller)
            .replace("callee", &callee);
        let trace = format!(
            "t0 2026-01-01T00:00:00Z\nhost {caller} 192.0.2.{number}\n\
             host {callee} 198.51.100.{number}\n{lines}"
        );
        let variation = Variation {
            mtu_bytes: kind.mtu_bytes,
            call_suffix: format!("-{number}"),
            ..Variation::default()
        };
        let packets = packets(&trace, &variation).into_iter();
        let later = u64::from(number) * APART_NS;
        packets.map(|packet| packet.later(later)).collect()
    };
    let kinds = (1..=calls).zip(KINDS.iter().cycle());
    capture::interleave(kinds.map(call).collect())
}
