//! What is wrong with a message.

use std::fmt;

use crate::{HeaderName, Span};

/// Something that a message should not be (RFC 3261 7). It never keeps the message from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Defect {
    /// What it is.
    pub kind: DefectKind,
    /// The header it concerns, if it is about one that is known.
    pub header: Option<HeaderName>,
    /// The bytes it concerns; empty where something is missing.
    pub span: Span,
}

/// The kinds of defects (RFC 3261 7, 25).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DefectKind {
    /// The start line is not divided by single spaces or has a Request-URI that is none
    /// (RFC 3261 7.1, 7.2; RFC 4475 3.1.2.7 to 3.1.2.11).
    BadStartLine,
    /// The version is not `SIP/2.0` (RFC 3261 7.1).
    BadVersion,
    /// The status code is not within 100 to 699 (RFC 3261 7.2).
    StatusOutOfRange,
    /// A header that must be there is not (RFC 3261 8.1.1).
    MissingHeader,
    /// A header that must occur once occurs again (RFC 3261 7.3.1).
    DuplicateHeader,
    /// The value does not follow the grammar of its header and cannot be read (RFC 3261 25).
    UnparsableValue,
    /// A semicolon of the value has no parameter behind it (RFC 4475 3.1.2.1).
    EmptyParameter,
    /// A URI of the value has nothing before its `@` (RFC 3261 19.1.1).
    EmptyUser,
    /// A number in the value is larger than its header allows (RFC 4475 3.1.2.4).
    NumberOverflow,
    /// A line of the head is no header field.
    NotAHeader,
    /// CSeq names another method than the request line (RFC 3261 8.1.1.5).
    CSeqMethodMismatch,
    /// The branch is nothing but the magic cookie (RFC 4475 3.2.1).
    BranchWithoutIdentifier,
    /// Content-Length announces more bytes than follow (RFC 3261 18.3).
    ContentLengthTooLong,
    /// A line ends in LF without CR (RFC 3261 7).
    BareLineFeed,
    /// A CR stands in the head without LF (RFC 3261 7).
    BareCarriageReturn,
    /// No blank line ends the head (RFC 3261 7).
    NoBlankLine,
    /// A line of the head holds bytes that are not UTF-8 (RFC 3261 7).
    NotUtf8,
    /// The value is longer than [`crate::message::VALUE_LIMIT_BYTES`].
    OverlongValue,
    /// The capture cut the message; that is not the sender's fault.
    Truncated,
}

/// Something legal that not every implementation copes with (RFC 3261 7.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Oddity {
    /// What it is.
    pub kind: OddityKind,
    /// The header it concerns, if it is about one that is known.
    pub header: Option<HeaderName>,
    /// The bytes it concerns.
    pub span: Span,
}

/// The kinds of oddities (RFC 3261 7.3.1, 18.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OddityKind {
    /// A header goes on in the next line (RFC 3261 7.3.1).
    Folded,
    /// White space stands between name and colon (RFC 3261 7.3.1).
    SpaceBeforeColon,
    /// Bytes follow behind the body, which a receiver ignores (RFC 3261 18.3).
    TrailingBytes,
}

impl fmt::Display for DefectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            DefectKind::BadStartLine => "malformed start line",
            DefectKind::BadVersion => "version is not SIP/2.0",
            DefectKind::StatusOutOfRange => "status code out of range",
            DefectKind::MissingHeader => "mandatory header missing",
            DefectKind::DuplicateHeader => "header occurs more than once",
            DefectKind::UnparsableValue => "unparsable value",
            DefectKind::EmptyParameter => "semicolon without parameter",
            DefectKind::EmptyUser => "URI without user before its @",
            DefectKind::NumberOverflow => "number too large",
            DefectKind::NotAHeader => "line is no header field",
            DefectKind::CSeqMethodMismatch => "CSeq method differs from request method",
            DefectKind::BranchWithoutIdentifier => "branch has nothing behind its magic cookie",
            DefectKind::ContentLengthTooLong => "Content-Length larger than the body",
            DefectKind::BareLineFeed => "line ends in LF without CR",
            DefectKind::BareCarriageReturn => "CR without LF",
            DefectKind::NoBlankLine => "no blank line after the headers",
            DefectKind::NotUtf8 => "bytes that are not UTF-8",
            DefectKind::OverlongValue => "value is overlong",
            DefectKind::Truncated => "cut by the capture",
        })
    }
}

impl fmt::Display for OddityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            OddityKind::Folded => "folded header",
            OddityKind::SpaceBeforeColon => "white space before the colon",
            OddityKind::TrailingBytes => "bytes behind the body",
        })
    }
}
