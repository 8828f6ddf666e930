//! What entries mean to the lock, and what they may and must do.

use jiff::Timestamp;

use super::clock::{Reading, seconds};
use super::entry::{Side, TypedEntry, side};
use super::programming::{self, Function, Progress};
use super::truth::{Change, Permission};
use super::{Attempt, IDLE, Mode, Monitor, OFFER, Offer, Pending, STROKES, WAKING};
use crate::devices::BoltState;
use crate::fault::Fault;
use crate::key::Key;
use crate::lockout::Lockout;
use crate::owner::{Book, Digits};
use crate::time::Time;

impl Monitor {
    /// A key that may or may not have counted, and whatever follows from that.
    pub(super) fn lose_track(&mut self) {
        self.mode = Mode::Unclear;
        if let Some(pending) = &mut self.pending {
            pending.permission.required = false;
            pending.counts = false;
        }
    }

    pub(super) fn press(&mut self, key: Key, now: Time, book: &Book) {
        if !self.supply.0 {
            return;
        }
        if let Some(last) = self.keypad.last() {
            match side(last, now, seconds(IDLE)) {
                Side::Within => {}
                Side::Beyond => self.mode = Mode::Codes,
                Side::Vague => self.mode = Mode::Unclear,
            }
        }
        let waking = side(self.supply.1, now, seconds(WAKING)) != Side::Beyond
            && self.supply.1 > Time::START;
        match self.lockout.map(Lockout::ends) {
            Some(end) if now + seconds(1) < end => return,
            Some(end) if now < end + seconds(1) => self.lose_track(),
            _ => {}
        }
        self.keypad.press(key, now);
        if waking {
            self.lose_track();
        }
        if key.is_digit() {
            return;
        }
        let entry = self.keypad.take();
        if key.is_enter() {
            self.enter(entry, now, book);
        } else {
            // Clear leaves whatever was begun, unless it wasn't taken.
            self.mode = if entry.vague {
                Mode::Unclear
            } else {
                Mode::Codes
            };
            self.offer = None;
        }
    }

    pub(super) fn enter(&mut self, entry: TypedEntry, now: Time, book: &Book) {
        // What wasn't answered until now may or may not have come to be.
        self.attempt = None;
        let offer = self.offer.take();
        self.left = offer.as_ref().map_or(0, |offer| offer.left);
        let pin = self.truth.named(&entry.digits, book);
        let live = offer
            .as_ref()
            .map(|offer| side(offer.since, entry.begun.unwrap_or(now), seconds(OFFER)));
        // Whose stay may be over by now may choose no more.
        let reading = self.reading(now);
        let stays = offer
            .as_ref()
            .and_then(|offer| offer.pin)
            .is_some_and(|pin| self.truth.smartpin(pin, reading).required);
        let live = live.map(|live| match live {
            Side::Within if !stays => Side::Vague,
            live => live,
        });
        let is_code = live.is_none() && matches!(self.mode, Mode::Codes) && entry.digits.len() >= 4;
        let vague = entry.vague || live == Some(Side::Vague);
        let permission = match (std::mem::replace(&mut self.mode, Mode::Codes), live) {
            (Mode::Unclear, _) | (_, Some(Side::Vague)) => {
                self.mode = Mode::Unclear;
                self.anything(&entry, now, book)
            }
            _ if vague => {
                self.mode = Mode::Unclear;
                self.tries.accepted(true, now);
                Permission::UNCLEAR
            }
            (mode, _) if entry.digits.is_empty() => {
                // Enter on nothing locks, perhaps before the bolt had come to its end.
                self.pending = None;
                if matches!(mode, Mode::Programming(_)) {
                    self.mode = Mode::Unclear;
                }
                return;
            }
            (Mode::Programming(function), _) => {
                self.argument(function, entry.digits, now, book);
                Permission::NONE
            }
            (Mode::Codes, Some(Side::Within)) if entry.digits.len() != 10 => {
                self.choose(offer, entry.digits, now);
                Permission::NONE
            }
            (Mode::Codes, _) => self.code(&entry, now, book),
        };
        // A store that takes nothing refuses codes, and has no room for the log that would tell.
        if self
            .faults
            .iter()
            .any(|fault| matches!(fault, Fault::Flash(_)))
        {
            self.mode = Mode::Unclear;
        }
        if matches!(self.mode, Mode::Unclear) {
            self.guessed = Some(now);
        }
        let pin = pin.filter(|_| permission.allowed);
        if permission.allowed {
            self.authority = Some(now + seconds(STROKES));
        }
        self.pending = Some(Pending {
            at: now,
            permission,
            pin,
            counts: is_code && !vague,
            programs: matches!(self.mode, Mode::Programming(None)),
            withdrawn: self.bolt == BoltState::Unlocked,
        });
    }

