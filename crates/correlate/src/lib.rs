//! From SIP messages to calls, as a passive observer sees them.
//!
//! [`ingest`] takes [`Observation`]s and yields settled [`Leg`]s; [`study`] says what each leg
//! amounts to.

pub mod hash;
pub mod ingest;
pub mod leg;
pub mod limits;
pub mod observation;
pub mod outcome;
pub mod record;
pub mod study;
pub mod text;
pub mod timers;
pub mod transaction;

pub use ingest::{Settled, Shard};
pub use leg::{Closed, Leg, Note, NoteKind, Vantage};
pub use limits::Limits;
pub use observation::Observation;
pub use outcome::{Certainty, Outcome, Side};
pub use record::{Facts, FrameRef, Record, RecordIdx, Repeat, Role, TransactionIdx, VantageIdx};
pub use study::{Answer, Attempt, Case, Ending, Judgement, Sending};
pub use text::{TextId, Texts};
pub use transaction::{Opened, Transaction};
