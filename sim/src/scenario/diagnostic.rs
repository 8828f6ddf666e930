//! Problems as a person reads them: path, line and column, the line with the place marked, and what was expected.

use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode,
};

use super::load::{Invalid, Source};
use super::problem::Problem;
use super::span::Span;

/// One line and column, both counted from 1; the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Source {
    /// Where a span begins.
    #[must_use]
    pub fn place(&self, span: Span) -> Place {
        let before = self.text.get(..span.start).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    /// What stands in a span, each stretch of blanks made one.
    #[must_use]
    pub fn in_one_line(&self, span: Span) -> String {
        let text = self.text.get(span.start..span.end).unwrap_or_default();
        let words: Vec<_> = text.split_whitespace().collect();
        words.join(" ")
    }

    /// The line in which a span begins, without blanks around it.
    #[must_use]
    pub fn line(&self, span: Span) -> &str {
        self.text
            .lines()
            .nth(self.place(span).line - 1)
            .unwrap_or_default()
            .trim()
    }
}

/// Columns that a terminal has for problems, where it isn't asked.
pub const WIDTH: usize = 110;

/// All problems of a file, as a terminal of that width shows them.
#[must_use]
pub fn render(invalid: &Invalid, colour: bool, width: usize) -> String {
    let theme = if colour {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(width)
        .with_context_lines(1)
        .with_links(false);
    let source = NamedSource::new(&invalid.source.path, invalid.source.text.to_string());
    let mut text = String::new();
    for problem in &invalid.problems {
        let report = Report {
            problem,
            source: &source,
            path: &invalid.source.path,
        };
        // Writing into a string can't fail, and a report that can't be drawn is still told.
        if handler.render_report(&mut text, &report).is_err() {
            text.push_str(&invalid.source.path);
            text.push_str(": ");
            text.push_str(&problem.message);
            text.push('\n');
        }
    }
    text
}

struct Report<'a> {
    problem: &'a Problem,
    source: &'a NamedSource<String>,
    path: &'a str,
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problem.span {
            Some(_) => formatter.write_str(&self.problem.message),
            None => write!(formatter, "{}: {}", self.path, self.problem.message),
        }
    }
}

impl std::error::Error for Report<'_> {}

impl Diagnostic for Report<'_> {
    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.problem
            .help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.problem.span.map(|_| self.source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let length = self.source.inner().len();
        let span = self.problem.span?;
        let start = span.start.min(length);
        let label = LabeledSpan::new(None, start, span.end.min(length) - start);
        Some(Box::new(std::iter::once(label)))
    }
}
