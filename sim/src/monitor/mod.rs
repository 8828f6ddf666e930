//! The truth: which entry may open the door, known from outside of the firmware, and checked at every event of every run.
//!
//! A monitor knows what the owner's app issued, what was typed, what the lock answered, the true time, and what was broken.
//! From these it says of every entry whether it may open the door and whether it must; where it can't tell, because a key
//! was broken or an answer never came, it demands nothing and forbids only what no reading allows. The lock's log tells it
//! when an answer was given, never whether that was right.

mod clock;
mod entry;
mod possible;
mod programming;
mod secrets;
mod tries;
mod truth;

use std::collections::BTreeSet;
use std::time::Duration;

use firmware_core::settings::Settings;
use jiff::Timestamp;
use smartpin::LockKey;

use crate::devices::BoltState;
use crate::devices::supply::SupplyState;
use crate::fault::{Fault, FaultName};
use crate::recognise::Signal;
use crate::stage::knowledge::{Digits, Guest};
use crate::stimulus::{Key, Stimulus};
use crate::time::Time;
use crate::trace::{AuditEntry, FaultState, Rule, TraceEvent, TraceKind};
use crate::zones::Zone;
use clock::{Clock, Reading, seconds};
use entry::{Entry, Keypad, Side, side};
use possible::Possible;
use programming::{Function, Progress};
pub(crate) use secrets::told;
use tries::Tries;
use truth::{Change, Name, Right, Truth};

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
pub(crate) struct Breach {
    pub(crate) rule: Rule,
    pub(crate) text: String,
}

