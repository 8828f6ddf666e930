//! Messages as frames on a serial line.
//!
//! A frame is a zero, then a sequence number, a message in postcard and a CRC-16 in COBS, then a zero. The zero before it
//! ends whatever noise came first. Each end counts its frames; one that is lost, doubled or spoiled is noticed, and
//! nothing is sent twice: a bench that can't trust its line says so and stops.

use core::fmt::{self, Display};

use crc::{CRC_16_IBM_SDLC, Crc, Table};
use serde::{Deserialize, Serialize};

/// What a frame's message may weigh, in bytes.
pub const MESSAGE: usize = 384;
/// A sequence number, a message and a checksum.
const PACKET: usize = 1 + MESSAGE + CHECKSUM;
/// A frame on the line, in bytes, at most.
pub const FRAME: usize = cobs::max_encoding_length(PACKET) + 2;

const CHECKSUM: usize = 2;
const CRC: Crc<u16, Table<1>> = Crc::<u16, Table<1>>::new(&CRC_16_IBM_SDLC);

/// Why a frame is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoiled {
    /// Longer than any frame.
    TooLong,
    /// No COBS, too short, or its checksum doesn't fit.
    Corrupt,
    /// Another frame was expected: one was lost, or came twice.
    OutOfOrder {
        /// The number that was expected.
        expected: u8,
        /// The number that came.
        came: u8,
    },
    /// No message that this version knows.
    Unknown,
}

impl Display for Spoiled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => formatter.write_str("a frame that is too long"),
            Self::Corrupt => formatter.write_str("a frame that is corrupt"),
            Self::OutOfOrder { expected, came } => {
                write!(formatter, "frame {came} where frame {expected} was due")
            }
            Self::Unknown => formatter.write_str("a frame with an unknown message"),
        }
    }
}

/// The number of a frame that is outside of the count.
const LAST_WORDS: u8 = u8::MAX;

fn following(sequence: u8) -> u8 {
    (sequence + 1) % LAST_WORDS
}

/// The end that sends.
#[derive(Clone, Debug, Default)]
pub struct Encoder {
    sequence: u8,
}

impl Encoder {
    /// For a single frame that counts whatever was sent before: a processor that fails can't know how far it was.
    #[must_use]
    pub const fn last_words() -> Self {
        Self {
            sequence: LAST_WORDS,
        }
    }

    /// Puts a message into a frame.
    ///
    /// # Errors
    ///
    /// [`Spoiled::TooLong`] for a message of more than [`MESSAGE`] bytes.
    pub fn encode<'a>(
        &mut self,
        message: &impl Serialize,
        frame: &'a mut [u8; FRAME],
    ) -> Result<&'a [u8], Spoiled> {
        let mut packet = [self.sequence; PACKET];
        let (body, _) = packet.split_at_mut(1 + MESSAGE);
        let used = postcard::to_slice(message, &mut body[1..]);
        let length = 1 + used.map_err(|_| Spoiled::TooLong)?.len();
        let checksum = CRC.checksum(&packet[..length]).to_le_bytes();
        packet[length..length + CHECKSUM].copy_from_slice(&checksum);
        let used = cobs::encode(&packet[..length + CHECKSUM], &mut frame[1..]);
        // The encoder may leave a byte behind what it has used.
        frame[0] = 0;
        frame[used + 1] = 0;
        self.sequence = following(self.sequence % LAST_WORDS);
        Ok(&frame[..used + 2])
    }
}

/// The end that receives.
#[derive(Clone, Debug)]
pub struct Decoder {
    sequence: u8,
    frame: heapless::Vec<u8, FRAME>,
    overlong: bool,
    done: bool,
}

impl Default for Decoder {
    fn default() -> Self {
        Self {
            sequence: 0,
            frame: heapless::Vec::new(),
            overlong: false,
            done: false,
        }
    }
}

impl Decoder {
    /// Takes a byte from the line. With the last one of a frame, [`Decoder::message`] has it.
    pub fn push(&mut self, byte: u8) -> bool {
        if self.done {
            self.frame.clear();
            self.overlong = false;
            self.done = false;
        }
        if byte == 0 {
            self.done = self.overlong || !self.frame.is_empty();
            return self.done;
        }
        self.overlong |= self.frame.push(byte).is_err();
        false
    }

