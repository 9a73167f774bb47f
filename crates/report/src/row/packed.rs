//! A call row in some hundred bytes, for documents that are sorted before they are written.

mod attempts;
mod reader;
mod usages;
mod writer;

use std::ops::Range;

use siptriage_correlate::{LinkReason, Outcome, TransferResult};

use self::reader::Reader;
use self::writer::Writer;
use super::CallRow;

/// Call rows, each in some hundred bytes, one behind the other in a few large pieces of memory:
/// what is there as bits, numbers as variable-length integers (7 bits a byte, low ones first),
/// frames as distances, strings with their length before them.
#[derive(Debug, Default)]
pub struct PackedCalls {
    blocks: Vec<Vec<u8>>,
    places: Vec<Place>,
}

/// Where a row is.
#[derive(Clone, Copy, Debug)]
struct Place {
    number: u32,
    outcome: Outcome,
    block: u32,
    start: u32,
}

/// Bytes of a block. It is filled up to a row of usual size; what is longer makes it grow.
const BLOCK: usize = 1 << 18;
const USUAL_ROW: usize = 1 << 11;

impl PackedCalls {
    /// Adds a row behind the others.
    pub fn push(&mut self, row: &CallRow<'_>) {
        if self
            .blocks
            .last()
            .is_none_or(|block| block.len() > BLOCK - USUAL_ROW)
        {
            self.blocks.push(Vec::with_capacity(BLOCK));
        }
        let number = self.blocks.len() - 1;
        let block = &mut self.blocks[number];
        self.places.push(Place {
            number: row.number,
            outcome: row.outcome,
            block: number as u32,
            start: block.len() as u32,
        });
        Writer::new(block).row(row);
    }

    /// Puts the rows in the order of their numbers.
    pub fn sort(&mut self) {
        self.places.sort_unstable_by_key(|place| place.number);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The rows from one place up to another, in their order.
    pub fn range(&self, range: Range<usize>) -> impl Iterator<Item = CallRow<'_>> {
        let places = self.places.get(range).unwrap_or_default();
        places.iter().map(|place| self.row(*place))
    }

    /// All rows in their order.
    pub fn iter(&self) -> impl Iterator<Item = CallRow<'_>> {
        self.range(0..self.len())
    }

    fn row(&self, place: Place) -> CallRow<'_> {
        let block = &self.blocks[place.block as usize];
        Reader::new(&block[place.start as usize..]).row(place.number, place.outcome)
    }
}

/// The reasons at the places where [`Writer::link`] puts them.
const LINKS: [LinkReason; 13] = [
    LinkReason::SessionId,
    LinkReason::CallIdReference,
    LinkReason::ChargingVector,
    LinkReason::VendorId,
    LinkReason::Redirection,
    LinkReason::Replaces,
    LinkReason::SdpOrigin,
    LinkReason::MediaAddress,
    LinkReason::Diversion,
    LinkReason::Numbers,
    LinkReason::ReferredBy,
    LinkReason::ReferTo,
    LinkReason::ReferNumber,
];

/// Stands in the place of a reason where there is none.
const UNLINKED: u8 = LINKS.len() as u8;

/// The results at the places where [`Writer::transfer`] puts them.
const RESULTS: [TransferResult; 4] = [
    TransferResult::Succeeded,
    TransferResult::Failed,
    TransferResult::Refused,
    TransferResult::Unknown,
];

#[cfg(test)]
mod tests;
