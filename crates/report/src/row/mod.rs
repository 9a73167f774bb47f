//! What documents are made of: one row a capture, call, message, finding and undecided verdict.

mod attempt;
mod call;
mod capture;
mod finding;
mod message;
mod metrics;
mod numbers;
mod packed;
mod refusal;
mod series;
mod timer;
mod transfer;
mod usage;

pub use attempt::AttemptRow;
pub use call::{CallRow, LegRow};
pub use capture::{CaptureRow, EncryptedRow, SkippedRow};
pub(crate) use finding::{FindingRow, IncompleteRow, first_frame, frame_numbers, wireshark};
pub use message::MessageRow;
pub use numbers::Numbers;
pub use packed::PackedCalls;
pub use refusal::RefusalRow;
pub(crate) use series::SeriesRow;
pub use timer::TimerRow;
pub use transfer::{CauseRow, TransferRow};
pub use usage::UsageRow;
