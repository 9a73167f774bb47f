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

/// How much is asked of a header.
#[derive(Clone, Copy)]
enum Doubt {
    /// A length that can be, in this byte order.
    Odd,
    /// Nothing unusual, in either byte order.
    Regular,
    /// Nothing unusual in this byte order, and a time near this second.
    Near(Option<i64>),
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

/// What stands at index `at`.
#[inline]
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
    let tests = [
        (Header::Swapped, order.swapped(), Doubt::Regular, 1),
        (Header::Odd, order, Doubt::Odd, ODD_LINKS),
    ];
    for (header, order, doubt, links) in tests {
        match follows(layout, window, at, order, doubt, links) {
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
    let clock = token.summary.clock().now();
    let clock = (clock != Time::MIN).then_some(clock.0.div_euclid(SECOND));
    let links = if clock.is_some() { 1 } else { 2 };
    while *at < limit {
        match follows(
            layout,
            window,
            *at,
            token.section.order,
            Doubt::Near(clock),
            links,
        ) {
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

/// Whether a believable record starts at index `at`, with `links` believable headers or the end
/// of the file after it.
fn follows(
    layout: PcapLayout,
    window: Window<'_>,
    at: usize,
    order: ByteOrder,
    doubt: Doubt,
    links: usize,
) -> Ahead {
    let length = window.bytes.len();
    let mut at = at;
    for link in 0..=links {
        let Some(record) = believable(layout, window.bytes, at, order, doubt, link) else {
            let short = at + layout.header_bytes > length;
            return match window.end {
                End::Open if short => Ahead::More(at + layout.header_bytes),
                End::File if link > 0 && at == length => Ahead::Holds,
                End::File | End::Open => Ahead::Broken,
            };
        };
        at = record.end(at, layout);
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

/// The header at index `at` when it stands the test. `link` is its distance from the first.
#[inline]
fn believable(
    layout: PcapLayout,
    bytes: &[u8],
    at: usize,
    order: ByteOrder,
    doubt: Doubt,
    link: usize,
) -> Option<Record> {
    let record = Record::read(bytes, at, order, layout)?;
    let stands = match doubt {
        Doubt::Odd => true,
        Doubt::Regular => record.is_regular(layout),
        Doubt::Near(clock) => record.is_regular(layout) && record.is_near(clock),
    };
    if stands && record.is_possible(layout) {
        return Some(record);
    }
    match doubt {
        // A single record with a swapped header stands between records without.
        Doubt::Regular if link > 0 => {
            let record = Record::read(bytes, at, order.swapped(), layout)?;
            (record.is_regular(layout) && record.is_possible(layout)).then_some(record)
        }
        Doubt::Odd | Doubt::Regular | Doubt::Near(_) => None,
    }
}
