//! How many SmartPINs open at an instant, by counting the windows that are open.
//!
//! This is the rule on windows, written anew from its text in docs/lock.md and docs/smartpin.md: no window is made, and
//! the firmware isn't asked. [`super::exhaustive`] asks it.
//!
//! All that a window's state depends on are full hours on the wall: its start, its end, and the deadline of its first
//! use. So two hours stand for the instant, those of `Wall`.

use chrono::{NaiveDateTime, TimeDelta};
use firmware_core::settings::Settings;
use jiff::Timestamp;
use smartpin::{EPOCH, WINDOWS};

use crate::zones::{Zone, chrono_civil};

/// Hourly windows: starts are hours, counted from the epoch.
const HOURLY_STARTS: i64 = 1 << 20;
const SHORTEST_HOURS: i64 = 24;
const LONGEST_HOURS: i64 = 768;
/// Daily windows: first days, counted from the epoch's.
const DAILY_STARTS: i64 = 43_690;
const SHORTEST_DAYS: i64 = 32;
const LONGEST_DAYS: i64 = 365;

const _: () = assert!(
    HOURLY_STARTS * (LONGEST_HOURS - SHORTEST_HOURS + 1)
        + DAILY_STARTS * (LONGEST_DAYS - SHORTEST_DAYS + 1)
        == WINDOWS as i64
);

/// An instant as a lock's windows see it, in hours on the wall since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wall {
    /// The last full hour that the wall shows: a window of this start has begun, one of the next hour hasn't.
    shown: i64,
    /// The first full hour that the wall has not shown so far, nor skipped: a window of this end is open still, one of
    /// the hour before has ended. Where the clocks repeat hours, it is not always the one after `shown`.
    ahead: i64,
}

impl Wall {
    /// None where the calendar ends.
    fn at(now: Timestamp, rule: &Zone) -> Option<Self> {
        let epoch = EPOCH.and_time(chrono::NaiveTime::MIN);
        let civil = chrono_civil(rule.at(now).datetime())?;
        let shown = (civil - epoch).num_seconds().div_euclid(3_600);
        let mut ahead = shown + 1;
        while hour(epoch, ahead)
            .and_then(|civil| rule.reaches(civil))
            .is_some_and(|first| first <= now)
        {
            ahead += 1;
        }
        Some(Self { shown, ahead })
    }
}

fn hour(epoch: NaiveDateTime, hours: i64) -> Option<NaiveDateTime> {
    epoch.checked_add_signed(TimeDelta::try_hours(hours)?)
}

/// How many PINs open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// Hourly windows that a PIN opens now.
    pub hourly_windows: u64,
    /// Daily ones.
    pub daily_windows: u64,
    /// Of how many variants each.
    pub pins_per_window: u8,
}

impl Live {
    /// Counts for a lock that nobody has used so far and that blocks nothing: at the instant `now`, where the lock's clock
    /// is right. Of `settings`, all count that have to do with SmartPINs, the time zone's rule included.
    ///
    /// A deadline for the first use is taken to be as old as the lock. None where the calendar ends.
    #[must_use]
    pub fn at(now: Timestamp, settings: &Settings) -> Option<Self> {
        let rule: Zone = settings.timezone.as_str().parse().ok()?;
        let wall = Wall::at(now, &rule)?;
        let (hourly_windows, daily_windows) = if settings.smartpin_enabled {
            (hourly(wall, settings), daily(wall, settings))
        } else {
            (0, 0)
        };
        Some(Self {
            hourly_windows,
            daily_windows,
            pins_per_window: settings.pins_per_window,
        })
    }

    /// How many of the 10^10 numbers of ten digits open the door.
    #[must_use]
    pub fn pins(&self) -> u64 {
        (self.hourly_windows + self.daily_windows) * u64::from(self.pins_per_window)
    }
}

/// Whether a window that has begun at `start` can still be used for the first time.
fn in_time(start: i64, wall: Wall, settings: &Settings) -> bool {
    match i64::from(settings.first_use_within_hours) {
        0 => true,
        hours => start + hours >= wall.ahead,
    }
}

fn hourly(wall: Wall, settings: &Settings) -> u64 {
    let longest = LONGEST_HOURS.min(24 * i64::from(settings.max_smartpin_days));
    let first = (wall.ahead - longest).max(0);
    let last = wall.shown.min(HOURLY_STARTS - 1);
    (first..=last)
        .filter(|start| in_time(*start, wall, settings))
        .map(|start| count(SHORTEST_HOURS.max(wall.ahead - start), longest))
        .sum()
}

fn daily(wall: Wall, settings: &Settings) -> u64 {
    let (begins, ends) = (
        i64::from(settings.daily_hours.start()),
        i64::from(settings.daily_hours.end()),
    );
    let longest = LONGEST_DAYS.min(i64::from(settings.max_smartpin_days));
    // The first day on which a window can end, and the last on which one has begun.
    let ending = ceiling(wall.ahead - ends, 24);
    let begun = (wall.shown - begins).div_euclid(24).min(DAILY_STARTS - 1);
    ((ending - longest).max(0)..=begun)
        .filter(|first| in_time(first * 24 + begins, wall, settings))
        .map(|first| count(SHORTEST_DAYS.max(ending - first), longest))
        .sum()
}

/// How many numbers there are from `least` to `most`.
fn count(least: i64, most: i64) -> u64 {
    u64::try_from(most - least + 1).unwrap_or(0)
}

fn ceiling(dividend: i64, divisor: i64) -> i64 {
    -(-dividend).div_euclid(divisor)
}
