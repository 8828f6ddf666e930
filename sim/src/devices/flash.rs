//! NOR flash that keeps NOR's rules, and can lose its supply at any byte.
//!
//! Erasing sets all bits of a sector; programming only clears bits, a word at a time, and each word once between two
//! erases, as `embedded-storage` demands of whoever uses it. An operation that the supply leaves leaves bits in between.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use embedded_storage::nor_flash::{
    ErrorType, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash, check_erase, check_read,
    check_write,
};
use serde::{Deserialize, Serialize};

use super::Defects;
use crate::fault::{Cut, FlashFault, PowerCut};
use crate::rng::Random;
use crate::time::Lapse;

/// Bytes of a sector.
pub const SECTOR: usize = 4_096;
/// Bytes of a word.
pub const WORD: usize = 4;
const ERASED: u8 = 0xff;

/// A change of flash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlashOperation {
    /// Words were programmed.
    Write,
    /// A sector was erased.
    Erase,
}

/// What became of a flash operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlashOutcome {
    /// It was done.
    Done,
    /// The supply failed inside it.
    Torn,
    /// The chip refused it.
    Refused,
}

/// One operation that the chip was told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlashRecord {
    /// Which.
    pub operation: FlashOperation,
    /// Counted from 1 over the chip's life, each sector of an erase by itself.
    pub number: u64,
    /// The first byte's address.
    pub address: u32,
    /// How many bytes.
    pub bytes: u32,
    /// What became of it.
    pub outcome: FlashOutcome,
}

/// Sectors as hexadecimal text, an erased one as none.
mod image {
    use std::sync::Arc;

    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::{Serialize, Serializer};

    use super::{ERASED, SECTOR};

    type Sector = Arc<[u8; SECTOR]>;

    pub(super) fn serialize<S: Serializer>(
        sectors: &[Sector],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text = |sector: &Sector| {
            if sector.iter().all(|byte| *byte == ERASED) {
                return String::new();
            }
            sector.iter().fold(String::new(), |text, byte| {
                let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
                text + &String::from_iter([digit(byte >> 4), digit(byte & 15)])
            })
        };
        let sectors: Vec<_> = sectors.iter().map(text).collect();
        sectors.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Sector>, D::Error> {
        let sectors = Vec::<String>::deserialize(deserializer)?;
        sectors
            .iter()
            .map(|text| sector(text).ok_or_else(|| D::Error::custom("not a sector's bytes")))
            .collect()
    }

    fn sector(text: &str) -> Option<Sector> {
        let mut bytes = [ERASED; SECTOR];
        if text.is_empty() {
            return Some(Arc::new(bytes));
        }
        if text.len() != 2 * SECTOR || !text.is_ascii() {
            return None;
        }
        for (number, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * number..2 * number + 2], 16).ok()?;
        }
        Some(Arc::new(bytes))
    }
}

/// Why the chip didn't do what it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlashError {
    /// Address or length isn't a multiple of what it must be.
    NotAligned,
    /// It ends behind the chip's end.
    OutOfBounds,
    /// A word was programmed since its last erase.
    NotErased,
    /// A fault: the chip tells that it can't.
    Refused,
    /// There is no supply, or it failed inside the operation.
    NoPower,
}

impl FlashError {
    /// Whether whoever used the chip broke its rules.
    #[must_use]
    pub const fn is_misuse(self) -> bool {
        matches!(self, Self::NotAligned | Self::OutOfBounds | Self::NotErased)
    }
}

impl From<NorFlashErrorKind> for FlashError {
    fn from(kind: NorFlashErrorKind) -> Self {
        match kind {
            NorFlashErrorKind::NotAligned => Self::NotAligned,
            NorFlashErrorKind::OutOfBounds => Self::OutOfBounds,
            _ => Self::Refused,
        }
    }
}

impl NorFlashError for FlashError {
    fn kind(&self) -> NorFlashErrorKind {
        match self {
            Self::NotAligned => NorFlashErrorKind::NotAligned,
            Self::OutOfBounds => NorFlashErrorKind::OutOfBounds,
            Self::NotErased | Self::Refused | Self::NoPower => NorFlashErrorKind::Other,
        }
    }
}

