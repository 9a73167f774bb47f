//! Messages of any size in shapes that make a careless reader slow.

/// Makes a message by the number of its repetitions.
pub type Shape = fn(usize) -> Vec<u8>;

/// What attackers send: a name, and a message of any size.
pub const SHAPES: &[(&str, Shape)] = &[
    ("headers", |count| wrap("X: y\r\n".repeat(count))),
    ("known headers", |count| {
        wrap("Subject: y\r\n".repeat(count))
    }),
    ("commas", |count| {
        wrap(format!("Contact: {}\r\n", ",".repeat(count)))
    }),
    ("values", |count| {
        wrap(format!(
            "Via: {}\r\n",
            "SIP/2.0/UDP a;branch=b,".repeat(count)
        ))
    }),
    ("parameters", |count| {
        wrap(format!("To: <sip:a@b>{}\r\n", ";a=b".repeat(count)))
    }),
    ("quotes", |count| {
        wrap(format!("From: {}\r\n", "\"a\" ".repeat(count)))
    }),
    ("open quotes", |count| {
        wrap(format!("From: {}\r\n", "\"\\".repeat(count)))
    }),
    ("comments", |count| {
        wrap(format!("Retry-After: 1 {}\r\n", "(".repeat(count)))
    }),
    ("folds", |count| {
        wrap(format!("Subject: {}\r\n", "a\r\n ".repeat(count)))
    }),
    ("challenges", |count| {
        wrap(format!(
            "WWW-Authenticate: {}\r\n",
            "Digest realm=a, ".repeat(count)
        ))
    }),
    ("open comments", |count| {
        wrap(format!("Via: SIP/2.0/UDP a {}\r\n", "(\\".repeat(count)))
    }),
    ("open brackets", |count| {
        wrap(format!("Contact: {}\r\n", "<sip:a,".repeat(count)))
    }),
    ("routes", |count| {
        wrap(format!("Route: {}\r\n", "<sip:a;lr>, ".repeat(count)))
    }),
    ("escapes", |count| {
        wrap(format!("From: <sip:{}@a>\r\n", "%41".repeat(count)))
    }),
    ("carriage returns", |count| wrap("\r".repeat(count))),
    ("colons", |count| wrap(":".repeat(count))),
];

/// Multiparts inside one another, `depth` of them; the boundary is `b` and the outermost number.
pub fn nested_multiparts(depth: usize) -> Vec<u8> {
    let mut text = String::new();
    for level in (0..depth).rev() {
        text += &format!("--b{level}\r\nContent-Type: multipart/mixed;boundary=b");
        text += &format!("{}\r\n\r\n", level as i64 - 1);
    }
    text += "deep";
    for level in 0..depth {
        text += &format!("\r\n--b{level}--\r\n");
    }
    text.into_bytes()
}

/// A request with these headers and a short body.
pub fn wrap(headers: String) -> Vec<u8> {
    let line_end = if headers.ends_with("\r\n") {
        ""
    } else {
        "\r\n"
    };
    format!("OPTIONS sip:a@example.com SIP/2.0\r\n{headers}{line_end}Content-Length: 3\r\n\r\nend")
        .into_bytes()
}
