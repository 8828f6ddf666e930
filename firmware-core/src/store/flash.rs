//! Reading, writing and erasing, with nothing taken on trust.

use core::ops::Range;

use crc::{CRC_32_ISCSI, Crc, Table};
use embedded_storage::nor_flash::NorFlash;

/// Why something could not be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// The table has no room, and nothing in it is over.
    Full,
    /// The flash failed.
    Flash,
}

/// An erase sector, in bytes.
pub const SECTOR: u32 = 4096;
/// What every write and every place is a multiple of, in bytes.
pub(super) const WORD: usize = 4;
/// What an erased byte reads.
const ERASED: u8 = 0xFF;
/// How many bytes are read at once.
pub(super) const READ: usize = 256;

const ERASED_BYTES: [u8; READ] = [ERASED; READ];
const CHECKSUM: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(&CRC_32_ISCSI);

/// CRC-32C: finds every flip of up to five bits in as many bytes as a record has.
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    CHECKSUM.checksum(bytes)
}

/// Bytes where a flash driver that copies by words wants them.
#[repr(align(4))]
pub(super) struct Aligned<const N: usize>(pub(super) [u8; N]);

impl<const N: usize> Aligned<N> {
    pub(super) const fn erased() -> Self {
        Self([ERASED; N])
    }
}

/// Reads whole words.
pub(super) fn read<F: NorFlash>(
    flash: &mut F,
    at: u32,
    bytes: &mut [u8],
) -> Result<(), StoreError> {
    const {
        assert!(WORD.is_multiple_of(F::READ_SIZE), "reads by words");
        assert!(WORD.is_multiple_of(F::WRITE_SIZE), "writes by words");
        assert!(
            (SECTOR as usize).is_multiple_of(F::ERASE_SIZE),
            "erases by sectors"
        );
    }
    flash.read(at, bytes).map_err(|_| StoreError::Flash)
}

/// Writes whole words into erased ones, and looks whether they hold what they should.
pub(super) fn write<F: NorFlash>(flash: &mut F, at: u32, bytes: &[u8]) -> Result<(), StoreError> {
    flash.write(at, bytes).map_err(|_| StoreError::Flash)?;
    let mut place = at;
    let mut held = Aligned::<32>::erased();
    for chunk in bytes.chunks(held.0.len()) {
        let held = held.0.get_mut(..chunk.len()).ok_or(StoreError::Flash)?;
        read(flash, place, held)?;
        if held != chunk {
            return Err(StoreError::Flash);
        }
        place = place.saturating_add(chunk.len() as u32);
    }
    Ok(())
}

/// Erases a sector unless nothing is in it. A torn erase can leave anything, so the whole of it is looked at.
pub(super) fn clear<F: NorFlash>(flash: &mut F, sector: Range<u32>) -> Result<(), StoreError> {
    if is_blank(flash, sector.clone())? {
        return Ok(());
    }
    flash
        .erase(sector.start, sector.end)
        .map_err(|_| StoreError::Flash)?;
    if is_blank(flash, sector)? {
        Ok(())
    } else {
        Err(StoreError::Flash)
    }
}

/// Whether these bytes are erased ones.
pub(super) fn is_erased(bytes: &[u8]) -> bool {
    bytes
        .chunks(READ)
        .all(|chunk| ERASED_BYTES.get(..chunk.len()) == Some(chunk))
}

/// Whether all of this reads as erased.
pub(super) fn is_blank<F: NorFlash>(flash: &mut F, range: Range<u32>) -> Result<bool, StoreError> {
    let mut bytes = Aligned::<READ>::erased();
    let mut at = range.start;
    while at < range.end {
        let length = READ.min((range.end - at) as usize);
        let part = bytes.0.get_mut(..length).ok_or(StoreError::Flash)?;
        read(flash, at, part)?;
        if !is_erased(part) {
            return Ok(false);
        }
        at += length as u32;
    }
    Ok(true)
}

/// A look at the flash that moves forward, read in larger pieces than it is looked at.
pub(super) struct View<'a, F> {
    flash: &'a mut F,
    bytes: Aligned<READ>,
    /// What `bytes` holds.
    held: Range<u32>,
}

impl<'a, F: NorFlash> View<'a, F> {
    pub(super) fn new(flash: &'a mut F) -> Self {
        Self {
            flash,
            bytes: Aligned::erased(),
            held: 0..0,
        }
    }

    /// The bytes from `at` on: `length` of them, or as many as there are before `end`.
    pub(super) fn look(&mut self, at: u32, length: usize, end: u32) -> Result<&[u8], StoreError> {
        let left = end.saturating_sub(at) as usize;
        let length = length.min(left).min(READ);
        if at < self.held.start || at + length as u32 > self.held.end {
            let filled = self
                .bytes
                .0
                .get_mut(..READ.min(left))
                .ok_or(StoreError::Flash)?;
            self.held = 0..0;
            read(self.flash, at, filled)?;
            self.held = at..at + filled.len() as u32;
        }
        let from = (at - self.held.start) as usize;
        self.bytes
            .0
            .get(from..from + length)
            .ok_or(StoreError::Flash)
    }
}
