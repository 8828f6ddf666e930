//! What the two ends say to each other.
//!
//! The bench asks, and the target answers; while it works, it asks back for what only the bench has: the bus, the flash,
//! the gauge, the port. What it merely tells (pins, bytes, log entries) goes ahead without an answer, in order.

use firmware_core::vocabulary;
use serde::{Deserialize, Serialize};

/// Raised with every change that the other end would not understand.
pub const VERSION: u16 = 3;

/// The levels of all inputs at an instant, whatever the target drives.
///
/// Within one poll nothing else moves, so the target reads its inputs out of this without asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// A bit for each [`Input`] that isn't at rest: a closed contact, a comparator that trips.
    pub active: u8,
    /// Which rows read low, by which columns are driven high: bit `4 * columns + row`.
    pub rows: u32,
}

impl Inputs {
    /// Whether an input isn't at rest.
    #[must_use]
    pub fn is_active(self, input: Input) -> bool {
        self.active & input.bit() != 0
    }

    /// Whether a row from 0 to 3 reads low while `columns` are driven high, bit 0 for the first.
    #[must_use]
    pub fn is_low(self, row: u8, columns: u8) -> bool {
        self.rows & (1 << Self::place(row, columns)) != 0
    }

    /// That row reads low then.
    pub fn set_low(&mut self, row: u8, columns: u8) {
        self.rows |= 1 << Self::place(row, columns);
    }

    fn place(row: u8, columns: u8) -> u8 {
        4 * (columns & 7) + (row & 3)
    }
}

vocabulary! {
    /// An input that isn't a row of the keypad.
    pub enum Input {
        /// The Lock/Unlock button; active while closed, which is low.
        Button = 0 => "button",
        /// The R button; active while closed, which is low.
        Reset = 1 => "reset",
        /// The end switch of a thrown bolt; active while closed, which is low.
        Thrown = 2 => "thrown",
        /// The end switch of a withdrawn bolt; active while closed, which is low.
        Withdrawn = 3 => "withdrawn",
        /// The stall comparator; active while it trips, which is high.
        Stall = 4 => "stall",
        /// The installer's port; active while a byte waits.
        Port = 5 => "port",
    }
}

impl Input {
    /// Whether its pin is high while it is active; the others are low then.
    #[must_use]
    pub const fn is_active_high(self) -> bool {
        match self {
            Self::Stall | Self::Port => true,
            Self::Button | Self::Reset | Self::Thrown | Self::Withdrawn => false,
        }
    }

    /// Its bit in [`Inputs::active`].
    #[must_use]
    pub const fn bit(self) -> u8 {
        1 << self.byte()
    }
}

vocabulary! {
    /// An output, by its number on the line.
    pub enum Output {
        /// Keypad column `1 4 7 *`.
        Column1 = 0 => "column 1",
        /// Keypad column `2 5 8 0`.
        Column2 = 1 => "column 2",
        /// Keypad column `3 6 9 #`.
        Column3 = 2 => "column 3",
        /// The green half of the LED.
        Green = 3 => "green",
        /// The red half of the LED.
        Red = 4 => "red",
        /// The buzzer.
        Buzzer = 5 => "buzzer",
        /// The bridge input that throws the bolt.
        Throw = 6 => "throw",
        /// The bridge input that withdraws the bolt.
        Withdraw = 7 => "withdraw",
    }
}

impl Output {
    /// The byte that says it was driven to a level.
    #[must_use]
    pub const fn driven(self, high: bool) -> u8 {
        self.byte() | if high { HIGH } else { 0 }
    }

    /// What such a byte says.
    #[must_use]
    pub fn read(byte: u8) -> Option<(Self, bool)> {
        Some((Self::from_byte(byte & !HIGH)?, byte & HIGH != 0))
    }
}

const HIGH: u8 = 0x80;

/// What the bench asks of a target. Moments are microseconds since the lock's boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// First of all, and again to begin anew. Sequence numbers begin with it.
    Hello {
        /// The bench's [`VERSION`].
        version: u16,
    },
    /// Power has come: start a lock with this key in this place, and poll it.
    Boot {
        /// Which of the target's places.
        place: u8,
        /// The lock key.
        key: [u8; 16],
        /// Now.
        inputs: Inputs,
    },
    /// Poll the lock in this place.
    Poll {
        /// Which.
        place: u8,
        /// The moment.
        now: u64,
        /// Now.
        inputs: Inputs,
    },
    /// What does the clock of the lock in this place say? Nothing changes.
    Clock {
        /// Which.
        place: u8,
        /// The moment.
        now: u64,
    },
    /// Put a copy of one lock in another place.
    Copy {
        /// The lock's.
        from: u8,
        /// The copy's.
        to: u8,
    },
    /// What has the target needed so far?
    Measure,
    /// Forget the lock in this place.
    Free {
        /// Which.
        place: u8,
    },
}

