//! The values of a message, under the names that tshark has for them.

mod head;
mod session;

use siptriage_sip::sdp::Session;
use siptriage_sip::{Completeness, HeaderName, HeaderValue, Message, Scanned, parse_captured};

/// A value that both sides name: tshark's field, and what is read here for it, in wire order.
pub(super) struct Value {
    /// The field.
    pub(super) field: &'static str,
    /// Its values in one message.
    pub(super) read: fn(&Reading<'_>) -> Vec<String>,
}

/// One message, read both ways, and the session description in it.
pub(super) struct Reading<'a> {
    scanned: Scanned<'a>,
    message: Message<'a>,
    session: Option<Session<'a>>,
}

/// All values that are compared.
pub(super) fn all() -> impl Iterator<Item = &'static Value> {
    head::VALUES.iter().chain(session::VALUES)
}

impl<'a> Reading<'a> {
    /// Reads a scanned message in full too.
    pub(super) fn of(scanned: Scanned<'a>, completeness: Completeness) -> Option<Reading<'a>> {
        let message = parse_captured(scanned.bytes, completeness)?;
        let session = message.sdp();
        Some(Reading {
            scanned,
            message,
            session,
        })
    }

    fn all<T: HeaderValue<'a>>(&self) -> impl Iterator<Item = T> {
        self.message.all::<T>().filter_map(Result::ok)
    }

    fn raw(&self, name: HeaderName) -> Vec<String> {
        texts(self.message.raw(name))
    }
}

const fn value(field: &'static str, read: fn(&Reading<'_>) -> Vec<String>) -> Value {
    Value { field, read }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn texts<'t>(values: impl IntoIterator<Item = &'t [u8]>) -> Vec<String> {
    values.into_iter().map(text).collect()
}

fn numbers(values: impl IntoIterator<Item = u32>) -> Vec<String> {
    values
        .into_iter()
        .map(|number| number.to_string())
        .collect()
}
