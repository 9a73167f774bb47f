//! A line of the form `TIME… SRC -> DST WHAT WORDS…`.

use std::net::IpAddr;

use super::control::control;
use super::parse::ip;
use super::{Delivery, Flag, Line, Lost, Subject, Values, Word, unescape};
use crate::error::Error;
use crate::host::Hosts;
use crate::packet::Transport;

/// Shortest time between two packets of a media stream.
const SHORTEST_EVERY_NS: u64 = 1_000_000;

/// An address that takes the place of a host's own; without a port the host's port stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) ip: IpAddr,
    pub(crate) port: Option<u16>,
}

const SHAPE: &str = "`TIME… SRC -> DST MESSAGE …` or host, transport, ipv6, t0, end";

pub(super) fn message_line(
    hosts: &mut Hosts,
    words: &[Word],
    number: usize,
) -> Result<Line, Error> {
    let found = || {
        words
            .iter()
            .map(|w| w.text.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let times_ns: Vec<u64> = words.iter().map_while(|word| seconds(&word.text)).collect();
    let [src, arrow, dst, rest @ ..] = &words[times_ns.len()..] else {
        return Err(Error::new(number, SHAPE, found()));
    };
    if times_ns.is_empty() || arrow.text != "->" {
        return Err(Error::new(number, SHAPE, found()));
    }
    let (subject, flags, rest) = subject(rest).ok_or_else(|| {
        Error::new(
            number,
            "a method, a status code, raw \"…\", icmp REASON, rtp, syn, fin, rst or tcp-ack after DST",
            found(),
        )
    })?;
    let mut line = Line {
        number,
        times_ns,
        src: hosts.named(&src.text),
        dst: hosts.named(&dst.text),
        subject,
        flags,
        call: "1".to_owned(),
        values: Values::default(),
        delivery: Delivery::default(),
        edits: Vec::new(),
        body: None,
    };
    for word in rest {
        match word.text.split_once('=') {
            _ if word.quoted => line.values.phrase = Some(unescape(&word.text)),
            Some((key, value)) => assignment(&mut line, key, value)
                .map_err(|expected| Error::new(number, expected, &word.text))?,
            None => lone_word(&mut line, &word.text)
                .map_err(|expected| Error::new(number, expected, &word.text))?,
        }
    }
    Ok(line)
}

/// What is sent, and the words after it.
fn subject(words: &[Word]) -> Option<(Subject, Vec<Flag>, &[Word])> {
    let (flags, words) = match words {
        [again, rest @ ..] if again.text == "again" => (vec![Flag::Again], rest),
        _ => (Vec::new(), words),
    };
    let (first, rest) = words.split_first()?;
    if first.quoted {
        return None;
    }
    if let Some((control, rest)) = control(words) {
        return Some((Subject::Control(control), flags, rest));
    }
    if first.text == "raw" {
        return match rest.split_first() {
            Some((bytes, rest)) if bytes.quoted => {
                Some((Subject::Raw(unescape(&bytes.text)), flags, rest))
            }
            _ if !flags.is_empty() => Some((Subject::RawAgain, flags, rest)),
            _ => None,
        };
    }
    if let Some(status) = status(&first.text) {
        let (of, rest) = match rest {
            [of, method, rest @ ..] if of.text == "of" => (Some(method.text.clone()), rest),
            _ => (None, rest),
        };
        return Some((Subject::Response { status, of }, flags, rest));
    }
    is_method(&first.text).then(|| (Subject::Request(first.text.clone()), flags, rest))
}

fn status(text: &str) -> Option<u16> {
    let digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

fn is_method(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_uppercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn lone_word(line: &mut Line, word: &str) -> Result<(), &'static str> {
    let flag = match word {
        "udp" => {
            line.delivery.transport = Some(Transport::Udp);
            return Ok(());
        }
        "tcp" => {
            line.delivery.transport = Some(Transport::Tcp);
            return Ok(());
        }
        "lost" => {
            line.delivery.lost = Some(Lost::One);
            return Ok(());
        }
        "sdp" => Flag::Sdp,
        "fresh" => Flag::Fresh,
        "in-dialog" => Flag::InDialog,
        "out-of-dialog" => Flag::OutOfDialog,
        "same-cseq" => Flag::SameCseq,
        "new-from-tag" => Flag::NewFromTag,
        "rfc2543" => Flag::Rfc2543,
        "forward" => Flag::Forward,
        "record-route" => Flag::RecordRoute,
        "reliable" => Flag::Reliable,
        _ => {
            return Err(
                "a word of sdp, in-dialog, out-of-dialog, same-cseq, new-from-tag, \
                        rfc2543, forward, record-route, reliable, fresh, lost, udp, tcp",
            );
        }
    };
    line.flags.push(flag);
    Ok(())
}

fn assignment(line: &mut Line, key: &str, value: &str) -> Result<(), &'static str> {
    const NUMBER: &str = "a number after =";
    const SECONDS: &str = "seconds after =";
    const ADDRESS: &str = "ADDRESS or ADDRESS:PORT after =";
    let text = || Some(value.to_owned());
    match key {
        "call" => line.call = value.to_owned(),
        "tag" => line.values.tag = text(),
        "branch" => line.values.branch = text(),
        "rack" => line.values.rack = text(),
        "uri" => line.values.uri = text(),
        "caller" => line.values.caller = text(),
        "callee" => line.values.callee = text(),
        "cseq" => line.values.cseq = Some(value.parse().map_err(|_| NUMBER)?),
        "rseq" => line.values.rseq = Some(value.parse().map_err(|_| NUMBER)?),
        "truncate" => line.delivery.truncate_bytes = Some(value.parse().map_err(|_| NUMBER)?),
        "split" => line.delivery.split_bytes = Some(positive(value).ok_or(NUMBER)?),
        "lost" => line.delivery.lost = Some(Lost::Number(positive(value).ok_or(NUMBER)?)),
        "dup" => line.delivery.duplicate_after_ns = Some(seconds(value).ok_or(SECONDS)?),
        "until" => line.delivery.until_ns = Some(seconds(value).ok_or(SECONDS)?),
        "every" => {
            let every = seconds(value).filter(|ns| *ns >= SHORTEST_EVERY_NS);
            line.delivery.every_ns = Some(every.ok_or("at least 0.001 seconds after =")?);
        }
        "from" => line.delivery.from = Some(endpoint(value).ok_or(ADDRESS)?),
        "to" => line.delivery.to = Some(endpoint(value).ok_or(ADDRESS)?),
        "sdp" => {
            line.flags.push(Flag::Sdp);
            line.values.direction = Some(direction(value)?.to_owned());
        }
        _ => {
            return Err(
                "a key of call, tag, branch, cseq, rseq, rack, uri, caller, callee, sdp, \
                        truncate, split, lost, dup, until, every, from, to",
            );
        }
    }
    Ok(())
}

fn direction(value: &str) -> Result<&str, &'static str> {
    match value {
        "sendrecv" | "sendonly" | "recvonly" | "inactive" => Ok(value),
        _ => Err("sendrecv, sendonly, recvonly or inactive after sdp="),
    }
}

fn positive(value: &str) -> Option<usize> {
    value.parse().ok().filter(|number| *number > 0)
}

/// Seconds with up to nine decimals, as nanoseconds.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let empty = whole.is_empty() && decimals.is_empty();
    if empty || decimals.len() > 9 || !digits(whole) || !digits(decimals) {
        return None;
    }
    let whole: u64 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    let nanoseconds: u64 = format!("{decimals:0<9}").parse().ok()?;
    whole
        .checked_mul(1_000_000_000)?
        .checked_add(nanoseconds)
        .filter(|ns| *ns < u64::MAX / 4)
}

