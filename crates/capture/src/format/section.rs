//! How the records of one part of a capture are laid out, and on which interfaces they were seen.

use std::sync::Arc;

use super::ByteOrder;
use super::resolution::Resolution;
use crate::LinkType;

/// What a worker must know to read the records of a chunk. Workers share it; it never changes.
#[derive(Clone, Debug)]
pub struct Section {
    pub(super) order: ByteOrder,
    pub(super) layout: Layout,
    pub(super) interfaces: Interfaces,
}

impl Section {
    /// The byte order of the record or block headers.
    pub fn byte_order(&self) -> ByteOrder {
        self.order
    }
}

/// Where the fields of a record stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Pcap(PcapLayout),
    Pcapng,
}

/// The variants of classic pcap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PcapLayout {
    /// 16, or 24 in the modified format.
    pub header_bytes: usize,
    /// Nanoseconds in one unit of the time fraction: 1000 or 1.
    pub fraction_nanoseconds: u32,
    /// The largest captured length that a record may have.
    pub captured_limit: u32,
}

impl PcapLayout {
    pub fn time_digits(self) -> u8 {
        if self.fraction_nanoseconds == 1 { 9 } else { 6 }
    }
}

/// An interface as its Interface Description Block or the classic file header describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Interface {
    pub link: LinkType,
    /// Largest captured length in bytes; 0 for no limit.
    pub snap_len: u32,
    pub resolution: Resolution,
    /// Number of the interface in the whole capture, all sections counted through.
    pub index: u32,
}

/// The interface table of a section.
///
/// It is kept in shared pages, so that a table which grows while workers still read the shorter
/// one costs one page a growth and not the whole table.
#[derive(Clone, Debug, Default)]
pub(super) struct Interfaces {
    pages: Vec<Arc<Vec<Option<Interface>>>>,
}

impl Interfaces {
    const PAGE: usize = 256;

    #[inline]
    pub fn get(&self, id: u32) -> Option<&Interface> {
        let id = id as usize;
        self.pages
            .get(id / Self::PAGE)?
            .get(id % Self::PAGE)?
            .as_ref()
    }

    pub fn len(&self) -> usize {
        match self.pages.last() {
            Some(last) => (self.pages.len() - 1) * Self::PAGE + last.len(),
            None => 0,
        }
    }

    /// Enters the next interface; `None` for one whose description cannot be read.
    pub fn push(&mut self, interface: Option<Interface>) {
        match self.pages.last_mut() {
            Some(last) if last.len() < Self::PAGE => Arc::make_mut(last).push(interface),
            Some(_) | None => self.pages.push(Arc::new(vec![interface])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_keep_their_numbers_over_pages() {
        let mut interfaces = Interfaces::default();
        for index in 0..600 {
            let resolution = Resolution::new(6, 0);
            let link = LinkType(1);
            interfaces.push(Some(Interface {
                link,
                snap_len: 0,
                resolution,
                index,
            }));
            assert_eq!(interfaces.len(), index as usize + 1);
        }
        for id in [0, 255, 256, 511, 512, 599] {
            assert_eq!(
                interfaces.get(id).map(|interface| interface.index),
                Some(id)
            );
        }
        assert_eq!(interfaces.get(600), None);
    }
}
