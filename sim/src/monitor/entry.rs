//! What was typed, as the lock must have taken it.

use std::time::Duration;

use super::clock::seconds;
use crate::key::Key;
use crate::owner::Digits;
use crate::time::Time;

/// A begun entry is forgotten after so long without a key.
const FORGOTTEN: Duration = seconds(10);
/// Nearer to a limit than this, nobody can say on which side of it the lock is.
const VAGUE: Duration = Duration::from_millis(300);
/// A press of this length counts.
const PRESS: Duration = Duration::from_millis(50);

/// Digits, and whether they are what the lock has.
#[derive(Clone, Debug, Default)]
pub(super) struct TypedEntry {
    pub(super) digits: Digits,
    /// When the first went down.
    pub(super) begun: Option<Time>,
    /// A key that was too short, or two at once, or a broken one: the lock may have anything.
    pub(super) vague: bool,
}

/// On which side of a limit a lapse is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Within,
    Beyond,
    Vague,
}

/// On which side of `limit` the time from `since` to `now` is.
pub(super) fn side(since: Time, now: Time, limit: Duration) -> Side {
    let lapse = now - since;
    if lapse + VAGUE < limit {
        Side::Within
    } else if lapse > limit + VAGUE {
        Side::Beyond
    } else {
        Side::Vague
    }
}

/// The keypad, as fingers use it.
#[derive(Clone, Debug, Default)]
pub(super) struct Keypad {
    entry: TypedEntry,
    down: Option<(Key, Time)>,
    last: Option<Time>,
    /// Something is wrong with the keys.
    pub(super) broken: bool,
}

impl Keypad {
    /// When a key went down last.
    pub(super) fn last(&self) -> Option<Time> {
        self.last
    }

    pub(super) fn press(&mut self, key: Key, now: Time) {
        if let Some(last) = self.last {
            match side(last, now, FORGOTTEN) {
                Side::Within => {}
                Side::Beyond => self.entry = TypedEntry::default(),
                Side::Vague => self.entry.vague |= !self.entry.digits.is_empty(),
            }
        }
        self.entry.vague |= self.down.is_some() || self.broken;
        self.down = Some((key, now));
        self.last = Some(now);
        if key.is_digit() {
            self.entry.begun.get_or_insert(now);
            self.entry.digits.push(key.name());
        }
    }

    /// False for a press so short that it may count as none.
    pub(super) fn release(&mut self, key: Key, now: Time) -> bool {
        let long = match self.down.take() {
            Some((down, since)) => down == key && now - since >= PRESS,
            None => false,
        };
        self.entry.vague |= !long;
        long
    }

    /// Enter ends the entry.
    pub(super) fn take(&mut self) -> TypedEntry {
        std::mem::take(&mut self.entry)
    }

    /// The keys are broken, or are no longer: what the lock has taken from them is anybody's guess.
    pub(super) fn set_broken(&mut self, broken: bool, now: Time) {
        self.broken = broken;
        self.entry.vague = true;
        self.last = Some(now);
    }

    /// The lock has forgotten all. A key that is down may be a press of now.
    pub(super) fn forget(&mut self, now: Time) {
        if self.down.is_some() {
            self.last = Some(now);
        }
        self.entry = TypedEntry {
            vague: self.down.is_some(),
            ..TypedEntry::default()
        };
    }
}
