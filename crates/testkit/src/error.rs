//! Where a fixture cannot be understood, and what was expected there.

/// A line of a trace, a fixture or an expect block that has no meaning.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: expected {expected}, found {found}")]
pub struct Error {
    /// Line number from 1, in the text that was given to the parser.
    pub line: usize,
    /// What would have been right there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

impl Error {
    /// An error at `line` (from 1).
    pub fn new(line: usize, expected: impl Into<String>, found: impl Into<String>) -> Error {
        Error {
            line,
            expected: expected.into(),
            found: found.into(),
        }
    }

    /// The same error seen from a text in which the parsed one begins `lines` lines further down.
    pub(crate) fn further_down(self, lines: usize) -> Error {
        Error {
            line: self.line + lines,
            ..self
        }
    }
}
