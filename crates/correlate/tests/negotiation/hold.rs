//! Who holds whom, and for how long (RFC 6337 5.3).

use super::{FIRST, UP, check};

#[test]
fn hold_lasts_until_it_is_resumed() {
    let hold = "5 alice -> bob INVITE in-dialog sdp=sendonly\n\
                5.1 bob -> alice 200 of INVITE sdp=recvonly\n5.2 alice -> bob ACK\n";
    let resume = "9 alice -> bob INVITE in-dialog sdp\n9.1 bob -> alice 200 of INVITE sdp\n\
                  9.2 alice -> bob ACK\n";
    let refused = "9 alice -> bob INVITE in-dialog sdp\n9.1 bob -> alice 488 of INVITE\n\
                   9.2 alice -> bob ACK\n";
    let other = "9 bob -> alice INVITE in-dialog sdp=inactive\n\
                 9.1 alice -> bob 200 of INVITE sdp=inactive\n9.2 bob -> alice ACK\n";
    let held = "caller offers in 6, answered in 7";
    check(
        UP,
        &[
            (
                "to the end",
                hold,
                &[
                    FIRST,
                    held,
                    "caller holds from 6",
                    "callee: audio/PCMU/recvonly",
                ],
            ),
            (
                "resumed",
                &format!("{hold}{resume}"),
                &[
                    FIRST,
                    held,
                    "caller offers in 9, answered in 10",
                    "caller holds from 6 to 9",
                    "callee: audio/PCMU/sendrecv",
                ],
            ),
            (
                "not resumed where that is refused",
                &format!("{hold}{refused}"),
                &[
                    FIRST,
                    held,
                    "caller offers in 9, refused in 10",
                    "caller holds from 6",
                    "callee: audio/PCMU/recvonly",
                ],
            ),
            (
                "by both",
                &format!("{hold}{other}"),
                &[
                    FIRST,
                    held,
                    "callee offers in 9, answered in 10",
                    "caller holds from 6",
                    "callee holds from 9",
                    "caller: audio/PCMU/inactive",
                ],
            ),
            (
                "recvonly is no hold",
                "5 alice -> bob INVITE in-dialog sdp=recvonly\n\
                 5.1 bob -> alice 200 of INVITE sdp=sendonly\n5.2 alice -> bob ACK\n",
                &[FIRST, held, "callee: audio/PCMU/sendonly"],
            ),
        ],
    );
}
