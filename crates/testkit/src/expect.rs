//! What a fixture expects of the analysis of its trace.

use crate::error::Error;
use crate::script::{Word, words};

/// The statements of an expect block by kind, each kind in the order of its lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expect {
    /// `call OUTCOME [STATUS] KEY=VALUE…`, in the order of the calls' first frames.
    pub calls: Vec<ExpectedCall>,
    /// `finding RULE KEY=VALUE…`.
    pub findings: Vec<ExpectedFinding>,
    /// `incomplete RULE KEY=VALUE…`.
    pub incomplete: Vec<ExpectedFinding>,
    /// `series KIND KEY=VALUE…`, in the order of the document.
    pub series: Vec<ExpectedSeries>,
    /// `no series`: there is none.
    pub no_series: bool,
    /// `metric NAME VALUE`.
    pub metrics: Vec<ExpectedMetric>,
    /// `no findings`: there is none in the scope.
    pub no_findings: bool,
    /// `no calls`: the trace holds no call.
    pub no_calls: bool,
    /// `findings only RULE…`: findings of other rules are not looked at. Empty for all rules.
    pub only: Vec<String>,
    /// `findings at SEVERITY`: milder findings are not looked at; `info` unless narrowed.
    pub at: Severity,
}

/// The severities that `findings at` can name, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Severity {
    /// `info`
    #[default]
    Info,
    /// `warning`
    Warning,
    /// `error`
    Error,
    /// `critical`
    Critical,
}

/// A call that the analysis has to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedCall {
    /// Line in the block, from 1.
    pub line: usize,
    /// The `outcome`, as `answered`.
    pub outcome: String,
    /// The `status`; none where the line does not name one, which leaves it open.
    pub status: Option<u16>,
    /// Keys of the printed call object (`pdd`, `setup`, `ring`, `talk` for those that end in
    /// `_ms`) with the values they must have; `null` stands for itself.
    pub fields: Vec<Field>,
}

/// A finding, or an incomplete verdict, that the analysis has to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedFinding {
    /// Line in the block, from 1.
    pub line: usize,
    /// The rule's code, as `TXN-001`.
    pub rule: String,
    /// Keys of the printed object with the values they must have; `frames=4,5` lists the frames
    /// of the evidence.
    pub fields: Vec<Field>,
}

/// A series of requests outside of calls that the analysis has to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedSeries {
    /// Line in the block, from 1.
    pub line: usize,
    /// The `kind`, as `registration`.
    pub kind: String,
    /// Keys of the printed object with the values they must have.
    pub fields: Vec<Field>,
}

/// One `KEY=VALUE` word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Left of the sign.
    pub key: String,
    /// Right of it, without quotes.
    pub value: String,
}

/// A metric that the analysis has to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedMetric {
    /// Line in the block, from 1.
    pub line: usize,
    /// The metric's name, as `asr`.
    pub name: String,
    /// What it must be.
    pub value: MetricValue,
}

/// The shapes that a metric has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetricValue {
    /// `12/20`
    Ratio {
        /// Above the line.
        numerator: u64,
        /// Below the line.
        denominator: u64,
    },
    /// `20`
    Count(u64),
    /// `count=3 p50=800`, times in milliseconds.
    Distribution(Vec<Field>),
}

impl Expect {
    /// Reads an expect block, one statement a line, `#` before a comment.
    ///
    /// # Errors
    /// Names the first line that is no statement.
    pub fn parse(text: &str) -> Result<Expect, Error> {
        let mut expect = Expect::default();
        for (index, line) in text.lines().enumerate() {
            let words = words(line, index + 1)?;
            expect.statement(&words, index + 1, line)?;
        }
        if expect.no_findings && !expect.findings.is_empty() {
            let line = expect.findings[0].line;
            return Err(Error::new(
                line,
                "no finding beside `no findings`",
                "a finding",
            ));
        }
        Ok(expect)
    }

