//! The bench as a board: pins, bus, flash, gauge and port at the other end of the line.

use core::cell::RefCell;
use core::convert::Infallible;
use core::fmt::Write as _;
use core::marker::PhantomData;
use core::ops::Range;

use embedded_hal::digital::{self, InputPin, OutputPin};
use embedded_hal::i2c::{self, I2c, NoAcknowledgeSource, Operation};
use embedded_storage::nor_flash::{
    ErrorType, NorFlash, NorFlashErrorKind, ReadNorFlash, check_erase, check_read, check_write,
};
use firmware_core::audit::Entry;
use firmware_core::board::{Board, Gauge, Parts, Port, Witness};
use firmware_core::units::Millivolts;
use heapless::Vec;

use super::Wire;
use super::line::{Answered, Line};
use crate::message::{BusOperation, Input, Inputs, Output, Reply, WAITING};

/// The bench's flash, in bytes.
const FLASH: usize = 128 * 1024;
/// What is read of flash at once, in bytes.
const PAGE: usize = 256;
/// An access to the bus reads no more bytes than this.
const BUS: usize = 32;
/// Pins that are told together.
const PINS: usize = 32;

/// The line, and what is known of the pins at its other end.
pub(super) struct Wires<L> {
    pub(super) line: Line<L>,
    inputs: Inputs,
    /// A bit for each output that is high.
    driven: u8,
    /// Driven since the bench was told last.
    pins: Vec<u8, PINS>,
    /// What waits at the installer's port, as far as the bench was asked, and how many of it were taken.
    waiting: Vec<u8, WAITING>,
    taken: usize,
    /// A page of flash that was read in this poll, and not changed since: by its address.
    page: Option<(u32, [u8; PAGE])>,
    /// Addresses of flash that are erased, as far as the bench told in this poll, and not changed since.
    erased: Range<u32>,
    /// What the counter showed when the poll began.
    begun: u32,
    /// How much of its count since then the line took.
    away: u32,
}

impl<L: Wire> Wires<L> {
    pub(super) fn new(line: Line<L>) -> Self {
        Self {
            line,
            inputs: Inputs::default(),
            driven: 0,
            pins: Vec::new(),
            waiting: Vec::new(),
            taken: 0,
            page: None,
            erased: 0..0,
            begun: 0,
            away: 0,
        }
    }

    /// A poll begins.
    pub(super) fn begin(&mut self, inputs: Inputs, columns: u8) {
        self.inputs = inputs;
        self.driven = columns;
        self.forget_flash();
        self.away = 0;
        self.begun = self.line.ticks();
    }

    /// What the poll has taken so far, without the line.
    pub(super) fn worked(&mut self) -> u32 {
        let taken = self.line.ticks().wrapping_sub(self.begun);
        taken.wrapping_sub(self.away)
    }

