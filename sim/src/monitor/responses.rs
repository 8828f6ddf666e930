//! What the lock answers, and whether it may.

use firmware_core::audit::{Event, Opener, OpenerKind, PinId, Reason};
use firmware_core::settings::SettingName;
use jiff::Timestamp;
use smartpin::{Generation, Grant};

use super::clock::seconds;
use super::entry::{Side, side};
use super::truth::{Change, Permission};
use super::{Mode, Monitor, Offer, RESTARTS, Violation};
use crate::lockout::Lockout;
use crate::owner::Book;
use crate::port::{Reply, Request};
use crate::time::Time;
use crate::trace::{AuditEntry, Rule};

impl Monitor {
    /// The lock has answered `saved`, or has logged so much.
    pub(super) fn saved(&mut self, now: Time) {
        if let Some(attempt) = self.attempt.take() {
            self.make(&attempt.change, true, now);
            self.changed = Some(now);
            self.functions.extend(attempt.function);
        }
    }

    /// The lock has refused it.
    pub(super) fn refused(&mut self) {
        if !matches!(self.mode, Mode::Unclear) {
            self.mode = Mode::Codes;
        }
        if let Some(attempt) = self.attempt.take() {
            // A chip that doesn't read back as it was set is refused, and has been set all the same.
            self.truth = *attempt.before;
        }
    }

    /// The lock has answered a request at the installer's port, or hasn't.
    pub fn answered(&mut self, request: &Request, reply: Option<&Reply>, now: Time) {
        let said = matches!(reply, Some(Reply::Ok(_)));
        let change = match request {
            Request::Code(_) if said => return self.tries.accepted(true, now),
            Request::Bye => {
                self.asked = None;
                return;
            }
            Request::Code(_) | Request::Get(_) => None,
            Request::Set(SettingName::Generation, value) => {
                let to = value.parse().ok();
                to.map(|to| Change::Generation(Generation(to)))
            }
            Request::Set(name, value) => Some(Change::Setting(*name, value.clone())),
            Request::Clock(to) => Timestamp::from_second(to.0).ok().map(Change::Clock),
        };
        let Some(change) = change else {
            return;
        };
        if said || reply.is_none() {
            self.make(&change, said, now);
            self.moved(request);
        }
    }

    /// A lock that is given a rule for its zone follows it from then on.
    fn moved(&mut self, request: &Request) {
        if let Request::Set(SettingName::Timezone, rule) = request
            && let Ok(zone) = rule.parse()
        {
            self.truth.zone = zone;
        }
    }

    /// The PIN of that grant. The log doesn't tell the generation: only PINs of one that may be in force have effect.
    fn named(&self, grant: Grant, book: &Book) -> Option<PinId> {
        let mut issued = book.guests().iter().map(|guest| guest.issued.id);
        let in_force = |of| {
            self.truth
                .settings
                .possibly(|settings| settings.generation == of)
        };
        issued.find(|id| id.grant() == grant && in_force(id.generation))
    }

    pub(super) fn logs(&mut self, entry: &AuditEntry, now: Time, book: &Book) -> Option<Violation> {
        self.clock.logged(now, self.utc(now));
        match entry.event {
            Event::Unlocked(opener) => return self.unlocks(opener, now, book),
            Event::Denied { reason, .. } => return self.denies(reason, now),
            Event::LockedOut { minutes } => {
                self.lockout = Some(Lockout::new(now, minutes));
                self.doubt = None;
                self.tries.locked_out(now);
                self.mode = Mode::Codes;
                self.offer = None;
            }
            Event::CustomPinSaved(_)
            | Event::LocalCodeSet { .. }
            | Event::LocalCodeDeleted { .. }
            | Event::ProgrammingCodeChanged
            | Event::SmartpinBlocked(_)
            | Event::SmartpinUnblocked(_)
            | Event::SettingChanged(_)
            | Event::GenerationRaised { .. }
            | Event::ClockSet { .. } => return self.lasts(entry.event, now, book),
            Event::CustomPinRefused { pin, .. } => {
                let pin = self.named(pin, book);
                self.refused();
                // The ten seconds may have begun anew, and whose they are is known.
                self.offer = self.left.checked_sub(1).map(|left| Offer {
                    since: now,
                    left,
                    pin,
                });
            }
            Event::FactoryReset => return self.resets(now),
            // A code may have been accepted that the cells are too weak to open for.
            Event::BatteryCritical => self.tries.accepted(false, now),
            Event::Boot
            | Event::Locked(_)
            | Event::ClockUntrusted(_)
            | Event::BatteryLow
            | Event::Jammed
            | Event::StoreRepaired => {}
        }
        None
    }

