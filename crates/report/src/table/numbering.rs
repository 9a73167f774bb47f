//! How frames are named where several captures were read.

use siptriage_correlate::FrameRef;

/// Whether a frame number alone says which frame is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// One capture: `12`.
    One,
    /// Several captures, numbered from 1 in the order in which they are read: `#2:12`.
    Several,
}

impl Numbering {
    /// The numbering for a number of captures.
    pub fn of(captures: usize) -> Numbering {
        if captures > 1 {
            Numbering::Several
        } else {
            Numbering::One
        }
    }

    /// The name of a frame.
    pub(super) fn frame(self, frame: FrameRef) -> String {
        match self {
            Numbering::One => frame.number().to_string(),
            Numbering::Several => format!("{}{}", self.capture(frame.file()), frame.number()),
        }
    }

    /// What stands before the frames of a capture, and before its name where captures are listed.
    pub(super) fn capture(self, capture: u16) -> String {
        match self {
            Numbering::One => String::new(),
            Numbering::Several => format!("#{}:", u32::from(capture) + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_capture_needs_no_name() {
        assert_eq!(Numbering::of(1).frame(FrameRef::new(0, 12)), "12");
        assert_eq!(Numbering::of(2).frame(FrameRef::new(0, 12)), "#1:12");
        assert_eq!(Numbering::of(2).frame(FrameRef::new(1, 7)), "#2:7");
    }
}
