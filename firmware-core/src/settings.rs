//! What the owner can set, with names, defaults and ranges.

use core::fmt;
use core::ops::RangeInclusive;
use core::str::FromStr;

use smartpin::{DailyHours, Generation};

use crate::limits::GENERATION_STEP;
use crate::zone::{Zone, ZoneError};

/// Every setting.
///
/// [`Settings::set`] and [`Settings::raise_generation`] keep each within its range; who writes a field keeps it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// SmartPINs open.
    pub smartpin_enabled: bool,
    /// Seconds until a withdrawn bolt throws itself; 0 is never.
    pub auto_lock_seconds: u8,
    /// The bolt stays withdrawn until Enter.
    pub passage_mode: bool,
    /// Flashes and ticks are heard, too.
    pub beeps: bool,
    /// Wrong tries in a row until a lockout.
    pub wrong_tries: u8,
    /// Wrong tries to spend before each one locks out.
    pub wrong_try_budget: u8,
    /// The ladder of lockouts, in minutes, not falling.
    pub lockout_minutes: [u8; 3],
    /// Longer windows are denied.
    pub max_smartpin_days: u16,
    /// A SmartPIN not used so many hours after its start is denied; 0 is off.
    pub first_use_within_hours: u8,
    /// How many PINs of one window are live at once.
    pub pins_per_window: u8,
    /// When daily windows begin and end.
    pub daily_hours: DailyHours,
    /// Where the lock hangs.
    pub timezone: Zone,
    /// The generation of SmartPINs that opens.
    pub generation: Generation,
}

/// A setting, by its public name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingName {
    /// `smartpin_enabled`
    SmartpinEnabled,
    /// `auto_lock_seconds`
    AutoLockSeconds,
    /// `passage_mode`
    PassageMode,
    /// `beeps`
    Beeps,
    /// `wrong_tries`
    WrongTries,
    /// `wrong_try_budget`
    WrongTryBudget,
    /// `lockout_minutes`
    LockoutMinutes,
    /// `max_smartpin_days`
    MaxSmartpinDays,
    /// `first_use_within_hours`
    FirstUseWithinHours,
    /// `pins_per_window`
    PinsPerWindow,
    /// `daily_start_hour`
    DailyStartHour,
    /// `daily_end_hour`
    DailyEndHour,
    /// `timezone`
    Timezone,
    /// `generation`
    Generation,
}

const WRONG_TRIES: RangeInclusive<u8> = 3..=10;
const WRONG_TRY_BUDGET: RangeInclusive<u8> = 10..=100;
const LOCKOUT_MINUTES: RangeInclusive<u8> = 1..=60;
const MAX_SMARTPIN_DAYS: RangeInclusive<u16> = 1..=365;
const FIRST_USE_WITHIN_HOURS: RangeInclusive<u8> = 0..=168;
const PINS_PER_WINDOW: RangeInclusive<u8> = 1..=4;

impl Default for Settings {
    /// As from the factory.
    fn default() -> Self {
        Self {
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
            daily_hours: DailyHours::default(),
            timezone: Zone::default(),
            generation: Generation::default(),
        }
    }
}

impl Settings {
    /// Gives a setting the value that `text` stands for. On an error everything stays as it was.
    ///
    /// The forms are those of [`SettingName::expects`]; [`Settings::get`] writes them.
    pub fn set(&mut self, name: SettingName, text: &str) -> Result<(), SettingError> {
        let refused = SettingError::Refused(name);
        let parsed = match name {
            SettingName::SmartpinEnabled => put(&mut self.smartpin_enabled, switch(text)),
            SettingName::AutoLockSeconds => put(&mut self.auto_lock_seconds, auto_lock(text)),
            SettingName::PassageMode => put(&mut self.passage_mode, switch(text)),
            SettingName::Beeps => put(&mut self.beeps, switch(text)),
            SettingName::WrongTries => put(&mut self.wrong_tries, within(text, &WRONG_TRIES)),
            SettingName::WrongTryBudget => {
                put(&mut self.wrong_try_budget, within(text, &WRONG_TRY_BUDGET))
            }
            SettingName::LockoutMinutes => put(&mut self.lockout_minutes, ladder(text)),
            SettingName::MaxSmartpinDays => put(
                &mut self.max_smartpin_days,
                within(text, &MAX_SMARTPIN_DAYS),
            ),
            SettingName::FirstUseWithinHours => put(
                &mut self.first_use_within_hours,
                within(text, &FIRST_USE_WITHIN_HOURS),
            ),
            SettingName::PinsPerWindow => {
                put(&mut self.pins_per_window, within(text, &PINS_PER_WINDOW))
            }
            SettingName::DailyStartHour => {
                let end = self.daily_hours.end();
                put(
                    &mut self.daily_hours,
                    number(text).and_then(|start| DailyHours::new(start, end)),
                )
            }
            SettingName::DailyEndHour => {
                let start = self.daily_hours.start();
                put(
                    &mut self.daily_hours,
                    number(text).and_then(|end| DailyHours::new(start, end)),
                )
            }
            SettingName::Timezone => put(
                &mut self.timezone,
                Some(text.parse().map_err(SettingError::Timezone)?),
            ),
            SettingName::Generation => {
                return self.raise_generation(Generation(number(text).ok_or(refused)?));
            }
        };
        parsed.ok_or(refused)
    }

