//! Tables and lists for people: everything that `--format table` prints.

mod analysis;
mod calls;
mod captures;
mod codes;
mod grid;
mod limits;
mod load;
mod messages;
mod numbering;
mod population;
mod rules;
mod series;
mod triage;
mod verdicts;

pub use analysis::analysis;
pub use calls::calls;
pub use codes::{code, codes};
pub use limits::{LimitRow, limits};
pub use messages::Messages;
pub use numbering::Numbering;
pub use rules::rules;
pub use triage::Triage;
