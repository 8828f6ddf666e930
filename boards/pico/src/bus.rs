//! The clock chip's bus. Lines that something holds low are an error and hang nobody: the HAL would wait for them for ever.

use embedded_hal::digital::{InputPin, OutputPin};
use embedded_hal::i2c::{self, ErrorKind, I2c, Operation};
use rp2040_hal::I2C;
use rp2040_hal::gpio::{FunctionI2c, InOutPin, Pin, PullUp};
use rp2040_hal::gpio::{bank0::Gpio20, bank0::Gpio21};
use rp2040_hal::pac;
use start::Unused;

use crate::delay;

type Wire<P> = Pin<P, FunctionI2c, PullUp>;

/// SDA and SCL, by the bits of their pins.
const LINES: u32 = 1 << 20 | 1 << 21;
/// Half a clock at 100 kHz, in microseconds.
const HALF: u32 = 5;

/// Frees the lines: a chip that was being read when the processor was reset goes on holding SDA until it was clocked to the
/// end of its byte (UM10204, section 3.1.16).
pub fn clear(sda: Unused<Gpio20>, scl: Unused<Gpio21>) -> (Wire<Gpio20>, Wire<Gpio21>) {
    let mut sda = InOutPin::new(sda.into_pull_up_input());
    let mut scl = InOutPin::new(scl.into_pull_up_input());
    delay(HALF);
    for _ in 0..9 {
        let Ok(free) = sda.is_high();
        if free {
            break;
        }
        let Ok(()) = scl.set_low();
        delay(HALF);
        let Ok(()) = scl.set_high();
        delay(HALF);
    }
    // A start, and a stop.
    let Ok(()) = sda.set_low();
    delay(HALF);
    let Ok(()) = sda.set_high();
    delay(HALF);
    (sda.release().reconfigure(), scl.release().reconfigure())
}

/// The bus, once its lines were cleared.
pub struct ClockBus(pub I2C<pac::I2C0, (Wire<Gpio20>, Wire<Gpio21>)>);

/// Why nothing could be had of the bus.
#[derive(Debug)]
pub enum BusError {
    /// Something holds a line low.
    Held,
    /// As the HAL tells.
    Transfer(rp2040_hal::i2c::Error),
}

impl i2c::Error for BusError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Held => ErrorKind::Bus,
            Self::Transfer(error) => i2c::Error::kind(error),
        }
    }
}

impl i2c::ErrorType for ClockBus {
    type Error = BusError;
}

impl I2c for ClockBus {
    fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), BusError> {
        // SAFETY: reads the levels of pins, whoever has them.
        let levels = unsafe { (*pac::SIO::PTR).gpio_in().read().bits() };
        if levels & LINES != LINES {
            return Err(BusError::Held);
        }
        I2c::transaction(&mut self.0, address, operations).map_err(BusError::Transfer)
    }
}
