//! Writes steps, one after the other, from what was done and seen.

use std::collections::BTreeSet;
use std::time::Duration;

use firmware_core::audit::{self, Event, Opener};
use jiff::Timestamp;
use jiff::Unit;
use smartpin::Grant;

use super::Fidelity;
use crate::devices::{BoltState, Colour};
use crate::fault::FaultName;
use crate::key::Key;
use crate::moment::Moment;
use crate::pace::{DOWN, UP};
use crate::people::OwnerView;
use crate::play::record::{Item, Record, What};
use crate::recognise::Signal;
use crate::scenario::model::expect::{Entry, Expect, Fields, Id, Many, To};
use crate::scenario::model::keys::{Flashes, Keys, Part};
use crate::scenario::model::names::{self, By, Reason};
use crate::scenario::model::step::{Press, Step, Verb};
use crate::scenario::span::Spanned;
use crate::stage::{Stage, WITHIN};
use crate::time::{Lapse, Time};
use crate::trace::AuditEntry;

/// A longer gap is an `until`, not a `wait`.
const LONG: Duration = Duration::from_mins(1);
/// What is seen within so long is looked for together: a signal, and the bolt that has moved meanwhile.
const TOGETHER: Duration = Duration::from_millis(1_500);
/// Writes steps, and keeps in mind how far their replay would have come on the record's own time line.
pub(super) struct ScenarioWriter<'a> {
    stage: &'a Stage,
    fidelity: Fidelity,
    pub(super) steps: Vec<Step>,
    come_to: Time,
    /// How much of the hand's time was left out since the last `until`: so much longer may things take to be seen.
    left_out: Duration,
    typing: Option<Typing>,
    window: Window,
    sight: Option<Sight>,
}

/// Keys that are typed in one go.
struct Typing {
    keys: Vec<Key>,
    first_down: Time,
    last_up: Time,
}

/// What was seen since the last acting step began.
#[derive(Default)]
struct Window {
    leds: Vec<Colour>,
    beeps: u32,
    entries: Vec<AuditEntry>,
    /// It began with a step of a file, in which things happened that aren't told here.
    partial: bool,
    /// The log has grown since it was written down last.
    grown: bool,
    fired: BTreeSet<FaultName>,
}

/// Flashes that were complete.
#[derive(Clone, Copy)]
enum Seen {
    Signal(Signal),
    /// They are none of the lock's signals: half of the LED is dead.
    Flashes,
}

/// What is to be seen at one instant, and hasn't been written down.
struct Sight {
    /// When a signal or the bolt was first seen.
    first: Option<Time>,
    last: Time,
    signal: Option<Seen>,
    bolt: Option<BoltState>,
}

impl<'a> ScenarioWriter<'a> {
    pub(super) fn new(stage: &'a Stage, fidelity: Fidelity) -> Self {
        Self {
            stage,
            fidelity,
            steps: Vec::new(),
            come_to: Time::START,
            left_out: Duration::ZERO,
            typing: None,
            window: Window::default(),
            sight: None,
        }
    }

    fn known(&self) -> &OwnerView {
        &self.stage.known
    }

    pub(super) fn write(&mut self, record: &Record) {
        for (number, item) in record.items().enumerate() {
            match &item.what {
                What::Did(step) => self.did(step, item.at, record, number),
                What::Reached => {
                    self.settle();
                    self.come_to = item.at;
                    self.window.partial = true;
                }
                _ => self.saw(item),
            }
        }
        self.settle();
        if !self
            .steps
            .iter()
            .any(|step| matches!(step.verb, Verb::Expect(_)))
        {
            self.push(Verb::Expect(
                Expect {
                    bolt: Some(self.stage.world.bolt()),
                    ..Expect::default()
                }
                .into(),
            ));
        }
    }

    fn did(&mut self, step: &Step, at: Time, record: &Record, number: usize) {
        match &step.verb {
            Verb::Press(press) if press.lasting == DOWN && press.key != Key::RESET => {
                self.stroke(press.key, at);
            }
            Verb::Until(moment) => {
                self.settle();
                self.steps.push(step.clone());
                self.come_to = self.time_of(moment.value).unwrap_or(at);
                self.left_out = Duration::ZERO;
            }
            Verb::Fault(injection) => {
                self.begin(at);
                let mut injection = injection.value.clone();
                injection.optional |= !record.fired_since(number, injection.fault);
                self.push(Verb::Fault(injection.into()));
            }
            Verb::Press(Press { lasting, .. }) => {
                self.begin(at);
                self.steps.push(step.clone());
                self.come_to = at + lasting.duration();
            }
            verb => {
                if verb.acts() {
                    self.begin(at);
                } else {
                    self.settle();
                    self.catch_up(at);
                }
                self.steps.push(step.clone());
            }
        }
    }

