//! One scenario on its way: a world, and what its people know.

mod acts;
mod installer;

use std::panic::{self, AssertUnwindSafe};

use firmware_core::code::Code;
use jiff::Timestamp;
use rayon::prelude::*;
use smartpin::{LockKey, SerialNumber};

use super::book::Knowledge;
use super::event::{Failure, Mismatch, Outcome, StepPlace, TestReport};
use super::judge::{Seen, Verdict};
use super::{Options, said, text};
use crate::devices::{BoltState, MotorState};
use crate::fault::Fault;
use crate::owner::{Book, TEST_SERIAL, TEST_SITE_KEY, lock_key};
use crate::scenario::model::Lock;
use crate::scenario::model::expect::Expect;
use crate::scenario::model::step::{Branch, Repeat, Step, Verb};
use crate::scenario::model::time::Moment;
use crate::scenario::plan::{Root, Test, tests_in};
use crate::scenario::settings::of_lock;
use crate::time::{Lapse, Time};
use crate::trace::{FaultState, Rule, TraceEvent, TraceKind};
use crate::world::{Secrets, Setup, World};

/// How long an expectation waits that doesn't say.
const WITHIN: Lapse = Lapse::from_micros(3_000_000);
/// A report shows no more events than this.
const SHOWN: usize = 500;

/// A scenario on its way. A fork clones it.
#[derive(Clone)]
pub(super) struct Session<'a> {
    root: &'a Root,
    options: &'a Options,
    world: World,
    known: Knowledge,
    window: Window,
    armed: Vec<Armed>,
    /// How many events of the trace were looked at.
    looked_at: usize,
    /// When the last key went up.
    released: Option<Time>,
}

/// What an expectation looks at: from the beginning of the last acting step.
#[derive(Clone, Copy)]
struct Window {
    first: usize,
    begun: Time,
    bolt: BoltState,
    motor: MotorState,
}

/// A fault that should fire.
#[derive(Clone)]
struct Armed {
    fault: Fault,
    optional: bool,
    since: usize,
    place: StepPlace,
}

/// A step that could not be done, or did not show what it should.
struct Stop {
    message: String,
    mismatches: Vec<Mismatch>,
}

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Self {
            message,
            mismatches: Vec::new(),
        }
    }
}

