//! The rules as a document.

use std::io::{self, Write};

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use siptriage_rules::{RULES, Rule};

use crate::json;

/// The rules that fit what was asked for: a code or a name, whole or in part, in any case. Nothing
/// asked for fits every rule.
pub fn search(word: &str) -> Vec<&'static Rule> {
    let word = word.to_lowercase();
    let fits =
        |rule: &&&Rule| rule.code.to_lowercase().contains(&word) || rule.name.contains(&word);
    RULES.iter().filter(fits).copied().collect()
}

/// Writes rules as a JSON array.
pub fn write_json(out: &mut dyn Write, rules: &[&Rule]) -> io::Result<()> {
    json::rows(out, rules.iter().map(|rule| RuleRow(rule)))
}

struct RuleRow<'a>(&'a Rule);

impl Serialize for RuleRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rule = self.0;
        let mut row = serializer.serialize_struct("rule", 10)?;
        row.serialize_field("rule", rule.code)?;
        row.serialize_field("name", rule.name)?;
        row.serialize_field("severity", rule.severity.name())?;
        row.serialize_field("spec", rule.spec)?;
        row.serialize_field("summary", rule.summary)?;
        row.serialize_field("finds", rule.finds)?;
        row.serialize_field("why", rule.why)?;
        row.serialize_field("not_when", rule.not_when)?;
        row.serialize_field("check_first", rule.check_first)?;
        row.serialize_field("hides", rule.hides)?;
        row.end()
    }
}