/// The chip. Clones share the sectors that neither has changed since. `Debug` shows nothing of what it holds.
#[derive(Clone, Serialize, Deserialize)]
pub struct NorChip {
    random: Random,
    #[serde(with = "image")]
    sectors: Vec<Arc<[u8; SECTOR]>>,
    powered: bool,
    operations: u64,
    armed: Option<PowerCut>,
    /// How long the cut lasts that has just happened.
    cut: Option<Lapse>,
    defects: Defects<FlashFault>,
    records: Vec<FlashRecord>,
}

impl NorChip {
    /// An erased chip of so many sectors.
    #[must_use]
    pub fn new(sectors: usize, random: Random) -> Self {
        Self {
            random,
            sectors: std::iter::repeat_n(Arc::new([ERASED; SECTOR]), sectors).collect(),
            powered: true,
            operations: 0,
            armed: None,
            cut: None,
            defects: Defects::default(),
            records: Vec::new(),
        }
    }

    /// Everything that the chip holds.
    #[must_use]
    pub fn image(&self) -> Vec<u8> {
        self.sectors
            .iter()
            .flat_map(|sector| sector.iter().copied())
            .collect()
    }

    /// Puts `image` into the chip from its first byte on, as a programmer does; what it doesn't reach stays.
    pub fn load(&mut self, image: &[u8]) {
        for (sector, bytes) in self.sectors.iter_mut().zip(image.chunks(SECTOR)) {
            if let Some(start) = Arc::make_mut(sector).get_mut(..bytes.len()) {
                start.copy_from_slice(bytes);
            }
        }
    }

    /// Counts operations from 1 again: what was done so far belongs to the chip's making.
    pub fn start_count(&mut self) {
        self.operations = 0;
        self.records.clear();
    }

    /// Gives it its supply, or takes it.
    pub fn supply(&mut self, powered: bool) {
        self.powered = powered;
    }

    /// The supply is to fail; [`Cut::Now`] is nothing that a chip can wait for.
    pub fn arm(&mut self, cut: PowerCut) {
        self.random.branch(cut.pattern);
        self.armed = Some(cut);
    }

    /// The supply isn't to fail.
    pub fn disarm(&mut self) {
        self.armed = None;
    }

    /// What is armed.
    #[must_use]
    pub fn armed(&self) -> Option<PowerCut> {
        self.armed
    }

    /// How long the supply stays away that has failed since the last call.
    pub fn take_cut(&mut self) -> Option<Lapse> {
        self.cut.take()
    }

