//! Processors outside of this program that run the lock's firmware, behind a serial line.

mod pool;
mod remote;
mod serve;
mod wire;

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::io;

use firmware_core::audit::Field;
use link::frame::{Decoder, Encoder, FRAME, Spoiled};
use link::message::{Ask, Clock, Reply, Request, VERSION};

use pool::Lease;
pub use pool::Targets;
pub(crate) use remote::Remote;
use serve::serve;
pub use wire::{PATIENCE, Wire};

use crate::trace::AuditEntry;
use crate::world::Wiring;

/// What has passed over a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Polls, boots among them.
    pub polls: u64,
    /// Frames both ways.
    pub frames: u64,
    /// Bytes both ways.
    pub bytes: u64,
    /// How often the target waited for an answer, or the bench for the end of a poll.
    pub turns: u64,
}

impl std::ops::AddAssign for Traffic {
    fn add_assign(&mut self, other: Self) {
        self.polls += other.polls;
        self.frames += other.frames;
        self.bytes += other.bytes;
        self.turns += other.turns;
    }
}

impl Display for Traffic {
    /// What a poll costs on the line, on average.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let polls = self.polls.max(1) as f64;
        let [turns, frames, bytes] =
            [self.turns, self.frames, self.bytes].map(|count| count as f64 / polls);
        write!(
            formatter,
            "{} polls, each {turns:.2} turns, {frames:.2} frames and {bytes:.1} bytes on the line",
            self.polls
        )
    }
}

/// What polls of one kind took on the target's processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// How many there were.
    pub polls: u64,
    /// The least that one took, in the target's ticks.
    pub least: u32,
    /// And the most.
    pub most: u32,
    /// All together.
    pub sum: u64,
}

impl Work {
    fn of(ticks: u32) -> Self {
        Self {
            polls: 1,
            least: ticks,
            most: ticks,
            sum: ticks.into(),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            polls: self.polls + other.polls,
            least: self.least.min(other.least),
            most: self.most.max(other.most),
            sum: self.sum + other.sum,
        }
    }
}

/// What targets have needed of their processors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceUsage {
    /// By what came of a poll: the first entry that it wrote into the log, with the reason or means; or none.
    pub work: BTreeMap<String, Work>,
    /// Ticks a second; 0 where the target has no counter.
    pub ticks_per_second: u32,
    /// The most that was on the stack, in bytes; 0 where the target doesn't know.
    pub stack: u32,
    /// How large a lock is, in bytes.
    pub lock: u32,
    /// Ticks that reading a SmartPIN takes.
    pub read: u32,
}

impl ResourceUsage {
    /// Takes in another target's.
    pub fn merge(&mut self, other: &Self) {
        self.stack = self.stack.max(other.stack);
        self.lock = self.lock.max(other.lock);
        self.read = self.read.max(other.read);
        self.ticks_per_second = self.ticks_per_second.max(other.ticks_per_second);
        for (kind, work) in &other.work {
            self.add(kind, *work);
        }
    }

    fn add(&mut self, kind: &str, work: Work) {
        let sum = self.work.get(kind).map_or(work, |sum| sum.and(work));
        self.work.insert(kind.to_owned(), sum);
    }
}

/// How a poll ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Polled {
    /// When the target wants to be polled next, in microseconds since its boot.
    pub wake: Option<u64>,
    /// What the target's processor counted meanwhile.
    pub ticks: u32,
}

/// A processor at the other end of a line. Once it is lost it stays so, and does nothing.
pub(crate) struct Target {
    wire: Box<dyn Wire>,
    encoder: Encoder,
    decoder: Decoder,
    unread: Vec<u8>,
    /// Places for a lock that are free.
    free: Vec<u8>,
    traffic: Traffic,
    usage: ResourceUsage,
    lost: Option<String>,
}

/// Why a target can't go on.
type Lost = String;