/// `ADDRESS`, `ADDRESS:PORT`, `[IPV6]:PORT`.
pub(super) fn endpoint(text: &str) -> Option<Endpoint> {
    if let Some(ip) = ip(text) {
        return Some(Endpoint { ip, port: None });
    }
    let (address, port) = text.rsplit_once(':')?;
    Some(Endpoint {
        ip: ip(address)?,
        port: Some(port.parse().ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_exact() {
        assert_eq!(seconds("36.02"), Some(36_020_000_000));
        assert_eq!(seconds(".5"), Some(500_000_000));
        assert_eq!(seconds("7"), Some(7_000_000_000));
        assert_eq!(seconds("0.000000001"), Some(1));
        for wrong in ["", ".", "-1", "1e3", "1.2.3", "x", "99999999999999999999"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn endpoints_keep_the_port_optional() {
        let address = |text: &str| endpoint(text).map(|e| (e.ip.to_string(), e.port));
        assert_eq!(address("192.0.2.1"), Some(("192.0.2.1".to_owned(), None)));
        assert_eq!(
            address("[2001:db8::1]:5"),
            Some(("2001:db8::1".to_owned(), Some(5)))
        );
        assert_eq!(
            address("2001:db8::1"),
            Some(("2001:db8::1".to_owned(), None))
        );
        assert_eq!(address("192.0.2.1:x"), None);
    }
}