    /// Raises the generation: by 1 at least, and by [`GENERATION_STEP`] at most.
    pub fn raise_generation(&mut self, to: Generation) -> Result<(), SettingError> {
        let raise = to.0.checked_sub(self.generation.0);
        if !raise.is_some_and(|raise| (1..=GENERATION_STEP).contains(&raise)) {
            return Err(SettingError::Generation {
                now: self.generation,
            });
        }
        self.generation = to;
        Ok(())
    }

    /// Whether every value is one that could have been set: what bytes from outside are held against.
    #[must_use]
    pub fn is_in_range(&self) -> bool {
        matches!(self.auto_lock_seconds, 0 | 2..=99)
            && WRONG_TRIES.contains(&self.wrong_tries)
            && WRONG_TRY_BUDGET.contains(&self.wrong_try_budget)
            && self
                .lockout_minutes
                .iter()
                .all(|minutes| LOCKOUT_MINUTES.contains(minutes))
            && self.lockout_minutes.is_sorted()
            && MAX_SMARTPIN_DAYS.contains(&self.max_smartpin_days)
            && FIRST_USE_WITHIN_HOURS.contains(&self.first_use_within_hours)
            && PINS_PER_WINDOW.contains(&self.pins_per_window)
    }

    /// A setting's value, for [`Display`](fmt::Display): one word without spaces that [`Settings::set`] reads.
    #[must_use]
    pub fn get(&self, name: SettingName) -> Value<'_> {
        Value {
            settings: self,
            name,
        }
    }
}

fn put<T>(setting: &mut T, value: Option<T>) -> Option<()> {
    *setting = value?;
    Some(())
}

fn switch(text: &str) -> Option<bool> {
    match text {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

/// Decimal digits and nothing else, not even a sign.
fn number<T: FromStr>(text: &str) -> Option<T> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

fn within<T: FromStr + PartialOrd>(text: &str, range: &RangeInclusive<T>) -> Option<T> {
    number(text).filter(|value| range.contains(value))
}

fn auto_lock(text: &str) -> Option<u8> {
    number(text).filter(|seconds| matches!(seconds, 0 | 2..=99))
}

fn ladder(text: &str) -> Option<[u8; 3]> {
    let mut rungs = text.split(',').map(|rung| within(rung, &LOCKOUT_MINUTES));
    let ladder = [rungs.next()??, rungs.next()??, rungs.next()??];
    (rungs.next().is_none() && ladder.is_sorted()).then_some(ladder)
}

/// A setting's value as text.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a> {
    settings: &'a Settings,
    name: SettingName,
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = self.settings;
        let on_or_off = |on| if on { "on" } else { "off" };
        match self.name {
            SettingName::SmartpinEnabled => f.write_str(on_or_off(settings.smartpin_enabled)),
            SettingName::AutoLockSeconds => write!(f, "{}", settings.auto_lock_seconds),
            SettingName::PassageMode => f.write_str(on_or_off(settings.passage_mode)),
            SettingName::Beeps => f.write_str(on_or_off(settings.beeps)),
            SettingName::WrongTries => write!(f, "{}", settings.wrong_tries),
            SettingName::WrongTryBudget => write!(f, "{}", settings.wrong_try_budget),
            SettingName::LockoutMinutes => {
                let [first, second, last] = settings.lockout_minutes;
                write!(f, "{first},{second},{last}")
            }
            SettingName::MaxSmartpinDays => write!(f, "{}", settings.max_smartpin_days),
            SettingName::FirstUseWithinHours => write!(f, "{}", settings.first_use_within_hours),
            SettingName::PinsPerWindow => write!(f, "{}", settings.pins_per_window),
            SettingName::DailyStartHour => write!(f, "{}", settings.daily_hours.start()),
            SettingName::DailyEndHour => write!(f, "{}", settings.daily_hours.end()),
            SettingName::Timezone => write!(f, "{}", settings.timezone),
            SettingName::Generation => write!(f, "{}", settings.generation.0),
        }
    }
}

