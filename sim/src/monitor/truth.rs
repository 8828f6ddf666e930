//! What the owner and the guests did to the lock, and which code opens it by the rules.

use std::collections::{BTreeMap, BTreeSet};

use firmware_core::audit::PinId;
use firmware_core::settings::{SettingName, Settings};
use jiff::{SignedDuration, Timestamp};
use smartpin::{Generation, Grant, LockKey, Pin, WindowKind};

use super::clock::Reading;
use super::settings;
use super::uncertain::Uncertain;
use crate::owner::{Book, Digits, Terms, text};
use crate::zones::{Zone, chrono_civil};

/// Local codes that a lock holds.
pub(super) const SLOTS: usize = 10;

/// Codes, settings and blocks, as far as the lock's answers tell.
#[derive(Clone)]
pub(super) struct Truth {
    key: LockKey,
    label: Digits,
    pub(super) zone: Zone,
    pub(super) settings: Uncertain<Settings>,
    pub(super) programming: Uncertain<Digits>,
    local: Vec<Uncertain<Option<Digits>>>,
    custom: BTreeMap<PinId, Uncertain<Option<Digits>>>,
    blocked: BTreeMap<PinId, Uncertain<bool>>,
    used: BTreeSet<PinId>,
    /// The power failed while they were judged.
    maybe_used: BTreeSet<PinId>,
    /// Since when a first use is asked for.
    first_use_since: Option<Timestamp>,
}

/// Something that lasts, once the lock has answered `saved`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    Programming(Digits),
    /// A slot from 0, and its code.
    Local(usize, Option<Digits>),
    Setting(SettingName, String),
    Generation(Generation),
    Blocked(PinId, bool),
    Custom(PinId, Digits),
    /// R, held for long enough.
    Factory,
    /// The clock takes this time.
    Clock(Timestamp),
}

/// Whether the lock is allowed to open for a code, and whether it is required to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Permission {
    /// By some reading of what is known the code opens.
    pub(super) allowed: bool,
    /// By every reading it does.
    pub(super) required: bool,
    /// It rests on something that was answered `saved`: a code that was set, a PIN that was blocked.
    pub(super) by_change: bool,
}

impl Permission {
    pub(super) const NONE: Self = Self {
        allowed: false,
        required: false,
        by_change: false,
    };
    /// Nobody can say.
    pub(super) const UNCLEAR: Self = Self {
        allowed: true,
        required: false,
        by_change: false,
    };

    fn or(self, other: Self) -> Self {
        Self {
            allowed: self.allowed || other.allowed,
            required: self.required || other.required,
            by_change: self.by_change || other.by_change,
        }
    }
}

impl Truth {
    pub(super) fn new(key: LockKey, terms: &Terms) -> Self {
        Self {
            label: text(&key.programming_code()),
            key,
            programming: Uncertain::new(terms.code.clone()),
            // The lock follows the rule that it was given, which may be simpler than its zone's.
            zone: terms.zone.rule(),
            settings: Uncertain::new(terms.settings.clone()),
            local: vec![Uncertain::new(None); SLOTS],
            custom: BTreeMap::new(),
            blocked: BTreeMap::new(),
            used: BTreeSet::new(),
            maybe_used: BTreeSet::new(),
            first_use_since: None,
        }
    }

    /// A change takes effect; or, if that isn't `sure`, may have done so. The lock's clock shows `now` at the latest.
    pub(super) fn change(&mut self, change: &Change, sure: bool, now: Timestamp) {
        match change {
            Change::Programming(code) => self.programming.change(code.clone(), sure),
            Change::Local(slot, code) => {
                if let Some(local) = self.local.get_mut(*slot) {
                    local.change(code.clone(), sure);
                }
            }
            Change::Setting(name, value) => {
                if *name == SettingName::FirstUseWithinHours {
                    self.first_use_since = self.first_use_since.max(Some(now));
                }
                self.settings
                    .map(|settings| settings::changed(settings, *name, value), sure);
            }
            Change::Generation(to) => self
                .settings
                .map(|settings| settings::raised(settings, *to), sure),
            Change::Blocked(pin, is) => {
                let blocked = self
                    .blocked
                    .entry(*pin)
                    .or_insert_with(|| Uncertain::new(false));
                blocked.change(*is, sure);
                if *is {
                    self.custom_of(*pin).change(None, sure);
                }
            }
            Change::Custom(pin, code) => self.custom_of(*pin).change(Some(code.clone()), sure),
            Change::Factory => self.restore_factory(sure),
            Change::Clock(_) => {}
        }
    }

