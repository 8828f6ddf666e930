//! The programming code, local codes, and the comparison of an entry with every code.

use embedded_storage::nor_flash::NorFlash;
use heapless::Vec;
use smartpin::StoreMac;
use subtle::Choice;

use super::Store;
use super::flash::StoreError;
use super::key::{Key, TABLE};
use super::seal::{self, Purpose};
use super::state::Sealed;
use crate::audit::PinId;
use crate::code::Code;
use crate::logic::programming::Slot;

/// The guests whose custom PIN an entry is.
pub type CustomMatches = Vec<PinId, TABLE>;

/// What an entry is of all codes that the store knows.
#[derive(Clone, Debug)]
pub struct Matches {
    /// The programming code: the one that was set, or the label's.
    pub programming: bool,
    /// A local code, by its slot.
    pub local: Option<Slot>,
    /// Custom PINs, by the guests of this generation who chose them.
    pub customs: CustomMatches,
}

impl Store {
    /// Compares an entry with every code there is or could be, all of it whatever matches, so that nothing can be learnt
    /// from how long it takes.
    #[must_use]
    pub fn compare(&self, code: &Code) -> Matches {
        let mut mac = self.key.expand();
        Matches {
            programming: self.programming_matches(&mut mac, code).into(),
            local: self.local_match(&mut mac, code),
            customs: self.custom_matches(&mut mac, code),
        }
    }

    fn programming_matches(&self, mac: &mut StoreMac, code: &Code) -> Choice {
        let set = self.state.programming.as_ref();
        let set = set.filter(|sealed| self.is_valid(sealed));
        let sealed = set.or(self.label.as_ref());
        seal::matches(mac, Purpose::Programming, sealed, code)
    }

    fn local_match(&self, mac: &mut StoreMac, code: &Code) -> Option<Slot> {
        let mut matched = None;
        for (at, sealed) in self.state.local.iter().enumerate() {
            let sealed = sealed.as_ref().filter(|sealed| self.is_valid(sealed));
            if seal::matches(mac, Purpose::Local(at), sealed, code).into() {
                matched = u8::try_from(at + 1).ok().and_then(Slot::new);
            }
        }
        matched
    }

    fn custom_matches(&self, mac: &mut StoreMac, code: &Code) -> CustomMatches {
        let mut matched = CustomMatches::new();
        for custom in &self.state.customs {
            let custom = custom
                .as_ref()
                .filter(|custom| custom.pin.generation == self.settings().generation);
            if seal::matches_custom(mac, custom, code).into() {
                // As many fit as there are places.
                matched.extend(custom.map(|custom| custom.pin));
            }
        }
        matched
    }

    /// Replaces the programming code.
    pub fn set_programming_code<F: NorFlash>(
        &mut self,
        flash: &mut F,
        code: &Code,
    ) -> Result<(), StoreError> {
        let sealed = Sealed::new(
            &mut self.key.expand(),
            Purpose::Programming,
            self.settings().generation,
            code,
        );
        self.put(flash, Key::Programming, |record| record.sealed(&sealed))?;
        self.state.programming = Some(sealed);
        Ok(())
    }

    /// Puts a code into a slot, in place of what was there.
    pub fn set_local_code<F: NorFlash>(
        &mut self,
        flash: &mut F,
        slot: Slot,
        code: &Code,
    ) -> Result<(), StoreError> {
        let at = usize::from(slot.number() - 1);
        let sealed = Sealed::new(
            &mut self.key.expand(),
            Purpose::Local(at),
            self.settings().generation,
            code,
        );
        self.put(flash, Key::Local(at), |record| record.sealed(&sealed))?;
        self.state
            .local
            .iter_mut()
            .skip(at)
            .take(1)
            .for_each(|place| *place = Some(sealed));
        Ok(())
    }

    /// Empties a slot; false where it was empty.
    pub fn delete_local_code<F: NorFlash>(
        &mut self,
        flash: &mut F,
        slot: Slot,
    ) -> Result<bool, StoreError> {
        let at = usize::from(slot.number() - 1);
        let there = self
            .state
            .local
            .get(at)
            .copied()
            .flatten()
            .is_some_and(|sealed| self.is_valid(&sealed));
        if there {
            self.put(flash, Key::Local(at), |record| record)?;
            self.state
                .local
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|place| *place = None);
        }
        Ok(there)
    }

    /// Codes of before a factory reset are void.
    fn is_valid(&self, sealed: &Sealed) -> bool {
        sealed.generation >= self.state.config.codes_since
    }
}