impl SettingName {
    /// Every setting, in the order in which people read about them.
    pub const ALL: [Self; 14] = [
        Self::SmartpinEnabled,
        Self::AutoLockSeconds,
        Self::PassageMode,
        Self::Beeps,
        Self::WrongTries,
        Self::WrongTryBudget,
        Self::LockoutMinutes,
        Self::MaxSmartpinDays,
        Self::FirstUseWithinHours,
        Self::PinsPerWindow,
        Self::DailyStartHour,
        Self::DailyEndHour,
        Self::Timezone,
        Self::Generation,
    ];

    /// The public name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SmartpinEnabled => "smartpin_enabled",
            Self::AutoLockSeconds => "auto_lock_seconds",
            Self::PassageMode => "passage_mode",
            Self::Beeps => "beeps",
            Self::WrongTries => "wrong_tries",
            Self::WrongTryBudget => "wrong_try_budget",
            Self::LockoutMinutes => "lockout_minutes",
            Self::MaxSmartpinDays => "max_smartpin_days",
            Self::FirstUseWithinHours => "first_use_within_hours",
            Self::PinsPerWindow => "pins_per_window",
            Self::DailyStartHour => "daily_start_hour",
            Self::DailyEndHour => "daily_end_hour",
            Self::Timezone => "timezone",
            Self::Generation => "generation",
        }
    }

    /// The values that it takes, as a person would say it.
    #[must_use]
    pub fn expects(self) -> &'static str {
        match self {
            Self::SmartpinEnabled | Self::PassageMode | Self::Beeps => "on or off",
            Self::AutoLockSeconds => "0, or 2 to 99",
            Self::WrongTries => "3 to 10",
            Self::WrongTryBudget => "10 to 100",
            Self::LockoutMinutes => "three numbers such as 1,5,15, each 1 to 60, not falling",
            Self::MaxSmartpinDays => "1 to 365",
            Self::FirstUseWithinHours => "0 to 168",
            Self::PinsPerWindow => "1 to 4",
            Self::DailyStartHour | Self::DailyEndHour => "0 to 23",
            Self::Timezone => "a POSIX TZ rule such as CET-1CEST,M3.5.0,M10.5.0/3",
            Self::Generation => "a number that rises, by 100 at most",
        }
    }
}

impl fmt::Display for SettingName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No setting has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownSetting;

impl fmt::Display for UnknownSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no such setting")
    }
}

impl core::error::Error for UnknownSetting {}

impl FromStr for SettingName {
    type Err = UnknownSetting;

    fn from_str(text: &str) -> Result<Self, UnknownSetting> {
        Self::ALL
            .into_iter()
            .find(|name| name.as_str() == text)
            .ok_or(UnknownSetting)
    }
}

/// Why a setting keeps its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingError {
    /// Not a value that it takes.
    Refused(SettingName),
    /// Not a time zone.
    Timezone(ZoneError),
    /// It only rises, by 100 at most.
    Generation {
        /// Where it stands.
        now: Generation,
    },
}

impl fmt::Display for SettingError {
    /// What is wrong with a time zone stands in the error that it has for its source: on a lock the words for it would
    /// take 10 kB.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Refused(name) => *name,
            Self::Timezone(_) => SettingName::Timezone,
            Self::Generation {
                now: Generation(now),
            } => {
                return write!(
                    f,
                    "generation is {now} and only rises, by {GENERATION_STEP} at most"
                );
            }
        };
        write!(f, "{name} takes {}", name.expects())
    }
}

