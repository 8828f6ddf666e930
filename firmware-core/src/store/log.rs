//! The audit log: a sequential-storage queue that lets go of its oldest sector when it is full.

use embedded_storage::nor_flash::NorFlash;
use sequential_storage::cache::{Cache, Uncached};
use sequential_storage::queue::{QueueConfig, QueueStorage};

use super::codec::{self, LONGEST_ENTRY};
use super::flash::{Lent, StoreError, complete};
use super::layout::LOG;
use crate::audit::Entry;

const BUFFER: usize = LONGEST_ENTRY.next_multiple_of(4);

type Queue<'a, F> = QueueStorage<Lent<'a, F>, Cache<Uncached, Uncached, Uncached>>;

fn queue<F: NorFlash>(flash: &mut F) -> Result<Queue<'_, F>, StoreError> {
    let config = QueueConfig::try_new(LOG).map_err(|_| StoreError::Flash)?;
    Ok(QueueStorage::new(
        Lent(flash),
        config,
        Cache::new_uncached(),
    ))
}

/// Adds an entry. A log that can't be mended is begun anew: the lock must go on logging.
pub(super) fn push<F: NorFlash>(flash: &mut F, entry: &Entry) -> Result<(), StoreError> {
    let bytes = codec::entry(entry);
    let mut queue = queue(flash)?;
    complete(queue.push(&bytes, true)).or_else(|_| {
        complete(queue.erase_all())?;
        complete(queue.push(&bytes, true))
    })
}

/// Shows every readable entry, the oldest first.
pub(super) fn read<F: NorFlash>(
    flash: &mut F,
    mut each: impl FnMut(Entry),
) -> Result<(), StoreError> {
    let mut queue = queue(flash)?;
    let mut entries = complete(queue.iter())?;
    let mut buffer = [0; BUFFER];
    while let Some(item) = complete(entries.next(&mut buffer))? {
        if let Some(entry) = codec::read_entry(&item) {
            each(entry);
        }
    }
    Ok(())
}
