//! How many entries the keypad takes from somebody whose entries are all wrong.
//!
//! This is the rule on wrong tries, written anew from its text in docs/lock.md and without the firmware: a test holds the
//! two against each other. Times are counted from the moment at which the first key goes down on a lock that has seen no
//! wrong try. The rule that 24 h without a wrong try forgive a run never comes to bear: no lockout is longer than an hour.

use std::iter::Peekable;
use std::time::Duration;

use firmware_core::settings::Settings;

use crate::pace::{DOWN, UP};

/// From one key's way down to the next one's: 80 ms down, 120 ms up.
pub const KEY: Duration = DOWN.duration().saturating_add(UP.duration());

/// The first day.
pub const DAY: Duration = Duration::from_hours(24);

/// How long the budget takes to regain one wrong try.
const REGAIN: Duration = Duration::from_mins(15);

/// A wrong entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    /// When its Enter went down, which is when it counts.
    pub at: Duration,
    /// The lockout that it started.
    pub lockout: Option<Duration>,
}

/// All tries of somebody who types wrong codes of one length, and rests only while the keypad is locked out: they type on
/// through every signal, and begin the next entry as a lockout ends. The iterator never ends.
#[derive(Clone, Debug)]
pub struct Attacker {
    wrong_tries: u8,
    whole_budget: u8,
    ladder: [Duration; 3],
    /// From the first key of an entry to its Enter.
    typing: Duration,
    /// When the next entry's first key goes down.
    next: Duration,
    in_a_row: u8,
    rung: usize,
    budget: u8,
    /// When the budget regains one; none while it is whole.
    regains: Option<Duration>,
}

impl Attacker {
    /// Entries of so many digits, at a lock with these settings.
    #[must_use]
    pub fn new(settings: &Settings, digits: usize) -> Self {
        let keys = u32::try_from(digits).unwrap_or(u32::MAX);
        Self {
            wrong_tries: settings.wrong_tries,
            whole_budget: settings.wrong_try_budget,
            ladder: settings
                .lockout_minutes
                .map(|minutes| Duration::from_mins(minutes.into())),
            typing: KEY.saturating_mul(keys),
            next: Duration::ZERO,
            in_a_row: 0,
            rung: 0,
            budget: settings.wrong_try_budget,
            regains: None,
        }
    }

    fn regain(&mut self, now: Duration) {
        while let Some(due) = self.regains.filter(|due| *due <= now) {
            self.budget += 1;
            self.regains = (self.budget < self.whole_budget).then_some(due + REGAIN);
        }
    }

    /// The lockout of a try that finds the budget empty, or has something of it to spend.
    fn lockout(&mut self, budget_is_empty: bool) -> Option<Duration> {
        let [.., last] = self.ladder;
        self.in_a_row += 1;
        let run = (self.in_a_row >= self.wrong_tries).then(|| {
            self.in_a_row = 0;
            let rung = self.ladder.get(self.rung).copied();
            self.rung += 1;
            rung.unwrap_or(last)
        });
        if budget_is_empty { Some(last) } else { run }
    }
}

impl Iterator for Attacker {
    type Item = Try;

    fn next(&mut self) -> Option<Try> {
        let at = self.next + self.typing;
        self.regain(at);
        let lockout = self.lockout(self.budget == 0);
        self.budget = self.budget.saturating_sub(1);
        self.regains.get_or_insert(at + REGAIN);
        self.next = at + lockout.unwrap_or_default().max(KEY);
        Some(Try { at, lockout })
    }
}

/// How fast an attacker gets on.
#[derive(Clone, Debug)]
pub struct Pace {
    /// Tries on the first day, from the first key on.
    pub first_day: u64,
    /// Tries on a day of the long run, on average.
    pub later_day: f64,
    fresh: Attacker,
    /// Tries before the long run.
    lead: u64,
    /// Tries before and in it.
    counted: u64,
}

/// The budget is spent, and the ladder climbed, long before this.
const LEAD_DAYS: u32 = 100;
/// The long run is the mean of so many days, as the lockouts and the budget's regaining have no common beat.
const LATER_DAYS: u32 = 1_000;

impl Pace {
    /// That of an attacker who has not begun.
    #[must_use]
    pub fn of(fresh: Attacker) -> Self {
        let mut tries = fresh.clone().peekable();
        let first_day = count_until(&mut tries, DAY);
        let lead = first_day + count_until(&mut tries, DAY * LEAD_DAYS);
        let later = count_until(&mut tries, DAY * (LEAD_DAYS + LATER_DAYS));
        Self {
            first_day,
            later_day: later as f64 / f64::from(LATER_DAYS),
            fresh,
            lead,
            counted: lead + later,
        }
    }

    /// How long so many tries take, in seconds, from the first key's way down to the last Enter's. Exact while the last
    /// falls into the first 1,100 days, and by the mean of the long run beyond.
    #[must_use]
    pub fn seconds(&self, tries: u64) -> f64 {
        let exact = || {
            let place = usize::try_from(tries.checked_sub(1)?).ok()?;
            self.fresh.clone().nth(place)
        };
        if tries <= self.counted {
            return exact().map_or(0.0, |last| last.at.as_secs_f64());
        }
        let days = f64::from(LEAD_DAYS) + (tries - self.lead) as f64 / self.later_day;
        days * DAY.as_secs_f64()
    }
}

