//! Capture files: what format they have, and where their records begin and end.
//!
//! A [`Boundary`] is opened on the first bytes of a file and then walks record headers only. It
//! cuts the file into [`Chunk`]s of whole records, each of which a worker turns into frames by
//! itself with [`Chunk::frames`]. Frame numbers, the running clock and everything counted are
//! settled in the walk, so they do not depend on where the input was split.
//!
//! Classic pcap is read in both byte orders, with microseconds or nanoseconds, in the modified
//! (Kuznetzov) layout and with the IXIA file header. pcapng is read with any number of sections,
//! byte orders and interfaces (draft-ietf-opsawg-pcapng). Damage is stepped over where the format
//! allows, and counted by the names in [`reason`].

mod block;
mod boundary;
mod chunk;
mod clock;
pub mod compression;
mod foreign;
mod open;
mod order;
mod pace;
mod pcap;
mod pcapng;
pub mod reason;
mod record;
mod resolution;
mod section;
mod stretch;
mod summary;

pub use boundary::{Boundary, Walk};
pub use chunk::{Chunk, Frames};
pub use clock::Clock;
pub use open::{Format, OpenError};
pub use order::ByteOrder;
pub use pace::Pace;
pub use section::Section;
pub use summary::{Comment, Gap, InterfaceSummary, Secrets, Summary};
