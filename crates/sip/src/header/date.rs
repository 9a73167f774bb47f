//! Date: when the message was first sent.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Date = rfc1123-date`, always in GMT (RFC 3261 20.17).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// Day of the week, 0 for Monday.
    pub weekday: u8,
    /// Day of the month, from 1.
    pub day: u8,
    /// Month, from 1.
    pub month: u8,
    /// Year.
    pub year: u16,
    /// Hour.
    pub hour: u8,
    /// Minute.
    pub minute: u8,
    /// Second.
    pub second: u8,
}

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

impl HeaderValue<'_> for Date {
    const NAME: HeaderName = HeaderName::Date;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &[u8]) -> Result<Date, Flaw> {
        let mut lexer = Lexer::new(value);
        let weekday = one_of(lexer.token()?, &WEEKDAYS)?;
        if !lexer.eat_spaced(b',') {
            return Err(Flaw::Syntax);
        }
        let day = below(&mut lexer, 32)?;
        lexer.skip_lws();
        let month = one_of(lexer.token()?, &MONTHS)? + 1;
        lexer.skip_lws();
        let year = u16::try_from(lexer.number()?).map_err(|_| Flaw::Overflow)?;
        lexer.skip_lws();
        let hour = below(&mut lexer, 24)?;
        let minute = behind_colon(&mut lexer, 60)?;
        // 60 is a leap second.
        let second = behind_colon(&mut lexer, 61)?;
        lexer.skip_lws();
        if !lexer.token()?.eq_ignore_ascii_case(b"GMT") {
            return Err(Flaw::Syntax);
        }
        lexer.end()?;
        Ok(Date {
            weekday,
            day,
            month,
            year,
            hour,
            minute,
            second,
        })
    }

    fn print(&self, out: &mut Vec<u8>) {
        let weekday = WEEKDAYS.get(usize::from(self.weekday)).unwrap_or(&"");
        let month = MONTHS
            .get(usize::from(self.month).wrapping_sub(1))
            .unwrap_or(&"");
        let Date {
            day,
            year,
            hour,
            minute,
            second,
            ..
        } = self;
        let text =
            format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT");
        out.extend_from_slice(text.as_bytes());
    }
}

fn one_of(token: &[u8], names: &[&str]) -> Result<u8, Flaw> {
    let found = names
        .iter()
        .position(|name| token.eq_ignore_ascii_case(name.as_bytes()));
    found
        .and_then(|position| u8::try_from(position).ok())
        .ok_or(Flaw::Syntax)
}

fn below(lexer: &mut Lexer<'_>, limit: u8) -> Result<u8, Flaw> {
    let number = lexer.number()?;
    u8::try_from(number)
        .ok()
        .filter(|number| *number < limit)
        .ok_or(Flaw::Syntax)
}

fn behind_colon(lexer: &mut Lexer<'_>, limit: u8) -> Result<u8, Flaw> {
    if !lexer.eat(b':') {
        return Err(Flaw::Syntax);
    }
    below(lexer, limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<Date>(
            &["Sat, 13 Nov 2010 23:29:00 GMT"],
            &[
                "",
                "Fri, 01 Jan 2010 16:00:00 EST",
                "Fri, 01 Jan 2010 24:00:00 GMT",
                "Frx, 01 Jan 2010 16:00:00 GMT",
                "Fri 01 Jan 2010 16:00:00 GMT",
                "Fri, 01 Jan 2010 16:00 GMT",
            ],
        );
    }
}
