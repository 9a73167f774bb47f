//! A tolerant, exact, zero-copy SIP message parser.
//!
//! [`recognise`] tells SIP from noise, [`framing`] cuts messages out of streams, and [`scan`]
//! reads in one pass and without allocation what correlation needs.

mod charset;
pub mod codes;
mod flaw;
pub mod framing;
pub mod header;
mod lexer;
mod lines;
mod method;
mod outline;
pub mod params;
mod recognise;
mod scan;
mod scanned;
pub mod secret;
mod span;
mod start_line;
mod status;
pub mod text;
pub mod uri;

pub use flaw::Flaw;
pub use header::{HeaderName, HeaderSet};
pub use method::Method;
pub use outline::{Facts, Outline, Start};
pub use recognise::{Recognition, recognise};
pub use scan::scan;
pub use scanned::Scanned;
pub use span::Span;
pub use status::{StatusClass, StatusCode};
