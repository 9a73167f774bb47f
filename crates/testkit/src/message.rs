//! A SIP message as a list of headers that can still be changed before it is written.

/// How header names are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// `Via`, `From`, …
    Full,
    /// `v`, `f`, … where RFC 3261 section 7.3.3 and its extensions define a compact form.
    Compact,
}

/// The first line of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StartLine {
    Request { method: String, uri: String },
    Response { status: u16, phrase: Vec<u8> },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// A change that the writer of a trace makes to the headers that the kit filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Edit {
    /// Takes the place of all headers of the name; repeated in one block, all of the block stay.
    Replace(Header),
    /// Stands after the headers of the name.
    Add(Header),
    /// Takes all headers of the name away.
    Remove(String),
}

/// A request or response; `Content-Length` is worked out when it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) start: StartLine,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Vec<u8>,
    length_unwritten: bool,
}

impl Message {
    pub(crate) fn request(method: &str, uri: &str) -> Message {
        Message::with(StartLine::Request {
            method: method.to_owned(),
            uri: uri.to_owned(),
        })
    }

    pub(crate) fn response(status: u16, phrase: &[u8]) -> Message {
        Message::with(StartLine::Response {
            status,
            phrase: phrase.to_vec(),
        })
    }

    fn with(start: StartLine) -> Message {
        Message {
            start,
            headers: Vec::new(),
            body: Vec::new(),
            length_unwritten: false,
        }
    }

    /// The status code of a response.
    pub(crate) fn status(&self) -> Option<u16> {
        match self.start {
            StartLine::Request { .. } => None,
            StartLine::Response { status, .. } => Some(status),
        }
    }

    /// The Request-URI of a request.
    pub(crate) fn uri(&self) -> Option<&str> {
        match &self.start {
            StartLine::Request { uri, .. } => Some(uri),
            StartLine::Response { .. } => None,
        }
    }

    /// The method of a request.
    pub(crate) fn method(&self) -> Option<&str> {
        match &self.start {
            StartLine::Request { method, .. } => Some(method),
            StartLine::Response { .. } => None,
        }
    }

