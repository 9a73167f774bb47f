//! Whether a message was seen before: sent again by its sender, or captured twice.

use siptriage_capture::time::MILLISECOND;

use crate::leg::Vantage;
use crate::record::{Record, Repeat, Role};
use crate::timers::T1;

/// A mirror port delivers its copy within this time.
const COPY_WINDOW: i64 = MILLISECOND;
/// A second passage of the same packet (other VLAN, other side of a router) comes within this.
const PASSAGE_WINDOW: i64 = 50 * MILLISECOND;
/// Capture points with clocks of their own show one packet at most this far apart; a sender waits
/// longer before it repeats (T1, RFC 3261 17.1.1.1).
const SKEW_WINDOW: i64 = T1 / 10 * 9;
/// No sender repeats faster than this: 0.2 * T1.
const FASTEST_REPEAT: i64 = T1 / 5;
/// A response this soon after a repeated request answers the repeat.
const REPLY_WINDOW: i64 = 200 * MILLISECOND;
/// No timer waits longer before it sends a message again: the last step of Timer A is 32*T1, and a
/// fifth more (RFC 3261 17.1.1.2).
const SLOWEST_REPEAT: i64 = T1 * 32 / 5 * 6;
/// Records of a transaction looked back through.
const LOOK_BACK: usize = 24;

/// What a message is judged by.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'l> {
    /// The records of its leg.
    pub(crate) records: &'l [Record],
    /// Where they were seen.
    pub(crate) vantages: &'l [Vantage],
}

impl<'l> Seen<'l> {
    fn vantage(self, record: &Record) -> &'l Vantage {
        &self.vantages[usize::from(record.vantage.0)]
    }
}

/// Judges a message by those before it in its transaction.
#[inline]
pub(crate) fn judge(seen: Seen<'_>, record: &Record) -> Repeat {
    let mut alike = earlier(seen, record).filter(|earlier| earlier.role == record.role);
    match alike.find(|earlier| is_same_message(seen, earlier, record)) {
        Some(same) => judge_again(seen, same, record),
        None => Repeat::First,
    }
}

/// Judges a message by an equal one before it.
#[inline(never)]
fn judge_again(seen: Seen<'_>, same: &Record, record: &Record) -> Repeat {
    match compare(seen, same, record) {
        Repeat::Retransmission | Repeat::Fast if is_seen_elsewhere(seen, record) => {
            Repeat::Duplicate
        }
        Repeat::Retransmission
            if matches!(record.role, Role::Response(_))
                && earlier(seen, record).any(|earlier| is_repeated_request(earlier, record)) =>
        {
            Repeat::Reply
        }
        verdict => verdict,
    }
}

/// The messages before one in its transaction, newest first.
fn earlier<'l>(seen: Seen<'l>, record: &Record) -> impl Iterator<Item = &'l Record> + use<'l> {
    let mut next = record.previous;
    let newest_first = std::iter::from_fn(move || {
        let record = seen.records.get(next?.0 as usize)?;
        next = record.previous;
        Some(record)
    });
    newest_first.take(LOOK_BACK)
}

/// Whether a message is a request sent again that a response may answer.
fn is_repeated_request(earlier: &Record, response: &Record) -> bool {
    earlier.role == Role::Request
        && earlier.repeat == Repeat::Retransmission
        && response.time.since(earlier.time) <= REPLY_WINDOW
}

/// Equal role, To tag and RSeq on the same 5-tuple. Duplicates count too: of three copies the
/// third is judged against the second.
fn is_same_message(seen: Seen<'_>, earlier: &Record, record: &Record) -> bool {
    earlier.role == record.role
        && earlier.to_tag == record.to_tag
        && earlier.rseq == record.rseq
        && seen.vantage(earlier).flow == seen.vantage(record).flow
}

fn compare(seen: Seen<'_>, earlier: &Record, record: &Record) -> Repeat {
    let gap = record.time.since(earlier.time).abs();
    let same_bytes = earlier.fingerprint == record.fingerprint;
    let is_copy = || {
        gap <= PASSAGE_WINDOW && is_second_passage(seen, earlier, record)
            || gap <= COPY_WINDOW && may_be_one_packet(earlier, record)
    };
    if same_bytes && is_copy() {
        return Repeat::Duplicate;
    }
    if gap < FASTEST_REPEAT {
        Repeat::Fast
    } else if gap > SLOWEST_REPEAT && is_said_anew(record) {
        Repeat::First
    } else {
        Repeat::Retransmission
    }
}

/// A phone that rings for long says so every minute (RFC 3261 13.3.1.1); nothing but a PRACK would
/// confirm that it was heard.
fn is_said_anew(record: &Record) -> bool {
    record.rseq == 0
        && record
            .role
            .status()
            .is_some_and(|status| status.is_provisional())
}

/// Another capture point has already shown this sending: the same bytes there, and more of them
/// there than here.
fn is_seen_elsewhere(seen: Seen<'_>, record: &Record) -> bool {
    let interface = |record: &Record| seen.vantage(record).interface;
    let same_bytes = || {
        earlier(seen, record).filter(|earlier| {
            earlier.fingerprint == record.fingerprint && is_same_message(seen, earlier, record)
        })
    };
    let count = |wanted| {
        same_bytes()
            .filter(|earlier| interface(earlier) == wanted)
            .count()
    };
    let here = count(interface(record));
    same_bytes().any(|earlier| {
        may_be_one_packet(earlier, record)
            && interface(earlier) != interface(record)
            && record.time.since(earlier.time).abs() <= SKEW_WINDOW
            && count(interface(earlier)) > here
    })
}

/// Whether the IP identifications allow it. Where they differ, a clock that was set back may have
/// brought a message and its repeat together.
fn may_be_one_packet(earlier: &Record, record: &Record) -> bool {
    earlier.ip_id == record.ip_id || earlier.ip_id == 0 || record.ip_id == 0
}

/// An equal IP identification, or a sign of another path: hop limit, link or interface.
fn is_second_passage(seen: Seen<'_>, earlier: &Record, record: &Record) -> bool {
    let (one, other) = (seen.vantage(earlier), seen.vantage(record));
    (earlier.ip_id != 0 && earlier.ip_id == record.ip_id)
        || earlier.ttl != record.ttl
        || earlier.link != record.link
        || one.interface != other.interface
        || one.tunnel != other.tunnel
}
