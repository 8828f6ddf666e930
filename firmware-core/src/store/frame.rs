//! A record as it stands in a bank: key, length, a check of both, the record, and a checksum of all, in whole words.
//!
//! The checksum comes last, so a write that was torn has none.

use super::codec::{LONGEST_RECORD, Record};
use super::flash::{Aligned, WORD, checksum};

/// Key, length, and the check of both.
const HEAD: usize = 4;
/// The checksum.
const TAIL: usize = 4;
/// The longest frame.
pub(super) const LONGEST_FRAME: usize = frame_length(LONGEST_RECORD);

/// The bytes that a record takes.
pub(super) const fn frame_length(record: usize) -> usize {
    HEAD + record.next_multiple_of(WORD) + TAIL
}

/// A framed record, ready to be written.
pub(super) struct Frame {
    bytes: Aligned<LONGEST_FRAME>,
    length: usize,
}

impl Frame {
    /// None if the record is longer than a record can be.
    pub(super) fn new(key: u8, record: &Record) -> Option<Self> {
        let mut bytes = Aligned([0; LONGEST_FRAME]);
        let length = frame_length(record.len());
        let size = u8::try_from(record.len()).ok()?;
        let (front, tail) = bytes.0.get_mut(..length)?.split_last_chunk_mut::<TAIL>()?;
        let (head, body) = front.split_first_chunk_mut::<HEAD>()?;
        *head = self::head(key, size);
        body.get_mut(..record.len())?.copy_from_slice(record);
        *tail = checksum(front).to_le_bytes();
        Some(Self { bytes, length })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.0.get(..self.length).unwrap_or_default()
    }
}

/// The record at the front of `bytes`, with its key and the length of its frame; none if nothing whole is there.
pub(super) fn parse(bytes: &[u8]) -> Option<(u8, &[u8], usize)> {
    let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
    let [key, size, ..] = *head;
    if *head != self::head(key, size) {
        return None;
    }
    let record = rest.get(..usize::from(size))?;
    let length = frame_length(record.len());
    let (front, tail) = bytes.get(..length)?.split_last_chunk::<TAIL>()?;
    (checksum(front).to_le_bytes() == *tail).then_some((key, record, length))
}

/// An erased word is none.
fn head(key: u8, size: u8) -> [u8; HEAD] {
    [key, size, !key, !size]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_gives_back_its_record_and_no_flipped_bit_passes() {
        for length in [0, 1, 4, 13, LONGEST_RECORD] {
            let record: Record = (0..length).map(|byte| byte as u8).collect();
            let frame = Frame::new(7, &record).expect("it fits");
            assert_eq!(
                parse(frame.bytes()),
                Some((7, record.as_slice(), frame.bytes().len()))
            );
            for bit in 0..frame.bytes().len() * 8 {
                let mut flipped = [0; LONGEST_FRAME];
                flipped[..frame.bytes().len()].copy_from_slice(frame.bytes());
                flipped[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(parse(&flipped[..frame.bytes().len()]), None, "bit {bit}");
            }
            for torn in 0..frame.bytes().len() {
                assert_eq!(parse(&frame.bytes()[..torn]), None);
            }
        }
    }

    #[test]
    fn erased_flash_is_no_frame() {
        assert_eq!(parse(&[0xFF; LONGEST_FRAME]), None);
        assert_eq!(parse(&[0; LONGEST_FRAME]), None);
    }
}
