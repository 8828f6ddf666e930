//! What a test does to a store, and what it sees of it.

use super::std::string::String;
use super::std::vec::Vec;
use super::std::{format, vec};

use chrono::NaiveDate;
use smartpin::{
    DailyHours, Generation, Grant, LockKey, SerialNumber, SiteKey, Stay, Variant, Window,
};

use super::nor::{Noise, Nor};
use crate::audit::{Cause, Entry, Event, PinId, Reason, Stamp};
use crate::civil::{CivilTime, UtcTime};
use crate::code::Code;
use crate::logic::lockout::Tally;
use crate::logic::programming::Slot;
use crate::logic::trust::Mark;
use crate::settings::Settings;
use crate::store::{Store, StoreError};

pub(super) fn key() -> LockKey {
    let site = SiteKey::from_hex("000102030405060708090a0b0c0d0e0f").expect("a key");
    site.lock_key(&"TEST-1".parse::<SerialNumber>().expect("a serial number"))
}

pub(super) fn code(digits: &str) -> Code {
    let digits: Vec<u8> = digits.bytes().map(|digit| digit - b'0').collect();
    Code::from_digits(&digits).expect("digits")
}

/// Two days from that day of 2026 on.
fn stay(day: u32) -> Stay {
    let start = NaiveDate::from_ymd_opt(2026, 1, 1)
        .expect("a date")
        .and_hms_opt(15, 0, 0)
        .expect("a time");
    Stay {
        window: Window::hourly(start + chrono::TimeDelta::days(day.into()), 48).expect("a window"),
        variant: Variant::ZERO,
    }
}

pub(super) fn pin(day: u32) -> PinId {
    PinId {
        index: stay(day).index(),
        generation: Generation(0),
    }
}

pub(super) fn end_of(grant: Grant) -> Option<CivilTime> {
    grant.over_at(DailyHours::default())
}

pub(super) fn slot(number: u8) -> Slot {
    Slot::new(number).expect("a slot")
}

/// Nothing is over.
pub(super) fn never(_: Grant) -> Option<CivilTime> {
    None
}

/// Everything is over.
pub(super) fn always(grant: Grant) -> Option<CivilTime> {
    end_of(grant)
}

/// Something that changes the store.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    Tries(u8),
    Mark(i64),
    Beeps(bool),
    Generation(u32),
    Programming(u32),
    Local(u8, u32),
    Delete(u8),
    Block(u32),
    Unblock(u32),
    Use(u32),
    /// With everything before it over.
    UseInstead(u32),
    Custom(u32, u32),
    Reset,
    Locked,
    TooShort,
    Boot,
}

impl Change {
    /// Something or other, mostly what a lock does most.
    pub(super) fn any(noise: &mut Noise) -> Self {
        let number = noise.below(100_000);
        let day = number % 70;
        match noise.below(40) {
            0 => Self::Beeps(number.is_multiple_of(2)),
            1 => Self::Generation(number % 100 + 1),
            2 => Self::Programming(number),
            3 | 4 => Self::Local((number % 10 + 1) as u8, number),
            5 => Self::Delete((number % 10 + 1) as u8),
            6..=8 => Self::Block(day),
            9 => Self::Unblock(day),
            10..=12 => Self::Use(day),
            13 => Self::UseInstead(day),
            14..=16 => Self::Custom(day, number),
            17 if number.is_multiple_of(8) => Self::Reset,
            18 | 19 => Self::Mark(i64::from(number)),
            20..=24 => Self::Locked,
            25..=27 => Self::TooShort,
            28 => Self::Boot,
            _ => Self::Tries((number % 6) as u8),
        }
    }

