//! The walk over the records of classic pcap.

use super::boundary::Boundary;
use super::record::Record;
use super::section::PcapLayout;
use super::stretch::{Ahead, End, Pause, Run, Search, Window};
use super::{ByteOrder, Chunk, reason};
use crate::Time;
use crate::time::SECOND;

/// Headers that must follow an odd one where it says.
const ODD_LINKS: usize = 3;
/// Bytes asked for ahead of a search, so that its cost stays linear.
const SEARCH_AHEAD: usize = 2 << 20;

/// What the bytes at a position are.
enum Verdict {
    /// A record up to index `end`.
    Record {
        record: Record,
        end: usize,
        header: Header,
    },
    /// The bytes up to this index are needed to tell.
    More(usize),
    /// No record, or not a whole one; the reason to count if no further record is found.
    Garbage(&'static str),
    /// The end of the file.
    End,
}

/// How the header of a record is written.
#[derive(Clone, Copy)]
enum Header {
    /// As it should be.
    Regular,
    /// With unusual values.
    Odd,
    /// In the other byte order than the record before.
    Swapped,
}

/// What a chain of records is asked to prove.
#[derive(Clone, Copy)]
enum Claim {
    /// That an unusual header is one: lengths that can be.
    Odd,
    /// That a header is in the other byte order: regular headers in either order, near in time.
    Swapped,
    /// That a record starts amid garbage: regular headers, near in time.
    Start,
}

/// Walks the records from index `at` on; leaves `at` at the first byte that is not done with.
pub(super) fn walk(
    token: &mut Boundary,
    layout: PcapLayout,
    window: Window<'_>,
    limit: usize,
    at: &mut usize,
    chunks: &mut Vec<Chunk>,
) -> Pause {
    let mut run = Run::new();
    let pause = loop {
        if *at >= limit {
            break Pause::Limit;
        }
        if token.is_lost() {
            match search(token, layout, window, limit, at) {
                Search::Found => token.found(window.offset(*at)),
                Search::Paused(pause) => break pause,
            }
        }
        take_regular(token, layout, window, limit, at, &mut run);
        if *at >= limit {
            break Pause::Limit;
        }
        let (record, end, header) = match judge(token, layout, window, *at) {
            Verdict::Record {
                record,
                end,
                header,
            } => (record, end, header),
            Verdict::More(until) => break Pause::More(until),
            Verdict::End => break Pause::End,
            Verdict::Garbage(reason) => {
                run.close(*at, &token.summary, chunks);
                token.lose(window.offset(*at), reason);
                *at += 1;
                continue;
            }
        };
        match header {
            Header::Regular => {}
            Header::Odd => token.summary.skip(reason::RECORD_HEADER_ODD),
            Header::Swapped => {
                run.close(*at, &token.summary, chunks);
                token.swap_order();
            }
        }
        run.open(*at, &token.section, &token.summary);
        if token.section.order != token.file_order {
            token.summary.skip(reason::RECORD_HEADER_BYTE_ORDER);
        }
        token.summary.frame(0, Some(record.time(layout)));
        *at = end;
    };
    run.close(*at, &token.summary, chunks);
    pause
}

/// Takes regular records one after the other as long as there are any: the loop that nearly all
/// records pass.
fn take_regular(
    token: &mut Boundary,
    layout: PcapLayout,
    window: Window<'_>,
    limit: usize,
    at: &mut usize,
    run: &mut Run,
) {
    let order = token.section.order;
    if order != token.file_order {
        return;
    }
    while *at < limit {
        let Some(record) = Record::read(window.bytes, *at, order, layout) else {
            return;
        };
        let end = record.end(*at, layout);
        if !record.is_regular(layout) || end > window.bytes.len() {
            return;
        }
        run.open(*at, &token.section, &token.summary);
        token.summary.frame(0, Some(record.time(layout)));
        *at = end;
    }
}

/// What stands at index `at`.
fn judge(token: &Boundary, layout: PcapLayout, window: Window<'_>, at: usize) -> Verdict {
    let Some(record) = Record::read(window.bytes, at, token.section.order, layout) else {
        return match window.end {
            End::Open => Verdict::More(at + layout.header_bytes),
            End::File if at == window.bytes.len() => Verdict::End,
            End::File => Verdict::Garbage(reason::CUT_IN_LAST_RECORD),
        };
    };
    if !record.is_regular(layout) {
        return judge_irregular(token, layout, window, at);
    }
    let end = record.end(at, layout);
    if end <= window.bytes.len() {
        return Verdict::Record {
            record,
            end,
            header: Header::Regular,
        };
    }
    match window.end {
        End::Open => Verdict::More(end),
        End::File => Verdict::Garbage(reason::CUT_IN_LAST_RECORD),
    }
}

/// Tells what an unusual header is by what follows it.
#[cold]
fn judge_irregular(token: &Boundary, layout: PcapLayout, window: Window<'_>, at: usize) -> Verdict {
    let order = token.section.order;
    let claims = [
        (Header::Swapped, order.swapped(), Claim::Swapped, 1),
        (Header::Odd, order, Claim::Odd, ODD_LINKS),
    ];
    for (header, order, claim, links) in claims {
        let chain = Chain {
            layout,
            order,
            claim,
            links,
            clock: clock_seconds(token),
        };
        match chain.holds(window, at) {
            Ahead::More(until) => return Verdict::More(until),
            Ahead::Broken => continue,
            Ahead::Holds => {}
        }
        if let Some(record) = Record::read(window.bytes, at, order, layout) {
            return Verdict::Record {
                record,
                end: record.end(at, layout),
                header,
            };
        }
    }
    Verdict::Garbage(reason::GARBAGE_AT_END)
}

/// Searches the garbage at index `at` for the next record and moves `at` along.
fn search(
    token: &Boundary,
    layout: PcapLayout,
    window: Window<'_>,
    limit: usize,
    at: &mut usize,
) -> Search {
    let clock = clock_seconds(token);
    let links = if clock.is_some() { 1 } else { 2 };
    let chain = Chain {
        layout,
        order: token.section.order,
        claim: Claim::Start,
        links,
        clock,
    };
    while *at < limit {
        match chain.holds(window, *at) {
            Ahead::Holds => return Search::Found,
            Ahead::Broken if *at >= window.bytes.len() => return Search::Paused(Pause::End),
            Ahead::Broken => *at += 1,
            Ahead::More(until) => {
                return Search::Paused(Pause::More(until.max(*at + SEARCH_AHEAD)));
            }
        }
    }
    Search::Paused(Pause::Limit)
}

fn clock_seconds(token: &Boundary) -> Option<i64> {
    let clock = token.summary.clock().now();
    (clock != Time::MIN).then_some(clock.0.div_euclid(SECOND))
}

/// A record and those after it, as evidence that it is one.
struct Chain {
    layout: PcapLayout,
    /// The byte order of the first header.
    order: ByteOrder,
    claim: Claim,
    /// How many headers must follow, unless the file ends before.
    links: usize,
    /// The second that the times must be near to; that of the first record where it is `None`.
    clock: Option<i64>,
}

impl Chain {
    /// Whether the chain that starts at index `at` bears the claim out.
    fn holds(&self, window: Window<'_>, at: usize) -> Ahead {
        let length = window.bytes.len();
        let mut at = at;
        let mut clock = self.clock;
        for link in 0..=self.links {
            let Some(record) = self.link(window.bytes, at, clock, link) else {
                let is_short = at + self.layout.header_bytes > length;
                return match window.end {
                    End::Open if is_short => Ahead::More(at + self.layout.header_bytes),
                    End::File if link > 0 && is_short => Ahead::Holds,
                    End::File | End::Open => Ahead::Broken,
                };
            };
            clock = clock.or(Some(i64::from(record.seconds)));
            at = record.end(at, self.layout);
            if at > length && window.end == End::File {
                return if link > 0 {
                    Ahead::Holds
                } else {
                    Ahead::Broken
                };
            }
        }
        Ahead::Holds
    }

    /// The header at index `at`, `link` records after the first, if it supports the claim.
    #[inline]
    fn link(&self, bytes: &[u8], at: usize, clock: Option<i64>, link: usize) -> Option<Record> {
        let read = |order| Record::read(bytes, at, order, self.layout);
        let is_regular = |record: &Record| record.is_regular(self.layout) && record.is_near(clock);
        let record = match self.claim {
            Claim::Odd => read(self.order),
            Claim::Start => read(self.order).filter(is_regular),
            Claim::Swapped if link == 0 => read(self.order).filter(is_regular),
            // One record with a swapped header may stand between records without.
            Claim::Swapped => read(self.order)
                .filter(is_regular)
                .or_else(|| read(self.order.swapped()).filter(is_regular)),
        };
        record.filter(|record| record.is_possible(self.layout))
    }
}