impl Target {
    /// Says hello to whatever is at the other end.
    ///
    /// # Errors
    ///
    /// Nothing answers, or something that can't be understood.
    pub(crate) fn greet(wire: Box<dyn Wire>) -> Result<Self, String> {
        let mut target = Self {
            wire,
            encoder: Encoder::default(),
            decoder: Decoder::default(),
            unread: Vec::new(),
            free: Vec::new(),
            traffic: Traffic::default(),
            usage: ResourceUsage::default(),
            lost: None,
        };
        // One that was left in the middle of something gives up on the first hello, and listens to the second.
        let version = target.welcome().or_else(|why| {
            if target.lost.is_some() {
                return Err(why);
            }
            target.encoder = Encoder::default();
            target.decoder = Decoder::default();
            target.unread.clear();
            target.welcome()
        })?;
        if version == VERSION {
            Ok(target)
        } else {
            Err(format!(
                "the target speaks version {version} of the link, and this bench version {VERSION}: build its image \
                 anew, by boards/build"
            ))
        }
    }

    /// The version that the target speaks.
    fn welcome(&mut self) -> Result<u16, Lost> {
        self.send(&Request::Ask(Ask::Hello { version: VERSION }))?;
        self.frame()?;
        match self.decoder.message().map_err(spoiled)? {
            Reply::Welcome {
                version,
                places,
                ticks_per_second,
                ..
            } => {
                self.free = (0..places).rev().collect();
                self.usage.ticks_per_second = ticks_per_second;
                Ok(version)
            }
            Reply::Lost(why) => Err(why.to_owned()),
            _ => Err("the target said something before it was asked".to_owned()),
        }
    }

    /// A place for one more lock.
    pub(crate) fn take_place(&mut self) -> Option<u8> {
        let place = self.free.pop();
        if place.is_none() {
            self.lose(
                "the target has no room for one more copy of its lock: forks are nested too deep"
                    .to_owned(),
            );
        }
        place
    }

    /// A lock is no longer needed.
    pub(crate) fn give_back(&mut self, place: u8) {
        if self.tell(Ask::Free { place }) {
            self.free.push(place);
        }
    }

    /// Copies a lock into another place.
    pub(crate) fn copy(&mut self, from: u8, to: u8) {
        self.tell(Ask::Copy { from, to });
    }

    /// Boots or polls a lock on a bench; none once the target is lost.
    pub(crate) fn poll(&mut self, ask: Ask, wiring: Wiring<'_>) -> Option<Polled> {
        self.traffic.polls += 1;
        let mut outcome = None;
        let ended = self.converse(ask, wiring, |reply| match reply {
            Reply::Audited(line) => {
                outcome = outcome.take().or_else(|| outcome_of(line));
                None
            }
            Reply::Asleep { wake, ticks } => Some(Polled {
                wake: *wake,
                ticks: *ticks,
            }),
            _ => None,
        });
        let polled = self.heed(ended)?;
        let work = Work::of(polled.ticks);
        self.usage.add(&outcome.unwrap_or_default(), work);
        Some(polled)
    }

    /// What a lock's clock says: seconds since 1970 on its wall, or why it says nothing; none where nobody knows.
    pub(crate) fn clock(&mut self, ask: Ask, wiring: Wiring<'_>) -> Option<Result<i64, String>> {
        let ended = self.converse(ask, wiring, |reply| match reply {
            Reply::Clock(Clock::Says(seconds)) => Some(Some(Ok(*seconds))),
            Reply::Clock(Clock::Untrusted(why)) => Some(Some(Err((*why).to_owned()))),
            Reply::Clock(Clock::Silent) => Some(None),
            _ => None,
        });
        self.heed(ended).flatten()
    }

    /// Why nothing more can be expected of it.
    pub(crate) fn lost(&self) -> Option<&str> {
        self.lost.as_deref()
    }

    /// What it has needed so far. Asks for what it alone knows.
    pub(crate) fn usage(&mut self) -> &ResourceUsage {
        let measured = self.ask(Ask::Measure, |reply| match reply {
            Reply::Measured { stack, lock, read } => Some((*stack, *lock, *read)),
            _ => None,
        });
        if let Some(measured) = self.heed(measured) {
            let usage = &mut self.usage;
            (usage.stack, usage.lock, usage.read) = measured;
        }
        &self.usage
    }

    /// What has passed so far.
    pub(crate) fn traffic(&self) -> Traffic {
        self.traffic
    }

