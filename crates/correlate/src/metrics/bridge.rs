//! What leads from the answer ratio of raw transactions to that of calls.

use siptriage_sip::StatusCode;

use super::{Codes, Ratio};

/// What leads from the answer ratio of raw transactions to that of calls. Each pair counts
/// those with a 2xx and all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bridge {
    /// Initial INVITE transactions with a final response, on every hop and branch.
    pub transactions: Ratio,
    /// Those answered 401, 407 or 494.
    pub challenges: u64,
    /// Hops and branches below the caller's hop, challenges left out.
    pub collapsed: Ratio,
    /// Attempts that another attempt of the same call superseded, challenges left out.
    pub superseded: u64,
    /// The transactions by their final response.
    pub codes: Codes,
}

/// What an INVITE transaction is to its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It told how the call ended.
    Deciding,
    /// It is a hop or branch below the caller's.
    Below,
    /// Another attempt of the same call took its place.
    Superseded,
}

impl Bridge {
    /// Adds a transaction with a final response.
    pub fn add(&mut self, status: StatusCode, step: Step) {
        let answered = u64::from(status.is_success());
        self.transactions.add(answered, 1);
        self.codes.add(status);
        if status.is_challenge() {
            self.challenges += 1;
            return;
        }
        match step {
            Step::Deciding => {}
            Step::Below => self.collapsed.add(answered, 1),
            Step::Superseded => self.superseded += 1,
        }
    }

    /// Adds what another one counted.
    pub fn merge(&mut self, other: &Bridge) {
        self.transactions.merge(other.transactions);
        self.challenges += other.challenges;
        self.collapsed.merge(other.collapsed);
        self.superseded += other.superseded;
        self.codes.merge(&other.codes);
    }
}
