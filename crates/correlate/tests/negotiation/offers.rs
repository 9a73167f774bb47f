//! Descriptions offered and answered (RFC 3264, RFC 6337).

use super::{FIRST, UP, check};

#[test]
fn the_answer_is_in_the_first_reliable_response() {
    check(
        "",
        &[
            ("2xx", UP, &[FIRST]),
            (
                "refused",
                "0 alice -> bob INVITE sdp\n1 bob -> alice 180\n3 bob -> alice 488\n",
                &["caller offers in 1, refused in 3"],
            ),
            (
                "no dialog",
                "0 alice -> bob INVITE sdp\n3 bob -> alice 488\n",
                &[],
            ),
            (
                "open",
                "0 alice -> bob INVITE sdp\n1 bob -> alice 180\n",
                &["caller offers in 1, open"],
            ),
            (
                "unanswered",
                "0 alice -> bob INVITE sdp\n1 bob -> alice 200\n1.1 alice -> bob ACK\n",
                &["caller offers in 1, unanswered in 2"],
            ),
            (
                "an unreliable response is a preview",
                "0 alice -> bob INVITE sdp\n1 bob -> alice 183 sdp\n2 bob -> alice 200 sdp\n",
                &["caller offers in 1, answered in 3"],
            ),
            (
                "unless the 2xx has no description",
                "0 alice -> bob INVITE sdp\n1 bob -> alice 183 sdp\n2 bob -> alice 200\n",
                &["caller offers in 1, answered in 2"],
            ),
            (
                "reliable",
                "0 alice -> bob INVITE sdp\n1 bob -> alice 183 sdp reliable\n\
                 1.1 alice -> bob PRACK\n1.2 bob -> alice 200 of PRACK\n\
                 2 bob -> alice 200 of INVITE sdp\n",
                &["caller offers in 1, answered in 2"],
            ),
            (
                "each dialog of a fork has its own",
                "0 alice -> bob INVITE sdp\n1 bob -> alice 183 sdp tag=x reliable\n\
                 1 bob -> alice 180 tag=y\n2 bob -> alice 200 sdp tag=y\n",
                &[
                    "caller offers in 1, answered in 2",
                    "caller offers in 1, answered in 4",
                ],
            ),
            (
                "each hop shows it, the nearest counts",
                "0.0 alice -> proxy INVITE sdp\n0.1 proxy -> bob INVITE forward\n\
                 1.0 bob -> proxy 200 sdp\n1.1 proxy -> alice 200\n",
                &["caller offers in 1, answered in 4"],
            ),
        ],
    );
}

#[test]
fn an_offer_may_come_in_a_response() {
    check(
        "0 alice -> bob INVITE\n",
        &[
            (
                "ACK answers",
                "1 bob -> alice 200 sdp\n1.1 alice -> bob ACK sdp\n",
                &["callee offers in 2, answered in 3"],
            ),
            (
                "ACK does not",
                "1 bob -> alice 200 sdp\n1.1 alice -> bob ACK\n",
                &["callee offers in 2, unanswered in 3"],
            ),
            (
                "no ACK",
                "1 bob -> alice 200 sdp\n",
                &["callee offers in 2, open"],
            ),
            (
                "PRACK answers",
                "1 bob -> alice 183 sdp reliable\n1.1 alice -> bob PRACK sdp\n\
                 1.2 bob -> alice 200 of PRACK\n2 bob -> alice 200 of INVITE\n",
                &[
                    "callee offers in 2, answered in 3",
                    "caller: audio/PCMU/sendrecv",
                ],
            ),
            (
                "PRACK of another response does not",
                "1 bob -> alice 183 sdp reliable rseq=1\n1.1 alice -> bob PRACK sdp rack=\"9 1 INVITE\"\n\
                 1.2 bob -> alice 200 of PRACK sdp\n",
                &[
                    "callee offers in 2, open",
                    "caller offers in 3, answered in 4",
                    "callee: audio/PCMU/sendrecv",
                ],
            ),
            (
                "no description",
                "1 bob -> alice 200\n1.1 alice -> bob ACK\n",
                &[],
            ),
        ],
    );
}

#[test]
fn requests_inside_a_dialog_offer_again() {
    check(
        UP,
        &[
            (
                "re-INVITE of the callee",
                "5 bob -> alice INVITE in-dialog sdp\n5.1 alice -> bob 200 of INVITE sdp\n\
                 5.2 bob -> alice ACK\n",
                &[
                    FIRST,
                    "callee offers in 6, answered in 7",
                    "caller: audio/PCMU/sendrecv",
                ],
            ),
            (
                "re-INVITE without an offer",
                "5 bob -> alice INVITE in-dialog\n5.1 alice -> bob 200 of INVITE sdp\n\
                 5.2 bob -> alice ACK sdp\n",
                &[
                    FIRST,
                    "caller offers in 7, answered in 8",
                    "callee: audio/PCMU/sendrecv",
                ],
            ),
            (
                "refused re-INVITE",
                "5 alice -> bob INVITE in-dialog sdp=sendonly\n5.1 bob -> alice 488 of INVITE\n\
                 5.2 alice -> bob ACK\n",
                &[FIRST, "caller offers in 6, refused in 7"],
            ),
            (
                "UPDATE",
                "5 alice -> bob UPDATE sdp\n5.1 bob -> alice 200 of UPDATE sdp\n",
                &[
                    FIRST,
                    "caller offers in 6, answered in 7",
                    "callee: audio/PCMU/sendrecv",
                ],
            ),
            (
                "UPDATE without an answer",
                "5 alice -> bob UPDATE sdp\n5.1 bob -> alice 200 of UPDATE\n",
                &[FIRST, "caller offers in 6, unanswered in 7"],
            ),
            (
                "UPDATE without an offer",
                "5 alice -> bob UPDATE\n5.1 bob -> alice 200 of UPDATE\n",
                &[FIRST],
            ),
        ],
    );
}
