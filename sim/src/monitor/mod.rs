//! The truth: which entry may open the door, known from outside of the firmware, and checked at every event of every run.
//!
//! A monitor knows what the owner's app issued, what was typed, what the lock answered, the true time, and what was broken.
//! From these it says of every entry whether it may open the door and whether it must; where it can't tell, because a key
//! was broken or an answer never came, it demands nothing and forbids only what no reading allows. The lock's log tells it
//! when an answer was given, never whether that was right.
//!
//! So codes, blocks, settings and lockouts have a second book here beside the owner's in [`crate::people`], on purpose:
//! the owner believes the log, the monitor knows without it, and neither asks the other. What the owner handed out, the
//! monitor takes from the [`Book`].

mod clock;
mod entry;
mod inputs;
mod programming;
mod responses;
mod secrets;
mod settings;
mod tries;
mod truth;
mod uncertain;

use std::collections::BTreeSet;
use std::time::Duration;

use firmware_core::audit::PinId;
use firmware_core::settings::Settings;
use jiff::Timestamp;
use smartpin::LockKey;

use crate::devices::BoltState;
use crate::devices::supply::SupplyState;
use crate::fault::{Fault, FaultName};
use crate::key::Key;
use crate::lockout::Lockout;
use crate::owner::{Book, Digits, Terms};
use crate::recognise::Signal;
use crate::stimulus::Stimulus;
use crate::time::Time;
use crate::trace::{FaultState, Rule, TraceEvent, TraceKind};
use clock::{Clock, Reading, seconds};
use entry::Keypad;
use programming::Function;
use responses::wrong_refusal;
pub use secrets::told as told_secret;
use tries::Tries;
use truth::{Change, Permission, Truth};
use uncertain::Uncertain;

/// After a code the motor may start, and try again, for so long.
const STROKES: u64 = 6;
/// A code that must open has opened by then.
const PROMPT: u64 = 4;
/// Programming is left after so long without a key.
const IDLE: u64 = 30;
/// A guest who has come in may choose a custom PIN for so long.
const OFFER: u64 = 10;
/// A refused choice lets these begin anew so often.
const RESTARTS: u8 = 3;
/// Nobody can say what the lock was just doing when it is so near to its start.
const WAKING: u64 = 1;

/// A rule that was broken, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub rule: Rule,
    /// In words.
    pub text: String,
}

impl Violation {
    /// This rule, and how in words.
    pub fn of(rule: Rule, text: impl Into<String>) -> Self {
        Self {
            rule,
            text: text.into(),
        }
    }
}

/// What entries mean at present.
#[derive(Clone, Debug)]
enum Mode {
    /// Codes.
    Codes,
    /// Functions and arguments.
    Programming(Option<Function>),
    /// One or the other.
    Unclear,
}

/// An entry that was ended, until the lock has answered it.
#[derive(Clone, Debug)]
struct Pending {
    at: Time,
    permission: Permission,
    /// Whether it is a wrong try if it is denied.
    counts: bool,
    /// Whether it is the programming code, beyond doubt.
    programs: bool,
    /// The SmartPIN that it is.
    pin: Option<PinId>,
    /// Whether the bolt was withdrawn then or has been since.
    withdrawn: bool,
}

/// A change that the lock hasn't answered yet, and what was true before.
#[derive(Clone)]
struct Attempt {
    at: Time,
    change: Change,
    /// The function that asked for it, if one did.
    function: Option<u16>,
    before: Box<Truth>,
}

/// A guest's ten seconds.
#[derive(Clone, Debug)]
struct Offer {
    since: Time,
    /// How often they may still begin anew.
    left: u8,
    pin: Option<PinId>,
}

/// Everything that is known from outside.
#[derive(Clone)]
pub struct Monitor {
    start: Timestamp,
    truth: Truth,
    clock: Clock,
    keypad: Keypad,
    tries: Tries,
    mode: Mode,
    offer: Option<Offer>,
    /// Of the offer that the last entry was for.
    left: u8,
    pending: Option<Pending>,
    attempt: Option<Attempt>,
    /// Why the keys are deaf, as the lock says.
    lockout: Option<Lockout>,
    /// Until when they may be deaf, because the power failed before the lock could say so.
    doubt: Option<Time>,
    bolt: BoltState,
    /// When the supply came or went.
    supply: (bool, Time),
    reset_down: Option<Time>,
    /// When the installer asked something last, and when something was changed with right last.
    asked: Option<Time>,
    changed: Option<Time>,
    /// When an entry was ended of which nobody knows what it was.
    guessed: Option<Time>,
    /// A code allows the bolt to move until then.
    authority: Option<Time>,
    /// Faults in force, and whether the store was ever damaged: by a fault, whatever the lock says. What a cut left and
    /// it calls a repair has to be whole.
    faults: Vec<Fault>,
    store_hurt: bool,
    /// Functions that were answered `saved`.
    functions: BTreeSet<u16>,
    /// The lock took something that nobody outside knows: it can't be judged any more.
    blind: bool,
}

