//! The bolt: when it moves, and what is said of it.

use embedded_hal::digital::InputPin;

use super::Turn;
use crate::audit::{Cause, Event, Opener};
use crate::board::{Board, Gauge};
use crate::limits::{BATTERY_CRITICAL, BATTERY_FLAT, BATTERY_LOW};
use crate::logic::bolt::{End, Outcome, Sense};
use crate::logic::signal::Signal;
use crate::time::Duration;

/// What the cells are good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cells {
    Good,
    Low,
    Critical,
    /// Too weak to start the motor.
    Flat,
}

impl<B: Board> Turn<'_, B> {
    pub(super) fn sense(&mut self) -> Sense {
        let Ok(thrown) = self.parts.thrown.is_low();
        let Ok(withdrawn) = self.parts.withdrawn.is_low();
        let Ok(stalled) = self.parts.stall.is_high();
        Sense {
            thrown,
            withdrawn,
            stalled,
        }
    }

    /// At boot: a bolt between its ends is thrown, a withdrawn one will throw itself.
    pub(super) fn settle_bolt(&mut self) {
        match self.sense().end() {
            None if self.cells() != Cells::Flat => self.stroke(End::Thrown, Cause::Boot),
            None | Some(End::Thrown) => {}
            Some(End::Withdrawn) => self.arm_auto_lock(),
        }
    }

    /// Opens the door, and says so. False if the cells are too weak.
    pub(super) fn withdraw(&mut self, opener: Opener) -> bool {
        let cells = self.cells();
        if cells == Cells::Flat {
            self.refuse_motor();
            return false;
        }
        self.audit(Event::Unlocked(opener));
        self.lock.throws_at = None;
        self.stroke(End::Withdrawn, Cause::Auto);
        self.grant(cells);
        true
    }

    /// Locks by hand, and says so.
    pub(super) fn throw(&mut self, cause: Cause) {
        let cells = self.cells();
        if cells == Cells::Flat {
            return self.refuse_motor();
        }
        self.stroke(End::Thrown, cause);
        self.grant(cells);
    }

    /// Throws the bolt when its time has come; nobody is told but the log.
    pub(super) fn lock_by_itself(&mut self) {
        if self.lock.throws_at.is_none_or(|due| self.now < due) {
            return;
        }
        self.lock.throws_at = None;
        if self.cells() == Cells::Flat {
            self.refuse_motor();
        } else {
            self.stroke(End::Thrown, Cause::Auto);
        }
    }

    /// Moves the bridge as the stroke asks, and tells how it ended.
    pub(super) fn follow_bolt(&mut self) {
        let sense = self.sense();
        let outcome = self.lock.bolt.update(sense, self.now);
        self.drive_bridge();
        match outcome {
            Some(Outcome::Reached(End::Thrown)) => self.audit(Event::Locked(self.lock.cause)),
            Some(Outcome::Reached(End::Withdrawn)) => self.arm_auto_lock(),
            Some(Outcome::Jammed) => {
                self.audit(Event::Jammed);
                self.lock.player.play(Signal::Jammed, self.now);
            }
            None => {}
        }
    }

    /// Lets a withdrawn bolt throw itself after the delay in force, counted from now.
    pub(super) fn arm_auto_lock(&mut self) {
        let settings = self.store.settings();
        let never = settings.passage_mode || settings.auto_lock_seconds == 0;
        let delay = Duration::from_secs(u64::from(settings.auto_lock_seconds));
        let withdrawn =
            self.sense().end() == Some(End::Withdrawn) && self.lock.bolt.target().is_none();
        self.lock.throws_at = (withdrawn && !never).then(|| self.now + delay);
    }

    fn stroke(&mut self, target: End, cause: Cause) {
        let sense = self.sense();
        self.lock.cause = cause;
        self.lock.throws_at = None;
        self.lock.bolt.start(target, sense, self.now);
    }

    fn grant(&mut self, cells: Cells) {
        self.lock.player.play(Signal::Granted, self.now);
        let warning = match cells {
            Cells::Good | Cells::Flat => return,
            Cells::Low => (Event::BatteryLow, Signal::BatteryLow),
            Cells::Critical => (Event::BatteryCritical, Signal::BatteryCritical),
        };
        self.audit(warning.0);
        self.lock.player.play(warning.1, self.now);
    }

    fn refuse_motor(&mut self) {
        self.audit(Event::BatteryCritical);
        self.lock.player.play(Signal::BatteryCritical, self.now);
    }

    /// A gauge that can't be read keeps nobody out: the motor is tried.
    fn cells(&mut self) -> Cells {
        match self.parts.gauge.volts() {
            Ok(volts) if volts < BATTERY_FLAT => Cells::Flat,
            Ok(volts) if volts < BATTERY_CRITICAL => Cells::Critical,
            Ok(volts) if volts < BATTERY_LOW => Cells::Low,
            Ok(_) | Err(_) => Cells::Good,
        }
    }
}
