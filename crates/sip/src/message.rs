//! A whole message, its parts borrowed from the bytes they were read from.

use crate::defect::{Defect, Oddity};
use crate::header::{CSeq, CallId, Contact, From, HeaderValue, Shape, To, Via};
use crate::lexer::Elements;
use crate::scan::cseq_method;
use crate::{Flaw, HeaderName, Method, Span, StatusCode};

/// A header value longer than this many bytes is reported as overlong. The longest of
/// RFC 4475 3.1.1.7, which must be accepted, has some hundreds.
pub const VALUE_LIMIT_BYTES: usize = 8 * 1024;

/// What a message asks or answers (RFC 3261 7.1, 7.2).
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum StartLine<'a> {
    /// A request.
    Request {
        /// The method.
        method: Method,
        /// The method as it stands.
        token: &'a [u8],
        /// The Request-URI as it stands.
        uri: &'a [u8],
    },
    /// A response.
    Response {
        /// The status code.
        status: StatusCode,
        /// The reason phrase; may be empty.
        reason: &'a [u8],
    },
}

/// A header field in wire order (RFC 3261 7.3). Its `Debug` form shows no credentials.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Header<'a> {
    /// The header, if its name is known.
    pub name: Option<HeaderName>,
    /// The name as it stands.
    pub wire_name: &'a [u8],
    /// The value without the white space around it, folds left in.
    pub value: &'a [u8],
    /// Where the value stands.
    pub span: Span,
}

impl Header<'_> {
    /// Whether the line has a colon (RFC 3261 7.3.1). One without is no header: all of it stands in
    /// `wire_name`.
    pub fn has_colon(&self) -> bool {
        self.wire_name.as_ptr_range().end != self.value.as_ptr()
    }
}

/// A parsed message (RFC 3261 7). Everything in it borrows the bytes given to [`crate::parse`].
#[derive(Clone, PartialEq, Eq)]
pub struct Message<'a> {
    /// The start line.
    pub start: StartLine<'a>,
    /// The header fields in wire order, unknown ones included.
    pub headers: Vec<Header<'a>>,
    /// The body: as long as Content-Length says where the bytes are there, else the rest.
    pub body: &'a [u8],
    /// What is wrong, in the order of the bytes; what is missing comes last.
    pub defects: Vec<Defect>,
    /// What is legal but odd, in the order of the bytes.
    pub oddities: Vec<Oddity>,
}

impl<'a> Message<'a> {
    /// The method of a request, or of the request that a response answers by its CSeq, whose number
    /// need not be readable (RFC 3261 7.1, 20.16).
    pub fn method(&self) -> Method {
        match self.start {
            StartLine::Request { method, .. } => method,
            StartLine::Response { .. } => {
                let cseq = self.raw(HeaderName::CSeq).next();
                cseq.map_or(Method::Extension, |value| {
                    Method::from_token(cseq_method(value))
                })
            }
        }
    }

    /// The status code of a response (RFC 3261 7.2).
    pub fn status(&self) -> Option<StatusCode> {
        match self.start {
            StartLine::Request { .. } => None,
            StartLine::Response { status, .. } => Some(status),
        }
    }

    /// The values of every line of one header in wire order, as they stand (RFC 3261 7.3.1).
    pub fn raw(&self, name: HeaderName) -> impl Iterator<Item = &'a [u8]> {
        self.headers
            .iter()
            .filter(move |header| header.name == Some(name))
            .map(|header| header.value)
    }

    /// The values of every line of a header that this crate does not know (RFC 3261 7.3.2).
    pub fn raw_unknown(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.headers
            .iter()
            .filter(move |header| header.wire_name.eq_ignore_ascii_case(name.as_bytes()))
            .map(|header| header.value)
    }

    /// All values of a header in wire order, those joined by commas apart (RFC 3261 7.3.1).
    pub fn all<T: HeaderValue<'a>>(&self) -> impl Iterator<Item = Result<T, Flaw>> {
        self.raw(T::NAME).flat_map(|value| {
            let (whole, elements) = match T::SHAPE {
                Shape::Single | Shape::Repeated => (Some(value), None),
                Shape::List => (None, Some(Elements::of(value))),
            };
            whole
                .into_iter()
                .chain(elements.into_iter().flatten())
                .map(T::parse)
        })
    }

    /// The first value of a header (RFC 3261 7.3.1).
    pub fn first<T: HeaderValue<'a>>(&self) -> Option<Result<T, Flaw>> {
        self.all::<T>().next()
    }

    /// The top Via (RFC 3261 20.42).
    pub fn top_via(&self) -> Option<Result<Via<'a>, Flaw>> {
        self.first()
    }

    /// From (RFC 3261 20.20).
    pub fn from(&self) -> Option<Result<From<'a>, Flaw>> {
        self.first()
    }

    /// To (RFC 3261 20.39).
    pub fn to(&self) -> Option<Result<To<'a>, Flaw>> {
        self.first()
    }

    /// Call-ID (RFC 3261 20.8).
    pub fn call_id(&self) -> Option<Result<CallId<'a>, Flaw>> {
        self.first()
    }

    /// CSeq (RFC 3261 20.16).
    pub fn cseq(&self) -> Option<Result<CSeq<'a>, Flaw>> {
        self.first()
    }

    /// Every Contact (RFC 3261 20.10).
    pub fn contacts(&self) -> impl Iterator<Item = Result<Contact<'a>, Flaw>> {
        self.all()
    }

    /// The message in its plainest form: long names, values unfolded, CRLF line ends, no lines of
    /// white space (RFC 3261 7.3.1). Header order and everything that does not parse stay as they
    /// are.
    pub fn print(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.body.len() + 64 * self.headers.len());
        match self.start {
            StartLine::Request { token, uri, .. } => {
                out.extend_from_slice(token);
                out.push(b' ');
                out.extend_from_slice(uri);
                out.extend_from_slice(b" SIP/2.0\r\n");
            }
            StartLine::Response { status, reason } => {
                out.extend_from_slice(format!("SIP/2.0 {status:03} ").as_bytes());
                out.extend_from_slice(reason);
                out.extend_from_slice(b"\r\n");
            }
        }
        for header in &self.headers {
            // A line of white space, printed without it, would end the head.
            if header.wire_name.is_empty() && !header.has_colon() {
                continue;
            }
            match header.name {
                Some(name) => out.extend_from_slice(name.long().as_bytes()),
                None => out.extend_from_slice(header.wire_name),
            }
            if header.has_colon() {
                out.extend_from_slice(b": ");
                out.extend_from_slice(&crate::text::Text(header.value).unfolded());
            }
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(self.body);
        out
    }
}

#[cfg(test)]
mod tests {
    use crate::{Method, parse};

    #[test]
    fn a_response_names_its_method_even_behind_a_number_too_great() {
        let wire = b"SIP/2.0 200 OK\r\nCSeq: 4294967296 OPTIONS\r\n\r\n";
        let message = parse(wire).expect("is SIP");
        assert_eq!(message.method(), Method::Options);
    }

    #[test]
    fn a_line_without_colon_is_printed_as_it_stands() {
        let wire = b"SIP/2.0 200 OK\r\na\r\n\r\r\nX-A:\r\n\r\n";
        let message = parse(wire).expect("is SIP");
        let [odd, _, empty] = message.headers.as_slice() else {
            panic!("three lines")
        };
        assert!(!odd.has_colon() && empty.has_colon());
        assert_eq!(message.print(), b"SIP/2.0 200 OK\r\na\r\nX-A: \r\n\r\n");
    }
}
