//! Frames over a serial line, as the target sends and receives them.

use core::fmt::{self, Display};
use core::ops::Range;

use heapless::Vec;

use super::Wire;
use crate::frame::{Decoder, Encoder, FRAME, Spoiled};
use crate::message::{Ask, Inputs, Reply, Request};

/// Why a target can't go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The line is at its end, or broken.
    Ended,
    /// What came was no frame, or not the one that was due.
    Spoiled(Spoiled),
    /// The bench speaks another version.
    OtherVersion,
    /// An answer came where none was asked for, or none where one was.
    OutOfTurn,
    /// There is no such place.
    NoPlace,
    /// There is no lock in that place.
    NoLock,
}

impl Display for Lost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Ended => "the line is at its end",
            Self::Spoiled(spoiled) => return write!(formatter, "the target received {spoiled}"),
            Self::OtherVersion => "the bench speaks another version",
            Self::OutOfTurn => "the bench spoke out of turn",
            Self::NoPlace => "the target has no such place for a lock",
            Self::NoLock => "the target has no lock in that place",
        })
    }
}

/// What is read at once, in bytes, where so much has come: most frames. A page of flash takes a few.
const CHUNK: usize = 128;

/// What is sent at once, in bytes, at most.
const UNSENT: usize = FRAME;

/// What the bench has answered, besides the bytes themselves.
pub(super) struct Answered {
    /// How many bytes it sent.
    pub(super) sent: usize,
    /// How many bytes of flash after those that were asked for are erased, too.
    pub(super) erased: u32,
}

/// A serial line with frames on it. Once lost, it says and hears nothing until the next hello.
pub(super) struct Line<L> {
    io: L,
    /// What came with the last read, and which part of it nobody has looked at.
    chunk: [u8; CHUNK],
    unread: Range<usize>,
    /// Frames that wait until the target does: what it says in a row goes in one piece.
    unsent: Vec<u8, UNSENT>,
    encoder: Encoder,
    decoder: Decoder,
    lost: Option<Lost>,
}

impl<L: Wire> Line<L> {
    pub(super) fn new(line: L) -> Self {
        Self {
            io: line,
            chunk: [0; CHUNK],
            unread: 0..0,
            unsent: Vec::new(),
            encoder: Encoder::default(),
            decoder: Decoder::default(),
            lost: None,
        }
    }

    /// What the processor's counter shows.
    pub(super) fn ticks(&mut self) -> u32 {
        self.io.ticks()
    }

    /// The most that was on the processor's stack.
    pub(super) fn stack(&self) -> u32 {
        self.io.stack()
    }

    /// What the bench asks next.
    pub(super) fn next(&mut self) -> Result<Ask, Lost> {
        self.frame()?;
        match self.decoder.message().map_err(Lost::Spoiled)? {
            Request::Ask(ask) => Ok(ask),
            Request::Answer { .. } => Err(Lost::OutOfTurn),
        }
    }

    /// Waits until a whole frame has come. One that says hello begins the counts anew, whatever was before.
    fn frame(&mut self) -> Result<(), Lost> {
        self.flush()?;
        loop {
            for at in self.unread.by_ref() {
                if self.decoder.push(self.chunk[at]) {
                    return Ok(());
                }
            }
            match self.io.read(&mut self.chunk) {
                Ok(count) if count > 0 => self.unread = 0..count,
                Ok(_) | Err(_) => return Err(Lost::Ended),
            }
        }
    }

    pub(super) fn say(&mut self, reply: &Reply<'_>) {
        if self.lost.is_none() {
            self.send(reply);
        }
    }

    fn send(&mut self, reply: &Reply<'_>) {
        let mut frame = [0; FRAME];
        let sent = match self.encoder.encode(reply, &mut frame) {
            Ok(frame) => self.queue(frame),
            Err(spoiled) => Err(Lost::Spoiled(spoiled)),
        };
        self.lost = self.lost.or(sent.err());
    }

    /// Takes a frame in, after what has to go first.
    fn queue(&mut self, frame: &[u8]) -> Result<(), Lost> {
        if self.unsent.extend_from_slice(frame).is_ok() {
            return Ok(());
        }
        self.flush()?;
        // Any frame fits where nothing else is.
        let _ = self.unsent.extend_from_slice(frame);
        Ok(())
    }

    /// Sends what waits.
    fn flush(&mut self) -> Result<(), Lost> {
        let sent = self.io.write_all(&self.unsent);
        self.unsent.clear();
        sent.map_err(|_| Lost::Ended)
    }

    /// Asks the bench, and takes its answer: what it read into `bytes` (erased where it sent less), and the inputs as
    /// they are now. Nothing where it could not be done.
    pub(super) fn ask(
        &mut self,
        reply: &Reply<'_>,
        bytes: &mut [u8],
        inputs: &mut Inputs,
    ) -> Option<Answered> {
        self.say(reply);
        if self.lost.is_some() {
            return None;
        }
        self.answer(bytes, inputs).unwrap_or_else(|lost| {
            self.lost = Some(lost);
            None
        })
    }

    fn answer(&mut self, into: &mut [u8], now: &mut Inputs) -> Result<Option<Answered>, Lost> {
        self.frame()?;
        match self.decoder.message().map_err(Lost::Spoiled)? {
            Request::Answer {
                bytes,
                erased,
                done,
                inputs,
            } => {
                *now = inputs;
                let (read, rest) = into
                    .split_at_mut_checked(bytes.len())
                    .ok_or(Lost::OutOfTurn)?;
                read.copy_from_slice(bytes);
                rest.fill(0xFF);
                let sent = bytes.len();
                Ok(done.then_some(Answered { sent, erased }))
            }
            Request::Ask(_) => Err(Lost::OutOfTurn),
        }
    }

    pub(super) fn check(&self) -> Result<(), Lost> {
        self.lost.map_or(Ok(()), Err)
    }

    /// Tells the bench why this is the end, as far as it still listens, and begins anew.
    pub(super) fn give_up(&mut self, lost: Lost) {
        let mut text = heapless::String::<64>::new();
        // A text that is cut says enough.
        let _ = fmt::write(&mut text, format_args!("{lost}"));
        self.send(&Reply::Lost(&text));
        // Whoever is no longer there misses nothing.
        let _ = self.flush();
        self.encoder = Encoder::default();
        self.decoder = Decoder::default();
        self.lost = None;
    }
}
