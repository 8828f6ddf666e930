//! How many SmartPINs open at an instant, by reading every ten digits that there are and asking the lock about each.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::TimeDelta;
use firmware_core::audit::PinId;
use firmware_core::civil::{CivilTime, UtcTime};
use firmware_core::logic::access::{Facts, Memory};
use firmware_core::settings::Settings;
use jiff::Timestamp;
use smartpin::{Grant, Index, LockKey, Pin, PinKey};

use crate::executor::Executor;

/// The numbers of all PINs, which are their ten digits.
pub const ALL: Range<u64> = 0..Pin::COUNT;

/// What is read between two signs of life.
const STRETCH: u64 = 1 << 22;

/// A lock at an instant, which nobody has used so far, and which blocks nothing.
pub struct Search {
    key: PinKey,
    settings: Settings,
    now: UtcTime,
    civil: CivilTime,
}

/// Nothing is blocked, and nothing was used.
struct Blank;

impl Memory for Blank {
    fn blocked(&self, _: PinId) -> u8 {
        0
    }

    fn is_used(&self, _: PinId) -> bool {
        false
    }
}

impl Search {
    /// The lock of that key, with these settings, its generation among them, as its clock shows `now`.
    #[must_use]
    pub fn new(key: &LockKey, settings: &Settings, now: Timestamp) -> Self {
        let now = UtcTime(now.as_second());
        Self {
            key: key.pin_key(),
            settings: settings.clone(),
            now,
            civil: settings.timezone.civil(now),
        }
    }

    /// How many of the PINs of these numbers open the door. `read` is told, from whatever thread the executor has, how many
    /// were read since it was told last.
    #[must_use]
    pub fn count(
        &self,
        numbers: Range<u64>,
        executor: &dyn Executor,
        read: impl Fn(u64) + Sync,
    ) -> u64 {
        let all = numbers.end.saturating_sub(numbers.start);
        let live = AtomicU64::new(0);
        let stretch = |number: usize| {
            let start = numbers.start + number as u64 * STRETCH;
            let stretch = start..numbers.end.min(start + STRETCH);
            let length = stretch.end - stretch.start;
            live.fetch_add(self.count_here(stretch), Ordering::Relaxed);
            read(length);
        };
        executor.for_each(all.div_ceil(STRETCH) as usize, &stretch);
        live.into_inner()
    }

    /// How many of the PINs of these numbers open the door, counted on this thread.
    #[must_use]
    pub fn count_here(&self, numbers: Range<u64>) -> u64 {
        let mut live = 0;
        self.key
            .read_range(numbers, self.settings.generation, |read| {
                live += u64::from(read.is_ok_and(|index| self.opens(index)));
            });
        live
    }

    /// Whether the lock opens. Its own rules decide, but for what is plainly out of the question, which spares nearly all
    /// the time that they take.
    fn opens(&self, index: Index) -> bool {
        let grant = index.grant();
        grant.has_room(self.settings.pins_per_window, 0) && self.is_near(grant) && self.judge(index)
    }

    /// Whether the grant opens within three days, and has not been over for as long: more than any change of clocks.
    fn is_near(&self, grant: Grant) -> bool {
        let hours = self.settings.daily_hours;
        let slack = TimeDelta::days(3);
        let is_far_off = |start: CivilTime| start.signed_duration_since(self.civil) >= slack;
        let is_long_over = |end: CivilTime| self.civil.signed_duration_since(end) >= slack;
        !grant.opens_at(hours).is_some_and(is_far_off)
            && !grant.over_at(hours).is_some_and(is_long_over)
    }