    /// One key, at a person's pace.
    fn stroke(&mut self, key: Key, at: Time) {
        let up = at + DOWN.duration();
        let ends = |typing: &Typing| {
            at.since(typing.last_up) > self.fidelity.split
                || self.sight.is_some() && typing.is_whole()
        };
        if self.typing.as_ref().is_some_and(ends) || self.sight.is_some() && self.typing.is_none() {
            self.settle();
        }
        let Some(typing) = &mut self.typing else {
            self.settle();
            self.window = Window::default();
            self.typing = Some(Typing {
                keys: vec![key],
                first_down: at,
                last_up: up,
            });
            return;
        };
        typing.keys.push(key);
        typing.last_up = up;
        if key.is_enter() {
            // What was seen amid the entry is over; the log still tells of it.
            self.sight = self.sight.take().map(|sight| sight.over(up));
        }
    }

    fn saw(&mut self, item: &Item) {
        match &item.what {
            What::Signal(group) => {
                self.part_if(item.at, |sight| sight.signal.is_some());
                self.window.leds.extend(&group.leds);
                self.window.beeps += group.beeps;
                let sight = self.sight_at(item.at);
                sight.signal = Some(group.signal.map_or(Seen::Flashes, Seen::Signal));
                sight.first.get_or_insert(item.at);
            }
            What::Bolt(BoltState::Moving) => {
                self.part_if(item.at, |sight| sight.bolt.is_some());
                if let Some(sight) = &mut self.sight {
                    sight.bolt = None;
                }
            }
            What::Bolt(state) => {
                self.part_if(item.at, |sight| {
                    sight.bolt.is_some_and(|bolt| bolt != *state)
                });
                let sight = self.sight_at(item.at);
                sight.bolt = Some(*state);
                sight.first.get_or_insert(item.at);
            }
            What::Audit(entry) => {
                self.part_if(item.at, |_| false);
                self.window.log(entry);
                self.sight_at(item.at);
            }
            What::Fired(fault) => {
                self.part_if(item.at, |_| false);
                self.window.fired.insert(fault.name());
                self.sight_at(item.at);
            }
            What::Did(_) | What::Reached => {}
        }
    }

    fn sight_at(&mut self, at: Time) -> &mut Sight {
        let sight = self.sight.get_or_insert(Sight {
            first: None,
            last: at,
            signal: None,
            bolt: None,
        });
        sight.last = at;
        sight
    }

    /// What was seen before is written down on its own where it can't hold together with what is seen now. While an
    /// entry is being typed, or a key is down, the latest counts: a file looks once that is over.
    fn part_if(&mut self, at: Time, conflicts: impl Fn(&Sight) -> bool) {
        let busy = match &self.typing {
            Some(typing) => at <= typing.last_up || !typing.is_whole(),
            None => at <= self.come_to,
        };
        let late = |sight: &Sight| match sight.first {
            Some(first) => at.since(first) >= TOGETHER,
            None => at.since(sight.last) >= WITHIN.duration(),
        };
        let apart = |sight: &Sight| late(sight) || conflicts(sight);
        if !busy && self.sight.as_ref().is_some_and(apart) {
            self.settle();
        }
    }

    /// An acting step begins.
    fn begin(&mut self, at: Time) {
        self.settle();
        self.catch_up(at);
        self.window = Window::default();
    }

    /// Writes what was typed, and what was seen.
    fn settle(&mut self) {
        if let Some(typing) = self.typing.take() {
            let pace = (DOWN.duration() + UP.duration()) * typing.keys.len() as u32;
            let live = typing.last_up.since(typing.first_down) + UP.duration();
            self.catch_up(typing.first_down + live.saturating_sub(pace));
            self.push(Verb::Type(self.keys(&typing.keys).into()));
            self.come_to = typing.last_up;
        }
        if let Some(sight) = self.sight.take() {
            let expect = self.expectation(&sight);
            if !expect.is_empty() {
                self.push(Verb::Expect(expect.into()));
                self.come_to = self.come_to.max(sight.last);
            }
        }
    }

    fn expectation(&mut self, sight: &Sight) -> Expect {
        let mut wait = sight.last.since(self.come_to);
        if self.fidelity.patient {
            wait += self.left_out;
        }
        let mut expect = Expect {
            bolt: sight.bolt,
            within: (wait >= WITHIN.duration())
                .then(|| Lapse::from_micros((wait.as_secs() + 2) * 1_000_000)),
            ..Expect::default()
        };
        match sight.signal {
            Some(Seen::Signal(signal)) => expect.signal = Some(signal),
            Some(Seen::Flashes) if !self.window.partial => {
                expect.leds = Some(Flashes(self.window.leds.clone()));
                expect.beeps = Some(self.window.beeps);
            }
            Some(Seen::Flashes) | None => {}
        }
        if std::mem::take(&mut self.window.grown) && !self.window.partial {
            let entries = self.window.entries.iter();
            expect.log = Some(entries.map(|entry| self.entry(entry)).collect());
        }
        let fired = std::mem::take(&mut self.window.fired);
        expect.fault_fired = (!fired.is_empty()).then(|| Many(fired.into_iter().collect()));
        expect
    }

