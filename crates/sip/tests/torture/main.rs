//! The torture messages of RFC 4475 and RFC 5118: own equivalents always, the originals if there.

mod application;
mod invalid;
mod ipv6;
mod reading;
mod valid;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use siptriage_sip::framing::{self, Frame, Length};
use siptriage_sip::{Defect, DefectKind, HeaderName, Message, Span, parse, scan};

/// A message of the two RFCs, and what the section that has it says of it.
struct Case {
    name: &'static str,
    section: &'static str,
    /// What is wrong with it, and nothing else is.
    defects: &'static [Wrong],
    /// Checks what its values mean.
    values: fn(&Message<'_>),
}

/// A kind of defect and where it stands.
type Wrong = (DefectKind, Place);

/// What a defect points at.
#[derive(Clone, Copy)]
enum Place {
    /// The start line, its end included.
    StartLine,
    /// The Request-URI.
    RequestUri,
    /// The version in the start line.
    Version,
    /// The value of a header's line, the first being 0.
    Value(HeaderName, usize),
    /// The branch of the top Via.
    Branch,
    /// The end of the message, where something is missing: a header, or the blank line.
    End(Option<HeaderName>),
}

const fn valid(name: &'static str, section: &'static str, values: fn(&Message<'_>)) -> Case {
    Case {
        name,
        section,
        defects: &[],
        values,
    }
}

const fn invalid(
    name: &'static str,
    section: &'static str,
    defects: &'static [Wrong],
    values: fn(&Message<'_>),
) -> Case {
    Case {
        name,
        section,
        defects,
        values,
    }
}

/// What the archived originals have beside what their sections speak of.
const ARCHIVE_EXTRAS: &[(&str, Wrong)] = &[
    ("baddn", NO_BLANK_LINE),
    ("ipv6-in-sdp", LENGTH_TOO_LONG),
    ("ipv6-bug-abnf-3-colons", NO_BLANK_LINE),
    ("ipv6-correct-abnf-2-colons", NO_BLANK_LINE),
];

const NO_BLANK_LINE: Wrong = (DefectKind::NoBlankLine, Place::End(None));

const LENGTH_TOO_LONG: Wrong = (
    DefectKind::ContentLengthTooLong,
    Place::Value(HeaderName::ContentLength, 0),
);

#[test]
fn every_message_of_both_rfcs_is_there_once() {
    let names: BTreeSet<_> = cases().map(|case| case.name).collect();
    let sections: Vec<_> = cases().map(|case| case.section).collect();
    let of = |rfc| sections.iter().filter(|it| it.starts_with(rfc)).count();
    assert_eq!((of("RFC 4475 3."), of("RFC 5118 4.")), (49, 12));
    assert_eq!(names.len(), sections.len());
}

#[test]
fn own_equivalents_behave_as_their_sections_say() {
    for case in cases() {
        case.holds_for(&case.equivalent(), &[]);
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "a check left out must be seen")]
fn the_originals_behave_as_their_sections_say() {
    let folder = workspace().join("../shared/corpus/torture");
    if !folder.is_dir() {
        println!("no originals beside the workspace: only the own equivalents were checked");
        return;
    }
    for case in cases() {
        let extras = ARCHIVE_EXTRAS.iter().filter(|(name, _)| *name == case.name);
        let extras: Vec<Wrong> = extras.map(|(_, wrong)| *wrong).collect();
        case.holds_for(&case.original(&folder), &extras);
    }
}

/// The lengths of RFC 4475 3.1.1.8, 3.1.2.2, 3.1.2.3, 3.3.9 and 3.4.1, which matter in a stream.
#[test]
fn a_stream_is_cut_where_the_sections_say() {
    for case in cases() {
        let bytes = case.equivalent();
        let body = scan(&bytes).expect("is SIP").body;
        let (length, frame) = match case.name {
            "clerr" => {
                let at_least = body.start as usize + 9118;
                (Length::Stated, Frame::More { at_least })
            }
            "ncl" | "mcl01" => (Length::Absurd, Frame::Message(body.start as usize)),
            "inv2543" => (Length::Missing, Frame::Message(body.start as usize)),
            "dblreq" => (Length::Stated, Frame::Message(body.end())),
            _ => (Length::Stated, Frame::Message(bytes.len())),
        };
        assert_eq!(framing::length_of(&bytes), Some(length), "{}", case.name);
        assert_eq!(framing::cut(&bytes), frame, "{}", case.name);
    }
}

#[test]
fn every_valid_message_survives_printing() {
    for case in cases().filter(|case| case.defects.is_empty()) {
        let printed = parse(&case.equivalent()).expect("is SIP").print();
        let again = parse(&printed).expect("is SIP");
        assert_eq!(again.defects, [], "{}", case.name);
        assert_eq!(again.print(), printed, "{}", case.name);
        assert_eq!(again.oddities, [], "{}", case.name);
    }
}

fn cases() -> impl Iterator<Item = &'static Case> {
    [
        valid::CASES,
        invalid::CASES,
        application::CASES,
        ipv6::CASES,
    ]
    .into_iter()
    .flatten()
}

impl Case {
    /// Reads a message and compares it with what its section says; `extras` are wrong too.
    fn holds_for(&self, bytes: &[u8], extras: &[Wrong]) {
        let named = format!("{}, {}", self.name, self.section);
        let message = parse(bytes).unwrap_or_else(|| panic!("{named}: lost"));
        let outline = scan(bytes).unwrap_or_else(|| panic!("{named}: lost to the scan"));
        assert_eq!(outline.body.of(bytes), Some(message.body), "{named}");
        let wrong = self.defects.iter().chain(extras);
        let mut expected: Vec<Defect> =
            wrong.map(|wrong| defect(*wrong, &message, bytes)).collect();
        expected.sort_by_key(|defect| defect.span.start);
        assert_eq!(message.defects, expected, "{named}");
        (self.values)(&message);
    }

    fn equivalent(&self) -> Vec<u8> {
        let file = format!("fixtures/messages/torture/{}.sip", self.name);
        fs::read(workspace().join(&file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// The archive of RFC 5118 has LF for CRLF.
    fn original(&self, folder: &Path) -> Vec<u8> {
        let file = folder.join(format!("{}.dat", self.name));
        fs::read(file).unwrap_or_else(|_| {
            let text = fs::read_to_string(folder.join("rfc5118").join(self.name));
            let text = text.unwrap_or_else(|error| panic!("{}: {error}", self.name));
            text.replace('\n', "\r\n").into_bytes()
        })
    }
}

/// The defect that a message must have.
fn defect((kind, place): Wrong, message: &Message<'_>, bytes: &[u8]) -> Defect {
    let line_end = 1 + bytes
        .iter()
        .position(|byte| *byte == b'\n')
        .expect("has lines");
    let part = |text| Span::within(bytes, text);
    let (header, span) = match place {
        Place::StartLine => (None, Span::new(0, line_end)),
        Place::RequestUri => (None, part(reading::wire_uri(message))),
        Place::Version => {
            let line = bytes[..line_end].trim_ascii_end();
            let space = line.iter().rposition(|byte| *byte == b' ');
            (None, part(&line[space.expect("has words") + 1..]))
        }
        Place::Value(name, line) => {
            let value = message.raw(name).nth(line).expect("has the line");
            (Some(name), part(value))
        }
        Place::Branch => {
            let branch = reading::top_via(message).branch().expect("has a branch");
            (Some(HeaderName::Via), part(branch))
        }
        Place::End(header) => (header, Span::new(bytes.len(), bytes.len())),
    };
    Defect { kind, header, span }
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
