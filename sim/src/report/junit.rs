//! `JUnit` XML, as build servers read it. It carries virtual time only, so that the same run gives the same bytes.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::human::Human;
use super::reporters::Reporter;
use crate::run::event::{Outcome, RunEvent, TestReport};

/// Collects the tests of a run, and hands all of them to `write` at its end, as one XML document.
pub struct JUnit<W> {
    suites: BTreeMap<String, TestSuite>,
    write: W,
}

impl<W: FnMut(&str) -> io::Result<()>> JUnit<W> {
    /// To wherever `write` writes.
    pub fn new(write: W) -> Self {
        Self {
            suites: BTreeMap::new(),
            write,
        }
    }

    fn xml(&mut self) -> io::Result<String> {
        let mut report = Report::new("locksim");
        report.add_test_suites(std::mem::take(&mut self.suites).into_values());
        report.to_string().map_err(io::Error::other)
    }
}

impl<W: FnMut(&str) -> io::Result<()>> Reporter for JUnit<W> {
    fn take(&mut self, event: &RunEvent) -> io::Result<()> {
        match event {
            RunEvent::TestFinished(report) => {
                let suite = self.suites.entry(report.file.clone());
                suite
                    .or_insert_with(|| TestSuite::new(report.file.as_str()))
                    .add_test_case(case(report));
                Ok(())
            }
            RunEvent::RunFinished(_) => {
                let xml = self.xml()?;
                (self.write)(&xml)
            }
            RunEvent::RunStarted { .. } | RunEvent::TestStarted { .. } => Ok(()),
        }
    }
}

fn case(report: &TestReport) -> TestCase {
    let status = match &report.outcome {
        Outcome::Passed => TestCaseStatus::success(),
        Outcome::Failed { failure } => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status
                .set_type("expectation")
                .set_message(failure.error.message.as_str());
            status.set_description(told(report));
            status
        }
        Outcome::Broken { message } => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_type("lost").set_message(message.as_str());
            status
        }
    };
    let mut case = TestCase::new(report.name.as_str(), status);
    case.set_classname(report.file.as_str());
    case.set_time(
        report
            .virtual_time
            .since(crate::time::Time::START)
            .min(Duration::from_secs(u32::MAX.into())),
    );
    case
}

/// The same words that a person would see.
fn told(report: &TestReport) -> String {
    let mut human = Human::new(false);
    let event = RunEvent::TestFinished(Box::new(report.clone()));
    human.take(&event) + &human.take(&RunEvent::RunFinished(crate::run::event::Totals::default()))
}