impl Breach {
    pub(crate) fn of(rule: Rule, text: impl Into<String>) -> Self {
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
    right: Right,
    /// Whether it is a wrong try if it is denied.
    counts: bool,
    /// Whether it is the programming code, beyond doubt.
    programs: bool,
    /// The SmartPIN that it is.
    name: Option<Name>,
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
    name: Option<Name>,
}

/// Everything that is known from outside.
#[derive(Clone)]
pub(crate) struct Monitor {
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
    /// Since when the keys are deaf, as the lock says, and until when.
    deaf: Option<(Time, Time)>,
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
    pub(crate) fn new(start: Timestamp, key: LockKey, settings: Settings, zone: &Zone) -> Self {
        // The lock follows the rule that it was given, which may be simpler than its zone's.
        let zone = zone.posix().parse().unwrap_or_else(|_| zone.clone());
        Self {
            start,
            truth: Truth::new(key, settings, zone),
            clock: Clock::new(),
            keypad: Keypad::default(),
            tries: Tries::default(),
            mode: Mode::Codes,
            offer: None,
            left: 0,
            pending: None,
            attempt: None,
            deaf: None,
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

    /// The programming code that the lock begins with.
    pub(crate) fn begins(&mut self, code: Digits) {
        self.truth.programming = Possible::new(code);
    }

    /// A lock of which nobody knows what was done to it.
    pub(crate) fn blind(mut self) -> Self {
        self.blind = true;
        self
    }

    /// Functions that were answered `saved` so far.
    pub(crate) fn functions(&self) -> impl Iterator<Item = u16> {
        self.functions.iter().copied()
    }

    /// How the lock stands, in words: the bolt, what entries mean, whether keys are deaf, what the clock is worth.
    pub(crate) fn standing(&self, now: Time) -> [&'static str; 4] {
        let entries = match (&self.mode, &self.offer) {
            _ if !self.supply.0 => "no power",
            (Mode::Programming(_), _) => "programming",
            (Mode::Codes, Some(offer)) if now - offer.since < seconds(OFFER) => "custom PIN",
            (Mode::Codes, _) => "codes",
            (Mode::Unclear, _) => "unclear",
        };
        let deaf = self.deaf.is_some_and(|(_, until)| now < until);
        let clock = match self.clock.reading(now, self.utc(now)) {
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

    fn utc(&self, at: Time) -> Timestamp {
        let micros = i64::try_from(at.micros()).unwrap_or(i64::MAX);
        let sum = self.start.as_microsecond().saturating_add(micros);
        Timestamp::from_microsecond(sum).unwrap_or(Timestamp::MAX)
    }

    /// Until when the keys may be deaf, though the lock's log doesn't tell.
    pub(crate) fn doubts_until(&self) -> Option<Time> {
        self.doubt
    }

    /// Something is about to be done.
    pub(crate) fn acts(&mut self, stimulus: &Stimulus, now: Time, guests: &[Guest]) {
        match stimulus {
            Stimulus::KeyDown { key, .. } if *key == Key::RESET => self.reset_down = Some(now),
            Stimulus::KeyUp { key, .. } if *key == Key::RESET => self.reset_down = None,
            Stimulus::KeyDown { key, .. } => self.press(*key, now, guests),
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

    /// A key that may or may not have counted, and whatever follows from that.
    fn lose_track(&mut self) {
        self.mode = Mode::Unclear;
        if let Some(pending) = &mut self.pending {
            pending.right.must = false;
            pending.counts = false;
        }
    }

    fn press(&mut self, key: Key, now: Time, guests: &[Guest]) {
        if !self.supply.0 {
            return;
        }
        if let Some(last) = self.keypad.last() {
            match side(last, now, seconds(IDLE)) {
                Side::Within => {}
                Side::Beyond => self.mode = Mode::Codes,
                Side::Vague => self.mode = Mode::Unclear,
            }
        }
        let waking = side(self.supply.1, now, seconds(WAKING)) != Side::Beyond
            && self.supply.1 > Time::START;
        match self.deaf.map(|(_, until)| now + seconds(1) < until) {
            Some(true) => return,
            Some(false) if self.deaf.is_some_and(|(_, until)| now < until + seconds(1)) => {
                self.lose_track();
            }
            _ => {}
        }
        self.keypad.press(key, now);
        if waking {
            self.lose_track();
        }
        if key.is_digit() {
            return;
        }
        let entry = self.keypad.take();
        if key.is_enter() {
            self.enter(entry, now, guests);
        } else {
            // Clear leaves whatever was begun, unless it wasn't taken.
            self.mode = if entry.vague {
                Mode::Unclear
            } else {
                Mode::Codes
            };
            self.offer = None;
        }
    }

    fn enter(&mut self, entry: Entry, now: Time, guests: &[Guest]) {
        // What wasn't answered until now may or may not have come to be.
        self.attempt = None;
        let offer = self.offer.take();
        self.left = offer.as_ref().map_or(0, |offer| offer.left);
        let name = self.truth.named(&entry.digits, guests);
        let live = offer
            .as_ref()
            .map(|offer| side(offer.since, entry.begun.unwrap_or(now), seconds(OFFER)));
        // Whose stay may be over by now may choose no more.
        let reading = self.clock.reading(now, self.utc(now));
        let stays = offer
            .as_ref()
            .and_then(|offer| offer.name)
            .is_some_and(|name| self.truth.smartpin(name, reading).must);
        let live = live.map(|live| match live {
            Side::Within if !stays => Side::Vague,
            live => live,
        });
        let is_code = live.is_none() && matches!(self.mode, Mode::Codes) && entry.digits.len() >= 4;
        let vague = entry.vague || live == Some(Side::Vague);
        let right = match (std::mem::replace(&mut self.mode, Mode::Codes), live) {
            (Mode::Unclear, _) | (_, Some(Side::Vague)) => {
                self.mode = Mode::Unclear;
                self.anything(&entry, now, guests)
            }
            _ if vague => {
                self.mode = Mode::Unclear;
                self.tries.accepted(true, now);
                Right::OPEN
            }
            (mode, _) if entry.digits.is_empty() => {
                // Enter on nothing locks, perhaps before the bolt had come to its end.
                self.pending = None;
                if matches!(mode, Mode::Programming(_)) {
                    self.mode = Mode::Unclear;
                }
                return;
            }
            (Mode::Programming(function), _) => {
                self.argument(function, entry.digits, now, guests);
                Right::NONE
            }
            (Mode::Codes, Some(Side::Within)) if entry.digits.len() != 10 => {
                self.choose(offer, entry.digits, now);
                Right::NONE
            }
            (Mode::Codes, _) => self.code(&entry, now, guests),
        };
        // A store that takes nothing refuses codes, and has no room for the log that would tell.
        if self
            .faults
            .iter()
            .any(|fault| matches!(fault, Fault::Flash(_)))
        {
            self.mode = Mode::Unclear;
        }
        if matches!(self.mode, Mode::Unclear) {
            self.guessed = Some(now);
        }
        let name = name.filter(|_| right.may);
        if right.may {
            self.authority = Some(now + seconds(STROKES));
        }
        self.pending = Some(Pending {
            at: now,
            right,
            name,
            counts: is_code && !vague,
            programs: matches!(self.mode, Mode::Programming(None)),
            withdrawn: self.bolt == BoltState::Unlocked,
        });
    }

    /// An entry that is a code.
    fn code(&mut self, entry: &Entry, now: Time, guests: &[Guest]) -> Right {
        let digits = entry.digits.as_str();
        if !(4..=10).contains(&digits.len()) {
            return Right::NONE;
        }
        if self.truth.programming.may(|code| code == digits) {
            let sure = self.truth.programming.certain().is_some();
            self.mode = if sure {
                Mode::Programming(None)
            } else {
                Mode::Unclear
            };
            self.tries.accepted(true, now);
            if sure {
                return Right::NONE;
            }
        }
        let right = self
            .truth
            .judge(digits, self.clock.reading(now, self.utc(now)), guests);
        Right {
            may: right.may || self.blind,
            must: right.must && self.is_sound(now),
            ..right
        }
    }

    /// Whether nothing that is broken can explain that the lock refuses.
    fn is_sound(&self, now: Time) -> bool {
        let hears = self.deaf.is_none_or(|(_, until)| now > until)
            && self.doubt.is_none_or(|until| now > until);
        self.faults.is_empty() && !self.store_hurt && !self.blind && hears
    }

    /// An entry of which nobody can say what it is to the lock.
    fn anything(&mut self, entry: &Entry, now: Time, guests: &[Guest]) -> Right {
        if entry.vague || self.truth.programming.may(|code| *code == entry.digits) {
            // The owner's code, perhaps.
            self.tries.accepted(true, now);
        }
        if entry.vague {
            return Right::OPEN;
        }
        let right = self.truth.judge(
            &entry.digits,
            self.clock.reading(now, self.utc(now)),
            guests,
        );
        Right {
            must: false,
            may: right.may || self.blind,
            ..right
        }
    }

    fn argument(
        &mut self,
        function: Option<Function>,
        digits: Digits,
        now: Time,
        guests: &[Guest],
    ) {
        match programming::entered(function, digits, &self.truth, guests) {
            Progress::On(function) => self.mode = Mode::Programming(Some(function)),
            Progress::Done(number, change) => {
                if let Some(change) = change {
                    self.attempt(change, Some(number), now);
                }
            }
        }
    }

    /// A guest's own PIN.
    fn choose(&mut self, offer: Option<Offer>, digits: Digits, now: Time) {
        match offer.and_then(|offer| offer.name) {
            Some(name) => self.attempt(Change::Custom(name, digits), None, now),
            None => self.mode = Mode::Unclear,
        }
    }

    fn attempt(&mut self, change: Change, function: Option<u16>, now: Time) {
        let before = Box::new(self.truth.clone());
        self.make(&change, false, now);
        self.attempt = Some(Attempt {
            at: now,
            change,
            function,
            before,
        });
    }

    fn make(&mut self, change: &Change, sure: bool, now: Time) {
        let utc = self.utc(now);
        let latest = match self.clock.reading(now, utc) {
            Reading::Between { to, .. } => to,
            Reading::Untrusted | Reading::Anything => Timestamp::MAX,
        };
        self.truth.change(change, sure, latest);
        if let Change::Clock(to) = change {
            self.clock.set(*to, sure, now, utc);
        }
    }

    /// The lock has answered `saved`, or has logged so much.
    fn saved(&mut self, now: Time) {
        if let Some(attempt) = self.attempt.take() {
            self.make(&attempt.change, true, now);
            self.changed = Some(now);
            self.functions.extend(attempt.function);
        }
    }

    /// The lock has refused it.
    fn refused(&mut self) {
        if !matches!(self.mode, Mode::Unclear) {
            self.mode = Mode::Codes;
        }
        if let Some(attempt) = self.attempt.take() {
            // A chip that doesn't read back as it was set is refused, and has been set all the same.
            self.truth = *attempt.before;
        }
    }

    /// The lock has answered a line at the installer's port.
    pub(crate) fn answered(&mut self, line: &str, reply: Option<&str>, zone: &Zone, now: Time) {
        let said = reply.is_some_and(|reply| reply == "ok" || reply.starts_with("ok "));
        let mut words = line.splitn(3, ' ');
        let change = match (words.next(), words.next(), words.next()) {
            (Some("code"), ..) if said => return self.tries.accepted(true, now),
            (Some("bye"), ..) => {
                self.asked = None;
                return;
            }
            (Some("set"), Some(name), Some(value)) => {
                name.parse().ok().map(|name| match value.parse() {
                    Ok(to) if line.starts_with("set generation") => {
                        Change::Generation(smartpin::Generation(to))
                    }
                    _ => Change::Setting(name, value.to_owned()),
                })
            }
            (Some("clock"), Some(to), _) => to.parse().ok().map(Change::Clock),
            _ => None,
        };
        let Some(change) = change else {
            return;
        };
        if said || reply.is_none() {
            self.make(&change, said, now);
            if line.starts_with("set timezone") {
                self.truth.zone = zone.posix().parse().unwrap_or_else(|_| zone.clone());
            }
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
            pending.right.must = false;
        }
    }

    /// Something has happened.
    pub(crate) fn sees(&mut self, event: &TraceEvent, guests: &[Guest]) -> Option<Breach> {
        let late = self.late(event.at);
        let now = event.at;
        let breach = match &event.kind {
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
            TraceKind::Violation { rule } => Some(Breach::of(*rule, hardware(*rule))),
            TraceKind::Bolt { state } => self.moves(*state, now),
            TraceKind::Audit(entry) => self.logs(entry, now, guests),
            _ => None,
        };
        late.or(breach)
    }

    /// A code that should have opened by now, and hasn't.
    pub(crate) fn late(&mut self, now: Time) -> Option<Breach> {
        let pending = self.pending.as_ref()?;
        if now <= pending.at + seconds(PROMPT) {
            return None;
        }
        let missed = pending.right.must && !pending.withdrawn;
        let right = pending.right;
        self.pending = None;
        missed.then(|| wrong_refusal(right, "a code that opens did not withdraw the bolt"))
    }

    fn powers(&mut self, on: bool, now: Time) {
        self.supply = (on, now);
        if !on {
            self.clock.lost_power();
            if self
                .reset_down
                .is_some_and(|since| now - since >= seconds(4))
            {
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
            let unjudged = pending.as_ref().map(|pending| pending.right);
            let settings = &self.truth.settings;
            // The end of a lockout may not have come into the store.
            let ending = |(_, until)| until <= now && now < until + seconds(WAKING);
            let begins = self.tries.lost_power(now, unjudged, settings);
            if begins || self.deaf.is_some_and(ending) {
                self.doubt = Some(now + longest_lockout(settings));
            }
            if let Some(name) = pending.and_then(|pending| pending.name) {
                self.truth.maybe_used(name);
            }
            self.attempt = None;
            self.deaf = self.deaf.filter(|(_, until)| now < *until);
        }
    }

    fn boots(&mut self, now: Time) {
        let lost = self.supply.1;
        self.tries.booted(lost, now);
        self.deaf = self.deaf.map(|(since, until)| (now, now + (until - since)));
        if self.doubt.is_some_and(|until| lost < until) {
            self.doubt = Some(now + longest_lockout(&self.truth.settings));
        }
        self.supply = (true, now);
        self.mode = Mode::Codes;
        self.offer = None;
        self.pending = None;
        self.attempt = None;
        self.authority = None;
        self.keypad.forget();
        // A cut is over once power is back.
        self.faults
            .retain(|fault| !matches!(fault, Fault::PowerCut(_)));
    }

    fn moves(&mut self, state: BoltState, now: Time) -> Option<Breach> {
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

    fn wrong_opening(&self, text: &str) -> Breach {
        if self
            .pending
            .as_ref()
            .is_some_and(|pending| pending.right.by_change)
        {
            Breach::of(
                Rule::SavedWasLost,
                format!("{text}: it was blocked or made void, and that was answered `saved`"),
            )
        } else {
            Breach::of(Rule::OpenedWithoutRight, text)
        }
    }

    /// The PIN that the log calls so. It doesn't tell the generation: only PINs of one that may be in force have effect.
    fn named(&self, id: &str, guests: &[Guest]) -> Option<Name> {
        let issued = guests
            .iter()
            .filter(|guest| guest.id() == id)
            .map(|guest| &guest.issued);
        let in_force = |of| {
            self.truth
                .settings
                .may(|settings| settings.generation == of)
        };
        issued
            .map(|issued| (issued.window, issued.variant, issued.generation))
            .find(|(.., of)| in_force(*of))
    }

    fn logs(&mut self, entry: &AuditEntry, now: Time, guests: &[Guest]) -> Option<Breach> {
        let field = |name: &str| {
            entry
                .fields
                .get(name)
                .map(crate::stage::judge::shown)
                .unwrap_or_default()
        };
        self.clock.logged(now, self.utc(now));
        let name = self.named(&field("id"), guests);
        match entry.event.as_ref() {
            "unlocked" => return self.unlocks(&field("by"), name, now),
            "denied" => return self.denies(&field("reason"), now),
            "locked_out" => {
                let minutes: u64 = field("minutes").parse().unwrap_or(0);
                self.deaf = Some((now, now + seconds(60 * minutes)));
                self.doubt = None;
                self.tries.locked_out(now);
                self.mode = Mode::Codes;
                self.offer = None;
            }
            "custom_pin_saved"
            | "local_code_set"
            | "local_code_deleted"
            | "programming_code_changed"
            | "smartpin_blocked"
            | "smartpin_unblocked"
            | "setting_changed"
            | "generation_raised"
            | "clock_set" => {
                return self.lasts(&entry.event, name, &field("id"), now);
            }
            "custom_pin_refused" => {
                self.refused();
                // The ten seconds may have begun anew, and whose they are is known.
                self.offer = self.left.checked_sub(1).map(|left| Offer {
                    since: now,
                    left,
                    name,
                });
            }
            "factory_reset" => return self.resets(now),
            // A code may have been accepted that the cells are too weak to open for.
            "battery_critical" => self.tries.accepted(false, now),
            _ => {}
        }
        None
    }

    /// Something lasts from now on, as somebody with the right to it asked for.
    fn lasts(&mut self, event: &str, name: Option<Name>, id: &str, now: Time) -> Option<Breach> {
        if self.attempt.is_some() {
            self.saved(now);
            return None;
        }
        let asked = self
            .asked
            .is_some_and(|asked| side(asked, now, seconds(3)) == Side::Within);
        if asked || self.changed == Some(now) {
            return None;
        }
        if !self.keypad.broken && !self.blind && !matches!(self.mode, Mode::Unclear) {
            let text =
                format!("`{event}` was logged, and nobody with the right to it had asked for it");
            return Some(Breach::of(Rule::ProgrammedWithoutRight, text));
        }
        match (event, name) {
            ("custom_pin_saved", Some(name)) => self.truth.forget_custom(name),
            ("local_code_set", _) => {
                let slot: usize = id.parse().unwrap_or(0);
                self.truth.forget_local(slot.wrapping_sub(1));
            }
            ("programming_code_changed", _) => self.truth.programming.forget(),
            _ => self.blind = true,
        }
        None
    }

    fn unlocks(&mut self, by: &str, name: Option<Name>, now: Time) -> Option<Breach> {
        let earned = self.tries.locks_out(now);
        self.tries.accepted(false, now);
        self.mode = Mode::Codes;
        if by == "smartpin" {
            self.offer = Some(Offer {
                since: now,
                left: RESTARTS,
                name,
            });
            if let Some(name) = name {
                self.truth.used(name);
            }
        }
        if earned {
            return Some(Breach::of(
                Rule::LockoutTooShort,
                "a code was accepted while the keypad should be locked out",
            ));
        }
        let reading = self.clock.reading(now, self.utc(now));
        let named =
            by == "local_code" || name.is_none_or(|name| self.truth.smartpin(name, reading).may);
        let allowed = self
            .pending
            .as_ref()
            .is_some_and(|pending| pending.right.may);
        if allowed && (named || self.blind) {
            return None;
        }
        Some(self.wrong_opening("the lock opened for an entry that opens nothing"))
    }

    fn denies(&mut self, reason: &str, now: Time) -> Option<Breach> {
        self.refused();
        let pending = self.pending.take()?;
        if reason == "too_short" {
            return None;
        }
        let earned = self.tries.locks_out(now);
        if pending.counts && reason != "bad_argument" {
            self.tries.wrong(now, &self.truth.settings);
        }
        if earned {
            return Some(Breach::of(
                Rule::LockoutTooShort,
                "an entry was judged while the keypad should be locked out",
            ));
        }
        if pending.programs && self.is_sound(now) {
            return Some(Breach::of(
                Rule::SavedWasLost,
                "the programming code that is in force was denied",
            ));
        }
        let text = format!("a code that opens was denied ({reason})");
        pending
            .right
            .must
            .then(|| wrong_refusal(pending.right, &text))
    }

    /// Settings that were answered `saved`, by name, where they are known beyond doubt.
    pub(crate) fn settings(&self, now: Time) -> Option<(&Settings, &Digits)> {
        let known = self.is_sound(now) && !matches!(self.mode, Mode::Unclear);
        let settings = self.truth.settings.certain().filter(|_| known)?;
        Some((settings, self.truth.programming.certain()?))
    }

    fn resets(&mut self, now: Time) -> Option<Breach> {
        self.make(&Change::Factory, true, now);
        self.attempt = None;
        self.changed = Some(now);
        let held = self
            .reset_down
            .is_some_and(|since| now - since >= seconds(4));
        (!held && !self.keypad.broken).then(|| {
            Breach::of(
                Rule::ResetWithoutRight,
                "factory settings were restored, and R was not held",
            )
        })
    }
}

/// The longest lockout that there may be.
fn longest_lockout(settings: &Possible<Settings>) -> Duration {
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

fn wrong_refusal(right: Right, text: &str) -> Breach {
    if right.by_change {
        Breach::of(
            Rule::SavedWasLost,
            format!("{text}, and it was answered `saved` once"),
        )
    } else {
        Breach::of(Rule::RefusedWithoutReason, text)
    }
}
