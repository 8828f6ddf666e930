//! Wrong tries: the run, the ladder and the budget.
//!
//! A try is counted, and the count stored, before the entry is compared; a try that turns out right is given back. So
//! pulling the batteries between the two gains nothing.

use crate::limits::{BUDGET_REGAIN, RUN_FORGOTTEN};
use crate::settings::Settings;
use crate::time::Instant;

/// What must survive a power loss.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Wrong tries in a row, the pending one included.
    pub tries: u8,
    /// The rung of the ladder that the next lockout takes, from 0.
    pub rung: u8,
    /// Wrong tries spent of the budget, the pending one included.
    pub spent: u8,
    /// A try is counted and not judged yet.
    pub pending: bool,
    /// The lockout that runs, in minutes.
    pub lockout: Option<u8>,
}

/// The tally with what only uptime can tell of it.
#[derive(Clone, Debug)]
pub struct Lockout {
    /// When a wrong try was counted last, or the lock booted.
    last: Instant,
    /// From when the budget's next regain counts.
    regain: Instant,
    /// When the running lockout ends.
    until: Option<Instant>,
}

/// Whose code was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// A guest's or resident's: the budget stays as it was.
    Visitor,
    /// The owner's: the budget is whole again.
    Owner,
}

impl Lockout {
    /// None runs, and nothing is owed.
    #[must_use]
    pub const fn new(now: Instant) -> Self {
        Self {
            last: now,
            regain: now,
            until: None,
        }
    }

    /// After a boot: a lockout that ran begins again, and a try that was never judged was wrong.
    #[must_use]
    pub fn boot(tally: Tally, settings: &Settings, now: Instant) -> (Self, Tally) {
        let mut lockout = Self::new(now);
        let tally = if tally.pending {
            lockout.deny(tally, settings, now).0
        } else {
            tally
        };
        lockout.until = tally.lockout.map(|minutes| now + minutes_of(minutes));
        (lockout, tally)
    }

    /// Whether keys are deaf at `now`.
    #[must_use]
    pub fn is_running(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now < until)
    }

    /// When the running lockout ends.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.until
    }

    /// The tally without its lockout, once that has ended.
    pub fn end(&mut self, tally: Tally, now: Instant) -> Option<Tally> {
        self.until.filter(|until| now >= *until)?;
        self.until = None;
        Some(Tally {
            lockout: None,
            ..tally
        })
    }

    /// Counts a try that is about to be compared.
    pub fn count(&mut self, tally: Tally, now: Instant) -> Tally {
        let tally = self.forget(tally, now);
        if tally.spent == 0 {
            self.regain = now;
        }
        self.last = now;
        Tally {
            tries: tally.tries.saturating_add(1),
            spent: tally.spent.saturating_add(1),
            pending: true,
            ..tally
        }
    }

    /// The pending try was right.
    #[must_use]
    pub fn accept(tally: Tally, whose: Accepted) -> Tally {
        let given_back = tally.spent.saturating_sub(u8::from(tally.pending));
        Tally {
            tries: 0,
            rung: 0,
            spent: match whose {
                Accepted::Visitor => given_back,
                Accepted::Owner => 0,
            },
            pending: false,
            ..tally
        }
    }

    /// The pending try was neither right nor wrong: as if it had not been.
    #[must_use]
    pub fn withdraw(tally: Tally) -> Tally {
        let pending = u8::from(tally.pending);
        Tally {
            tries: tally.tries.saturating_sub(pending),
            spent: tally.spent.saturating_sub(pending),
            pending: false,
            ..tally
        }
    }

    /// The pending try was wrong. Gives the minutes of the lockout that it starts, if any.
    pub fn deny(&mut self, tally: Tally, settings: &Settings, now: Instant) -> (Tally, Option<u8>) {
        let mut next = Tally {
            pending: false,
            spent: tally.spent.min(settings.wrong_try_budget),
            ..tally
        };
        let [_, _, last] = settings.lockout_minutes;
        let run = tally.tries >= settings.wrong_tries;
        let broke = tally.spent > settings.wrong_try_budget;
        let rung = settings
            .lockout_minutes
            .get(usize::from(tally.rung))
            .copied()
            .unwrap_or(last);
        if run {
            next.tries = 0;
            next.rung = tally.rung.saturating_add(1).min(2);
        }
        next.lockout = match (broke, run) {
            (true, _) => Some(last),
            (false, true) => Some(rung),
            (false, false) => None,
        };
        self.until = next.lockout.map(|minutes| now + minutes_of(minutes));
        (next, next.lockout)
    }

    /// Applies what time alone gives back.
    fn forget(&mut self, tally: Tally, now: Instant) -> Tally {
        let quiet = now
            .checked_duration_since(self.last)
            .is_some_and(|quiet| quiet >= RUN_FORGOTTEN);
        let tally = if quiet {
            Tally {
                tries: 0,
                rung: 0,
                ..tally
            }
        } else {
            tally
        };
        let Some(elapsed) = now.checked_duration_since(self.regain) else {
            return tally;
        };
        let regained = elapsed.as_ticks() / BUDGET_REGAIN.as_ticks();
        self.regain += crate::time::Duration::from_ticks(regained * BUDGET_REGAIN.as_ticks());
        let spent = u64::from(tally.spent).saturating_sub(regained);
        Tally {
            spent: u8::try_from(spent).unwrap_or(u8::MAX),
            ..tally
        }
    }
}

