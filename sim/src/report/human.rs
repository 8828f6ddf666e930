//! One line a test, what failed at length, and a summary.

use std::fmt::Write as _;

use clap::builder::styling::{AnsiColor, Style};

use super::line::Line;
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
            RunEvent::RunStarted { .. } => String::new(),
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
                let told = self.failure(&title, report, failure);
                self.failures.push(told);
            }
            Outcome::Broken { message } => self
                .failures
                .push(format!("{}: {message}\n", self.bold(&title))),
        }
        format!("{} {title}\n", self.paint(word, colour))
    }

    fn failure(&self, title: &str, report: &TestReport, failure: &Failure) -> String {
        let mut text = format!("{}\n", self.bold(title));
        // Writing into a string can't fail; `fmt::Result` is dropped for that.
        drop(self.describe(&mut text, report, failure));
        text
    }

    fn describe(
        &self,
        text: &mut String,
        report: &TestReport,
        failure: &Failure,
    ) -> std::fmt::Result {
        if let Some(step) = &failure.step {
            writeln!(
                text,
                "  {}:{}:{} {}",
                report.file, step.line, step.column, step.path
            )?;
            writeln!(text, "    {}", step.text)?;
            if let Some(note) = &step.note {
                writeln!(text, "    note: {note}")?;
            }
        }
        writeln!(
            text,
            "  {} at {}",
            self.paint(&failure.message, AnsiColor::Red),
            failure.civil
        )?;
        let width = failure
            .mismatches
            .iter()
            .map(|miss| miss.key.len())
            .max()
            .unwrap_or_default();
        for miss in &failure.mismatches {
            writeln!(
                text,
                "    {:width$}  expected {}",
                miss.key,
                self.paint(&miss.expected, AnsiColor::Green)
            )?;
            writeln!(
                text,
                "    {:width$}  seen     {}",
                "",
                self.paint(&miss.seen, AnsiColor::Red)
            )?;
        }
        let Some(first) = failure.trace.first() else {
            return Ok(());
        };
        writeln!(text, "  since the last acting step:")?;
        for event in &failure.trace {
            writeln!(
                text,
                "    {}",
                Line {
                    event,
                    since: first.at
                }
            )?;
        }
        Ok(())
    }

    fn end(&mut self, totals: Totals) -> String {
        let mut text = String::new();
        for failure in std::mem::take(&mut self.failures) {
            text.push('\n');
            text.push_str(&failure);
        }
        if !text.is_empty() {
            text.push('\n');
        }
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

    fn count(&self, number: usize, word: &str, colour: AnsiColor) -> String {
        let text = format!("{number} {word}");
        if number == 0 {
            text
        } else {
            self.paint(&text, colour)
        }
    }

    fn paint(&self, text: &str, colour: AnsiColor) -> String {
        self.style(text, Style::new().fg_color(Some(colour.into())))
    }

    fn bold(&self, text: &str) -> String {
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
