//! Challenges and credentials (RFC 3261 22, RFC 7616, RFC 8760).

use std::fmt;

use crate::Flaw;
use crate::charset::is_lws;
use crate::header::part::Part;
use crate::lexer::Lexer;
use crate::params::{Param, ParamValue};
use crate::secret::Secret;

/// The challenges of one header line: `challenge *( COMMA challenge )` (RFC 3261 20.44).
#[derive(Clone, Copy, Debug)]
pub struct Challenges<'a> {
    raw: &'a [u8],
}

/// One challenge: `auth-scheme LWS auth-param *( COMMA auth-param )` (RFC 3261 25.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenge<'a> {
    /// The scheme, most often `Digest`.
    pub scheme: &'a [u8],
    /// Its parameters.
    pub params: AuthParams<'a>,
}

impl<'a> Challenges<'a> {
    /// Reads a whole header line (RFC 3261 7.3.1).
    pub fn parse(value: &'a [u8]) -> Result<Challenges<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let challenges = Challenges::read(&mut lexer)?;
        lexer.end()?;
        Ok(challenges)
    }

    /// The challenges in wire order (RFC 3261 25.1).
    pub fn iter(self) -> impl Iterator<Item = Challenge<'a>> {
        let mut lexer = Lexer::new(self.raw);
        std::iter::from_fn(move || {
            let next = challenge(&mut lexer).ok();
            lexer.eat_spaced(b',');
            next
        })
    }

    /// Appends the challenges (RFC 3261 25.1).
    pub fn print(self, out: &mut Vec<u8>) {
        for (position, challenge) in self.iter().enumerate() {
            if position > 0 {
                out.extend_from_slice(b", ");
            }
            out.extend_from_slice(challenge.scheme);
            out.push(b' ');
            challenge.params.print(out);
        }
    }
}

/// `challenge *( COMMA challenge )`.
impl<'a> Part<'a> for Challenges<'a> {
    fn read(lexer: &mut Lexer<'a>) -> Result<Challenges<'a>, Flaw> {
        let start = lexer.rest();
        loop {
            challenge(lexer)?;
            if !lexer.eat_spaced(b',') {
                break;
            }
        }
        let raw = lexer.since(start);
        Ok(Challenges { raw })
    }

    fn print(&self, out: &mut Vec<u8>) {
        (*self).print(out);
    }
}

impl PartialEq for Challenges<'_> {
    fn eq(&self, other: &Challenges<'_>) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Challenges<'_> {}

impl<'a> Challenge<'a> {
    /// The realm, without quotes (RFC 7616 3.3, 3.4).
    pub fn realm(&self) -> Option<&'a [u8]> {
        self.params.value("realm")
    }

    /// The nonce, without quotes (RFC 7616 3.3, 3.4).
    pub fn nonce(&self) -> Option<&'a [u8]> {
        self.params.value("nonce")
    }

    /// The algorithm; MD5 if absent (RFC 7616 3.3).
    pub fn algorithm(&self) -> Option<&'a [u8]> {
        self.params.value("algorithm")
    }

    /// Whether only the nonce was too old (RFC 7616 3.3).
    pub fn is_stale(&self) -> bool {
        self.params
            .value("stale")
            .is_some_and(|stale| stale.eq_ignore_ascii_case(b"true"))
    }
}

/// What a client proves itself with: a scheme with parameters, or with one opaque word (RFC 3261
/// 20.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credentials<'a> {
    /// The scheme, most often `Digest`.
    pub scheme: &'a [u8],
    /// Its parameters.
    pub params: AuthParams<'a>,
    /// What stands in place of parameters, as with `Basic` or `Bearer`.
    pub opaque: Option<Secret<'a>>,
}

impl<'a> Credentials<'a> {
    /// Reads a whole header line (RFC 3261 7.3.1).
    pub fn parse(value: &'a [u8]) -> Result<Credentials<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let credentials = Credentials::read(&mut lexer)?;
        lexer.end()?;
        Ok(credentials)
    }

