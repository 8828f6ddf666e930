//! What the owner can set, with names, defaults and ranges.

#[macro_use]
mod table;
mod values;

use core::fmt;
use core::str::FromStr;

use smartpin::{DailyHours, Generation};

use self::values::Value;
pub(crate) use self::values::number;
pub use self::values::{Range, Values};
use crate::vocabulary;
use crate::zone::{Zone, ZoneError};

settings! {
    fields {
        /// SmartPINs open.
        SmartpinEnabled = 0 => smartpin_enabled: bool = false, (on or off);
        /// Seconds until a withdrawn bolt throws itself; 0 is never.
        AutoLockSeconds = 1 => auto_lock_seconds: u8 = 5, (0 or 2..=99);
        /// The bolt stays withdrawn until Enter.
        PassageMode = 2 => passage_mode: bool = false, (on or off);
        /// Flashes and ticks are heard, too.
        Beeps = 3 => beeps: bool = true, (on or off);
        /// Wrong tries in a row until a lockout.
        WrongTries = 4 => wrong_tries: u8 = 5, (3..=10);
        /// Wrong tries to spend before each one locks out.
        WrongTryBudget = 5 => wrong_try_budget: u8 = 40, (10..=100);
        /// The ladder of lockouts, in minutes, not falling.
        LockoutMinutes = 6 => lockout_minutes: [u8; 3] = [1, 5, 15], (ladder of 1..=60);
        /// Longer windows are denied.
        MaxSmartpinDays = 7 => max_smartpin_days: u16 = 365, (1..=365);
        /// A SmartPIN not used so many hours after its start is denied; 0 is off.
        FirstUseWithinHours = 8 => first_use_within_hours: u8 = 0, (0..=168);
        /// How many PINs of one window are live at once.
        PinsPerWindow = 9 => pins_per_window: u8 = 1, (1..=4);
    }
    others {
        /// The hour at which daily windows begin.
        DailyStartHour = 10 => daily_start_hour, (0..=23);
        /// The hour at which daily windows end.
        DailyEndHour = 11 => daily_end_hour, (0..=23);
        /// Where the lock hangs.
        Timezone = 12 => timezone, (zone);
        /// The generation of SmartPINs that opens.
        Generation = 13 => generation, (rises by 100);
    }
}

/// How far function 129 and the port raise the generation at once.
pub const GENERATION_STEP: u32 = match SettingName::Generation.values() {
    Values::Rising { step } => step,
    _ => panic!("the generation rises"),
};

impl Settings {
    fn set_other(&mut self, other: Other, text: &str) -> Result<(), SettingError> {
        let hours = self.daily_hours;
        match other {
            Other::DailyStartHour => {
                let start = hour(text, SettingName::DailyStartHour)?;
                self.daily_hours = DailyHours::new(start, hours.end()).unwrap_or(hours);
            }
            Other::DailyEndHour => {
                let end = hour(text, SettingName::DailyEndHour)?;
                self.daily_hours = DailyHours::new(hours.start(), end).unwrap_or(hours);
            }
            Other::Timezone => self.timezone = text.parse().map_err(SettingError::Timezone)?,
            Other::Generation => {
                let to = number(text).ok_or(SettingError::Refused(SettingName::Generation))?;
                self.raise_generation(Generation(to))?;
            }
        }
        Ok(())
    }

    fn write_other(&self, other: Other, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match other {
            Other::DailyStartHour => self.daily_hours.start().write(f),
            Other::DailyEndHour => self.daily_hours.end().write(f),
            Other::Timezone => fmt::Display::fmt(&self.timezone, f),
            Other::Generation => write!(f, "{}", self.generation.0),
        }
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

    /// What a factory reset makes of them: the time zone and the daily hours stay, and the generation is this one.
    #[must_use]
    pub fn restored(&self, generation: Generation) -> Self {
        Self {
            timezone: self.timezone.clone(),
            daily_hours: self.daily_hours,
            generation,
            ..Self::default()
        }
    }

    /// A setting's value, for [`Display`](fmt::Display): one word without spaces that [`Settings::set`] reads.
    #[must_use]
    pub fn get(&self, name: SettingName) -> Text<'_> {
        Text {
            settings: self,
            name,
        }
    }
}

fn hour(text: &str, name: SettingName) -> Result<u8, SettingError> {
    u8::read(text, name.values()).ok_or(SettingError::Refused(name))
}

/// A setting's value as text.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    settings: &'a Settings,
    name: SettingName,
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
        Self::named(text).ok_or(UnknownSetting)
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

    #[test]
    fn the_manual_lists_these_settings() {
        let manual = include_str!("../../docs/lock.md");
        let (_, table) = manual.split_once("| name | default | values |").unwrap();
        let (table, _) = table.split_once("\n\n").unwrap();
        let mut rows = table.lines().skip(2);
        for name in SettingName::ALL {
            let default = Settings::default().get(name).to_string();
            let row = std::format!("| `{name}` | {default} |");
            assert!(rows.next().unwrap().starts_with(&row), "{row}");
        }
        assert_eq!(rows.next(), None);
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
