//! A tolerant, exact, zero-copy SIP message parser.
//!
//! [`recognise`] tells SIP from noise, [`framing`] cuts messages out of streams, and [`scan`]
//! reads in one pass and without allocation what correlation needs.

mod charset;
pub mod framing;
pub mod header;
mod lines;
mod method;
mod outline;
mod recognise;
mod scan;
mod scanned;
mod span;
mod start_line;
mod status;

pub use header::{HeaderName, HeaderSet};
pub use method::Method;
pub use outline::{Facts, Outline, Start};
pub use recognise::{Recognition, recognise};
pub use scan::scan;
pub use scanned::Scanned;
pub use span::Span;
pub use status::{StatusClass, StatusCode};
