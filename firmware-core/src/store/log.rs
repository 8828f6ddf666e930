//! The audit log: a ring of slots, one an entry, whose oldest sector goes when the ring comes round to it.

use embedded_storage::nor_flash::NorFlash;

use super::codec::{self, LONGEST_ENTRY};
use super::flash::{Aligned, READ, StoreError, View, checksum, clear, is_erased, write};
use super::layout::{LOG, LOG_SECTORS, SECTOR};
use crate::audit::Entry;

/// A slot: the entry's length, the entry, and a checksum of both.
pub(super) const SLOT: u32 = 32;
const TAIL: usize = 4;
const SLOTS_OF_SECTOR: u32 = SECTOR / SLOT;
/// The rest of one, a worn one, and one that is good.
const SECTORS_TRIED: u32 = 3;
const SLOTS: u32 = LOG_SECTORS * SLOTS_OF_SECTOR;

const _: () = {
    assert!(READ.is_multiple_of(SLOT as usize) && (SECTOR as usize).is_multiple_of(READ));
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
        for start in (0..SLOTS).step_by(READ / SLOT as usize) {
            let bytes = view.look(address(start), READ, LOG.end).unwrap_or_default();
            if is_erased(bytes) {
                continue;
            }
            log.used = true;
            for (slot, bytes) in (start..).zip(bytes.chunks_exact(SLOT as usize)) {
                log.note(slot, parse(bytes).map(|entry| entry.sequence));
            }
        }
        log
    }

    /// The last entry is the one with the highest number; what comes after it was spoilt, and is passed over.
    fn note(&mut self, slot: u32, sequence: Option<u32>) {
        if sequence.is_some() && sequence >= self.last {
            self.last = sequence;
            self.next = (slot + 1) % SLOTS;
        }
    }

    /// The sequence number of the last entry.
    pub(super) fn last(&self) -> Option<u32> {
        self.last
    }

    /// Whether anything was ever written here.
    pub(super) fn is_used(&self) -> bool {
        self.used
    }

    /// Adds an entry. Slots that a cut or a flipped bit spoilt are passed over, and so is a worn sector.
    pub(super) fn push<F: NorFlash>(
        &mut self,
        flash: &mut F,
        entry: &Entry,
    ) -> Result<(), StoreError> {
        let bytes = slot_of(entry).ok_or(StoreError::Flash)?;
        self.used = true;
        let mut slot = self.next;
        for _ in 0..SECTORS_TRIED {
            if let Ok(written) = fill(flash, slot, &bytes.0) {
                self.next = (written + 1) % SLOTS;
                self.last = Some(entry.sequence);
                return Ok(());
            }
            slot = (slot / SLOTS_OF_SECTOR + 1) % LOG_SECTORS * SLOTS_OF_SECTOR;
        }
        Err(StoreError::Flash)
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

/// Fills the first erased slot of a sector, from `slot` on, and gives it. A sector is emptied before its first slot is used.
fn fill<F: NorFlash>(flash: &mut F, slot: u32, bytes: &[u8]) -> Result<u32, StoreError> {
    let start = address(slot / SLOTS_OF_SECTOR * SLOTS_OF_SECTOR);
    if address(slot) == start {
        clear(flash, start..start + SECTOR)?;
    }
    for slot in (slot..SLOTS).take_while(|slot| address(*slot) < start + SECTOR) {
        if is_erased(look(&mut View::new(flash), slot)?) {
            write(flash, address(slot), bytes)?;
            return Ok(slot);
        }
    }
    Err(StoreError::Flash)
}

fn address(slot: u32) -> u32 {
    LOG.start + slot * SLOT
}

fn look<'a, F: NorFlash>(view: &'a mut View<'_, F>, slot: u32) -> Result<&'a [u8], StoreError> {
    view.look(address(slot), SLOT as usize, LOG.end)
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
