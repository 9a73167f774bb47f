//! Which inputs are one capture point: files that follow one another are.

use siptriage_capture::time::SECOND;

use super::input::Input;
use super::source::Source;

/// The capture points, each with the inputs that it writes at present.
pub(super) struct Points {
    points: Vec<Point>,
    /// The point of each input that was begun and not read to its end.
    of: Vec<Option<u16>>,
    /// What each input is called; `None` where it has no name.
    names: Vec<Option<Name>>,
}

struct Point {
    /// Inputs that were begun and not read to their end; two at the seam of rotated files.
    open: Vec<u16>,
    /// The input that was begun last.
    latest: u16,
}

impl Points {
    /// Rotated files overlap by less: what the queues of an adapter hold when the file is changed.
    const SEAM: i64 = SECOND;
    /// The earlier file is at least this many times as long as the seam.
    const TIMES_LONGER: i64 = 10;

    /// No capture points, for these inputs.
    pub(super) fn new(inputs: &[Input]) -> Points {
        Points {
            points: Vec::new(),
            of: vec![None; inputs.len().max(1)],
            names: inputs.iter().map(Name::of).collect(),
        }
    }

    /// The capture point of an input that was begun.
    pub(super) fn of(&self, input: usize) -> Option<u16> {
        *self.of.get(input)?
    }

    /// Finds the capture point of an input that begins now: the one whose files it continues by
    /// name, else the first one that is at rest, else a new one.
    pub(super) fn begin(&mut self, input: usize, sources: &mut [Source]) -> u16 {
        let at = self
            .continued(input, sources)
            .or_else(|| self.points.iter().position(|point| point.open.is_empty()))
            .unwrap_or_else(|| {
                self.points.push(Point {
                    open: Vec::new(),
                    latest: 0,
                });
                self.points.len() - 1
            });
        let point = &mut self.points[at];
        point.open.push(input as u16);
        point.latest = input as u16;
        self.of[input] = Some(at as u16);
        at as u16
    }

    /// An input was read to its end. Returns whether its capture point is at rest now.
    pub(super) fn end(&mut self, input: usize) -> bool {
        let Some(at) = self.of[input].take() else {
            return true;
        };
        let open = &mut self.points[usize::from(at)].open;
        open.retain(|open| usize::from(*open) != input);
        open.is_empty()
    }

    /// The capture point with the most similar name among those whose files the input continues.
    fn continued(&self, input: usize, sources: &mut [Source]) -> Option<usize> {
        let name = self.names.get(input)?.as_ref()?;
        let mut best: Option<(usize, usize)> = None;
        for (at, point) in self.points.iter().enumerate() {
            let latest = self.names.get(usize::from(point.latest));
            let Some(likeness) = latest.and_then(|latest| latest.as_ref()?.likeness(name)) else {
                continue;
            };
            let is_best = best.is_none_or(|(most, _)| likeness > most);
            let mut open = point.open.iter();
            if is_best && open.all(|&open| is_seam(usize::from(open), input, sources)) {
                best = Some((likeness, at));
            }
        }
        best.map(|(_, at)| at)
    }
}

/// Whether `later`, which begins before the end of `earlier`, continues it: of the same link type,
/// with an overlap that is a moment only, and going on after it.
fn is_seam(earlier: usize, later: usize, sources: &mut [Source]) -> bool {
    if sources[earlier].link() != sources[later].link() {
        return false;
    }
    let Some(begin) = sources[later].next_time() else {
        return false;
    };
    let Some((first, last)) = sources[earlier].span_to_near_end() else {
        return false;
    };
    let overlap = last.since(begin);
    let is_moment = overlap < Points::SEAM && overlap < last.since(first) / Points::TIMES_LONGER;
    let end = sources[later].span_to_near_end().map(|(_, end)| end);
    is_moment && end.is_none_or(|end| end > last)
}

