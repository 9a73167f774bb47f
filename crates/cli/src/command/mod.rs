//! The commands, one file each.

mod analyze;
mod calls;
mod messages;
mod reading;
mod reference;

pub use analyze::analyze;
pub use calls::calls;
pub use messages::messages;
pub use reading::Console;
pub use reference::{codes, explain, limits, rules, schema};
