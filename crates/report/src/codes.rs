//! The response-code reference as documents, and how it is searched.

use std::io::{self, Write};

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use siptriage_sip::StatusCode;
use siptriage_sip::codes::{self, Code};

use crate::csv::write;
use crate::json;

const COLUMNS: [&str; 14] = [
    "code",
    "reason",
    "spec",
    "registration",
    "meaning",
    "failure",
    "route_advance",
    "ner_delivered",
    "dialog_effect",
    "fault_domain",
    "expected_header",
    "retry",
    "check_first",
    "tolerated_phrases",
];

/// The codes that fit what was asked for: a code (`486`), a class (`4xx`), or words that all occur
/// in the row. Nothing asked for fits every code.
pub fn search(words: &[String]) -> Vec<&'static Code> {
    let code = match words {
        [word] => word
            .parse()
            .ok()
            .and_then(|code| codes::lookup(StatusCode(code))),
        _ => None,
    };
    if let Some(code) = code {
        return vec![code];
    }
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let fits = |code: &&Code| words.iter().all(|word| fits(code, word));
    codes::all().iter().filter(fits).collect()
}

/// What a client makes of a code that nobody defined: the x00 of its class, and 183 of an unknown
/// provisional one (RFC 3261 8.1.3.2). `None` for a defined code and for what is no code.
pub fn stands_for(words: &[String]) -> Option<(StatusCode, StatusCode)> {
    let [word] = words else { return None };
    let status = StatusCode(word.parse().ok()?);
    if !(100..700).contains(&status.0) || codes::lookup(status).is_some() {
        return None;
    }
    let known = if status.is_provisional() {
        183
    } else {
        status.0 / 100 * 100
    };
    Some((status, StatusCode(known)))
}

/// Writes codes as a JSON array.
pub fn write_json(out: &mut dyn Write, codes: &[&Code]) -> io::Result<()> {
    json::rows(out, codes.iter().map(|code| CodeRow(code)))
}

/// Writes codes as CSV.
pub fn write_csv(out: &mut dyn Write, codes: &[&Code]) -> io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(out);
    write(&mut writer, COLUMNS)?;
    for code in codes {
        write(&mut writer, cells(code))?;
    }
    writer.flush()
}

fn fits(code: &Code, word: &str) -> bool {
    let status = code.status.to_string();
    let class = format!("{}xx", code.status.0 / 100);
    let texts = [
        code.phrase,
        code.meaning.name(),
        code.fault_domain.name(),
        code.registration.name(),
        code.defined_in,
        code.first_check,
        code.expected_header.unwrap_or_default(),
    ];
    let mut texts = texts.iter().chain(code.tolerated_phrases);
    status == word || class == word || texts.any(|text| text.to_lowercase().contains(word))
}

fn cells(code: &Code) -> [String; COLUMNS.len()] {
    [
        code.status.to_string(),
        code.phrase.to_owned(),
        code.defined_in.to_owned(),
        code.registration.name().to_owned(),
        code.meaning.name().to_owned(),
        code.failure.name().to_owned(),
        code.route_advance.name().to_owned(),
        code.ner.name().to_owned(),
        code.dialog_effect.name().to_owned(),
        code.fault_domain.name().to_owned(),
        code.expected_header.unwrap_or_default().to_owned(),
        code.retry.to_owned(),
        code.first_check.to_owned(),
        code.tolerated_phrases.join("; "),
    ]
}

struct CodeRow<'a>(&'a Code);

impl Serialize for CodeRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let code = self.0;
        let mut row = serializer.serialize_struct("code", COLUMNS.len())?;
        row.serialize_field("code", &code.status.0)?;
        row.serialize_field("reason", code.phrase)?;
        row.serialize_field("spec", code.defined_in)?;
        row.serialize_field("registration", code.registration.name())?;
        row.serialize_field("meaning", code.meaning.name())?;
        row.serialize_field("failure", code.failure.name())?;
        row.serialize_field("route_advance", code.route_advance.name())?;
        row.serialize_field("ner_delivered", code.ner.name())?;
        row.serialize_field("dialog_effect", code.dialog_effect.name())?;
        row.serialize_field("fault_domain", code.fault_domain.name())?;
        row.serialize_field("expected_header", &code.expected_header)?;
        row.serialize_field("retry", code.retry)?;
        row.serialize_field("check_first", code.first_check)?;
        row.serialize_field("tolerated_phrases", code.tolerated_phrases)?;
        row.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &[&str]) -> Vec<u16> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        search(&words).iter().map(|code| code.status.0).collect()
    }

    #[test]
    fn a_code_finds_itself() {
        assert_eq!(found(&["486"]), [486]);
        assert_eq!(found(&["419"]), Vec::<u16>::new());
    }

    #[test]
    fn an_unknown_code_stands_for_a_known_one() {
        let known = |word: &str| stands_for(&[word.to_owned()]).map(|(_, known)| known.0);
        assert_eq!(known("419"), Some(400));
        assert_eq!(known("155"), Some(183));
        assert_eq!(known("486"), None);
        assert_eq!(known("700"), None);
        assert_eq!(known("busy"), None);
    }

    #[test]
    fn words_find_what_contains_them_all() {
        assert_eq!(found(&["busy", "callee"]), [486, 600]);
        assert_eq!(found(&["6xx"]), [600, 603, 604, 606, 607, 608]);
        assert_eq!(found(&[]).len(), codes::all().len());
    }
}
