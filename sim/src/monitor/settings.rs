//! What docs/lock.md says of settings: the values that each takes, and those of the factory.
//!
//! The firmware has a table of its own, which isn't asked: a wrong range or default there shows as a setting that isn't
//! what was answered `saved`. Only whether a text is a time zone's rule is left to the firmware's reader, which tests hold
//! against others.

use std::ops::RangeInclusive;
use std::str::FromStr;

use firmware_core::settings::{SettingName, Settings};
use smartpin::{DailyHours, Generation};

/// How far the generation rises at once.
const STEP: RangeInclusive<u32> = 1..=100;

/// What a factory reset leaves: the time zone and the daily hours stay, and the generation rises by one.
pub(super) fn restored(settings: &Settings) -> Settings {
    Settings {
        smartpin_enabled: false,
        auto_lock_seconds: 5,
        passage_mode: false,
        beeps: true,
        wrong_tries: 5,
        wrong_try_budget: 40,
        lockout_minutes: [1, 5, 15],
        max_smartpin_days: 365,
        first_use_within_hours: 0,
        pins_per_window: 1,
        daily_hours: settings.daily_hours,
        timezone: settings.timezone.clone(),
        generation: Generation(settings.generation.0.saturating_add(1)),
    }
}

/// The settings once `name` was set to a value; as they were, where it takes no such value.
pub(super) fn changed(settings: &Settings, name: SettingName, value: &str) -> Settings {
    set(settings.clone(), name, value).unwrap_or_else(|| settings.clone())
}

/// The settings once the generation was raised; as they were, where it doesn't rise so far.
pub(super) fn raised(settings: &Settings, to: Generation) -> Settings {
    let rises = to.0.checked_sub(settings.generation.0);
    let generation = if rises.is_some_and(|by| STEP.contains(&by)) {
        to
    } else {
        settings.generation
    };
    Settings {
        generation,
        ..settings.clone()
    }
}

fn set(mut settings: Settings, name: SettingName, value: &str) -> Option<Settings> {
    match name {
        SettingName::SmartpinEnabled => settings.smartpin_enabled = switch(value)?,
        SettingName::AutoLockSeconds => {
            settings.auto_lock_seconds = number(value, 0..=99).filter(|seconds| *seconds != 1)?;
        }
        SettingName::PassageMode => settings.passage_mode = switch(value)?,
        SettingName::Beeps => settings.beeps = switch(value)?,
        SettingName::WrongTries => settings.wrong_tries = number(value, 3..=10)?,
        SettingName::WrongTryBudget => settings.wrong_try_budget = number(value, 10..=100)?,
        SettingName::LockoutMinutes => settings.lockout_minutes = ladder(value)?,
        SettingName::MaxSmartpinDays => settings.max_smartpin_days = number(value, 1..=365)?,
        SettingName::FirstUseWithinHours => {
            settings.first_use_within_hours = number(value, 0..=168)?;
        }
        SettingName::PinsPerWindow => settings.pins_per_window = number(value, 1..=4)?,
        SettingName::DailyStartHour => {
            let start = number(value, 0..=23)?;
            settings.daily_hours = DailyHours::new(start, settings.daily_hours.end())?;
        }
        SettingName::DailyEndHour => {
            let end = number(value, 0..=23)?;
            settings.daily_hours = DailyHours::new(settings.daily_hours.start(), end)?;
        }
        SettingName::Timezone => settings.timezone = value.parse().ok()?,
        SettingName::Generation => settings = raised(&settings, Generation(value.parse().ok()?)),
    }
    Some(settings)
}

fn switch(value: &str) -> Option<bool> {
    match value {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

/// Digits alone, of a number in a range.
fn number<N: FromStr + PartialOrd>(value: &str, range: RangeInclusive<N>) -> Option<N> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    value
        .parse()
        .ok()
        .filter(|number| digits && range.contains(number))
}

/// Three lockouts of an hour at most, none shorter than the one before.
fn ladder(value: &str) -> Option<[u8; 3]> {
    let rungs: Option<Vec<u8>> = value.split(',').map(|rung| number(rung, 1..=60)).collect();
    let rungs: [u8; 3] = rungs?.try_into().ok()?;
    rungs.is_sorted().then_some(rungs)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each setting takes at its limits, and what it refuses beyond them; the time zone is the firmware's to read.
    fn values(name: SettingName) -> &'static [&'static str] {
        match name {
            SettingName::SmartpinEnabled | SettingName::PassageMode | SettingName::Beeps => {
                &["on", "off", "On", "1", ""]
            }
            SettingName::AutoLockSeconds => &["0", "1", "2", "99", "100", "00", "+5", "256", ""],
            SettingName::WrongTries => &["2", "3", "10", "11", "259"],
            SettingName::WrongTryBudget => &["9", "10", "100", "101"],
            SettingName::LockoutMinutes => &[
                "1,1,1", "60,60,60", "0,1,1", "1,1,61", "5,4,6", "5,6", "1,2,3,4", "1, 2,3", "",
            ],
            SettingName::MaxSmartpinDays => &["0", "1", "365", "366", "65901"],
            SettingName::FirstUseWithinHours => &["0", "168", "169", "-1"],
            SettingName::PinsPerWindow => &["0", "1", "4", "5"],
            SettingName::DailyStartHour | SettingName::DailyEndHour => &["0", "23", "24", ""],
            SettingName::Timezone => &["EST5", "Nowhere"],
            SettingName::Generation => &["6", "7", "8", "107", "108", "4294967295", ""],
        }
    }

    fn settings() -> Settings {
        Settings {
            generation: Generation(7),
            ..Settings::default()
        }
    }

    #[test]
    fn the_firmware_takes_what_the_monitor_takes() {
        for name in SettingName::ALL {
            for value in values(name) {
                let mut firmware = settings();
                // A value that is refused changes nothing, here as there.
                drop(firmware.set(name, value));
                assert_eq!(
                    changed(&settings(), name, value),
                    firmware,
                    "{name} {value}"
                );
            }
        }
    }

    #[test]
    fn the_firmware_restores_what_the_monitor_restores() {
        let mut before = settings();
        for (name, value) in [
            (SettingName::SmartpinEnabled, "on"),
            (SettingName::Beeps, "off"),
            (SettingName::DailyStartHour, "15"),
            (SettingName::Timezone, "EST5"),
        ] {
            before = changed(&before, name, value);
        }
        assert_eq!(restored(&before), before.restored(Generation(8)));
    }
}
