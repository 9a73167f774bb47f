//! Keys and candidates in a description.

use super::attribute::Attribute;
use super::read::{number, words};
use crate::secret::Secret;

/// `a=crypto:<tag> <suite> <key-params> [<session-params>]` (RFC 4568 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crypto<'a> {
    /// Pairs offer and answer.
    pub tag: u32,
    /// The crypto suite, such as `AES_CM_128_HMAC_SHA1_80`.
    pub suite: &'a [u8],
    /// The key parameters with the key itself.
    pub key: Secret<'a>,
}

impl<'a> Crypto<'a> {
    /// Reads the value of `a=crypto`.
    pub(super) fn parse(value: &'a [u8]) -> Option<Crypto<'a>> {
        let mut words = words(value);
        let tag = u32::try_from(number(words.next()?)?).ok()?;
        Some(Crypto {
            tag,
            suite: words.next()?,
            key: Secret::new(words.next()?),
        })
    }
}

/// `a=fingerprint:<hash> <hex>` (RFC 8122 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint<'a> {
    /// The hash function, such as `sha-256`.
    pub hash: &'a [u8],
    /// The fingerprint in hexadecimal digits and colons.
    pub digits: &'a [u8],
}

impl<'a> Fingerprint<'a> {
    /// The first fingerprint among attributes.
    pub(super) fn among(attributes: &[Attribute<'a>]) -> Option<Fingerprint<'a>> {
        let mut words = words(Attribute::find(attributes, "fingerprint")?);
        Some(Fingerprint {
            hash: words.next()?,
            digits: words.next()?,
        })
    }
}

/// `a=candidate` (RFC 8839 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// What candidates with the same origin share.
    pub foundation: &'a [u8],
    /// 1 for RTP, 2 for RTCP.
    pub component: u32,
    /// `UDP` or another.
    pub transport: &'a [u8],
    /// Address or host name.
    pub address: &'a [u8],
    /// Port.
    pub port: u16,
    /// `host`, `srflx`, `prflx` or `relay`.
    pub kind: &'a [u8],
}

impl<'a> Candidate<'a> {
    /// Reads the value of `a=candidate`.
    pub(super) fn parse(value: &'a [u8]) -> Option<Candidate<'a>> {
        let mut words = words(value);
        let foundation = words.next()?;
        let component = u32::try_from(number(words.next()?)?).ok()?;
        let transport = words.next()?;
        let address = words.nth(1)?;
        let port = u16::try_from(number(words.next()?)?).ok()?;
        if words.next()? != b"typ" {
            return None;
        }
        Some(Candidate {
            foundation,
            component,
            transport,
            address,
            port,
            kind: words.next()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_not_show() {
        let value = b"1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj";
        let crypto = Crypto::parse(value).expect("parses");
        assert_eq!(
            (crypto.tag, crypto.suite),
            (1, &b"AES_CM_128_HMAC_SHA1_80"[..])
        );
        assert!(!format!("{crypto:?}").contains("d0Rm"));
        assert_eq!(Crypto::parse(b"1 AES_CM_128_HMAC_SHA1_80"), None);
    }

    #[test]
    fn a_candidate_is_read() {
        let value = b"1 1 UDP 2130706431 192.0.2.1 8998 typ host";
        let candidate = Candidate::parse(value).expect("parses");
        assert_eq!(
            (candidate.address, candidate.port),
            (&b"192.0.2.1"[..], 8998)
        );
        assert_eq!(candidate.kind, b"host");
    }
}
