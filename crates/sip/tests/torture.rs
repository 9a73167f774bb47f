//! The torture messages of RFC 4475 and RFC 5118: own equivalents always, the originals if there.

use std::fs;
use std::path::{Path, PathBuf};

use siptriage_sip::DefectKind::{
    BadStartLine, BadVersion, BranchWithoutIdentifier, CSeqMethodMismatch, ContentLengthTooLong,
    DuplicateHeader, EmptyParameter, MissingHeader, NumberOverflow, StatusOutOfRange,
    UnparsableValue,
};
use siptriage_sip::{DefectKind, HeaderName, framing, parse, scan};

/// A case, the section that describes it, and the defects it must show: kind and header. None
/// for a message that is valid as far as the parser is concerned.
type Case = (
    &'static str,
    &'static str,
    &'static [(DefectKind, Option<HeaderName>)],
);

const CASES: &[Case] = &[
    ("wsinv", "RFC 4475 3.1.1.1", &[]),
    ("intmeth", "RFC 4475 3.1.1.2", &[]),
    ("esc01", "RFC 4475 3.1.1.3", &[]),
    ("escnull", "RFC 4475 3.1.1.4", &[]),
    ("esc02", "RFC 4475 3.1.1.5", &[]),
    ("lwsdisp", "RFC 4475 3.1.1.6", &[]),
    ("longreq", "RFC 4475 3.1.1.7", &[]),
    ("dblreq", "RFC 4475 3.1.1.8", &[]),
    ("semiuri", "RFC 4475 3.1.1.9", &[]),
    ("transports", "RFC 4475 3.1.1.10", &[]),
    ("mpart01", "RFC 4475 3.1.1.11", &[]),
    ("unreason", "RFC 4475 3.1.1.12", &[]),
    ("noreason", "RFC 4475 3.1.1.13", &[]),
    (
        "badinv01",
        "RFC 4475 3.1.2.1",
        &[
            (UnparsableValue, Some(HeaderName::Via)),
            (EmptyParameter, Some(HeaderName::Contact)),
        ],
    ),
    (
        "clerr",
        "RFC 4475 3.1.2.2",
        &[(ContentLengthTooLong, Some(HeaderName::ContentLength))],
    ),
    (
        "ncl",
        "RFC 4475 3.1.2.3",
        &[(UnparsableValue, Some(HeaderName::ContentLength))],
    ),
    (
        "scalar02",
        "RFC 4475 3.1.2.4",
        &[
            (NumberOverflow, Some(HeaderName::CSeq)),
            (NumberOverflow, Some(HeaderName::MaxForwards)),
            (NumberOverflow, Some(HeaderName::Expires)),
            (NumberOverflow, Some(HeaderName::Contact)),
        ],
    ),
    (
        "scalarlg",
        "RFC 4475 3.1.2.5",
        &[
            (NumberOverflow, Some(HeaderName::CSeq)),
            (NumberOverflow, Some(HeaderName::RetryAfter)),
            (NumberOverflow, Some(HeaderName::Warning)),
        ],
    ),
    (
        "quotbal",
        "RFC 4475 3.1.2.6",
        &[(UnparsableValue, Some(HeaderName::To))],
    ),
    ("ltgtruri", "RFC 4475 3.1.2.7", &[(BadStartLine, None)]),
    ("lwsruri", "RFC 4475 3.1.2.8", &[(BadStartLine, None)]),
    ("lwsstart", "RFC 4475 3.1.2.9", &[(BadStartLine, None)]),
    ("trws", "RFC 4475 3.1.2.10", &[(BadStartLine, None)]),
    ("escruri", "RFC 4475 3.1.2.11", &[(BadStartLine, None)]),
    (
        "baddate",
        "RFC 4475 3.1.2.12",
        &[(UnparsableValue, Some(HeaderName::Date))],
    ),
    (
        "regbadct",
        "RFC 4475 3.1.2.13",
        &[(UnparsableValue, Some(HeaderName::Contact))],
    ),
    (
        "badaspec",
        "RFC 4475 3.1.2.14",
        &[(UnparsableValue, Some(HeaderName::To))],
    ),
    (
        "baddn",
        "RFC 4475 3.1.2.15",
        &[(UnparsableValue, Some(HeaderName::From))],
    ),
    ("badvers", "RFC 4475 3.1.2.16", &[(BadVersion, None)]),
    (
        "mismatch01",
        "RFC 4475 3.1.2.17",
        &[(CSeqMethodMismatch, Some(HeaderName::CSeq))],
    ),
    (
        "mismatch02",
        "RFC 4475 3.1.2.18",
        &[(CSeqMethodMismatch, Some(HeaderName::CSeq))],
    ),
    ("bigcode", "RFC 4475 3.1.2.19", &[(StatusOutOfRange, None)]),
    (
        "badbranch",
        "RFC 4475 3.2.1",
        &[(BranchWithoutIdentifier, Some(HeaderName::Via))],
    ),
    (
        "insuf",
        "RFC 4475 3.3.1",
        &[
            (MissingHeader, Some(HeaderName::From)),
            (MissingHeader, Some(HeaderName::To)),
            (MissingHeader, Some(HeaderName::CallId)),
            (MissingHeader, Some(HeaderName::MaxForwards)),
        ],
    ),
    ("unkscm", "RFC 4475 3.3.2", &[]),
    ("novelsc", "RFC 4475 3.3.3", &[]),
    ("unksm2", "RFC 4475 3.3.4", &[]),
    ("bext01", "RFC 4475 3.3.5", &[]),
    ("invut", "RFC 4475 3.3.6", &[]),
    ("regaut01", "RFC 4475 3.3.7", &[]),
    (
        "multi01",
        "RFC 4475 3.3.8",
        &[
            (DuplicateHeader, Some(HeaderName::To)),
            (DuplicateHeader, Some(HeaderName::From)),
            (DuplicateHeader, Some(HeaderName::CallId)),
            (DuplicateHeader, Some(HeaderName::CSeq)),
            (DuplicateHeader, Some(HeaderName::MaxForwards)),
        ],
    ),
    (
        "mcl01",
        "RFC 4475 3.3.9",
        &[(DuplicateHeader, Some(HeaderName::ContentLength))],
    ),
    ("bcast", "RFC 4475 3.3.10", &[]),
    ("zeromf", "RFC 4475 3.3.11", &[]),
    ("cparam01", "RFC 4475 3.3.12", &[]),
    ("cparam02", "RFC 4475 3.3.13", &[]),
    ("regescrt", "RFC 4475 3.3.14", &[]),
    ("sdp01", "RFC 4475 3.3.15", &[]),
    ("inv2543", "RFC 4475 3.4.1", &[]),
    ("ipv6-good", "RFC 5118 4.1", &[]),
    ("ipv6-bad", "RFC 5118 4.2", &[(BadStartLine, None)]),
    ("port-ambiguous", "RFC 5118 4.3", &[]),
    ("port-unambiguous", "RFC 5118 4.4", &[]),
    ("via-received-param-with-delim", "RFC 5118 4.5", &[]),
    ("via-received-param-no-delim", "RFC 5118 4.5", &[]),
    ("ipv6-in-sdp", "RFC 5118 4.6", &[]),
    ("mult-ip-in-header", "RFC 5118 4.7", &[]),
    ("mult-ip-in-sdp", "RFC 5118 4.8", &[]),
    ("ipv4-mapped-ipv6", "RFC 5118 4.9", &[]),
    // The third colon is a bug of the grammar of RFC 3261; it is to be tolerated.
    ("ipv6-bug-abnf-3-colons", "RFC 5118 4.10", &[]),
    ("ipv6-correct-abnf-2-colons", "RFC 5118 4.10", &[]),
];

