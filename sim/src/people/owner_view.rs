//! What the owner knows: the book, the programming code, what was typed. All of it comes from outside of the lock, and
//! from its audit log, which the owner believes.

mod keep;

use std::collections::BTreeSet;

use firmware_core::audit::{Event, PinId};
use firmware_core::settings::Settings;
use jiff::{Timestamp, Zoned};
use smartpin::{Generation, Grant, Variant};

use crate::key::Key;
use crate::lockout::Lockout;
use crate::owner::{Admission, Book, Digits, Guest, IssueRequest, Refusal, Terms};
use crate::scenario::cases::PROGRAMMING_CODE;
use crate::scenario::model::keys::{Keys, Part};
use crate::scenario::model::step::Issue;
use crate::scenario::model::time::StayTime;
use crate::time::Time;
use crate::trace::AuditEntry;
use crate::zones::{Zone, chrono_civil};

pub use keep::Kept;

/// Everything that the owner knows, as a fork copies it.
#[derive(Clone)]
pub struct OwnerView {
    book: Book,
    blocked: BTreeSet<PinId>,
    custom: BTreeSet<PinId>,
    /// What the lock was set to over the port, or from the start.
    pub settings: Settings,
    /// Where the lock hangs.
    pub zone: Zone,
    code: Digits,
    first_code: Digits,
    /// When the lock told last that its generation was raised.
    raised: Option<Time>,
    entry: String,
    entered: Vec<(Time, Digits)>,
    lockout: Option<Lockout>,
}

/// A key to press, and what the trace calls it.
pub struct Stroke {
    pub key: Key,
    pub label: Option<String>,
}

impl OwnerView {
    /// The owner of a lock that is new.
    #[must_use]
    pub fn new(book: Book, terms: Terms) -> Self {
        let Terms {
            settings,
            zone,
            code,
        } = terms;
        Self {
            book,
            blocked: BTreeSet::new(),
            custom: BTreeSet::new(),
            settings,
            zone,
            first_code: code.clone(),
            code,
            raised: None,
            entry: String::new(),
            entered: Vec::new(),
            lockout: None,
        }
    }

    /// What the lock is set to, as far as the owner knows.
    #[must_use]
    pub fn terms(&self) -> Terms {
        Terms {
            settings: self.settings.clone(),
            zone: self.zone.clone(),
            code: self.code.clone(),
        }
    }

    /// Whom the owner gave PINs.
    #[must_use]
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// Every code that was handed out or typed, and the lock's key.
    pub fn secrets(&self) -> Vec<Digits> {
        let typed = self.entered.iter().map(|(_, digits)| digits.clone());
        let pins = self.guests().iter().map(Guest::code);
        let codes = [self.code.clone(), self.first_code.clone()];
        pins.chain(codes).chain(typed).collect()
    }

    /// The programming code is this, whatever was seen of it.
    pub fn learn_code(&mut self, code: &Digits) {
        self.code.clone_from(code);
    }

    /// The programming code that is in force.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What was typed since the last Enter or Clear.
    #[must_use]
    pub fn entry(&self) -> &str {
        &self.entry
    }

    /// Everybody with a SmartPIN, in the order of issue.
    #[must_use]
    pub fn guests(&self) -> &[Guest] {
        self.book.guests()
    }

    /// The guest whose PIN steps call so.
    #[must_use]
    pub fn guest(&self, name: &str) -> Option<&Guest> {
        self.book.guest(name)
    }

    /// What steps call these digits: a SmartPIN, or the programming code that the lock began with.
    #[must_use]
    pub fn name_of_code(&self, code: &str) -> Option<String> {
        if code == self.first_code {
            return Some(PROGRAMMING_CODE.to_owned());
        }
        let guest = self.guests().iter().find(|guest| guest.code() == code)?;
        Some(guest.name.clone())
    }

    /// Whether the lock has told that it blocks the guest's PIN.
    #[must_use]
    pub fn is_blocked(&self, guest: &Guest) -> bool {
        self.blocked.contains(&guest.issued.id)
    }

    /// Whether the lock has told that the guest chose a custom PIN, which is in force as long as the SmartPIN.
    #[must_use]
    pub fn has_custom_pin(&self, guest: &Guest) -> bool {
        self.custom.contains(&guest.issued.id)
    }

