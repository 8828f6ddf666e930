//! What firmware sees of a bench: embedded-hal pins, a bus, flash, and what embedded-hal has no trait for.

use std::cell::RefCell;
use std::convert::Infallible;

use embedded_hal::digital::{self, InputPin, OutputPin, StatefulOutputPin};
use embedded_hal::i2c::{self, ErrorKind, I2c, Operation};
use embedded_storage::nor_flash::{self, NorFlash, ReadNorFlash};

use link::message::Inputs;

use super::bench::Bench;
use crate::devices::flash::{FlashError, SECTOR, WORD};
use crate::devices::{Level, Line};
use crate::trace::AuditEntry;

/// The processor's side of the wires, for the length of one poll. All that is done through it happens at one instant.
///
/// Every call is one access that could as well have come over a link from a processor elsewhere.
#[derive(Clone, Copy)]
pub struct Wiring<'a> {
    bench: &'a RefCell<&'a mut Bench>,
}

impl<'a> Wiring<'a> {
    pub(super) fn new(bench: &'a RefCell<&'a mut Bench>) -> Self {
        Self { bench }
    }

    /// A pin to read.
    #[must_use]
    pub fn input(self, line: Line) -> Input<'a> {
        Input { wiring: self, line }
    }

    /// A pin to drive; one of [`Line::OUTPUTS`], another drives nothing.
    #[must_use]
    pub fn output(self, line: Line) -> Output<'a> {
        Output { wiring: self, line }
    }

    /// The bus of the clock chip.
    #[must_use]
    pub fn bus(self) -> Bus<'a> {
        Bus { wiring: self }
    }

    /// The flash.
    #[must_use]
    pub fn flash(self) -> Flash<'a> {
        Flash { wiring: self }
    }

    /// The level of a wire.
    #[must_use]
    pub fn read(self, line: Line) -> Level {
        self.bench.borrow().level(line)
    }

    /// All inputs at once, whatever the columns may be driven to.
    #[must_use]
    pub fn inputs(self) -> Inputs {
        self.bench.borrow().all_inputs()
    }

    /// Drives a wire.
    pub fn write(self, line: Line, level: Level) {
        if Line::OUTPUTS.contains(&line) {
            self.bench.borrow_mut().write(line, level);
        }
    }

    /// The battery's potential now, in thousandths of a volt.
    #[must_use]
    pub fn millivolts(self) -> u16 {
        self.bench.borrow_mut().gauge()
    }

    /// The next byte that has come over the port.
    #[must_use]
    pub fn receive(self) -> Option<u8> {
        self.bench.borrow_mut().port.receive()
    }

    /// The bytes that have come over the port and wait to be received, so many at most.
    #[must_use]
    pub fn waiting(self, most: usize) -> Vec<u8> {
        self.bench.borrow().port.waiting().take(most).collect()
    }

    /// Sends bytes over the port.
    pub fn send(self, bytes: &[u8]) {
        self.bench.borrow_mut().send(bytes);
    }

    /// Notes what firmware wrote into its audit log.
    pub fn audited(self, entry: AuditEntry) {
        self.bench.borrow_mut().audited(entry);
    }
}

/// A pin to read.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    wiring: Wiring<'a>,
    line: Line,
}

impl digital::ErrorType for Input<'_> {
    type Error = Infallible;
}

impl InputPin for Input<'_> {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        Ok(self.wiring.read(self.line).is_high())
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        Ok(!self.wiring.read(self.line).is_high())
    }
}

/// A pin to drive.
#[derive(Clone, Copy)]
pub struct Output<'a> {
    wiring: Wiring<'a>,
    line: Line,
}

impl digital::ErrorType for Output<'_> {
    type Error = Infallible;
}

impl OutputPin for Output<'_> {
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.wiring.write(self.line, Level::Low);
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        self.wiring.write(self.line, Level::High);
        Ok(())
    }
}

impl StatefulOutputPin for Output<'_> {
    fn is_set_high(&mut self) -> Result<bool, Infallible> {
        Ok(self.wiring.read(self.line).is_high())
    }

    fn is_set_low(&mut self) -> Result<bool, Infallible> {
        Ok(!self.wiring.read(self.line).is_high())
    }
}

/// The I2C bus.
#[derive(Clone, Copy)]
pub struct Bus<'a> {
    wiring: Wiring<'a>,
}

impl i2c::ErrorType for Bus<'_> {
    type Error = ErrorKind;
}

impl I2c for Bus<'_> {
    fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), ErrorKind> {
        self.wiring.bench.borrow_mut().transact(address, operations)
    }
}

/// The NOR flash.
#[derive(Clone, Copy)]
pub struct Flash<'a> {
    wiring: Wiring<'a>,
}

impl nor_flash::ErrorType for Flash<'_> {
    type Error = FlashError;
}

impl ReadNorFlash for Flash<'_> {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), FlashError> {
        self.wiring.bench.borrow_mut().read_flash(offset, bytes)
    }

    fn capacity(&self) -> usize {
        self.wiring.bench.borrow().flash.capacity()
    }
}

impl NorFlash for Flash<'_> {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = SECTOR;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), FlashError> {
        self.wiring.bench.borrow_mut().erase_flash(from, to)
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), FlashError> {
        self.wiring.bench.borrow_mut().write_flash(offset, bytes)
    }
}
