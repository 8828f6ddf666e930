//! The R button, held on purpose after power-up.

use crate::limits::{RESET_BEGINS, RESET_HOLD, SETTLE};
use crate::time::Instant;

/// Watches R: a hold begun soon after power-up and kept up long enough restores factory settings, once.
#[derive(Clone, Debug)]
pub struct ResetHold {
    booted: Instant,
    held: Option<Held>,
}

#[derive(Clone, Copy, Debug)]
struct Held {
    since: Instant,
    open: Option<Instant>,
    spent: bool,
}

impl ResetHold {
    /// A watch that begins with the boot.
    #[must_use]
    pub fn new(booted: Instant) -> Self {
        Self { booted, held: None }
    }

    /// Takes R's contact as it is at `now`; true once, when it was held long enough.
    pub fn update(&mut self, closed: bool, now: Instant) -> bool {
        let Some(held) = &mut self.held else {
            if closed {
                let spent = now > self.booted + RESET_BEGINS;
                self.held = Some(Held {
                    since: now,
                    open: None,
                    spent,
                });
            }
            return false;
        };
        if !closed {
            if now >= *held.open.get_or_insert(now) + SETTLE {
                self.held = None;
            }
            return false;
        }
        held.open = None;
        let fires = !held.spent && now >= held.since + RESET_HOLD;
        held.spent |= fires;
        fires
    }

    /// When [`ResetHold::update`] is to be called next if R does not change before.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        let held = self.held?;
        match held.open {
            Some(open) => Some(open + SETTLE),
            None => (!held.spent).then(|| held.since + RESET_HOLD),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether R, down from `from` to `to` ms after a boot at 0, restores factory settings.
    fn fires(from: u64, to: u64) -> bool {
        let mut hold = ResetHold::new(Instant::from_ticks(0));
        let mut fired = 0;
        let mut closed = false;
        for (ms, next) in [(from, true), (to, false), (to + 10_000, false)] {
            let edge = Instant::from_ticks(ms * 1_000);
            while let Some(deadline) = hold.deadline().filter(|deadline| *deadline < edge) {
                fired += u32::from(hold.update(closed, deadline));
            }
            closed = next;
            fired += u32::from(hold.update(closed, edge));
        }
        assert!(fired <= 1);
        fired == 1
    }

    #[test]
    fn five_seconds_begun_within_ten() {
        assert!(fires(0, 5_000));
        assert!(fires(10_000, 15_000));
        assert!(fires(1_000, 60_000));
    }

    #[test]
    fn too_late_or_too_short_does_nothing() {
        assert!(!fires(10_001, 20_000));
        assert!(!fires(0, 4_900));
    }
}
