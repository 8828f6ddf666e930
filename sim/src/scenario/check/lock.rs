//! The lock of a scenario, and when it starts.

use firmware_core::audit::Refusal;
use firmware_core::logic::form;
use firmware_core::settings::{SettingName, Settings};
use jiff::Timestamp;
use jiff::civil::date;
use smartpin::Generation;

use super::Found;
use crate::moment::Moment;
use crate::scenario::model::{self, Lock};
use crate::scenario::problem::Problem;
use crate::scenario::settings::{self, of_lock};
use crate::scenario::span::Spanned;
use crate::zones::{Instants, Zone};

pub(super) fn check(lock: &Lock, found: &mut Found) -> (Settings, Zone) {
    serial(lock, found);
    if let (Some(_), Some(key)) = (&lock.site_key, &lock.lock_key) {
        found.add(key.span, "give `site_key` or `lock_key`, not both");
    }
    for (name, given) in [
        (SettingName::Generation, lock.generation.is_some()),
        (SettingName::Timezone, lock.timezone.is_some()),
    ] {
        if let (true, Some(value)) = (given, lock.settings.get(name)) {
            found.add(
                value.span,
                format_args!("`{name}` is given twice, here and beside `settings`"),
            );
        }
    }
    code(lock, found);
    let (mut settings, _) = of_lock(&Lock::default());
    let zone = put(&mut settings, &lock.settings, found);
    let named = lock.timezone.as_ref().map(|zone| zone.0.clone());
    if let (Some(zone), Some(given)) = (&named, &lock.timezone)
        && let Err(error) = settings.set(SettingName::Timezone, zone.posix())
    {
        found.add(given.span, error);
    }
    if let Some(generation) = &lock.generation {
        settings.generation = Generation(generation.value);
    }
    (settings, named.or(zone).unwrap_or_default())
}

fn serial(lock: &Lock, found: &mut Found) {
    let Some(serial) = &lock.serial else { return };
    if let Some(letter) = serial
        .chars()
        .find(|letter| !matches!(letter, 'A'..='Z' | '0'..='9' | '-'))
    {
        found.push(
            Problem::new(format_args!("`{letter}` can't stand in a serial number"))
                .at(serial.span)
                .help("expected 1 to 32 of A-Z, 0-9 and hyphen"),
        );
    } else if !(1..=32).contains(&serial.len()) {
        found.add(
            serial.span,
            format_args!(
                "a serial number of {} characters, expected 1 to 32",
                serial.len()
            ),
        );
    }
}

fn code(lock: &Lock, found: &mut Found) {
    let Some(code) = &lock.programming_code else {
        return;
    };
    let read = |letter: char| letter.to_digit(10).map(|digit| digit as u8);
    let Some(digits) = code.chars().map(read).collect::<Option<Vec<_>>>() else {
        return found.add(
            code.span,
            "a programming code has 6 to 10 digits, and nothing else",
        );
    };
    let complaint = match form::check(&digits, &form::PROGRAMMING_CODE) {
        Ok(()) => return,
        Err(Refusal::Repeat) => "a programming code is not one digit repeated",
        Err(Refusal::Run) => "a programming code is no run up or down",
        Err(_) => "a programming code has 6 to 10 digits",
    };
    found.add(code.span, complaint);
}

/// Puts new values, and finds those out of the lock's ranges; the new zone, if there is one.
pub(super) fn put(
    known: &mut Settings,
    changes: &model::settings::Settings,
    found: &mut Found,
) -> Option<Zone> {
    let mut zone = None;
    for change in &changes.0 {
        match settings::put(known, change) {
            Ok(new) => zone = new.or(zone),
            Err(problem) => found.push(problem),
        }
    }
    zone
}

/// The instant of power-up; the epoch of the lock's calendar where that is in doubt.
pub(super) fn start(start: &Spanned<Moment>, zone: &Zone, found: &mut Found) -> Timestamp {
    let instant = instant(start, zone, Timestamp::MIN, found);
    let year = instant.map(|instant| zone.at(instant).year());
    if year.is_some_and(|year| !(2000..2100).contains(&year)) {
        found.add(
            start.span,
            "out of the clock chip's range, expected a year from 2000 to 2099",
        );
    }
    instant.unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The instant of a moment, the earliest not before `now` where the clocks repeat it.
pub(super) fn instant(
    moment: &Spanned<Moment>,
    zone: &Zone,
    now: Timestamp,
    found: &mut Found,
) -> Option<Timestamp> {
    let civil = match moment.value {
        Moment::Exact(stamp) => return Some(stamp),
        Moment::Civil(civil) => civil,
    };
    let instants = zone.instants(civil);
    if let Instants::None { resumes } = instants {
        found.push(
            Problem::new(format_args!(
                "{civil} does not exist in {}: the clocks skip it",
                zone.name()
            ))
            .at(moment.span)
            .help(format_args!(
                "they go on at {resumes}; an exact time carries its offset, as in {}T15:00-07:00",
                date(2026, 12, 1)
            )),
        );
    }
    instants.from(now)
}
