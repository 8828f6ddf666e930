//! The battery's volts, halved by two resistors, at the chip's converter.

use core::convert::Infallible;

// The HAL's converter is still behind embedded-hal 0.2: 1.0 has no trait for one.
use cortex_m::prelude::_embedded_hal_adc_OneShot;
use firmware_core::board::Gauge;
use firmware_core::units::Millivolts;
use rp2040_hal::Adc;
use rp2040_hal::adc::AdcPin;
use rp2040_hal::gpio::{FunctionSio, Pin, PullNone, SioInput, bank0::Gpio26};

/// GP26, which is ADC0.
type BatteryPin = AdcPin<Pin<Gpio26, FunctionSio<SioInput>, PullNone>>;

/// What a full reading stands for, in millivolts: the Pico's 3.3 V supply, twice.
const FULL: u32 = 2 * 3_300;
/// A reading has 12 bits.
const READING: u32 = 1 << 12;
/// The mean of so many readings: a single one is some 9 bits good (RP2040 data sheet, section 4.9.3).
const READINGS: u32 = 8;

/// The converter, and the pin that it reads.
pub struct BatteryGauge {
    adc: Adc,
    pin: BatteryPin,
}

impl BatteryGauge {
    /// A gauge on GP26.
    pub fn new(adc: Adc, pin: BatteryPin) -> Self {
        Self { adc, pin }
    }
}

impl Gauge for BatteryGauge {
    type Error = Infallible;

    fn volts(&mut self) -> Result<Millivolts, Infallible> {
        let mut sum = 0;
        for _ in 0..READINGS {
            let reading: u16 = nb::block!(self.adc.read(&mut self.pin))?;
            sum += u32::from(reading);
        }
        Ok(Millivolts((sum * FULL / (READINGS * READING)) as u16))
    }
}
