//! A lock on the bench, and the people who deal with it: the owner with the book, whoever types, the installer.
//!
//! Scenarios and the front-end both act on a [`Stage`]; neither has another way to the world.

pub mod acts;
pub mod expect;
mod installer;

use std::fmt;

use firmware_core::code::Code;
use firmware_core::settings::SettingName;
use jiff::Timestamp;
use serde::Serialize;
use smartpin::{LockKey, SerialNumber};

use crate::devices::supply::SupplyState;
use crate::devices::{BoltState, MotorState};
use crate::moment::Moment;
use crate::monitor::{self, Monitor, Violation};
use crate::owner::{Book, TEST_SERIAL, TEST_SITE_KEY, Terms, lock_key};
use crate::people::OwnerView;
use crate::scenario::model::Lock;
use crate::scenario::model::expect::Expect;
use crate::scenario::settings::of_lock;
use crate::stimulus::Stimulus;
use crate::time::{Lapse, Time};
use crate::trace::{Rule, TraceKind};
use crate::world::{DeviceSource, InProcess, Secrets, Setup, World};
pub use expect::Mismatch;
use expect::{Observation, Verdict};

/// How long an expectation waits that doesn't say.
pub const WITHIN: Lapse = Lapse::from_micros(3_000_000);

/// A world, and what its people know. A clone goes on from the same instant.
#[derive(Clone)]
pub struct Stage {
    /// The lock and its surroundings.
    pub world: World,
    /// What the owner knows.
    pub known: OwnerView,
    /// What is true, from outside of the firmware.
    pub monitor: Monitor,
    /// Since the last acting step.
    pub window: Window,
    /// How many events of the trace were looked at.
    looked_at: usize,
    /// When the last key went up.
    released: Option<Time>,
    applied: Vec<Applied>,
}

/// What an expectation looks at: from the beginning of the last acting step.
#[derive(Clone, Copy)]
pub struct Window {
    /// Its first event in the trace.
    pub first: usize,
    /// When it began.
    pub begun: Time,
    bolt: BoltState,
    motor: MotorState,
}

/// Something that was done to the world.
#[derive(Clone)]
pub struct Applied {
    /// When.
    pub at: Time,
    /// What.
    pub stimulus: Stimulus,
}

/// Something that could not be done, or did not show what it should.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepError {
    /// Why, in one clause.
    pub message: String,
    /// What was expected and what was seen, key by key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mismatches: Vec<Mismatch>,
    /// Of what kind that is.
    #[serde(skip)]
    pub cause: Cause,
}

/// What kind of thing stops a step, or what follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It could not be done as things are, or did not show what it should.
    Hindered,
    /// The firmware broke a rule.
    Rule(Rule),
    /// The firmware or the bench panicked.
    Panic,
}

impl Cause {
    /// The rule's name, `panic` or `hindered`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hindered => "hindered",
            Self::Rule(rule) => rule.as_str(),
            Self::Panic => "panic",
        }
    }
}

impl StepError {
    /// Whether nothing is wrong with the lock for all that is known: only what was wanted could not be had.
    #[must_use]
    pub fn is_hindrance(&self) -> bool {
        self.cause == Cause::Hindered
    }
}

impl fmt::Display for StepError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for StepError {}

impl From<String> for StepError {
    fn from(message: String) -> Self {
        Self {
            message,
            mismatches: Vec::new(),
            cause: Cause::Hindered,
        }
    }
}

impl Stage {
    /// Installs a lock on the door and powers it up.
    ///
    /// # Errors
    ///
    /// What the checks of a scenario file would have found.
    pub fn install(
        lock: &Lock,
        start: Moment,
        seed: u64,
        secrets: Secrets,
    ) -> Result<Self, String> {
        Self::install_with(&InProcess, lock, start, seed, secrets)
    }

