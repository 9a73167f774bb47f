//! What the end-to-end tests and the comparisons share: the source tree, the program run in-process.
//!
//! The tests themselves lie in `tests/`, the comparisons with recorded and generated captures are
//! the binaries `corpus` and `generated`.

pub mod built;
pub mod corpus;
pub mod document;
pub mod expectation;
pub mod fixtures;
pub mod folder;
pub mod fuzz_targets;
pub mod generated;
pub mod program;
mod tree;

pub use tree::{TextFile, root, text_files};