    fn restore_factory(&mut self, sure: bool) {
        self.programming.change(self.label.clone(), sure);
        for local in &mut self.local {
            local.change(None, sure);
        }
        for custom in self.custom.values_mut() {
            custom.change(None, sure);
        }
        self.settings.map(settings::restored, sure);
    }

    fn custom_of(&mut self, pin: PinId) -> &mut Uncertain<Option<Digits>> {
        self.custom
            .entry(pin)
            .or_insert_with(|| Uncertain::new(None))
    }

    /// A custom PIN that nobody outside knows was saved.
    pub(super) fn forget_custom(&mut self, pin: PinId) {
        self.custom_of(pin).forget();
    }

    /// The same of a local code.
    pub(super) fn forget_local(&mut self, slot: usize) {
        if let Some(local) = self.local.get_mut(slot) {
            local.forget();
        }
    }

    /// A SmartPIN has opened.
    pub(super) fn used(&mut self, pin: PinId) {
        self.used.insert(pin);
    }

    /// One may have opened, had the power not failed.
    pub(super) fn maybe_used(&mut self, pin: PinId) {
        self.maybe_used.insert(pin);
    }

    /// What a SmartPIN that is typed to program the lock says: as it was issued, or as it reads.
    pub(super) fn named(&self, code: &str, book: &Book) -> Option<PinId> {
        let generations = self.generations().into_iter().rev();
        let readings: Vec<_> = generations
            .filter_map(|generation| self.reads(code, generation, book))
            .collect();
        let issued = readings.iter().find(|(_, issued)| *issued);
        issued.or(readings.first()).map(|(pin, _)| *pin)
    }

    /// Those that the lock may be in, the latest last.
    pub(super) fn generations(&self) -> Vec<Generation> {
        let values = self.settings.values().iter();
        let mut generations: Vec<_> = values.map(|settings| settings.generation).collect();
        generations.dedup();
        generations
    }

    /// What ten digits say in a generation, and whether they were issued.
    fn reads(&self, code: &str, generation: Generation, book: &Book) -> Option<(PinId, bool)> {
        let mut issued = book.guests().iter().map(|guest| &guest.issued);
        let issued = issued.find(|issued| {
            issued.id.generation == generation && text(&issued.pin.digits()) == code
        });
        if let Some(issued) = issued {
            return Some((issued.id, true));
        }
        let digits: Vec<u8> = code.bytes().map(|digit| digit.wrapping_sub(b'0')).collect();
        let pin = Pin::from_digits(&digits)?;
        let index = self.key.pin_key().read(&pin, generation).ok()?;
        Some((PinId { index, generation }, false))
    }

    /// Whether a code opens at that reading of the clock.
    pub(super) fn judge(&self, code: &str, clock: Reading, book: &Book) -> Permission {
        let is_code = |local: &Option<Digits>| local.as_deref() == Some(code);
        let mut permission = Permission::NONE;
        for local in self.local.iter().filter(|local| local.possibly(is_code)) {
            permission = permission.or(Permission {
                allowed: local.possibly(is_code),
                required: local.certainly(is_code),
                by_change: true,
            });
        }
        for (pin, custom) in &self.custom {
            if custom.possibly(is_code) {
                let of = self.smartpin(*pin, clock);
                permission = permission.or(Permission {
                    required: of.required && custom.certainly(is_code),
                    by_change: true,
                    ..of
                });
            }
        }
        permission.or(self.judge_smartpin(code, clock, book))
    }

