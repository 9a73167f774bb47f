//! The walk over the blocks of pcapng.

use std::sync::Arc;

use pcap_parser::pcapng::{
    OptionCode, PcapNGOption, parse_decryptionsecretsblock_be, parse_decryptionsecretsblock_le,
    parse_interfacedescriptionblock_be, parse_interfacedescriptionblock_le,
    parse_interfacestatisticsblock_be, parse_interfacestatisticsblock_le,
};

use super::boundary::Boundary;
use super::resolution::Resolution;
use super::section::{Interface, Interfaces, Layout};
use super::stretch::{Ahead, End, Pause, Run, Search, Window};
use super::{ByteOrder, Chunk, Section, block, reason};
use crate::LinkType;

/// Interfaces kept for one section.
const INTERFACES: usize = 65_536;
/// Length up to which a block found in garbage is believed.
const PLAUSIBLE_LENGTH: usize = 1 << 18;
/// Bytes asked for ahead of a search, so that its cost stays linear.
const SEARCH_AHEAD: usize = 1 << 20;
/// Ticks are microseconds unless an interface says otherwise (draft-ietf-opsawg-pcapng 4.2).
const DEFAULT_TSRESOL: u8 = 6;

/// What the bytes at a position are.
enum Verdict {
    /// A block of this type and order up to this index; the reason to count, if any.
    Block {
        kind: u32,
        order: ByteOrder,
        end: usize,
        odd: Option<&'static str>,
    },
    /// The bytes up to this index are needed to tell.
    More(usize),
    /// No block, or not a whole one; the reason to count if no further block is found.
    Garbage(&'static str),
    /// The end of the file.
    End,
}

/// Walks the blocks from index `at` on; leaves `at` at the first byte that is not done with.
pub(super) fn walk(
    token: &mut Boundary,
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
            match search(token.section.order, window, limit, at) {
                Search::Found => token.found(window.offset(*at)),
                Search::Paused(pause) => break pause,
            }
        }
        let (kind, order, end) = match judge(token, window, *at) {
            Verdict::Block {
                kind,
                order,
                end,
                odd,
            } => {
                if let Some(reason) = odd {
                    token.summary.skip(reason);
                }
                (kind, order, end)
            }
            Verdict::More(until) => break Pause::More(until),
            Verdict::End => break Pause::End,
            Verdict::Garbage(reason) => {
                run.close(*at, &token.summary, chunks);
                token.lose(window.offset(*at), reason);
                token.record_limit = token.record_limit.min(PLAUSIBLE_LENGTH);
                *at += 1;
                continue;
            }
        };
        let whole = &window.bytes[*at..end];
        match kind {
            block::ENHANCED_PACKET | block::PACKET | block::SIMPLE_PACKET => {
                run.open(*at, &token.section, &token.summary);
                enter_packet(token, kind, whole);
            }
            block::SECTION_HEADER => {
                run.close(*at, &token.summary, chunks);
                token.section = Arc::new(Section {
                    order,
                    layout: Layout::Pcapng,
                    interfaces: Interfaces::default(),
                });
            }
            block::INTERFACE_DESCRIPTION => {
                run.close(*at, &token.summary, chunks);
                enter_interface(token, whole);
            }
            block::INTERFACE_STATISTICS => enter_statistics(token, whole),
            block::DECRYPTION_SECRETS => enter_secrets(token, whole),
            _ if !block::is_known(kind) => token.summary.skip(reason::UNKNOWN_BLOCK),
            _ => {}
        }
        *at = end;
    };
    run.close(*at, &token.summary, chunks);
    pause
}

#[inline]
fn enter_packet(token: &mut Boundary, kind: u32, whole: &[u8]) {
    let packet = match block::Packet::read(kind, whole, &token.section) {
        Some(Ok(packet)) => packet,
        Some(Err(reason)) => return token.summary.skip(reason),
        None => return,
    };
    if let Err(reason) = packet.time {
        token.summary.skip(reason);
    }
    token
        .summary
        .frame(packet.interface.index, packet.time.ok());
    for comment in packet.comments(token.section.order) {
        token.summary.comment(comment);
    }
}

