//! The thorough path: every header kept, every value checked, every defect noted.

use memchr::{memchr_iter, memrchr};

use crate::defect::{Defect, DefectKind, Oddity, OddityKind};
use crate::header::{self, CSeq, HeaderValue, Shape, Via};
use crate::lexer::Elements;
use crate::lines::{HeadEnd, HeaderLine, HeaderLines};
use crate::message::{Header, Message, StartLine, VALUE_LIMIT_BYTES};
use crate::outline::{Facts, Start};
use crate::scan::decimal;
use crate::start_line;
use crate::uri::Uri;
use crate::{HeaderName, HeaderSet, Span, StatusCode};

/// Whether the capture kept all bytes of a message (RFC 3261 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// All of them.
    Whole,
    /// The end is missing, by no fault of the sender.
    CutByCapture,
}

/// Reads a whole message; `None` means that the bytes are not SIP (RFC 3261 7).
///
/// What is SIP always parses; what is wrong with it stands in [`Message::defects`].
pub fn parse(bytes: &[u8]) -> Option<Message<'_>> {
    parse_captured(bytes, Completeness::Whole)
}

/// Reads a message of which the capture may have lost the end (RFC 3261 7). Then no defect is
/// reported that the lost bytes may have prevented.
pub fn parse_captured(bytes: &[u8], completeness: Completeness) -> Option<Message<'_>> {
    let (said, line) = start_line::read(bytes)?;
    let start = match said {
        Start::Request {
            method,
            method_token,
            uri,
        } => StartLine::Request {
            method,
            token: method_token.of(bytes)?,
            uri: uri.of(bytes)?,
        },
        Start::Response { status, reason } => StartLine::Response {
            status,
            reason: reason.of(bytes)?,
        },
    };
    let mut reader = Reader {
        bytes,
        completeness,
        last_line_feed: memrchr(b'\n', bytes),
        has: HeaderSet::EMPTY,
        headers: Vec::with_capacity(24),
        defects: Vec::new(),
        oddities: Vec::new(),
    };
    reader.start_line(said, &line);
    let mut lines = HeaderLines::behind(bytes, &line);
    for header in &mut lines {
        reader.header(header);
    }
    reader.head_end(&lines, line.begin);
    let body = reader.body(lines.position());
    reader.cseq_method(&start);
    reader.missing(&start);
    let Reader {
        headers,
        mut defects,
        oddities,
        ..
    } = reader;
    defects.sort_by_key(|defect| defect.span.start);
    Some(Message {
        start,
        headers,
        body,
        defects,
        oddities,
    })
}

struct Reader<'a> {
    bytes: &'a [u8],
    completeness: Completeness,
    last_line_feed: Option<usize>,
    has: HeaderSet,
    headers: Vec<Header<'a>>,
    defects: Vec<Defect>,
    oddities: Vec<Oddity>,
}

impl<'a> Reader<'a> {
    fn defect(&mut self, kind: DefectKind, header: Option<HeaderName>, span: Span) {
        self.defects.push(Defect { kind, header, span });
    }

    /// Puts the reading of the start line into defects.
    fn start_line(&mut self, start: Start, line: &start_line::StartLine) {
        let whole = Span::new(line.begin, line.next);
        if !self.version_is_known(line.version) {
            self.defect(DefectKind::BadVersion, None, line.version);
        }
        let irregular = line.facts.contains(Facts::ODD_START_LINE);
        match start {
            Start::Request { uri, .. } => {
                let readable = uri.of(self.bytes).is_some_and(is_request_uri);
                let spaced = irregular && self.version_is_known(line.version);
                if spaced || !readable {
                    self.defect(
                        DefectKind::BadStartLine,
                        None,
                        if readable { whole } else { uri },
                    );
                }
            }
            Start::Response {
                status: StatusCode(code),
                ..
            } => {
                if !(100..700).contains(&code) {
                    self.defect(DefectKind::StatusOutOfRange, None, whole);
                } else if irregular && self.version_is_known(line.version) {
                    self.defect(DefectKind::BadStartLine, None, whole);
                }
            }
        }
        if line.facts.contains(Facts::BARE_LF) {
            self.defect(
                DefectKind::BareLineFeed,
                None,
                Span::new(line.next - 1, line.next),
            );
        }
    }

    fn version_is_known(&self, version: Span) -> bool {
        version.of(self.bytes) == Some(b"SIP/2.0")
    }