    /// What the chip was told to do since the last call.
    pub fn take_records(&mut self) -> impl Iterator<Item = FlashRecord> + '_ {
        self.records.drain(..)
    }

    /// Breaks it.
    pub fn inject(&mut self, fault: FlashFault) {
        self.defects.add(fault);
        if let FlashFault::FlipBits(count) = fault {
            self.flip(count);
            self.defects.feel(|felt| felt == fault);
            self.defects.remove(|gone| gone == fault);
        }
    }

    /// Mends it; bits that were flipped stay so.
    pub fn repair(&mut self) {
        self.defects.clear();
    }

    /// Whether [`Self::take_felt`] has anything to tell.
    #[must_use]
    pub fn has_felt(&self) -> bool {
        self.defects.has_felt()
    }

    /// The faults that were felt for the first time since the last call.
    pub fn take_felt(&mut self) -> Vec<FlashFault> {
        self.defects.take_felt()
    }

    /// Flips so many different bits of words that hold anything, or of any where none does.
    fn flip(&mut self, count: u32) {
        let mut words = self.programmed_words();
        if words.is_empty() {
            words = (0..self.sectors.len() * SECTOR / WORD).collect();
        }
        let bits = words.len() as u64 * 32;
        let mut flipped = std::collections::BTreeSet::new();
        while (flipped.len() as u64) < bits.min(count.into()) {
            let bit = self.random.below(bits);
            if flipped.insert(bit) {
                let word = words.get((bit / 32) as usize).copied().unwrap_or_default();
                let address = word * WORD + (bit / 8 % 4) as usize;
                self.change(address, |byte| byte ^ 1 << (bit % 8));
            }
        }
    }

    fn programmed_words(&self) -> Vec<usize> {
        let bytes = self
            .sectors
            .iter()
            .flat_map(|sector| sector.chunks(WORD))
            .enumerate();
        bytes
            .filter(|(_, word)| word.iter().any(|byte| *byte != ERASED))
            .map(|(number, _)| number)
            .collect()
    }

    fn is_erased(&self, address: usize, length: usize) -> bool {
        parts(address, length).all(|(number, part)| {
            let sector = self.sectors.get(number);
            let bytes = sector.and_then(|sector| sector.get(part));
            bytes.is_none_or(|bytes| bytes.iter().all(|byte| *byte == ERASED))
        })
    }

    /// Clears each bit from `address` on that is clear in `bytes`.
    fn clear(&mut self, address: usize, bytes: &[u8]) {
        let mut rest = bytes;
        for (number, part) in parts(address, bytes.len()) {
            let (here, later) = rest.split_at(part.len());
            let sector = self.sectors.get_mut(number);
            let places = sector.and_then(|sector| Arc::make_mut(sector).get_mut(part));
            for (place, byte) in places.into_iter().flatten().zip(here) {
                *place &= byte;
            }
            rest = later;
        }
    }

    fn change(&mut self, address: usize, change: impl FnOnce(u8) -> u8) {
        if let Some(sector) = self.sectors.get_mut(address / SECTOR) {
            let byte = &mut Arc::make_mut(sector)[address % SECTOR];
            *byte = change(*byte);
        }
    }

    /// Whether the chip would do an operation there, all faults considered.
    fn admit(&mut self, address: usize) -> Result<(), FlashError> {
        let sector = (address / SECTOR) as u32;
        let hinders = |fault| {
            matches!(fault, FlashFault::WriteError) || fault == FlashFault::WornSector(sector)
        };
        self.defects.feel(hinders);
        if !self.powered {
            Err(FlashError::NoPower)
        } else if self.defects.iter().any(hinders) {
            Err(FlashError::Refused)
        } else {
            Ok(())
        }
    }

    /// Counts an operation that programs so many bytes; how many of them are whole if the supply fails inside.
    fn count(&mut self, programs: usize) -> Option<u64> {
        self.operations += 1;
        let armed = self.armed.as_mut()?;
        let whole = match &mut armed.at {
            Cut::Now => Some(0),
            Cut::AtFlashOperation(left) => {
                *left = left.saturating_sub(1);
                (*left == 0).then(|| self.random.below(programs as u64))
            }
            Cut::AfterFlashBytes(left) if *left < programs as u64 => Some(*left),
            Cut::AfterFlashBytes(left) => {
                *left -= programs as u64;
                None
            }
        };
        if whole.is_some() {
            self.powered = false;
            let fired = self.armed.take();
            self.cut = fired.map(|cut| cut.lasting);
            self.armed = fired.and_then(PowerCut::next);
        }
        whole
    }

    fn program(&mut self, address: usize, bytes: &[u8]) -> Result<(), FlashError> {
        self.admit(address)?;
        if !self.is_erased(address, bytes.len()) {
            return Err(FlashError::NotErased);
        }
        let whole = self.count(bytes.len());
        let done = whole.map_or(bytes.len(), |whole| whole as usize);
        self.clear(address, bytes.get(..done).unwrap_or(bytes));
        let Some(torn) = whole.and_then(|_| bytes.get(done)) else {
            return Ok(());
        };
        let reached = self.random.bits() as u8;
        self.change(address + done, |old| old & (torn | reached));
        Err(FlashError::NoPower)
    }

    fn erase_sector(&mut self, number: usize) -> Result<(), FlashError> {
        self.admit(number * SECTOR)?;
        let torn = self.count(0).is_some();
        let Some(sector) = self.sectors.get_mut(number) else {
            return Err(FlashError::OutOfBounds);
        };
        if !torn {
            *sector = Arc::new([ERASED; SECTOR]);
            return Ok(());
        }
        let sector = Arc::make_mut(sector);
        // How far the erase came, from not at all to all but done; within a word, some bits sooner than others.
        let progress = self.random.below(256);
        for byte in sector {
            if self.random.below(256) < progress {
                *byte |= self.random.bits() as u8 | self.random.bits() as u8;
            }
        }
        Err(FlashError::NoPower)
    }

    fn record(
        &mut self,
        operation: FlashOperation,
        address: u32,
        bytes: usize,
        result: Result<(), FlashError>,
    ) {
        let outcome = match result {
            Ok(()) => FlashOutcome::Done,
            Err(FlashError::NoPower) if self.cut.is_some() => FlashOutcome::Torn,
            Err(FlashError::NoPower) => return,
            Err(_) => FlashOutcome::Refused,
        };
        let record = FlashRecord {
            operation,
            number: self.operations,
            address,
            bytes: bytes as u32,
            outcome,
        };
        self.records.push(record);
    }
}

