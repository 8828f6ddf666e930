//! What survives a power loss.
//!
//! Records (settings, codes, tables of PINs, wrong tries, the high-water mark) are mirrored in memory and stand in two
//! banks. Every change is written to bank A, then to bank B, then taken into memory; each record carries a write number,
//! and the higher readable one counts. So a cut leaves the old or the new record, and a flipped bit costs one of two
//! copies. The frequently written *vital* record witnesses the others: where blocks, settings or generation are lost in
//! both banks all the same, SmartPINs go off until the generation is raised. The audit log is a ring of its own.
//!
//! Nothing here knows what a record means for the door.

mod bank;
mod codec;
mod codes;
mod config;
mod entries;
mod flash;
mod frame;
mod key;
pub mod layout;
mod load;
mod log;
mod pins;
mod seal;
mod state;
mod table;
mod vital;

use embedded_storage::nor_flash::NorFlash;
use smartpin::{Generation, LockKey, StoreKey};

pub use self::codes::{CustomMatches, Matches};
pub use self::flash::StoreError;
pub use self::key::TABLE;
pub use self::table::Ended;

use self::bank::{Bank, MOST_WRITES, Mirror};
use self::codec::{Record, record};
use self::key::Key;
use self::layout::{BANK_A, BANK_B};
use self::load::{Numbers, load};
use self::log::Log;
use self::seal::Purpose;
use self::state::{Config, Sealed, State};
use crate::civil::CivilTime;
use crate::code::Code;
use crate::settings::Settings;

/// How many copies of a record there are.
const BANKS: usize = 2;

/// The store, with a mirror of every record in memory.
///
/// What changes something takes the flash, is durable when it returns `Ok`, and changes nothing in memory when it fails.
#[derive(Clone)]
pub struct Store {
    key: StoreKey,
    /// The code on the label.
    label: Option<Sealed>,
    state: State,
    numbers: Numbers,
    banks: [Bank; BANKS],
    /// The number of the last write.
    written: u32,
    log: Log,
    /// A record whose last write failed: the banks may differ from memory in it.
    unsettled: Option<Key>,
}

/// What [`Store::open`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Nothing: the flash is as it left the factory.
    pub fresh: bool,
    /// Something could not be read, and was mended from what is intact.
    pub repaired: bool,
}

/// What an owner's app decides when it sets a lock up.
#[derive(Clone, Debug, Default)]
pub struct Provision {
    /// In force from the first boot, the generation included.
    pub settings: Settings,
    /// In place of the label's.
    pub programming_code: Option<Code>,
}

/// Writes the store of a lock that was set up and never used. What was in the flash is gone.
///
/// The first-use deadline, if it is set, holds for every window.
pub fn provision<F: NorFlash>(
    flash: &mut F,
    key: &LockKey,
    provision: &Provision,
) -> Result<(), StoreError> {
    for sector in 0..layout::SIZE / layout::SECTOR {
        let start = sector * layout::SECTOR;
        flash::clear(flash, start..start + layout::SECTOR)?;
    }
    let (mut store, _) = Store::open(flash, key);
    let deadline = provision.settings.first_use_within_hours > 0;
    store.write_config(
        flash,
        Config {
            settings: provision.settings.clone(),
            first_use_since: deadline.then_some(CivilTime::MIN),
            codes_since: Generation(0),
            raise_required: false,
        },
    )?;
    provision
        .programming_code
        .as_ref()
        .map_or(Ok(()), |code| store.set_programming_code(flash, code))
}

impl Store {
    /// Reads the flash, whatever it holds, and mends it.
    pub fn open<F: NorFlash>(flash: &mut F, key: &LockKey) -> (Self, Opened) {
        let mut store = Self::unread();
        let opened = store.read(flash, key);
        (store, opened)
    }

    /// A store that has not read its flash yet and knows no code. It and [`Store::read`] are for those who have no room to
    /// move a store about, as [`Store::open`] does.
    #[must_use]
    pub fn unread() -> Self {
        Self {
            key: StoreKey::from_bytes([0; 16]),
            label: None,
            state: State::default(),
            numbers: [0; key::COUNT],
            banks: [BANK_A, BANK_B].map(|range| Bank::unread(range.start)),
            written: 0,
            log: Log::default(),
            unsettled: None,
        }
    }