    /// Does something on the line, which doesn't count as work.
    fn away<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        let left = self.line.ticks();
        let done = act(self);
        let away = self.line.ticks().wrapping_sub(left);
        self.away = self.away.wrapping_add(away);
        done
    }

    /// A bit for each column that is high.
    pub(super) fn columns(&self) -> u8 {
        self.driven & 7
    }

    /// Tells the bench of all pins that were driven.
    pub(super) fn flush(&mut self) {
        if !self.pins.is_empty() {
            self.line.say(&Reply::Pins(&self.pins));
            self.pins.clear();
        }
    }

    /// The page of flash that begins here, read now or before; none where it can't be read.
    fn page(&mut self, address: u32) -> Option<&[u8; PAGE]> {
        if self.page.is_none_or(|(at, _)| at != address) {
            self.page = None;
            let mut page = [0xFF; PAGE];
            if !self.is_erased(address) {
                let length = PAGE as u16;
                let answered = self.ask(&Reply::Read { address, length }, &mut page)?;
                let behind = address + PAGE as u32;
                self.erased = behind..behind.saturating_add(answered.erased);
            }
            self.page = Some((address, page));
        }
        self.page.as_ref().map(|(_, page)| page)
    }

    /// Whether the page that begins here is known to be erased.
    fn is_erased(&self, address: u32) -> bool {
        self.erased.start <= address && address + PAGE as u32 <= self.erased.end
    }

    /// What was known of flash may be so no longer.
    fn forget_flash(&mut self) {
        self.page = None;
        self.erased = 0..0;
    }

    /// The next byte from the installer's port.
    fn receive(&mut self) -> Option<u8> {
        let drained = self.taken == self.waiting.len();
        if drained && (self.waiting.is_empty() || self.waiting.is_full()) {
            self.end_port();
            self.refill();
        }
        let byte = self.waiting.get(self.taken).copied()?;
        self.taken += 1;
        Some(byte)
    }

    fn refill(&mut self) {
        let mut bytes = [0; WAITING];
        if self.inputs.is_active(Input::Port)
            && let Some(answered) = self.ask(&Reply::Receive, &mut bytes)
        {
            // No more than there is room for.
            let _ = self.waiting.extend_from_slice(&bytes[..answered.sent]);
        }
    }

    /// Tells how many bytes were taken from the port; the others wait on.
    pub(super) fn end_port(&mut self) {
        if self.taken > 0 {
            self.tell(&Reply::Taken(self.taken as u8));
        }
        self.waiting.clear();
        self.taken = 0;
    }

    fn drive(&mut self, output: Output, high: bool) {
        if self.pins.is_full() {
            self.away(Self::flush);
        }
        // There is room by now.
        let _ = self.pins.push(output.driven(high));
        let bit = 1 << output as u8;
        self.driven = if high {
            self.driven | bit
        } else {
            self.driven & !bit
        };
    }

    fn tell(&mut self, reply: &Reply<'_>) {
        self.away(|wires| {
            wires.flush();
            wires.line.say(reply);
        });
    }

    fn ask(&mut self, reply: &Reply<'_>, bytes: &mut [u8]) -> Option<Answered> {
        self.away(|wires| {
            wires.flush();
            wires.line.ask(reply, bytes, &mut wires.inputs)
        })
    }
}

/// The board at the other end of a line.
pub struct Wired<'a, L>(PhantomData<&'a L>);

impl<'a, L: Wire> Board for Wired<'a, L> {
    type Input = Sense<'a, L>;
    type Output = Drive<'a, L>;
    type Bus = Far<'a, L>;
    type Flash = Far<'a, L>;
    type Gauge = Far<'a, L>;
    type Port = Far<'a, L>;
    type Witness = Far<'a, L>;
}

pub(super) fn parts<L: Wire>(wires: &RefCell<Wires<L>>) -> Parts<Wired<'_, L>> {
    let row = |row| Sense {
        wires,
        input: Place::Row(row),
    };
    let input = |input| Sense {
        wires,
        input: Place::Single(input),
    };
    let output = |output| Drive { wires, output };
    Parts {
        rows: [row(0), row(1), row(2), row(3)],
        columns: [Output::Column1, Output::Column2, Output::Column3].map(output),
        button: input(Input::Button),
        reset: input(Input::Reset),
        green: output(Output::Green),
        red: output(Output::Red),
        buzzer: output(Output::Buzzer),
        throw: output(Output::Throw),
        withdraw: output(Output::Withdraw),
        thrown: input(Input::Thrown),
        withdrawn: input(Input::Withdrawn),
        stall: input(Input::Stall),
        bus: Far { wires },
        flash: Far { wires },
        gauge: Far { wires },
        port: Far { wires },
        witness: Far { wires },
    }
}

/// A pin to read.
pub struct Sense<'a, L> {
    wires: &'a RefCell<Wires<L>>,
    input: Place,
}

#[derive(Clone, Copy)]
enum Place {
    Row(u8),
    Single(Input),
}

impl<L> digital::ErrorType for Sense<'_, L> {
    type Error = Infallible;
}

impl<L: Wire> InputPin for Sense<'_, L> {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        let wires = self.wires.borrow();
        Ok(match self.input {
            Place::Row(row) => !wires.inputs.is_low(row, wires.columns()),
            Place::Single(input) => wires.inputs.is_active(input) == input.is_active_high(),
        })
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        self.is_high().map(|high| !high)
    }
}

/// A pin to drive.
pub struct Drive<'a, L> {
    wires: &'a RefCell<Wires<L>>,
    output: Output,
}

impl<L> digital::ErrorType for Drive<'_, L> {
    type Error = Infallible;
}

impl<L: Wire> OutputPin for Drive<'_, L> {
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.wires.borrow_mut().drive(self.output, false);
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        self.wires.borrow_mut().drive(self.output, true);
        Ok(())
    }
}

