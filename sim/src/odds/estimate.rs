//! How long it takes to guess a code, of each kind and length.

use std::collections::BTreeMap;

use firmware_core::settings::Settings;
use serde::Serialize;
use smartpin::Pin;

use super::attack::{Attacker, Pace};
use super::chance::Chance;
use super::codes::{self, allowed};
use super::live::Live;

/// A kind of code that opens, or lets somebody set one that does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// Of any window that is open.
    #[serde(rename = "smartpin")]
    SmartPin,
    /// The only one of the lock.
    CustomPin,
    /// The only one of the lock.
    LocalCode,
    /// It opens no door, but sets codes that do.
    ProgrammingCode,
}

/// Somebody without any code guesses at codes of one kind and length.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// At what.
    pub kind: CodeKind,
    /// How long each guess is.
    pub digits: usize,
    /// How many of all guesses would be right.
    pub open: u64,
    /// How many guesses there are.
    pub of: u64,
    /// Guesses that the keypad takes in the first 24 hours.
    pub guesses_on_first_day: u64,
    /// Guesses that it takes each day in the long run, on average.
    pub guesses_a_day: f64,
    /// To a chance of 1 %; none where no guess is right.
    pub to_1_percent: Option<Effort>,
    /// To a chance of 50 %.
    pub to_50_percent: Option<Effort>,
}

/// What a chance of success costs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Effort {
    /// Guesses.
    pub guesses: u64,
    /// Seconds until the last of them.
    pub seconds: f64,
}

/// Every kind and length, the SmartPIN first, and then from the shortest.
///
/// `live` is taken to stay as it is. The custom PIN is that of a SmartPIN that stays open; while SmartPINs are off, it
/// doesn't open.
#[must_use]
pub fn estimates(settings: &Settings, live: &Live) -> Vec<Estimate> {
    let mut paces = Paces {
        settings,
        known: BTreeMap::new(),
    };
    let smartpin = paces.estimate(CodeKind::SmartPin, Pin::LENGTH, live.pins(), Pin::COUNT);
    let lengths = 1..=Pin::LENGTH;
    let codes = lengths.flat_map(|digits| codes::ChosenCode::ALL.map(|kind| (kind, digits)));
    let codes = codes.filter(|(kind, digits)| kind.lengths().contains(digits));
    let one = codes.map(|(kind, digits)| {
        let (kind, open) = match kind {
            codes::ChosenCode::CustomPin => {
                (CodeKind::CustomPin, u64::from(settings.smartpin_enabled))
            }
            codes::ChosenCode::LocalCode => (CodeKind::LocalCode, 1),
            codes::ChosenCode::ProgrammingCode => (CodeKind::ProgrammingCode, 1),
        };
        paces.estimate(kind, digits, open, allowed(digits))
    });
    std::iter::once(smartpin).chain(one).collect()
}

/// The paces that were counted already, by digits.
struct Paces<'a> {
    settings: &'a Settings,
    known: BTreeMap<usize, Pace>,
}

impl Paces<'_> {
    fn estimate(&mut self, kind: CodeKind, digits: usize, open: u64, of: u64) -> Estimate {
        let pace = self
            .known
            .entry(digits)
            .or_insert_with(|| Pace::of(Attacker::new(self.settings, digits)));
        let guesses = |chance: Chance| match (kind, open) {
            (_, 0) => None,
            (CodeKind::SmartPin, live) => chance.of_smartpins(live),
            (_, _) => Some(chance.of_one_code(of)),
        };
        let effort = |guesses| Effort {
            guesses,
            seconds: pace.seconds(guesses),
        };
        Estimate {
            kind,
            digits,
            open,
            of,
            guesses_on_first_day: pace.first_day,
            guesses_a_day: pace.later_day,
            to_1_percent: guesses(Chance::ONE_PERCENT).map(effort),
            to_50_percent: guesses(Chance::HALF).map(effort),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimated(smartpin_enabled: bool, pins: u64) -> Vec<Estimate> {
        let settings = Settings {
            smartpin_enabled,
            ..Settings::default()
        };
        let live = Live {
            hourly_windows: pins,
            daily_windows: 0,
            pins_per_window: 1,
        };
        estimates(&settings, &live)
    }

    #[test]
    fn every_length_of_every_kind_is_there() {
        let listed = |kind| {
            let estimates = estimated(true, 361_653).into_iter();
            let lengths: Vec<_> = estimates
                .filter(|estimate| estimate.kind == kind)
                .map(|estimate| estimate.digits)
                .collect();
            lengths
        };
        assert_eq!(listed(CodeKind::SmartPin), [10]);
        assert_eq!(listed(CodeKind::CustomPin), [4, 5, 6, 7, 8]);
        assert_eq!(listed(CodeKind::LocalCode), [4, 5, 6, 7, 8, 9]);
        assert_eq!(listed(CodeKind::ProgrammingCode), [6, 7, 8, 9, 10]);
    }

    #[test]
    fn what_does_not_open_is_never_found() {
        for estimate in estimated(false, 0) {
            let guest = matches!(estimate.kind, CodeKind::SmartPin | CodeKind::CustomPin);
            assert_eq!(estimate.to_50_percent.is_none(), guest, "{estimate:?}");
        }
    }

    #[test]
    fn longer_codes_take_longer() {
        let local = estimated(true, 1);
        let local = local
            .iter()
            .filter(|estimate| estimate.kind == CodeKind::LocalCode);
        let seconds: Vec<_> = local
            .filter_map(|estimate| Some(estimate.to_50_percent?.seconds))
            .collect();
        assert!(
            seconds.is_sorted_by(|shorter, longer| *shorter * 9.0 < *longer),
            "{seconds:?}"
        );
    }
}
