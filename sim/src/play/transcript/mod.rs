//! From a record to a scenario file that a person might have written, and that replays green.
//!
//! Names stand for digits, `until` for long waits, one `type` for keys pressed without a pause; after each thing that the
//! lock showed stands what it showed. A hesitation of the hand is left out where the lock doesn't mind. Whether it minds
//! is found out by running what was written: if that doesn't pass, it is written again with more of the time kept.

mod scribe;

use std::fmt;
use std::time::Duration;

use jiff::Unit;

use super::record::Record;
use crate::executor::InTurn;
use crate::moment::Moment;
use crate::run::event::{Failure, Outcome};
use crate::run::{Options, run_root};
use crate::scenario::load;
use crate::scenario::model::{Lock, Scenario};
use crate::scenario::plan::{Selection, plan};
use crate::scenario::print::print;
use crate::stage::Stage;
use crate::time::Time;
use scribe::Scribe;

/// What hung on the door to begin with.
#[derive(Clone, Debug)]
pub struct Origin {
    /// As a scenario has it.
    pub lock: Lock,
    /// When it was powered up.
    pub start: Moment,
    /// Seed of everything random.
    pub seed: u64,
}

/// A scenario as text.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// The file.
    pub text: String,
    /// How many steps it has.
    pub steps: usize,
}

/// The replay showed something else than the play did; why, and what was written.
#[derive(Clone, Debug)]
pub struct Unlike {
    pub failure: Box<Failure>,
}

impl fmt::Display for Unlike {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failure = &self.failure;
        write!(
            formatter,
            "replayed, it went otherwise: {}",
            failure.message
        )?;
        if let Some(step) = &failure.step {
            write!(formatter, "\nat {}", step.text)?;
        }
        failure.mismatches.iter().try_for_each(|miss| {
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
            let mut scribe = Scribe::new(stage, fidelity);
            scribe.write(record);
            let steps = scribe.steps;
            let transcript = Self {
                steps: steps.len(),
                text: print(&Scenario {
                    schema: None,
                    name: name.to_owned().into(),
                    about: None,
                    tags: None,
                    lock: origin.lock.clone(),
                    start: origin.start.into(),
                    seed: origin.seed,
                    cases: None,
                    steps,
                }),
            };
            match transcript.replay() {
                Ok(()) => return Ok(transcript),
                Err(failure) => unlike = Some(Unlike { failure }),
            }
        }
        Err(unlike.unwrap_or_else(|| unreachable!("at least one way of writing was tried")))
    }

    fn replay(&self) -> Result<(), Box<Failure>> {
        let file = load::read("played", self.text.as_bytes()).map_err(|invalid| {
            let problems: Vec<_> = invalid
                .problems
                .iter()
                .map(|problem| problem.message.clone())
                .collect();
            broken(problems.join("; "))
        })?;
        let roots = plan(vec![file], &Selection::default());
        let reports = roots
            .iter()
            .flat_map(|root| run_root(root, &Options::default(), &InTurn));
        match reports.last().map(|report| report.outcome) {
            Some(Outcome::Passed) => Ok(()),
            Some(Outcome::Failed { failure }) => Err(Box::new(failure)),
            Some(Outcome::Broken { message }) => Err(broken(message)),
            None => Err(broken("it holds no test".to_owned())),
        }
    }
}

fn broken(message: String) -> Box<Failure> {
    Box::new(Failure {
        step: None,
        message,
        mismatches: Vec::new(),
        at: Time::START,
        civil: String::new(),
        since: Time::START,
        trace: Vec::new(),
    })
}
