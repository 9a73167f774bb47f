//! The hashes that correlation runs on: seeded with constants, so that results never vary.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

const SEED: FixedState = FixedState::with_seed(0x5349_5054_5249_4147);

/// Hash of a byte string.
pub fn bytes(text: &[u8]) -> u64 {
    let mut hasher = SEED.build_hasher();
    hasher.write(text);
    hasher.finish()
}

/// Hash of a Call-ID, which is compared byte by byte (RFC 3261 20.8).
pub fn call_id(text: &[u8]) -> u64 {
    bytes(text)
}

/// Hash of `value` by its own `Hash`.
pub fn of(value: &impl std::hash::Hash) -> u64 {
    SEED.hash_one(value)
}