/// Where so many bytes from `address` on lie: numbers of sectors, and the places within each.
fn parts(address: usize, length: usize) -> impl Iterator<Item = (usize, Range<usize>)> {
    let end = address + length;
    (address / SECTOR..end.div_ceil(SECTOR)).map(move |number| {
        let first = number * SECTOR;
        let part = address.max(first) - first..end.min(first + SECTOR) - first;
        (number, part)
    })
}

impl fmt::Debug for NorChip {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "NorChip({} sectors, {} operations)",
            self.sectors.len(),
            self.operations
        )
    }
}

impl ErrorType for NorChip {
    type Error = FlashError;
}

impl ReadNorFlash for NorChip {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), FlashError> {
        check_read(self, offset, bytes.len())?;
        if !self.powered {
            return Err(FlashError::NoPower);
        }
        let mut place = offset as usize;
        let mut rest = bytes;
        while !rest.is_empty() {
            let start = place % SECTOR;
            let (now, later) = rest.split_at_mut(rest.len().min(SECTOR - start));
            if let Some(source) = self
                .sectors
                .get(place / SECTOR)
                .and_then(|sector| sector.get(start..start + now.len()))
            {
                now.copy_from_slice(source);
            }
            place += now.len();
            rest = later;
        }
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.sectors.len() * SECTOR
    }
}

