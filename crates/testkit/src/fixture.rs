//! Fixtures: Markdown in which prose, a trace and what is expected of it stand together.

use crate::error::Error;
use crate::expect::Expect;
use crate::trace::Trace;

/// A Markdown file of cases.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// In the order of the file.
    pub cases: Vec<Case>,
}

/// A section of a fixture that holds a trace.
#[derive(Debug, Clone)]
pub struct Case {
    /// The heading without its first word, if that names the kind.
    pub title: String,
    /// What the heading says about the case.
    pub kind: Kind,
    /// Line of the heading, from 1.
    pub line: usize,
    /// The trace in the section's ```` ```trace ```` block.
    pub trace: Trace,
    /// The section's ```` ```expect ```` block.
    pub expect: Expect,
}

/// What a case shows about a rule: the first word of its heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `## fires: …`, the rule finds something.
    Fires,
    /// `## silent: …`, an innocent neighbour.
    Silent,
    /// `## boundary: …`, the two sides of a threshold.
    Boundary,
    /// Any other heading.
    Other,
}

impl Fixture {
    /// Reads a fixture. Sections without a trace are prose.
    ///
    /// # Errors
    /// Names the line of the file that cannot be read: in a trace, in an expect block, or the
    /// heading of a section that has more than one of either or a trace without expectations.
    pub fn parse(markdown: &str) -> Result<Fixture, Error> {
        let mut cases = Vec::new();
        for section in sections(markdown)? {
            cases.extend(section.case()?);
        }
        Ok(Fixture { cases })
    }
}

/// A heading and the blocks below it.
struct Section<'a> {
    line: usize,
    heading: &'a str,
    traces: Vec<Block>,
    expects: Vec<Block>,
}

/// The text between two fences; `line` is that of the opening fence.
struct Block {
    line: usize,
    text: String,
}

impl Section<'_> {
    fn case(&self) -> Result<Option<Case>, Error> {
        if self.traces.is_empty() && self.expects.is_empty() {
            return Ok(None);
        }
        let ([trace], [expect]) = (self.traces.as_slice(), self.expects.as_slice()) else {
            let found = format!(
                "{} trace and {} expect",
                self.traces.len(),
                self.expects.len()
            );
            let expected = "one ```trace and one ```expect block below each heading";
            return Err(Error::new(self.line, expected, found));
        };
        let (kind, title) = kind(self.heading);
        Ok(Some(Case {
            title: title.to_owned(),
            kind,
            line: self.line,
            trace: Trace::parse(&trace.text).map_err(|error| error.further_down(trace.line))?,
            expect: Expect::parse(&expect.text).map_err(|error| error.further_down(expect.line))?,
        }))
    }
}

fn sections(markdown: &str) -> Result<Vec<Section<'_>>, Error> {
    let section = |line, heading| Section {
        line,
        heading,
        traces: vec![],
        expects: vec![],
    };
    let mut current = section(1, "");
    let mut sections = Vec::new();
    let mut lines = markdown.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            let block = block(index + 1, &mut lines)?;
            match language.trim() {
                "trace" => current.traces.push(block),
                "expect" => current.expects.push(block),
                _ => {}
            }
        } else if line.starts_with('#') {
            let next = section(index + 1, line.trim_start_matches('#').trim());
            sections.push(std::mem::replace(&mut current, next));
        }
    }
    sections.push(current);
    Ok(sections)
}

fn block<'a>(
    line: usize,
    lines: &mut impl Iterator<Item = (usize, &'a str)>,
) -> Result<Block, Error> {
    let mut text = String::new();
    for (_, inside) in lines {
        if inside.trim_start().starts_with("```") {
            return Ok(Block { line, text });
        }
        text.push_str(inside);
        text.push('\n');
    }
    Err(Error::new(line, "a closing ```", "the end of the file"))
}

fn kind(heading: &str) -> (Kind, &str) {
    let (word, title) = heading.split_once(':').unwrap_or(("", heading));
    let kind = match word.trim() {
        "fires" => Kind::Fires,
        "silent" => Kind::Silent,
        "boundary" => Kind::Boundary,
        _ => return (Kind::Other, heading),
    };
    (kind, title.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIXTURE: &str = "# TXN-001\n\nWords.\n\n## fires: seven sends\n\n```trace\n\
        0 alice -> bob INVITE\n```\n\nMore words.\n\n```expect\nno findings\n```\n\n\
        ## notes\n\n```text\n## not a heading\n```\n\n## silent: two\n```trace\n\
        0 bob -> alice OPTIONS\n```\n```expect\nno findings\n```\n";

    #[test]
    fn sections_with_a_trace_are_cases() {
        let cases = Fixture::parse(FIXTURE).unwrap().cases;
        let heads: Vec<_> = cases
            .iter()
            .map(|c| (c.kind, c.title.as_str(), c.line))
            .collect();
        assert_eq!(
            heads,
            [(Kind::Fires, "seven sends", 5), (Kind::Silent, "two", 23)]
        );
    }

    #[test]
    fn errors_count_lines_of_the_file() {
        let line = |text: &str| Fixture::parse(text).unwrap_err().line;
        assert_eq!(line(&FIXTURE.replace("alice OPTIONS", "alice options")), 25);
        assert_eq!(line(&FIXTURE.replacen("no findings", "nothing", 1)), 14);
        assert_eq!(line(&FIXTURE.replacen("```expect", "```text", 1)), 5);
        assert_eq!(line("```trace\n0 a -> b INVITE\n"), 1);
    }
}
