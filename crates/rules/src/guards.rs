//! The conditions under which something that was not seen did not happen.
//!
//! A passive observer misses packets. Before a rule takes an absence for a fault, it asks the
//! guards; each either holds or names what the capture lacks.

use siptriage_capture::time::MILLISECOND;
use siptriage_capture::{Flow, Time};
use siptriage_correlate::{Answer, Case, Coverage, Facts, Opened, RecordIdx, TransactionIdx};

use crate::context::Context;
use crate::wording::span;

/// A guard's verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The condition is proven.
    Holds,
    /// The condition is proven not to hold: the rule has no say here.
    Fails,
    /// The capture does not tell.
    Unknown(Why),
}

/// What a capture lacks to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It ends this many nanoseconds after the event.
    EndsAfter(i64),
    /// It is silent from this many nanoseconds after the event.
    SilentAfter(i64),
    /// Nothing of the other direction was captured.
    OneDirection,
    /// The request itself was not captured.
    BeginningUnseen,
    /// The missing message need not have passed this capture point.
    OtherPath,
    /// Packets were lost while capturing.
    Loss,
    /// The message was cut by the capture.
    Cut,
    /// The clock of the capture stepped back.
    Clock,
    /// The hosts exchanged nothing else at that time that would prove that they were heard.
    NobodyElse,
}

impl Verdict {
    /// The first that does not hold, of this one and `other`.
    #[must_use]
    pub fn and(self, other: impl FnOnce() -> Verdict) -> Verdict {
        match self {
            Verdict::Holds => other(),
            Verdict::Fails | Verdict::Unknown(_) => self,
        }
    }
}

impl Why {
    /// What the capture lacks, as a sentence without a full stop; `event` names what the window
    /// begins with: `the 200`.
    pub fn sentence(self, event: &str) -> String {
        match self {
            Why::EndsAfter(after) => format!("capture ends {} after {event}", span(after)),
            Why::SilentAfter(after) => {
                format!("capture is silent from {} after {event}", span(after))
            }
            Why::OneDirection => {
                format!("only one direction between the hosts of {event} was captured")
            }
            Why::BeginningUnseen => format!("the request that {event} belongs to was not captured"),
            Why::OtherPath => {
                format!("what follows {event} need not pass the point of this capture")
            }
            Why::Loss => format!("packets were lost while {event} was captured"),
            Why::Cut => format!("{event} was cut by the capture"),
            Why::Clock => format!("the clock of the capture steps back around {event}"),
            Why::NobodyElse => {
                format!("the hosts of {event} are not heard again, so they may not be in reach")
            }
        }
    }
}

/// G-WIN: the capture shows `nanoseconds` after `from`.
pub fn window(context: &Context<'_>, from: Time, nanoseconds: i64) -> Verdict {
    match context.scene.coverage(context.case, from, nanoseconds) {
        Coverage::Full => Verdict::Holds,
        Coverage::EndsAfter(after) => Verdict::Unknown(Why::EndsAfter(after)),
        Coverage::SilentAfter(after) => Verdict::Unknown(Why::SilentAfter(after)),
    }
}

/// G-START: the request that opened the transaction was captured.
pub fn start(context: &Context<'_>, at: TransactionIdx) -> Verdict {
    match context.transaction(at).opened {
        Opened::Request => Verdict::Holds,
        Opened::Response => Verdict::Unknown(Why::BeginningUnseen),
    }
}

/// G-BOTH: both directions between the hosts of `flow` are visible.
pub fn both_ways(context: &Context<'_>, flow: Flow) -> Verdict {
    if context.scene.hears_both_ways(&context.case.leg, flow) {
        Verdict::Holds
    } else {
        Verdict::Unknown(Why::OneDirection)
    }
}