    /// The same with the firmware wherever that is.
    ///
    /// # Errors
    ///
    /// As of [`Stage::install`], and where no device can be had.
    pub fn install_with(
        devices: &dyn DeviceSource,
        lock: &Lock,
        start: Moment,
        seed: u64,
        secrets: Secrets,
    ) -> Result<Self, String> {
        let (settings, zone) = of_lock(lock);
        let start = match start {
            Moment::Exact(stamp) => Some(stamp),
            Moment::Civil(civil) => zone.instants(civil).first(),
        };
        let start = start.ok_or("the clocks skip the start")?;
        let lock_key = key_of(lock)?;
        let code = lock.programming_code.as_ref().map(|code| &code.value);
        let setup = Setup {
            lock_key: lock_key.clone(),
            settings: settings.clone(),
            programming_code: code.and_then(|code| entered(code)),
            start,
            seed,
            secrets,
        };
        let device = devices.device(lock_key.clone())?;
        let world = World::running(&setup, device)
            .map_err(|error| format!("can't initialise the lock's storage: {error:?}"))?;
        let book = Book::new(lock_key.clone());
        let terms = Terms {
            settings,
            zone,
            code: code.cloned().unwrap_or_else(|| book.label_code()),
        };
        let monitor = Monitor::new(start, lock_key, &terms);
        let known = OwnerView::new(book, terms);
        let mut stage = Self::on(world, known, monitor);
        stage.window.first = 0;
        stage.advance(Time::START).map_err(|stop| stop.message)?;
        Ok(stage)
    }

    /// A world that was kept, and people who know it; what was done to it before, no monitor knows.
    #[must_use]
    pub fn resume(world: World, known: OwnerView, key: LockKey) -> Self {
        let start = world.utc_at(Time::START);
        let monitor = Monitor::new(start, key, &known.terms()).blind();
        Self::on(world, known, monitor)
    }

    fn on(world: World, known: OwnerView, monitor: Monitor) -> Self {
        Self {
            window: Window::of(&world),
            world,
            known,
            monitor,
            looked_at: 0,
            released: None,
            applied: Vec::new(),
        }
    }

    /// The true time.
    #[must_use]
    pub fn utc(&self) -> Timestamp {
        self.world.utc()
    }

    /// An acting step begins: what is seen and logged is looked for from here.
    pub fn open_window(&mut self) {
        self.window = Window::of(&self.world);
    }

    /// Everything that was done to the world.
    #[must_use]
    pub fn applied(&self) -> &[Applied] {
        &self.applied
    }

    /// Something happens, now.
    pub fn apply(&mut self, stimulus: Stimulus) -> Result<(), StepError> {
        let now = self.world.now();
        self.monitor.acts(&stimulus, now, self.known.book());
        self.applied.push(Applied {
            at: now,
            stimulus: stimulus.clone(),
        });
        self.world.apply(stimulus);
        self.advance(self.world.now())
    }

    /// Lets time pass, and looks at what happened.
    ///
    /// # Errors
    ///
    /// A rule that was broken; the trace has it, too.
    pub fn advance(&mut self, to: Time) -> Result<(), StepError> {
        self.world.run_until(to);
        let mut violation = None;
        for event in self.world.trace().since(self.looked_at) {
            violation = violation.or(self.monitor.sees(event, self.known.book()));
            match &event.kind {
                TraceKind::Audit(entry) => self.known.audited(entry, event.at),
                TraceKind::Power { supply } if *supply != SupplyState::On => {
                    self.known.lost_power(event.at);
                }
                TraceKind::Boot { .. } => self.known.booted(event.at),
                _ => {}
            }
        }
        violation = violation.or(self.monitor.late(to));
        self.looked_at = self.world.trace().len();
        if let Some(why) = self.world.lost() {
            return Err(why.into());
        }
        violation.map_or(Ok(()), |violation| Err(self.broken(&violation)))
    }

    /// Notes that a rule was broken, unless the world has done so itself.
    fn broken(&mut self, violation: &Violation) -> StepError {
        let rule = violation.rule;
        if !matches!(rule, Rule::BridgeShorted | Rule::FlashMisused) {
            self.world.note(TraceKind::Violation { rule });
            self.looked_at = self.world.trace().len();
        }
        StepError {
            cause: Cause::Rule(rule),
            ..StepError::from(format!("{}: {}", rule.as_str(), violation.text))
        }
    }

    /// What can be told only once all is over: that the settings are those that were saved, and that the trace tells no
    /// secret. Asking costs a copy of the lock; nothing changes.
    ///
    /// # Errors
    ///
    /// A rule that was broken.
    pub fn close(&mut self) -> Result<(), StepError> {
        let violation = self.lost_setting().or_else(|| self.told_secret());
        violation.map_or(Ok(()), |violation| Err(self.broken(&violation)))
    }

