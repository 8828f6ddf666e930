//! One run with a cut: the steps from the cut on, and codes that are tried at the end.
//!
//! Everything is done by steps of the scenario language, so that [`super::script`] can write down what was done.

use firmware_core::audit::Event;

use super::baseline::Baseline;
use super::cuts::Planned;
use super::event::Shown;
use crate::devices::supply::SupplyState;
use crate::fault::{Fault, FaultName};
use crate::scenario::model::fault::Injection;
use crate::scenario::model::keys::Keys;
use crate::scenario::model::names::Power;
use crate::scenario::model::step::{Step, Verb};
use crate::stage::{Stage, StepError};
use crate::time::{Lapse, Time};
use crate::trace::TraceKind;

/// After the last step, until all that was begun has come to its end: a second cut, a motor's tries, an auto-lock.
const SETTLED: Lapse = Lapse::from_micros(15_000_000);
/// A lockout is over for sure by so much later.
const SURELY: Lapse = Lapse::from_micros(3_000_000);
/// A code has opened by then, or never does.
const JUDGED: Lapse = Lapse::from_micros(6_000_000);
/// The lock takes entries of so many digits for codes.
const CODE: std::ops::RangeInclusive<usize> = 4..=10;

/// A run on its way.
pub(super) struct Trial<'a> {
    baseline: &'a Baseline<'a>,
    stage: Stage,
    /// What was done since the baseline run.
    pub(super) done: Vec<Step>,
    /// What is done now, and so where a loss shows.
    pub(super) place: Shown,
}

/// What came of a run in which nothing was lost.
#[derive(Clone, Copy, Default)]
pub(super) struct Survived {
    /// Flash operations of the lock from its next boot on: those of the boot itself, and a few more.
    pub(super) recovery: u32,
    /// It told that it had repaired its store.
    pub(super) repaired: bool,
}

impl<'a> Trial<'a> {
    pub(super) fn new(baseline: &'a Baseline<'a>, planned: &Planned) -> Option<Self> {
        let point = baseline.points.get(planned.point)?;
        Some(Self {
            baseline,
            stage: point.stage.clone(),
            done: Vec::new(),
            place: Shown::Step(point.leaf.path.clone()),
        })
    }

    /// Arms the cut, does the remaining steps, and tries the codes. What should be seen isn't asked for any more, and
    /// what the cut hinders may fail.
    pub(super) fn run(&mut self, planned: &Planned) -> Result<Survived, StepError> {
        let begin = self.stage.world.trace().len();
        let fault = Injection {
            fault: Fault::PowerCut(planned.cut),
            optional: false,
        };
        self.take(Step::from(Verb::Fault(fault.into())))?;
        for point in self.baseline.points.iter().skip(planned.point) {
            let next = match &point.leaf.step.verb {
                // It let so much time pass.
                Verb::Expect(_) => Step::from(Verb::Wait(point.lasts)),
                _ => point.leaf.step.clone(),
            };
            self.place = Shown::Step(point.leaf.path.clone());
            self.take(next)?;
        }
        self.place = Shown::End;
        self.take(Step::from(Verb::Wait(SETTLED)))?;
        let survived = self.survived(begin);
        self.stage.close()?;
        self.probe()?;
        Ok(survived)
    }

    /// Whether the power has failed.
    pub(super) fn has_fired(&self) -> bool {
        self.stage.world.has_fired(FaultName::PowerCut)
    }

    /// All that has happened, but for the codes that were tried on copies.
    #[cfg(test)]
    pub(super) fn trace(&self) -> &crate::trace::Trace {
        self.stage.world.trace()
    }

    /// Does a step. One that only the cut can hinder is left out, or noted as one that may fail.
    fn take(&mut self, mut step: Step) -> Result<(), StepError> {
        let outcome = self.stage.take(&step);
        let hindered = outcome.as_ref().is_err_and(StepError::is_hindrance);
        step.optional |= hindered && step.verb.asks();
        // A moment that is over by now changes nothing.
        if !hindered || step.optional {
            self.done.push(step);
        }
        outcome.or_else(|why| if hindered { Ok(()) } else { Err(why) })
    }

    fn survived(&self, begin: usize) -> Survived {
        let trace = self.stage.world.trace();
        let is_cut = |kind: &TraceKind| {
            matches!(
                kind,
                TraceKind::Power {
                    supply: SupplyState::Cut
                }
            )
        };
        let mut later = trace.since(begin).skip_while(|event| !is_cut(&event.kind));
        let booted = later.find_map(|event| match event.kind {
            TraceKind::Boot { .. } => Some(event.at),
            _ => None,
        });
        let is_flash = |kind: &TraceKind| matches!(kind, TraceKind::Flash { .. });
        let flash: Vec<Time> = later
            .filter(|event| is_flash(&event.kind))
            .map(|event| event.at)
            .collect();
        let at_boot = flash.iter().filter(|at| Some(**at) == booted).count();
        let repaired = trace.since(begin).any(
            |event| matches!(&event.kind, TraceKind::Audit(entry) if entry.event == Event::StoreRepaired),
        );
        Survived {
            recovery: flash.len().min(at_boot.max(AFTER_BOOT)) as u32,
            repaired,
        }
    }

    /// Takes the power once more, and tries every code that anybody knows, each on a copy.
    fn probe(&mut self) -> Result<(), StepError> {
        let known = &self.stage.known;
        let mut codes = known.secrets();
        codes.retain(|code| CODE.contains(&code.len()));
        codes.sort();
        codes.dedup();
        self.take(Step::from(Verb::Power(Power::Cycle)))?;
        let now = self.stage.world.now();
        let deaf = self.stage.deaf_until().filter(|end| *end > now);
        let deaf = deaf.map_or(0, |end| end.micros() - now.micros() + SURELY.micros());
        let quiet = Lapse::from_micros(deaf.max(SETTLED.micros()));
        self.take(Step::from(Verb::Wait(quiet)))?;
        codes.iter().try_for_each(|code| self.probe_code(code))
    }

    fn probe_code(&mut self, code: &str) -> Result<(), StepError> {
        let name = self.stage.known.name_of_code(code);
        let keys = name
            .as_ref()
            .map_or_else(|| format!("{code}#"), |name| format!("${{{name}}}#"));
        let Ok(keys) = keys.parse::<Keys>() else {
            return Ok(());
        };
        let shown = name.unwrap_or_else(|| format!("pin:{}", code.len()));
        let mut copy = Trial {
            baseline: self.baseline,
            stage: self.stage.clone(),
            done: Vec::new(),
            place: Shown::Probe(shown),
        };
        let verbs = [Verb::Type(keys.into()), Verb::Wait(JUDGED)];
        let outcome = verbs
            .into_iter()
            .try_for_each(|verb| copy.take(Step::from(verb)));
        if outcome.is_err() {
            self.done.append(&mut copy.done);
            self.place = copy.place;
        }
        outcome
    }
}

/// Flash operations after a boot that did nothing to the flash are worth a second cut, too, so many.
const AFTER_BOOT: usize = 3;