impl NorFlash for NorChip {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = SECTOR;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), FlashError> {
        check_erase(self, from, to)?;
        for number in from as usize / SECTOR..to as usize / SECTOR {
            let result = self.erase_sector(number);
            self.record(
                FlashOperation::Erase,
                (number * SECTOR) as u32,
                SECTOR,
                result,
            );
            result?;
        }
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), FlashError> {
        check_write(self, offset, bytes.len())?;
        let result = self.program(offset as usize, bytes);
        self.record(FlashOperation::Write, offset, bytes.len(), result);
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;

    use crate::rng::Stream;

    fn chip() -> NorChip {
        NorChip::new(4, Random::new(1, Stream::Flash))
    }

    fn cut(at: Cut) -> PowerCut {
        PowerCut {
            at,
            pattern: 0,
            again: None,
            lasting: Lapse::from_micros(1),
        }
    }

    fn read(chip: &mut NorChip, address: u32) -> [u8; 8] {
        let mut bytes = [0; 8];
        chip.read(address, &mut bytes).expect("readable");
        bytes
    }

    #[test]
    fn bits_fall_by_words_and_rise_by_sectors() {
        let mut chip = chip();
        assert_eq!(chip.write(4_092, &[1, 2, 3, 4, 5, 6, 7, 8]), Ok(()));
        assert_eq!(read(&mut chip, 4_092), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(chip.erase(4_096, 8_192), Ok(()));
        assert_eq!(read(&mut chip, 4_092), [1, 2, 3, 4, 255, 255, 255, 255]);
        assert_eq!(chip.write(4_092, &[0; 4]), Err(FlashError::NotErased));
        assert_eq!(chip.write(1, &[0; 4]), Err(FlashError::NotAligned));
        assert_eq!(chip.write(0, &[0; 3]), Err(FlashError::NotAligned));
        assert_eq!(chip.write(4 * 4_096, &[0; 4]), Err(FlashError::OutOfBounds));
        assert_eq!(chip.erase(0, 100), Err(FlashError::NotAligned));
        let numbers: Vec<_> = chip
            .take_records()
            .map(|record| (record.number, record.outcome))
            .collect();
        assert_eq!(
            numbers,
            [
                (1, FlashOutcome::Done),
                (2, FlashOutcome::Done),
                (2, FlashOutcome::Refused)
            ]
        );
    }

    #[test]
    fn a_cut_after_bytes_tears_the_next() {
        for whole in 0..8_u64 {
            let mut chip = chip();
            chip.arm(cut(Cut::AfterFlashBytes(4 + whole)));
            assert_eq!(chip.write(0, &[0; 4]), Ok(()));
            assert_eq!(chip.write(4, &[0; 8]), Err(FlashError::NoPower));
            assert_eq!(chip.take_cut(), Some(Lapse::from_micros(1)));
            assert_eq!(chip.read(0, &mut [0]), Err(FlashError::NoPower));
            chip.supply(true);
            let bytes = read(&mut chip, 4);
            assert!(bytes[..whole as usize].iter().all(|byte| *byte == 0));
            assert!(
                bytes[whole as usize + 1..]
                    .iter()
                    .all(|byte| *byte == ERASED)
            );
        }
    }

    #[test]
    fn a_cut_at_an_operation_counts_each_sector() {
        let mut chip = chip();
        chip.write(4_096, &[0; 64]).expect("erased");
        chip.arm(cut(Cut::AtFlashOperation(2)));
        assert_eq!(chip.erase(0, 3 * 4_096), Err(FlashError::NoPower));
        let records: Vec<_> = chip.take_records().collect();
        assert_eq!(
            records
                .last()
                .map(|record| (record.address, record.outcome)),
            Some((4_096, FlashOutcome::Torn))
        );
        assert!(chip.take_cut().is_some());
        assert_eq!(chip.armed(), None);
    }

    #[test]
    fn a_cut_comes_again_once_power_is_back() {
        let mut chip = chip();
        chip.arm(PowerCut {
            again: NonZeroU32::new(2),
            ..cut(Cut::AtFlashOperation(1))
        });
        assert_eq!(chip.write(0, &[0; 4]), Err(FlashError::NoPower));
        assert_eq!(chip.write(4, &[0; 4]), Err(FlashError::NoPower));
        assert!(chip.take_cut().is_some());
        chip.supply(true);
        assert_eq!(chip.write(8, &[0; 4]), Ok(()));
        assert_eq!(chip.write(12, &[0; 4]), Err(FlashError::NoPower));
        assert!(chip.take_cut().is_some());
        assert_eq!(chip.armed(), None);
    }

    #[test]
    fn each_pattern_tears_otherwise() {
        let torn = |pattern| {
            let mut chip = chip();
            chip.arm(PowerCut {
                pattern,
                ..cut(Cut::AtFlashOperation(1))
            });
            assert_eq!(chip.write(0, &[0; 64]), Err(FlashError::NoPower));
            chip.image()
        };
        assert_eq!(torn(1), torn(1));
        let all: std::collections::BTreeSet<_> = (0..8).map(torn).collect();
        assert!(all.len() > 4, "{} of 8", all.len());
    }

    #[test]
    fn a_torn_erase_only_raises_bits() {
        for seed in 0..20 {
            let mut chip = NorChip::new(1, Random::new(seed, Stream::Flash));
            chip.write(0, &[0x55; 256]).expect("erased");
            chip.arm(cut(Cut::AtFlashOperation(1)));
            assert_eq!(chip.erase(0, 4_096), Err(FlashError::NoPower));
            assert!(chip.image().iter().all(|byte| byte & 0x55 == 0x55));
        }
    }

    #[test]
    fn flipped_bits_are_as_many_as_said_and_where_something_is() {
        let mut chip = chip();
        chip.write(8_192, &[0; 8]).expect("erased");
        chip.inject(FlashFault::FlipBits(5));
        let ones: u32 = read(&mut chip, 8_192)
            .iter()
            .map(|byte| byte.count_ones())
            .sum();
        assert_eq!(ones, 5);
        assert_eq!(chip.take_felt(), [FlashFault::FlipBits(5)]);
    }

    #[test]
    fn faults_refuse_and_are_felt() {
        let mut chip = chip();
        chip.inject(FlashFault::WornSector(1));
        assert_eq!(chip.write(0, &[0; 4]), Ok(()));
        assert!(chip.take_felt().is_empty());
        assert_eq!(chip.erase(4_096, 8_192), Err(FlashError::Refused));
        assert_eq!(chip.take_felt(), [FlashFault::WornSector(1)]);
        chip.inject(FlashFault::WriteError);
        assert_eq!(chip.write(8, &[0; 4]), Err(FlashError::Refused));
        chip.repair();
        assert_eq!(chip.write(8, &[0; 4]), Ok(()));
    }

    #[test]
    fn clones_part_where_they_are_written() {
        let mut chip = chip();
        let mut other = chip.clone();
        chip.write(0, &[0; 4]).expect("erased");
        assert_eq!(read(&mut other, 0), [ERASED; 8]);
        assert!(Arc::ptr_eq(&chip.sectors[1], &other.sectors[1]));
    }
}