/// Whatever is no pin.
pub struct Far<'a, L> {
    wires: &'a RefCell<Wires<L>>,
}

impl<L: Wire> Far<'_, L> {
    fn ask(&mut self, reply: &Reply<'_>, bytes: &mut [u8]) -> bool {
        self.wires.borrow_mut().ask(reply, bytes).is_some()
    }
}

impl<L> i2c::ErrorType for Far<'_, L> {
    type Error = i2c::ErrorKind;
}

impl<L: Wire> I2c for Far<'_, L> {
    fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), i2c::ErrorKind> {
        let mut told = Vec::new();
        let mut length = 0;
        for operation in &*operations {
            let operation = match operation {
                Operation::Write(bytes) => BusOperation::Write(bytes),
                Operation::Read(bytes) => {
                    length += bytes.len();
                    BusOperation::Read(bytes.len().try_into().map_err(|_| i2c::ErrorKind::Other)?)
                }
            };
            told.push(operation).map_err(|_| i2c::ErrorKind::Other)?;
        }
        let mut read = [0; BUS];
        let read = read.get_mut(..length).ok_or(i2c::ErrorKind::Other)?;
        let reply = Reply::Bus {
            address,
            operations: told,
        };
        if !self.ask(&reply, read) {
            return Err(i2c::ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown));
        }
        let mut rest = &*read;
        for operation in operations {
            if let Operation::Read(bytes) = operation
                && let Some((these, others)) = rest.split_at_checked(bytes.len())
            {
                bytes.copy_from_slice(these);
                rest = others;
            }
        }
        Ok(())
    }
}

impl<L> ErrorType for Far<'_, L> {
    type Error = NorFlashErrorKind;
}

/// Whether the bench has done it.
fn done(done: bool) -> Result<(), NorFlashErrorKind> {
    if done {
        Ok(())
    } else {
        Err(NorFlashErrorKind::Other)
    }
}

impl<L: Wire> ReadNorFlash for Far<'_, L> {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NorFlashErrorKind> {
        check_read(self, offset, bytes.len())?;
        let mut wires = self.wires.borrow_mut();
        let mut at = offset as usize;
        let mut rest = bytes;
        while !rest.is_empty() {
            let page = wires.page((at - at % PAGE) as u32);
            let source = page.and_then(|page| page.get(at % PAGE..));
            let source = source.ok_or(NorFlashErrorKind::Other)?;
            let length = source.len().min(rest.len());
            let (now, later) = rest.split_at_mut(length);
            now.copy_from_slice(&source[..length]);
            at += length;
            rest = later;
        }
        Ok(())
    }

    fn capacity(&self) -> usize {
        FLASH
    }
}

impl<L: Wire> NorFlash for Far<'_, L> {
    const WRITE_SIZE: usize = 4;
    const ERASE_SIZE: usize = 4096;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), NorFlashErrorKind> {
        check_erase(self, from, to)?;
        self.wires.borrow_mut().forget_flash();
        done(self.ask(&Reply::Erase { from, to }, &mut []))
    }

    /// In one piece, as a torn write is one write.
    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), NorFlashErrorKind> {
        check_write(self, offset, bytes.len())?;
        self.wires.borrow_mut().forget_flash();
        let address = offset;
        done(self.ask(&Reply::Write { address, bytes }, &mut []))
    }
}

impl<L: Wire> Gauge for Far<'_, L> {
    type Error = ();

    fn volts(&mut self) -> Result<Millivolts, ()> {
        let mut bytes = [0; 2];
        if self.ask(&Reply::Volts, &mut bytes) {
            Ok(Millivolts(u16::from_le_bytes(bytes)))
        } else {
            Err(())
        }
    }
}

impl<L: Wire> Port for Far<'_, L> {
    fn receive(&mut self) -> Option<u8> {
        self.wires.borrow_mut().receive()
    }

    fn send(&mut self, bytes: &[u8]) {
        self.wires.borrow_mut().tell(&Reply::Sent(bytes));
    }
}

impl<L: Wire> Witness for Far<'_, L> {
    fn audited(&mut self, entry: &Entry) {
        let mut line = heapless::String::<192>::new();
        // No entry is longer.
        let _ = write!(line, "{entry}");
        self.wires.borrow_mut().tell(&Reply::Audited(&line));
    }
}
