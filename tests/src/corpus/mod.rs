//! What another dissector saw in a capture, held against what the program prints.

mod agreement;
mod explained;
mod row;
mod tshark;
mod values;

use std::collections::BTreeMap;

use anyhow::Result;

pub use agreement::{Agreement, Disagreement, agreement};
pub use explained::{Explained, Explanation};
pub use row::Row;
pub use tshark::Tshark;

/// How the program and another dissector can differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The recording has the message, the program does not print it.
    Missing,
    /// The program prints the message, the recording does not have it.
    Extra,
    /// This field of tshark's has other values here.
    Value(&'static str),
}

impl Kind {
    /// The word for it in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Missing => "missing",
            Kind::Extra => "extra",
            Kind::Value(field) => field,
        }
    }

    /// The kind that a table means by a word.
    fn of_word(word: &str) -> Option<Kind> {
        let kinds = values::all().map(|it| Kind::Value(it.field));
        let mut kinds = [Kind::Missing, Kind::Extra].into_iter().chain(kinds);
        kinds.find(|kind| kind.word() == word)
    }
}

/// The messages of one capture, compared as multisets: the order within a frame does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// How many messages both sides have.
    pub matched: usize,
    /// The others, sorted by frame.
    pub differences: Vec<(Row, Kind)>,
}

/// Compares a recording (tab-separated) with the output of `messages --format csv`.
///
/// # Errors
/// When one of the two is not such a table.
pub fn compare(recorded: &str, printed: &str) -> Result<Comparison> {
    let mut balance: BTreeMap<Row, (usize, usize)> = BTreeMap::new();
    for row in row::recorded(recorded)? {
        balance.entry(row).or_default().0 += 1;
    }
    for row in row::printed(printed)? {
        balance.entry(row).or_default().1 += 1;
    }
    let mut comparison = Comparison::default();
    for (row, (recorded, printed)) in balance {
        let matched = recorded.min(printed);
        comparison.matched += matched;
        for _ in matched..recorded {
            comparison.differences.push((row.clone(), Kind::Missing));
        }
        for _ in matched..printed {
            comparison.differences.push((row.clone(), Kind::Extra));
        }
    }
    Ok(comparison)
}

#[cfg(test)]
mod tests {
    use super::{Kind, compare};

    const RECORDED: &str = "frame\ttime\ttransport\tsrc\tdst\tmethod\tstatus\tcall_id\tcseq\n\
        1\t0.1\tudp\ta\tb\tINVITE\t\tx@h\t1 INVITE\n\
        2\t0.2\tudp\tb\ta\t\t100\tx@h\t1 INVITE\n\
        2\t0.2\tudp\tb\ta\t\t100\tx@h\t1 INVITE\n";

    #[test]
    fn order_in_a_frame_and_time_do_not_matter() {
        let printed = "frame,time,transport,src,dst,method,status,call_id,cseq\n\
            2,0.2,udp,b,a,,100,x@h,1 INVITE\n\
            1,0.1000,udp,a,b,INVITE,,x@h,1 INVITE\n\
            2,0.2,udp,b,a,,100,x@h,1 INVITE\n";
        let comparison = compare(RECORDED, printed).unwrap();
        assert_eq!((comparison.matched, comparison.differences.len()), (3, 0));
    }

    #[test]
    fn a_message_printed_once_too_seldom_and_one_too_often_are_seen() {
        let printed = "frame,time,transport,src,dst,method,status,call_id,cseq\n\
            1,0.1,udp,a,b,INVITE,,x@h,1 INVITE\n\
            2,0.2,udp,b,a,,100,x@h,1 INVITE\n\
            2,0.2,udp,b,a,,100,x@h,2 INVITE\n";
        let comparison = compare(RECORDED, printed).unwrap();
        assert_eq!(comparison.matched, 2);
        let found: Vec<_> = comparison
            .differences
            .iter()
            .map(|(row, kind)| (row.to_string(), *kind))
            .collect();
        let missing = (
            "frame 2: 100, Call-ID x@h, CSeq 1".to_owned(),
            Kind::Missing,
        );
        let extra = ("frame 2: 100, Call-ID x@h, CSeq 2".to_owned(), Kind::Extra);
        assert_eq!(found, [missing, extra]);
    }
}