/// What a file is called, the ending that a compression gave it aside.
struct Name {
    whole: String,
    /// Its letters, which files of one set share.
    letters: String,
}

impl Name {
    const COMPRESSIONS: [&str; 5] = ["gz", "zst", "lz4", "bz2", "xz"];

    fn of(input: &Input) -> Option<Name> {
        let Input::File(path) = input else {
            return None;
        };
        let is_packed = path
            .extension()
            .is_some_and(|ending| Self::COMPRESSIONS.iter().any(|known| ending == *known));
        let path = if is_packed {
            path.with_extension("")
        } else {
            path.clone()
        };
        let whole = path.to_string_lossy().into_owned();
        let letters = whole.chars().filter(|c| c.is_alphabetic()).collect();
        Some(Name { whole, letters })
    }

    /// How much two files of one set have in common: the same letters in a name whose numbers
    /// differ. `None` when they are of no set.
    ///
    /// `ring_00001_20260101120000.pcapng`, `trace.pcap2` and `trace.pcap.1.gz` are such names.
    fn likeness(&self, other: &Name) -> Option<usize> {
        if self.letters != other.letters {
            return None;
        }
        let (one, other) = (self.whole.as_bytes(), other.whole.as_bytes());
        let front = one
            .iter()
            .zip(other)
            .take_while(|(one, other)| one == other);
        let back = one.iter().rev().zip(other.iter().rev());
        let back = back.take_while(|(one, other)| one == other);
        Some(front.count() + back.count())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use siptriage_capture::Time;
    use siptriage_correlate::Circumstances;
    use siptriage_testkit::{Packet, capture};

    use super::*;
    use crate::pipeline::Options;
    use crate::pipeline::input::Opening;
    use crate::pipeline::merger::Merger;

    const MICROSECOND: u64 = 1_000;
    const MILLISECOND: u64 = 1_000 * MICROSECOND;
    const START: u64 = 1_700_000_000_000 * MILLISECOND;
    const RAW_IP: u8 = 101;

    fn capture_at(times: impl Iterator<Item = u64>) -> Vec<u8> {
        let packets = times.map(|time| Packet {
            time_ns: START + time,
            original_length_bytes: 60,
            bytes: vec![0; 60],
        });
        capture::write_pcap(&packets.collect::<Vec<_>>())
    }

    /// A frame every 50 ms, both ends included.
    fn frames(from: u64, until: u64) -> Vec<u8> {
        let times = (from..until).step_by(50 * MILLISECOND as usize);
        capture_at(times.chain([until]))
    }

    fn with_link(mut file: Vec<u8>, link: u8) -> Vec<u8> {
        file[20] = link;
        file
    }

    /// The capture point that each file is taken for.
    fn points(files: &[(&str, Vec<u8>)]) -> Vec<u16> {
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        let mut inputs = Vec::new();
        for (name, bytes) in files {
            let path = folder.path().join(name);
            fs::write(&path, bytes).expect("the folder is ours");
            inputs.push(Input::File(path));
        }
        let mut merger = Merger::new(&inputs, &Opening::of(&Options::default()));
        let mut points = vec![u16::MAX; files.len()];
        let (mut clock, mut buffer) = (Time::MIN, Vec::new());
        loop {
            let (mut runs, mut known) = (Vec::new(), Circumstances::default());
            buffer.clear();
            clock = merger.take(4_096, clock, &mut buffer, &mut runs, &mut known);
            for run in &runs {
                points[usize::from(run.file)] = run.probe;
            }
            if runs.is_empty() {
                return points;
            }
        }
    }

    #[test]
    fn rotated_files_that_overlap_by_microseconds_are_one_point() {
        let seam = 1_000 * MILLISECOND;
        let [first, second, last] = [
            frames(0, seam),
            frames(seam - 3 * MICROSECOND, 2 * seam),
            frames(2 * seam - MICROSECOND, 2 * seam + MICROSECOND),
        ];
        let names = [
            [
                "ring_00001_20260101120000.pcapng",
                "ring_00002_20260101120001.pcapng",
                "ring_00003_20260101120002.pcapng",
            ],
            ["trace.pcap", "trace.pcap1", "trace.pcap2"],
            ["trace.pcap.2.gz", "trace.pcap.1.gz", "trace.pcap"],
            [
                "2026-01-01_12:00:00.pcap",
                "2026-01-01_12:00:01.pcap",
                "2026-01-01_12:00:02.pcap",
            ],
        ];
        for names in names {
            let files = [&first, &second, &last].map(Clone::clone);
            let files: Vec<_> = names.into_iter().zip(files).collect();
            assert_eq!(points(&files), [0, 0, 0], "{names:?}");
        }
    }

    #[test]
    fn probes_that_overlap_are_apart() {
        let second = 1_000 * MILLISECOND;
        let long = frames(0, 20 * second);
        let apart = |one, other, later| points(&[(one, long.clone()), (other, later)]);
        let next = frames(20 * second - MICROSECOND, 40 * second);
        assert_eq!(apart("t_1.pcap", "t_2.pcap", next.clone()), [0, 0]);
        assert_eq!(apart("t_a.pcap", "t_b.pcap", next.clone()), [0, 1]);
        assert_eq!(
            apart("t_1.pcap", "t_2.pcap", with_link(next, RAW_IP)),
            [0, 1]
        );
        let inside = frames(20 * second - MICROSECOND, 20 * second);
        assert_eq!(apart("t_1.pcap", "t_2.pcap", inside), [0, 1]);
    }

    #[test]
    fn a_seam_is_short_against_the_file_before_it() {
        let second = 1_000 * MILLISECOND;
        let pair = |length: u64, overlap: u64| {
            let later = frames(length - overlap, length + 5 * second);
            points(&[("t_1.pcap", frames(0, length)), ("t_2.pcap", later)])
        };
        assert_eq!(pair(20 * second, second - MICROSECOND), [0, 0]);
        assert_eq!(pair(20 * second, second), [0, 1]);
        assert_eq!(pair(2 * second, second / 5 - MICROSECOND), [0, 0]);
        assert_eq!(pair(2 * second, second / 5), [0, 1]);
    }

    #[test]
    fn an_end_out_of_sight_is_no_seam() {
        let second = 1_000 * MILLISECOND;
        let later = || frames(20 * second - MILLISECOND, 40 * second);
        let burst = |frames: u64| {
            let times = (0..frames).map(|number| 20 * second - 2 * MILLISECOND + number * 100);
            capture_at([0].into_iter().chain(times))
        };
        let near = [("t_1.pcap", burst(15_000)), ("t_2.pcap", later())];
        assert_eq!(points(&near), [0, 0]);
        let far = [("t_1.pcap", burst(20_000)), ("t_2.pcap", later())];
        assert_eq!(points(&far), [0, 1]);
    }

    #[test]
    fn each_of_two_rotating_probes_goes_on_in_its_own_files() {
        let second = 1_000 * MILLISECOND;
        let files = |names: [&'static str; 4]| {
            let times = [
                (0, 20 * second),
                (MILLISECOND, 20 * second + 7 * MILLISECOND),
                (20 * second + 9 * MILLISECOND, 40 * second),
                (20 * second + 8 * MILLISECOND, 40 * second),
            ];
            let files = times.map(|(from, until)| frames(from, until));
            names.into_iter().zip(files).collect::<Vec<_>>()
        };
        let by_front = ["eth0_001", "eth1_001", "eth0_002", "eth1_002"];
        let by_back = ["001_eth0", "001_eth1", "002_eth0", "002_eth1"];
        let by_letters = ["west1", "east1", "west2", "east2"];
        for names in [by_front, by_back, by_letters] {
            assert_eq!(points(&files(names)), [0, 1, 0, 1], "{names:?}");
        }
    }
}
