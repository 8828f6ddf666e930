//! What the owner programs at the keypad.

use embedded_hal::digital::InputPin;
use smartpin::{Generation, Pin};

use super::keys::Counts;
use super::{Conversation, Turn};
use crate::audit::{Event, PinId, Reason};
use crate::board::Board;
use crate::civil::{CivilTime, UtcTime};
use crate::code::Code;
use crate::drivers::clock;
use crate::limits::COUNTED_DIGITS;
use crate::logic::access::ended;
use crate::logic::programming::{Command, Programming, Progress, Slot};
use crate::logic::signal::Signal;
use crate::settings::{SettingName, Settings};
use crate::store::StoreError;

impl<B: Board> Turn<'_, B> {
    /// Takes an entry in programming.
    pub(super) fn program(&mut self, mut programming: Programming, code: &Code) {
        let done = match programming.enter(code) {
            Progress::Step => {
                self.lock.conversation = Conversation::Programming {
                    programming,
                    last: self.now,
                };
                self.lock.player.play(Signal::Step, self.now);
                return;
            }
            Progress::Run(command) => self.carry_out(command),
            Progress::Wrong => Err(Reason::BadArgument),
        };
        match done {
            Ok(()) => self.lock.player.play(Signal::Saved, self.now),
            Err(reason) => {
                let counts = if code.digits().len() < COUNTED_DIGITS {
                    Counts::No
                } else {
                    Counts::Yes
                };
                self.deny(reason, None, counts);
            }
        }
    }

    fn carry_out(&mut self, command: Command) -> Result<(), Reason> {
        match command {
            Command::ChangeProgrammingCode(code) => self.change_programming_code(&code),
            Command::SetLocalCode { slot, code } => self.set_local_code(slot, &code),
            Command::DeleteLocalCode(slot) => self.delete_local_code(slot),
            Command::Smartpins(switch) => {
                if switch.is_on() && self.store.raise_required() {
                    return Err(Reason::BadArgument);
                }
                self.change(SettingName::SmartpinEnabled, |settings| {
                    settings.smartpin_enabled = switch.is_on();
                })
            }
            Command::Unblock(pin) => self.unblock(&pin),
            Command::Block(pin) => self.block(&pin),
            Command::RaiseGeneration(to) => self.raise_generation(to),
            Command::AutoLock { seconds } => {
                self.change(SettingName::AutoLockSeconds, |settings| {
                    settings.auto_lock_seconds = seconds;
                })
            }
            Command::SetClock(civil) => {
                let utc = self
                    .store
                    .settings()
                    .timezone
                    .utc_exact(civil)
                    .ok_or(Reason::BadArgument)?;
                self.set_clock(utc)
            }
            Command::PassageMode(switch) => self.change(SettingName::PassageMode, |settings| {
                settings.passage_mode = switch.is_on();
            }),
            Command::Beeps(switch) => self.change(SettingName::Beeps, |settings| {
                settings.beeps = switch.is_on();
            }),
        }
    }

    fn change_programming_code(&mut self, code: &Code) -> Result<(), Reason> {
        if self.is_known(code) {
            return Err(Reason::BadArgument);
        }
        self.store
            .set_programming_code(&mut self.parts.flash, code)?;
        self.lock.installer = None;
        self.audit(Event::ProgrammingCodeChanged);
        Ok(())
    }

    fn set_local_code(&mut self, slot: Slot, code: &Code) -> Result<(), Reason> {
        if self.is_known(code) {
            return Err(Reason::BadArgument);
        }
        self.store
            .set_local_code(&mut self.parts.flash, slot, code)?;
        self.audit(Event::LocalCodeSet {
            slot: slot.number(),
        });
        Ok(())
    }

    /// Deleting what isn't there is done already, as for an owner who missed the answer and asks again.
    fn delete_local_code(&mut self, slot: Slot) -> Result<(), Reason> {
        if self.store.delete_local_code(&mut self.parts.flash, slot)? {
            self.audit(Event::LocalCodeDeleted {
                slot: slot.number(),
            });
        }
        Ok(())
    }

    fn block(&mut self, pin: &Pin) -> Result<(), Reason> {
        let pin = self.identify(pin)?;
        let now = self.time();
        if ended(pin.grant(), self.store.settings(), now).is_some() {
            return Err(Reason::Expired);
        }
        let ended = self.ended_grants();
        if self.store.block(&mut self.parts.flash, pin, &ended)? {
            self.audit(Event::SmartpinBlocked(pin));
        }
        Ok(())
    }

    fn unblock(&mut self, pin: &Pin) -> Result<(), Reason> {
        let pin = self.identify(pin)?;
        if self.store.unblock(&mut self.parts.flash, pin)? {
            self.audit(Event::SmartpinUnblocked(pin));
        }
        Ok(())
    }

    fn identify(&self, pin: &Pin) -> Result<PinId, Reason> {
        let generation = self.store.settings().generation;
        let read = self.pins.read(pin, generation);
        let index = read.map_err(|_| Reason::BadArgument)?;
        Ok(PinId { index, generation })
    }

    pub(super) fn raise_generation(&mut self, to: Generation) -> Result<(), Reason> {
        let mut settings = self.store.settings().clone();
        settings
            .raise_generation(to)
            .map_err(|_| Reason::BadArgument)?;
        self.write_settings(settings)?;
        self.audit(Event::GenerationRaised { to });
        Ok(())
    }

    pub(super) fn set_clock(&mut self, to: UtcTime) -> Result<(), Reason> {
        let from = self.time().ok();
        clock::set(&mut self.parts.bus, to).map_err(|_| Reason::ClockUntrusted)?;
        self.lock.trust.set(to);
        self.reading = Some(Ok(to));
        self.store
            .set_mark(&mut self.parts.flash, self.lock.trust.mark())?;
        self.audit(Event::ClockSet { from, to });
        Ok(())
    }

    /// Changes one setting, and everything that follows from it.
    pub(super) fn change(
        &mut self,
        name: SettingName,
        edit: impl FnOnce(&mut Settings),
    ) -> Result<(), Reason> {
        let mut settings = self.store.settings().clone();
        edit(&mut settings);
        self.write_settings(settings)?;
        self.audit(Event::SettingChanged(name));
        Ok(())
    }

    pub(super) fn write_settings(&mut self, settings: Settings) -> Result<(), StoreError> {
        let since = self.first_use_since(&settings);
        self.store
            .set_settings(&mut self.parts.flash, settings, since)?;
        self.arm_auto_lock();
        Ok(())
    }

    /// From when on the first-use deadline holds: the moment at which it was turned on.
    fn first_use_since(&mut self, next: &Settings) -> Option<CivilTime> {
        let store = &*self.store;
        if next.first_use_within_hours == 0 {
            return None;
        }
        let since = store
            .first_use_since()
            .filter(|_| store.settings().first_use_within_hours > 0);
        since.or_else(|| {
            let now = self.time().ok().or(self.lock.trust.mark().latest);
            Some(now.map_or(CivilTime::MIN, |now| next.timezone.civil(now)))
        })
    }

    pub(super) fn read_reset(&mut self) {
        let Ok(closed) = self.parts.reset.is_low();
        if self.lock.reset.update(closed, self.now) {
            self.restore_factory_settings();
        }
    }

    /// R: one record makes codes, custom PINs and settings void together.
    fn restore_factory_settings(&mut self) {
        self.clear();
        self.lock.player.cut(self.now);
        if self.store.restore_factory(&mut self.parts.flash).is_err() {
            self.lock.player.play(Signal::Denied, self.now);
            return;
        }
        self.lock.installer = None;
        self.arm_auto_lock();
        self.audit(Event::FactoryReset);
        let to = self.store.settings().generation;
        self.audit(Event::GenerationRaised { to });
        self.lock.player.play(Signal::Saved, self.now);
    }
}

impl From<StoreError> for Reason {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::TableFull,
            StoreError::Flash => Self::BadArgument,
        }
    }
}