    /// Reads the flash, whatever it holds, and mends it. What the store held before is forgotten.
    pub fn read<F: NorFlash>(&mut self, flash: &mut F, key: &LockKey) -> Opened {
        self.key = key.store_key();
        let label = Code::from_digits(&key.programming_code());
        let mut mac = self.key.expand();
        self.label =
            label.map(|label| Sealed::new(&mut mac, Purpose::Programming, Generation(0), &label));
        self.unsettled = None;
        self.state.clear();
        self.numbers.fill(0);
        let loaded = load(flash, &mut self.banks, &mut self.state, &mut self.numbers);
        self.written = loaded.written;
        self.log = loaded.log;
        // What fails here is done before the next change.
        self.mend(flash, loaded.opened).unwrap_or_default();
        loaded.opened
    }

    /// Brings both banks up to what they hold together, and begins new ones.
    fn mend<F: NorFlash>(&mut self, flash: &mut F, opened: Opened) -> Result<(), StoreError> {
        if opened.fresh {
            // The first record of all: without it, any other would look like what is left of a damaged store.
            return self.write_vital(flash, self.state.vital);
        }
        if opened.repaired {
            return self.write_config(flash, self.state.config.clone());
        }
        let mirror = Mirrored {
            state: &self.state,
            numbers: &self.numbers,
        };
        self.banks
            .iter_mut()
            .try_for_each(|bank| bank.complete(flash, self.written, &mirror))
    }

    /// Writes a record to both banks, one after the other.
    fn put<F: NorFlash>(
        &mut self,
        flash: &mut F,
        key: Key,
        body: impl FnOnce(
            codec::Writer<{ codec::LONGEST_RECORD }>,
        ) -> codec::Writer<{ codec::LONGEST_RECORD }>,
    ) -> Result<(), StoreError> {
        if let Some(unsettled) = self.unsettled.filter(|unsettled| *unsettled != key) {
            let number = self.next_number()?;
            self.write(
                flash,
                unsettled,
                number,
                &self.state.record(unsettled, number),
            )?;
        }
        let number = self.next_number()?;
        self.write(flash, key, number, &body(record(number)).done())
    }

    fn next_number(&self) -> Result<u32, StoreError> {
        let number = self.written.saturating_add(1);
        if number < MOST_WRITES {
            Ok(number)
        } else {
            Err(StoreError::Flash)
        }
    }

    /// A bank changes only while the other is whole: a cut in one never costs what the other lacks.
    fn write<F: NorFlash>(
        &mut self,
        flash: &mut F,
        key: Key,
        number: u32,
        record: &Record,
    ) -> Result<(), StoreError> {
        self.written = number;
        let mirror = Mirrored {
            state: &self.state,
            numbers: &self.numbers,
        };
        for bank in &mut self.banks {
            bank.complete(flash, number, &mirror)?;
        }
        self.unsettled = Some(key);
        for bank in &mut self.banks {
            bank.put(flash, (key.code(), record), number, &mirror)?;
        }
        self.unsettled = None;
        if let Some(place) = self.numbers.get_mut(usize::from(key.code())) {
            *place = number;
        }
        Ok(())
    }
}

/// All records as they stand in memory.
struct Mirrored<'a> {
    state: &'a State,
    numbers: &'a Numbers,
}

impl Mirrored<'_> {
    fn number(&self, key: u8) -> u32 {
        self.numbers.get(usize::from(key)).copied().unwrap_or(0)
    }
}

impl Mirror for Mirrored<'_> {
    fn holds(&self, key: u8) -> bool {
        self.number(key) > 0
    }

    fn record(&self, key: u8) -> Record {
        let number = self.number(key);
        Key::from_code(key).map_or_else(
            || record(number).done(),
            |key| self.state.record(key, number),
        )
    }
}

impl core::fmt::Debug for Store {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Store")
            .field("written", &self.written)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
