//! Observations in, settled legs out: the stage that sees every message once.
//!
//! Everything with one Call-ID lands in one [`Shard`], so shards never need one another. A message
//! costs one look-up of its Call-ID and one of its transaction; judgement waits until the leg is
//! settled.

mod belonging;
mod calendar;
mod live;
mod matching;
mod notes;
pub(crate) mod repeat;
mod session_notes;
mod shard;
mod usage_notes;

pub use shard::Shard;