    /// The user name, without quotes (RFC 7616 3.4).
    pub fn username(&self) -> Option<&'a [u8]> {
        self.params.value("username")
    }

    /// The realm, without quotes (RFC 7616 3.3, 3.4).
    pub fn realm(&self) -> Option<&'a [u8]> {
        self.params.value("realm")
    }

    /// The nonce that is answered, without quotes (RFC 7616 3.3, 3.4).
    pub fn nonce(&self) -> Option<&'a [u8]> {
        self.params.value("nonce")
    }

    /// How often the nonce was used, in hexadecimal digits (RFC 7616 3.4).
    pub fn nonce_count(&self) -> Option<&'a [u8]> {
        self.params.value("nc")
    }

    /// The digest itself (RFC 7616 3.4.1).
    pub fn response(&self) -> Option<Secret<'a>> {
        self.params.value("response").map(Secret::new)
    }

    /// Appends the credentials, secrets included (RFC 3261 25.1).
    pub fn print(self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.scheme);
        out.push(b' ');
        self.params.print(out);
        if let Some(opaque) = self.opaque {
            out.extend_from_slice(opaque.reveal());
        }
    }
}

/// `credentials`: all that is left.
impl<'a> Part<'a> for Credentials<'a> {
    fn read(lexer: &mut Lexer<'a>) -> Result<Credentials<'a>, Flaw> {
        let scheme = scheme(lexer)?;
        let mut ahead = *lexer;
        let params = AuthParams::read(&mut ahead);
        if let Ok(params) = params
            && ahead.end().is_ok()
            && !is_padded_word(params)
        {
            *lexer = ahead;
            return Ok(Credentials {
                scheme,
                params,
                opaque: None,
            });
        }
        let word = lexer.run(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte));
        if word.is_empty() || scheme.eq_ignore_ascii_case(b"Digest") {
            return Err(Flaw::Syntax);
        }
        Ok(Credentials {
            scheme,
            params: AuthParams::default(),
            opaque: Some(Secret::new(word)),
        })
    }

    fn print(&self, out: &mut Vec<u8>) {
        (*self).print(out);
    }
}

/// Comma-separated `auth-param`s, checked once and read where they stand (RFC 3261 25.1).
#[derive(Clone, Copy, Default)]
pub struct AuthParams<'a> {
    raw: &'a [u8],
}

impl<'a> AuthParams<'a> {
    /// The parameters in wire order (RFC 3261 25.1).
    pub fn iter(self) -> impl Iterator<Item = Param<'a>> {
        let mut lexer = Lexer::new(self.raw);
        std::iter::from_fn(move || {
            let param = auth_param(&mut lexer).ok();
            lexer.eat_spaced(b',');
            param
        })
    }

    /// The value of the first parameter called `name`, in any case, without quotes (RFC 3261
    /// 7.3.1).
    pub fn value(self, name: &str) -> Option<&'a [u8]> {
        self.iter()
            .find(|param| param.name.eq_ignore_ascii_case(name.as_bytes()))
            .and_then(|param| param.value.bytes())
    }
}

/// `auth-param *( COMMA auth-param )`, up to whatever else follows.
impl<'a> Part<'a> for AuthParams<'a> {
    fn read(lexer: &mut Lexer<'a>) -> Result<AuthParams<'a>, Flaw> {
        let start = lexer.rest();
        auth_param(lexer)?;
        loop {
            let mut ahead = *lexer;
            if !ahead.eat_spaced(b',') || auth_param(&mut ahead).is_err() {
                break;
            }
            *lexer = ahead;
        }
        let raw = lexer.since(start);
        Ok(AuthParams { raw })
    }

    fn print(&self, out: &mut Vec<u8>) {
        for (position, param) in self.iter().enumerate() {
            if position > 0 {
                out.extend_from_slice(b", ");
            }
            out.extend_from_slice(param.name);
            out.push(b'=');
            match param.value {
                ParamValue::Absent => {}
                ParamValue::Plain(plain) => out.extend_from_slice(plain),
                ParamValue::Quoted(quoted) => quoted.print(out),
            }
        }
    }
}

