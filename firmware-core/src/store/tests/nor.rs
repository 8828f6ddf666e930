//! A strict NOR flash that fails the way NOR flash fails: bits only fall, and a cut leaves a write or an erase torn.

use core::ops::Range;

use super::std::vec;
use super::std::vec::Vec;

use embedded_storage::nor_flash::{
    ErrorType, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
};

use crate::store::layout::{SECTOR, SIZE};

/// When and how the supply fails.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    /// The write or erase that it fails in, from 0.
    pub(super) operation: usize,
    /// Bytes of a write that got through; for an erase, how it is torn.
    pub(super) progress: usize,
    /// What the cells between old and new hold.
    pub(super) seed: u64,
}

/// What an operation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Write { length: usize },
    Erase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    NotAligned,
    /// A write would have raised a bit.
    RaisesBits,
    OutOfBounds,
    /// The supply is gone.
    Off,
    /// The chip refuses.
    Refused,
}

impl NorFlashError for Failure {
    fn kind(&self) -> NorFlashErrorKind {
        match self {
            Self::NotAligned => NorFlashErrorKind::NotAligned,
            Self::OutOfBounds => NorFlashErrorKind::OutOfBounds,
            Self::RaisesBits | Self::Off | Self::Refused => NorFlashErrorKind::Other,
        }
    }
}

#[derive(Clone)]
pub(super) struct Nor {
    pub(super) bytes: Vec<u8>,
    pub(super) operations: Vec<Operation>,
    pub(super) cut: Option<Cut>,
    /// Writes and erases are refused from this operation on.
    pub(super) refuse_from: Option<usize>,
    /// Writes and erases are refused here.
    pub(super) worn: Option<Range<u32>>,
    /// Writes that would have raised a bit: a mistake of the store's.
    pub(super) raised: usize,
    off: bool,
}

impl Nor {
    pub(super) fn blank() -> Self {
        Self::holding(vec![0xFF; SIZE as usize])
    }

    pub(super) fn holding(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            operations: Vec::new(),
            cut: None,
            refuse_from: None,
            worn: None,
            raised: 0,
            off: false,
        }
    }

    /// The same chip after the supply has come back.
    pub(super) fn rebooted(&self) -> Self {
        Self {
            raised: self.raised,
            ..Self::holding(self.bytes.clone())
        }
    }

    pub(super) fn is_off(&self) -> bool {
        self.off
    }

    /// Begins an operation. Gives the cut, if the supply fails in it.
    fn begin(&mut self, operation: Operation, offset: u32) -> Result<Option<Cut>, Failure> {
        if self.off {
            return Err(Failure::Off);
        }
        let at = self.operations.len();
        self.operations.push(operation);
        let worn = self
            .worn
            .as_ref()
            .is_some_and(|worn| worn.contains(&offset));
        if worn || self.refuse_from.is_some_and(|from| at >= from) {
            return Err(Failure::Refused);
        }
        let cut = self.cut.filter(|cut| cut.operation == at);
        self.off = cut.is_some();
        Ok(cut)
    }
}

impl ErrorType for Nor {
    type Error = Failure;
}

impl ReadNorFlash for Nor {
    const READ_SIZE: usize = 4;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Failure> {
        let at = offset as usize;
        if !at.is_multiple_of(4) || !bytes.len().is_multiple_of(4) {
            return Err(Failure::NotAligned);
        }
        let source = self
            .bytes
            .get(at..at + bytes.len())
            .ok_or(Failure::OutOfBounds)?;
        bytes.copy_from_slice(source);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.bytes.len()
    }
}

impl NorFlash for Nor {
    const WRITE_SIZE: usize = 4;
    const ERASE_SIZE: usize = SECTOR as usize;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), Failure> {
        if !from.is_multiple_of(SECTOR) || !to.is_multiple_of(SECTOR) {
            return Err(Failure::NotAligned);
        }
        let cut = self.begin(Operation::Erase, from)?;
        let range = self
            .bytes
            .get_mut(from as usize..to as usize)
            .ok_or(Failure::OutOfBounds)?;
        match cut {
            None => range.fill(0xFF),
            Some(cut) => {
                tear_erase(range, cut);
                return Err(Failure::Off);
            }
        }
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Failure> {
        let at = offset as usize;
        if !at.is_multiple_of(4) || !bytes.len().is_multiple_of(4) {
            return Err(Failure::NotAligned);
        }
        let cut = self.begin(
            Operation::Write {
                length: bytes.len(),
            },
            offset,
        )?;
        let cells = self
            .bytes
            .get_mut(at..at + bytes.len())
            .ok_or(Failure::OutOfBounds)?;
        if cells
            .iter()
            .zip(bytes)
            .any(|(cell, byte)| byte & !cell != 0)
        {
            self.raised += 1;
            return Err(Failure::RaisesBits);
        }
        let Some(cut) = cut else {
            cells.copy_from_slice(bytes);
            return Ok(());
        };
        let mut noise = Noise(cut.seed);
        for (place, (cell, byte)) in cells.iter_mut().zip(bytes).enumerate() {
            let fallen = match place.cmp(&cut.progress) {
                core::cmp::Ordering::Less => 0xFF,
                // With an even seed the bytes come one after the other, with an odd one a page is written as a whole.
                core::cmp::Ordering::Equal => noise.byte(),
                core::cmp::Ordering::Greater => noise.byte() * (cut.seed % 2) as u8,
            };
            *cell &= byte | !fallen;
        }
        Err(Failure::Off)
    }
}

/// How many ways there are for an erase to be torn.
pub(super) const ERASE_TEARS: usize = 8;

fn tear_erase(cells: &mut [u8], cut: Cut) {
    let mut noise = Noise(cut.seed);
    let length = cells.len();
    let somewhere = noise.next() as usize % length;
    match cut.progress % ERASE_TEARS {
        // Not begun, or all but over.
        0 => {}
        1 => cells.fill(0xFF),
        // From one end.
        2 => cells[..somewhere].fill(0xFF),
        3 => cells[somewhere..].fill(0xFF),
        // Half of the bits have risen, few, or most.
        4 => cells.iter_mut().for_each(|cell| *cell |= noise.byte()),
        5 => cells
            .iter_mut()
            .for_each(|cell| *cell |= noise.byte() & noise.byte() & noise.byte()),
        6 => cells
            .iter_mut()
            .for_each(|cell| *cell |= noise.byte() | noise.byte() | noise.byte()),
        // All but a few cells in the middle.
        _ => cells.iter_mut().enumerate().for_each(|(at, cell)| {
            if at.abs_diff(somewhere) > 40 {
                *cell = 0xFF;
            }
        }),
    }
}

/// The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
#[derive(Clone)]
pub(super) struct Noise(pub(super) u64);

impl Noise {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.next() as u8
    }

    pub(super) fn below(&mut self, limit: u32) -> u32 {
        (self.next() % u64::from(limit)) as u32
    }
}
