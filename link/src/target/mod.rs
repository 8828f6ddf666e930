//! The lock's end of the line: locks whose peripherals are the bench's.

mod board;
mod line;

use core::cell::RefCell;

use embedded_io::{Read, Write};
use firmware_core::lock::{self, Lock};
use firmware_core::time::Instant;
use smartpin::LockKey;

use crate::message::{Clock, Inputs, Reply, Request, VERSION};
pub use board::Wired;
use board::{Wires, parts};
use line::Line;
pub use line::Lost;

/// A serial line to the bench, on a processor that can count its own work.
pub trait Wire: Read + Write {
    /// How fast [`Wire::ticks`] counts; 0 where it doesn't.
    const TICKS_PER_SECOND: u32;

    /// A counter that runs while the processor does; wraps around.
    fn ticks(&mut self) -> u32;

    /// The most that was ever on the stack, in bytes; 0 where nobody knows.
    fn stack(&self) -> u32 {
        0
    }
}

/// Room for so many locks. A bench needs more than one where a scenario forks.
///
/// It is large: a processor with little RAM has it in a `static`.
pub struct Places<const COUNT: usize>([Seat; COUNT]);

impl<const COUNT: usize> Places<COUNT> {
    /// Room without locks.
    #[must_use]
    pub const fn new() -> Self {
        Self([const { Seat::Empty }; COUNT])
    }
}

impl<const COUNT: usize> Default for Places<COUNT> {
    fn default() -> Self {
        Self::new()
    }
}

/// Locks on one serial line.
pub struct Target<'a, L> {
    wires: RefCell<Wires<L>>,
    name: &'a str,
    places: &'a mut [Seat],
}

/// With a tag of its own, which is zero for an empty one: so that empty places are zeros, and no part of an image.
#[derive(Clone)]
#[repr(u8)]
#[expect(
    clippy::large_enum_variant,
    reason = "a place is as large as what it is for"
)]
enum Seat {
    Empty,
    Taken {
        lock: Lock,
        /// How it drives the columns of its keypad.
        columns: u8,
    },
}

impl Seat {
    /// A lock that has to be started. It is on the stack no longer than this takes.
    #[inline(never)]
    fn put(&mut self, key: &LockKey, now: Instant) {
        let lock = Lock::unpowered(key, now);
        *self = Self::Taken { lock, columns: 0 };
    }

    fn lock(&mut self) -> Result<(&mut Lock, &mut u8), Lost> {
        match self {
            Self::Empty => Err(Lost::NoLock),
            Self::Taken { lock, columns } => Ok((lock, columns)),
        }
    }
}

/// What the bench asks, without what is borrowed from its frame.
enum Asked {
    Hello {
        version: u16,
    },
    Boot {
        place: u8,
        key: [u8; 16],
        inputs: Inputs,
    },
    Poll {
        place: u8,
        now: u64,
        inputs: Inputs,
    },
    Clock {
        place: u8,
        now: u64,
    },
    Copy {
        from: u8,
        to: u8,
    },
    Measure,
    Free {
        place: u8,
    },
    /// An answer that nobody waits for.
    Nothing,
}

impl From<Request<'_>> for Asked {
    fn from(request: Request<'_>) -> Self {
        match request {
            Request::Hello { version } => Self::Hello { version },
            Request::Boot { place, key, inputs } => Self::Boot { place, key, inputs },
            Request::Poll { place, now, inputs } => Self::Poll { place, now, inputs },
            Request::Clock { place, now } => Self::Clock { place, now },
            Request::Copy { from, to } => Self::Copy { from, to },
            Request::Measure => Self::Measure,
            Request::Free { place } => Self::Free { place },
            Request::Answer { .. } => Self::Nothing,
        }
    }
}

impl<'a, L: Wire> Target<'a, L> {
    /// A target that calls itself `name`, and has this room for locks.
    pub fn new<const COUNT: usize>(line: L, places: &'a mut Places<COUNT>, name: &'a str) -> Self {
        Self {
            wires: RefCell::new(Wires::new(Line::new(line))),
            name,
            places: &mut places.0,
        }
    }

    /// Serves the bench until the line ends or can't be trusted any more. The bench is told, and may say hello again.
    pub fn serve(&mut self) -> Lost {
        loop {
            if let Err(lost) = self.turn() {
                self.wires.get_mut().line.give_up(lost);
                return lost;
            }
        }
    }