    /// Something lasts from now on, as somebody with the right to it asked for.
    fn lasts(&mut self, event: Event<Grant>, now: Time, book: &Book) -> Option<Violation> {
        if self.attempt.is_some() {
            self.saved(now);
            return None;
        }
        let asked = self
            .asked
            .is_some_and(|asked| side(asked, now, seconds(3)) == Side::Within);
        if asked || self.changed == Some(now) {
            return None;
        }
        if !self.keypad.broken && !self.blind && !matches!(self.mode, Mode::Unclear) {
            let text = format!(
                "`{}` was logged, and nobody with the right to it had asked for it",
                event.kind()
            );
            return Some(Violation::of(Rule::ProgrammedWithoutRight, text));
        }
        match event {
            Event::CustomPinSaved(pin) => match self.named(pin, book) {
                Some(pin) => self.truth.forget_custom(pin),
                None => self.blind = true,
            },
            Event::LocalCodeSet { slot } => {
                self.truth.forget_local(usize::from(slot).wrapping_sub(1));
            }
            Event::ProgrammingCodeChanged => self.truth.programming.forget(),
            _ => self.blind = true,
        }
        None
    }

    fn unlocks(&mut self, opener: Opener<Grant>, now: Time, book: &Book) -> Option<Violation> {
        let pin = match opener {
            Opener::Smartpin(pin) | Opener::CustomPin(pin) => self.named(pin, book),
            Opener::LocalCode(_) => None,
        };
        let earned = self.tries.locks_out(now);
        self.tries.accepted(false, now);
        self.mode = Mode::Codes;
        if opener.kind() == OpenerKind::Smartpin {
            self.offer = Some(Offer {
                since: now,
                left: RESTARTS,
                pin,
            });
            if let Some(pin) = pin {
                self.truth.used(pin);
            }
        }
        if earned {
            return Some(Violation::of(
                Rule::LockoutTooShort,
                "a code was accepted while the keypad should be locked out",
            ));
        }
        let reading = self.reading(now);
        let named = pin.is_none_or(|pin| self.truth.smartpin(pin, reading).allowed);
        let allowed = self
            .pending
            .as_ref()
            .is_some_and(|pending| pending.permission.allowed);
        if allowed && (named || self.blind) {
            return None;
        }
        Some(self.wrong_opening("the lock opened for an entry that opens nothing"))
    }

    fn denies(&mut self, reason: Reason, now: Time) -> Option<Violation> {
        self.refused();
        let pending = self.pending.take()?;
        if reason == Reason::TooShort {
            return None;
        }
        let earned = self.tries.locks_out(now);
        if pending.counts && reason != Reason::BadArgument {
            self.tries.wrong(now, &self.truth.settings);
        }
        if earned {
            return Some(Violation::of(
                Rule::LockoutTooShort,
                "an entry was judged while the keypad should be locked out",
            ));
        }
        if pending.programs && self.is_sound(now) {
            return Some(Violation::of(
                Rule::SavedWasLost,
                "the programming code that is in force was denied",
            ));
        }
        let text = format!("a code that opens was denied ({reason})");
        pending
            .permission
            .required
            .then(|| wrong_refusal(pending.permission, &text))
    }

    fn resets(&mut self, now: Time) -> Option<Violation> {
        self.make(&Change::Factory, true, now);
        self.attempt = None;
        self.changed = Some(now);
        let held = self.resets_by_now(now);
        (!held && !self.keypad.broken).then(|| {
            Violation::of(
                Rule::ResetWithoutRight,
                "factory settings were restored, and R was not held",
            )
        })
    }

    pub(super) fn wrong_opening(&self, text: &str) -> Violation {
        if self
            .pending
            .as_ref()
            .is_some_and(|pending| pending.permission.by_change)
        {
            Violation::of(
                Rule::SavedWasLost,
                format!("{text}: it was blocked or made void, and that was answered `saved`"),
            )
        } else {
            Violation::of(Rule::OpenedWithoutRight, text)
        }
    }
}

pub(super) fn wrong_refusal(permission: Permission, text: &str) -> Violation {
    if permission.by_change {
        Violation::of(
            Rule::SavedWasLost,
            format!("{text}, and it was answered `saved` once"),
        )
    } else {
        Violation::of(Rule::RefusedWithoutReason, text)
    }
}
