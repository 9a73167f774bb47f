//! From the bytes of a capture file to the payloads that may carry SIP.
//!
//! The stage neither opens files nor knows a clock: bytes are pushed in, values come out.
//! [`mod@format`] recognises capture files and walks their records; [`decode`] strips link layers,
//! tunnels, IP and transport headers from one frame; [`lane`] puts IP fragments and streams in
//! order and cuts messages out of them.

pub mod decode;
pub mod disturbance;
pub mod flow;
pub mod format;
pub mod frame;
pub mod framing;
pub mod lane;
pub mod limits;
pub mod payload;
pub mod skipped;
pub mod time;

pub use disturbance::{Disturbance, DisturbanceKind};
pub use flow::{Endpoint, Flow, Passage, Transport};
pub use frame::{Frame, FrameRef, LinkType};
pub use framing::{Cut, Framer};
pub use limits::Limits;
pub use payload::Payload;
pub use skipped::Skipped;
pub use time::Time;