/// G-BOTH in a stretch of time: the hosts of `flow` are heard, both ways, within it.
pub fn alive(context: &Context<'_>, flow: Flow, from: Time, until: Time) -> Verdict {
    let (src, dst) = (flow.src.ip, flow.dst.ip);
    let pairs = &context.scene.pairs;
    let heard =
        pairs.heard_within(src, dst, from, until) && pairs.heard_within(dst, src, from, until);
    if heard || context.scene.assume_complete {
        Verdict::Holds
    } else {
        Verdict::Unknown(Why::NobodyElse)
    }
}

/// G-PATH: the ACK of a 2xx must cross this capture point. It does next to its sender, where the
/// INVITE has one Via and no proxy is seen to send it on, and where another request of the dialog
/// passed.
pub fn path(context: &Context<'_>, answer: &Answer) -> Verdict {
    let mut hops = answer.hops.iter().map(|hop| context.transaction(*hop));
    if hops.all(|hop| hop.opened == Opened::Request && hop.via_count <= 1) {
        return Verdict::Holds;
    }
    if in_dialog_requests(context.case, answer).next().is_some() {
        return Verdict::Holds;
    }
    Verdict::Unknown(Why::OtherPath)
}

/// G-LOSS: nothing says that packets were lost while capturing, neither this leg nor the capture.
pub fn lossless(context: &Context<'_>) -> Verdict {
    let scene = context.scene;
    let lossy = scene.disturbances.lose(&context.case.leg) || scene.misses.are_many();
    if lossy || context.case.missed_messages() > 0 {
        return Verdict::Unknown(Why::Loss);
    }
    Verdict::Holds
}

/// G-TRUNC: the message was captured whole.
pub fn whole(context: &Context<'_>, at: RecordIdx) -> Verdict {
    if context.case.leg.record(at).facts.has(Facts::TRUNCATED) {
        return Verdict::Unknown(Why::Cut);
    }
    Verdict::Holds
}

/// G-CLK: no message of the transaction is stamped before the one captured before it, nobody set
/// the clock meanwhile, and the capture points that show it agree on the time, corrected or not.
pub fn clock(context: &Context<'_>, at: TransactionIdx) -> Verdict {
    const STEP: i64 = MILLISECOND;
    let mut latest: Option<Time> = None;
    for record in context.case.messages(at) {
        let time = context.time(record);
        if latest.is_some_and(|latest| latest.since(time) > STEP) {
            return Verdict::Unknown(Why::Clock);
        }
        latest = Some(latest.map_or(time, |latest| latest.max(time)));
    }
    let (scene, leg) = (context.scene, &context.case.leg);
    let clocks = &context.case.clocks;
    let is_skewed = clocks.disagree(leg, context.case.messages(at));
    if is_skewed || scene.disturbances.set_clock(leg) {
        return Verdict::Unknown(Why::Clock);
    }
    Verdict::Holds
}

/// G-ROOT: the transaction is the hop nearest to the caller, or no hop of an attempt at all.
pub fn root(context: &Context<'_>, at: TransactionIdx) -> Verdict {
    match context.case.attempt_of(at) {
        Some(attempt) if !attempt.roots.contains(&at) => Verdict::Fails,
        Some(_) | None => Verdict::Holds,
    }
}

/// G-POP: there are at least `least` samples.
pub fn population(samples: u64, least: u64) -> Verdict {
    if samples >= least {
        Verdict::Holds
    } else {
        Verdict::Fails
    }
}

/// Requests of the dialog other than its ACKs, by either side, that were captured.
pub fn in_dialog_requests<'a>(
    case: &'a Case,
    answer: &'a Answer,
) -> impl Iterator<Item = TransactionIdx> + 'a {
    let first = answer.first;
    case.leg.transaction_indices().filter(move |at| {
        let transaction = case.leg.transaction(*at);
        let of_caller =
            transaction.from_tag == answer.from_tag && transaction.request_to_tag == answer.to_tag;
        let of_callee =
            transaction.from_tag == answer.to_tag && transaction.request_to_tag == answer.from_tag;
        transaction.opened == Opened::Request
            && transaction.first > first
            && !answer.to_tag.is_none()
            && (of_caller || of_callee)
    })
}

