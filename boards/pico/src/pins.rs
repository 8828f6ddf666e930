//! Pins of one type for whatever hangs on them.

use core::convert::Infallible;

use embedded_hal::digital::{ErrorType, OutputPin};
use rp2040_hal::gpio::{DynPinId, FunctionSio, Pin, PullDown, PullUp, SioInput, SioOutput};

use crate::delay;

/// An input, pulled up.
pub type Input = Pin<DynPinId, FunctionSio<SioInput>, PullUp>;

/// How long a row takes to rise behind a column that let it go, in microseconds: 70 pF of keypad and wire at the chip's own
/// pull-up of 80 kΩ reach its high level of 2 V in 5.2.
const RISE: u32 = 10;

/// An output, pulled down until it is one. It has settled when it was set: the keypad is read right after.
pub struct Output(pub Pin<DynPinId, FunctionSio<SioOutput>, PullDown>);

impl ErrorType for Output {
    type Error = Infallible;
}

impl OutputPin for Output {
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.0.set_low()
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        self.0.set_high()?;
        delay(RISE);
        Ok(())
    }
}