    fn tell(&mut self, ask: Ask) -> bool {
        let ready = self.ask(ask, |reply| matches!(reply, Reply::Ready).then_some(()));
        self.heed(ready).is_some()
    }

    fn heed<T>(&mut self, ended: Result<T, Lost>) -> Option<T> {
        ended.map_err(|why| self.lose(why)).ok()
    }

    /// The line itself is of no more use; why, in words.
    fn gone(&mut self, error: &io::Error) -> Lost {
        let why = self.wire.gone(error);
        self.lose(why.clone());
        why
    }

    fn lose(&mut self, why: String) {
        self.lost.get_or_insert(why);
    }

    /// Asks for what takes no bench, and waits for the answer.
    fn ask<T>(
        &mut self,
        ask: Ask,
        answer: impl FnOnce(&Reply<'_>) -> Option<T>,
    ) -> Result<T, Lost> {
        self.begin(ask)?;
        self.frame()?;
        let reply = self.decoder.message().map_err(spoiled)?;
        answer(&reply).ok_or_else(|| unasked(&reply))
    }

    /// Asks for what the target does on a bench, serves whatever it asks back, and waits for the end.
    fn converse<T>(
        &mut self,
        ask: Ask,
        wiring: Wiring<'_>,
        mut end: impl FnMut(&Reply<'_>) -> Option<T>,
    ) -> Result<T, Lost> {
        self.begin(ask)?;
        loop {
            self.frame()?;
            let answer = {
                let reply = self.decoder.message().map_err(spoiled)?;
                if let Some(ended) = end(&reply) {
                    return Ok(ended);
                }
                serve(&reply, wiring)?
            };
            if let Some(answer) = answer {
                self.send(&Request::Answer {
                    bytes: answer.as_ref().map_or(&[], |answer| &answer.bytes),
                    erased: answer.as_ref().map_or(0, |answer| answer.erased),
                    done: answer.is_some(),
                    inputs: wiring.inputs(),
                })?;
            }
        }
    }

    fn begin(&mut self, ask: Ask) -> Result<(), Lost> {
        match &self.lost {
            Some(lost) => Err(lost.clone()),
            None => self.send(&Request::Ask(ask)),
        }
    }

    fn send(&mut self, request: &Request<'_>) -> Result<(), Lost> {
        let mut frame = [0; FRAME];
        let frame = self.encoder.encode(request, &mut frame);
        let frame = frame.map_err(|error| format!("the bench would send {error}"))?;
        self.traffic.frames += 1;
        self.traffic.turns += 1;
        self.traffic.bytes += frame.len() as u64;
        self.wire.send(frame).map_err(|error| self.gone(&error))
    }

    /// Waits for a whole frame.
    fn frame(&mut self) -> Result<(), Lost> {
        loop {
            let mut unread = self.unread.iter();
            if let Some(last) = unread.position(|byte| self.decoder.push(*byte)) {
                self.traffic.frames += 1;
                self.unread.drain(..=last);
                return Ok(());
            }
            let mut bytes = [0; 4096];
            let count = match self.wire.receive(&mut bytes) {
                Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
                received => received,
            };
            let count = count.map_err(|error| self.gone(&error))?;
            self.traffic.bytes += count as u64;
            self.unread.clear();
            self.unread.extend_from_slice(&bytes[..count]);
        }
    }
}

fn spoiled(error: Spoiled) -> Lost {
    format!("the bench received {error}")
}

/// Why a target can't go on that says this, where it should say something else.
fn unasked(reply: &Reply<'_>) -> Lost {
    match reply {
        Reply::Lost(why) => (*why).to_owned(),
        Reply::Welcome { .. } => "the target has started anew by itself".to_owned(),
        _ => "the target answered what it wasn't asked".to_owned(),
    }
}

/// What comes of a poll that first writes this line into the log: the event, and its reason or means.
fn outcome_of(line: &str) -> Option<String> {
    let entry: AuditEntry = line.parse().ok()?;
    let how = entry
        .field(Field::Reason)
        .or_else(|| entry.field(Field::By));
    let kind = entry.event.kind();
    Some(how.map_or_else(|| kind.to_string(), |how| format!("{kind} {how}")))
}
