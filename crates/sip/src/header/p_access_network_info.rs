//! P-Access-Network-Info: over which access a phone is connected.

use crate::header::part::Part;
use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::{Param, is_empty};
use crate::text::Quoted;
use crate::{DefectKind, Flaw, HeaderName};

/// `P-Access-Network-Info = access-net-spec *( COMMA access-net-spec )` (RFC 7315 5.4).
#[derive(Clone, Copy, Debug)]
pub struct PAccessNetworkInfo<'a> {
    /// The access type, such as `3GPP-E-UTRAN-FDD`.
    pub access: &'a [u8],
    info: &'a [u8],
    has_empty: bool,
}

/// `access-info`: where the access is, or what else is known of it (RFC 7315 5.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessInfo<'a> {
    /// Such as `utran-cell-id-3gpp=...`, or a word alone such as `network-provided`.
    Named(Param<'a>),
    /// A quoted string alone, which an extension may be.
    Quoted(Quoted<'a>),
}

impl<'a> PAccessNetworkInfo<'a> {
    /// What is known of the access, in wire order (RFC 7315 5.4).
    pub fn info(self) -> impl Iterator<Item = AccessInfo<'a>> {
        let mut lexer = Lexer::new(self.info);
        std::iter::from_fn(move || {
            while lexer.eat_spaced(b';') {
                if !is_empty(lexer) {
                    return AccessInfo::read(&mut lexer).ok();
                }
            }
            None
        })
    }

    /// The value of the first piece of information called `name`, without quotes (RFC 7315 5.4).
    pub fn value(self, name: &str) -> Option<&'a [u8]> {
        self.info().find_map(|info| match info {
            AccessInfo::Named(param) if param.name.eq_ignore_ascii_case(name.as_bytes()) => {
                param.value.bytes()
            }
            AccessInfo::Named(_) | AccessInfo::Quoted(_) => None,
        })
    }
}

impl<'a> AccessInfo<'a> {
    fn read(lexer: &mut Lexer<'a>) -> Result<AccessInfo<'a>, Flaw> {
        if lexer.peek() == Some(b'"') {
            return lexer.quoted().map(AccessInfo::Quoted);
        }
        Param::read(lexer).map(AccessInfo::Named)
    }
}

impl PartialEq for PAccessNetworkInfo<'_> {
    fn eq(&self, other: &PAccessNetworkInfo<'_>) -> bool {
        self.access == other.access && self.info().eq(other.info())
    }
}

impl Eq for PAccessNetworkInfo<'_> {}

impl<'a> HeaderValue<'a> for PAccessNetworkInfo<'a> {
    const NAME: HeaderName = HeaderName::PAccessNetworkInfo;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<PAccessNetworkInfo<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let access = lexer.token()?;
        let info = lexer.rest();
        let mut has_empty = false;
        while lexer.eat_spaced(b';') {
            if is_empty(lexer) {
                has_empty = true;
            } else {
                AccessInfo::read(&mut lexer)?;
            }
        }
        lexer.end()?;
        Ok(PAccessNetworkInfo {
            access,
            info,
            has_empty,
        })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.has_empty.then_some(DefectKind::EmptyParameter)
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.access);
        for info in self.info() {
            out.push(b';');
            match info {
                AccessInfo::Named(param) => param.print(out),
                AccessInfo::Quoted(quoted) => quoted.print(out),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<PAccessNetworkInfo<'_>>(
            &[
                "3GPP-UTRAN-TDD;utran-cell-id-3gpp=234151D0FCE11",
                "IEEE-802.11a",
                "3GPP-E-UTRAN-FDD ; \"a;b\" ; network-provided",
            ],
            &["", ";a=b", "a;", "a b", "a;b=c d"],
        );
    }

    #[test]
    fn what_is_known_of_the_access_is_found() {
        let value = b"3GPP-UTRAN;;\"x, y\";CGI-3gpp=\"23415\";network-provided";
        let access = PAccessNetworkInfo::parse(value).expect("parses");
        assert_eq!(access.info().count(), 3);
        assert_eq!(access.value("cgi-3gpp"), Some(&b"23415"[..]));
        assert_eq!(access.defect(), Some(DefectKind::EmptyParameter));
    }
}
