//! Four AA cells in series, and the processor's brown-out supervisor.
//!
//! Under load the volts fall by current times internal resistance. Below [`BROWN_OUT`] the supervisor holds the processor
//! in reset; once the load is gone and the volts are back, it waits [`RELEASE`] before it lets the processor start.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::fault::{BatteryFault, Milli};
use crate::stimulus::Power;
use crate::time::Time;

/// Thousandths of a volt below which the processor is held in reset. Fresh or merely low cells (0.6 Ω together) stay
/// above it under a stalled motor down to 3.1 V; the lock starts no motor below 3.3 V.
pub const BROWN_OUT: u16 = 2_200;
/// From the return of the volts to the processor's start.
pub const RELEASE: Duration = Duration::from_millis(100);

const NEW: BatteryFault = BatteryFault {
    volts: Milli(6_000),
    ohms: None,
};
const SOUND_OHMS: Milli = Milli(600);

/// How a device under test is supplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupplyState {
    /// With power.
    On,
    /// Without: the batteries are out, or too weak for the processor.
    Off,
    /// Without: a fault cut it.
    Cut,
    /// Without: the motor's current pulled the volts down.
    BrownOut,
}

/// The cells and the supervisor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Supply {
    cells: BatteryFault,
    /// Nobody has felt a fault of the cells yet.
    unfelt: bool,
    felt: bool,
    batteries: Power,
    /// Until when there is no power, and why.
    outage: Option<(Time, SupplyState)>,
}

impl Default for Supply {
    /// New cells, in their place.
    fn default() -> Self {
        Self {
            cells: NEW,
            unfelt: false,
            felt: false,
            batteries: Power::On,
            outage: None,
        }
    }
}

impl Supply {
    /// How the processor is supplied.
    #[must_use]
    pub fn state(&self) -> SupplyState {
        match self.outage {
            _ if self.batteries == Power::Off || self.cells.volts.0 < BROWN_OUT => SupplyState::Off,
            Some((_, why)) => why,
            None => SupplyState::On,
        }
    }

    /// Puts the batteries in, or takes them out.
    pub fn switch(&mut self, batteries: Power) {
        self.batteries = batteries;
    }

    /// Cuts the power until `end`.
    pub fn cut(&mut self, end: Time) {
        self.outage = Some((end, SupplyState::Cut));
    }

    /// Ends a cut before its time.
    pub fn mend_cut(&mut self) {
        self.outage = self.outage.filter(|(_, why)| *why != SupplyState::Cut);
    }

    /// Draws so many milliamperes from `now` on.
    pub fn load(&mut self, milliamperes: u16, now: Time) {
        if milliamperes > 0 {
            self.feel();
        }
        if self.loaded(milliamperes) < BROWN_OUT && self.state() == SupplyState::On {
            self.outage = Some((now + RELEASE, SupplyState::BrownOut));
        }
    }

    /// The thousandths of a volt that a gauge reads while so many milliamperes are drawn.
    pub fn read(&mut self, milliamperes: u16) -> u16 {
        self.feel();
        self.loaded(milliamperes)
    }

    /// Puts cells in this state in place of those before.
    pub fn inject(&mut self, cells: BatteryFault) {
        self.cells = cells;
        self.unfelt = true;
        if cells.volts.0 < BROWN_OUT {
            self.feel();
        }
    }

    /// Puts in new cells.
    pub fn repair(&mut self) {
        self.cells = NEW;
        self.unfelt = false;
    }

    /// Whether [`Self::take_felt`] has anything to tell.
    #[must_use]
    pub fn has_felt(&self) -> bool {
        self.felt
    }

    /// The state of the cells, if it was felt for the first time since the last call.
    pub fn take_felt(&mut self) -> Option<BatteryFault> {
        std::mem::take(&mut self.felt).then_some(self.cells)
    }

    /// When power comes back by itself.
    #[must_use]
    pub fn next(&self) -> Option<Time> {
        self.outage.map(|(end, _)| end)
    }

    /// Lets time pass until `now`.
    pub fn advance(&mut self, now: Time) {
        self.outage = self.outage.filter(|(end, _)| now < *end);
    }

    fn feel(&mut self) {
        self.felt |= std::mem::take(&mut self.unfelt);
    }

    fn loaded(&self, milliamperes: u16) -> u16 {
        let ohms = self.cells.ohms.unwrap_or(SOUND_OHMS);
        let drop = u32::from(milliamperes) * u32::from(ohms.0) / 1_000;
        self.cells
            .volts
            .0
            .saturating_sub(drop.min(u16::MAX.into()) as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(volts: u16, ohms: Option<u16>) -> Supply {
        let mut supply = Supply::default();
        supply.inject(BatteryFault {
            volts: Milli(volts),
            ohms: ohms.map(Milli),
        });
        supply
    }

    #[test]
    fn weak_cells_brown_out_under_load_and_recover_without() {
        let mut supply = cells(4_000, Some(3_000));
        supply.load(500, Time::START);
        assert_eq!(supply.state(), SupplyState::On, "2.5 V");
        supply.load(1_500, Time::START);
        assert_eq!(supply.state(), SupplyState::BrownOut);
        assert_eq!(supply.next(), Some(Time::START + RELEASE));
        supply.advance(Time::START + RELEASE);
        assert_eq!(supply.state(), SupplyState::On);
    }

    #[test]
    fn sound_cells_carry_a_stalled_motor_as_long_as_one_is_started() {
        let mut supply = cells(3_300, None);
        supply.load(1_500, Time::START);
        assert_eq!(supply.state(), SupplyState::On);
        assert_eq!(supply.read(0), 3_300);
    }

    #[test]
    fn flat_cells_run_nothing() {
        let mut supply = cells(2_000, None);
        assert_eq!(supply.state(), SupplyState::Off);
        assert!(supply.take_felt().is_some(), "the processor felt it");
        supply.repair();
        assert_eq!(supply.state(), SupplyState::On);
    }

    #[test]
    fn a_cut_ends_by_itself_but_not_without_batteries() {
        let mut supply = Supply::default();
        supply.cut(Time::from_millis(5));
        supply.switch(Power::Off);
        supply.advance(Time::from_millis(5));
        assert_eq!(supply.state(), SupplyState::Off);
        supply.switch(Power::On);
        assert_eq!(supply.state(), SupplyState::On);
    }

    #[test]
    fn a_fault_is_felt_once_at_the_first_reading() {
        let mut supply = cells(4_000, None);
        assert_eq!(supply.take_felt(), None);
        supply.read(0);
        assert!(supply.take_felt().is_some());
        supply.read(0);
        assert_eq!(supply.take_felt(), None);
    }
}
