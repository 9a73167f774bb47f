//! A tolerant, exact, zero-copy SIP message parser.
//!
//! [`recognise`] tells SIP from noise, [`framing`] cuts messages out of streams, and [`scan`]
//! reads in one pass and without allocation what correlation needs.

pub mod address;
pub mod auth;
pub mod body;
mod charset;
pub mod codes;
pub mod defect;
mod flaw;
pub mod framing;
pub mod header;
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
pub use scan::scan;
pub use scanned::Scanned;
pub use span::Span;
pub use status::{StatusClass, StatusCode};