/// What the archived copies have beside their case: some lack the blank line at the end, one
/// has a Content-Length that does not fit, one shows its defect in a second header too.
const ARCHIVE_EXTRAS: &[(&str, DefectKind, Option<HeaderName>)] = &[
    ("baddn", DefectKind::NoBlankLine, None),
    ("baddn", UnparsableValue, Some(HeaderName::To)),
    (
        "ipv6-in-sdp",
        ContentLengthTooLong,
        Some(HeaderName::ContentLength),
    ),
    ("ipv6-bug-abnf-3-colons", DefectKind::NoBlankLine, None),
    ("ipv6-correct-abnf-2-colons", DefectKind::NoBlankLine, None),
];

#[test]
fn own_equivalents_behave_as_their_sections_say() {
    let folder = workspace().join("fixtures/messages/torture");
    for (name, section, expected) in CASES {
        let file = folder.join(format!("{name}.sip"));
        let bytes = fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert_eq!(
            sorted(defects(&bytes, name)),
            sorted(expected.to_vec()),
            "{name}, {section}"
        );
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
    for (name, section, expected) in CASES {
        let Some(bytes) = original(&folder, name) else {
            panic!("{name} is missing");
        };
        let found = defects(&bytes, name)
            .into_iter()
            .filter(|(kind, header)| !ARCHIVE_EXTRAS.contains(&(*name, *kind, *header)));
        assert_eq!(
            sorted(found.collect()),
            sorted(expected.to_vec()),
            "{name}, {section}"
        );
    }
}

#[test]
fn every_valid_message_survives_printing() {
    let folder = workspace().join("fixtures/messages/torture");
    for (name, ..) in CASES.iter().filter(|(_, _, defects)| defects.is_empty()) {
        let bytes = fs::read(folder.join(format!("{name}.sip"))).expect("the fixture is there");
        let printed = parse(&bytes).expect("is SIP").print();
        let again = parse(&printed).expect("is SIP");
        assert_eq!(again.defects, [], "{name}");
        assert_eq!(again.print(), printed, "{name}");
        assert!(again.oddities.is_empty(), "{name}: {:?}", again.oddities);
    }
}

#[test]
fn the_second_message_of_a_datagram_is_not_part_of_the_first() {
    let file = workspace().join("fixtures/messages/torture/dblreq.sip");
    let bytes = fs::read(file).expect("the fixture is there");
    let outline = scan(&bytes).expect("is SIP");
    assert_eq!(outline.body.len, 0);
    assert_eq!(
        framing::cut(&bytes),
        framing::Frame::Message(outline.body.end())
    );
}

fn defects(bytes: &[u8], name: &str) -> Vec<(DefectKind, Option<HeaderName>)> {
    let message = parse(bytes).unwrap_or_else(|| panic!("{name} is lost"));
    assert!(scan(bytes).is_some(), "{name} is lost to the scan");
    message
        .defects
        .iter()
        .map(|defect| (defect.kind, defect.header))
        .collect()
}

fn sorted(
    mut defects: Vec<(DefectKind, Option<HeaderName>)>,
) -> Vec<(DefectKind, Option<HeaderName>)> {
    defects.sort_unstable();
    defects
}

/// The archive of RFC 5118 has LF for CRLF.
fn original(folder: &Path, name: &str) -> Option<Vec<u8>> {
    if let Ok(bytes) = fs::read(folder.join(format!("{name}.dat"))) {
        return Some(bytes);
    }
    let text = fs::read_to_string(folder.join("rfc5118").join(name)).ok()?;
    Some(text.replace('\n', "\r\n").into_bytes())
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
