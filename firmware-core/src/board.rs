//! What the lock needs of a circuit board: pins, a bus, flash, a gauge and a serial port.

use core::convert::Infallible;

use embedded_hal::digital::{InputPin, OutputPin};
use embedded_hal::i2c::I2c;
use embedded_storage::nor_flash::NorFlash;

use crate::audit;
use crate::units::Millivolts;

/// The types of a board's peripherals. Its values are handed over as [`Parts`].
///
/// Pins are of one erased input and one erased output type, as every HAL offers them, and cannot fail; what hangs on a
/// bus can.
pub trait Board {
    /// A digital input. Contacts pull it low: rows, the Lock/Unlock button, R and the end switches read low when
    /// closed. The stall comparator reads high while it trips.
    type Input: InputPin<Error = Infallible>;
    /// A digital output: keypad columns (low selects), LED halves, buzzer and bridge inputs (high is on).
    type Output: OutputPin<Error = Infallible>;
    /// The bus of the DS3231-compatible clock chip.
    type Bus: I2c;
    /// NOR flash of at least [`crate::store::layout::SIZE`] bytes with erase sectors of 4 KiB and words of at most 4 bytes.
    type Flash: NorFlash;
    /// The battery gauge.
    type Gauge: Gauge;
    /// The installer's port.
    type Port: Port;
    /// Who is told of audit entries the moment they are durable; `()` where nobody is.
    type Witness: Witness;
}

/// A board's peripherals, lent to the lock at each poll.
///
/// The lock keeps no peripheral, so its state is plain data.
pub struct Parts<B: Board> {
    /// Keypad rows from the top (`1 2 3` first), with pull-ups.
    pub rows: [B::Input; 4],
    /// Keypad columns from the left (`1 4 7 *` first). Rows are read right after: setting one returns when the line and the
    /// rows behind it have settled, which a pull-up of some 50 kΩ takes microseconds for.
    pub columns: [B::Output; 3],
    /// The Lock/Unlock button beside the keypad.
    pub button: B::Input,
    /// The R button on the safe side of the door.
    pub reset: B::Input,
    /// The green half of the LED.
    pub green: B::Output,
    /// The red half of the LED.
    pub red: B::Output,
    /// The buzzer.
    pub buzzer: B::Output,
    /// The bridge input that throws the bolt.
    pub throw: B::Output,
    /// The bridge input that withdraws the bolt.
    pub withdraw: B::Output,
    /// The end switch of a thrown bolt.
    pub thrown: B::Input,
    /// The end switch of a withdrawn bolt.
    pub withdrawn: B::Input,
    /// The stall-current comparator.
    pub stall: B::Input,
    /// The clock chip's bus.
    pub bus: B::Bus,
    /// The store's flash.
    pub flash: B::Flash,
    /// The battery gauge.
    pub gauge: B::Gauge,
    /// The installer's port.
    pub port: B::Port,
    /// Who is told of audit entries.
    pub witness: B::Witness,
}

/// Four cells in series, read without load.
pub trait Gauge {
    /// Why no reading could be had.
    type Error;

    /// The battery's volts now.
    fn volts(&mut self) -> Result<Millivolts, Self::Error>;
}

/// The installer's serial port: bytes in as they have come, bytes out as fast as the other side takes them.
///
/// Neither call waits. A port that can buffer nothing more drops bytes; the protocol is by lines and survives it.
pub trait Port {
    /// The next byte that has come, if any.
    fn receive(&mut self) -> Option<u8>;
    /// Sends `bytes`.
    fn send(&mut self, bytes: &[u8]);
}

/// Somebody who watches the audit log as it is written: a debug console, a bench.
pub trait Witness {
    /// `entry` is in the store now. A run of short entries is told again with the same sequence number and a higher
    /// count.
    fn audited(&mut self, entry: &audit::Entry);
}

impl Witness for () {
    fn audited(&mut self, _: &audit::Entry) {}
}
