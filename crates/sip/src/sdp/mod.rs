//! Session descriptions (RFC 8866, which succeeds RFC 4566) and what two of them agree on.
//!
//! [`parse`] keeps going over whatever it does not understand; what it could not read stands in
//! [`Session::defects`].

mod attribute;
mod codec;
mod media;
pub mod offer_answer;
mod read;
mod security;
mod session;

pub use attribute::{Attribute, Direction, Rtcp, Setup};
pub use codec::Codec;
pub use media::{Media, MediaKind, Transport};
pub use read::{DEFECTS_LIMIT, MEDIA_LIMIT, parse, values};
pub use security::{Candidate, Crypto, Fingerprint};
pub use session::{
    AddressFamily, Bandwidth, Connection, Origin, SdpDefect, SdpDefectKind, Session,
};
