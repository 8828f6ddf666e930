//! A walk: a lock, and what people do to it for a while.

use firmware_core::audit::EventKind;

use super::actors::Actors;
use super::coverage::Coverage;
use super::dice::Dice;
use crate::course::{Course, Finding, Origin, attempt};
use crate::rng::{Random, Stream};
use crate::scenario::model::Lock;
use crate::scenario::model::step::{Step, Verb};
use crate::stage::{Stage, StepError};
use crate::trace::{TraceEvent, TraceKind};
use crate::world::Secrets;

/// Steps of a walk, those that it took over included.
const STEPS: usize = 140;
/// Steps that a walk adds to what it took over.
const OWN: usize = 50;
/// Zones that walks begin in: with summer time north and south, by half an hour, and without any.
const ZONES: [&str; 5] = [
    "America/Denver",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Santiago",
];
/// When they begin; some just before the clocks are changed.
const STARTS: [&str; 5] = [
    "2026-12-01T15:00",
    "2027-03-13T20:00",
    "2027-03-27T21:00",
    "2027-10-30T22:00",
    "2028-02-28T12:00",
];

/// Where a walk stands: others may go on from there.
#[derive(Clone)]
pub(super) struct Walk {
    course: Course,
    stage: Stage,
    actors: Actors,
}

/// What a walk came to.
pub(super) struct Outcome {
    pub(super) walk: Option<Walk>,
    pub(super) coverage: Coverage,
    pub(super) found: Option<Finding>,
    /// Steps that were taken.
    pub(super) steps: usize,
    /// How often the door was opened.
    pub(super) openings: usize,
}

impl Walk {
    /// A new lock.
    pub(super) fn begin(random: &mut Random) -> Result<Self, String> {
        let mut dice = Dice(random);
        let zone = dice
            .one(&ZONES)
            .parse()
            .map_err(|error: crate::zones::UnknownZone| error.to_string())?;
        let start = dice.one(&STARTS).parse()?;
        let origin = Origin {
            lock: Lock {
                timezone: Some(crate::scenario::model::Zone(zone).into()),
                ..Lock::default()
            },
            start,
            seed: random.below(1 << 32),
        };
        let stage = origin.stage(Secrets::Hidden)?;
        let course = Course {
            origin,
            steps: Vec::new(),
        };
        Ok(Self {
            course,
            stage,
            actors: Actors::default(),
        })
    }

    /// Whether others may still go on from here.
    pub(super) fn is_young(&self) -> bool {
        self.course.steps.len() + OWN / 2 < STEPS
    }

    /// Goes on, as `seed` has it.
    pub(super) fn go_on(mut self, seed: u64) -> Outcome {
        let mut random = Random::new(seed, Stream::Walk);
        let mut coverage = Coverage::default();
        let before = self.course.steps.len();
        let first = self.stage.world.trace().len();
        let walked = attempt(|| self.walk(&mut random, &mut coverage));
        coverage.functions(&self.stage.monitor);
        let failure = walked.err().filter(|stop| !stop.is_hindrance());
        let openings = self
            .stage
            .world
            .trace()
            .since(first)
            .filter(|event| opens(event))
            .count();
        let steps = self.course.steps.len() - before;
        let found = failure.map(|error| Finding {
            course: self.course.clone(),
            error,
        });
        Outcome {
            walk: found.is_none().then_some(self),
            coverage,
            found,
            steps,
            openings,
        }
    }

    fn walk(&mut self, random: &mut Random, coverage: &mut Coverage) -> Result<(), StepError> {
        let end = (self.course.steps.len() + OWN).min(STEPS);
        let mut looked_at = self.stage.world.trace().len();
        let mut standing = self.stage.monitor.standing(self.stage.world.now());
        while self.course.steps.len() < end {
            for verb in self.actors.next(&self.stage, &mut Dice(random)) {
                self.take(verb)?;
                let standing_now = coverage.look(&self.stage, looked_at, standing);
                looked_at = self.stage.world.trace().len();
                standing = standing_now;
            }
        }
        self.stage.close()
    }

    /// Takes a step. One that can't be taken is none: the port may be deaf, or the app refuse.
    fn take(&mut self, verb: Verb) -> Result<(), StepError> {
        let may_fail = matches!(
            verb,
            Verb::Issue(_) | Verb::Settings(_) | Verb::SetClock(_) | Verb::Until(_)
        );
        let before = may_fail.then(|| self.stage.clone());
        let step = Step::from(verb);
        let outcome = self.stage.take(&step);
        let refused = outcome.as_ref().is_err_and(StepError::is_hindrance);
        if let Some(before) = before.filter(|_| refused) {
            self.stage = before;
            return Ok(());
        }
        self.course.steps.push(step);
        outcome
    }
}

fn opens(event: &TraceEvent) -> bool {
    matches!(&event.kind, TraceKind::Audit(entry) if entry.event.kind() == EventKind::Unlocked)
}