fn count_until(tries: &mut Peekable<Attacker>, end: Duration) -> u64 {
    let mut count = 0;
    while tries.next_if(|next| next.at < end).is_some() {
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use firmware_core::logic::lockout::{Lockout, Tally};
    use firmware_core::time::Instant;

    use super::*;

    /// The firmware's own rule on wrong tries, driven with virtual time.
    struct Firmware {
        settings: Settings,
        lockout: Lockout,
        tally: Tally,
    }

    /// No key counts.
    #[derive(Debug, PartialEq, Eq)]
    struct LockedOut;

    impl Firmware {
        fn new(settings: Settings) -> Self {
            let (lockout, tally) =
                Lockout::boot(Tally::default(), &settings, Instant::from_ticks(0));
            Self {
                settings,
                lockout,
                tally,
            }
        }

        /// A wrong try; gives the lockout that it starts.
        fn wrong(&mut self, at: Duration) -> Result<Option<Duration>, LockedOut> {
            let now = Instant::from_ticks(u64::try_from(at.as_micros()).expect("a few years"));
            if self.lockout.is_running(now) {
                return Err(LockedOut);
            }
            self.tally = self.lockout.end(self.tally, now).unwrap_or(self.tally);
            self.tally = self.lockout.count(self.tally, now);
            let (tally, minutes) = self.lockout.deny(self.tally, &self.settings, now);
            self.tally = tally;
            Ok(minutes.map(|minutes| Duration::from_mins(minutes.into())))
        }
    }

    fn settings(wrong_tries: u8, wrong_try_budget: u8, lockout_minutes: [u8; 3]) -> Settings {
        let settings = Settings {
            wrong_tries,
            wrong_try_budget,
            lockout_minutes,
            ..Settings::default()
        };
        assert!(settings.is_in_range());
        settings
    }

    fn various() -> impl Iterator<Item = Settings> {
        let ladders = [
            [1, 5, 15],
            [1, 1, 1],
            [60, 60, 60],
            [14, 15, 16],
            [1, 30, 60],
        ];
        ladders.into_iter().flat_map(|ladder| {
            [(5, 40), (3, 10), (10, 100), (3, 100), (10, 10)]
                .map(|(tries, budget)| settings(tries, budget, ladder))
        })
    }

    #[test]
    fn the_firmware_locks_out_as_the_rule_says() {
        for settings in various() {
            for digits in [4, 7, 10] {
                let mut firmware = Firmware::new(settings.clone());
                for (number, tried) in Attacker::new(&settings, digits).take(5_000).enumerate() {
                    assert_eq!(
                        firmware.wrong(tried.at),
                        Ok(tried.lockout),
                        "try {number} of {digits} digits at {:?}, {settings:?}",
                        tried.at
                    );
                }
            }
        }
    }

    #[test]
    fn no_entry_could_have_begun_sooner() {
        for settings in various() {
            let mut firmware = Firmware::new(settings.clone());
            let mut attacker = Attacker::new(&settings, 4);
            for _ in 0..500 {
                let begun = attacker.next;
                let tried = attacker.next().expect("it never ends");
                assert_eq!(firmware.wrong(tried.at), Ok(tried.lockout));
                if let Some(lockout) = tried.lockout {
                    assert_eq!(attacker.next, tried.at + lockout, "begun at {begun:?}");
                    let early = attacker.next.saturating_sub(Duration::from_micros(1));
                    assert_eq!(firmware.wrong(early), Err(LockedOut), "deaf at {early:?}");
                } else {
                    assert_eq!(attacker.next, tried.at + KEY, "begun at {begun:?}");
                }
            }
        }
    }

    /// By hand: Enter of the first entry goes down after four keys of 200 ms, each further one five keys later.
    #[test]
    fn the_first_tries_of_four_digits() {
        let minute = Duration::from_mins(1);
        let tries: Vec<_> = Attacker::new(&Settings::default(), 4)
            .take(11)
            .map(|tried| (tried.at.as_millis(), tried.lockout))
            .collect();
        let expected = [
            (800, None),
            (1_800, None),
            (2_800, None),
            (3_800, None),
            (4_800, Some(minute)),
            (65_600, None),
            (66_600, None),
            (67_600, None),
            (68_600, None),
            (69_600, Some(5 * minute)),
            (370_400, None),
        ];
        assert_eq!(tries, expected);
    }

    /// Every 15 minutes' lockout regains one try, which goes unpunished, and the next is locked out; the fifth in a row is
    /// locked out anyway. So three lockouts take five tries.
    #[test]
    fn in_the_long_run_three_lockouts_take_five_tries() {
        let pace = Pace::of(Attacker::new(&Settings::default(), 4));
        let beat = 96.0 / 3.0 * 5.0;
        assert!((pace.later_day - beat).abs() < 1.5, "{pace:?}");
        assert!(pace.first_day > 160, "{pace:?}");
    }

    #[test]
    fn times_go_on_where_the_counted_days_end() {
        let pace = Pace::of(Attacker::new(&Settings::default(), 10));
        assert!(pace.seconds(0).abs() < f64::EPSILON);
        assert!((pace.seconds(1) - 2.0).abs() < f64::EPSILON);
        let day = DAY.as_secs_f64();
        assert!(pace.seconds(pace.first_day) < day && pace.seconds(pace.first_day + 1) >= day);
        let step = pace.seconds(pace.counted + 1) - pace.seconds(pace.counted);
        assert!((0.0..=day).contains(&step), "{step}");
    }
}