    /// The message of the frame that has just come to its end.
    ///
    /// # Errors
    ///
    /// Why it is none.
    pub fn message<'a, M: Deserialize<'a>>(&'a mut self) -> Result<M, Spoiled> {
        if self.overlong {
            return Err(Spoiled::TooLong);
        }
        let length = cobs::decode_in_place(&mut self.frame).map_err(|_| Spoiled::Corrupt)?;
        let packet = self.frame.get(..length).ok_or(Spoiled::Corrupt)?;
        let (packet, checksum) = packet
            .split_last_chunk::<CHECKSUM>()
            .ok_or(Spoiled::Corrupt)?;
        let (came, body) = packet.split_first().ok_or(Spoiled::Corrupt)?;
        if CRC.checksum(packet).to_le_bytes() != *checksum {
            return Err(Spoiled::Corrupt);
        }
        if *came == LAST_WORDS {
            return postcard::from_bytes(body).map_err(|_| Spoiled::Unknown);
        }
        if *came != self.sequence {
            return Err(Spoiled::OutOfOrder {
                expected: self.sequence,
                came: *came,
            });
        }
        self.sequence = following(self.sequence);
        postcard::from_bytes(body).map_err(|_| Spoiled::Unknown)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use proptest::prelude::*;
    use std::vec::Vec;

    use super::*;

    fn frame(encoder: &mut Encoder, message: &[u8]) -> Vec<u8> {
        let mut frame = [0; FRAME];
        let frame = encoder.encode(&message, &mut frame).expect("short enough");
        frame.to_vec()
    }

    fn take(decoder: &mut Decoder, line: &[u8]) -> Vec<Result<Vec<u8>, Spoiled>> {
        let mut taken = Vec::new();
        for byte in line {
            if decoder.push(*byte) {
                taken.push(decoder.message::<&[u8]>().map(<[u8]>::to_vec));
            }
        }
        taken
    }

    proptest! {
        #[test]
        fn what_is_sent_arrives_after_any_noise(
            messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..MESSAGE - 2), 1..6),
            noise in prop::collection::vec(1..=u8::MAX, 0..20),
        ) {
            let (mut encoder, mut decoder) = (Encoder::default(), Decoder::default());
            let mut line = noise.clone();
            for message in &messages {
                line.extend(frame(&mut encoder, message));
            }
            let taken: Vec<_> = take(&mut decoder, &line).split_off(usize::from(!noise.is_empty()));
            prop_assert_eq!(taken, messages.into_iter().map(Ok).collect::<Vec<_>>());
        }

        #[test]
        fn no_flipped_bit_goes_unnoticed(message in prop::collection::vec(any::<u8>(), 0..40), at in any::<prop::sample::Index>(), bit in 0..8) {
            let mut line = frame(&mut Encoder::default(), &message);
            // The zeros around a frame may go: the next frame brings another.
            let at = 1 + at.index(line.len() - 2);
            line[at] ^= 1u8 << bit;
            let taken = take(&mut Decoder::default(), &line);
            prop_assert!(taken.iter().all(Result::is_err), "{taken:?}");
        }
    }

    #[test]
    fn lost_doubled_and_late_frames_are_told() {
        let mut encoder = Encoder::default();
        let frames = [b"a", b"b", b"c"].map(|message| frame(&mut encoder, message));
        let mut decoder = Decoder::default();
        let line = [&frames[0][..], &frames[2], &frames[0]].concat();
        let out_of_order = |came| Err(Spoiled::OutOfOrder { expected: 1, came });
        assert_eq!(
            take(&mut decoder, &line),
            [Ok(b"a".to_vec()), out_of_order(2), out_of_order(0)]
        );
    }

    #[test]
    fn last_words_are_heard_at_any_time() {
        let mut encoder = Encoder::default();
        let first = frame(&mut encoder, b"a");
        let last = frame(&mut Encoder::last_words(), b"alas");
        let taken = take(&mut Decoder::default(), &[first, last].concat());
        assert_eq!(taken, [Ok(b"a".to_vec()), Ok(b"alas".to_vec())]);
    }

    #[test]
    fn every_length_has_its_two_zeros() {
        for length in 0..=MESSAGE - 2 {
            let line = frame(&mut Encoder::default(), &std::vec![1; length]);
            let (first, rest) = line.split_first().expect("a frame");
            let (last, body) = rest.split_last().expect("a frame");
            assert_eq!(
                (*first, *last, body.contains(&0)),
                (0, 0, false),
                "{length}"
            );
        }
    }

    #[test]
    fn counts_go_round() {
        let (mut encoder, mut decoder) = (Encoder::default(), Decoder::default());
        for _ in 0..600 {
            let line = frame(&mut encoder, b"a");
            assert_eq!(take(&mut decoder, &line), [Ok(b"a".to_vec())]);
        }
    }

    #[test]
    fn what_never_ends_is_too_long() {
        let mut decoder = Decoder::default();
        let mut line = std::vec![1; 2 * FRAME];
        line.push(0);
        assert_eq!(take(&mut decoder, &line), [Err(Spoiled::TooLong)]);
    }
}
