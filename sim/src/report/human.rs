//! One line a test, what failed at length, and a summary.

use std::fmt;
use std::io;

use anstyle::{AnsiColor, Style};

use super::line::EventLine;
use super::reporters::Format;
use crate::run::event::{Failure, Outcome, RunEvent, TestReport, Totals};

/// Makes the report's text, event by event.
pub struct Human {
    colour: bool,
    failures: Vec<String>,
}

impl Human {
    /// In colour, or not.
    #[must_use]
    pub fn new(colour: bool) -> Self {
        Self {
            colour,
            failures: Vec::new(),
        }
    }

    /// The lines that an event adds; often none.
    #[must_use]
    pub fn take(&mut self, event: &RunEvent) -> String {
        match event {
            RunEvent::RunStarted { .. } | RunEvent::TestStarted { .. } => String::new(),
            RunEvent::TestFinished(report) => self.test(report),
            RunEvent::RunFinished(totals) => self.end(*totals),
        }
    }

    fn test(&mut self, report: &TestReport) -> String {
        let (word, colour) = match &report.outcome {
            Outcome::Passed => ("pass", AnsiColor::Green),
            Outcome::Failed { .. } => ("FAIL", AnsiColor::Red),
            Outcome::Broken { .. } => ("LOST", AnsiColor::Magenta),
        };
        let title = format!("{}: {}", report.file, report.name);
        match &report.outcome {
            Outcome::Passed => {}
            Outcome::Failed { failure } => {
                let told = Told {
                    human: self,
                    title: &title,
                    file: &report.file,
                    failure,
                };
                self.failures.push(told.to_string());
            }
            Outcome::Broken { message } => self
                .failures
                .push(format!("{}: {message}\n", self.bold(&title))),
        }
        format!("{} {title}\n", self.paint(word, colour))
    }

    fn end(&mut self, totals: Totals) -> String {
        let mut text = self.told_later();
        let mut parts = vec![self.count(totals.passed, "passed", AnsiColor::Green)];
        let rest = [
            (totals.failed, "failed", AnsiColor::Red),
            (totals.broken, "lost", AnsiColor::Magenta),
            (totals.not_run, "not run", AnsiColor::Yellow),
        ];
        parts.extend(
            rest.iter()
                .filter(|part| part.0 > 0)
                .map(|(number, word, colour)| self.count(*number, word, *colour)),
        );
        text.push_str(&parts.join(", "));
        text.push('\n');
        text
    }

    /// What is told once all tests have their line.
    pub(super) fn later(&mut self, text: String) {
        self.failures.push(text);
    }

    /// That, with blank lines around.
    pub(super) fn told_later(&mut self) -> String {
        let mut text = String::new();
        for failure in std::mem::take(&mut self.failures) {
            text.push('\n');
            text.push_str(&failure);
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text
    }

    fn count(&self, number: usize, word: &str, colour: AnsiColor) -> String {
        let text = format!("{number} {word}");
        if number == 0 {
            text
        } else {
            self.paint(&text, colour)
        }
    }

    pub(super) fn paint(&self, text: &str, colour: AnsiColor) -> String {
        self.style(text, Style::new().fg_color(Some(colour.into())))
    }

    pub(super) fn bold(&self, text: &str) -> String {
        self.style(text, Style::new().bold())
    }

    fn style(&self, text: &str, style: Style) -> String {
        if self.colour {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}

impl Format for Human {
    fn text(&mut self, event: &RunEvent) -> io::Result<String> {
        Ok(self.take(event))
    }
}

/// A failure at length.
struct Told<'a> {
    human: &'a Human,
    title: &'a str,
    file: &'a str,
    failure: &'a Failure,
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failure = self.failure;
        writeln!(formatter, "{}", self.human.bold(self.title))?;
        if let Some(step) = &failure.step {
            writeln!(
                formatter,
                "  {}:{}:{} {}",
                self.file, step.line, step.column, step.path
            )?;
            writeln!(formatter, "    {}", step.text)?;
            if let Some(note) = &step.note {
                writeln!(formatter, "    note: {note}")?;
            }
        }
        let message = self.human.paint(&failure.error.message, AnsiColor::Red);
        writeln!(formatter, "  {message} at {}", failure.civil)?;
        self.mismatches(formatter)?;
        self.trace(formatter)
    }
}

impl Told<'_> {
    fn mismatches(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let misses = &self.failure.error.mismatches;
        let width = misses
            .iter()
            .map(|miss| miss.key.len())
            .max()
            .unwrap_or_default();
        misses.iter().try_for_each(|miss| {
            let expected = self.human.paint(&miss.expected, AnsiColor::Green);
            let seen = self.human.paint(&miss.seen, AnsiColor::Red);
            writeln!(formatter, "    {:width$}  expected {expected}", miss.key)?;
            writeln!(formatter, "    {:width$}  seen     {seen}", "")
        })
    }

    fn trace(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let trace = self.failure.trace.iter();
        let (plain, left_out): (Vec<_>, Vec<_>) = trace.partition(|event| event.kind.is_plain());
        writeln!(formatter, "  events since the last input step:")?;
        for event in plain {
            let since = self.failure.since;
            writeln!(formatter, "    {}", EventLine { event, since })?;
        }
        if left_out.is_empty() {
            return Ok(());
        }
        let left_out = left_out.len();
        writeln!(
            formatter,
            "    ({left_out} events of pins, buses and flash are in the full trace: --trace DIR)"
        )
    }
}