impl<'a> Session<'a> {
    /// Hangs the lock on the door and powers it up.
    ///
    /// # Errors
    ///
    /// A scenario that should not have passed its checks.
    pub(super) fn begin(root: &'a Root, options: &'a Options) -> Result<Self, String> {
        let scenario = &root.scenario;
        let (settings, zone) = of_lock(&scenario.lock);
        let start = match scenario.start.value {
            Moment::Exact(stamp) => Some(stamp),
            Moment::Civil(civil) => zone.instants(civil).first(),
        };
        let start = start.ok_or("the clocks skip the start")?;
        let lock_key = key(&scenario.lock)?;
        let code = scenario
            .lock
            .programming_code
            .as_ref()
            .map(|code| code.value.as_str());
        let setup = Setup {
            lock_key: lock_key.clone(),
            settings: settings.clone(),
            programming_code: code.and_then(entered),
            start,
            seed: options.seed.unwrap_or(scenario.seed),
            secrets: if options.show_secrets {
                Secrets::Shown
            } else {
                Secrets::Hidden
            },
        };
        let world =
            World::new(&setup).map_err(|error| format!("the store takes no lock: {error:?}"))?;
        let window = Window {
            first: 0,
            begun: Time::START,
            bolt: world.bolt(),
            motor: world.motor(),
        };
        let known = Knowledge::new(Book::new(lock_key), settings, zone, code);
        let session = Self {
            root,
            options,
            world,
            known,
            window,
            armed: Vec::new(),
            looked_at: 0,
            released: None,
        };
        Ok(session)
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
                return self.reports(tests, &Outcome::Failed { failure: *failure });
            }
        }
        let outcome = match self.unfired() {
            None => Outcome::Passed,
            Some(failure) => Outcome::Failed { failure },
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
            panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|payload| {
                let message = format!("panicked: {}", said(&*payload));
                self.reports(own, &Outcome::Broken { message })
            })
        };
        ways.par_iter().flat_map(way).collect()
    }

    fn reports(&self, tests: &[Test], outcome: &Outcome) -> Vec<TestReport> {
        let report = |test: &Test| TestReport {
            file: self.root.source.path.clone(),
            name: test.name.clone(),
            outcome: outcome.clone(),
            virtual_time: self.world.now(),
            trace: self.world.trace().clone(),
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
        if step.verb.acts() {
            self.window = Window {
                first: self.world.trace().len(),
                begun: self.world.now(),
                bolt: self.world.bolt(),
                motor: self.world.motor(),
            };
        }
        if !matches!(step.verb, Verb::Expect(_)) {
            self.world.note(TraceKind::Step {
                path: path.to_owned(),
                text: place.text.clone(),
            });
        }
        let outcome = self.act(step, &place);
        if let Verb::Expect(_) = step.verb {
            self.mark_expectation(path, &outcome);
        }
        outcome.map_err(|stop| Box::new(self.failure(Some(place), stop)))
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

    fn mark_expectation(&mut self, path: &str, outcome: &Result<(), Stop>) {
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
        self.world.note(TraceKind::Expect {
            path: path.to_owned(),
            met: outcome.is_ok(),
            text,
        });
    }

    fn failure(&self, place: Option<StepPlace>, stop: Stop) -> Failure {
        let trace: Vec<TraceEvent> = self
            .world
            .trace()
            .since(self.window.first)
            .cloned()
            .collect();
        let skipped = trace.len().saturating_sub(SHOWN);
        Failure {
            step: place,
            message: stop.message,
            mismatches: stop.mismatches,
            at: self.world.now(),
            civil: self
                .known
                .zone
                .at(self.utc())
                .strftime("%a %F %T%.f %Z")
                .to_string(),
            since: self.window.begun,
            trace: trace.into_iter().skip(skipped).collect(),
        }
    }

    /// A fault that should have fired and did not.
    fn unfired(&self) -> Option<Failure> {
        let fired = |armed: &&Armed| {
            self.world.trace().since(armed.since).any(
                |event| matches!(&event.kind, TraceKind::Fault { fault, state: FaultState::Fired } if *fault == armed.fault),
            )
        };
        let armed = self
            .armed
            .iter()
            .filter(|armed| !armed.optional)
            .find(|armed| !fired(armed))?;
        let message = format!(
            "the fault `{}` never fired, and isn't `optional`",
            armed.fault.name()
        );
        Some(self.failure(Some(armed.place.clone()), message.into()))
    }

    fn utc(&self) -> Timestamp {
        self.world.utc()
    }

    /// Lets time pass, and looks at what happened.
    fn advance(&mut self, to: Time) -> Result<(), Stop> {
        self.world.run_until(to);
        let mut broken = None;
        for event in self.world.trace().since(self.looked_at) {
            match &event.kind {
                TraceKind::Audit(entry) => self.known.audited(entry, event.at),
                TraceKind::Violation { rule } => broken = broken.or(Some(*rule)),
                _ => {}
            }
        }
        self.looked_at = self.world.trace().len();
        broken.map_or(Ok(()), |rule| Err(violation(rule).to_owned().into()))
    }

    fn pass(&mut self, lapse: Lapse) -> Result<(), Stop> {
        self.advance(self.world.now() + lapse.duration())
    }

    /// Waits until all holds at one instant, and no longer than that takes.
    fn expect(&mut self, expect: &Expect) -> Result<(), Stop> {
        let deadline = self.world.now() + expect.within.unwrap_or(WITHIN).duration();
        loop {
            let verdict = self.verdict(expect);
            if verdict.mismatches.is_empty() {
                return Ok(());
            }
            let now = self.world.now();
            if verdict.hopeless || now >= deadline {
                let message = "not as expected".to_owned();
                return Err(Stop {
                    message,
                    mismatches: verdict.mismatches,
                });
            }
            let due = verdict.due.map(|due| now + due);
            let next = [self.world.next_event(), due, Some(deadline)]
                .into_iter()
                .flatten()
                .min();
            self.advance(next.unwrap_or(deadline))?;
        }
    }

    fn verdict(&self, expect: &Expect) -> Verdict {
        let seen = Seen {
            trace: self.world.trace(),
            window: self.window.first,
            before: (self.window.bolt, self.window.motor),
            bolt: self.world.bolt(),
            motor: self.world.motor(),
            signalling: self.world.is_signalling(),
            clock: &|| self.world.ask_clock(),
            knowledge: &self.known,
        };
        seen.judge(expect)
    }
}

fn violation(rule: Rule) -> &'static str {
    match rule {
        Rule::BridgeShorted => "the firmware turned on both inputs of the bridge together",
        Rule::FlashMisused => "the firmware broke a rule of its flash chip",
    }
}

/// Digits as the lock takes them.
fn entered(digits: &str) -> Option<Code> {
    let read = |letter: char| letter.to_digit(10).map(|digit| digit as u8);
    let digits: Option<Vec<u8>> = digits.chars().map(read).collect();
    Code::from_digits(&digits?)
}

fn key(lock: &Lock) -> Result<LockKey, String> {
    if let Some(key) = &lock.lock_key {
        return Ok(LockKey::from_bytes(key.bytes()));
    }
    let serial = lock
        .serial
        .as_ref()
        .map_or(TEST_SERIAL, |serial| serial.value.as_str());
    let serial: SerialNumber = serial
        .parse()
        .map_err(|error: smartpin::SerialError| error.to_string())?;
    let site_key = lock
        .site_key
        .as_ref()
        .map_or(TEST_SITE_KEY, |key| key.bytes());
    Ok(lock_key(site_key, &serial))
}
