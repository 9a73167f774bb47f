//! How the owner of the application protocol tells a stream where its messages end.

/// What a [`Framer`] says about the unread head of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The first `n` bytes are one whole message.
    Message(usize),
    /// The first `n` bytes carry nothing (keep-alive CRLF, RFC 5626 3.5.1).
    Nothing(usize),
    /// The head can still become a message; more bytes are needed. `at_least` is the whole
    /// length when it is known already, else 0.
    More {
        /// Known whole length of the message in bytes, or 0.
        at_least: usize,
    },
    /// The head cannot be a message. `skip` bytes may be dropped before the next start line
    /// that the framer can see; 0 when it sees none.
    Foreign {
        /// Bytes up to the next possible message, or 0.
        skip: usize,
    },
}

/// Finds the end of the first message of a stream. Called with the unread bytes in order.
pub type Framer = fn(&[u8]) -> Cut;
