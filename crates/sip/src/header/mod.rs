//! Header fields: the table of their names and, one file each, the types of their values.

mod index;
pub mod name;

pub use name::{HeaderName, HeaderSet};