    fn turn(&mut self) -> Result<(), Lost> {
        let asked = self.wires.get_mut().line.next()?;
        match asked {
            Asked::Hello { version } => self.welcome(version),
            Asked::Boot { place, key, inputs } => self.boot(place, key, inputs),
            Asked::Poll { place, now, inputs } => self.poll(place, now, inputs),
            Asked::Clock { place, now } => self.clock(place, now),
            Asked::Copy { from, to } => self.copy(from, to),
            Asked::Measure => {
                let stack = self.wires.get_mut().line.stack();
                self.say(&Reply::Measured { stack })
            }
            Asked::Free { place } => {
                *self.place(place)? = Seat::Empty;
                self.say(&Reply::Ready)
            }
            Asked::Nothing => Err(Lost::OutOfTurn),
        }
    }

    fn welcome(&mut self, version: u16) -> Result<(), Lost> {
        self.places.fill(Seat::Empty);
        let reply = Reply::Welcome {
            version: VERSION,
            places: u8::try_from(self.places.len()).unwrap_or(u8::MAX),
            ticks_per_second: L::TICKS_PER_SECOND,
            name: self.name,
        };
        self.say(&reply)?;
        if version == VERSION {
            Ok(())
        } else {
            Err(Lost::OtherVersion)
        }
    }

    // Each of these has a lock or two on its stack; a frame that had room for all of them at once would not fit.

    #[inline(never)]
    fn copy(&mut self, from: u8, to: u8) -> Result<(), Lost> {
        let places = [from, to].map(usize::from);
        let places = self.places.get_disjoint_mut(places);
        let Ok([from, to]) = places else {
            return Err(Lost::NoPlace);
        };
        to.clone_from(from);
        self.say(&Reply::Ready)
    }

    #[inline(never)]
    fn boot(&mut self, place: u8, key: [u8; 16], inputs: Inputs) -> Result<(), Lost> {
        let now = Instant::from_ticks(0);
        // Without power no output drove anything.
        self.wires.get_mut().begin(inputs, 0);
        let seat = self.places.get_mut(usize::from(place));
        let seat = seat.ok_or(Lost::NoPlace)?;
        seat.put(&LockKey::from_bytes(key), now);
        let (lock, columns) = seat.lock()?;
        let mut parts = parts(&self.wires);
        lock.start(&mut parts, now);
        let wake = lock.poll(&mut parts, now);
        *columns = self.wires.get_mut().columns();
        self.sleep(wake)
    }

    #[inline(never)]
    fn poll(&mut self, place: u8, now: u64, inputs: Inputs) -> Result<(), Lost> {
        let seat = self.places.get_mut(usize::from(place));
        let (lock, columns) = seat.ok_or(Lost::NoPlace)?.lock()?;
        self.wires.get_mut().begin(inputs, *columns);
        let wake = lock.poll(&mut parts(&self.wires), Instant::from_ticks(now));
        *columns = self.wires.get_mut().columns();
        self.sleep(wake)
    }

    #[inline(never)]
    fn clock(&mut self, place: u8, now: u64) -> Result<(), Lost> {
        let seat = self.places.get(usize::from(place));
        let clock = match seat {
            Some(Seat::Taken { lock, .. }) => {
                match lock.clock(&mut parts(&self.wires), Instant::from_ticks(now)) {
                    Ok(civil) => Clock::Says(civil.and_utc().timestamp()),
                    Err(distrust) => Clock::Untrusted(distrust.name()),
                }
            }
            Some(Seat::Empty) | None => Clock::Silent,
        };
        self.say(&Reply::Clock(clock))
    }

    fn sleep(&mut self, wake: lock::Wake) -> Result<(), Lost> {
        let wake = match wake {
            lock::Wake::At(at) => Some(at.as_ticks()),
            lock::Wake::OnInput => None,
        };
        let wires = self.wires.get_mut();
        wires.end_port();
        let ticks = wires.worked();
        self.say(&Reply::Asleep { wake, ticks })
    }

    fn say(&mut self, reply: &Reply<'_>) -> Result<(), Lost> {
        let wires = self.wires.get_mut();
        wires.flush();
        wires.line.say(reply);
        wires.line.check()
    }

    fn place(&mut self, place: u8) -> Result<&mut Seat, Lost> {
        self.places.get_mut(usize::from(place)).ok_or(Lost::NoPlace)
    }
}
