//! Bodies: what a message carries behind its head.

mod multipart;
mod sipfrag;

pub use multipart::{NESTING_LIMIT, PARTS_LIMIT, Part, parts};
pub use sipfrag::{Sipfrag, sipfrag};

use crate::header::{ContentType, HeaderValue};
use crate::sdp::{self, Session};
use crate::{HeaderName, Message};

/// A body by its Content-Type (RFC 3261 7.4.1).
#[derive(Clone, PartialEq, Eq)]
pub enum Body<'a> {
    /// Nothing.
    Empty,
    /// `application/sdp`.
    Sdp(Session<'a>),
    /// `multipart/*` (RFC 2046 5.1), its parts in order, nested ones opened where they stand.
    Multipart(Vec<Part<'a>>),
    /// `message/sipfrag` (RFC 3420).
    Sipfrag(Sipfrag<'a>),
    /// Anything else, ISUP (RFC 3204) included: its bytes.
    Opaque(&'a [u8]),
}

impl<'a> Message<'a> {
    /// The body by its Content-Type. An encoded body (RFC 3261 20.12) stays opaque.
    pub fn typed_body(&self) -> Body<'a> {
        if self.body.is_empty() {
            return Body::Empty;
        }
        let encoded = self
            .raw(HeaderName::ContentEncoding)
            .any(|coding| !coding.eq_ignore_ascii_case(b"identity"));
        match self.raw(HeaderName::ContentType).next() {
            Some(content_type) if !encoded => typed(content_type, self.body),
            Some(_) | None => Body::Opaque(self.body),
        }
    }

    /// The first session description of the body, inside a multipart or not (RFC 3261 13.2.1).
    pub fn sdp(&self) -> Option<Session<'a>> {
        match self.typed_body() {
            Body::Sdp(session) => Some(session),
            Body::Multipart(parts) => parts.into_iter().find_map(|part| match part.typed() {
                Body::Sdp(session) => Some(session),
                Body::Empty | Body::Multipart(_) | Body::Sipfrag(_) | Body::Opaque(_) => None,
            }),
            Body::Empty | Body::Sipfrag(_) | Body::Opaque(_) => None,
        }
    }
}

/// Reads `body` as what `content_type` says (RFC 3261 7.4.1).
pub fn typed<'a>(content_type: &'a [u8], body: &'a [u8]) -> Body<'a> {
    let Ok(content_type) = ContentType::parse(content_type) else {
        return Body::Opaque(body);
    };
    let media_type = content_type.media_type;
    if media_type.is("application", "sdp") {
        return sdp::parse(body).map_or(Body::Opaque(body), Body::Sdp);
    }
    if media_type.is("message", "sipfrag") {
        return sipfrag(body).map_or(Body::Opaque(body), Body::Sipfrag);
    }
    if media_type.is_a("multipart") {
        return content_type
            .boundary()
            .map_or(Body::Opaque(body), |boundary| {
                Body::Multipart(parts(body, boundary))
            });
    }
    Body::Opaque(body)
}