impl core::error::Error for SettingError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Timezone(error) => Some(error),
            Self::Refused(_) | Self::Generation { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::ToString;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn factory_settings_are_those_of_the_specification() {
        let table = [
            ("smartpin_enabled", "off"),
            ("auto_lock_seconds", "5"),
            ("passage_mode", "off"),
            ("beeps", "on"),
            ("wrong_tries", "5"),
            ("wrong_try_budget", "40"),
            ("lockout_minutes", "1,5,15"),
            ("max_smartpin_days", "365"),
            ("first_use_within_hours", "0"),
            ("pins_per_window", "1"),
            ("daily_start_hour", "8"),
            ("daily_end_hour", "20"),
            ("timezone", "UTC0"),
            ("generation", "0"),
        ];
        let settings = Settings::default();
        let all = SettingName::ALL.map(|name| (name.as_str(), settings.get(name).to_string()));
        assert_eq!(
            all.each_ref().map(|(name, value)| (*name, value.as_str())),
            table
        );
    }

    /// The values at the limits of a setting, and those beyond them.
    fn limits(name: SettingName) -> (&'static [&'static str], &'static [&'static str]) {
        match name {
            SettingName::SmartpinEnabled | SettingName::PassageMode | SettingName::Beeps => {
                (&["on", "off"], &["", "ON", "true", "1"])
            }
            SettingName::AutoLockSeconds => (
                &["0", "2", "99"],
                &["", "1", "100", "256", "-1", "+2", "2.0", " 2"],
            ),
            SettingName::WrongTries => (&["3", "10"], &["", "2", "11", "259"]),
            SettingName::WrongTryBudget => (&["10", "100"], &["", "9", "101"]),
            SettingName::LockoutMinutes => (
                &["1,1,1", "60,60,60", "1,5,60"],
                &[
                    "",
                    "5",
                    "1,5",
                    "1,5,15,15",
                    "0,5,15",
                    "1,5,61",
                    "5,1,15",
                    "1,15,5",
                    "1, 5, 15",
                    "1,5,",
                    "[1,5,15]",
                ],
            ),
            SettingName::MaxSmartpinDays => (&["1", "365"], &["", "0", "366", "65537"]),
            SettingName::FirstUseWithinHours => (&["0", "168"], &["", "169"]),
            SettingName::PinsPerWindow => (&["1", "4"], &["", "0", "5"]),
            SettingName::DailyStartHour | SettingName::DailyEndHour => (&["0", "23"], &["", "24"]),
            SettingName::Timezone => (
                &["UTC0", "<+0545>-5:45"],
                &["", "UTC", "MST7MDT", "America/Denver"],
            ),
            SettingName::Generation => (
                &["1", "101", "201"],
                &["", "0", "201", "302", "4294967296", "x"],
            ),
        }
    }

    #[test]
    fn every_setting_takes_its_limits_and_nothing_beyond() {
        for name in SettingName::ALL {
            let mut settings = Settings::default();
            let (within, beyond) = limits(name);
            for text in within {
                assert_eq!(settings.set(name, text), Ok(()), "{name} {text}");
                assert_eq!(settings.get(name).to_string(), *text);
            }
            let before = settings.clone();
            for text in beyond {
                assert!(settings.set(name, text).is_err(), "{name} {text:?}");
                assert_eq!(settings, before, "{name} {text:?}");
            }
        }
    }

    #[test]
    fn a_setting_changes_no_other() {
        for name in SettingName::ALL {
            let mut settings = Settings::default();
            let value = match name {
                SettingName::SmartpinEnabled | SettingName::PassageMode => "on",
                SettingName::Beeps => "off",
                SettingName::LockoutMinutes => "3,3,3",
                SettingName::Timezone => "EST5",
                _ => "10",
            };
            let value = if name == SettingName::PinsPerWindow {
                "3"
            } else {
                value
            };
            settings.set(name, value).unwrap();
            let changed = SettingName::ALL.into_iter().filter(|other| {
                settings.get(*other).to_string() != Settings::default().get(*other).to_string()
            });
            assert!(changed.eq([name]), "{name}");
        }
    }

    #[test]
    fn the_generation_rises_to_its_end_and_not_round() {
        let mut settings = Settings {
            generation: Generation(u32::MAX - 1),
            ..Settings::default()
        };
        assert!(settings.raise_generation(Generation(0)).is_err());
        assert_eq!(settings.raise_generation(Generation(u32::MAX)), Ok(()));
        assert!(settings.raise_generation(Generation(u32::MAX)).is_err());
    }

    #[test]
    fn errors_say_what_is_expected() {
        let error =
            |name: SettingName, text| Settings::default().set(name, text).unwrap_err().to_string();
        assert_eq!(
            error(SettingName::AutoLockSeconds, "1"),
            "auto_lock_seconds takes 0, or 2 to 99"
        );
        assert_eq!(
            error(SettingName::Generation, "101"),
            "generation is 0 and only rises, by 100 at most"
        );
        let zone = "timezone takes a POSIX TZ rule such as CET-1CEST,M3.5.0,M10.5.0/3";
        assert_eq!(error(SettingName::Timezone, "MST7MDT"), zone);
    }

    #[test]
    fn names_lead_back() {
        for name in SettingName::ALL {
            assert_eq!(name.as_str().parse(), Ok(name));
        }
        assert_eq!("Beeps".parse::<SettingName>(), Err(UnknownSetting));
    }

    proptest! {
        #[test]
        fn no_text_panics(name in prop::sample::select(SettingName::ALL.to_vec()), text in "[0-9,on-]{0,12}|.*") {
            let mut settings = Settings::default();
            if settings.set(name, &text).is_err() {
                prop_assert_eq!(settings, Settings::default());
            }
        }
    }
}
