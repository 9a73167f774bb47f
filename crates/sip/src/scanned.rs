//! The bytes of a message together with its outline.

use crate::header::{HeaderName, HeaderSet};
use crate::lexer::Elements;
use crate::lines::HeaderLines;
use crate::outline::Facts;
use crate::scan::cseq_method;
use crate::{Method, Outline, Span, Start};

/// A scanned message: the bytes that [`crate::scan`] read and what it found (RFC 3261 7).
#[derive(Clone, Copy, Debug)]
pub struct Scanned<'a> {
    /// The bytes given to [`crate::scan`].
    pub bytes: &'a [u8],
    /// What it returned for them.
    pub outline: &'a Outline,
}

impl<'a> Scanned<'a> {
    /// Puts the bytes and their outline together.
    pub fn new(bytes: &'a [u8], outline: &'a Outline) -> Scanned<'a> {
        Scanned { bytes, outline }
    }

    /// Method of the request line, or of CSeq in a response, as it stands on the wire (RFC 3261
    /// 7.1, 20.16).
    pub fn method_token(self) -> &'a [u8] {
        match self.outline.start {
            Start::Request { method_token, .. } => self.at(method_token).unwrap_or_default(),
            Start::Response { .. } => self.cseq_method_token().unwrap_or_default(),
        }
    }

    /// The method as text: its name, or the token of an extension method (RFC 3261 7.1).
    pub fn method_name(self) -> &'a [u8] {
        match self.outline.method() {
            Method::Extension => self.method_token(),
            known => known.name().as_bytes(),
        }
    }

    /// Request-URI of a request (RFC 3261 7.1).
    pub fn request_uri(self) -> Option<&'a [u8]> {
        match self.outline.start {
            Start::Request { uri, .. } => self.at(uri),
            Start::Response { .. } => None,
        }
    }

    /// Reason phrase of a response (RFC 3261 7.2).
    pub fn reason_phrase(self) -> Option<&'a [u8]> {
        match self.outline.start {
            Start::Request { .. } => None,
            Start::Response { reason, .. } => self.at(reason),
        }
    }

    /// Call-ID (RFC 3261 20.8).
    pub fn call_id(self) -> Option<&'a [u8]> {
        self.at(self.outline.call_id)
    }

    /// Whether all that names the message was captured: for one `cut` by the capture, Via, From, To,
    /// Call-ID and CSeq have to stand before the cut; any other needs a Call-ID (RFC 3261 8.1.1).
    #[inline]
    pub fn is_named(self, cut: bool) -> bool {
        let has_call_id = self.outline.call_id.len > 0;
        has_call_id && !(cut && self.is_cut_in_names())
    }

    /// Whether the bytes end before the last of the headers that name the message does.
    fn is_cut_in_names(self) -> bool {
        let outline = self.outline;
        outline.facts.contains(Facts::NO_BLANK_LINE)
            && (!outline.has.contains_all(HeaderSet::MANDATORY) || self.ends_in_a_name())
    }

    /// Whether the bytes end within one of the headers that name the message.
    fn ends_in_a_name(self) -> bool {
        let last = HeaderLines::of_head(self.bytes).last();
        let last = last.filter(|_| !self.bytes.ends_with(b"\n"));
        last.and_then(|line| line.name)
            .is_some_and(|name| HeaderSet::MANDATORY.contains(name))
    }

    /// The whole CSeq value (RFC 3261 20.16).
    pub fn cseq_value(self) -> Option<&'a [u8]> {
        self.at(self.outline.cseq_span)
    }

    /// The method in CSeq as it stands on the wire (RFC 3261 20.16).
    pub fn cseq_method_token(self) -> Option<&'a [u8]> {
        self.cseq_value().map(cseq_method)
    }

    /// addr-spec of From (RFC 3261 20.20).
    pub fn from_uri(self) -> Option<&'a [u8]> {
        self.at(self.outline.from_uri)
    }

    /// Tag of From (RFC 3261 19.3).
    pub fn from_tag(self) -> Option<&'a [u8]> {
        self.at(self.outline.from_tag)
    }

    /// addr-spec of To (RFC 3261 20.39).
    pub fn to_uri(self) -> Option<&'a [u8]> {
        self.at(self.outline.to_uri)
    }

    /// Tag of To (RFC 3261 19.3).
    pub fn to_tag(self) -> Option<&'a [u8]> {
        self.at(self.outline.to_tag)
    }

    /// Branch of the top Via (RFC 3261 8.1.1.7).
    pub fn top_branch(self) -> Option<&'a [u8]> {
        self.at(self.outline.via_branch)
    }

    /// Branch of the second Via (RFC 3261 8.1.1.7).
    pub fn parent_branch(self) -> Option<&'a [u8]> {
        self.at(self.outline.parent_branch)
    }

    /// sent-by host of the top Via, an IPv6 address without brackets (RFC 3261 18.1.1).
    pub fn sent_by_host(self) -> Option<&'a [u8]> {
        self.at(self.outline.via_host)
    }

    /// Transport of the top Via (RFC 3261 20.42).
    pub fn via_transport(self) -> Option<&'a [u8]> {
        self.at(self.outline.via_transport)
    }

    /// addr-spec of the first Contact, or `*` (RFC 3261 20.10).
    pub fn contact_uri(self) -> Option<&'a [u8]> {
        self.at(self.outline.contact_uri)
    }

    /// Content-Type without parameters (RFC 3261 20.15).
    pub fn content_type(self) -> Option<&'a [u8]> {
        self.at(self.outline.content_type)
    }

    /// The first Reason value (RFC 3326).
    pub fn reason_header(self) -> Option<&'a [u8]> {
        self.at(self.outline.reason_header)
    }

    /// Session-ID (RFC 7989).
    pub fn session_id(self) -> Option<&'a [u8]> {
        self.at(self.outline.session_id)
    }

    /// User-Agent or Server (RFC 3261 20.35, 20.41).
    pub fn software(self) -> Option<&'a [u8]> {
        self.at(self.outline.software)
    }

    /// The body (RFC 3261 7.4, 18.3).
    pub fn body(self) -> &'a [u8] {
        self.at(self.outline.body).unwrap_or_default()
    }

    /// The raw values of every line of one header in wire order, without the white space around
    /// them; folds and commas inside are left as they are (RFC 3261 7.3.1). Costs a walk over the
    /// head, and nothing where the header does not occur.
    pub fn header(self, name: HeaderName) -> impl Iterator<Item = &'a [u8]> {
        self.values(name)
    }

    fn values(self, name: HeaderName) -> Values<'a> {
        let occurs = self.outline.has.contains(name);
        Values {
            lines: occurs.then(|| HeaderLines::of_head(self.head())),
            name,
            bytes: self.bytes,
        }
    }

    /// The values of a header that commas may join (RFC 3261 7.3.1), one by one in wire order.
    /// Costs what [`Scanned::header`] does.
    pub fn elements(self, name: HeaderName) -> impl Iterator<Item = &'a [u8]> {
        ValueElements {
            values: self.values(name),
            rest: Elements::none(),
        }
    }

    /// The raw values of every line of a header of any name, written in full, in wire order (RFC
    /// 3261 7.3.1). Costs a walk over the head.
    pub fn header_called(self, name: &[u8]) -> impl Iterator<Item = &'a [u8]> {
        HeaderLines::of_head(self.head())
            .filter(move |line| line.wire_name(self.bytes).eq_ignore_ascii_case(name))
            .map(move |line| line.value(self.bytes))
    }

    fn head(self) -> &'a [u8] {
        let head = self.bytes.get(..self.outline.head_len as usize);
        head.unwrap_or_default()
    }

    fn at(self, span: Span) -> Option<&'a [u8]> {
        span.of(self.bytes)
    }
}

/// Walks the values of one header; there are no lines to walk where it does not occur, as most do
/// not.
struct Values<'a> {
    lines: Option<HeaderLines<'a>>,
    name: HeaderName,
    bytes: &'a [u8],
}

impl<'a> Iterator for Values<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let lines = self.lines.as_mut()?;
        lines.named(self.name).map(|line| line.value(self.bytes))
    }
}

/// Walks the elements of the values of one header.
struct ValueElements<'a> {
    values: Values<'a>,
    /// What is left of the value at hand.
    rest: Elements<'a>,
}

impl<'a> Iterator for ValueElements<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            if let Some(element) = self.rest.next() {
                return Some(element);
            }
            self.rest = Elements::of(self.values.next()?);
        }
    }
}
