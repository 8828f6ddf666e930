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
mod flash;
mod frame;
mod key;
pub mod layout;
mod load;
mod log;
mod seal;
mod state;
mod table;

use embedded_storage::nor_flash::NorFlash;
use heapless::Vec;
use smartpin::{Generation, LockKey, StoreKey, StoreMac, Window};
use subtle::Choice;

pub use self::flash::StoreError;
pub use self::key::TABLE;
pub use self::table::Ended;

use self::bank::{Bank, MOST_WRITES, Mirror};
use self::codec::{Record, record};
use self::key::Key;
use self::layout::{BANK_A, BANK_B};
use self::load::{Numbers, blocked_sum, load};
use self::log::Log;
use self::seal::Purpose;
use self::state::{Config, Custom, Run, Sealed, State, Vital};
use self::table::Place;
use crate::audit::{Entry, Event, PinId, Reason, Stamp};
use crate::civil::CivilTime;
use crate::code::Code;
use crate::logic::access::Memory;
use crate::logic::lockout::Tally;
use crate::logic::programming::Slot;
use crate::logic::trust::Mark;
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

/// The guests whose custom PIN an entry is.
pub type CustomMatches = Vec<PinId, TABLE>;

/// What an entry is of all codes that the store knows.
#[derive(Clone, Debug)]
pub struct Matches {
    /// The programming code: the one that was set, or the label's.
    pub programming: bool,
    /// A local code, by its slot.
    pub local: Option<Slot>,
    /// Custom PINs, by the guests of this generation who chose them.
    pub customs: CustomMatches,
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

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.state.config.settings
    }

    /// From when on the first-use deadline holds for windows.
    #[must_use]
    pub fn first_use_since(&self) -> Option<CivilTime> {
        self.state.config.first_use_since
    }

    /// SmartPINs stay off until the generation is raised, as blocks may have been lost.
    #[must_use]
    pub fn raise_required(&self) -> bool {
        self.state.config.raise_required
    }

    /// Changes the settings, and with them the moment from which the first-use deadline holds. Raising the generation
    /// makes SmartPINs possible again after a loss.
    pub fn set_settings<F: NorFlash>(
        &mut self,
        flash: &mut F,
        settings: Settings,
        first_use_since: Option<CivilTime>,
    ) -> Result<(), StoreError> {
        let raised = settings.generation > self.settings().generation;
        let raise_required = self.state.config.raise_required && !raised;
        self.write_config(
            flash,
            Config {
                settings,
                first_use_since,
                raise_required,
                ..self.state.config.clone()
            },
        )
    }

    /// Restores factory settings in one write: the time zone and the daily hours stay, the generation rises by one, and
    /// every code of before is void.
    pub fn restore_factory<F: NorFlash>(&mut self, flash: &mut F) -> Result<(), StoreError> {
        let before = self.settings();
        let generation = Generation(before.generation.0.checked_add(1).ok_or(StoreError::Full)?);
        let settings = Settings {
            timezone: before.timezone.clone(),
            daily_hours: before.daily_hours,
            generation,
            ..Settings::default()
        };
        self.write_config(
            flash,
            Config {
                settings,
                first_use_since: None,
                codes_since: generation,
                raise_required: false,
            },
        )
    }

    /// Compares an entry with every code there is or could be, all of it whatever matches, so that nothing can be learnt
    /// from how long it takes.
    #[must_use]
    pub fn compare(&self, code: &Code) -> Matches {
        let mut mac = self.key.expand();
        Matches {
            programming: self.programming_matches(&mut mac, code).into(),
            local: self.local_match(&mut mac, code),
            customs: self.custom_matches(&mut mac, code),
        }
    }

    fn programming_matches(&self, mac: &mut StoreMac, code: &Code) -> Choice {
        let set = self.state.programming.as_ref();
        let set = set.filter(|sealed| self.is_valid(sealed));
        let sealed = set.or(self.label.as_ref());
        seal::matches(mac, Purpose::Programming, sealed, code)
    }

    fn local_match(&self, mac: &mut StoreMac, code: &Code) -> Option<Slot> {
        let mut matched = None;
        for (at, sealed) in self.state.local.iter().enumerate() {
            let sealed = sealed.as_ref().filter(|sealed| self.is_valid(sealed));
            if seal::matches(mac, Purpose::Local(at), sealed, code).into() {
                matched = u8::try_from(at + 1).ok().and_then(Slot::new);
            }
        }
        matched
    }

    fn custom_matches(&self, mac: &mut StoreMac, code: &Code) -> CustomMatches {
        let mut matched = CustomMatches::new();
        for custom in &self.state.customs {
            let custom = custom
                .as_ref()
                .filter(|custom| custom.pin.generation == self.settings().generation);
            if seal::matches_custom(mac, custom, code).into() {
                // As many fit as there are places.
                matched.extend(custom.map(|custom| custom.pin));
            }
        }
        matched
    }

    /// Replaces the programming code.
    pub fn set_programming_code<F: NorFlash>(
        &mut self,
        flash: &mut F,
        code: &Code,
    ) -> Result<(), StoreError> {
        let sealed = Sealed::new(
            &mut self.key.expand(),
            Purpose::Programming,
            self.settings().generation,
            code,
        );
        self.put(flash, Key::Programming, |record| record.sealed(&sealed))?;
        self.state.programming = Some(sealed);
        Ok(())
    }

    /// Puts a code into a slot, in place of what was there.
    pub fn set_local_code<F: NorFlash>(
        &mut self,
        flash: &mut F,
        slot: Slot,
        code: &Code,
    ) -> Result<(), StoreError> {
        let at = usize::from(slot.number() - 1);
        let sealed = Sealed::new(
            &mut self.key.expand(),
            Purpose::Local(at),
            self.settings().generation,
            code,
        );
        self.put(flash, Key::Local(at), |record| record.sealed(&sealed))?;
        self.state
            .local
            .iter_mut()
            .skip(at)
            .take(1)
            .for_each(|place| *place = Some(sealed));
        Ok(())
    }

    /// Empties a slot; false where it was empty.
    pub fn delete_local_code<F: NorFlash>(
        &mut self,
        flash: &mut F,
        slot: Slot,
    ) -> Result<bool, StoreError> {
        let at = usize::from(slot.number() - 1);
        let there = self
            .state
            .local
            .get(at)
            .copied()
            .flatten()
            .is_some_and(|sealed| self.is_valid(&sealed));
        if there {
            self.put(flash, Key::Local(at), |record| record)?;
            self.state
                .local
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|place| *place = None);
        }
        Ok(there)
    }

    /// Whether the owner blocked this PIN.
    #[must_use]
    pub fn is_blocked(&self, pin: PinId) -> bool {
        self.state.blocked.contains(&Some(pin))
    }

    /// Blocks a PIN and takes its custom PIN away; false where it was blocked already.
    pub fn block<F: NorFlash>(
        &mut self,
        flash: &mut F,
        pin: PinId,
        ended: Ended<'_>,
    ) -> Result<bool, StoreError> {
        let news = !self.is_blocked(pin);
        if news {
            let place = table::place(
                self.state.blocked.iter().copied(),
                self.settings().generation,
                ended,
            )?;
            let at = self.make_room(flash, place)?;
            self.write_blocked(flash, at, Some(pin))?;
        }
        self.clear_custom(flash, pin)?;
        Ok(news)
    }

    /// Unblocks a PIN; false where it was not blocked.
    pub fn unblock<F: NorFlash>(&mut self, flash: &mut F, pin: PinId) -> Result<bool, StoreError> {
        let Some(at) = self
            .state
            .blocked
            .iter()
            .position(|entry| *entry == Some(pin))
        else {
            return Ok(false);
        };
        // A cut may have come between the block and this.
        self.clear_custom(flash, pin)?;
        self.write_blocked(flash, at, None)?;
        Ok(true)
    }

    /// Remembers that a PIN was used in time.
    pub fn remember_first_use<F: NorFlash>(
        &mut self,
        flash: &mut F,
        pin: PinId,
        ended: Ended<'_>,
    ) -> Result<(), StoreError> {
        if self.is_used(pin) {
            return Ok(());
        }
        let place = table::place(
            self.state.used.iter().copied(),
            self.settings().generation,
            ended,
        )?;
        let at = self.make_room(flash, place)?;
        self.put(flash, Key::Used(at), |record| record.pin_id(pin))?;
        self.state
            .used
            .iter_mut()
            .skip(at)
            .take(1)
            .for_each(|place| *place = Some(pin));
        Ok(())
    }

    /// How many custom PINs this guest has saved.
    #[must_use]
    pub fn custom_saves(&self, pin: PinId) -> u8 {
        self.custom_of(pin).map_or(0, |(_, custom)| custom.saves)
    }

    /// Saves a guest's code in place of the one before.
    pub fn save_custom<F: NorFlash>(
        &mut self,
        flash: &mut F,
        pin: PinId,
        code: &Code,
        ended: Ended<'_>,
    ) -> Result<(), StoreError> {
        let (at, saves) = if let Some((at, custom)) = self.custom_of(pin) {
            (at, custom.saves.saturating_add(1))
        } else {
            let pins = self
                .state
                .customs
                .iter()
                .map(|custom| custom.map(|custom| custom.pin));
            let place = table::place(pins, self.settings().generation, ended)?;
            (self.make_room(flash, place)?, 1)
        };
        let digest = seal::digest(
            &mut self.key.expand(),
            Purpose::Custom(pin),
            pin.generation,
            code,
        );
        self.write_custom(
            flash,
            at,
            Custom {
                pin,
                saves,
                digest: Some(digest),
            },
        )
    }

    /// The wrong tries.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.state.vital.tally
    }

    /// Stores the wrong tries.
    pub fn set_tally<F: NorFlash>(
        &mut self,
        flash: &mut F,
        tally: Tally,
    ) -> Result<(), StoreError> {
        self.write_vital(
            flash,
            Vital {
                tally,
                ..self.state.vital
            },
        )
    }

    /// The high-water mark.
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.state.vital.mark
    }

    /// Stores the high-water mark.
    pub fn set_mark<F: NorFlash>(&mut self, flash: &mut F, mark: Mark) -> Result<(), StoreError> {
        self.write_vital(
            flash,
            Vital {
                mark,
                ..self.state.vital
            },
        )
    }

    /// Windows that end no later are over, whatever the clock says.
    #[must_use]
    pub fn erased_end(&self) -> Option<CivilTime> {
        self.state.vital.erased_end
    }

    /// How many times the lock has booted.
    #[must_use]
    pub fn boots(&self) -> u32 {
        self.state.vital.boots
    }

    /// Counts a boot, and stores the wrong tries as they are after it. What is counted holds in memory even if it could
    /// not be stored.
    pub fn count_boot<F: NorFlash>(
        &mut self,
        flash: &mut F,
        tally: Tally,
    ) -> Result<(), StoreError> {
        let vital = Vital {
            boots: self.boots().saturating_add(1),
            tally,
            ..self.state.vital
        };
        let stored = self.write_vital(flash, vital);
        self.state.vital = Vital {
            boots: vital.boots,
            tally,
            ..self.state.vital
        };
        stored
    }

    /// Writes an audit entry, and the mark with it. Short entries in a row are one entry, whose count rises.
    pub fn append<F: NorFlash>(
        &mut self,
        flash: &mut F,
        stamp: Stamp,
        event: Event,
        mark: Mark,
    ) -> Result<Entry, StoreError> {
        if matches!(
            event,
            Event::Denied {
                reason: Reason::TooShort,
                ..
            }
        ) {
            return self.lengthen_run(flash, stamp, mark);
        }
        if let Some(run) = self.open_run() {
            self.log.push(flash, &run.entry())?;
        }
        let sequence = self.next_entry();
        let entry = Entry {
            sequence,
            stamp,
            event,
        };
        self.log.push(flash, &entry)?;
        let next_entry = sequence.saturating_add(1);
        self.write_vital(
            flash,
            Vital {
                mark,
                run: None,
                next_entry,
                ..self.state.vital
            },
        )?;
        Ok(entry)
    }

    /// Shows the entries from a sequence number on, the oldest first.
    pub fn entries<F: NorFlash>(
        &self,
        flash: &mut F,
        from: u32,
        mut each: impl FnMut(Entry),
    ) -> Result<(), StoreError> {
        self.log.read(flash, |entry| {
            if entry.sequence >= from {
                each(entry);
            }
        })?;
        let run = self.open_run().map(Run::entry);
        run.filter(|entry| entry.sequence >= from)
            .into_iter()
            .for_each(each);
        Ok(())
    }

    /// The run of short entries that is not in the log yet. A cut can have come after it was written there.
    fn open_run(&self) -> Option<Run> {
        self.state
            .vital
            .run
            .filter(|run| self.log.last() < Some(run.sequence))
    }

    /// The sequence number of the next entry. What the log tells, the vital record still knows when the log is damaged.
    fn next_entry(&self) -> u32 {
        let logged = self.log.last().map_or(0, |last| last.saturating_add(1));
        self.state.vital.next_entry.max(logged)
    }

    fn lengthen_run<F: NorFlash>(
        &mut self,
        flash: &mut F,
        stamp: Stamp,
        mark: Mark,
    ) -> Result<Entry, StoreError> {
        let sequence = self.next_entry();
        let mut vital = Vital {
            mark,
            ..self.state.vital
        };
        let run = if let Some(run) = self.open_run() {
            Run {
                count: run.count.saturating_add(1),
                ..run
            }
        } else {
            vital.next_entry = sequence.saturating_add(1);
            Run {
                sequence,
                stamp,
                count: 1,
            }
        };
        vital.run = Some(run);
        self.write_vital(flash, vital)?;
        Ok(run.entry())
    }

    /// Codes of before a factory reset are void.
    fn is_valid(&self, sealed: &Sealed) -> bool {
        sealed.generation >= self.state.config.codes_since
    }

    fn custom_of(&self, pin: PinId) -> Option<(usize, Custom)> {
        let customs = self.state.customs.iter().enumerate();
        customs
            .filter_map(|(at, custom)| Some((at, (*custom)?)))
            .find(|(_, custom)| custom.pin == pin)
    }

    fn clear_custom<F: NorFlash>(&mut self, flash: &mut F, pin: PinId) -> Result<(), StoreError> {
        match self.custom_of(pin) {
            Some((at, custom)) if custom.digest.is_some() => self.write_custom(
                flash,
                at,
                Custom {
                    digest: None,
                    ..custom
                },
            ),
            _ => Ok(()),
        }
    }

    /// Before an entry that is over goes, it is stored that windows up to its end are over.
    fn make_room<F: NorFlash>(&mut self, flash: &mut F, place: Place) -> Result<usize, StoreError> {
        if place.erases > self.erased_end() {
            self.write_vital(
                flash,
                Vital {
                    erased_end: place.erases,
                    ..self.state.vital
                },
            )?;
        }
        Ok(place.at)
    }

    fn write_config<F: NorFlash>(
        &mut self,
        flash: &mut F,
        config: Config,
    ) -> Result<(), StoreError> {
        self.put(flash, Key::Config, |record| record.config(&config))?;
        self.state.config = config;
        self.write_vital(flash, self.state.vital)
    }

    fn write_blocked<F: NorFlash>(
        &mut self,
        flash: &mut F,
        at: usize,
        pin: Option<PinId>,
    ) -> Result<(), StoreError> {
        self.put(flash, Key::Blocked(at), |record| match pin {
            Some(pin) => record.pin_id(pin),
            None => record,
        })?;
        self.state
            .blocked
            .iter_mut()
            .skip(at)
            .take(1)
            .for_each(|place| *place = pin);
        self.write_vital(flash, self.state.vital)
    }

    fn write_custom<F: NorFlash>(
        &mut self,
        flash: &mut F,
        at: usize,
        custom: Custom,
    ) -> Result<(), StoreError> {
        self.put(flash, Key::Custom(at), |record| record.custom(&custom))?;
        self.state
            .customs
            .iter_mut()
            .skip(at)
            .take(1)
            .for_each(|place| *place = Some(custom));
        Ok(())
    }

    /// Writes the vital record, with its witness of the others.
    fn write_vital<F: NorFlash>(&mut self, flash: &mut F, vital: Vital) -> Result<(), StoreError> {
        let config_number = self
            .numbers
            .get(usize::from(Key::Config.code()))
            .copied()
            .unwrap_or(0);
        let vital = Vital {
            generation: self.settings().generation,
            config_number,
            blocked_sum: blocked_sum(&self.numbers),
            ..vital
        };
        self.put(flash, Key::Vital, |record| record.vital(&vital))?;
        self.state.vital = vital;
        Ok(())
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

/// All of a table is looked through, whatever is found.
impl Memory for Store {
    fn blocked(&self, window: Window, generation: Generation) -> u8 {
        let blocked = self.state.blocked.iter().flatten();
        blocked.fold(0, |bits, pin| {
            let here = pin.window == window && pin.generation == generation;
            bits | u8::from(here) << pin.variant.get()
        })
    }

    fn is_used(&self, pin: PinId) -> bool {
        let used = self.state.used.iter().flatten();
        used.filter(|used| **used == pin).count() > 0
    }
}

impl Run {
    fn entry(self) -> Entry {
        let event = Event::Denied {
            reason: Reason::TooShort,
            pin: None,
            count: self.count,
        };
        Entry {
            sequence: self.sequence,
            stamp: self.stamp,
            event,
        }
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
