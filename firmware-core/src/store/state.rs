//! What the records hold, as the lock keeps it in memory.

use smartpin::Generation;

use super::codec::{Record, record};
use super::key::{Key, TABLE};
use crate::audit::{PinId, Stamp};
use crate::civil::CivilTime;
use crate::logic::lockout::Tally;
use crate::logic::programming::Slot;
use crate::logic::trust::Mark;
use crate::settings::Settings;

/// What the owner decided, in one record, so that a factory reset is one write.
#[derive(Clone, Debug, Default)]
pub(super) struct Config {
    pub(super) settings: Settings,
    /// From when on the first-use deadline holds; none while it is off.
    pub(super) first_use_since: Option<CivilTime>,
    /// Codes that were set in an older generation are void.
    pub(super) codes_since: Generation,
    /// Blocks, generation or mark may have been lost: SmartPINs stay off until the generation is raised.
    pub(super) raise_required: bool,
}

/// What changes with nearly every entry.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Vital {
    pub(super) boots: u32,
    pub(super) tally: Tally,
    pub(super) mark: Mark,
    /// The latest end among table entries that were erased as over.
    pub(super) erased_end: Option<CivilTime>,
    /// The sequence number of the next audit entry.
    pub(super) next_entry: u32,
    /// Short entries in a row, which become one audit entry when something else happens.
    pub(super) run: Option<Run>,
    /// The generation in force, as a witness of its loss.
    pub(super) generation: Generation,
    /// The write number of the configuration, as a witness of its loss.
    pub(super) config_number: u32,
    /// The sum of the blocked table's write numbers, as a witness of a loss there. Each change makes it larger.
    pub(super) blocked_sum: u32,
}

/// A run of short entries.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) sequence: u32,
    pub(super) stamp: Stamp,
    pub(super) count: u16,
}

/// A code as a digest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sealed {
    /// The lock's generation when the code was set.
    pub(super) generation: Generation,
    pub(super) digest: [u8; 16],
}

/// A guest's own code, and how many they have chosen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Custom {
    pub(super) pin: PinId,
    pub(super) saves: u8,
    /// None where it went with a block.
    pub(super) digest: Option<[u8; 16]>,
}

/// All records.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) config: Config,
    pub(super) vital: Vital,
    pub(super) programming: Option<Sealed>,
    pub(super) local: [Option<Sealed>; Slot::COUNT as usize],
    pub(super) blocked: [Option<PinId>; TABLE],
    pub(super) customs: [Option<Custom>; TABLE],
    pub(super) used: [Option<PinId>; TABLE],
}

impl Default for State {
    fn default() -> Self {
        Self {
            config: Config::default(),
            vital: Vital::default(),
            programming: None,
            local: [None; Slot::COUNT as usize],
            blocked: [None; TABLE],
            customs: [None; TABLE],
            used: [None; TABLE],
        }
    }
}

impl State {
    /// Forgets everything, in place: it is too large to be put together elsewhere.
    pub(super) fn clear(&mut self) {
        let Self {
            config,
            vital,
            programming,
            local,
            blocked,
            customs,
            used,
        } = self;
        *config = Config::default();
        *vital = Vital::default();
        *programming = None;
        local.fill(None);
        blocked.fill(None);
        customs.fill(None);
        used.fill(None);
    }

    /// A record as it stands in memory.
    pub(super) fn record(&self, key: Key, number: u32) -> Record {
        let record = record(number);
        let record = match key {
            Key::Config => record.config(&self.config),
            Key::Vital => record.vital(&self.vital),
            Key::Programming => match &self.programming {
                Some(sealed) => record.sealed(sealed),
                None => record,
            },
            Key::Local(at) => match self.local.get(at).copied().flatten() {
                Some(sealed) => record.sealed(&sealed),
                None => record,
            },
            Key::Blocked(at) => match self.blocked.get(at).copied().flatten() {
                Some(pin) => record.pin_id(pin),
                None => record,
            },
            Key::Custom(at) => match self.customs.get(at).copied().flatten() {
                Some(custom) => record.custom(&custom),
                None => record,
            },
            Key::Used(at) => match self.used.get(at).copied().flatten() {
                Some(pin) => record.pin_id(pin),
                None => record,
            },
        };
        record.done()
    }
}
