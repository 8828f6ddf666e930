//! One copy of the records: a ring of sectors to which records are appended.
//!
//! When a sector is full the ring moves on to the oldest. What it alone holds is in memory, and in the other bank; it is
//! erased, and those records are written into it again under their own numbers. So outdated records may stand about, but
//! never with a higher number, and two records with the same number are the same record.
//!
//! A notice is left before such a move. A bank that lacks records and ends in a notice was cut; one that lacks them
//! otherwise was damaged.

use core::ops::Range;

use embedded_storage::nor_flash::NorFlash;

use super::codec::{Reader, Record, record};
use super::flash::{StoreError, View, WORD, clear, is_erased, write};
use super::frame::{Frame, LONGEST_FRAME, frame_length, parse};
use super::key;
use super::layout::{BANK_SECTORS, SECTOR};

/// The key of the notice that the ring is about to move on.
const NOTICE: u8 = 0xE5;
/// What a notice takes.
const NOTICE_LENGTH: u32 = frame_length(4) as u32;
/// The room that is kept for it in every sector: cuts in a row can spoil some.
const NOTICE_ROOM: u32 = 4 * NOTICE_LENGTH;
/// The home of a record that isn't in the bank, or not in its newest form.
const NOWHERE: u8 = u8::MAX;
/// No flash lives to see so many writes; up to here, a sum over a whole table fits into 32 bits.
pub(super) const MOST_WRITES: u32 = 1 << 25;

const _: () = {
    assert!(
        NOTICE as usize >= key::COUNT,
        "no record has the key of the notice"
    );
    assert!(
        MOST_WRITES as u64 * key::TABLE as u64 <= u32::MAX as u64,
        "the witness of a table fits"
    );
};

/// What a bank writes again when the sector goes in which it stood.
pub(super) trait Mirror {
    /// Whether there is such a record.
    fn holds(&self, key: u8) -> bool;
    /// The record in its newest form.
    fn record(&self, key: u8) -> Record;
}

/// Where a bank stands.
#[derive(Clone)]
pub(super) struct Bank {
    start: u32,
    /// Where the next record goes, which tells the current sector, too: it is one word before its end at most.
    at: u32,
    /// The sector of each record's newest form.
    homes: [u8; key::COUNT],
}

/// What was found in a bank.
pub(super) struct Found {
    /// The highest number of each record; 0 where there is none.
    pub(super) numbers: [u32; key::COUNT],
    /// The highest number of all, the notices' included.
    pub(super) newest: u32,
    /// The bank ends in a notice: it was cut while it moved on.
    pub(super) moving: bool,
    /// Nothing was ever written here, but for a torn record at the very front.
    pub(super) unused: bool,
}

impl Found {
    pub(super) const fn nothing() -> Self {
        Self {
            numbers: [0; key::COUNT],
            newest: 0,
            moving: false,
            unused: true,
        }
    }

    /// Takes note of a whole record with a number that can be. `take` says whether it means anything.
    fn note(
        &mut self,
        (bank, sector): (&mut Bank, u8),
        (key, number): (u8, u32),
        take: impl FnOnce() -> bool,
    ) {
        let newer = number > self.newest || number == self.newest && key != NOTICE;
        if newer {
            self.newest = number;
            self.moving = key == NOTICE;
            bank.at = bank.sector(sector).start;
        }
        let place = usize::from(key);
        let (Some(newest), Some(home)) = (self.numbers.get_mut(place), bank.homes.get_mut(place))
        else {
            return;
        };
        if number > *newest && take() {
            *newest = number;
            *home = sector;
        }
    }
}

impl Bank {
    /// A bank that begins there and holds nothing, as far as anybody knows.
    pub(super) const fn unread(start: u32) -> Self {
        Self {
            start,
            at: start,
            homes: [NOWHERE; key::COUNT],
        }
    }

