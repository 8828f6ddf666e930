//! Reading both banks at boot, and mending what a cut or a flipped bit left.

use embedded_storage::nor_flash::NorFlash;
use smartpin::Generation;

use super::bank::{Bank, Found};
use super::codec::Reader;
use super::key::{self, Key};
use super::log::Log;
use super::state::State;
use super::{BANKS, Opened};
use crate::logic::lockout::Tally;

/// The write number of each record, by its key; 0 where there is none.
pub(super) type Numbers = [u32; key::COUNT];

/// What the flash holds, but for the records themselves.
pub(super) struct Loaded {
    /// The highest number of a write.
    pub(super) written: u32,
    pub(super) log: Log,
    pub(super) opened: Opened,
}

/// Reads what is there, records into a state that has none, and has the banks know what they lack. Never fails: what can't
/// be read is missing.
#[inline(never)]
pub(super) fn load<F: NorFlash>(
    flash: &mut F,
    banks: &mut [Bank; BANKS],
    state: &mut State,
    numbers: &mut Numbers,
) -> Loaded {
    let mut found = [const { Found::nothing() }; BANKS];
    for (bank, found) in banks.iter_mut().zip(&mut found) {
        bank.find(flash, found, |key, number, reader| {
            take(state, numbers, key, number, reader)
        });
    }
    let log = Log::find(flash);
    let fresh = !log.is_used() && found.iter().all(|found| found.unused);
    let mut damaged = false;
    for (bank, found) in banks.iter_mut().zip(&found) {
        damaged |= compare(bank, found, numbers) == Lack::Damage;
    }
    let written = found.iter().map(|found| found.newest).max().unwrap_or(0);
    let lost = !fresh && distrust_losses(state, numbers);
    Loaded {
        written,
        log,
        opened: Opened {
            fresh,
            repaired: damaged || lost,
        },
    }
}

/// Takes a record into the state if it is newer than what is there. False if it means nothing.
fn take(
    state: &mut State,
    numbers: &mut Numbers,
    key: u8,
    number: u32,
    reader: &mut Reader<'_>,
) -> bool {
    let (Some(place), Some(newest)) = (Key::from_code(key), numbers.get_mut(usize::from(key)))
    else {
        return false;
    };
    if number <= *newest {
        return true;
    }
    let taken = state.set(place, reader).is_some();
    if taken {
        *newest = number;
    }
    taken
}

/// Why a bank hasn't all records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lack {
    /// It has.
    None,
    /// A power cut, between the banks or while this one moved on.
    Cut,
    /// Something in it became unreadable.
    Damage,
}

/// Tells a bank what it lacks.
fn compare(bank: &mut Bank, found: &Found, numbers: &Numbers) -> Lack {
    let newest = numbers.iter().copied().max().unwrap_or(0);
    let mut lack = Lack::None;
    for ((key, newer), number) in (0_u8..).zip(numbers).zip(found.numbers) {
        if number == *newer {
            continue;
        }
        bank.lacks(key);
        // Only the very last write can be missing because of a cut, unless the bank was moving on.
        let cut = found.moving || *newer == newest;
        lack = if cut && lack != Lack::Damage {
            Lack::Cut
        } else {
            Lack::Damage
        };
    }
    lack
}

impl State {
    /// Reads a record's body, empty where it was removed.
    fn set(&mut self, key: Key, reader: &mut Reader<'_>) -> Option<()> {
        match key {
            Key::Config => self.config = reader.config()?,
            Key::Vital => self.vital = reader.vital()?,
            Key::Programming => self.programming = reader.unless_removed(Reader::sealed)?,
            Key::Local(at) => *self.local.get_mut(at)? = reader.unless_removed(Reader::sealed)?,
            Key::Blocked(at) => {
                *self.blocked.get_mut(at)? = reader.unless_removed(Reader::pin_id)?;
            }
            Key::Custom(at) => {
                *self.customs.get_mut(at)? = reader.unless_removed(Reader::custom)?;
            }
            Key::Used(at) => *self.used.get_mut(at)? = reader.unless_removed(Reader::pin_id)?,
        }
        Some(())
    }

    /// The highest generation that any record speaks of.
    fn highest_generation(&self) -> Generation {
        let pins = self
            .blocked
            .iter()
            .flatten()
            .chain(self.used.iter().flatten())
            .map(|pin| pin.generation);
        let customs = self
            .customs
            .iter()
            .flatten()
            .map(|custom| custom.pin.generation);
        let codes = self
            .local
            .iter()
            .flatten()
            .chain(&self.programming)
            .map(|sealed| sealed.generation);
        pins.chain(customs)
            .chain(codes)
            .chain([self.config.settings.generation, self.vital.generation])
            .max()
            .unwrap_or_default()
    }
}

/// Where blocks, generation, mark or wrong tries may be lost in both banks, assumes the worst. Whether they may.
fn distrust_losses(state: &mut State, numbers: &Numbers) -> bool {
    let has = |key: Key| numbers.get(usize::from(key.code())).copied().unwrap_or(0);
    let vital = has(Key::Vital) > 0;
    let config_lost = has(Key::Config) < state.vital.config_number;
    let blocks_lost = blocked_sum(numbers) < state.vital.blocked_sum;
    if vital && !config_lost && !blocks_lost {
        return false;
    }
    let generation = state.highest_generation();
    if config_lost || !vital {
        // Codes of before a factory reset must not come back with the loss of what voided them.
        state.config.codes_since = state.config.codes_since.max(generation);
    }
    let settings = &mut state.config.settings;
    settings.generation = generation;
    settings.smartpin_enabled = false;
    state.config.raise_required = true;
    if !vital {
        let worst = |limit: u8| limit.saturating_sub(1);
        state.vital.tally = Tally {
            tries: worst(settings.wrong_tries),
            rung: 2,
            spent: settings.wrong_try_budget,
            pending: false,
            lockout: None,
        };
    }
    true
}

/// The witness of the blocked table.
pub(super) fn blocked_sum(numbers: &Numbers) -> u32 {
    let blocked = (0..key::TABLE).map(|at| usize::from(Key::Blocked(at).code()));
    blocked
        .filter_map(|place| numbers.get(place))
        .fold(0, |sum, number| sum.wrapping_add(*number))
}
