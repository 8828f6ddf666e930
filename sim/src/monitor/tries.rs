//! The lockouts that wrong tries earn at least.

use std::time::Duration;

use firmware_core::settings::Settings;

use super::clock::seconds;
use super::truth::Permission;
use super::uncertain::Uncertain;
use crate::time::Time;

/// Wrong tries that nobody can doubt, and the lockout that they have earned.
#[derive(Clone, Debug, Default)]
pub(super) struct Tries {
    run: u8,
    rung: usize,
    spent: u32,
    /// When the budget was drawn on first, since it was whole.
    spent_since: Option<Time>,
    last: Option<Time>,
    /// How many in a row the lock may have counted: those that the power kept it from judging are wrong tries to it.
    most: u8,
    /// When a code was accepted last, and how many it may have counted before. A power loss then may undo that.
    given_back: Option<(Time, u8)>,
    /// Until when nothing may be accepted or judged, and how long that was promised to last.
    until: Option<(Time, Duration)>,
}

impl Tries {
    /// A wrong try was denied.
    pub(super) fn wrong(&mut self, now: Time, settings: &Uncertain<Settings>) {
        let Some(settings) = settings.certain() else {
            // A lock that may count otherwise promises nothing that is known.
            *self = Self::default();
            return;
        };
        if self.last.is_some_and(|last| now - last >= seconds(86_000)) {
            self.run = 0;
            self.rung = 0;
        }
        self.last = Some(now);
        self.most = self.most.saturating_add(1);
        self.run = self.run.saturating_add(1);
        let regained = self
            .spent_since
            .map_or(0, |since| (now - since).as_secs() / 900 + 1);
        let spent = u64::from(self.spent).saturating_sub(regained);
        if spent == 0 {
            self.spent_since = Some(now);
            self.spent = 1;
        } else {
            self.spent += 1;
        }
        let [first, second, last] = settings.lockout_minutes;
        let mut minutes = None;
        if self.run >= settings.wrong_tries {
            minutes = Some([first, second, last][self.rung.min(2)]);
            self.run = 0;
            self.rung += 1;
        }
        if spent > u64::from(settings.wrong_try_budget) {
            minutes = Some(last);
        }
        if let Some(minutes) = minutes {
            let lasts = seconds(60 * u64::from(minutes));
            self.until = Some((now + lasts, lasts));
        }
    }

    /// A code was accepted.
    pub(super) fn accepted(&mut self, by_owner: bool, now: Time) {
        self.given_back = Some((now, self.most));
        self.most = 0;
        self.run = 0;
        self.rung = 0;
        if by_owner {
            self.spent = 0;
            self.spent_since = None;
        }
    }

    /// The lock says that it locks the keypad out. Where fewer tries are known than it takes, it has counted others.
    pub(super) fn locked_out(&mut self, now: Time) {
        self.most = 0;
        if !self.locks_out(now) {
            self.run = 0;
        }
    }

    /// The power fails, perhaps while an entry was judged that has this permission. True where the lock may begin a lockout
    /// by that, which its log need not tell.
    pub(super) fn lost_power(
        &mut self,
        now: Time,
        unjudged: Option<Permission>,
        settings: &Uncertain<Settings>,
    ) -> bool {
        if let Some((at, most)) = self.given_back.filter(|(at, _)| now - *at < seconds(1)) {
            self.most = self.most.max(most.saturating_add(1));
            self.given_back = Some((at, most));
        }
        self.most = self.most.saturating_add(u8::from(unjudged.is_some()));
        if unjudged.is_some_and(|permission| permission.allowed) {
            // It may have been accepted, though nobody was told.
            self.run = 0;
            self.rung = 0;
        }
        let reached = settings.possibly(|settings| self.most >= settings.wrong_tries);
        if reached {
            self.run = 0;
        }
        reached
    }

    /// Whether nothing may be accepted now.
    pub(super) fn locks_out(&self, now: Time) -> bool {
        self.until
            .is_some_and(|(until, _)| now + seconds(1) < until)
    }

    /// After a power loss at `lost`, a lockout that ran begins again.
    pub(super) fn booted(&mut self, lost: Time, now: Time) {
        self.until = self
            .until
            .filter(|(until, _)| lost + seconds(1) < *until)
            .map(|(_, lasts)| (now + lasts, lasts));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_power_kept_from_being_judged_may_have_locked_out() {
        let settings = Uncertain::new(Settings::default());
        let mut tries = Tries::default();
        let now = Time::START + seconds(60);
        for _ in 0..3 {
            tries.wrong(now, &settings);
        }
        assert!(!tries.lost_power(now, Some(Permission::NONE), &settings));
        assert!(!tries.lost_power(now, None, &settings));
        tries.accepted(false, now);
        assert!(tries.lost_power(now, None, &settings), "that was undone");
        assert!(!tries.locks_out(now));
        tries.locked_out(now);
        assert!(!tries.lost_power(now + seconds(2), Some(Permission::NONE), &settings));
    }

    #[test]
    fn the_ladder_is_climbed_and_left() {
        let settings = Uncertain::new(Settings::default());
        let mut tries = Tries::default();
        let mut now = Time::START;
        for minutes in [1, 5, 15, 15] {
            for _ in 0..5 {
                assert!(!tries.locks_out(now));
                now = now + seconds(3);
                tries.wrong(now, &settings);
            }
            assert!(tries.locks_out(now + seconds(60 * minutes - 2)));
            now = now + seconds(60 * minutes);
            assert!(!tries.locks_out(now));
        }
        tries.accepted(false, now);
        for _ in 0..5 {
            tries.wrong(now, &settings);
        }
        let loses = now + seconds(30);
        tries.booted(loses, now + seconds(600));
        assert!(tries.locks_out(now + seconds(658)));
        assert!(!tries.locks_out(now + seconds(660)));
    }
}