    /// Keeps one header field and checks its value.
    fn header(&mut self, line: HeaderLine) {
        let span = Span::new(line.value_start, line.value_end);
        let whole = Span::new(line.start, line.value_end);
        let (name, value) = (line.name, line.value(self.bytes));
        if self.is_cut(line.value_end) {
            self.headers.push(Header {
                name,
                wire_name: line.wire_name(self.bytes),
                value,
                span,
            });
            if let Some(name) = name {
                self.has = self.has.with(name);
            }
            return;
        }
        if line.facts.contains(Facts::FOLDED) {
            self.oddities.push(Oddity {
                kind: OddityKind::Folded,
                header: name,
                span: whole,
            });
        }
        if line.facts.contains(Facts::SPACE_BEFORE_COLON) {
            let span = Span::new(line.name_end, line.value_start);
            self.oddities.push(Oddity {
                kind: OddityKind::SpaceBeforeColon,
                header: name,
                span,
            });
        }
        if line.facts.contains(Facts::BARE_LF) {
            self.defect(DefectKind::BareLineFeed, name, whole);
        }
        if line.facts.contains(Facts::ODD_LINE) {
            self.defect(DefectKind::NotAHeader, None, whole);
        }
        if value.len() > VALUE_LIMIT_BYTES {
            self.defect(DefectKind::OverlongValue, name, span);
        }
        self.headers.push(Header {
            name,
            wire_name: line.wire_name(self.bytes),
            value,
            span,
        });
        let Some(name) = name else {
            return;
        };
        if self.has.contains(name) && header::shape(name) == Shape::Single {
            self.defect(DefectKind::DuplicateHeader, Some(name), span);
        }
        self.has = self.has.with(name);
        if let Some(kind) = header::check(name, value) {
            self.defect(kind, Some(name), span);
        }
        self.branch(name, value);
    }

    /// Whether the capture ends inside the line of a value that ends there.
    fn is_cut(&self, value_end: usize) -> bool {
        self.completeness == Completeness::CutByCapture
            && self.last_line_feed.is_none_or(|at| at < value_end)
    }

    /// A branch must identify something (RFC 3261 8.1.1.7).
    fn branch(&mut self, name: HeaderName, value: &'a [u8]) {
        if name != HeaderName::Via {
            return;
        }
        for element in Elements::of(value) {
            let branch = Via::parse(element).ok().and_then(|via| via.branch());
            if let Some(branch) = branch
                && branch.eq_ignore_ascii_case(b"z9hG4bK")
            {
                let span = Span::within(self.bytes, branch);
                self.defect(DefectKind::BranchWithoutIdentifier, Some(name), span);
            }
        }
    }

    /// What concerns the head as a whole.
    fn head_end(&mut self, lines: &HeaderLines<'_>, begin: usize) {
        let end = lines.position();
        let here = Span::new(end, end);
        match (lines.end(), self.completeness) {
            (HeadEnd::Blank | HeadEnd::Ahead, _) => {}
            (HeadEnd::BareLf, _) => {
                self.defect(DefectKind::BareLineFeed, None, Span::new(end - 1, end));
            }
            (HeadEnd::Missing, Completeness::Whole) => {
                self.defect(DefectKind::NoBlankLine, None, here);
            }
            (HeadEnd::Missing, Completeness::CutByCapture) => {}
        }
        self.stray_bytes(begin, end);
    }

    /// Bytes that no head holds (RFC 3261 7, 25.1): each CR without LF, and of each line the first
    /// that are not UTF-8.
    fn stray_bytes(&mut self, begin: usize, end: usize) {
        let head = &self.bytes[begin..end];
        for at in memchr_iter(b'\r', head) {
            if head.get(at + 1) != Some(&b'\n') && at + 1 < head.len() {
                let span = Span::new(begin + at, begin + at + 1);
                let header = self.header_at(span);
                self.defect(DefectKind::BareCarriageReturn, header, span);
            }
        }
        if std::str::from_utf8(head).is_ok() {
            return;
        }
        let mut start = begin;
        for line in head.split_inclusive(|byte| *byte == b'\n') {
            if let Err(error) = std::str::from_utf8(line) {
                let at = start + error.valid_up_to();
                let length = error
                    .error_len()
                    .unwrap_or(line.len() - error.valid_up_to());
                let span = Span::new(at, at + length);
                let header = self.header_at(span);
                self.defect(DefectKind::NotUtf8, header, span);
            }
            start += line.len();
        }
    }

