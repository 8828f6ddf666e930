//! One copy of the records: a sequential-storage map in sectors of its own.

use core::ops::Range;

use embedded_storage::nor_flash::NorFlash;
use sequential_storage::cache::{Cache, Uncached};
use sequential_storage::map::{MapConfig, MapStorage};

use super::codec::LONGEST_RECORD;
use super::flash::{Lent, StoreError, complete};

/// The library's work space: the longest record with its key, in whole words.
const BUFFER: usize = (LONGEST_RECORD + 1).next_multiple_of(4);

type Map<'a, F> = MapStorage<u8, Lent<'a, F>, Cache<Uncached, Uncached, Uncached, u8>>;

/// One of the two copies.
#[derive(Clone, Debug)]
pub(super) struct Bank(pub(super) Range<u32>);

impl Bank {
    fn map<'a, F: NorFlash>(&self, flash: &'a mut F) -> Result<Map<'a, F>, StoreError> {
        let config = MapConfig::try_new(self.0.clone()).map_err(|_| StoreError::Flash)?;
        Ok(MapStorage::new(Lent(flash), config, Cache::new_uncached()))
    }

    /// Shows every readable record, outdated ones included, each key's newest last.
    pub(super) fn read<F: NorFlash>(
        &self,
        flash: &mut F,
        mut each: impl FnMut(u8, &[u8]),
    ) -> Result<(), StoreError> {
        let mut map = self.map(flash)?;
        let mut buffer = [0; BUFFER];
        let mut items = complete(map.fetch_all_items(&mut buffer))?;
        while let Some((key, record)) = complete(items.next::<&[u8]>(&mut buffer))? {
            each(key, record);
        }
        Ok(())
    }

    /// Stores a record in place of the one with the same key.
    pub(super) fn write<F: NorFlash>(
        &self,
        flash: &mut F,
        key: u8,
        record: &[u8],
    ) -> Result<(), StoreError> {
        let mut buffer = [0; BUFFER];
        complete(self.map(flash)?.store_item(&mut buffer, &key, &record))
    }

    /// Empties the bank.
    pub(super) fn erase<F: NorFlash>(&self, flash: &mut F) -> Result<(), StoreError> {
        complete(self.map(flash)?.erase_all())
    }
}
