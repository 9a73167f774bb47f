//! Why a value does not parse.

use std::fmt;

/// What is wrong with a value (RFC 3261 25.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flaw {
    /// The value does not follow its grammar.
    Syntax,
    /// A number in it is larger than the header allows (RFC 4475 3.1.2.4).
    Overflow,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Flaw::Syntax => "value does not follow the grammar of its header",
            Flaw::Overflow => "number too large for its header",
        })
    }
}

impl std::error::Error for Flaw {}