/// draft-ietf-opsawg-pcapng 4.2. A description that cannot be read keeps its place in the table,
/// so that the interfaces after it keep their numbers.
fn enter_interface(token: &mut Boundary, whole: &[u8]) {
    let order = token.section.order;
    if token.section.interfaces.len() == INTERFACES {
        return token.summary.skip(reason::INTERFACE_LIMIT);
    }
    let parsed = match order {
        ByteOrder::Little => parse_interfacedescriptionblock_le(whole),
        ByteOrder::Big => parse_interfacedescriptionblock_be(whole),
    };
    let section = Arc::make_mut(&mut token.section);
    let Ok((_, described)) = parsed else {
        section.interfaces.push(None);
        return token.summary.skip(reason::MALFORMED_BLOCK);
    };
    // pcap-parser reads the offset as little-endian in every section.
    let offset = option(&described.options, OptionCode::IfTsoffset)
        .and_then(|raw| raw.first_chunk())
        .map_or(0, |raw| order.u64(*raw).cast_signed());
    let tsresol = option(&described.options, OptionCode::IfTsresol)
        .and_then(|raw| raw.first())
        .map_or(DEFAULT_TSRESOL, |raw| *raw);
    let link = LinkType(described.linktype.0 as u16);
    section.interfaces.push(Some(Interface {
        link,
        snap_len: described.snaplen,
        resolution: Resolution::new(tsresol, offset),
        index: token.interfaces,
    }));
    token.summary.interface(link, described.snaplen);
    token.interfaces = token.interfaces.saturating_add(1);
}

/// draft-ietf-opsawg-pcapng 4.6: the counters run from the start of the capture, so the latest
/// block holds.
fn enter_statistics(token: &mut Boundary, whole: &[u8]) {
    let order = token.section.order;
    let parsed = match order {
        ByteOrder::Little => parse_interfacestatisticsblock_le(whole),
        ByteOrder::Big => parse_interfacestatisticsblock_be(whole),
    };
    let Ok((_, statistics)) = parsed else {
        return token.summary.skip(reason::MALFORMED_BLOCK);
    };
    let Some(interface) = token.section.interfaces.get(statistics.if_id) else {
        return token.summary.skip(reason::UNKNOWN_INTERFACE);
    };
    let Some(entry) = token.summary.interfaces.get_mut(interface.index as usize) else {
        return;
    };
    let counter = |code| {
        let raw = option(&statistics.options, code)?.first_chunk()?;
        Some(order.u64(*raw))
    };
    let dropped = [
        counter(OptionCode::IsbIfDrop),
        counter(OptionCode::IsbOsDrop),
    ];
    entry.received = counter(OptionCode::IsbIfRecv).or(entry.received);
    let dropped = dropped.into_iter().flatten().reduce(u64::saturating_add);
    if let Some(dropped) = dropped {
        token.summary.dropped(interface.index, dropped);
    }
}

/// draft-ietf-opsawg-pcapng 4.7.
fn enter_secrets(token: &mut Boundary, whole: &[u8]) {
    let parsed = match token.section.order {
        ByteOrder::Little => parse_decryptionsecretsblock_le(whole),
        ByteOrder::Big => parse_decryptionsecretsblock_be(whole),
    };
    let Ok((_, secrets)) = parsed else {
        return token.summary.skip(reason::MALFORMED_BLOCK);
    };
    let bytes = secrets
        .data
        .get(..secrets.secrets_len as usize)
        .unwrap_or(secrets.data);
    token.summary.secrets(secrets.secrets_type.0, bytes);
}