    /// Reads a bank whatever it holds, and shows every whole record: its key, its number, its body. `take` says whether
    /// the record means anything. `found` is to be nothing.
    pub(super) fn find<F: NorFlash>(
        &mut self,
        flash: &mut F,
        found: &mut Found,
        mut take: impl FnMut(u8, u32, &mut Reader<'_>) -> bool,
    ) {
        *self = Self::unread(self.start);
        let mut ends = [self.start; BANK_SECTORS as usize];
        for (sector, end) in (0..).zip(&mut ends) {
            let range = self.sector(sector);
            *end = scan(&mut View::new(flash), range.clone(), |key, bytes| {
                let mut reader = Reader::new(bytes);
                let number = reader
                    .u32()
                    .filter(|number| (1..MOST_WRITES).contains(number));
                if let Some(number) = number {
                    let place = (&mut *self, sector);
                    found.note(place, (key, number), || take(key, number, &mut reader));
                }
            })
            // What can't be read is not written to either.
            .unwrap_or(range.end);
            found.unused &=
                *end <= range.start + if sector == 0 { LONGEST_FRAME as u32 } else { 0 };
        }
        found.unused &= found.newest == 0;
        let current = self.current();
        let end = ends.get(usize::from(current)).copied();
        let end = end.unwrap_or(self.start);
        self.at = end.min(self.sector(current).end - WORD as u32);
    }

    /// The bank does not have this record's newest form.
    pub(super) fn lacks(&mut self, key: u8) {
        self.put_home(key, NOWHERE);
    }

    /// Writes what the bank lacks of what is in memory.
    pub(super) fn complete<F: NorFlash>(
        &mut self,
        flash: &mut F,
        number: u32,
        mirror: &impl Mirror,
    ) -> Result<(), StoreError> {
        let mut moves = 0;
        while let Some(key) = self.missing(mirror) {
            self.append(flash, (key, &mirror.record(key)), number, &mut moves)?;
        }
        Ok(())
    }

    /// Appends a record in place of the one with the same key, and all that a move leaves homeless.
    pub(super) fn put<F: NorFlash>(
        &mut self,
        flash: &mut F,
        (key, record): (u8, &Record),
        number: u32,
        mirror: &impl Mirror,
    ) -> Result<(), StoreError> {
        let mut moves = 0;
        loop {
            let before = moves;
            if let Some(missing) = self.missing(mirror) {
                self.append(
                    flash,
                    (missing, &mirror.record(missing)),
                    number,
                    &mut moves,
                )?;
                continue;
            }
            let frame = Frame::new(key, record).ok_or(StoreError::Flash)?;
            if self.write(flash, &frame).is_ok() {
                self.put_home(key, self.current());
                return Ok(());
            }
            self.move_on(flash, number, &mut moves)?;
            debug_assert!(moves > before);
        }
    }

    fn append<F: NorFlash>(
        &mut self,
        flash: &mut F,
        (key, record): (u8, &Record),
        number: u32,
        moves: &mut u8,
    ) -> Result<(), StoreError> {
        let frame = Frame::new(key, record).ok_or(StoreError::Flash)?;
        while self.write(flash, &frame).is_err() {
            self.move_on(flash, number, moves)?;
        }
        self.put_home(key, self.current());
        Ok(())
    }

    /// The first record in memory that the bank lacks.
    fn missing(&self, mirror: &impl Mirror) -> Option<u8> {
        (0_u8..)
            .zip(&self.homes)
            .find(|(key, home)| **home == NOWHERE && mirror.holds(*key))
            .map(|(key, _)| key)
    }

    fn put_home(&mut self, key: u8, sector: u8) {
        if let Some(home) = self.homes.get_mut(usize::from(key)) {
            *home = sector;
        }
    }

    /// Writes into the current sector; words that a failed write may have spoilt are not used again.
    fn write<F: NorFlash>(&mut self, flash: &mut F, frame: &Frame) -> Result<(), StoreError> {
        let length = frame.bytes().len() as u32;
        let end = self.sector(self.current()).end;
        if self.at.saturating_add(length + NOTICE_ROOM) > end {
            return Err(StoreError::Flash);
        }
        let at = self.at;
        self.at += length;
        write(flash, at, frame.bytes())
    }

    /// Moves on to the oldest sector. A sector that can't be erased any more is passed over.
    fn move_on<F: NorFlash>(
        &mut self,
        flash: &mut F,
        number: u32,
        moves: &mut u8,
    ) -> Result<(), StoreError> {
        *moves += 1;
        if *moves > 2 * BANK_SECTORS {
            return Err(StoreError::Flash);
        }
        self.leave_notice(flash, number);
        let next = (self.current() + 1) % BANK_SECTORS;
        self.homes
            .iter_mut()
            .filter(|home| **home == next)
            .for_each(|home| *home = NOWHERE);
        let sector = self.sector(next);
        self.at = match clear(flash, sector.clone()) {
            Ok(()) => sector.start,
            Err(_) => sector.end - WORD as u32,
        };
        Ok(())
    }

    /// Without a notice, a cut during the move looks like damage and is logged as such: nothing worse.
    fn leave_notice<F: NorFlash>(&mut self, flash: &mut F, number: u32) {
        let end = self.sector(self.current()).end;
        let frame = Frame::new(NOTICE, &record(number).done());
        if let Some(frame) = frame.filter(|_| self.at.saturating_add(NOTICE_LENGTH) <= end) {
            write(flash, self.at, frame.bytes()).unwrap_or_default();
        }
    }

    fn current(&self) -> u8 {
        let sector = self.at.saturating_sub(self.start) / SECTOR;
        u8::try_from(sector).unwrap_or(0).min(BANK_SECTORS - 1)
    }

    fn sector(&self, sector: u8) -> Range<u32> {
        let start = self.start + u32::from(sector) * SECTOR;
        start..start + SECTOR
    }
}

/// Shows the whole records of a sector, also those behind something spoilt. Gives where the erased rest begins.
fn scan<F: NorFlash>(
    view: &mut View<'_, F>,
    sector: Range<u32>,
    mut each: impl FnMut(u8, &[u8]),
) -> Result<u32, StoreError> {
    let mut at = sector.start;
    let mut end = at;
    while at < sector.end {
        let bytes = view.look(at, LONGEST_FRAME, sector.end)?;
        if is_erased(bytes) {
            at += bytes.len() as u32;
            continue;
        }
        if bytes
            .first_chunk::<WORD>()
            .is_some_and(|word| is_erased(word))
        {
            at += WORD as u32;
            continue;
        }
        at += match parse(bytes) {
            Some((key, record, length)) => {
                each(key, record);
                length as u32
            }
            None => WORD as u32,
        };
        end = at;
    }
    Ok(end)
}
