//! How far a run has come.

use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::Terminal;
use sim::report::reporters::Reporter;
use sim::run::event::RunEvent;
use sim::sweep::event::SweepEvent;

/// A bar on a terminal, and nowhere else; it keeps the time anyway. Of what nobody knows the end of, no length.
pub(super) fn progress(length: Option<u64>, template: &str) -> ProgressBar {
    let target = if io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(length, target);
    let style = ProgressStyle::with_template(template);
    style
        .map(|style| bar.clone().with_style(style))
        .unwrap_or(bar)
}

/// A bar that counts tests.
pub(super) struct Tests(ProgressBar);

impl Tests {
    /// So many, none of which has ended.
    pub(super) fn new(count: usize) -> Self {
        Self(progress(Some(count as u64), "{wide_bar} {pos}/{len}"))
    }

    /// The same, and the bar names the test that the run waits for.
    pub(super) fn named(count: usize) -> Self {
        let template = "{bar:30} {pos}/{len} {wide_msg}";
        Self(progress(Some(count as u64), template))
    }

    /// Writes results above the bar.
    pub(super) fn printer<'a>(
        &self,
        terminal: &'a mut Terminal,
    ) -> impl FnMut(&str) -> io::Result<()> + use<'a> {
        let bar = self.0.clone();
        move |text| {
            bar.suspend(|| terminal.result(text));
            Ok(())
        }
    }
}

impl Reporter for Tests {
    fn take(&mut self, event: &RunEvent) -> io::Result<()> {
        match event {
            RunEvent::RunStarted { .. } => {}
            RunEvent::TestStarted { name, .. } => self.0.set_message(name.clone()),
            RunEvent::TestFinished(_) => self.0.inc(1),
            RunEvent::RunFinished(_) => self.0.finish_and_clear(),
        }
        Ok(())
    }
}

impl Reporter<SweepEvent> for Tests {
    fn take(&mut self, event: &SweepEvent) -> io::Result<()> {
        match event {
            SweepEvent::SweepStarted { .. } => {}
            SweepEvent::TestSwept(_) => self.0.inc(1),
            SweepEvent::SweepFinished(_) => self.0.finish_and_clear(),
        }
        Ok(())
    }
}
