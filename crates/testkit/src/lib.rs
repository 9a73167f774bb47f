//! A readable language for SIP traces, and the captures that its traces stand for.

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