fn minutes_of(minutes: u8) -> crate::time::Duration {
    crate::time::Duration::from_minutes(u64::from(minutes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Duration;

    /// A keypad that is only ever told right and wrong codes.
    struct Bench {
        lockout: Lockout,
        tally: Tally,
        settings: Settings,
        now: Instant,
    }

    impl Bench {
        fn new() -> Self {
            let settings = Settings::default();
            let now = Instant::from_ticks(0);
            let (lockout, tally) = Lockout::boot(Tally::default(), &settings, now);
            Self {
                lockout,
                tally,
                settings,
                now,
            }
        }

        /// A wrong try; gives the lockout that it starts, and waits for its end.
        fn wrong(&mut self) -> Option<u8> {
            assert!(!self.lockout.is_running(self.now));
            self.tally = self.lockout.count(self.tally, self.now);
            let (tally, minutes) = self.lockout.deny(self.tally, &self.settings, self.now);
            self.tally = tally;
            if let Some(minutes) = minutes {
                self.wait(minutes_of(minutes));
                self.tally = self
                    .lockout
                    .end(self.tally, self.now)
                    .expect("it has ended");
            }
            minutes
        }

        fn right(&mut self, whose: Accepted) {
            self.tally = Lockout::accept(self.lockout.count(self.tally, self.now), whose);
        }

        fn wait(&mut self, span: Duration) {
            self.now += span;
        }

        /// The lockouts that `n` wrong tries start.
        fn run<const N: usize>(&mut self) -> [Option<u8>; N] {
            [(); N].map(|()| self.wrong())
        }
    }

    #[test]
    fn five_tries_a_rung() {
        let mut bench = Bench::new();
        for minutes in [1, 5, 15, 15] {
            assert_eq!(bench.run::<5>(), [None, None, None, None, Some(minutes)]);
        }
    }

    #[test]
    fn a_right_code_ends_run_and_ladder() {
        let mut bench = Bench::new();
        bench.run::<9>();
        bench.right(Accepted::Visitor);
        assert_eq!(bench.run::<5>(), [None, None, None, None, Some(1)]);
    }

    #[test]
    fn a_day_of_quiet_ends_them_too() {
        let mut bench = Bench::new();
        bench.run::<9>();
        bench.wait(RUN_FORGOTTEN - Duration::from_secs(1));
        assert_eq!(bench.wrong(), Some(5));
        bench.wait(RUN_FORGOTTEN);
        assert_eq!(bench.run::<5>(), [None, None, None, None, Some(1)]);
    }

    #[test]
    fn guesses_between_right_codes_draw_on_the_budget() {
        let mut bench = Bench::new();
        for _ in 0..40 {
            assert_eq!(bench.wrong(), None);
            bench.right(Accepted::Visitor);
        }
        assert_eq!(bench.wrong(), Some(15), "the budget is empty");
        bench.right(Accepted::Visitor);
        assert_eq!(bench.wrong(), None, "15 minutes gave one back");
        assert_eq!(bench.wrong(), Some(15));
        bench.right(Accepted::Owner);
        assert_eq!(bench.tally.spent, 0, "the programming code refills it");
    }

    #[test]
    fn the_budget_regains_one_every_quarter_of_an_hour() {
        let mut bench = Bench::new();
        for _ in 0..4 {
            bench.wrong();
        }
        assert_eq!(bench.tally.spent, 4);
        bench.wait(BUDGET_REGAIN * 2 + Duration::from_minutes(14));
        assert_eq!(bench.lockout.forget(bench.tally, bench.now).spent, 2);
    }

    #[test]
    fn power_loss_gains_nothing() {
        let mut bench = Bench::new();
        for _ in 0..4 {
            bench.wrong();
        }
        bench.tally = bench.lockout.count(bench.tally, bench.now);
        let (lockout, tally) = Lockout::boot(bench.tally, &bench.settings, Instant::from_ticks(0));
        assert_eq!(
            (tally.lockout, tally.tries, tally.rung),
            (Some(1), 0, 1),
            "an unjudged try was wrong"
        );
        assert!(lockout.is_running(Instant::from_ticks(59_999_999)));
        let (again, _) = Lockout::boot(tally, &bench.settings, Instant::from_ticks(0));
        assert!(
            again.is_running(Instant::from_ticks(59_999_999)),
            "a running lockout begins again"
        );
        assert!(!again.is_running(Instant::from_ticks(60_000_000)));
    }
}
