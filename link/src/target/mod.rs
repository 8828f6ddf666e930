//! The lock's end of the line: locks whose peripherals are the bench's.

mod board;
mod line;

use core::cell::RefCell;
use core::fmt::{Display, Write as _};

use embedded_io::{Read, Write};
use firmware_core::lock::{self, Lock};
use firmware_core::time::Instant;
use heapless::{String, Vec};
use smartpin::{Generation, Index, LockKey};

use crate::frame::{Encoder, FRAME};
use crate::message::{Ask, Clock, Inputs, Reply, VERSION};
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

    /// The most that was on the stack since there are places, in bytes; 0 where nobody knows.
    fn stack(&self) -> u32 {
        0
    }
}

/// Room for so many locks. A bench needs more than one where a scenario forks.
///
/// It is large: a processor with little RAM has it in a `static`.
pub struct Places<const COUNT: usize>(Vec<Seat, COUNT>);

impl<const COUNT: usize> Places<COUNT> {
    /// Room without locks.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Has locks on its stack, which no frame of another's should have.
    #[inline(never)]
    fn furnish(&mut self) {
        while !self.0.is_full() {
            // There is room.
            let _ = self.0.push(Seat::empty());
        }
    }
}

impl<const COUNT: usize> Default for Places<COUNT> {
    fn default() -> Self {
        Self::new()
    }
}

/// Tells the bench why a processor can't go on, from wherever that shows: a panic handler, say. `send` returns once all of
/// it is sent.
pub fn last_words(why: impl Display, send: impl FnOnce(&[u8])) {
    let mut text = String::<192>::new();
    // A text that is cut says enough.
    let _ = write!(text, "{why}");
    let mut frame = [0; FRAME];
    if let Ok(frame) = Encoder::last_words().encode(&Reply::Lost(&text), &mut frame) {
        send(frame);
    }
}

/// Locks on one serial line.
pub struct Target<'a, L> {
    wires: RefCell<Wires<L>>,
    name: &'a str,
    places: &'a mut [Seat],
}

/// A lock, which stays here whether it is in use or not.
#[derive(Clone)]
struct Seat {
    lock: Lock,
    taken: bool,
    /// How the lock drives the columns of its keypad.
    columns: u8,
}

impl Seat {
    fn empty() -> Self {
        Self {
            lock: Lock::unpowered(),
            taken: false,
            columns: 0,
        }
    }

    fn taken(&mut self) -> Result<&mut Self, Lost> {
        if self.taken {
            Ok(self)
        } else {
            Err(Lost::NoLock)
        }
    }
}

/// What the counter counts while a SmartPIN is read.
fn time_of_a_read<L: Wire>(line: &mut Line<L>) -> u32 {
    let key = LockKey::from_bytes([0; 16]).pin_key();
    let generation = Generation(0);
    let pin = key.issue(Index::FIRST, generation);
    let pin = core::hint::black_box(pin);
    let begun = line.ticks();
    let read = key.read(&pin, generation);
    let ended = line.ticks();
    let _ = core::hint::black_box(read);
    ended.wrapping_sub(begun)
}

impl<'a, L: Wire> Target<'a, L> {
    /// A target that calls itself `name`, and has this room for locks.
    pub fn new<const COUNT: usize>(line: L, places: &'a mut Places<COUNT>, name: &'a str) -> Self {
        places.furnish();
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
        let ask = self.wires.get_mut().line.next()?;
        match ask {
            Ask::Hello { version } => self.welcome(version),
            Ask::Boot { place, key, inputs } => self.boot(place, key, inputs),
            Ask::Poll { place, now, inputs } => self.poll(place, now, inputs),
            Ask::Clock { place, now } => self.clock(place, now),
            Ask::Copy { from, to } => self.copy(from, to),
            Ask::Measure => {
                let line = &mut self.wires.get_mut().line;
                let measured = Reply::Measured {
                    stack: line.stack(),
                    lock: size_of::<Lock>() as u32,
                    read: time_of_a_read(line),
                };
                self.say(&measured)
            }
            Ask::Free { place } => {
                self.place(place)?.taken = false;
                self.say(&Reply::Ready)
            }
        }
    }

    fn welcome(&mut self, version: u16) -> Result<(), Lost> {
        self.places.iter_mut().for_each(|seat| seat.taken = false);
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

    /// As [`Places::furnish`].
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

    fn boot(&mut self, place: u8, key: [u8; 16], inputs: Inputs) -> Result<(), Lost> {
        let now = Instant::from_ticks(0);
        // Without power no output drove anything.
        self.wires.get_mut().begin(inputs, 0);
        let seat = self.places.get_mut(usize::from(place));
        let seat = seat.ok_or(Lost::NoPlace)?;
        seat.taken = true;
        let mut parts = parts(&self.wires);
        seat.lock.start(&LockKey::from_bytes(key), &mut parts, now);
        let wake = seat.lock.poll(&mut parts, now);
        seat.columns = self.wires.get_mut().columns();
        self.sleep(wake)
    }

    fn poll(&mut self, place: u8, now: u64, inputs: Inputs) -> Result<(), Lost> {
        let seat = self.places.get_mut(usize::from(place));
        let seat = seat.ok_or(Lost::NoPlace)?.taken()?;
        self.wires.get_mut().begin(inputs, seat.columns);
        let now = Instant::from_ticks(now);
        let wake = seat.lock.poll(&mut parts(&self.wires), now);
        seat.columns = self.wires.get_mut().columns();
        self.sleep(wake)
    }

    fn clock(&mut self, place: u8, now: u64) -> Result<(), Lost> {
        let seat = self.places.get(usize::from(place));
        let clock = seat
            .filter(|seat| seat.taken)
            .map_or(Clock::Silent, |seat| {
                let now = Instant::from_ticks(now);
                match seat.lock.clock(&mut parts(&self.wires), now) {
                    Ok(civil) => Clock::Says(civil.and_utc().timestamp()),
                    Err(fault) => Clock::Untrusted(fault.as_str()),
                }
            });
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
