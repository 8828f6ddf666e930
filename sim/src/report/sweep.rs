//! What a sweep found, for people: one line a test, each loss at length, and a summary.

use std::io;

use super::human::Human;
use super::reporters::Format;
use crate::sweep::event::{Loss, Shown, SweepEvent, TestSwept, Totals};
use anstyle::AnsiColor;

/// Of a test's losses, so many are told at length, and saved.
pub const TOLD: usize = 20;

impl Human {
    /// The lines that a sweep's event adds; often none.
    #[must_use]
    pub fn sweep(&mut self, event: &SweepEvent) -> String {
        match event {
            SweepEvent::SweepStarted { .. } => String::new(),
            SweepEvent::TestSwept(swept) => self.swept(swept),
            SweepEvent::SweepFinished(totals) => self.summary(*totals),
        }
    }

    fn swept(&mut self, swept: &TestSwept) -> String {
        let title = format!("{}: {}", swept.file, swept.name);
        if let Some(failure) = &swept.failure {
            self.later(format!(
                "{}\n  not swept, as it fails without a cut: {failure}\n",
                self.bold(&title)
            ));
            return format!("{} {title}\n", self.paint("FAIL", AnsiColor::Red));
        }
        let word = if swept.losses.is_empty() {
            self.paint("kept", AnsiColor::Green)
        } else {
            self.later(self.losses(&title, &swept.losses));
            self.paint("LOSS", AnsiColor::Red)
        };
        let repaired = match swept.repaired.len() {
            0 => String::new(),
            runs => format!(", the store repaired in {runs}"),
        };
        let losses = match swept.losses.len() {
            0 => String::new(),
            losses => format!(", {}", counted(losses, "loss", "losses")),
        };
        format!(
            "{word} {title} ({}, {}{repaired}{losses})\n",
            counted(swept.operations, "operation", "operations"),
            counted(swept.cuts, "cut", "cuts"),
        )
    }

    fn losses(&self, title: &str, losses: &[Loss]) -> String {
        let told = losses.iter().take(TOLD).map(|loss| self.loss(loss));
        let more = match losses.len().saturating_sub(TOLD) {
            0 => String::new(),
            more => format!("  and {more} more, which --json tells\n"),
        };
        format!("{}\n{}{more}", self.bold(title), told.collect::<String>())
    }

    fn loss(&self, loss: &Loss) -> String {
        let shown = match &loss.shown {
            Shown::Step(path) => format!("at {path}"),
            Shown::End => "at the end".to_owned(),
            Shown::Probe(code) => format!("when {code} was typed after the end"),
        };
        format!(
            "  {}\n    {}\n    at {}, line {}; shown {shown}\n",
            self.paint(&loss.message, AnsiColor::Red),
            loss.cut.words(),
            loss.cut.step,
            loss.cut.line,
        )
    }

    fn summary(&mut self, totals: Totals) -> String {
        let colour = if totals.losses == 0 {
            AnsiColor::Green
        } else {
            AnsiColor::Red
        };
        let losses = self.paint(&counted(totals.losses, "loss", "losses"), colour);
        let failed = match totals.failed {
            0 => String::new(),
            failed => {
                let failed = format!("{failed} not swept");
                format!(", {}", self.paint(&failed, AnsiColor::Red))
            }
        };
        let sum = format!(
            "{}, {}, {}, {losses}{failed}\n",
            counted(totals.tests, "test", "tests"),
            counted(totals.operations, "operation", "operations"),
            counted(totals.cuts, "cut", "cuts"),
        );
        self.told_later() + &sum
    }
}

impl Format<SweepEvent> for Human {
    fn text(&mut self, event: &SweepEvent) -> io::Result<String> {
        Ok(self.sweep(event))
    }
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
