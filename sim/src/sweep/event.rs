//! What a sweep tells while it goes on.

use serde::Serialize;

use crate::devices::flash::FlashOperation;
use crate::scenario::model::Scenario;

/// One thing that a sweep tells. Tests come in the order of the files, whatever the number of jobs.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum SweepEvent {
    /// First of all.
    SweepStarted {
        /// How many tests will be swept.
        tests: usize,
    },
    /// A test has had all its cuts.
    TestSwept(Box<TestSwept>),
    /// Last of all.
    SweepFinished(Totals),
}

/// What all tests come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Tests that were swept.
    pub tests: usize,
    /// Flash operations of their baseline runs.
    pub operations: usize,
    /// Runs with a cut.
    pub cuts: usize,
    /// Those after which something was lost.
    pub losses: usize,
    /// Tests that don't pass without a cut, and so were not swept.
    pub failed: usize,
}

/// A test and its cuts.
#[derive(Clone, Debug, Serialize)]
pub struct TestSwept {
    /// Its file.
    pub file: String,
    /// Its name, which may stand in a file more than once.
    pub name: String,
    /// Writes and sector erases of the baseline run, but for those of its first boot, which comes before any step.
    pub operations: usize,
    /// How many runs with a cut there were.
    pub cuts: usize,
    /// How many of them cut the power a second time, inside what the lock did after the first.
    pub second_cuts: usize,
    /// Those after which the lock told that it had repaired its store. It took the cut for damage, and nothing may be lost
    /// for all that.
    pub repaired: Vec<CutPlace>,
    /// In the order of the cuts.
    pub losses: Vec<Loss>,
    /// Why it wasn't swept: it doesn't pass without a cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

/// A run with a cut in which a rule was broken.
#[derive(Clone, Debug, Serialize)]
pub struct Loss {
    /// Where the power failed.
    pub cut: CutPlace,
    /// The rule by its name in traces; `panicked` where the firmware or the bench did.
    pub rule: String,
    /// What was wrong, in one clause.
    pub message: String,
    /// Where it showed: at a step, at the end, or when a code was tried after the end.
    pub shown: Shown,
    /// The run as a scenario.
    #[serde(skip)]
    pub scenario: Box<Scenario>,
}

/// When a loss showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// At this step.
    Step(String),
    /// When the settings were read at the end.
    End,
    /// When this code was typed after another loss of power: a PIN's name, or how many digits.
    Probe(String),
}

/// Where the power failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CutPlace {
    /// The step that was under way.
    pub step: String,
    /// From 1, in the file.
    pub line: usize,
    /// The flash operation by its number in traces, counted from 1 over the run.
    pub operation: u64,
    /// Which.
    pub kind: FlashOperation,
    /// Its first byte's.
    pub address: u32,
    /// How many bytes it has.
    pub bytes: u32,
    /// How many of them were whole; none where the pattern decides that, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte: Option<u32>,
    /// Which bits were left of what was torn.
    pub pattern: u8,
    /// The second cut: inside the flash operation of this number after power was back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again: Option<u32>,
}

impl CutPlace {
    /// For people, in a few words.
    #[must_use]
    pub fn words(&self) -> String {
        let kind = match self.kind {
            FlashOperation::Write => "write",
            FlashOperation::Erase => "erase",
        };
        let byte = self.byte.map(|byte| format!(" after {byte} bytes"));
        let again = self
            .again
            .map(|number| format!(" and again in operation {number} after that"));
        format!(
            "cut in operation {} ({kind} of {} bytes at {:#07x}){}, pattern {}{}",
            self.operation,
            self.bytes,
            self.address,
            byte.unwrap_or_default(),
            self.pattern,
            again.unwrap_or_default(),
        )
    }
}
