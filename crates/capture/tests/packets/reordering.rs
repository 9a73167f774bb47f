//! However a stream is cut and shuffled, it holds the same messages.

use proptest::prelude::*;

use crate::feed::{Feed, SYN, message};

fn stream(count: usize) -> (Vec<Vec<u8>>, Vec<u8>) {
    let messages: Vec<Vec<u8>> = (0..count).map(message).collect();
    let bytes = messages.join(&b"\r\n\r\n"[..]);
    (messages, bytes)
}

/// Sequence number and bytes of each segment.
fn segments(bytes: &[u8], cuts: &[usize]) -> Vec<(u32, Vec<u8>)> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    places
        .windows(2)
        .map(|pair| (1 + pair[0] as u32, bytes[pair[0]..pair[1]].to_vec()))
        .collect()
}

proptest! {
    #[test]
    fn cuts_do_not_matter(cuts in prop::collection::vec(any::<usize>(), 0..40)) {
        let (messages, bytes) = stream(12);
        let mut feed = Feed::new();
        for (seq, part) in segments(&bytes, &cuts) {
            feed.data(seq, &part);
        }
        prop_assert_eq!(feed.messages(), messages);
    }

    #[test]
    fn order_and_repetition_do_not_matter(
        cuts in prop::collection::vec(any::<usize>(), 0..30),
        order in prop::collection::vec(any::<u16>(), 64),
        repeated in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let (messages, bytes) = stream(12);
        let mut parts = segments(&bytes, &cuts);
        for index in repeated {
            parts.push(parts[index.index(parts.len())].clone());
        }
        let mut shuffled: Vec<_> = order.iter().cycle().zip(parts).collect();
        shuffled.sort_by_key(|(key, _)| **key);
        let mut feed = Feed::new();
        feed.segment(0, SYN, &[]);
        for (_, (seq, part)) in shuffled {
            feed.data(seq, &part);
        }
        prop_assert_eq!(feed.messages(), messages);
        prop_assert!(feed.lane.skipped(0).is_empty());
    }

    #[test]
    fn a_lost_segment_costs_only_the_messages_it_touched(
        cuts in prop::collection::vec(any::<usize>(), 4..30),
        lost in any::<prop::sample::Index>(),
    ) {
        let (messages, bytes) = stream(12);
        let parts = segments(&bytes, &cuts);
        let lost = lost.index(parts.len());
        let mut feed = Feed::new();
        feed.segment(0, SYN, &[]);
        for (index, (seq, part)) in parts.iter().enumerate() {
            if index != lost {
                feed.data(*seq, part);
            }
        }
        feed.finish();
        let (from, to) = (parts[lost].0 as usize - 1, parts[lost].0 as usize - 1 + parts[lost].1.len());
        let whole: Vec<&[u8]> =
            feed.given.iter().filter(|given| !given.truncated).map(|given| &given.bytes[..]).collect();
        let mut at = 0;
        for expected in &messages {
            let end = at + expected.len();
            if from >= end || to <= at {
                prop_assert!(whole.contains(&&expected[..]));
            }
            at = end + 4;
        }
        prop_assert!(whole.len() <= messages.len());
    }
}
