//! From SIP messages to calls, as a passive observer sees them.
//!
//! [`ingest`] takes [`Observation`]s and yields settled [`Leg`]s; [`study`] says what each leg
//! amounts to. A [`Call`] is made of legs, [`Metrics`] of calls; a [`Scene`] is what the capture as a
//! whole can prove.

pub mod call;
pub mod clocks;
pub mod disturbances;
pub mod framing;
pub mod hash;
pub mod ingest;
pub mod leg;
pub mod limits;
pub mod link;
pub mod metrics;
pub mod observation;
mod order;
pub mod outcome;
pub mod points;
pub mod profile;
pub mod record;
pub mod refusals;
pub mod scanners;
pub mod scene;
pub mod series;
pub mod skews;
pub mod study;
pub mod text;
pub mod timers;
pub mod traffic;
pub mod transaction;

pub use call::Call;
pub use clocks::Clocks;
pub use disturbances::Disturbances;
pub use ingest::Shard;
pub use leg::{Closed, Leg, LegId, Note, NoteKind, Vantage};
pub use limits::Limits;
pub use link::{Cause, Caused, LinkCertainty, LinkReason, Linker};
pub use metrics::{Class, Distribution, Ledger, Metrics, Ratio};
pub use observation::Observation;
pub use outcome::{Certainty, Outcome, Side};
pub use points::{Points, Shift, Turn};
pub use profile::{Profile, ProfileError};
pub use record::{Facts, FrameRef, Record, RecordIdx, Repeat, Role, TransactionIdx, VantageIdx};
pub use refusals::{RefusalKind, Refusals, Refused};
pub use scanners::{Scan, Scanners};
pub use scene::{Circumstances, Coverage, Pairs, Scene};
pub use series::{Book, Series, SeriesEnd, SeriesKind, Tally};
pub use skews::{Relation, Skew, Skews};
pub use study::{
    Answer, Attempt, Case, Dialog, EndedBy, Ending, EventName, Exchange, ExchangeResult, Glare,
    Hold, Judgement, Negotiation, Origin, Refresh, RouteSet, Sending, SessionTimer, TimerState,
    Transfer, TransferResult, Usage, UsageEnd, UsageKind,
};
pub use text::{TextId, Texts};
pub use traffic::{Copies, Traffic};
pub use transaction::{Opened, Transaction};
