//! What a run tells while it goes on. Reporters make of it what people and programs read.

use serde::Serialize;

use crate::stage::StepError;
use crate::time::Time;
use crate::trace::{Trace, TraceEvent};

/// One thing that a run tells. Tests come in the order of the files, whatever the number of jobs: each begins once the one
/// before it is over, and nothing of another comes in between.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum RunEvent {
    /// First of all.
    RunStarted {
        /// How many tests will be run.
        tests: usize,
        /// How many there are besides, that weren't selected.
        left_out: usize,
    },
    /// The next test: all before it are over, and the run now waits for this one. With several jobs it may have begun
    /// earlier, and others after it may be under way.
    TestStarted {
        /// Its file.
        file: String,
        /// Its name, which may stand in a file more than once.
        name: String,
    },
    /// The test that began last is over.
    TestFinished(Box<TestReport>),
    /// Last of all.
    RunFinished(Totals),
}

/// How many tests ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// As expected.
    pub passed: usize,
    /// Otherwise than expected.
    pub failed: usize,
    /// Not at all: the device or the program failed.
    pub broken: usize,
    /// Not begun, because another had failed.
    pub not_run: usize,
}

/// A test that is over.
#[derive(Clone, Debug, Serialize)]
pub struct TestReport {
    /// Its file.
    pub file: String,
    /// Its name, which may stand in a file more than once.
    pub name: String,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// How much virtual time passed, in microseconds.
    pub virtual_time: Time,
    /// Everything that happened.
    #[serde(skip)]
    pub trace: Trace,
}

/// How a test ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// As expected.
    Passed,
    /// Otherwise.
    Failed {
        /// Why.
        failure: Failure,
    },
    /// The device or the program failed, which tells nothing about the scenario.
    Broken {
        /// Why.
        message: String,
    },
}

/// Why a test failed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failure {
    /// The step, as in `steps[3].repeat[0]`; none where it was the end of the test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<StepPlace>,
    /// Why.
    #[serde(flatten)]
    pub error: StepError,
    /// When, in virtual microseconds.
    pub at: Time,
    /// The same by a clock on the wall beside the lock.
    pub civil: String,
    /// When the last acting step began.
    pub since: Time,
    /// What happened since then; of a long time, the latest.
    pub trace: Vec<TraceEvent>,
}

/// Where a step stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepPlace {
    /// As in `steps[3].repeat[0]`.
    pub path: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The step itself in one line, without secrets.
    pub text: String,
    /// Its note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
