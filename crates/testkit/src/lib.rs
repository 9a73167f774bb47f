//! A readable language for SIP traces, and the captures that its traces stand for.
//!
//! A trace is a list of messages at times between hosts. What SIP asks for — branches, tags,
//! CSeq numbers, Call-IDs, routes, checksums — is filled in, so that a trace says only what
//! matters, and every detail can be overridden.
//!
//! ```
//! use siptriage_testkit::{Trace, Variation, capture};
//!
//! let trace = Trace::parse(
//!     "0.00  alice -> bob INVITE sdp
//! 0.02  bob -> alice 100
//! 0.80  bob -> alice 180
//! 6.00  bob -> alice 200 sdp
//! 6.03  alice -> bob ACK
//! 36.00 alice -> bob BYE
//! 36.02 bob -> alice 200
//! ",
//! )?;
//! let packets = trace.packets(&Variation::default());
//! assert_eq!(packets.len(), 7);
//! assert_eq!(packets[6].time_ns - packets[0].time_ns, 36_020_000_000);
//! let file = capture::write_pcapng(&packets);
//! # assert!(file.starts_with(&[0x0a, 0x0d, 0x0d, 0x0a]));
//! # Ok::<(), siptriage_testkit::Error>(())
//! ```
//!
#![doc = include_str!("../LANGUAGE.md")]

mod assemble;
pub mod capture;
mod error;
pub mod expect;
pub mod fixture;
mod host;
mod message;
mod packet;
mod phrases;
mod play;
mod script;
mod stream;
mod trace;
mod variation;
mod wire;

pub use error::Error;
pub use expect::Expect;
pub use fixture::{Case, Fixture, Kind};
pub use packet::Packet;
pub use trace::Trace;
pub use variation::Variation;