impl PartialEq for AuthParams<'_> {
    fn eq(&self, other: &AuthParams<'_>) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for AuthParams<'_> {}

impl fmt::Debug for AuthParams<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for param in self.iter() {
            let name = String::from_utf8_lossy(param.name);
            let value = param.value.bytes().unwrap_or_default();
            if is_secret(param.name) {
                map.entry(&name, &Secret::new(value));
            } else {
                map.entry(&name, &String::from_utf8_lossy(value));
            }
        }
        map.finish()
    }
}

/// Whether a parameter proves who its sender is, or is a key: the digests of RFC 7616 3.4 and 3.5,
/// the keys that a P-CSCF is given (3GPP TS 24.229 7.2A), the tokens of NTLM and Kerberos.
fn is_secret(name: &[u8]) -> bool {
    const SECRET: [&[u8]; 5] = [b"response", b"rspauth", b"ck", b"ik", b"gssapi-data"];
    SECRET
        .iter()
        .any(|secret| name.eq_ignore_ascii_case(secret))
}

/// Whether what looks like one parameter is a word of base 64 with its padding.
fn is_padded_word(params: AuthParams<'_>) -> bool {
    let mut params = params.iter();
    let is_padding = |param: Param<'_>| match param.value {
        ParamValue::Plain(plain) => plain.iter().all(|byte| *byte == b'='),
        ParamValue::Absent | ParamValue::Quoted(_) => false,
    };
    params.next().is_some_and(is_padding) && params.next().is_none()
}

fn challenge<'a>(lexer: &mut Lexer<'a>) -> Result<Challenge<'a>, Flaw> {
    let scheme = scheme(lexer)?;
    Ok(Challenge {
        scheme,
        params: AuthParams::read(lexer)?,
    })
}

/// `token LWS`.
fn scheme<'a>(lexer: &mut Lexer<'a>) -> Result<&'a [u8], Flaw> {
    let scheme = lexer.token()?;
    lexer.lws()?;
    Ok(scheme)
}

/// `auth-param-name EQUAL ( token / quoted-string )`. Values that should be quoted and are not
/// are taken up to the next comma or white space.
fn auth_param<'a>(lexer: &mut Lexer<'a>) -> Result<Param<'a>, Flaw> {
    let name = lexer.token()?;
    if !lexer.eat_spaced(b'=') {
        return Err(Flaw::Syntax);
    }
    let value = if lexer.peek() == Some(b'"') {
        ParamValue::Quoted(lexer.quoted()?)
    } else {
        ParamValue::Plain(lexer.run(|byte| !is_lws(byte) && byte != b',' && byte != b'"'))
    };
    Ok(Param { name, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_challenges_share_a_line() {
        let line = br#"Digest realm="a,b" , nonce=unquoted,algorithm=SHA-256, Basic realm="c""#;
        let challenges = Challenges::parse(line).expect("parses");
        let found: Vec<Challenge<'_>> = challenges.iter().collect();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].realm(), Some(&b"a,b"[..]));
        assert_eq!(found[0].nonce(), Some(&b"unquoted"[..]));
        assert_eq!(found[0].algorithm(), Some(&b"SHA-256"[..]));
        assert_eq!(found[1].scheme, b"Basic");
        assert!(!found[0].is_stale());
    }

    #[test]
    fn a_digest_does_not_show() {
        let line =
            br#"Digest username="bob",response="6629fae49393a05397450978507c4ef1",nc=00000001"#;
        let credentials = Credentials::parse(line).expect("parses");
        assert!(!format!("{credentials:?}").contains("6629"));
        assert_eq!(credentials.username(), Some(&b"bob"[..]));
        assert_eq!(credentials.nonce_count(), Some(&b"00000001"[..]));
        assert_eq!(
            credentials.response().map(|secret| secret.reveal().len()),
            Some(32)
        );
        let basic = Credentials::parse(b"Basic QWxhZGRpbg==").expect("parses");
        assert!(basic.opaque.is_some());
        assert!(!format!("{basic:?}").contains("QWx"));
        let keys = br#"Digest realm="a",nonce="n",algorithm=AKAv1-MD5,ik="0123",CK="4567""#;
        let shown = format!(
            "{:?}",
            Challenges::parse(keys).expect("parses").iter().next()
        );
        assert!(!shown.contains("0123") && !shown.contains("4567") && shown.contains("AKAv1"));
    }
}
