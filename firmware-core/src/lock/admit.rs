//! Comparing an entry with everything that might open, and what follows.

use smartpin::{Grant, Index, Pin};

use super::keys::Counts;
use super::{Conversation, Offer, Turn};
use crate::audit::{ClockFault, Event, Opener, PinId, Reason, Refusal};
use crate::board::Board;
use crate::civil::{CivilTime, UtcTime};
use crate::code::Code;
use crate::limits::{CUSTOM_PIN_OFFER, CUSTOM_PIN_SAVES};
use crate::logic::access::{Admission, Facts, ended};
use crate::logic::form;
use crate::logic::lockout::{Accepted, Lockout};
use crate::logic::programming::{Programming, Slot};
use crate::logic::signal::Signal;
use crate::store::{Matches, StoreError};

/// All that an entry matches. Both fields are worked out for every entry, in the same time.
struct Recognised {
    codes: Matches,
    smartpin: Option<PinId>,
}

/// What an entry is, once it was judged.
enum Verdict {
    Owner,
    Resident(Slot),
    Guest {
        admission: Admission,
        opener: Opener,
    },
    Denied {
        reason: Reason,
        pin: Option<PinId>,
    },
}

impl<B: Board> Turn<'_, B> {
    /// Judges an entry that may be a code, and does what it asks for. The try is counted, durably, before it is compared.
    pub(super) fn admit(&mut self, code: &Code) {
        if self.begin_try().is_err() {
            return self.deny(Reason::Unknown, None, Counts::No);
        }
        match self.judge(code) {
            Verdict::Owner => self.begin_programming(),
            Verdict::Resident(slot) => self.open(Opener::LocalCode(slot.number())),
            Verdict::Guest { admission, opener } => self.admit_guest(admission, opener),
            Verdict::Denied { reason, pin } => self.deny(reason, pin, Counts::Yes),
        }
    }

    /// Counts a try as wrong until it turns out right.
    pub(super) fn begin_try(&mut self) -> Result<(), StoreError> {
        let tally = self.lock.lockout.count(self.store.tally(), self.now);
        self.try_write_tally(tally)
    }

    /// The pending try was right.
    pub(super) fn accept(&mut self, whose: Accepted) {
        self.write_tally(Lockout::accept(self.store.tally(), whose));
    }

    pub(super) fn is_programming_code(&self, code: &Code) -> bool {
        self.recognise(code).codes.programming
    }

    fn recognise(&self, code: &Code) -> Recognised {
        let pin = Pin::from_digits(code.digits());
        let spare = Pin::from_digits(code.padded());
        let generation = self.store.settings().generation;
        let read = pin
            .as_ref()
            .or(spare.as_ref())
            .and_then(|pin| self.pins.read(pin, generation).ok());
        let read = read.filter(|_| pin.is_some());
        Recognised {
            codes: self.store.compare(code),
            smartpin: read.map(|index| PinId { index, generation }),
        }
    }

    fn judge(&mut self, code: &Code) -> Verdict {
        let now = self.time();
        let recognised = self.recognise(code);
        if recognised.codes.programming {
            return Verdict::Owner;
        }
        if let Some(slot) = recognised.codes.local {
            return Verdict::Resident(slot);
        }
        let facts = self.facts(now);
        let mut denied = Verdict::Denied {
            reason: Reason::Unknown,
            pin: None,
        };
        let Recognised { codes, smartpin } = recognised;
        // Nobody's digits are judged as somebody's are, in the same time.
        let nobody = codes.customs.is_empty() && smartpin.is_none();
        let nobody = nobody.then_some(PinId {
            index: Index::FIRST,
            generation: self.store.settings().generation,
        });
        let smartpin = smartpin.map(|pin| (pin, Some(Opener::Smartpin(pin))));
        let customs = codes.customs.iter();
        let customs = customs.map(|pin| (*pin, Some(Opener::CustomPin(*pin))));
        let nobody = nobody.map(|pin| (pin, None));
        for (pin, opener) in customs.chain(smartpin).chain(nobody) {
            match (facts.judge(pin), opener) {
                (Ok(admission), Some(opener)) => return Verdict::Guest { admission, opener },
                (Err(reason), Some(_)) => {
                    let pin = Some(pin);
                    denied = Verdict::Denied { reason, pin };
                }
                (_, None) => {}
            }
        }
        denied
    }

    /// What the lock knows, for a judgement at `now`.
    pub(super) fn facts(&self, now: Result<UtcTime, ClockFault>) -> Facts<'_> {
        let store = &*self.store;
        Facts {
            settings: store.settings(),
            first_use_since: store.first_use_since(),
            now,
            erased_end: store.erased_end(),
            memory: store,
        }
    }

    fn begin_programming(&mut self) {
        self.accept(Accepted::Owner);
        self.lock.conversation = Conversation::Programming {
            programming: Programming::default(),
            last: self.now,
        };
        self.lock.player.play(Signal::Step, self.now);
    }

    /// A guest's code: a first use is remembered before the door opens.
    fn admit_guest(&mut self, admission: Admission, opener: Opener) {
        if admission.first_use
            && let Err(error) = self.remember_first_use(admission.pin)
        {
            let reason = if error == StoreError::Full {
                Reason::TableFull
            } else {
                Reason::Unknown
            };
            return self.deny(reason, Some(admission.pin), Counts::Yes);
        }
        self.open(opener);
    }

    fn remember_first_use(&mut self, pin: PinId) -> Result<(), StoreError> {
        let ended = self.ended_grants();
        self.store
            .remember_first_use(&mut self.parts.flash, pin, &ended)
    }

    /// Withdraws the bolt, unless the cells are too weak to move it.
    fn open(&mut self, opener: Opener) {
        self.accept(Accepted::Visitor);
        if !self.withdraw(opener) {
            return;
        }
        if let Opener::Smartpin(pin) = opener {
            let until = self.now + CUSTOM_PIN_OFFER;
            self.lock.conversation = Conversation::Offer(Offer {
                pin,
                until,
                refusals: 0,
            });
        }
    }

    /// Whether a guest's SmartPIN would open now: the stay can end, or the owner end it, while an offer stands.
    pub(super) fn still_opens(&mut self, pin: PinId) -> bool {
        let now = self.time();
        let facts = self.facts(now);
        pin.generation == facts.settings.generation && facts.judge(pin).is_ok()
    }

    /// A guest chooses a code of their own.
    pub(super) fn choose_custom_pin(&mut self, offer: Offer, code: &Code) {
        if let Err(refusal) = form::check(code.digits(), &form::CUSTOM_PIN) {
            return self.refuse(offer, refusal, Counts::No);
        }
        if self.store.custom_saves(offer.pin) >= CUSTOM_PIN_SAVES {
            return self.refuse(offer, Refusal::TooMany, Counts::No);
        }
        if self.begin_try().is_err() {
            return self.refuse(offer, Refusal::TableFull, Counts::No);
        }
        if self.is_known(code) {
            return self.refuse(offer, Refusal::Known, Counts::Yes);
        }
        self.write_tally(Lockout::withdraw(self.store.tally()));
        let ended = self.ended_grants();
        match self
            .store
            .save_custom(&mut self.parts.flash, offer.pin, code, &ended)
        {
            Ok(()) => {
                self.audit(Event::CustomPinSaved(offer.pin));
                self.lock.player.play(Signal::Saved, self.now);
            }
            Err(_) => self.refuse(offer, Refusal::TableFull, Counts::No),
        }
    }

    /// Whether a new code would be one that opens or programs already. That of a stay that is over is free again, and ten
    /// digits that only might be somebody's SmartPIN one day are free.
    pub(super) fn is_known(&mut self, code: &Code) -> bool {
        let now = self.time();
        let recognised = self.recognise(code);
        let settings = self.store.settings();
        let live = recognised
            .codes
            .customs
            .iter()
            .any(|pin| ended(pin.grant(), settings, now).is_none());
        let open = recognised
            .smartpin
            .is_some_and(|pin| self.facts(now).judge(pin).is_ok());
        recognised.codes.programming || recognised.codes.local.is_some() || live || open
    }

    /// Tells the store which grants are over, as far as the clock can be trusted.
    pub(super) fn ended_grants(&mut self) -> impl Fn(Grant) -> Option<CivilTime> + use<B> {
        let now = self.time();
        let settings = self.store.settings().clone();
        move |grant| ended(grant, &settings, now)
    }
}
