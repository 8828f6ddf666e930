//! Reading both banks at boot, and mending what a cut or a flipped bit left.

use embedded_storage::nor_flash::NorFlash;
use smartpin::Generation;

use super::bank::Bank;
use super::codec::Reader;
use super::key::{self, Key};
use super::layout::{BANK_A, BANK_B};
use super::state::State;
use super::{BANKS, Opened};
use crate::logic::lockout::Tally;

/// The write number of each record, by its key; 0 where there is none.
pub(super) type Numbers = [u32; key::COUNT];

/// What two banks hold together.
pub(super) struct Loaded {
    pub(super) state: State,
    pub(super) numbers: Numbers,
    /// Of each bank, the records in which it lags behind the other, and whether it has to be written anew.
    pub(super) lags: [Lag; BANKS],
    pub(super) opened: Opened,
}

/// How a bank differs from what both hold together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lag {
    pub(super) unreadable: bool,
    records: u32,
    newest: bool,
}

impl Lag {
    /// The bank has all that the other has.
    pub(super) fn is_none(self) -> bool {
        !self.unreadable && self.records == 0
    }

    /// What a power cut between the two banks leaves: the other bank has one record more, the last written.
    fn is_a_cut(self) -> bool {
        !self.unreadable && (self.records == 0 || self.records == 1 && self.newest)
    }
}

/// Reads what is there. Never fails: what can't be read is missing.
pub(super) fn load<F: NorFlash>(flash: &mut F) -> Loaded {
    let mut state = State::default();
    let mut numbers: Numbers = [0; key::COUNT];
    let mut seen = [[0_u32; key::COUNT]; BANKS];
    let mut lags = [Lag::default(); BANKS];
    for ((range, seen), lag) in [BANK_A, BANK_B].into_iter().zip(&mut seen).zip(&mut lags) {
        let read = Bank(range).read(flash, |code, bytes| {
            let Some((number, place)) = take(&mut state, &mut numbers, code, bytes) else {
                lag.unreadable = true;
                return;
            };
            if let Some(seen) = seen.get_mut(place) {
                *seen = number.max(*seen);
            }
        });
        lag.unreadable |= read.is_err();
    }
    let newest = numbers.iter().copied().max().unwrap_or(0);
    for (seen, lag) in seen.iter().zip(&mut lags) {
        for (seen, number) in seen
            .iter()
            .zip(&numbers)
            .filter(|(seen, number)| seen < number)
        {
            lag.records = lag.records.saturating_add(1);
            lag.newest |= *number == newest && seen < number;
        }
    }
    let fresh = newest == 0 && lags.iter().all(|lag| !lag.unreadable);
    let repaired = !lags.iter().all(|lag| lag.is_a_cut());
    let mut loaded = Loaded {
        state,
        numbers,
        lags,
        opened: Opened { fresh, repaired },
    };
    if !fresh {
        loaded.distrust_losses();
    }
    loaded
}

/// Takes a record into the state if it is newer than what is there. Gives its number and place.
fn take(state: &mut State, numbers: &mut Numbers, code: u8, bytes: &[u8]) -> Option<(u32, usize)> {
    let key = Key::from_code(code)?;
    let mut reader = Reader::new(bytes);
    let number = reader
        .u32()
        .filter(|number| (1..u32::MAX).contains(number))?;
    let place = usize::from(code);
    let newest = numbers.get_mut(place)?;
    if number > *newest {
        state.set(key, &mut reader)?;
        *newest = number;
    }
    Some((number, place))
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
            .chain([self.config.settings.generation])
            .max()
            .unwrap_or_default()
    }
}

impl Loaded {
    /// Where blocks, generation, mark or wrong tries may be lost in both banks, assumes the worst.
    fn distrust_losses(&mut self) {
        let has = |key: Key| {
            self.numbers
                .get(usize::from(key.code()))
                .copied()
                .unwrap_or(0)
        };
        let vital = has(Key::Vital) > 0;
        let config_lost = has(Key::Config) < self.state.vital.config_number;
        let blocks_lost = blocked_sum(&self.numbers) < self.state.vital.blocked_sum;
        if vital && !config_lost && !blocks_lost {
            return;
        }
        self.opened.repaired = true;
        let generation = self.state.highest_generation();
        let settings = &mut self.state.config.settings;
        settings.generation = generation;
        settings.smartpin_enabled = false;
        self.state.config.raise_required = true;
        if !vital {
            let worst = |limit: u8| limit.saturating_sub(1);
            self.state.vital.tally = Tally {
                tries: worst(settings.wrong_tries),
                rung: 2,
                spent: settings.wrong_try_budget,
                pending: false,
                lockout: None,
            };
        }
    }
}

/// The witness of the blocked table.
pub(super) fn blocked_sum(numbers: &Numbers) -> u32 {
    let blocked = (0..key::TABLE).map(|at| usize::from(Key::Blocked(at).code()));
    blocked
        .filter_map(|place| numbers.get(place))
        .fold(0, |sum, number| sum.wrapping_add(*number))
}