    fn judge(&self, index: Index) -> bool {
        let facts = Facts {
            settings: &self.settings,
            first_use_since: (self.settings.first_use_within_hours > 0).then_some(CivilTime::MIN),
            now: Ok(self.now),
            erased_end: None,
            memory: &Blank,
        };
        let pin = PinId {
            index,
            generation: self.settings.generation,
        };
        facts.judge(pin).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use smartpin::{DailyHours, Stay, Variant, Window};

    use super::super::live::Live;
    use super::*;
    use crate::executor::InTurn;

    const KEY: LockKey = LockKey::from_bytes([0x42; 16]);

    fn open() -> Settings {
        Settings {
            smartpin_enabled: true,
            ..Settings::default()
        }
    }

    fn pin(number: u64) -> Pin {
        format!("{number:010}").parse().expect("ten digits")
    }

    /// One PIN at a time, and the lock's rules for each.
    fn by_force(search: &Search, numbers: Range<u64>) -> u64 {
        let read = |number| search.key.read(&pin(number), search.settings.generation);
        let opens = |index| search.judge(index);
        numbers
            .map(|number| u64::from(read(number).is_ok_and(opens)))
            .sum()
    }

    #[test]
    fn a_slice_counts_as_its_pins_do_one_by_one() {
        let now: Timestamp = "2026-12-01T15:00:00Z".parse().expect("a time");
        let generous = Settings {
            pins_per_window: 4,
            generation: smartpin::Generation(7),
            ..open()
        };
        let slices = [
            0..70_000,
            4_999_970_000..5_000_030_000,
            9_999_950_000..10_000_000_000,
        ];
        for settings in [open(), generous] {
            let search = Search::new(&KEY, &settings, now);
            for slice in slices.clone() {
                let expected = by_force(&search, slice.clone());
                assert_eq!(search.count_here(slice.clone()), expected, "{slice:?}");
            }
        }
    }

    #[test]
    fn pieces_share_the_range_and_tell_how_far_they_are() {
        let now: Timestamp = "2026-12-01T15:00:00Z".parse().expect("a time");
        let search = Search::new(&KEY, &open(), now);
        let numbers = 123..123 + STRETCH + 5_000;
        let told = AtomicU64::new(0);
        let add = |read| {
            told.fetch_add(read, Ordering::Relaxed);
        };
        let live = search.count(numbers.clone(), &InTurn, add);
        assert_eq!(live, search.count_here(numbers));
        assert_eq!(told.into_inner(), STRETCH + 5_000);
    }

    /// How many of these windows the lock opens for, counted by variants.
    fn judged(search: &Search, windows: impl Iterator<Item = Window>) -> u64 {
        let variant = Variant::ZERO;
        let stays = windows.map(|window| Grant::Stay(Stay { window, variant }));
        let variants = usize::from(search.settings.pins_per_window) + 1;
        let siblings = |grant: Grant| grant.siblings().take(variants);
        let opens = |grant: Grant| u64::from(search.judge(grant.index()));
        let near = stays.filter(|grant| search.is_near(*grant));
        near.flat_map(siblings).map(opens).sum()
    }

    /// All hourly windows that could be open, and more.
    fn hourly(search: &Search) -> impl Iterator<Item = Window> {
        let longest = 768.min(24 * search.settings.max_smartpin_days + 1);
        let midnight = search.civil.date().and_time(chrono::NaiveTime::MIN);
        let starts = (-72..=i64::from(longest) + 72)
            .filter_map(move |back| midnight.checked_sub_signed(TimeDelta::hours(back)));
        let lengths = move |start| (24..=longest).map(move |hours| (start, hours));
        let window = |(start, hours)| Window::hourly(start, hours).ok();
        starts.flat_map(lengths).filter_map(window)
    }

    /// All daily windows that could be open, and more.
    fn daily(search: &Search) -> impl Iterator<Item = Window> {
        let longest = 365.min(search.settings.max_smartpin_days + 1);
        let today = search.civil.date();
        let firsts = (-3..=i64::from(longest) + 3).map(move |back| today - TimeDelta::days(back));
        let lengths = move |first| (32..=longest).map(move |days| (first, days));
        let window = |(first, days)| Window::daily(first, days).ok();
        firsts.flat_map(lengths).filter_map(window)
    }

    /// Holds the count against the lock's own judgement of each window.
    #[track_caller]
    fn assert_agree(settings: &Settings, now: &str) -> u64 {
        let now: Timestamp = now.parse().expect("a time");
        let live = Live::at(now, settings).expect("within the calendar");
        let search = Search::new(&KEY, settings, now);
        let windows = hourly(&search).chain(daily(&search));
        assert_eq!(live.pins(), judged(&search, windows), "{now} {settings:?}");
        live.pins()
    }

    #[test]
    fn windows_are_counted_as_the_lock_judges_them() {
        let table = [
            (365, 0, 1, (8, 20), 361_653),
            (365, 0, 4, (8, 20), 4 * 361_653),
            (365, 24, 1, (8, 20), 18_214),
            // Starts of 24 hours with 745 lengths, of the 144 hours before with 744 down to 601, of 7 days with 334.
            (
                365,
                168,
                2,
                (8, 20),
                2 * (24 * 745 + 144 * (744 + 601) / 2 + 7 * 334),
            ),
            (32, 0, 1, (8, 20), 295_020 + 33),
            (1, 0, 1, (8, 20), 24),
            (40, 30, 1, (23, 0), 0),
            (365, 0, 1, (16, 15), 0),
        ];
        for (max_smartpin_days, first_use_within_hours, pins_per_window, (start, end), expected) in
            table
        {
            let settings = Settings {
                max_smartpin_days,
                first_use_within_hours,
                pins_per_window,
                daily_hours: DailyHours::new(start, end).expect("hours"),
                ..open()
            };
            let live = assert_agree(&settings, "2026-12-01T15:00:00Z");
            assert!(expected == 0 || live == expected, "{live} for {settings:?}");
        }
        assert_eq!(
            assert_agree(&Settings::default(), "2026-12-01T15:00:00Z"),
            0
        );
    }

    #[test]
    fn the_ends_of_the_numbering_are_counted_too() {
        for now in [
            "2019-12-31T23:59:59Z",
            "2020-01-01T00:00:00Z",
            "2020-12-31T20:00:00Z",
            "2139-09-01T08:00:00Z",
            "2140-06-01T12:00:00Z",
        ] {
            assert_agree(&open(), now);
        }
    }

    #[test]
    fn clocks_that_change_are_counted_as_the_lock_sees_them() {
        let table = [
            // Skips 2:00 to 3:00, and repeats 1:00 to 2:00.
            ("MST7MDT,M3.2.0,M11.1.0", "2026-03-08T08:00:00Z", 9),
            ("MST7MDT,M3.2.0,M11.1.0", "2026-11-01T06:00:00Z", 13),
            // Half an hour.
            (
                "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
                "2026-04-04T14:00:00Z",
                9,
            ),
            // Two hours, and so a window can have ended that the wall seems to be in.
            (
                "<+00>0<+02>-2,M3.5.0/1,M10.5.0/3",
                "2026-10-24T23:00:00Z",
                17,
            ),
            // A quarter of an hour beside the full one.
            (
                "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45",
                "2026-04-04T12:45:00Z",
                13,
            ),
        ];
        for (rule, from, steps) in table {
            let from: Timestamp = from.parse().expect("a time");
            for step in 0..steps {
                let now = from + jiff::SignedDuration::from_mins(15 * step);
                for (max_smartpin_days, first_use_within_hours) in [(2, 0), (2, 3)] {
                    let settings = Settings {
                        timezone: rule.parse().expect("a rule"),
                        max_smartpin_days,
                        first_use_within_hours,
                        ..open()
                    };
                    assert_agree(&settings, &now.to_string());
                }
                for hours in [(1, 2), (2, 3)] {
                    let settings = Settings {
                        timezone: rule.parse().expect("a rule"),
                        max_smartpin_days: 34,
                        daily_hours: DailyHours::new(hours.0, hours.1).expect("hours"),
                        ..open()
                    };
                    let live = Live::at(now, &settings).expect("within the calendar");
                    let search = Search::new(&KEY, &settings, now);
                    let judged = judged(&search, daily(&search));
                    assert_eq!(live.daily_windows, judged, "{now} {settings:?}");
                }
            }
        }
    }
}