impl Monitor {
    /// A lock that is new to everybody.
    #[must_use]
    pub fn new(start: Timestamp, key: LockKey, terms: &Terms) -> Self {
        Self {
            start,
            truth: Truth::new(key, terms),
            clock: Clock::new(),
            keypad: Keypad::default(),
            tries: Tries::default(),
            mode: Mode::Codes,
            offer: None,
            left: 0,
            pending: None,
            attempt: None,
            lockout: None,
            doubt: None,
            bolt: BoltState::Locked,
            supply: (true, Time::START),
            reset_down: None,
            asked: None,
            changed: None,
            guessed: None,
            authority: None,
            faults: Vec::new(),
            store_hurt: false,
            functions: BTreeSet::new(),
            blind: false,
        }
    }

    /// A lock of which nobody knows what was done to it.
    #[must_use]
    pub fn blind(mut self) -> Self {
        self.blind = true;
        self
    }

    /// Functions that were answered `saved` so far.
    pub fn functions(&self) -> impl Iterator<Item = u16> {
        self.functions.iter().copied()
    }

    /// How the lock stands, in words: the bolt, what entries mean, whether keys are deaf, what the clock is worth.
    #[must_use]
    pub fn standing(&self, now: Time) -> [&'static str; 4] {
        let entries = match (&self.mode, &self.offer) {
            _ if !self.supply.0 => "no power",
            (Mode::Programming(_), _) => "programming",
            (Mode::Codes, Some(offer)) if now - offer.since < seconds(OFFER) => "custom PIN",
            (Mode::Codes, _) => "codes",
            (Mode::Unclear, _) => "unclear",
        };
        let deaf = self
            .lockout
            .and_then(|lockout| lockout.running(now))
            .is_some();
        let clock = match self.reading(now) {
            Reading::Untrusted => "untrusted",
            Reading::Anything => "unknown",
            Reading::Between { .. } => "trusted",
        };
        [
            match self.bolt {
                BoltState::Locked => "locked",
                BoltState::Unlocked => "unlocked",
                BoltState::Moving => "moving",
                BoltState::Unknown => "half-way",
            },
            entries,
            if deaf { "locked out" } else { "listening" },
            clock,
        ]
    }

    /// What the lock's clock may tell.
    fn reading(&self, now: Time) -> Reading {
        self.clock.reading(now, self.utc(now))
    }

    /// Whether R has been held for so long that the lock may restore factory settings.
    fn resets_by_now(&self, now: Time) -> bool {
        let held = |since| now - since >= seconds(4);
        self.reset_down.is_some_and(held)
    }

    fn utc(&self, at: Time) -> Timestamp {
        at.utc(self.start)
    }

    /// Until when the keys may be deaf, though the lock's log doesn't tell.
    #[must_use]
    pub fn doubts_until(&self) -> Option<Time> {
        self.doubt
    }

    /// Something is about to be done.
    pub fn acts(&mut self, stimulus: &Stimulus, now: Time, book: &Book) {
        match stimulus {
            Stimulus::KeyDown { key, .. } if *key == Key::RESET => self.reset_down = Some(now),
            Stimulus::KeyUp { key, .. } if *key == Key::RESET => self.reset_down = None,
            Stimulus::KeyDown { key, .. } => self.press(*key, now, book),
            Stimulus::KeyUp { key, .. } => {
                if !self.keypad.release(*key, now) {
                    self.lose_track();
                }
            }
            Stimulus::Repair(name) => self.repair(*name, now),
            Stimulus::Port(_) => self.asked = Some(now),
            Stimulus::Inject(_) | Stimulus::Power(_) => {}
        }
    }

    fn repair(&mut self, name: FaultName, now: Time) {
        self.faults.retain(|fault| fault.name() != name);
        self.clock.repaired(name, now);
        if name == FaultName::Key {
            self.keypad.set_broken(false, now);
            self.lose_track();
        }
    }

    fn breaks(&mut self, fault: Fault, now: Time) {
        self.clock.breaks(fault, now);
        if !self.supply.0 {
            self.clock.lost_power();
        }
        self.store_hurt |= matches!(fault, Fault::Flash(_));
        if let Fault::Key(_) = fault {
            self.keypad.set_broken(true, now);
            self.lose_track();
        }
        if !matches!(fault, Fault::Led(_) | Fault::Rtc(_)) {
            self.faults.push(fault);
        }
        if let Some(pending) = &mut self.pending {
            pending.permission.required = false;
        }
    }