    pub(super) fn apply(self, store: &mut Store, nor: &mut Nor) -> Result<(), StoreError> {
        let pin = |day| PinId {
            generation: store.settings().generation,
            ..pin(day)
        };
        let digits = |number: u32| code(&format!("{:07}", number + 1_000_000));
        let mut settings = store.settings().clone();
        let since = store.first_use_since();
        match self {
            Self::Tries(tries) => store.set_tally(
                nor,
                Tally {
                    tries,
                    spent: tries,
                    ..store.tally()
                },
            ),
            Self::Mark(seconds) => store.set_mark(nor, mark(seconds)),
            Self::Beeps(beeps) => store.set_settings(nor, Settings { beeps, ..settings }, since),
            Self::Generation(by) => {
                settings.generation = Generation(settings.generation.0 + by);
                store.set_settings(nor, settings, since)
            }
            Self::Programming(number) => store.set_programming_code(nor, &digits(number)),
            Self::Local(place, number) => store.set_local_code(nor, slot(place), &digits(number)),
            Self::Delete(place) => store.delete_local_code(nor, slot(place)).map(drop),
            Self::Block(day) => store.block(nor, pin(day), &never).map(drop),
            Self::Unblock(day) => store.unblock(nor, pin(day)).map(drop),
            Self::Use(day) => store.remember_first_use(nor, pin(day), &never),
            Self::UseInstead(day) => store.remember_first_use(nor, pin(day), &always),
            Self::Custom(day, number) => store.save_custom(nor, pin(day), &digits(number), &always),
            Self::Reset => store.restore_factory(nor),
            Self::Locked => append(store, nor, Event::Locked(Cause::Auto)),
            Self::TooShort => append(
                store,
                nor,
                Event::Denied {
                    reason: Reason::TooShort,
                    pin: None,
                    count: 1,
                },
            ),
            Self::Boot => store.count_boot(nor, store.tally()),
        }
    }
}

fn append(store: &mut Store, nor: &mut Nor, event: Event) -> Result<(), StoreError> {
    store
        .append(nor, Stamp::Utc(UtcTime(1_800_000_000)), event, store.mark())
        .map(drop)
}

pub(super) fn mark(seconds: i64) -> Mark {
    Mark {
        latest: Some(UtcTime(1_800_000_000 + seconds)),
        trusted: true,
    }
}

/// All that a store says of itself, field by field; each changes whole or not at all.
pub(super) fn sight(store: &Store, nor: &mut Nor) -> Vec<String> {
    let state = &store.state;
    let mut seen = vec![
        format!("{:?}", state.config),
        format!("{:?}", state.programming),
        format!("{:?}", store.tally()),
        format!("{:?}", store.mark()),
        format!("{:?}", store.erased_end()),
        format!("{:?}", store.boots()),
        format!("{:?}", entries(store, nor)),
    ];
    seen.extend(state.local.iter().map(|local| format!("{local:?}")));
    seen.extend(state.blocked.iter().map(|entry| format!("{entry:?}")));
    seen.extend(state.used.iter().map(|entry| format!("{entry:?}")));
    seen.extend(state.customs.iter().map(|entry| format!("{entry:?}")));
    seen
}

pub(super) fn entries(store: &Store, nor: &mut Nor) -> Vec<Entry> {
    let mut entries = Vec::new();
    store
        .entries(nor, 0, |entry| entries.push(entry))
        .expect("the log can be read");
    entries
}

/// A store with something of everything in it: PINs 1 to 3 blocked, used and with custom PINs.
pub(super) fn lived_in() -> (Store, Nor) {
    let mut nor = Nor::blank();
    let (mut store, _) = Store::open(&mut nor, &key());
    let mut changes = vec![
        Change::Boot,
        Change::Locked,
        Change::Local(2, 1),
        Change::Local(3, 2),
        Change::Programming(3),
        Change::Mark(5),
        Change::Tries(4),
        Change::TooShort,
    ];
    for day in 1..4 {
        changes.extend([
            Change::Custom(day, day + 10),
            Change::Use(day),
            Change::Block(day),
        ]);
    }
    changes.extend([Change::Custom(4, 20), Change::TooShort]);
    for change in changes {
        change
            .apply(&mut store, &mut nor)
            .expect("it can be written");
    }
    (store, nor.rebooted())
}