    pub(crate) fn all(&self, name: &str) -> impl DoubleEndedIterator<Item = &str> {
        self.headers
            .iter()
            .filter(move |header| same(&header.name, name))
            .map(|h| h.value.as_str())
    }

    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }

    pub(crate) fn push(&mut self, name: &str, value: impl Into<String>) {
        self.headers.push(Header {
            name: name.to_owned(),
            value: value.into(),
        });
    }

    /// Puts a header above those of its name, or below the Via headers if it is the first.
    pub(crate) fn push_above(&mut self, name: &str, value: impl Into<String>) {
        let first = self
            .headers
            .iter()
            .position(|header| same(&header.name, name));
        let vias = self
            .headers
            .iter()
            .take_while(|header| same(&header.name, "Via"))
            .count();
        let header = Header {
            name: name.to_owned(),
            value: value.into(),
        };
        self.headers.insert(first.unwrap_or(vias), header);
    }

    /// Changes the Request-URI of a request.
    pub(crate) fn set_uri(&mut self, wanted: String) {
        match &mut self.start {
            StartLine::Request { uri, .. } => *uri = wanted,
            StartLine::Response { .. } => {}
        }
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        match self
            .headers
            .iter_mut()
            .find(|header| same(&header.name, name))
        {
            Some(header) => header.value = value,
            None => self.push(name, value),
        }
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.headers.retain(|header| !same(&header.name, name));
    }

    /// Takes the first header of the name away.
    pub(crate) fn remove_first(&mut self, name: &str) {
        if let Some(at) = self
            .headers
            .iter()
            .position(|header| same(&header.name, name))
        {
            self.headers.remove(at);
        }
    }

    pub(crate) fn copy(&mut self, from: &Message, name: &str) {
        for value in from.all(name) {
            self.push(name, value);
        }
    }

    /// The number in CSeq, 0 where there is none.
    pub(crate) fn cseq_number(&self) -> u32 {
        let digits = self
            .first("CSeq")
            .and_then(|value| value.split_whitespace().next());
        digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
    }

    /// The method in CSeq, empty where there is none.
    pub(crate) fn cseq_method(&self) -> &str {
        self.first("CSeq")
            .and_then(|value| value.split_whitespace().nth(1))
            .unwrap_or("")
    }

    pub(crate) fn to_tag(&self) -> Option<&str> {
        self.first("To").and_then(tag)
    }

    /// The URI of the first Contact.
    pub(crate) fn contact_uri(&self) -> Option<&str> {
        self.first("Contact").map(uri)
    }

    pub(crate) fn edit(&mut self, edits: &[Edit]) {
        let mut replaced: Vec<&str> = Vec::new();
        for edit in edits {
            match edit {
                Edit::Remove(name) => {
                    self.length_unwritten |= same(name, "Content-Length");
                    self.remove(name);
                }
                Edit::Add(header) => self.insert_after(header.clone()),
                Edit::Replace(header) if replaced.iter().any(|name| same(name, &header.name)) => {
                    self.insert_after(header.clone());
                }
                Edit::Replace(header) => {
                    replaced.push(&header.name);
                    let at = self
                        .headers
                        .iter()
                        .position(|h| same(&h.name, &header.name));
                    self.remove(&header.name);
                    self.headers
                        .insert(at.unwrap_or(self.headers.len()), header.clone());
                }
            }
        }
    }

    fn insert_after(&mut self, header: Header) {
        let last = self
            .headers
            .iter()
            .rposition(|h| same(&h.name, &header.name));
        self.headers
            .insert(last.map_or(self.headers.len(), |at| at + 1), header);
    }

    pub(crate) fn to_bytes(&self, spelling: Spelling) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(512 + self.body.len());
        match &self.start {
            StartLine::Request { method, uri } => {
                bytes.extend_from_slice(format!("{method} {uri} SIP/2.0\r\n").as_bytes());
            }
            StartLine::Response { status, phrase } => {
                bytes.extend_from_slice(format!("SIP/2.0 {status} ").as_bytes());
                bytes.extend_from_slice(phrase);
                bytes.extend_from_slice(b"\r\n");
            }
        }
        for header in &self.headers {
            write_header(&mut bytes, spelling, &header.name, &header.value);
        }
        if !self.length_unwritten && !self.has("Content-Length") {
            write_header(
                &mut bytes,
                spelling,
                "Content-Length",
                &self.body.len().to_string(),
            );
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// The tag of a From or To value.
pub(crate) fn tag(value: &str) -> Option<&str> {
    let parameters = value
        .rsplit_once('>')
        .map_or(value, |(_, parameters)| parameters);
    parameters
        .split(';')
        .find_map(|parameter| parameter.trim().strip_prefix("tag="))
}

/// A From or To value with this tag instead of the one it has.
pub(crate) fn with_tag(value: &str, new: &str) -> String {
    format!("{};tag={new}", without_tag(value))
}

pub(crate) fn without_tag(value: &str) -> String {
    match tag(value) {
        Some(old) => value.replace(&format!(";tag={old}"), ""),
        None => value.to_owned(),
    }
}

/// The URI inside the angle brackets of a value, or the value up to its parameters.
pub(crate) fn uri(value: &str) -> &str {
    let inner = value
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or_else(
        || value.split(';').next().unwrap_or(value).trim(),
        |(uri, _)| uri,
    )
}

fn write_header(bytes: &mut Vec<u8>, spelling: Spelling, name: &str, value: &str) {
    let name = match spelling {
        Spelling::Full => name,
        Spelling::Compact => compact(name),
    };
    bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
}

/// Full and compact names (RFC 3261 section 20 and the registry of header fields).
const COMPACT: [(&str, &str); 15] = [
    ("Via", "v"),
    ("From", "f"),
    ("To", "t"),
    ("Call-ID", "i"),
    ("Contact", "m"),
    ("Content-Type", "c"),
    ("Content-Length", "l"),
    ("Content-Encoding", "e"),
    ("Subject", "s"),
    ("Supported", "k"),
    ("Event", "o"),
    ("Allow-Events", "u"),
    ("Refer-To", "r"),
    ("Referred-By", "b"),
    ("Session-Expires", "x"),
];

fn compact(name: &str) -> &str {
    let found = COMPACT
        .iter()
        .find(|(full, _)| full.eq_ignore_ascii_case(name));
    found.map_or(name, |(_, short)| short)
}

fn same(one: &str, other: &str) -> bool {
    compact(one).eq_ignore_ascii_case(compact(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str, value: &str) -> Header {
        Header {
            name: name.to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn edits_replace_what_the_kit_wrote_and_keep_their_own() {
        let mut message = Message::request("OPTIONS", "sip:bob@example.com");
        message.push("Via", "a");
        message.push("To", "b");
        message.edit(&[
            Edit::Replace(header("v", "1")),
            Edit::Replace(header("Via", "2")),
            Edit::Add(header("To", "c")),
        ]);
        let names: Vec<&str> = message.headers.iter().map(|h| h.value.as_str()).collect();
        assert_eq!(names, ["1", "2", "b", "c"]);
        message.edit(&[
            Edit::Remove("to".to_owned()),
            Edit::Remove("Content-Length".to_owned()),
        ]);
        let text = message.to_bytes(Spelling::Compact);
        assert_eq!(
            text,
            b"OPTIONS sip:bob@example.com SIP/2.0\r\nv: 1\r\nv: 2\r\n\r\n"
        );
    }

    #[test]
    fn tags_are_found_behind_the_uri() {
        assert_eq!(tag("<sip:a@example.com;tag=no>;x;tag=yes"), Some("yes"));
        assert_eq!(
            with_tag("<sip:a@example.com>;tag=x", "y"),
            "<sip:a@example.com>;tag=y"
        );
        assert_eq!(
            uri("\"A\" <sip:a@example.com;lr>;q=1"),
            "sip:a@example.com;lr"
        );
        assert_eq!(uri("sip:a@example.com;q=1"), "sip:a@example.com");
    }
}
