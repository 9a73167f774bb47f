//! What siptriage found, as text, JSON, NDJSON and CSV.
//!
//! [`CallRow`], [`MessageRow`] and [`CaptureRow`] are what every output is made of, so that all of
//! them say the same. [`Ndjson`] writes at once; [`Collected`] keeps what a sorted document needs.
//! Text from the wire is [`WireText`] until it is escaped for where it goes.

pub mod codes;
mod collected;
pub mod csv;
mod guarded;
pub mod json;
mod line;
mod moment;
mod ndjson;
mod order;
mod page;
mod row;
pub mod rules;
pub mod schema;
pub mod table;
mod wire_text;

pub use collected::{Collected, LeftOut};
pub use ndjson::Ndjson;
pub use order::Order;
pub use page::{Colour, Page};
pub use row::{
    AttemptRow, CallRow, CaptureRow, CauseRow, EncryptedRow, LegRow, MessageRow, Numbers,
    PackedCalls, RefusalRow, SkippedRow, TimerRow, TransferRow, UsageRow,
};
pub use wire_text::{WireText, WireUri, is_unsafe};

/// Version of the names in all documents. Adding a field is compatible; renaming or removing one
/// raises it.
pub const SCHEMA_VERSION: u32 = 1;
