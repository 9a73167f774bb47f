//! What header values are made of, and how a header is declared by its parts.

use crate::charset::trim_lws;
use crate::lexer::Lexer;
use crate::text::Text;
use crate::uri::Uri;
use crate::{DefectKind, Flaw};

/// A part of a header value that reads, judges and prints itself, whichever header it stands in.
pub(crate) trait Part<'a>: Sized {
    /// Takes the part from the head of what is left; what stands behind it is not looked at.
    fn read(lexer: &mut Lexer<'a>) -> Result<Self, Flaw>;

    /// What its grammar forbids in a part that can be read all the same (RFC 3261 25.1).
    fn defect(&self) -> Option<DefectKind> {
        None
    }

    /// Appends the part in its plainest form.
    fn print(&self, out: &mut Vec<u8>);
}

/// Declares the type of a header whose value is nothing but its parts, one behind the other, and
/// says what the header may do: its shape, and whether a list may be empty. The
/// parameters named by `numbers` have to be numbers where they occur.
macro_rules! header {
    (
        $(#[$doc:meta])*
        pub struct $name:ident $(<$life:lifetime>)?: $shape:ident $(, $may_be_empty:ident)? {
            $($(#[$part_doc:meta])* pub $part:ident: $type:ty,)+
        }
        $(numbers($($number:literal),+))?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name $(<$life>)? {
            $($(#[$part_doc])* pub $part: $type,)+
        }

        impl<'a> crate::header::HeaderValue<'a> for $name $(<$life>)? {
            const NAME: crate::HeaderName = crate::HeaderName::$name;
            const SHAPE: crate::header::Shape = crate::header::Shape::$shape;
            $(const $may_be_empty: bool = true;)?

            fn parse(value: &'a [u8]) -> Result<Self, crate::Flaw> {
                let mut lexer = crate::lexer::Lexer::new(value);
                let parts = $name {
                    $($part: crate::header::part::Part::read(&mut lexer)?,)+
                };
                lexer.end()?;
                $($(parts.params.number($number).transpose()?;)+)?
                Ok(parts)
            }

            fn defect(&self) -> Option<crate::DefectKind> {
                None$(.or_else(|| crate::header::part::Part::defect(&self.$part)))+
            }

            fn print(&self, out: &mut Vec<u8>) {
                $(crate::header::part::Part::print(&self.$part, out);)+
            }
        }
    };
}

pub(super) use header;

/// `token`.
impl<'a> Part<'a> for &'a [u8] {
    fn read(lexer: &mut Lexer<'a>) -> Result<&'a [u8], Flaw> {
        lexer.token()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }
}

/// `1*DIGIT` that fits 32 bits, among them `delta-seconds`.
impl Part<'_> for u32 {
    fn read(lexer: &mut Lexer<'_>) -> Result<u32, Flaw> {
        lexer.number()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.to_string().as_bytes());
    }
}

/// `1*DIGIT` up to 255, as RFC 3261 20.22 wants it.
impl Part<'_> for u8 {
    fn read(lexer: &mut Lexer<'_>) -> Result<u8, Flaw> {
        u8::try_from(lexer.number()?).map_err(|_| Flaw::Overflow)
    }

    fn print(&self, out: &mut Vec<u8>) {
        u32::from(*self).print(out);
    }
}

/// `[TEXT-UTF8-TRIM]`: all that is left.
impl<'a> Part<'a> for Text<'a> {
    fn read(lexer: &mut Lexer<'a>) -> Result<Text<'a>, Flaw> {
        Ok(Text(trim_lws(lexer.run(|_| true))))
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.unfolded());
    }
}

/// `LAQUOT absoluteURI RAQUOT`.
impl<'a> Part<'a> for Uri<'a> {
    fn read(lexer: &mut Lexer<'a>) -> Result<Uri<'a>, Flaw> {
        Uri::parse(lexer.bracketed()?)
    }

    fn defect(&self) -> Option<DefectKind> {
        self.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.push(b'<');
        self.print(out);
        out.push(b'>');
    }
}