/// From the bench.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request<'a> {
    /// Something to be done.
    Ask(Ask),
    /// To what the target has asked.
    Answer {
        /// Bytes read, without those at the end that are erased; none where nothing was read.
        bytes: &'a [u8],
        /// To [`Reply::Read`]: how many bytes after those that were asked for are erased, too.
        erased: u32,
        /// Whether it was done.
        done: bool,
        /// Now.
        inputs: Inputs,
    },
}

/// A part of a transaction on the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BusOperation<'a> {
    /// These bytes are written.
    Write(&'a [u8]),
    /// So many are read.
    Read(u8),
}

/// Bytes of the installer's port that are told at once, at most.
pub const WAITING: usize = 64;

/// Parts of a transaction, at most.
pub const OPERATIONS: usize = 4;

/// From the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply<'a> {
    /// To [`Ask::Hello`].
    Welcome {
        /// The target's [`VERSION`].
        version: u16,
        /// How many locks it has places for.
        places: u8,
        /// How fast its processor's counter runs; 0 where it has none.
        ticks_per_second: u32,
        /// What it is.
        #[serde(borrow)]
        name: &'a str,
    },
    /// These outputs were driven, in order, each as [`Output::driven`] has it.
    Pins(&'a [u8]),
    /// These bytes went out over the installer's port.
    Sent(&'a [u8]),
    /// This line was written into the audit log.
    Audited(&'a str),
    /// A transaction on the bus; asks for the bytes that it reads.
    Bus {
        /// 7 bits.
        address: u8,
        /// Its parts.
        operations: heapless::Vec<BusOperation<'a>, OPERATIONS>,
    },
    /// Asks for flash.
    Read {
        /// From here.
        address: u32,
        /// So many bytes.
        length: u16,
    },
    /// Programs flash.
    Write {
        /// From here.
        address: u32,
        /// These.
        bytes: &'a [u8],
    },
    /// Erases flash.
    Erase {
        /// From here.
        from: u32,
        /// The first byte after.
        to: u32,
    },
    /// Asks for the battery's thousandths of a volt: two bytes, the lower first.
    Volts,
    /// Asks for the bytes that wait at the installer's port, [`WAITING`] at most.
    Receive,
    /// So many of those were taken; the others wait on.
    Taken(u8),
    /// To [`Ask::Boot`] and [`Ask::Poll`]: all is done.
    Asleep {
        /// When it wants to be polled again; none if only an input matters.
        wake: Option<u64>,
        /// What the processor's counter counted since the request, without what the line took.
        ticks: u32,
    },
    /// To [`Ask::Clock`].
    Clock(Clock<'a>),
    /// To [`Ask::Measure`].
    Measured {
        /// The most that was on the stack since there are places, in bytes; 0 where nobody knows.
        stack: u32,
        /// How large a lock is, in bytes.
        lock: u32,
        /// What the processor's counter counts while a SmartPIN is read, and nothing else done.
        read: u32,
    },
    /// To [`Ask::Copy`] and [`Ask::Free`].
    Ready,
    /// The target can't go on; why.
    Lost(&'a str),
}

/// What a lock takes the time to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Clock<'a> {
    /// On the wall beside it: seconds since 1970 began there.
    Says(i64),
    /// Nothing that it trusts; why, by its log's name.
    Untrusted(&'a str),
    /// There is no lock in this place.
    Silent,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A wire that comes or goes is a change that the other end would not understand.
    #[test]
    fn these_are_the_wires_of_this_version() {
        assert_eq!(VERSION, 3);
        assert_eq!(
            Input::ALL.map(Input::as_str),
            ["button", "reset", "thrown", "withdrawn", "stall", "port"]
        );
        assert_eq!(
            Output::ALL.map(Output::as_str),
            [
                "column 1", "column 2", "column 3", "green", "red", "buzzer", "throw", "withdraw"
            ]
        );
    }

    #[test]
    fn a_driven_output_is_read_back() {
        for output in Output::ALL {
            for high in [false, true] {
                assert_eq!(Output::read(output.driven(high)), Some((output, high)));
            }
        }
        assert_eq!(Output::read(8), None);
    }
}