    fn entry(&self, entry: &AuditEntry) -> Entry {
        let mut fields = Fields::from(names::Event(entry.event.kind()));
        match entry.event {
            Event::Unlocked(opener) => {
                fields.by = Some(By::Opener(opener.kind()).into());
                fields.id = match opener {
                    Opener::Smartpin(pin) | Opener::CustomPin(pin) => self.id(pin),
                    Opener::LocalCode(slot) => Some(Id::Slot(slot).into()),
                };
            }
            Event::Locked(cause) => fields.by = Some(By::Cause(cause).into()),
            Event::Denied { reason, pin, count } => {
                fields.reason = Some(Reason::Denied(reason).into());
                fields.id = pin.and_then(|pin| self.id(pin));
                fields.count = (reason == audit::Reason::TooShort).then(|| count.into());
            }
            Event::LockedOut { minutes } => fields.minutes = Some(minutes.into()),
            Event::CustomPinRefused { pin, reason } => {
                fields.reason = Some(Reason::Refused(reason).into());
                fields.id = self.id(pin);
            }
            Event::CustomPinSaved(pin)
            | Event::SmartpinBlocked(pin)
            | Event::SmartpinUnblocked(pin) => fields.id = self.id(pin),
            Event::GenerationRaised { to } => fields.to = Some(To::Generation(to.0).into()),
            Event::SettingChanged(name) => fields.name = Some(name.to_string().into()),
            Event::LocalCodeSet { slot } | Event::LocalCodeDeleted { slot } => {
                fields.id = Some(Id::Slot(slot).into());
            }
            Event::ClockUntrusted(fault) => {
                fields.reason = Some(Reason::Untrusted(fault).into());
            }
            // A moment of the recording is none of the scenario's.
            Event::ClockSet { .. }
            | Event::Boot
            | Event::ProgrammingCodeChanged
            | Event::BatteryLow
            | Event::BatteryCritical
            | Event::Jammed
            | Event::FactoryReset
            | Event::StoreRepaired => {}
        }
        Entry(fields)
    }

    /// The name that files have for a SmartPIN, where somebody has it.
    fn id(&self, pin: Grant) -> Option<Spanned<Id>> {
        let guest = self.known().book().guest_of(pin)?;
        Some(Id::Bound(guest.name.clone()).into())
    }

    /// Whole entries that are somebody's PIN, or the code that the lock began with, stand by name.
    fn keys(&self, keys: &[Key]) -> Keys {
        let mut parts = Vec::new();
        for entry in keys.split_inclusive(|key| !key.is_digit()) {
            let digits = entry.iter().take_while(|key| key.is_digit()).count();
            let code: String = entry[..digits].iter().map(|key| key.name()).collect();
            let whole = entry.last().is_some_and(|key| key.is_enter());
            match self.known().name_of_code(&code).filter(|_| whole) {
                Some(name) => parts.push(Part::Bound(name)),
                None => parts.extend(entry[..digits].iter().map(|key| Part::Key(*key))),
            }
            parts.extend(entry[digits..].iter().map(|key| Part::Key(*key)));
        }
        Keys::from(parts)
    }

    /// Lets the time pass that passed before `at`.
    fn catch_up(&mut self, at: Time) {
        let gap = at.since(self.come_to);
        if gap < self.fidelity.keep || gap.is_zero() {
            self.left_out += gap;
            return;
        }
        if gap < LONG && self.fidelity.unit == Unit::Second {
            self.push(Verb::Wait(Lapse::from_micros(gap.as_secs() * 1_000_000)));
        } else {
            self.push(Verb::Until(self.moment(at).into()));
            self.left_out = Duration::ZERO;
        }
        self.come_to = at;
    }

    /// Civil, where that names the instant.
    fn moment(&self, at: Time) -> Moment {
        let stamp = self.stage.world.utc_at(at);
        let cut = jiff::TimestampRound::new()
            .smallest(self.fidelity.unit)
            .mode(jiff::RoundMode::Trunc);
        let stamp: Timestamp = stamp.round(cut).unwrap_or(stamp);
        self.known().zone.moment(stamp)
    }

    fn time_of(&self, moment: Moment) -> Option<Time> {
        let stamp = match moment {
            Moment::Exact(stamp) => Some(stamp),
            Moment::Civil(civil) => self
                .known()
                .zone
                .instants(civil)
                .from(self.stage.world.utc_at(self.come_to)),
        };
        self.stage.world.time_of(stamp?)
    }

    fn push(&mut self, verb: Verb) {
        self.steps.push(Step::from(verb));
    }
}

impl Typing {
    /// Whether the last entry is ended.
    fn is_whole(&self) -> bool {
        self.keys.last().is_some_and(|key| key.is_enter())
    }
}

impl Sight {
    fn over(self, at: Time) -> Self {
        Self {
            first: None,
            last: at.max(self.last),
            signal: None,
            bolt: None,
        }
    }
}

impl Window {
    /// An entry told again with the same number replaces the one before.
    fn log(&mut self, entry: &AuditEntry) {
        self.grown = true;
        match self
            .entries
            .last_mut()
            .filter(|last| last.sequence == entry.sequence)
        {
            Some(last) => *last = *entry,
            None => self.entries.push(*entry),
        }
    }
}