    /// When the lockout ends that runs at `now`, if one does.
    pub fn locked_out_until(&self, now: Time) -> Option<Time> {
        self.lockout?.running(now).map(Lockout::ends)
    }

    /// Whether the generation was raised since.
    #[must_use]
    pub fn is_void(&self, guest: &Guest) -> bool {
        guest.issued.id.generation < self.settings.generation
    }

    /// Issues what a step asks for.
    pub fn issue(&mut self, issue: &Issue, now: Timestamp) -> Result<(), Refusal> {
        let here = self.zone.at(now);
        let generation = issue
            .generation
            .map_or(self.settings.generation, Generation);
        let request = IssueRequest {
            name: issue.name.value.clone(),
            called: issue.guest.clone(),
            start: stay_time(issue.start.value, &here),
            end: stay_time(issue.end.value, &here),
            variant: issue
                .variant
                .as_ref()
                .and_then(|variant| Variant::new(variant.value)),
            generation,
        };
        let blocked = &self.blocked;
        let admission = Admission {
            pins_per_window: self.settings.pins_per_window,
            blocked: &|id| blocked.contains(&id),
        };
        self.book.issue(request, &admission).map(drop)
    }

    /// The keys of a `type`, one by one. A PIN's are called by its name and their place in it, digits that the file
    /// has by their place in the entry.
    pub fn strokes(&self, keys: &Keys) -> Vec<Stroke> {
        let mut strokes: Vec<Stroke> = Vec::new();
        let mut place = 0;
        for part in keys.parts() {
            match part {
                Part::Key(key) if key.is_digit() => {
                    place += 1;
                    strokes.push(Stroke {
                        key: *key,
                        label: Some(format!("pin:{place}")),
                    });
                }
                Part::Key(key) => {
                    place = 0;
                    strokes.push(Stroke {
                        key: *key,
                        label: None,
                    });
                }
                Part::Bound(name) => {
                    place = 0;
                    let digits = self.digits(name);
                    strokes.extend(digits.chars().filter_map(Key::named).zip(1..).map(
                        |(key, number)| Stroke {
                            key,
                            label: Some(format!("{name}:{number}")),
                        },
                    ));
                }
            }
        }
        strokes
    }

    /// `programming_code` stays what it was bound to at the start.
    fn digits(&self, name: &str) -> Digits {
        match self.guest(name) {
            Some(guest) => guest.code(),
            None if name == PROGRAMMING_CODE => self.first_code.clone(),
            None => Digits::new(),
        }
    }

    /// A key went down.
    pub fn pressed(&mut self, key: Key, now: Time) {
        if key.is_digit() {
            self.entry.push(key.name());
        } else if key.is_enter() {
            self.entered.push((now, std::mem::take(&mut self.entry)));
        } else {
            self.entry.clear();
        }
    }

    /// The lock has no power any more.
    pub fn lost_power(&mut self, at: Time) {
        self.lockout = self.lockout.and_then(|lockout| lockout.running(at));
    }

    /// The lock starts.
    pub fn booted(&mut self, at: Time) {
        self.lockout = self.lockout.map(|lockout| lockout.booted(at));
    }

    /// The lock wrote an entry into its log.
    pub fn audited(&mut self, entry: &AuditEntry, at: Time) {
        match entry.event {
            Event::LockedOut { minutes } => self.lockout = Some(Lockout::new(at, minutes)),
            Event::ProgrammingCodeChanged => self.code_changed(at),
            Event::FactoryReset => self.reset(at),
            Event::GenerationRaised { to } => {
                self.settings.generation = to;
                self.raised = Some(at);
            }
            Event::SmartpinBlocked(pin) => {
                let pin = self.in_force(pin);
                self.custom.remove(&pin);
                self.blocked.insert(pin);
            }
            Event::SmartpinUnblocked(pin) => {
                let pin = self.in_force(pin);
                self.blocked.remove(&pin);
            }
            Event::CustomPinSaved(pin) => {
                let pin = self.in_force(pin);
                self.custom.insert(pin);
            }
            Event::Boot
            | Event::Unlocked(_)
            | Event::Locked(_)
            | Event::Denied { .. }
            | Event::CustomPinRefused { .. }
            | Event::SettingChanged(_)
            | Event::LocalCodeSet { .. }
            | Event::LocalCodeDeleted { .. }
            | Event::ClockSet { .. }
            | Event::ClockUntrusted(_)
            | Event::BatteryLow
            | Event::BatteryCritical
            | Event::Jammed
            | Event::StoreRepaired => {}
        }
    }

