//! One scenario on its way.

use super::event::{Failure, Outcome, StepPlace, TestReport};
use super::{Options, text};
use crate::course::caught;
use crate::executor::{Executor, InTurn, map};
use crate::fault::Fault;
use crate::scenario::model::step::{Branch, Repeat, Step, Verb};
use crate::scenario::plan::{Root, Test, tests_in};
use crate::stage::{Stage, StepError};
use crate::trace::{FaultState, TraceEvent, TraceKind};
use crate::world::{Forks, Secrets};

/// A report shows no more events than this.
const SHOWN: usize = 500;

/// A scenario on its way. A fork clones it.
#[derive(Clone)]
pub(super) struct Session<'a> {
    root: &'a Root,
    options: &'a Options<'a>,
    executor: &'a dyn Executor,
    stage: Stage,
    armed: Vec<Armed>,
}

/// A fault that should fire.
#[derive(Clone)]
struct Armed {
    fault: Fault,
    since: usize,
    place: StepPlace,
}

impl<'a> Session<'a> {
    /// Hangs the lock on the door and powers it up.
    ///
    /// # Errors
    ///
    /// A scenario that should not have passed its checks.
    pub(super) fn begin(
        root: &'a Root,
        options: &'a Options<'a>,
        executor: &'a dyn Executor,
    ) -> Result<Self, String> {
        let scenario = &root.scenario;
        let secrets = if options.show_secrets {
            Secrets::Shown
        } else {
            Secrets::Hidden
        };
        let seed = options.seed.unwrap_or(scenario.seed);
        let start = scenario.start.value;
        Ok(Self {
            root,
            options,
            executor,
            stage: Stage::install_with(options.devices, &scenario.lock, start, seed, secrets)?,
            armed: Vec::new(),
        })
    }

    /// Runs the scenario's selected tests.
    pub(super) fn run(self) -> Vec<TestReport> {
        let root = self.root;
        self.drive(&root.scenario.steps, "steps", &root.tests)
    }

    fn drive(mut self, steps: &'a [Step], list: &str, tests: &[Test]) -> Vec<TestReport> {
        for (number, step) in steps.iter().enumerate() {
            let path = format!("{list}[{number}]");
            if let Verb::Fork(branches) = &step.verb {
                return self.fork(branches, &path, tests);
            }
            if let Err(failure) = self.step(step, &path) {
                return self.ended(tests, Some(*failure));
            }
        }
        let closing = self.stage.close();
        let failure = match closing {
            Err(stop) => Some(self.failure(None, stop)),
            Ok(()) => self.unfired(),
        };
        self.ended(tests, failure)
    }

    /// What a lost device showed proves nothing.
    fn ended(&self, tests: &[Test], failure: Option<Failure>) -> Vec<TestReport> {
        let outcome = match (self.stage.world.lost(), failure) {
            (Some(message), _) => Outcome::Broken { message },
            (None, None) => Outcome::Passed,
            (None, Some(failure)) => Outcome::Failed { failure },
        };
        self.reports(tests, &outcome)
    }

    fn fork(&self, branches: &'a [Branch], path: &str, tests: &[Test]) -> Vec<TestReport> {
        let mut rest = tests;
        let mut ways = Vec::new();
        for (number, branch) in branches.iter().enumerate() {
            let (own, others) = rest.split_at(tests_in(&branch.steps).min(rest.len()));
            rest = others;
            if own.iter().any(|test| test.selected) {
                ways.push((format!("{path}.fork[{number}].steps"), branch, own));
            }
        }
        let way = |(list, branch, own): &(String, &'a Branch, &[Test])| {
            let session = self.clone();
            let run = || session.drive(&branch.steps, list, own);
            caught(run).unwrap_or_else(|panicked| {
                let message = panicked.to_string();
                self.reports(own, &Outcome::Broken { message })
            })
        };
        let executor = match self.options.devices.forks() {
            Forks::SideBySide => self.executor,
            Forks::InTurn => &InTurn,
        };
        map(executor, &ways, way).concat()
    }

