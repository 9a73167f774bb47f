//! The laws of the end-to-end tests, built without the rest of these.

#[path = "../../src/fuzz_targets/mod.rs"]
mod fuzz_targets;

pub use fuzz_targets::{TARGETS, Target, check};
