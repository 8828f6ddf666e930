//! What is remembered of single SmartPINs: blocked ones, first uses, custom PINs.

use embedded_storage::nor_flash::NorFlash;

use super::Store;
use super::flash::StoreError;
use super::key::Key;
use super::seal::{self, Purpose};
use super::state::{Custom, Vital};
use super::table::{self, Ended, Place};
use crate::audit::PinId;
use crate::code::Code;
use crate::logic::access::Memory;

impl Store {
    /// Whether the owner blocked this PIN.
    #[must_use]
    pub fn is_blocked(&self, pin: PinId) -> bool {
        self.state.blocked.contains(&Some(pin))
    }

    /// Blocks a PIN and takes its custom PIN away; false where it was blocked already.
    pub fn block<F: NorFlash>(
        &mut self,
        flash: &mut F,
        pin: PinId,
        ended: Ended<'_>,
    ) -> Result<bool, StoreError> {
        let news = !self.is_blocked(pin);
        if news {
            let place = table::place(
                self.state.blocked.iter().copied(),
                self.settings().generation,
                ended,
            )?;
            let at = self.make_room(flash, place)?;
            self.write_blocked(flash, at, Some(pin))?;
        }
        self.clear_custom(flash, pin)?;
        Ok(news)
    }

    /// Unblocks a PIN; false where it was not blocked.
    pub fn unblock<F: NorFlash>(&mut self, flash: &mut F, pin: PinId) -> Result<bool, StoreError> {
        let Some(at) = self
            .state
            .blocked
            .iter()
            .position(|entry| *entry == Some(pin))
        else {
            return Ok(false);
        };
        // A cut may have come between the block and this.
        self.clear_custom(flash, pin)?;
        self.write_blocked(flash, at, None)?;
        Ok(true)
    }

    /// Remembers that a PIN was used in time.
    pub fn remember_first_use<F: NorFlash>(
        &mut self,
        flash: &mut F,
        pin: PinId,
        ended: Ended<'_>,
    ) -> Result<(), StoreError> {
        if self.is_used(pin) {
            return Ok(());
        }
        let place = table::place(
            self.state.used.iter().copied(),
            self.settings().generation,
            ended,
        )?;
        let at = self.make_room(flash, place)?;
        self.put(flash, Key::Used(at), |record| record.pin_id(pin))?;
        self.state
            .used
            .iter_mut()
            .skip(at)
            .take(1)
            .for_each(|place| *place = Some(pin));
        Ok(())
    }

    /// How many custom PINs this guest has saved.
    #[must_use]
    pub fn custom_saves(&self, pin: PinId) -> u8 {
        self.custom_of(pin).map_or(0, |(_, custom)| custom.saves)
    }

    /// Saves a guest's code in place of the one before.
    pub fn save_custom<F: NorFlash>(
        &mut self,
        flash: &mut F,
        pin: PinId,
        code: &Code,
        ended: Ended<'_>,
    ) -> Result<(), StoreError> {
        let (at, saves) = if let Some((at, custom)) = self.custom_of(pin) {
            (at, custom.saves.saturating_add(1))
        } else {
            let pins = self
                .state
                .customs
                .iter()
                .map(|custom| custom.map(|custom| custom.pin));
            let place = table::place(pins, self.settings().generation, ended)?;
            (self.make_room(flash, place)?, 1)
        };
        let digest = seal::digest(
            &mut self.key.expand(),
            Purpose::Custom(pin),
            pin.generation,
            code,
        );
        self.write_custom(
            flash,
            at,
            Custom {
                pin,
                saves,
                digest: Some(digest),
            },
        )
    }

    fn custom_of(&self, pin: PinId) -> Option<(usize, Custom)> {
        let customs = self.state.customs.iter().enumerate();
        customs
            .filter_map(|(at, custom)| Some((at, (*custom)?)))
            .find(|(_, custom)| custom.pin == pin)
    }

    fn clear_custom<F: NorFlash>(&mut self, flash: &mut F, pin: PinId) -> Result<(), StoreError> {
        match self.custom_of(pin) {
            Some((at, custom)) if custom.digest.is_some() => self.write_custom(
                flash,
                at,
                Custom {
                    digest: None,
                    ..custom
                },
            ),
            _ => Ok(()),
        }
    }

    /// Before an entry that is over goes, it is stored that windows up to its end are over.
    fn make_room<F: NorFlash>(&mut self, flash: &mut F, place: Place) -> Result<usize, StoreError> {
        if place.erases > self.erased_end() {
            self.write_vital(
                flash,
                Vital {
                    erased_end: place.erases,
                    ..self.state.vital
                },
            )?;
        }
        Ok(place.at)
    }

    fn write_blocked<F: NorFlash>(
        &mut self,
        flash: &mut F,
        at: usize,
        pin: Option<PinId>,
    ) -> Result<(), StoreError> {
        self.put(flash, Key::Blocked(at), |record| match pin {
            Some(pin) => record.pin_id(pin),
            None => record,
        })?;
        self.state
            .blocked
            .iter_mut()
            .skip(at)
            .take(1)
            .for_each(|place| *place = pin);
        self.write_vital(flash, self.state.vital)
    }

    fn write_custom<F: NorFlash>(
        &mut self,
        flash: &mut F,
        at: usize,
        custom: Custom,
    ) -> Result<(), StoreError> {
        self.put(flash, Key::Custom(at), |record| record.custom(&custom))?;
        self.state
            .customs
            .iter_mut()
            .skip(at)
            .take(1)
            .for_each(|place| *place = Some(custom));
        Ok(())
    }
}

/// All of a table is looked through, whatever is found.
impl Memory for Store {
    fn blocked(&self, pin: PinId) -> u8 {
        let blocked = self.state.blocked.iter().flatten();
        blocked.fold(0, |bits, other| {
            let grant = other.grant();
            let here = grant.is_sibling(pin.grant()) && other.generation == pin.generation;
            bits | u8::from(here) << grant.variant().get()
        })
    }

    fn is_used(&self, pin: PinId) -> bool {
        let used = self.state.used.iter().flatten();
        used.filter(|used| **used == pin).count() > 0
    }
}
