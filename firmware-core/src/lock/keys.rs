//! From key presses to what they ask for.

use super::{Conversation, Offer, Turn};
use crate::audit::{Cause, Event, PinId, Reason, Refusal};
use crate::board::Board;
use crate::limits::{COUNTED_DIGITS, CUSTOM_PIN_OFFER, CUSTOM_PIN_RESTARTS, MOST_DIGITS};
use crate::logic::bolt::End;
use crate::logic::entry::Entered;
use crate::logic::keypad::Key;
use crate::logic::signal::Signal;

/// Whether a refused entry counts as a wrong try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    /// It was too short to be a guess, or its form alone was wrong.
    No,
    /// It might have been a guess.
    Yes,
}

impl<B: Board> Turn<'_, B> {
    pub(super) fn press(&mut self, key: Key) {
        if self.lock.lockout.is_running(self.now) {
            self.lock.player.cut(self.now);
            self.lock.player.play(Signal::LockedOut, self.now);
            return;
        }
        self.lock.player.tick(self.now);
        if self.lock.entry.begun().is_none() {
            self.refresh_mark();
        }
        if let Conversation::Programming { last, .. } = &mut self.lock.conversation {
            *last = self.now;
        }
        match key {
            Key::Digit(digit) => self.lock.entry.push(digit, self.now),
            Key::Clear => self.clear(),
            Key::Enter => self.enter(),
        }
    }

    /// Forgets what was typed and leaves whatever was begun.
    pub(super) fn clear(&mut self) {
        self.lock.entry.clear();
        self.lock.conversation = Conversation::None;
    }

    fn enter(&mut self) {
        let entered = self.lock.entry.take();
        let conversation = core::mem::replace(&mut self.lock.conversation, Conversation::None);
        match (conversation, entered) {
            (Conversation::Offer(_), Entered::Nothing) => self.lock_by_hand(),
            (conversation, Entered::Nothing) => {
                self.lock.conversation = conversation;
                self.lock_by_hand();
            }
            (Conversation::Programming { programming, .. }, Entered::Code(code)) => {
                self.program(programming, &code);
            }
            (Conversation::Programming { .. }, Entered::Overlong) => {
                self.deny(Reason::BadArgument, None, Counts::Yes);
            }
            (Conversation::Offer(offer), Entered::Code(code))
                if code.digits().len() < MOST_DIGITS && self.still_opens(offer.pin) =>
            {
                self.choose_custom_pin(offer, &code);
            }
            (Conversation::Offer(offer), Entered::Overlong) => {
                self.refuse(offer, Refusal::Length, Counts::No);
            }
            (_, Entered::Overlong) => self.deny(Reason::Unknown, None, Counts::Yes),
            (_, Entered::Code(code)) if code.digits().len() < COUNTED_DIGITS => {
                self.deny(Reason::TooShort, None, Counts::No);
            }
            (_, Entered::Code(code)) => self.admit(&code),
        }
    }

    /// Enter on nothing: throws the bolt unless it is thrown, or on its way.
    fn lock_by_hand(&mut self) {
        let locked = self.lock.bolt.target().or(self.sense().end()) == Some(End::Thrown);
        if !locked {
            self.throw(Cause::Enter);
        }
    }

    /// Refuses an entry: every refusal looks, sounds and takes the same.
    pub(super) fn deny(&mut self, reason: Reason, pin: Option<PinId>, counts: Counts) {
        self.record_denial(reason, pin, counts);
        self.lock.player.play(Signal::Denied, self.now);
    }

    /// What is written of a refused entry.
    pub(super) fn record_denial(&mut self, reason: Reason, pin: Option<PinId>, counts: Counts) {
        self.audit(Event::Denied {
            reason,
            pin,
            count: 1,
        });
        if counts == Counts::Yes {
            self.count_wrong_try();
        }
    }

    /// The pending try, or this one, was wrong.
    pub(super) fn count_wrong_try(&mut self) {
        let mut tally = self.store.tally();
        if !tally.pending {
            tally = self.lock.lockout.count(tally, self.now);
        }
        let (tally, minutes) = self
            .lock
            .lockout
            .deny(tally, self.store.settings(), self.now);
        self.write_tally(tally);
        if let Some(minutes) = minutes {
            self.clear();
            self.audit(Event::LockedOut { minutes });
        }
    }

    /// Refuses a guest's choice; the offer begins again until it was refused too often.
    pub(super) fn refuse(&mut self, offer: Offer, reason: Refusal, counts: Counts) {
        let refusals = offer.refusals.saturating_add(1);
        if refusals <= CUSTOM_PIN_RESTARTS {
            let until = self.now + CUSTOM_PIN_OFFER;
            self.lock.conversation = Conversation::Offer(Offer {
                until,
                refusals,
                ..offer
            });
        }
        self.audit(Event::CustomPinRefused {
            pin: offer.pin,
            reason,
        });
        if counts == Counts::Yes {
            self.count_wrong_try();
        }
        self.lock.player.play(Signal::Denied, self.now);
    }
}
