//! The bytes of a message together with its outline.

use crate::header::HeaderName;
use crate::lexer::Elements;
use crate::lines::{HeaderLine, HeaderLines};
use crate::scan::cseq_method;
use crate::{Method, Outline, Span, Start};

/// A scanned message: the bytes that [`crate::scan`] read and what it found.
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

    /// Method of the request line, or of CSeq in a response, as it stands on the wire.
    pub fn method_token(self) -> &'a [u8] {
        match self.outline.start {
            Start::Request { method_token, .. } => self.at(method_token).unwrap_or_default(),
            Start::Response { .. } => self.cseq_method_token().unwrap_or_default(),
        }
    }

    /// The method as text: its name, or the token of an extension method.
    pub fn method_name(self) -> &'a [u8] {
        match self.outline.method() {
            Method::Extension => self.method_token(),
            known => known.name().as_bytes(),
        }
    }

    /// Request-URI of a request.
    pub fn request_uri(self) -> Option<&'a [u8]> {
        match self.outline.start {
            Start::Request { uri, .. } => self.at(uri),
            Start::Response { .. } => None,
        }
    }

    /// Reason phrase of a response.
    pub fn reason_phrase(self) -> Option<&'a [u8]> {
        match self.outline.start {
            Start::Request { .. } => None,
            Start::Response { reason, .. } => self.at(reason),
        }
    }

    /// Call-ID.
    pub fn call_id(self) -> Option<&'a [u8]> {
        self.at(self.outline.call_id)
    }

    /// The whole CSeq value.
    pub fn cseq_value(self) -> Option<&'a [u8]> {
        self.at(self.outline.cseq_span)
    }

    /// The method in CSeq as it stands on the wire.
    pub fn cseq_method_token(self) -> Option<&'a [u8]> {
        self.cseq_value().map(cseq_method)
    }

    /// addr-spec of From.
    pub fn from_uri(self) -> Option<&'a [u8]> {
        self.at(self.outline.from_uri)
    }

    /// Tag of From.
    pub fn from_tag(self) -> Option<&'a [u8]> {
        self.at(self.outline.from_tag)
    }

    /// addr-spec of To.
    pub fn to_uri(self) -> Option<&'a [u8]> {
        self.at(self.outline.to_uri)
    }

    /// Tag of To.
    pub fn to_tag(self) -> Option<&'a [u8]> {
        self.at(self.outline.to_tag)
    }

    /// Branch of the top Via.
    pub fn top_branch(self) -> Option<&'a [u8]> {
        self.at(self.outline.via_branch)
    }

    /// Branch of the second Via.
    pub fn parent_branch(self) -> Option<&'a [u8]> {
        self.at(self.outline.parent_branch)
    }

    /// sent-by host of the top Via, an IPv6 address without brackets.
    pub fn sent_by_host(self) -> Option<&'a [u8]> {
        self.at(self.outline.via_host)
    }

    /// Transport of the top Via.
    pub fn via_transport(self) -> Option<&'a [u8]> {
        self.at(self.outline.via_transport)
    }

    /// addr-spec of the first Contact, or `*`.
    pub fn contact_uri(self) -> Option<&'a [u8]> {
        self.at(self.outline.contact_uri)
    }

    /// Content-Type without parameters.
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

    /// User-Agent or Server.
    pub fn software(self) -> Option<&'a [u8]> {
        self.at(self.outline.software)
    }

    /// The body.
    pub fn body(self) -> &'a [u8] {
        self.at(self.outline.body).unwrap_or_default()
    }

    /// The raw values of every line of one header in wire order, without the white space around
    /// them; folds and commas inside are left as they are. Costs a walk over the head, and
    /// nothing where the header does not occur.
    pub fn header(self, name: HeaderName) -> impl Iterator<Item = &'a [u8]> {
        let head_len = if self.outline.has.contains(name) {
            self.outline.head_len
        } else {
            0
        };
        let head = self.bytes.get(..head_len as usize).unwrap_or_default();
        HeaderLines::of_head(head)
            .filter(move |line| line.name == Some(name))
            .map(HeaderLine::value)
    }

    /// The values of a header that commas may join (RFC 3261 7.3.1), one by one in wire order.
    /// Costs what [`Scanned::header`] does.
    pub fn elements(self, name: HeaderName) -> impl Iterator<Item = &'a [u8]> {
        self.header(name).flat_map(Elements::of)
    }

    /// The raw values of every line of a header of any name, written in full, in wire order.
    /// Costs a walk over the head.
    pub fn header_called(self, name: &[u8]) -> impl Iterator<Item = &'a [u8]> {
        let head = self.bytes.get(..self.outline.head_len as usize);
        HeaderLines::of_head(head.unwrap_or_default())
            .filter(move |line| line.wire_name().eq_ignore_ascii_case(name))
            .map(HeaderLine::value)
    }

    fn at(self, span: Span) -> Option<&'a [u8]> {
        span.of(self.bytes)
    }
}