    /// An entry that is a code.
    pub(super) fn code(&mut self, entry: &TypedEntry, now: Time, book: &Book) -> Permission {
        let digits = entry.digits.as_str();
        if !(4..=10).contains(&digits.len()) {
            return Permission::NONE;
        }
        if self.truth.programming.possibly(|code| code == digits) {
            let sure = self.truth.programming.certain().is_some();
            self.mode = if sure {
                Mode::Programming(None)
            } else {
                Mode::Unclear
            };
            self.tries.accepted(true, now);
            if sure {
                return Permission::NONE;
            }
        }
        let permission = self.truth.judge(digits, self.reading(now), book);
        Permission {
            allowed: permission.allowed || self.blind,
            required: permission.required && self.is_sound(now),
            ..permission
        }
    }

    /// Whether nothing that is broken can explain that the lock refuses.
    pub(super) fn is_sound(&self, now: Time) -> bool {
        let hears = self.lockout.is_none_or(|lockout| now > lockout.ends())
            && self.doubt.is_none_or(|until| now > until);
        self.faults.is_empty() && !self.store_hurt && !self.blind && hears
    }

    /// An entry of which nobody can say what it is to the lock.
    pub(super) fn anything(&mut self, entry: &TypedEntry, now: Time, book: &Book) -> Permission {
        if entry.vague
            || self
                .truth
                .programming
                .possibly(|code| *code == entry.digits)
        {
            // The owner's code, perhaps.
            self.tries.accepted(true, now);
        }
        if entry.vague {
            return Permission::UNCLEAR;
        }
        let permission = self.truth.judge(&entry.digits, self.reading(now), book);
        Permission {
            required: false,
            allowed: permission.allowed || self.blind,
            ..permission
        }
    }

    pub(super) fn argument(
        &mut self,
        function: Option<Function>,
        digits: Digits,
        now: Time,
        book: &Book,
    ) {
        match programming::entered(function, digits, &self.truth, book) {
            Progress::On(function) => self.mode = Mode::Programming(Some(function)),
            Progress::Done(number, change) => {
                if let Some(change) = change {
                    self.attempt(change, Some(number), now);
                }
            }
        }
    }

    /// A guest's own PIN.
    pub(super) fn choose(&mut self, offer: Option<Offer>, digits: Digits, now: Time) {
        match offer.and_then(|offer| offer.pin) {
            Some(pin) => self.attempt(Change::Custom(pin, digits), None, now),
            None => self.mode = Mode::Unclear,
        }
    }

    pub(super) fn attempt(&mut self, change: Change, function: Option<u16>, now: Time) {
        let before = Box::new(self.truth.clone());
        self.make(&change, false, now);
        self.attempt = Some(Attempt {
            at: now,
            change,
            function,
            before,
        });
    }

    pub(super) fn make(&mut self, change: &Change, sure: bool, now: Time) {
        let utc = self.utc(now);
        let latest = match self.clock.reading(now, utc) {
            Reading::Between { to, .. } => to,
            Reading::Untrusted | Reading::Anything => Timestamp::MAX,
        };
        self.truth.change(change, sure, latest);
        if let Change::Clock(to) = change {
            self.clock.set(*to, sure, now, utc);
        }
    }
}
