//! What the fast scan keeps of a message: numbers and places, no text.

use crate::header::HeaderSet;
use crate::{Method, Span, StatusCode};

/// The start line of a message (RFC 3261 7.1, 7.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// `Method SP Request-URI SP SIP/2.0`.
    Request {
        /// The method.
        method: Method,
        /// The method as it stands on the wire.
        method_token: Span,
        /// The Request-URI.
        uri: Span,
    },
    /// `SIP/2.0 SP Status-Code SP Reason-Phrase`.
    Response {
        /// The status code.
        status: StatusCode,
        /// The reason phrase; empty if there is none.
        reason: Span,
    },
}

impl Start {
    /// Says nothing yet.
    pub(crate) const BLANK: Start = Start::Response {
        status: StatusCode(0),
        reason: Span::NONE,
    };
}

/// A message at a glance (RFC 3261 8.1.1). Spans count from the first byte given to
/// [`crate::scan`], the blank lines before the start line included.
///
/// Of a header that must occur once the first occurrence counts; a repetition only sets
/// [`Facts::REPEATED_SINGLETON`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outline {
    /// The start line.
    pub start: Start,
    /// Which known headers occur.
    pub has: HeaderSet,
    /// Yes-or-no facts.
    pub facts: Facts,
    /// Length of start line and headers in bytes, including the blank line.
    pub head_len: u32,
    /// The body: as long as Content-Length says where the bytes are there, else the rest.
    pub body: Span,
    /// Content-Length in bytes (RFC 3261 20.14); absent if missing or not a number.
    pub content_length: Option<u32>,
    /// Content-Type without its parameters, as it stands (RFC 3261 20.15).
    pub content_type: Span,
    /// Call-ID (RFC 3261 20.8), to be compared byte by byte.
    pub call_id: Span,
    /// CSeq number; 0 together with [`Facts::NO_CSEQ`] if missing or unreadable.
    pub cseq: u32,
    /// CSeq method; [`Method::Extension`] if missing.
    pub cseq_method: Method,
    /// The whole CSeq value.
    pub cseq_span: Span,
    /// addr-spec of From without angle brackets.
    pub from_uri: Span,
    /// Tag of From (RFC 3261 19.3).
    pub from_tag: Span,
    /// addr-spec of To without angle brackets.
    pub to_uri: Span,
    /// Tag of To.
    pub to_tag: Span,
    /// Transport of the top Via, such as `UDP`.
    pub via_transport: Span,
    /// sent-by host of the top Via; an IPv6 address without its brackets.
    pub via_host: Span,
    /// sent-by port of the top Via; 0 if absent.
    pub via_port: u16,
    /// Number of Via values over all Via lines.
    pub via_count: u16,
    /// Branch of the top Via (RFC 3261 8.1.1.7).
    pub via_branch: Span,
    /// Branch of the second Via: the parent transaction's.
    pub parent_branch: Span,
    /// addr-spec of the first Contact value; `*` as it stands.
    pub contact_uri: Span,
    /// Max-Forwards (RFC 3261 20.22).
    pub max_forwards: Option<u16>,
    /// RSeq (RFC 3262 7.1).
    pub rseq: Option<u32>,
    /// Retry-After in seconds (RFC 3261 20.33).
    pub retry_after: Option<u32>,
    /// Expires in seconds (RFC 3261 20.19).
    pub expires: Option<u32>,
    /// Session-Expires in seconds (RFC 4028 4).
    pub session_expires: Option<u32>,
    /// The first Reason value with its parameters (RFC 3326).
    pub reason_header: Span,
    /// The whole Session-ID value (RFC 7989).
    pub session_id: Span,
    /// User-Agent of a request, Server of a response, or whichever of them occurs.
    pub software: Span,
}

impl Outline {
    /// The method of a request, or of the request that a response answers by its CSeq (RFC 3261
    /// 7.1, 20.16).
    pub fn method(&self) -> Method {
        match self.start {
            Start::Request { method, .. } => method,
            Start::Response { .. } => self.cseq_method,
        }
    }

    /// The status code of a response (RFC 3261 7.2).
    pub fn status(&self) -> Option<StatusCode> {
        match self.start {
            Start::Request { .. } => None,
            Start::Response { status, .. } => Some(status),
        }
    }

    /// Whether the message is a request (RFC 3261 7.1).
    pub fn is_request(&self) -> bool {
        matches!(self.start, Start::Request { .. })
    }

    /// Whether the start line of SIP stands before lines that are none of its headers: text of
    /// another protocol, or somebody's who talks about SIP (RFC 3261 7). A request line with a
    /// method of SIP is enough by itself, however damaged the lines behind it are.
    #[inline]
    pub fn is_foreign(&self) -> bool {
        let is_plain_request = match self.start {
            Start::Request { method, .. } => method != Method::Extension,
            Start::Response { .. } => false,
        };
        self.facts.contains(Facts::ODD_LINE)
            && !is_plain_request
            && !self.has.intersects(HeaderSet::MANDATORY)
    }
}

/// A set of facts that the scan notices in passing (RFC 3261 7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts(u32);

