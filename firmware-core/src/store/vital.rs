//! What changes with nearly every entry: wrong tries, the high-water mark, boots.

use embedded_storage::nor_flash::NorFlash;

use super::Store;
use super::flash::StoreError;
use super::key::Key;
use super::load::blocked_sum;
use super::state::Vital;
use crate::civil::CivilTime;
use crate::logic::lockout::Tally;
use crate::logic::trust::Mark;

impl Store {
    /// The wrong tries.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.state.vital.tally
    }

    /// Stores the wrong tries.
    pub fn set_tally<F: NorFlash>(
        &mut self,
        flash: &mut F,
        tally: Tally,
    ) -> Result<(), StoreError> {
        self.write_vital(
            flash,
            Vital {
                tally,
                ..self.state.vital
            },
        )
    }

    /// The high-water mark.
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.state.vital.mark
    }

    /// Stores the high-water mark.
    pub fn set_mark<F: NorFlash>(&mut self, flash: &mut F, mark: Mark) -> Result<(), StoreError> {
        self.write_vital(
            flash,
            Vital {
                mark,
                ..self.state.vital
            },
        )
    }

    /// Windows that end no later are over, whatever the clock says.
    #[must_use]
    pub fn erased_end(&self) -> Option<CivilTime> {
        self.state.vital.erased_end
    }

    /// How many times the lock has booted.
    #[must_use]
    pub fn boots(&self) -> u32 {
        self.state.vital.boots
    }

    /// Counts a boot, and stores the wrong tries as they are after it. What is counted holds in memory even if it could
    /// not be stored.
    pub fn count_boot<F: NorFlash>(
        &mut self,
        flash: &mut F,
        tally: Tally,
    ) -> Result<(), StoreError> {
        let vital = Vital {
            boots: self.boots().saturating_add(1),
            tally,
            ..self.state.vital
        };
        let stored = self.write_vital(flash, vital);
        self.state.vital = Vital {
            boots: vital.boots,
            tally,
            ..self.state.vital
        };
        stored
    }

    /// Writes the vital record, with its witness of the others.
    pub(super) fn write_vital<F: NorFlash>(
        &mut self,
        flash: &mut F,
        vital: Vital,
    ) -> Result<(), StoreError> {
        let config_number = self
            .numbers
            .get(usize::from(Key::Config.code()))
            .copied()
            .unwrap_or(0);
        let vital = Vital {
            generation: self.settings().generation,
            config_number,
            blocked_sum: blocked_sum(&self.numbers),
            ..vital
        };
        self.put(flash, Key::Vital, |record| record.vital(&vital))?;
        self.state.vital = vital;
        Ok(())
    }
}
