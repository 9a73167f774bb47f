//! Requests of both sides that cross (RFC 3261 14.1).

use super::{FIRST, UP, check};

#[test]
fn requests_that_cross_are_a_glare() {
    let both = "5.00 alice -> bob INVITE in-dialog sdp\n5.01 bob -> alice INVITE in-dialog sdp\n\
                5.02 bob -> alice 491 of INVITE\n5.03 alice -> bob ACK\n\
                5.04 alice -> bob 491 of INVITE\n5.05 bob -> alice ACK\n";
    let refused = [
        FIRST,
        "caller offers in 6, refused in 8",
        "callee offers in 7, refused in 10",
    ];
    let retried = "7.50 alice -> bob INVITE in-dialog sdp\n7.60 bob -> alice 200 of INVITE sdp\n\
                   7.70 alice -> bob ACK\n";
    check(
        UP,
        &[
            (
                "nobody tries again",
                both,
                &[
                    refused[0],
                    refused[1],
                    refused[2],
                    "[6, 7] cross, refused in [8, 10], again in []",
                ],
            ),
            (
                "one tries again",
                &format!("{both}{retried}"),
                &[
                    refused[0],
                    refused[1],
                    refused[2],
                    "caller offers in 12, answered in 13",
                    "callee: audio/PCMU/sendrecv",
                    "[6, 7] cross, refused in [8, 10], again in [12]",
                ],
            ),
            (
                "UPDATEs, one of them accepted",
                "5.00 alice -> bob UPDATE sdp\n5.01 bob -> alice UPDATE sdp\n\
                 5.02 alice -> bob 491 of UPDATE\n5.03 bob -> alice 200 of UPDATE sdp\n\
                 6.00 bob -> alice UPDATE sdp\n6.10 alice -> bob 200 of UPDATE sdp\n",
                &[
                    FIRST,
                    "caller offers in 6, answered in 9",
                    "callee offers in 7, refused in 8",
                    "callee offers in 10, answered in 11",
                    "caller: audio/PCMU/sendrecv",
                    "[6, 7] cross, refused in [8], again in [10]",
                ],
            ),
            (
                "the other request went another way",
                "5 alice -> bob UPDATE sdp\n5.1 bob -> alice 491 of UPDATE\n",
                &[
                    FIRST,
                    "caller offers in 6, refused in 7",
                    "[6] cross, refused in [7], again in []",
                ],
            ),
            (
                "one after the other",
                "5.0 alice -> bob UPDATE sdp\n5.1 bob -> alice 200 of UPDATE sdp\n\
                 5.2 bob -> alice UPDATE sdp\n5.3 alice -> bob 200 of UPDATE sdp\n",
                &[
                    FIRST,
                    "caller offers in 6, answered in 7",
                    "callee offers in 8, answered in 9",
                    "caller: audio/PCMU/sendrecv",
                ],
            ),
            (
                "one side alone",
                "5.0 alice -> bob UPDATE sdp\n5.1 alice -> bob UPDATE sdp\n\
                 5.2 bob -> alice 200 of UPDATE sdp\n",
                &[
                    FIRST,
                    "caller offers in 6, open",
                    "caller offers in 7, answered in 8",
                    "callee: audio/PCMU/sendrecv",
                ],
            ),
        ],
    );
}
