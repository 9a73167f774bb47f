//! A tolerant, exact, zero-copy SIP message parser and the response-code reference.
//!
//! ```
//! use siptriage_sip::{DefectKind, Method, header::Reason, parse};
//!
//! let bytes = b"BYE sip:bob@example.com SIP/2.0\r\nv: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n\
//!     f: <sip:alice@example.com>;tag=1\r\nt: <sip:bob@example.com>;tag=2\r\ni: 1@example.com\r\n\
//!     CSeq: 8 INVITE\r\nMax-Forwards: 70\r\nReason: Q.850;cause=16\r\n\r\n";
//! let message = parse(bytes).expect("begins like SIP");
//! assert_eq!(message.method(), Method::Bye);
//! let reason = message.first::<Reason>().expect("is there")?;
//! assert_eq!(reason.cause(), Some(16));
//! assert_eq!(message.defects[0].kind, DefectKind::CSeqMethodMismatch);
//! # Ok::<(), siptriage_sip::Flaw>(())
//! ```
//!
//! There are two ways through a message. [`scan`] reads in one pass and without allocation what
//! correlation needs, for every message of a capture; [`parse`] keeps every header, reads any of
//! them into its type and notes every defect, for the messages that somebody looks at. Neither
//! fails on what is SIP: bad SIP is data.
//!
//! Before both, [`recognise`] tells SIP from noise and [`framing`] cuts messages out of streams.
//! Bodies are opened by [`body`], session descriptions by [`sdp`].

pub mod address;
pub mod auth;
pub mod body;
mod charset;
pub mod codes;
pub mod defect;
mod flaw;
pub mod framing;
pub mod header;
mod lanes;
mod lexer;
mod lines;
pub mod message;
mod method;
mod outline;
pub mod params;
mod parse;
mod recognise;
#[cfg(feature = "rsip")]
mod rsip_form;
mod scan;
mod scanned;
pub mod sdp;
pub mod secret;
mod shown;
mod span;
mod start_line;
mod status;
mod swar;
pub mod text;
pub mod uri;

pub use defect::{Defect, DefectKind, Oddity, OddityKind};
pub use flaw::Flaw;
pub use header::{HeaderName, HeaderSet, HeaderValue};
pub use message::{Message, StartLine};
pub use method::Method;
pub use outline::{Facts, Outline, Start};
pub use parse::{Completeness, parse, parse_captured};
pub use recognise::{Recognition, recognise};
pub use scan::{scan, scan_onto};
pub use scanned::Scanned;
pub use span::Span;
pub use status::{StatusClass, StatusCode};
