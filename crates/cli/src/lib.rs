//! The command line of siptriage: it opens files, spawns threads, prints, and returns a code.
//!
//! Everything it knows about captures, SIP and calls comes from the crates below it; [`run`] is
//! the whole program as a function.

mod arguments;
mod command;
mod exit;
mod inputs;
mod limits;
pub mod pipeline;
pub mod progress;
mod run;
mod surface;

pub use run::{run, run_on};
pub use surface::Surface;