    /// Something has happened.
    pub fn sees(&mut self, event: &TraceEvent, book: &Book) -> Option<Violation> {
        let late = self.late(event.at);
        let now = event.at;
        let violation = match &event.kind {
            TraceKind::Power { supply } => {
                self.powers(*supply == SupplyState::On, now);
                None
            }
            TraceKind::Boot { .. } => {
                self.boots(now);
                None
            }
            TraceKind::Fault {
                fault,
                state: FaultState::Injected,
            } => {
                self.breaks(*fault, now);
                None
            }
            TraceKind::Signal(group) if group.signal == Some(Signal::Saved) => {
                if self
                    .attempt
                    .as_ref()
                    .is_some_and(|attempt| group.begun >= attempt.at)
                {
                    self.saved(now);
                }
                None
            }
            TraceKind::Violation { rule } => Some(Violation::of(*rule, hardware(*rule))),
            TraceKind::Bolt { state } => self.moves(*state, now),
            TraceKind::Audit(entry) => self.logs(entry, now, book),
            TraceKind::Key { .. }
            | TraceKind::Pin { .. }
            | TraceKind::Motor { .. }
            | TraceKind::I2c { .. }
            | TraceKind::Flash { .. }
            | TraceKind::Port { .. }
            | TraceKind::Signal(_)
            | TraceKind::Fault { .. }
            | TraceKind::Step { .. }
            | TraceKind::Expect { .. } => None,
        };
        late.or(violation)
    }

    /// A code that should have opened by now, and hasn't.
    pub fn late(&mut self, now: Time) -> Option<Violation> {
        let pending = self.pending.as_ref()?;
        if now <= pending.at + seconds(PROMPT) {
            return None;
        }
        let missed = pending.permission.required && !pending.withdrawn;
        let permission = pending.permission;
        self.pending = None;
        missed.then(|| wrong_refusal(permission, "a code that opens did not withdraw the bolt"))
    }

    fn powers(&mut self, on: bool, now: Time) {
        self.supply = (on, now);
        if !on {
            self.clock.lost_power();
            if self.resets_by_now(now) {
                self.make(&Change::Factory, false, now);
            }
            // What it changed may be in the store, and not in the log.
            self.blind |= self
                .guessed
                .is_some_and(|guessed| now - guessed < seconds(PROMPT));
            let pending = self.pending.take();
            // The owner's code may have ended the run, and nobody was told.
            if pending.as_ref().is_some_and(|pending| pending.programs) {
                self.tries.accepted(true, now);
            }
            let unjudged = pending.as_ref().map(|pending| pending.permission);
            let settings = &self.truth.settings;
            // The end of a lockout may not have come into the store.
            let ending =
                |lockout: Lockout| lockout.ends() <= now && now < lockout.ends() + seconds(WAKING);
            let begins = self.tries.lost_power(now, unjudged, settings);
            if begins || self.lockout.is_some_and(ending) {
                self.doubt = Some(now + longest_lockout(settings));
            }
            if let Some(pin) = pending.and_then(|pending| pending.pin) {
                self.truth.maybe_used(pin);
            }
            self.attempt = None;
            self.lockout = self.lockout.and_then(|lockout| lockout.running(now));
        }
    }

    fn boots(&mut self, now: Time) {
        let lost = self.supply.1;
        self.tries.booted(lost, now);
        self.lockout = self.lockout.map(|lockout| lockout.booted(now));
        if self.doubt.is_some_and(|until| lost < until) {
            self.doubt = Some(now + longest_lockout(&self.truth.settings));
        }
        self.supply = (true, now);
        self.mode = Mode::Codes;
        self.offer = None;
        self.pending = None;
        self.attempt = None;
        self.authority = None;
        self.keypad.forget(now);
        // A cut is over once power is back.
        self.faults
            .retain(|fault| !matches!(fault, Fault::PowerCut(_)));
    }

    fn moves(&mut self, state: BoltState, now: Time) -> Option<Violation> {
        let before = std::mem::replace(&mut self.bolt, state);
        if state == BoltState::Unlocked
            && let Some(pending) = &mut self.pending
        {
            pending.withdrawn = true;
        }
        let leaves = before == BoltState::Locked && state != BoltState::Locked;
        let allowed = self.authority.is_some_and(|until| now <= until);
        (leaves && !allowed).then(|| {
            self.wrong_opening("the bolt was withdrawn, and no code that opens was entered")
        })
    }

    /// Settings that were answered `saved`, by name, where they are known beyond doubt.
    #[must_use]
    pub fn settings(&self, now: Time) -> Option<(&Settings, &Digits)> {
        let known = self.is_sound(now) && !matches!(self.mode, Mode::Unclear);
        let settings = self.truth.settings.certain().filter(|_| known)?;
        Some((settings, self.truth.programming.certain()?))
    }
}

/// The longest lockout that there may be.
fn longest_lockout(settings: &Uncertain<Settings>) -> Duration {
    let minutes = settings.values().iter().map(|known| known.lockout_minutes);
    let longest = minutes.flatten().max().unwrap_or_default();
    seconds(60 * u64::from(longest))
}

/// What the world has found itself.
fn hardware(rule: Rule) -> &'static str {
    match rule {
        Rule::BridgeShorted => "both inputs of the bridge were on together",
        Rule::FlashMisused => "a rule of the flash chip was broken",
        _ => "told before",
    }
}
