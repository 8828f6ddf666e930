//! `JUnit` XML, as build servers read it. It carries virtual time only, so that the same run gives the same bytes.

use std::collections::BTreeMap;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::human::Human;
use crate::run::event::{Outcome, RunEvent, TestReport};

/// Collects the tests of a run.
#[derive(Default)]
pub struct JUnit {
    suites: BTreeMap<String, TestSuite>,
}

impl JUnit {
    /// Notes an event.
    pub fn take(&mut self, event: &RunEvent) {
        if let RunEvent::TestFinished(report) = event {
            let suite = self.suites.entry(report.file.clone());
            suite
                .or_insert_with(|| TestSuite::new(report.file.as_str()))
                .add_test_case(case(report));
        }
    }

    /// The whole as XML.
    ///
    /// # Errors
    ///
    /// None that the reports we know can cause.
    pub fn xml(self) -> Result<String, quick_junit::SerializeError> {
        let mut report = Report::new("locksim");
        report.add_test_suites(self.suites.into_values());
        report.to_string()
    }
}

fn case(report: &TestReport) -> TestCase {
    let status = match &report.outcome {
        Outcome::Passed => TestCaseStatus::success(),
        Outcome::Failed { failure } => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status
                .set_type("expectation")
                .set_message(failure.message.as_str());
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
