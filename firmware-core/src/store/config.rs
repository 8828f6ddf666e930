//! What the owner decided: settings, and what goes with them in one record.

use embedded_storage::nor_flash::NorFlash;
use smartpin::Generation;

use super::Store;
use super::flash::StoreError;
use super::key::Key;
use super::state::Config;
use crate::civil::CivilTime;
use crate::settings::Settings;

impl Store {
    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.state.config.settings
    }

    /// From when on the first-use deadline holds for windows.
    #[must_use]
    pub fn first_use_since(&self) -> Option<CivilTime> {
        self.state.config.first_use_since
    }

    /// SmartPINs stay off until the generation is raised, as blocks may have been lost.
    #[must_use]
    pub fn raise_required(&self) -> bool {
        self.state.config.raise_required
    }

    /// Changes the settings, and with them the moment from which the first-use deadline holds. Raising the generation
    /// makes SmartPINs possible again after a loss.
    pub fn set_settings<F: NorFlash>(
        &mut self,
        flash: &mut F,
        settings: Settings,
        first_use_since: Option<CivilTime>,
    ) -> Result<(), StoreError> {
        let raised = settings.generation > self.settings().generation;
        let raise_required = self.state.config.raise_required && !raised;
        self.write_config(
            flash,
            Config {
                settings,
                first_use_since,
                raise_required,
                ..self.state.config.clone()
            },
        )
    }

    /// Restores factory settings in one write: the time zone and the daily hours stay, the generation rises by one, and
    /// every code of before is void.
    pub fn restore_factory<F: NorFlash>(&mut self, flash: &mut F) -> Result<(), StoreError> {
        let before = self.settings();
        let generation = Generation(before.generation.0.checked_add(1).ok_or(StoreError::Full)?);
        self.write_config(
            flash,
            Config {
                settings: before.restored(generation),
                first_use_since: None,
                codes_since: generation,
                raise_required: false,
            },
        )
    }

    pub(super) fn write_config<F: NorFlash>(
        &mut self,
        flash: &mut F,
        config: Config,
    ) -> Result<(), StoreError> {
        self.put(flash, Key::Config, |record| record.config(&config))?;
        self.state.config = config;
        self.write_vital(flash, self.state.vital)
    }
}