/// The value of the first option `code`, without padding. pcap-parser goes on after the end of
/// the options, where padding may look like more of them.
fn option<'a>(options: &'a [PcapNGOption<'_>], code: OptionCode) -> Option<&'a [u8]> {
    let mut before_end = options
        .iter()
        .take_while(|option| option.code != OptionCode::EndOfOpt);
    before_end
        .find(|option| option.code == code)?
        .as_bytes()
        .ok()
}

/// What stands at index `at`.
#[inline]
fn judge(token: &Boundary, window: Window<'_>, at: usize) -> Verdict {
    let bytes = window.bytes;
    if at + block::LEAST > bytes.len() {
        return match window.end {
            End::Open => Verdict::More(at + block::LEAST),
            End::File if at == bytes.len() => Verdict::End,
            End::File => Verdict::Garbage(reason::CUT_IN_LAST_RECORD),
        };
    }
    let Some((kind, order, length)) = head(bytes, at, token.section.order) else {
        return Verdict::Garbage(reason::GARBAGE_AT_END);
    };
    if length > token.record_limit {
        return Verdict::Garbage(reason::GARBAGE_AT_END);
    }
    let end = at + length;
    if end > bytes.len() {
        return match window.end {
            End::Open => Verdict::More(end),
            End::File => Verdict::Garbage(reason::CUT_IN_LAST_RECORD),
        };
    }
    let odd = if order.u32_at(bytes, end - 4) == Some(length as u32) {
        (length % 4 != 0).then_some(reason::BLOCK_LENGTH_UNALIGNED)
    } else {
        match follows(window, end, order) {
            Ahead::Holds => Some(reason::BLOCK_TRAILER_MISMATCH),
            Ahead::More(until) => return Verdict::More(until),
            Ahead::Broken => return Verdict::Garbage(reason::GARBAGE_AT_END),
        }
    };
    Verdict::Block {
        kind,
        order,
        end,
        odd,
    }
}

/// Type, byte order and length of the block at index `at`; `None` when it cannot be a block.
#[inline]
fn head(bytes: &[u8], at: usize, order: ByteOrder) -> Option<(u32, ByteOrder, usize)> {
    let (kind, length) = block::head(bytes, at, order)?;
    if kind != block::SECTION_HEADER {
        return (length >= block::LEAST).then_some((kind, order, length));
    }
    // The type reads the same in both byte orders; the order of the section governs its length.
    let order = block::section_order(bytes, at)?;
    let (kind, length) = block::head(bytes, at, order)?;
    (length >= block::LEAST_SECTION_HEADER).then_some((kind, order, length))
}

/// Searches the garbage at index `at` for the next block and moves `at` along.
fn search(order: ByteOrder, window: Window<'_>, limit: usize, at: &mut usize) -> Search {
    while *at < limit {
        match plausible(window, *at, order) {
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

/// Whether a block or the end of the file follows at index `at`.
#[cold]
fn follows(window: Window<'_>, at: usize, order: ByteOrder) -> Ahead {
    if window.end == End::File && at == window.bytes.len() {
        return Ahead::Holds;
    }
    plausible(window, at, order)
}

/// Whether a whole block of a known type and with two equal lengths stands at index `at`.
fn plausible(window: Window<'_>, at: usize, order: ByteOrder) -> Ahead {
    let bytes = window.bytes;
    let wanted = |until: usize| match window.end {
        End::Open => Ahead::More(until),
        End::File => Ahead::Broken,
    };
    if at + block::LEAST > bytes.len() {
        return wanted(at + block::LEAST);
    }
    let Some((kind, order, length)) = head(bytes, at, order) else {
        return Ahead::Broken;
    };
    if !block::is_known(kind) || length > PLAUSIBLE_LENGTH || length % 4 != 0 {
        return Ahead::Broken;
    }
    let end = at + length;
    if end > bytes.len() {
        return wanted(end);
    }
    if order.u32_at(bytes, end - 4) == Some(length as u32) {
        Ahead::Holds
    } else {
        Ahead::Broken
    }
}
