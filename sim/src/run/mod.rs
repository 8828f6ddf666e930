//! Runs planned tests against worlds of their own. Prints nothing: it tells [`event::RunEvent`]s.

pub mod event;
mod order;
mod session;
mod text;

use std::num::NonZeroUsize;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::scenario::plan::{Root, Test};
use crate::target::Targets;
use crate::time::Time;
use crate::trace::Trace;
use event::{Outcome, RunEvent, TestReport, Totals};
pub(crate) use order::{in_order, pool};
use session::Session;

/// How to run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How many tests at once; as many as the machine has processors where it isn't said.
    pub jobs: Option<NonZeroUsize>,
    /// Begin no test after one has failed.
    pub fail_fast: bool,
    /// In place of the seeds in the files.
    pub seed: Option<u64>,
    /// Keys and PINs stand in traces and reports.
    pub show_secrets: bool,
    /// Where the firmware runs; in this process where it isn't said.
    pub targets: Option<Arc<Targets>>,
}

/// Why nothing was run.
#[derive(Debug)]
pub struct NoThreads(rayon::ThreadPoolBuildError);

impl std::fmt::Display for NoThreads {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "no threads to work on: {}", self.0)
    }
}

impl std::error::Error for NoThreads {}

/// Runs the selected tests and tells of each in the order of the files.
///
/// # Errors
///
/// Where the operating system gives no threads.
pub fn run(
    roots: &[Root],
    options: &Options,
    tell: &mut dyn FnMut(RunEvent),
) -> Result<Totals, NoThreads> {
    let tests = roots
        .iter()
        .flat_map(|root| &root.tests)
        .filter(|test| test.selected)
        .count();
    let all: usize = roots.iter().map(|root| root.tests.len()).sum();
    tell(RunEvent::RunStarted {
        tests,
        left_out: all - tests,
    });
    let mut teller = Teller {
        options,
        stopped: false,
        totals: Totals::default(),
        tell,
    };
    let stop = AtomicBool::new(false);
    let work = |root: &Root| run_unless(&stop, root, options);
    in_order(options.jobs, roots, work, |reports| teller.take(reports))?;
    let totals = Totals {
        not_run: tests - teller.totals.told(),
        ..teller.totals
    };
    tell(RunEvent::RunFinished(totals));
    Ok(totals)
}

type Reports = Vec<TestReport>;

fn run_unless(stop: &AtomicBool, root: &Root, options: &Options) -> Reports {
    if stop.load(Ordering::Relaxed) {
        return Vec::new();
    }
    let reports = run_root(root, options);
    let failed = reports
        .iter()
        .any(|report| report.outcome != Outcome::Passed);
    if options.fail_fast && failed {
        stop.store(true, Ordering::Relaxed);
    }
    reports
}

/// With `--fail-fast`, nothing is told after the first failure, whatever other threads had begun by then: so the same
/// files give the same report.
struct Teller<'a> {
    options: &'a Options,
    stopped: bool,
    totals: Totals,
    tell: &'a mut dyn FnMut(RunEvent),
}

impl Teller<'_> {
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
        }
    }
}

impl Totals {
    fn told(self) -> usize {
        self.passed + self.failed + self.broken
    }
}

/// Runs the selected tests of one scenario.
fn run_root(root: &Root, options: &Options) -> Reports {
    if !root.tests.iter().any(|test| test.selected) {
        return Vec::new();
    }
    let run = || {
        let lease = options.targets.as_ref().map(|targets| targets.lease());
        let lease = lease.transpose()?;
        let target = lease.as_ref().map(|lease| lease.target().clone());
        Session::begin(root, options, target).map(Session::run)
    };
    let message = match panic::catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(reports)) => return reports,
        Ok(Err(message)) => message,
        Err(payload) => format!("panicked: {}", said(&*payload)),
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

pub(crate) fn said(payload: &(dyn std::any::Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("nothing said")
}