    fn told_secret(&self) -> Option<Violation> {
        if self.world.secrets() == Secrets::Shown {
            return None;
        }
        let number = monitor::told_secret(self.world.trace(), self.known.secrets())?;
        let text = format!("event {number} of the trace tells a code or a key");
        Some(Violation::of(Rule::SecretTold, text))
    }

    fn lost_setting(&self) -> Option<Violation> {
        let (settings, code) = self.monitor.settings(self.world.now())?;
        if !self.world.is_powered() {
            return None;
        }
        let mut copy = self.clone();
        copy.known.learn_code(code);
        // A lock that can't be asked tells nothing.
        let said = copy.read_settings(&SettingName::ALL).ok()?;
        SettingName::ALL.iter().zip(said).find_map(|(name, said)| {
            let saved = settings.get(*name).to_string();
            let text = format!("{name} is {said}, and {saved} was saved");
            (saved != said).then(|| Violation::of(Rule::SavedWasLost, text))
        })
    }

    /// Until when the keys are deaf, or may be, by all that is known outside.
    #[must_use]
    pub fn deaf_until(&self) -> Option<Time> {
        let told = self.known.locked_out_until(self.world.now());
        told.max(self.monitor.doubts_until())
    }

    /// Lets so much time pass.
    ///
    /// # Errors
    ///
    /// A rule that was broken.
    pub fn pass(&mut self, lapse: Lapse) -> Result<(), StepError> {
        self.advance(self.world.now() + lapse.duration())
    }

    /// Waits until all holds at one instant, and no longer than that takes.
    fn expect(&mut self, expect: &Expect) -> Result<(), StepError> {
        let deadline = self.world.now() + expect.within.unwrap_or(WITHIN).duration();
        let mut judged = None;
        loop {
            let now = self.world.now();
            let mut due = None;
            let observable = Some(self.observable());
            // The clock alone tells something else while nothing is to be seen.
            if judged != observable || expect.clock.is_some() || now >= deadline {
                judged = observable;
                let verdict = self.verdict(expect);
                if verdict.mismatches.is_empty() {
                    return Ok(());
                }
                if verdict.hopeless || now >= deadline {
                    let message = "not as expected".to_owned();
                    return Err(StepError {
                        mismatches: verdict.mismatches,
                        ..StepError::from(message)
                    });
                }
                due = verdict.due.map(|due| now + due);
            }
            let next = [self.world.next_event(), due, Some(deadline)]
                .into_iter()
                .flatten()
                .min();
            self.advance(next.unwrap_or(deadline))?;
        }
    }

    /// As long as this stays, an expectation that doesn't look at the clock has the same verdict.
    fn observable(&self) -> (usize, BoltState, MotorState, bool) {
        (
            self.world.trace().len(),
            self.world.bolt(),
            self.world.motor(),
            self.world.is_signalling(),
        )
    }

    fn verdict(&self, expect: &Expect) -> Verdict {
        let observation = Observation {
            trace: self.world.trace(),
            window: self.window.first,
            before: (self.window.bolt, self.window.motor),
            bolt: self.world.bolt(),
            motor: self.world.motor(),
            signalling: self.world.is_signalling(),
            clock: &|| self.world.ask_clock(),
            book: self.known.book(),
            zone: &self.known.zone,
        };
        observation.evaluate(expect)
    }
}

impl Window {
    fn of(world: &World) -> Self {
        Self {
            first: world.trace().len(),
            begun: world.now(),
            bolt: world.bolt(),
            motor: world.motor(),
        }
    }
}

/// Digits as the lock takes them.
fn entered(digits: &str) -> Option<Code> {
    let read = |letter: char| letter.to_digit(10).map(|digit| digit as u8);
    let digits: Option<Vec<u8>> = digits.chars().map(read).collect();
    Code::from_digits(&digits?)
}

/// The key of a lock in a file.
///
/// # Errors
///
/// Where its serial number is none.
pub fn key_of(lock: &Lock) -> Result<LockKey, String> {
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
