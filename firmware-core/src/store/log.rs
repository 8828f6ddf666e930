//! The audit log: a ring of slots, one an entry, whose oldest sector goes when the ring comes round to it.

use embedded_storage::nor_flash::NorFlash;

use super::codec::{self, LONGEST_ENTRY};
use super::flash::{Aligned, ERASED, StoreError, View, checksum, clear, write};
use super::layout::{LOG, LOG_SECTORS, SECTOR};
use crate::audit::Entry;

/// A slot: the entry's length, the entry, and a checksum of both.
pub(super) const SLOT: u32 = 32;
const TAIL: usize = 4;
const SLOTS_OF_SECTOR: u32 = SECTOR / SLOT;
const SLOTS: u32 = LOG_SECTORS * SLOTS_OF_SECTOR;

const _: () = {
    assert!(
        1 + LONGEST_ENTRY + TAIL <= SLOT as usize,
        "every entry fits into a slot"
    );
    assert!(
        SLOTS - SLOTS_OF_SECTOR >= super::layout::LOG_ENTRIES,
        "the log is long enough"
    );
};

/// Where the log stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Log {
    /// The slot that comes next.
    next: u32,
    /// The sequence number of the last entry.
    last: Option<u32>,
    /// Something was written here once.
    used: bool,
}

impl Log {
    /// Looks for the last entry, whatever the flash holds.
    pub(super) fn find<F: NorFlash>(flash: &mut F) -> Self {
        let mut log = Self::default();
        let mut view = View::new(flash);
        for slot in 0..SLOTS {
            let bytes = look(&mut view, slot).unwrap_or_default();
            if is_erased(bytes) {
                continue;
            }
            log.used = true;
            let sequence = parse(bytes).map(|entry| entry.sequence);
            if sequence > log.last || sequence.is_some() && sequence == log.last {
                log.last = sequence;
                log.next = (slot + 1) % SLOTS;
            }
        }
        log
    }

    /// The sequence number of the last entry.
    pub(super) fn last(&self) -> Option<u32> {
        self.last
    }

    /// Whether anything was ever written here.
    pub(super) fn is_used(&self) -> bool {
        self.used
    }

    /// Adds an entry.
    pub(super) fn push<F: NorFlash>(
        &mut self,
        flash: &mut F,
        entry: &Entry,
    ) -> Result<(), StoreError> {
        let bytes = slot_of(entry).ok_or(StoreError::Flash)?;
        // A slot that was spoilt, by a cut or a flipped bit, is passed over; so is a sector that can't be erased any more.
        for _ in 0..=2 * SLOTS_OF_SECTOR {
            self.used = true;
            let slot = self.next;
            if self.enter(flash, slot).is_err() {
                self.next = (slot + SLOTS_OF_SECTOR) % SLOTS;
                continue;
            }
            self.next = (slot + 1) % SLOTS;
            let spoilt = !is_erased(look(&mut View::new(flash), slot)?);
            if !spoilt && write(flash, address(slot), &bytes.0).is_ok() {
                self.last = Some(entry.sequence);
                return Ok(());
            }
        }
        Err(StoreError::Flash)
    }

    /// Empties a sector before its first slot is used.
    fn enter<F: NorFlash>(&self, flash: &mut F, slot: u32) -> Result<(), StoreError> {
        if !slot.is_multiple_of(SLOTS_OF_SECTOR) {
            return Ok(());
        }
        let start = address(slot);
        clear(flash, start..start + SECTOR)
    }

    /// Shows every readable entry, the oldest first.
    pub(super) fn read<F: NorFlash>(
        &self,
        flash: &mut F,
        mut each: impl FnMut(Entry),
    ) -> Result<(), StoreError> {
        let mut view = View::new(flash);
        for place in 0..SLOTS {
            let bytes = look(&mut view, (self.next + place) % SLOTS)?;
            parse(bytes).into_iter().for_each(&mut each);
        }
        Ok(())
    }
}

fn address(slot: u32) -> u32 {
    LOG.start + slot * SLOT
}

fn look<'a, F: NorFlash>(view: &'a mut View<'_, F>, slot: u32) -> Result<&'a [u8], StoreError> {
    view.look(address(slot), SLOT as usize, LOG.end)
}

fn is_erased(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == ERASED)
}

fn slot_of(entry: &Entry) -> Option<Aligned<{ SLOT as usize }>> {
    let entry = codec::entry(entry);
    let mut bytes = Aligned([0; SLOT as usize]);
    let (front, tail) = bytes.0.split_last_chunk_mut::<TAIL>()?;
    let (length, body) = front.split_first_mut()?;
    *length = u8::try_from(entry.len()).ok()?;
    body.get_mut(..entry.len())?.copy_from_slice(&entry);
    *tail = checksum(front).to_le_bytes();
    Some(bytes)
}

fn parse(bytes: &[u8]) -> Option<Entry> {
    let (front, tail) = bytes.split_last_chunk::<TAIL>()?;
    if checksum(front).to_le_bytes() != *tail {
        return None;
    }
    let (length, body) = front.split_first()?;
    codec::read_entry(body.get(..usize::from(*length))?)
}
