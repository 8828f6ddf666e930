//! A course: a lock, what was done with it, and why it stopped, so that all of it can be done again.
//!
//! Sweeps, explorations and hands each lead a stage somewhere in their own way. What they have in common stands here: the
//! [`Origin`] that it began with, the steps since, their way into a scenario file, the shortest way to the same failure,
//! and panics as errors.

mod caught;
mod shrink;

pub use caught::{Panicked, attempt, caught};

use crate::devices::MotorState;
use crate::moment::Moment;
use crate::scenario::model::expect::Expect;
use crate::scenario::model::step::{Step, Verb};
use crate::scenario::model::{Lock, Scenario};
use crate::stage::{Stage, StepError};
use crate::time::Lapse;
use crate::world::Secrets;

/// The mechanism has come to rest so long after a step, or never does.
const REST: Lapse = Lapse::from_micros(10_000_000);

/// A new lock: what it is, and all that decides what becomes of it before anybody touches it.
#[derive(Clone, Debug)]
pub struct Origin {
    /// As a scenario has it.
    pub lock: Lock,
    /// When it is powered up.
    pub start: Moment,
    /// Seed of everything random.
    pub seed: u64,
}

impl Origin {
    /// That of a scenario.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        Self {
            lock: scenario.lock.clone(),
            start: scenario.start.value,
            seed: scenario.seed,
        }
    }

    /// The lock, powered up, with its firmware in this process.
    ///
    /// # Errors
    ///
    /// What the checks of a scenario file would have found.
    pub fn stage(&self, secrets: Secrets) -> Result<Stage, String> {
        Stage::install(&self.lock, self.start, self.seed, secrets)
    }

    /// A scenario that begins with it.
    #[must_use]
    pub fn scenario(&self, name: &str, steps: Vec<Step>) -> Scenario {
        Scenario {
            schema: None,
            name: name.to_owned().into(),
            about: None,
            tags: None,
            lock: self.lock.clone(),
            start: self.start.into(),
            seed: self.seed,
            cases: None,
            steps,
        }
    }
}

/// A lock, and steps that are taken with it one after the other.
#[derive(Clone, Debug)]
pub struct Course {
    /// What it begins with.
    pub origin: Origin,
    /// None of them is a `repeat` or a `fork`.
    pub steps: Vec<Step>,
}

impl Course {
    /// Takes all steps with a new lock: why that stops before its end, with the steps up to there; none where it doesn't,
    /// or where there can be no such lock.
    #[must_use]
    pub fn replay(&self) -> Option<Finding> {
        let mut stage = self.origin.stage(Secrets::Hidden).ok()?;
        let mut steps = Vec::new();
        let outcome = attempt(|| {
            for step in &self.steps {
                steps.push(step.clone());
                stage.take(step)?;
            }
            stage.close()
        });
        let error = outcome.err()?;
        let origin = self.origin.clone();
        Some(Finding {
            course: Self { origin, steps },
            error,
        })
    }
}

/// A course that stops before its end, and why.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The last step is the one that failed, or after which the end did.
    pub course: Course,
    /// Why it stopped.
    pub error: StepError,
}

impl Finding {
    /// The shortest course that stops for the same cause; the message is what it stops with.
    #[must_use]
    pub fn shrink(self) -> Self {
        let cause = self.error.cause;
        shrink::shrink(self, &|course| {
            course
                .replay()
                .filter(|finding| finding.error.cause == cause)
        })
    }

    /// A scenario that fails for the same reason, until the reason is gone.
    #[must_use]
    pub fn scenario(&self, name: &str) -> Scenario {
        let rests = Expect {
            motor: Some(MotorState::Idle),
            within: Some(REST),
            ..Expect::default()
        };
        let mut steps = self.course.steps.clone();
        steps.push(Step::from(Verb::Expect(rests.into())));
        Scenario {
            about: Some(self.error.message.clone()),
            ..self.course.origin.scenario(name, steps)
        }
    }
}