impl Facts {
    /// Nothing noticed.
    pub const EMPTY: Facts = Facts(0);
    /// Require names `100rel` (RFC 3262).
    pub const REQUIRES_100REL: Facts = Facts(1 << 0);
    /// Supported names `100rel` (RFC 3262).
    pub const SUPPORTS_100REL: Facts = Facts(1 << 1);
    /// The body is SDP or a multipart that contains SDP (RFC 8866 8.1).
    pub const BODY_IS_SDP: Facts = Facts(1 << 2);
    /// The top branch begins with `z9hG4bK` (RFC 3261 8.1.1.7).
    pub const MAGIC_COOKIE: Facts = Facts(1 << 3);
    /// From carries a tag (RFC 3261 19.3).
    pub const FROM_TAG: Facts = Facts(1 << 4);
    /// To carries a tag (RFC 3261 19.3).
    pub const TO_TAG: Facts = Facts(1 << 5);
    /// The body is a multipart (RFC 2046 5.1).
    pub const MULTIPART: Facts = Facts(1 << 6);
    /// CSeq is missing, or not a 32-bit number followed by a method (RFC 3261 20.16).
    pub const NO_CSEQ: Facts = Facts(1 << 7);
    /// CSeq names another method than the request line (RFC 3261 8.1.1.5).
    pub const CSEQ_METHOD_MISMATCH: Facts = Facts(1 << 8);
    /// Via, From, To, Call-ID or CSeq is missing (RFC 3261 8.1.1).
    pub const MISSING_MANDATORY: Facts = Facts(1 << 9);
    /// A header that must occur once occurs again (RFC 3261 7.3.1).
    pub const REPEATED_SINGLETON: Facts = Facts(1 << 10);
    /// Content-Length is there but not a number, or contradicts a second one (RFC 3261 20.14).
    pub const BAD_CONTENT_LENGTH: Facts = Facts(1 << 11);
    /// Fewer body bytes are there than Content-Length says (RFC 3261 18.3).
    pub const BODY_SHORT: Facts = Facts(1 << 12);
    /// More bytes follow than Content-Length says (to be ignored in a datagram, RFC 3261 18.3).
    pub const BODY_LONG: Facts = Facts(1 << 13);
    /// No blank line ends the headers (RFC 3261 7).
    pub const NO_BLANK_LINE: Facts = Facts(1 << 14);
    /// A line ends in LF without CR (RFC 3261 7).
    pub const BARE_LF: Facts = Facts(1 << 15);
    /// A header is folded (RFC 3261 7.3.1).
    pub const FOLDED: Facts = Facts(1 << 16);
    /// White space stands between a header's name and its colon (RFC 3261 7.3.1).
    pub const SPACE_BEFORE_COLON: Facts = Facts(1 << 17);
    /// A line of the head is no header: no colon, or no token before it (RFC 3261 7.3).
    pub const ODD_LINE: Facts = Facts(1 << 18);
    /// The start line is not as RFC 3261 7.1 and 7.2 want it, or its version is not `SIP/2.0`.
    pub const ODD_START_LINE: Facts = Facts(1 << 19);
    /// A number does not parse or overflows (RFC 4475 3.1.2.4).
    pub const BAD_NUMBER: Facts = Facts(1 << 20);
    /// The first Via, From or To does not parse (RFC 3261 20.20, 20.39, 20.42).
    pub const BAD_ADDRESS: Facts = Facts(1 << 21);

    /// What a look at the whole message ([`crate::parse`]) would report as a defect.
    const IRREGULAR: Facts = Facts(
        Facts::NO_CSEQ.0
            | Facts::CSEQ_METHOD_MISMATCH.0
            | Facts::MISSING_MANDATORY.0
            | Facts::REPEATED_SINGLETON.0
            | Facts::BAD_CONTENT_LENGTH.0
            | Facts::BODY_SHORT.0
            | Facts::NO_BLANK_LINE.0
            | Facts::BARE_LF.0
            | Facts::ODD_LINE.0
            | Facts::ODD_START_LINE.0
            | Facts::BAD_NUMBER.0
            | Facts::BAD_ADDRESS.0,
    );

    /// Whether every fact of `facts` holds.
    pub const fn contains(self, facts: Facts) -> bool {
        self.0 & facts.0 == facts.0
    }

    /// Whether any fact of `facts` holds.
    pub const fn intersects(self, facts: Facts) -> bool {
        self.0 & facts.0 != 0
    }

    /// Both sets together.
    #[must_use]
    pub const fn with(self, facts: Facts) -> Facts {
        Facts(self.0 | facts.0)
    }

    /// Whether the scan saw something that [`crate::parse`] would call a defect. The scan looks
    /// at few values only, so a message without such facts can still have defects.
    pub const fn is_irregular(self) -> bool {
        self.intersects(Facts::IRREGULAR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan;

    #[test]
    fn a_planted_start_line_makes_no_sip() {
        for (text, expected) in [
            (
                "SIP/2.0 200 ok\r\nHTTP/1.1 200 ok\r\nServer: x\r\n\r\n",
                true,
            ),
            ("hi there: a SIP/2.0\r\nhow are you\r\n\r\n", true),
            ("SIP/2.0 200 OK\r\nHTTP/1.1 200 ok\r\ni: 1\r\n\r\n", false),
            ("SIP/2.0 200 OK\r\nServer: x\r\n\r\n", false),
            ("INVITE sip:bob@example.com SIP/2.0\r\nVia\x01 x\r\n", false),
        ] {
            let outline = scan(text.as_bytes()).expect("has a start line");
            assert_eq!(outline.is_foreign(), expected, "{text}");
        }
    }

    #[test]
    fn an_outline_stays_lean() {
        assert!(
            size_of::<Outline>() <= 288,
            "{} bytes",
            size_of::<Outline>()
        );
    }
}