    /// The header in whose value something stands.
    fn header_at(&self, span: Span) -> Option<HeaderName> {
        let behind = |header: &Header<'_>| header.span.end() <= span.start as usize;
        let header = self.headers.get(self.headers.partition_point(behind))?;
        (header.span.start <= span.start).then_some(header.name?)
    }

    /// Cuts the body by Content-Length. Lengths that contradict each other are as good as none
    /// (RFC 4475 3.3.9).
    fn body(&mut self, start: usize) -> &'a [u8] {
        let rest = &self.bytes[start..];
        let cut = self.completeness == Completeness::CutByCapture;
        if cut {
            let end = Span::new(self.bytes.len(), self.bytes.len());
            self.defect(DefectKind::Truncated, None, end);
        }
        let is_length = |header: &&Header<'_>| header.name == Some(HeaderName::ContentLength);
        let mut headers = self.headers.iter().filter(is_length);
        let Some(header) = headers.next() else {
            return rest;
        };
        let span = header.span;
        let length = decimal(header.value);
        let agree = headers.all(|other| decimal(other.value) == length);
        let Some(stated) = length.filter(|_| agree).map(|stated| stated as usize) else {
            return rest;
        };
        if stated > rest.len() {
            if !cut {
                let header = Some(HeaderName::ContentLength);
                self.defect(DefectKind::ContentLengthTooLong, header, span);
            }
            return rest;
        }
        if stated < rest.len() {
            let span = Span::new(start + stated, self.bytes.len());
            let kind = OddityKind::TrailingBytes;
            self.oddities.push(Oddity {
                kind,
                header: Some(HeaderName::ContentLength),
                span,
            });
        }
        &rest[..stated]
    }

    fn cseq_method(&mut self, start: &StartLine<'_>) {
        let StartLine::Request { token, .. } = start else {
            return;
        };
        let is_cseq = |header: &&Header<'_>| header.name == Some(HeaderName::CSeq);
        let Some(header) = self.headers.iter().find(is_cseq) else {
            return;
        };
        let span = header.span;
        if self.is_cut(span.end()) {
            return;
        }
        if CSeq::parse(header.value).is_ok_and(|cseq| cseq.method_token != *token) {
            self.defect(DefectKind::CSeqMethodMismatch, Some(HeaderName::CSeq), span);
        }
    }

    /// Headers that every message needs (RFC 3261 8.1.1). RFC 2543 knew no Max-Forwards, so a
    /// request without the magic cookie need not have it (RFC 4475 3.4.1).
    fn missing(&mut self, start: &StartLine<'_>) {
        if self.completeness == Completeness::CutByCapture {
            return;
        }
        let end = Span::new(self.bytes.len(), self.bytes.len());
        for name in [
            HeaderName::Via,
            HeaderName::From,
            HeaderName::To,
            HeaderName::CallId,
            HeaderName::CSeq,
        ] {
            if !self.has.contains(name) {
                self.defect(DefectKind::MissingHeader, Some(name), end);
            }
        }
        let is_request = matches!(start, StartLine::Request { .. });
        let max_forwards = HeaderName::MaxForwards;
        if is_request && !self.has.contains(max_forwards) && self.top_branch_has_cookie() {
            self.defect(DefectKind::MissingHeader, Some(max_forwards), end);
        }
    }

    fn top_branch_has_cookie(&self) -> bool {
        let is_via = |header: &&Header<'_>| header.name == Some(HeaderName::Via);
        let top = self.headers.iter().find(is_via);
        let via = top
            .and_then(|header| Elements::of(header.value).next())
            .map(Via::parse);
        let branch = via.and_then(Result::ok).and_then(|via| via.branch());
        branch
            .and_then(|branch| branch.get(..7))
            .is_some_and(|start| start.eq_ignore_ascii_case(b"z9hG4bK"))
    }
}

/// A Request-URI is a URI without header fields (RFC 3261 19.1.1, RFC 4475 3.1.2.11).
fn is_request_uri(text: &[u8]) -> bool {
    Uri::parse(text).is_ok_and(|uri| {
        let has_headers = matches!(uri, Uri::Sip(sip) if sip.headers.is_some());
        !has_headers && uri.defect().is_none()
    })
}
