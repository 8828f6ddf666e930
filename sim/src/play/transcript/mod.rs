//! From a record to a scenario file that a person might have written, and that replays green.
//!
//! Names stand for digits, `until` for long waits, one `type` for keys pressed without a pause; after each thing that the
//! lock showed stands what it showed. A hesitation of the hand is left out where the lock doesn't mind. Whether it minds
//! is found out by running what was written: if that doesn't pass, it is written again with more of the time kept.

mod writer;

use std::fmt;
use std::time::Duration;

use jiff::Unit;

use super::record::Record;
use crate::course::Origin;
use crate::executor::InTurn;
use crate::run::event::Outcome;
use crate::run::{Options, run_root};
use crate::scenario::load;
use crate::scenario::plan::{Selection, plan};
use crate::scenario::print::print;
use crate::stage::{Stage, StepError};
use writer::ScenarioWriter;

/// A scenario as text.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// The file.
    pub text: String,
    /// How many steps it has.
    pub steps: usize,
}

/// The replay showed something else than the play did.
#[derive(Clone, Debug)]
pub struct Unlike {
    error: StepError,
    /// The step that showed it, in one line; none where it was the end.
    step: Option<String>,
}

impl From<String> for Unlike {
    fn from(message: String) -> Self {
        Self {
            error: message.into(),
            step: None,
        }
    }
}

impl fmt::Display for Unlike {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = &self.error;
        write!(formatter, "replayed, it went otherwise: {}", error.message)?;
        if let Some(step) = &self.step {
            write!(formatter, "\nat {step}")?;
        }
        error.mismatches.iter().try_for_each(|miss| {
            write!(
                formatter,
                "\n{}: seen here {}, there {}",
                miss.key, miss.expected, miss.seen
            )
        })
    }
}

/// How much of the hand's own time is kept.
#[derive(Clone, Copy)]
struct Fidelity {
    /// Gaps between steps that are shorter are left out.
    keep: Duration,
    /// Keys further apart than this aren't typed in one go.
    split: Duration,
    /// Times are cut to this.
    unit: Unit,
    /// What was begun before the hand's time was left out is waited for so much longer.
    patient: bool,
}

const FIDELITIES: [Fidelity; 4] = [
    Fidelity {
        keep: Duration::from_secs(8),
        split: Duration::from_secs(8),
        unit: Unit::Second,
        patient: false,
    },
    Fidelity {
        keep: Duration::from_secs(8),
        split: Duration::from_secs(8),
        unit: Unit::Second,
        patient: true,
    },
    Fidelity {
        keep: Duration::from_millis(400),
        split: Duration::from_millis(1_500),
        unit: Unit::Millisecond,
        patient: true,
    },
    Fidelity {
        keep: Duration::ZERO,
        split: Duration::from_millis(121),
        unit: Unit::Microsecond,
        patient: true,
    },
];

impl Transcript {
    /// Writes down what was played, and replays it.
    ///
    /// # Errors
    ///
    /// Where even a replay true to the microsecond shows something else.
    pub fn of(name: &str, origin: &Origin, record: &Record, stage: &Stage) -> Result<Self, Unlike> {
        let mut unlike = None;
        for fidelity in FIDELITIES {
            let mut writer = ScenarioWriter::new(stage, fidelity);
            writer.write(record);
            let steps = writer.steps;
            let transcript = Self {
                steps: steps.len(),
                text: print(&origin.scenario(name, steps)),
            };
            match transcript.replay() {
                Ok(()) => return Ok(transcript),
                Err(why) => unlike = Some(why),
            }
        }
        Err(unlike.unwrap_or_else(|| unreachable!("at least one way of writing was tried")))
    }

    fn replay(&self) -> Result<(), Unlike> {
        let file = load::read("played", self.text.as_bytes()).map_err(|invalid| {
            let problems: Vec<_> = invalid
                .problems
                .iter()
                .map(|problem| problem.message.clone())
                .collect();
            problems.join("; ")
        })?;
        let roots = plan(vec![file], &Selection::default());
        let reports = roots
            .iter()
            .flat_map(|root| run_root(root, &Options::default(), &InTurn));
        match reports.last().map(|report| report.outcome) {
            Some(Outcome::Passed) => Ok(()),
            Some(Outcome::Failed { failure }) => Err(Unlike {
                step: failure.step.map(|step| step.text),
                error: failure.error,
            }),
            Some(Outcome::Broken { message }) => Err(message.into()),
            None => Err("it holds no test".to_owned().into()),
        }
    }
}