    fn statement(&mut self, words: &[Word], line: usize, text: &str) -> Result<(), Error> {
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let wrong = |expected| Error::new(line, expected, text.trim());
        match texts.as_slice() {
            [] => {}
            ["no", "findings"] => self.no_findings = true,
            ["no", "calls"] => self.no_calls = true,
            ["no", "series"] => self.no_series = true,
            ["series", kind, rest @ ..] => {
                let fields = fields(rest).ok_or_else(|| wrong("KEY=VALUE words"))?;
                let kind = (*kind).to_owned();
                self.series.push(ExpectedSeries { line, kind, fields });
            }
            ["findings", "only", rules @ ..] if !rules.is_empty() => {
                self.only.extend(
                    rules
                        .iter()
                        .map(|rule| rule.trim_end_matches(',').to_owned()),
                );
            }
            ["findings", "at", severity] => {
                self.at = severity_named(severity)
                    .ok_or_else(|| wrong("info, warning, error or critical"))?;
            }
            ["call", outcome, rest @ ..] => {
                let (status, rest) = match rest {
                    [first, rest @ ..] if !first.contains('=') => {
                        let status = first.parse().map_err(|_| wrong("a status code"))?;
                        (Some(status), rest)
                    }
                    _ => (None, rest),
                };
                let fields = fields(rest).ok_or_else(|| wrong("KEY=VALUE words"))?;
                let outcome = (*outcome).to_owned();
                self.calls.push(ExpectedCall {
                    line,
                    outcome,
                    status,
                    fields,
                });
            }
            [kind @ ("finding" | "incomplete"), rule, rest @ ..] => {
                let fields = fields(rest).ok_or_else(|| wrong("KEY=VALUE words"))?;
                let finding = ExpectedFinding {
                    line,
                    rule: (*rule).to_owned(),
                    fields,
                };
                match *kind {
                    "finding" => self.findings.push(finding),
                    _ => self.incomplete.push(finding),
                }
            }
            ["metric", name, rest @ ..] => {
                let value =
                    metric_value(rest).ok_or_else(|| wrong("N/M, a count, or KEY=VALUE words"))?;
                self.metrics.push(ExpectedMetric {
                    line,
                    name: (*name).to_owned(),
                    value,
                });
            }
            _ => {
                return Err(wrong(
                    "call, finding, no findings, no calls, series, no series, incomplete, metric, \
                     `findings only RULE` or `findings at SEVERITY`",
                ));
            }
        }
        Ok(())
    }
}

fn fields(words: &[&str]) -> Option<Vec<Field>> {
    let field = |word: &&str| {
        let (key, value) = word.split_once('=')?;
        Some(Field {
            key: key.to_owned(),
            value: value.to_owned(),
        })
    };
    words.iter().map(field).collect()
}

fn metric_value(words: &[&str]) -> Option<MetricValue> {
    match words {
        [word] if word.contains('/') => {
            let (numerator, denominator) = word.split_once('/')?;
            Some(MetricValue::Ratio {
                numerator: numerator.parse().ok()?,
                denominator: denominator.parse().ok()?,
            })
        }
        [word] if !word.contains('=') => Some(MetricValue::Count(word.parse().ok()?)),
        [_, ..] => Some(MetricValue::Distribution(fields(words)?)),
        [] => None,
    }
}

fn severity_named(word: &str) -> Option<Severity> {
    match word {
        "info" => Some(Severity::Info),
        "warning" => Some(Severity::Warning),
        "error" => Some(Severity::Error),
        "critical" => Some(Severity::Critical),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statement_is_read() {
        let expect = Expect::parse(
            "call answered 200 pdd=800 talk=null # the first\ncall in-progress\n\
             finding DLG-001 severity=error frames=4,5,6\nincomplete DLG-001 call=2\n\
             metric asr 12/20\nmetric attempts 3\nmetric pdd count=1 p50=800\n\
             findings only DLG-001\nfindings at warning\n",
        )
        .unwrap();
        assert_eq!(expect.calls[0].status, Some(200));
        assert_eq!(expect.calls[0].fields[1].value, "null");
        assert_eq!((expect.calls[1].line, expect.calls[1].status), (2, None));
        assert_eq!(expect.findings[0].fields[1].value, "4,5,6");
        assert_eq!(expect.incomplete[0].rule, "DLG-001");
        let ratio = MetricValue::Ratio {
            numerator: 12,
            denominator: 20,
        };
        assert_eq!(expect.metrics[0].value, ratio);
        assert_eq!(expect.metrics[1].value, MetricValue::Count(3));
        assert!(matches!(&expect.metrics[2].value, MetricValue::Distribution(f) if f.len() == 2));
        assert_eq!(
            (expect.only, expect.at),
            (vec!["DLG-001".to_owned()], Severity::Warning)
        );
    }

    #[test]
    fn what_is_no_statement_is_an_error() {
        for (text, line) in [
            ("\nfindings", 2),
            ("call", 1),
            ("call answered yes", 1),
            ("metric asr", 1),
            ("metric asr 1/x", 1),
            ("finding TXN-001 often", 1),
            ("no findings\nfinding TXN-001", 2),
        ] {
            assert_eq!(Expect::parse(text).unwrap_err().line, line, "{text}");
        }
    }
}
