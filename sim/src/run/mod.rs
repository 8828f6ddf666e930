//! Runs planned tests against worlds of their own. Prints nothing: it tells [`event::RunEvent`]s.

pub mod event;
mod session;
mod text;

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::course::caught;
use crate::executor::{Executor, in_order};
use crate::scenario::plan::{Root, Test};
use crate::time::Time;
use crate::trace::Trace;
use crate::world::{DeviceSource, InProcess};
use event::{Outcome, RunEvent, TestReport, Totals};
use session::Session;

/// How to run.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Begin no test after one has failed.
    pub fail_fast: bool,
    /// In place of the seeds in the files.
    pub seed: Option<u64>,
    /// Keys and PINs stand in traces and reports.
    pub show_secrets: bool,
    /// Where the firmware runs.
    pub devices: &'a dyn DeviceSource,
}

impl Default for Options<'_> {
    /// Every test, with the seeds in the files and without secrets, the firmware in this process.
    fn default() -> Self {
        Self {
            fail_fast: false,
            seed: None,
            show_secrets: false,
            devices: &InProcess,
        }
    }
}

/// Runs the selected tests and tells of each in the order of the files.
pub fn run(
    roots: &[Root],
    options: &Options<'_>,
    executor: &dyn Executor,
    tell: &mut dyn FnMut(RunEvent),
) -> Totals {
    let selected = selected(roots);
    let tests = selected.len();
    let all: usize = roots.iter().map(|root| root.tests.len()).sum();
    tell(RunEvent::RunStarted {
        tests,
        left_out: all - tests,
    });
    let mut teller = Teller {
        options,
        coming: selected.into_iter(),
        stopped: false,
        totals: Totals::default(),
        tell,
    };
    teller.begin();
    let failed = AtomicUsize::new(usize::MAX);
    let numbered: Vec<(usize, &Root)> = roots.iter().enumerate().collect();
    let work = |(number, root): &(usize, &Root)| {
        run_unless_failed(&failed, *number, root, options, executor)
    };
    in_order(executor, &numbered, work, |reports| teller.take(reports));
    let totals = Totals {
        not_run: tests - teller.totals.told(),
        ..teller.totals
    };
    tell(RunEvent::RunFinished(totals));
    totals
}

/// The selected tests, each with its scenario, in the order of the files.
fn selected(roots: &[Root]) -> Vec<(&Root, &Test)> {
    let tests = roots
        .iter()
        .flat_map(|root| root.tests.iter().map(move |test| (root, test)));
    tests.filter(|(_, test)| test.selected).collect()
}

/// What came of the tests of one scenario.
type Reports = Vec<TestReport>;

/// Runs the tests of a scenario, unless one before it has failed and that ends the run. `failed` is the number of the
/// first scenario in which a test failed, so far; those before it are run all the same, whoever comes to them last.
fn run_unless_failed(
    failed: &AtomicUsize,
    number: usize,
    root: &Root,
    options: &Options<'_>,
    executor: &dyn Executor,
) -> Reports {
    if failed.load(Ordering::Relaxed) < number {
        return Vec::new();
    }
    let reports = run_root(root, options, executor);
    let fails = reports
        .iter()
        .any(|report| report.outcome != Outcome::Passed);
    if options.fail_fast && fails {
        failed.fetch_min(number, Ordering::Relaxed);
    }
    reports
}

/// With `--fail-fast`, nothing is told after the first failure, whatever other threads had begun by then: so the same
/// files give the same report.
struct Teller<'a> {
    options: &'a Options<'a>,
    /// Tests that aren't begun.
    coming: std::vec::IntoIter<(&'a Root, &'a Test)>,
    stopped: bool,
    totals: Totals,
    tell: &'a mut dyn FnMut(RunEvent),
}

impl Teller<'_> {
    fn begin(&mut self) {
        if let Some((root, test)) = self.coming.next() {
            (self.tell)(RunEvent::TestStarted {
                file: root.source.path.clone(),
                name: test.name.clone(),
            });
        }
    }

    fn take(&mut self, reports: Reports) {
        for report in reports {
            if self.stopped {
                return;
            }
            match report.outcome {
                Outcome::Passed => self.totals.passed += 1,
                Outcome::Failed { .. } => self.totals.failed += 1,
                Outcome::Broken { .. } => self.totals.broken += 1,
            }
            self.stopped = self.options.fail_fast && report.outcome != Outcome::Passed;
            (self.tell)(RunEvent::TestFinished(Box::new(report)));
            if !self.stopped {
                self.begin();
            }
        }
    }
}

impl Totals {
    fn told(self) -> usize {
        self.passed + self.failed + self.broken
    }
}

/// Runs the selected tests of one scenario.
pub(crate) fn run_root(root: &Root, options: &Options<'_>, executor: &dyn Executor) -> Reports {
    if !root.tests.iter().any(|test| test.selected) {
        return Vec::new();
    }
    let run = || Session::begin(root, options, executor).map(Session::run);
    let message = match caught(run) {
        Ok(Ok(reports)) => return reports,
        Ok(Err(message)) => message,
        Err(panicked) => panicked.to_string(),
    };
    let broken = |test: &Test| TestReport {
        file: root.source.path.clone(),
        name: test.name.clone(),
        outcome: Outcome::Broken {
            message: message.clone(),
        },
        virtual_time: Time::START,
        trace: Trace::default(),
    };
    root.tests
        .iter()
        .filter(|test| test.selected)
        .map(broken)
        .collect()
}

#[cfg(test)]
mod tests;
