//! From the text of a trace to its lines.

use std::net::{IpAddr, SocketAddr};

use super::line::{endpoint, message_line, seconds};
use super::{Line, Script, Word, unescape, words};
use crate::error::Error;
use crate::host::{DEFAULT_PORT, Hosts};
use crate::message::{Edit, Header};
use crate::packet::Transport;

/// 2026-01-01T00:00:00Z, time 0 of a trace that names none.
const START_NS: u64 = 1_767_225_600_000_000_000;

/// Reads a whole trace.
pub(crate) fn script(text: &str) -> Result<Script, Error> {
    let mut script = Script {
        hosts: Hosts::default(),
        transport: Transport::Udp,
        ipv6: false,
        start_ns: START_NS,
        end_ns: None,
        lines: Vec::new(),
    };
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            let last = script.lines.last_mut().ok_or_else(|| {
                Error::new(
                    number,
                    "a message line before an indented line",
                    line.trim(),
                )
            })?;
            indented(last, line.trim_start(), number)?;
        } else {
            statement(&mut script, &words(line, number)?, number)?;
        }
    }
    if !script.hosts.fill() {
        return Err(Error::new(
            1,
            "at most 249 hosts without an address",
            "more",
        ));
    }
    Ok(script)
}

fn statement(script: &mut Script, words: &[Word], number: usize) -> Result<(), Error> {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    match texts.as_slice() {
        ["host", name] => {
            script.hosts.named(name);
        }
        ["host", name, address] => {
            let address = socket_address(address)
                .ok_or_else(|| Error::new(number, "ADDRESS or ADDRESS:PORT", *address))?;
            let host = script.hosts.named(name);
            script.hosts.place(host, address);
        }
        ["transport", word] => {
            script.transport = transport(word)
                .ok_or_else(|| Error::new(number, "`transport udp` or `transport tcp`", *word))?;
        }
        ["ipv6"] => script.ipv6 = true,
        ["t0", time] => {
            script.start_ns = timestamp(time).ok_or_else(|| {
                Error::new(
                    number,
                    "a time like 2026-01-01T00:00:00Z, after 1970",
                    *time,
                )
            })?;
        }
        ["end", time] => {
            let end =
                seconds(time).ok_or_else(|| Error::new(number, "a time in seconds", *time))?;
            script.end_ns = Some(end);
        }
        _ => {
            let line = message_line(&mut script.hosts, words, number)?;
            script.lines.push(line);
        }
    }
    Ok(())
}

/// A line that changes the message above it.
fn indented(line: &mut Line, text: &str, number: usize) -> Result<(), Error> {
    let text = text.trim_end();
    if let Some(row) = text.strip_prefix('|') {
        let body = line.body.get_or_insert_with(Vec::new);
        body.extend_from_slice(row.strip_prefix(' ').unwrap_or(row).as_bytes());
        body.extend_from_slice(b"\r\n");
        return Ok(());
    }
    if let Some(escaped) = text.strip_prefix("body:") {
        line.body = Some(unescape(escaped.strip_prefix(' ').unwrap_or(escaped)));
        return Ok(());
    }
    if let Some(name) = text.strip_prefix('-') {
        line.edits
            .push(Edit::Remove(name.trim_end_matches(':').to_owned()));
        return Ok(());
    }
    let added = text.strip_prefix('+');
    let (name, value) = added.unwrap_or(text).split_once(':').ok_or_else(|| {
        Error::new(
            number,
            "`Name: value`, `+Name: value`, `-Name`, `| text` or `body: …`",
            text,
        )
    })?;
    let header = Header {
        name: name.to_owned(),
        value: value.trim_start().to_owned(),
    };
    line.edits.push(if added.is_some() {
        Edit::Add(header)
    } else {
        Edit::Replace(header)
    });
    Ok(())
}

fn transport(word: &str) -> Option<Transport> {
    match word {
        "udp" => Some(Transport::Udp),
        "tcp" => Some(Transport::Tcp),
        _ => None,
    }
}

fn socket_address(text: &str) -> Option<SocketAddr> {
    let endpoint = endpoint(text)?;
    Some(SocketAddr::new(
        endpoint.ip,
        endpoint.port.unwrap_or(DEFAULT_PORT),
    ))
}

fn timestamp(text: &str) -> Option<u64> {
    let time: jiff::Timestamp = text.parse().ok()?;
    u64::try_from(time.as_nanosecond()).ok()
}

/// An address without a port is the plain address, IPv6 with or without brackets.
pub(super) fn ip(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    bare.unwrap_or(text).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Family;
    use crate::script::{Flag, Lost, Subject};

    #[test]
    fn directives_and_hosts_are_read() {
        let script = script(
            "# a comment\nhost alice 192.0.2.9 # the caller\nhost bob [2001:db8::5]:5080\n\
             transport tcp\nipv6\nt0 1970-01-01T00:00:01.5Z\nend 96.0\n",
        )
        .unwrap();
        let alice = script.hosts.find("alice").unwrap();
        assert_eq!(
            script.hosts.address(alice, Family::AsWritten).to_string(),
            "192.0.2.9:5060"
        );
        let bob = script.hosts.find("bob").unwrap();
        assert_eq!(
            script.hosts.address(bob, Family::V6).to_string(),
            "[2001:db8::5]:5080"
        );
        assert_eq!(
            (script.start_ns, script.end_ns),
            (1_500_000_000, Some(96_000_000_000))
        );
        assert!(script.ipv6 && script.transport == Transport::Tcp);
    }

    #[test]
    fn a_message_line_is_read_with_its_indented_lines() {
        let script = script(
            "0.5 1.5 alice -> bob again 200 of BYE call=2 tag=x \"Fine\" lost=2 dup=0.0003\n    \
             Reason: SIP;cause=200\n    -Contact\n    | v=0\n    | s=-\n",
        )
        .unwrap();
        let line = &script.lines[0];
        assert_eq!(line.times_ns, [500_000_000, 1_500_000_000]);
        assert_eq!(
            line.subject,
            Subject::Response {
                status: 200,
                of: Some("BYE".to_owned())
            }
        );
        assert!(line.has(Flag::Again) && !line.has(Flag::Sdp));
        assert_eq!(
            (line.call.as_str(), line.values.tag.as_deref()),
            ("2", Some("x"))
        );
        assert_eq!(line.values.phrase.as_deref(), Some(&b"Fine"[..]));
        assert_eq!(line.delivery.lost, Some(Lost::Number(2)));
        assert_eq!(line.delivery.duplicate_after_ns, Some(300_000));
        assert_eq!(line.edits.len(), 2);
        assert_eq!(line.body.as_deref(), Some(&b"v=0\r\ns=-\r\n"[..]));
    }

    #[test]
    fn errors_name_the_line_and_what_was_expected() {
        let cases = [
            ("\n0.0 alice bob INVITE", 2, "->"),
            ("0.0 alice -> bob", 1, "a method"),
            ("0.0 alice -> bob INVITE sdpp", 1, "a word"),
            ("0.0 alice -> bob INVITE colour=red", 1, "a key"),
            ("0.0 alice -> bob invite", 1, "a method"),
            ("    Via: x", 1, "a message line"),
            ("0.0 alice -> bob INVITE cseq=x", 1, "a number"),
            ("host alice 192.0.2.300", 1, "ADDRESS"),
            ("0.0000000001 alice -> bob INVITE", 1, "->"),
        ];
        for (text, number, expected) in cases {
            let error = script(text).unwrap_err();
            assert_eq!(error.line, number, "{text}");
            assert!(error.expected.contains(expected), "{text}: {error}");
        }
    }
}