#[cfg(test)]
mod tests {
    use siptriage_capture::time::SECOND;
    use siptriage_capture::{Disturbance, DisturbanceKind};

    use super::*;
    use crate::stage::Play;

    const ANSWERED: &str = "0.00 alice -> bob INVITE sdp\n0.80 bob -> alice 180\n\
                            5.00 bob -> alice 200 sdp\nend 15\n";

    fn with<T>(trace: &str, test: impl FnOnce(&mut Play) -> T) -> T {
        test(&mut Play::of(trace))
    }

    fn context(play: &Play) -> Context<'_> {
        Context {
            case: &play.cases[0],
            call: None,
            scene: &play.scene,
        }
    }

    #[test]
    fn a_window_reaches_to_the_end_of_the_capture() {
        with(ANSWERED, |play| {
            let from = context(play).time(context(play).case.answers[0].first);
            assert_eq!(window(&context(play), from, 10 * SECOND), Verdict::Holds);
            let after = Verdict::Unknown(Why::EndsAfter(10 * SECOND));
            assert_eq!(window(&context(play), from, 10 * SECOND + 1), after);
            play.scene.assume_complete = true;
            assert_eq!(window(&context(play), from, 500 * SECOND), Verdict::Holds);
        });
    }

    #[test]
    fn a_silence_of_the_capture_opens_a_window() {
        with(ANSWERED, |play| {
            let from = context(play).time(context(play).case.answers[0].first);
            play.scene
                .silences
                .push((from.plus(2 * SECOND), from.plus(9 * SECOND)));
            let silent = Verdict::Unknown(Why::SilentAfter(2 * SECOND));
            assert_eq!(window(&context(play), from, 5 * SECOND), silent);
            assert_eq!(window(&context(play), from, SECOND), Verdict::Holds);
        });
    }

    #[test]
    fn a_transaction_that_a_response_opened_began_unseen() {
        with("0 alice -> bob INVITE lost\n1 bob -> alice 180\n", |play| {
            let unseen = Verdict::Unknown(Why::BeginningUnseen);
            assert_eq!(start(&context(play), TransactionIdx(0)), unseen);
        });
        with(ANSWERED, |play| {
            assert_eq!(start(&context(play), TransactionIdx(0)), Verdict::Holds);
        });
    }

    #[test]
    fn one_direction_alone_is_heard_from_one_side() {
        with("0 alice -> bob OPTIONS\n", |play| {
            let flow = context(play).flow(RecordIdx(0));
            assert_eq!(
                both_ways(&context(play), flow),
                Verdict::Unknown(Why::OneDirection)
            );
        });
        with(ANSWERED, |play| {
            let flow = context(play).flow(RecordIdx(0));
            assert_eq!(both_ways(&context(play), flow), Verdict::Holds);
        });
    }

    #[test]
    fn hosts_are_alive_when_both_are_heard_inside_the_window() {
        let pinged = "0 alice -> bob OPTIONS call=a\n0.1 bob -> alice 200 call=a\n\
                      50 alice -> bob OPTIONS call=b\n50.1 bob -> alice 200 call=b\nend 100\n";
        with(pinged, |play| {
            let flow = context(play).flow(RecordIdx(0));
            let from = context(play).time(RecordIdx(0));
            assert_eq!(
                alive(&context(play), flow, from, from.plus(90 * SECOND)),
                Verdict::Holds
            );
            let nobody = Verdict::Unknown(Why::NobodyElse);
            assert_eq!(
                alive(&context(play), flow, from, from.plus(40 * SECOND)),
                nobody
            );
        });
    }

    #[test]
    fn the_ack_passes_next_to_its_sender() {
        with(ANSWERED, |play| {
            let answer = &context(play).case.answers[0];
            assert_eq!(path(&context(play), answer), Verdict::Holds);
        });
        let proxied = "0.00 alice -> proxy INVITE sdp\n0.01 proxy -> bob INVITE forward\n\
                       5.00 bob -> proxy 200 sdp\n5.01 proxy -> alice 200\nend 50\n";
        with(proxied, |play| {
            let answer = &context(play).case.answers[0];
            assert_eq!(
                path(&context(play), answer),
                Verdict::Unknown(Why::OtherPath)
            );
        });
    }

    #[test]
    fn losses_are_counted_or_seen() {
        with(ANSWERED, |play| {
            assert_eq!(lossless(&context(play)), Verdict::Holds);
            play.scene.misses.captured = 500;
            assert_eq!(lossless(&context(play)), Verdict::Holds);
            play.scene.misses.missed = 1;
            assert_eq!(lossless(&context(play)), Verdict::Unknown(Why::Loss));
        });
        with(ANSWERED, |play| {
            let from = context(play).time(RecordIdx(0));
            let dropped = |known| Disturbance {
                kind: DisturbanceKind::Dropped { packets: 1 },
                from,
                until: from,
                known,
            };
            let end = play.cases[0].leg.seen_until;
            play.scene.disturbances.add(dropped(end.plus(1)));
            assert_eq!(lossless(&context(play)), Verdict::Holds);
            play.scene.disturbances.add(dropped(end));
            assert_eq!(lossless(&context(play)), Verdict::Unknown(Why::Loss));
        });
        let holed = "0 alice -> bob INVITE\n1 bob -> alice 200\n1.1 alice -> bob ACK\n\
                     9 alice -> bob BYE lost\n9.1 bob -> alice 200\n";
        with(holed, |play| {
            assert_eq!(lossless(&context(play)), Verdict::Unknown(Why::Loss));
        });
    }

    #[test]
    fn a_message_cut_by_the_capture_is_not_whole() {
        with(
            "0 alice -> bob INVITE sdp truncate=400\n1 bob -> alice 180\n",
            |play| {
                assert_eq!(
                    whole(&context(play), RecordIdx(0)),
                    Verdict::Unknown(Why::Cut)
                );
                assert_eq!(whole(&context(play), RecordIdx(1)), Verdict::Holds);
            },
        );
    }

    #[test]
    fn a_clock_that_steps_back_is_seen() {
        with(ANSWERED, |play| {
            assert_eq!(clock(&context(play), TransactionIdx(0)), Verdict::Holds);
            let sent = play.cases[0].leg.records[0].time;
            play.cases[0].leg.records[0].time = sent.plus(2 * SECOND);
            let stepped = Verdict::Unknown(Why::Clock);
            assert_eq!(clock(&context(play), TransactionIdx(0)), stepped);
        });
    }

    #[test]
    fn only_the_nearest_hop_is_a_root() {
        let proxied = "0.00 alice -> proxy INVITE sdp\n0.01 proxy -> bob INVITE forward\n\
                       5.00 bob -> proxy 200 sdp\n5.01 proxy -> alice 200\n";
        with(proxied, |play| {
            assert_eq!(root(&context(play), TransactionIdx(0)), Verdict::Holds);
            assert_eq!(root(&context(play), TransactionIdx(1)), Verdict::Fails);
        });
    }

    #[test]
    fn a_population_has_a_least_size() {
        assert_eq!(population(49, 50), Verdict::Fails);
        assert_eq!(population(50, 50), Verdict::Holds);
    }

    #[test]
    fn the_first_that_does_not_hold_counts() {
        let lossy = Verdict::Unknown(Why::Loss);
        assert_eq!(Verdict::Holds.and(|| lossy), lossy);
        assert_eq!(lossy.and(|| Verdict::Fails), lossy);
        assert_eq!(Verdict::Fails.and(|| Verdict::Holds), Verdict::Fails);
    }

    #[test]
    fn reasons_are_sentences() {
        let told = Why::EndsAfter(5 * SECOND).sentence("the 200");
        assert_eq!(told, "capture ends 5.0 s after the 200");
    }
}