    fn reports(&self, tests: &[Test], outcome: &Outcome) -> Vec<TestReport> {
        let report = |test: &Test| TestReport {
            file: self.root.source.path.clone(),
            name: test.name.clone(),
            outcome: outcome.clone(),
            virtual_time: self.stage.world.now(),
            trace: self.stage.world.trace().clone(),
        };
        tests
            .iter()
            .filter(|test| test.selected)
            .map(report)
            .collect()
    }

    fn step(&mut self, step: &'a Step, path: &str) -> Result<(), Box<Failure>> {
        if let Verb::Repeat(repeat) = &step.verb {
            return self.repeat(repeat, path);
        }
        let place = self.place(step, path);
        self.stage.begin(&step.verb);
        if !matches!(step.verb, Verb::Expect(_)) {
            self.stage.world.note(TraceKind::Step {
                path: path.to_owned(),
                text: place.text.clone(),
            });
        }
        self.arm(step, &place);
        let outcome = self.stage.go_on(step);
        if let Verb::Expect(_) = step.verb {
            self.mark_expectation(path, &outcome);
        }
        outcome.map_err(|stop| Box::new(self.failure(Some(place), stop)))
    }

    fn arm(&mut self, step: &Step, place: &StepPlace) {
        if let Verb::Fault(injection) = &step.verb
            && !injection.optional
        {
            self.armed.push(Armed {
                fault: injection.fault,
                since: self.stage.world.trace().len(),
                place: place.clone(),
            });
        }
    }

    fn repeat(&mut self, repeat: &'a Repeat, path: &str) -> Result<(), Box<Failure>> {
        for round in 1..=repeat.times.value {
            for (number, step) in repeat.steps.iter().enumerate() {
                self.step(step, &format!("{path}.repeat[{number}] in round {round}"))?;
            }
        }
        Ok(())
    }

    fn place(&self, step: &Step, path: &str) -> StepPlace {
        let place = self.root.source.place(step.span);
        StepPlace {
            path: path.to_owned(),
            line: place.line,
            column: place.column,
            text: text::step(step, &self.root.source, self.options.show_secrets),
            note: step.note.clone(),
        }
    }

    fn mark_expectation(&mut self, path: &str, outcome: &Result<(), StepError>) {
        let text = match outcome {
            Ok(()) => String::new(),
            Err(stop) => {
                let words = stop.mismatches.iter();
                let words: Vec<_> = words
                    .map(|miss| format!("{}: {}, seen {}", miss.key, miss.expected, miss.seen))
                    .collect();
                words.join("; ")
            }
        };
        self.stage.world.note(TraceKind::Expect {
            path: path.to_owned(),
            met: outcome.is_ok(),
            text,
        });
    }

    fn failure(&self, place: Option<StepPlace>, stop: StepError) -> Failure {
        let trace: Vec<TraceEvent> = self
            .stage
            .world
            .trace()
            .since(self.stage.window.first)
            .cloned()
            .collect();
        let skipped = trace.len().saturating_sub(SHOWN);
        Failure {
            step: place,
            error: stop,
            at: self.stage.world.now(),
            civil: self
                .stage
                .known
                .zone
                .at(self.stage.utc())
                .strftime("%a %F %T%.f %Z")
                .to_string(),
            since: self.stage.window.begun,
            trace: trace.into_iter().skip(skipped).collect(),
        }
    }

    /// A fault that should have fired and did not.
    fn unfired(&self) -> Option<Failure> {
        let fired = |armed: &&Armed| {
            self.stage.world.trace().since(armed.since).any(
                |event| matches!(&event.kind, TraceKind::Fault { fault, state: FaultState::Fired } if *fault == armed.fault),
            )
        };
        let armed = self.armed.iter().find(|armed| !fired(armed))?;
        let message = format!(
            "the fault `{}` never fired, and isn't `optional`",
            armed.fault.name()
        );
        Some(self.failure(Some(armed.place.clone()), message.into()))
    }
}