    /// The PIN that the log calls so, in the generation in force.
    fn in_force(&self, pin: Grant) -> PinId {
        PinId {
            index: pin.index(),
            generation: self.settings.generation,
        }
    }

    /// The generation rises by one, which a lock may tell by an entry of its own beside.
    fn reset(&mut self, at: Time) {
        self.code = self.book.label_code();
        let generation = self.settings.generation.0;
        let rise = u32::from(self.raised != Some(at));
        let generation = Generation(generation.saturating_add(rise));
        self.settings = self.settings.restored(generation);
    }

    /// The new code is what was entered last.
    fn code_changed(&mut self, at: Time) {
        let last = self
            .entered
            .iter()
            .rev()
            .find(|(entered, _)| *entered <= at);
        if let Some((_, digits)) = last {
            self.code.clone_from(digits);
        }
    }
}

/// A time that no calendar of the lock's has becomes its last, which no window reaches.
fn stay_time(time: StayTime, here: &Zoned) -> chrono::NaiveDateTime {
    let civil = match time {
        StayTime::Civil(civil) => Some(civil),
        StayTime::Ahead { days, hours } => ahead(here, days, hours),
    };
    civil
        .and_then(chrono_civil)
        .unwrap_or(chrono::NaiveDateTime::MAX)
}

/// Days by the calendar, hours by the clock, from the present moment cut to the hour.
fn ahead(here: &Zoned, days: u32, hours: u32) -> Option<jiff::civil::DateTime> {
    let cut = here
        .with()
        .minute(0)
        .second(0)
        .subsec_nanosecond(0)
        .build()
        .ok()?;
    let span = jiff::Span::new()
        .try_days(days)
        .ok()?
        .try_hours(hours)
        .ok()?;
    cut.checked_add(span).ok().map(|then| then.datetime())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::owner::{TEST_SERIAL, TEST_SITE_KEY, lock_key};

    fn owner() -> OwnerView {
        let key = lock_key(TEST_SITE_KEY, &TEST_SERIAL.parse().unwrap());
        let terms = Terms {
            settings: Settings::default(),
            zone: Zone::default(),
            code: "860297".to_owned(),
        };
        OwnerView::new(Book::new(key), terms)
    }

    fn enter(owner: &mut OwnerView, keys: &str, at: Time) {
        keys.chars()
            .filter_map(Key::named)
            .for_each(|key| owner.pressed(key, at));
    }

    fn tell(owner: &mut OwnerView, event: &str, at: Time) {
        let line = format!("0 boot1+0s {event}");
        owner.audited(&line.parse().unwrap(), at);
    }

    #[test]
    fn the_code_in_force_is_what_was_entered_last_before_the_log_told_of_it() {
        let mut owner = owner();
        enter(
            &mut owner,
            "860297#100#12*739154#739154#",
            Time::from_millis(1),
        );
        enter(&mut owner, "4711#", Time::from_millis(9));
        tell(&mut owner, "programming_code_changed", Time::from_millis(5));
        assert_eq!(owner.code(), "739154");
        tell(&mut owner, "factory_reset", Time::from_millis(10));
        assert_eq!(owner.code(), owner.book.label_code());
    }

    #[test]
    fn digits_are_called_by_their_pin_and_place() {
        let keys: Keys = "${programming_code}#12*3".parse().unwrap();
        let labels: Vec<_> = owner()
            .strokes(&keys)
            .into_iter()
            .map(|stroke| stroke.label.unwrap_or_default())
            .collect();
        assert_eq!(labels[..2], ["programming_code:1", "programming_code:2"]);
        assert_eq!(labels[6..], ["", "pin:1", "pin:2", "", "pin:1"]);
    }
}