    fn judge_smartpin(&self, code: &str, clock: Reading, book: &Book) -> Permission {
        let generations = self.generations();
        let sure = generations.len() == 1;
        let readings = generations
            .into_iter()
            .filter_map(|generation| self.reads(code, generation, book));
        readings.fold(Permission::NONE, |permission, (pin, issued)| {
            let of = self.smartpin(pin, clock);
            permission.or(Permission {
                required: of.required && sure && issued,
                ..of
            })
        })
    }

    /// Whether a SmartPIN, and with it the custom PIN that was made by it, opens.
    pub(super) fn smartpin(&self, pin: PinId, clock: Reading) -> Permission {
        let is_blocked = self.blocked.get(&pin);
        let grant = pin.grant();
        let lower = grant.siblings().take(grant.variant().get().into());
        let lower = lower.filter_map(|sibling| {
            let index = sibling.index();
            self.blocked.get(&PinId { index, ..pin })
        });
        let (least, greatest) = lower.fold((0, 0), |(certain, possible), blocked| {
            (
                certain + u8::from(blocked.certainly(|is| *is)),
                possible + u8::from(blocked.possibly(|is| *is)),
            )
        });
        let may_be_blocked = is_blocked.is_some_and(|blocked| blocked.possibly(|is| *is));
        let taken_away = is_blocked.is_some_and(|blocked| blocked.certainly(|is| *is))
            || self.settings.certainly(|settings| {
                !settings.smartpin_enabled || settings.generation != pin.generation
            });
        let allowed = self.settings.possibly(|settings| {
            is_admitted(settings, pin, greatest)
                && self.is_open(settings, pin, clock, Leaning::Open)
        });
        let required = self.settings.certainly(|settings| {
            is_admitted(settings, pin, least) && self.is_open(settings, pin, clock, Leaning::Shut)
        });
        Permission {
            allowed: allowed && !is_blocked.is_some_and(|blocked| blocked.certainly(|is| *is)),
            required: required && !may_be_blocked,
            by_change: taken_away,
        }
    }

    /// Whether the clock lies in the window, and a first use wasn't missed; where that can't be told, as it leans.
    fn is_open(&self, settings: &Settings, pin: PinId, clock: Reading, leaning: Leaning) -> bool {
        let Grant::Stay(stay) = pin.grant();
        let (starts, ends) = stay.window.bounds(settings.daily_hours);
        let (Some(start), Some(end)) = (self.zone.reaches(starts), self.zone.reaches(ends)) else {
            return leaning == Leaning::Open;
        };
        let hours = i64::from(settings.first_use_within_hours);
        let latest = start + SignedDuration::from_hours(hours);
        let first_use = hours > 0 && !self.used.contains(&pin);
        let began_after = self.first_use_since.is_none_or(|since| start > since);
        // Clocks that go back may show a time before the start once more.
        let began =
            |now| chrono_civil(self.zone.at(now).datetime()).is_some_and(|civil| civil >= starts);
        match (clock, leaning) {
            (Reading::Anything, Leaning::Open) => true,
            (Reading::Untrusted | Reading::Anything, _) => false,
            (Reading::Between { from, to, .. }, Leaning::Open) => {
                let first_use = first_use && !self.maybe_used.contains(&pin);
                to >= start && from < end && !(first_use && began_after && from > latest)
            }
            (Reading::Between { from, to, sure }, Leaning::Shut) => {
                sure && from >= start && to < end && !first_use && began(from) && began(to)
            }
        }
    }
}

/// In doubt for the one or for the other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaning {
    Open,
    Shut,
}

/// Whether a lock opens for SmartPINs such as this one at all.
fn is_admitted(settings: &Settings, pin: PinId, blocked: u8) -> bool {
    let Grant::Stay(stay) = pin.grant();
    let most = i64::from(settings.max_smartpin_days);
    let short = match stay.window.kind() {
        WindowKind::Hourly { hours, .. } => i64::from(hours) <= 24 * most,
        WindowKind::Daily { first, last } => (last - first).num_days() <= most,
    };
    settings.smartpin_enabled
        && settings.generation == pin.generation
        && short
        && stay.variant.get() < settings.pins_per_window.saturating_add(blocked)
}
