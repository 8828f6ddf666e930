//! Which record is which.

use crate::logic::programming::Slot;

/// Blocked PINs, custom PINs and first uses that are remembered, of each.
pub const TABLE: usize = 64;

pub(super) const CONFIG: u8 = 0;
pub(super) const VITAL: u8 = 1;
pub(super) const PROGRAMMING: u8 = 2;
const LOCAL: u8 = 3;
const BLOCKED: u8 = 16;
const CUSTOM: u8 = BLOCKED + TABLE as u8;
const USED: u8 = CUSTOM + TABLE as u8;
/// One more than the highest key.
pub(super) const COUNT: usize = USED as usize + TABLE;

/// A record, by what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Config,
    Vital,
    Programming,
    Local(usize),
    Blocked(usize),
    Custom(usize),
    Used(usize),
}

impl Key {
    pub(super) fn code(self) -> u8 {
        let place = |base: u8, at: usize| base.saturating_add(u8::try_from(at).unwrap_or(u8::MAX));
        match self {
            Self::Config => CONFIG,
            Self::Vital => VITAL,
            Self::Programming => PROGRAMMING,
            Self::Local(at) => place(LOCAL, at),
            Self::Blocked(at) => place(BLOCKED, at),
            Self::Custom(at) => place(CUSTOM, at),
            Self::Used(at) => place(USED, at),
        }
    }

    pub(super) fn from_code(code: u8) -> Option<Self> {
        let at = |base: u8, count: usize| {
            let place = usize::from(code.checked_sub(base)?);
            (place < count).then_some(place)
        };
        match code {
            CONFIG => Some(Self::Config),
            VITAL => Some(Self::Vital),
            PROGRAMMING => Some(Self::Programming),
            _ => at(LOCAL, usize::from(Slot::COUNT))
                .map(Self::Local)
                .or_else(|| at(BLOCKED, TABLE).map(Self::Blocked))
                .or_else(|| at(CUSTOM, TABLE).map(Self::Custom))
                .or_else(|| at(USED, TABLE).map(Self::Used)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_has_a_code_of_its_own() {
        let known = (0..=u8::MAX).filter_map(|code| Some((code, Key::from_code(code)?)));
        let mut count = 0;
        for (code, key) in known {
            assert_eq!(key.code(), code);
            count += 1;
        }
        assert_eq!(count, 3 + 10 + 3 * TABLE);
    }
}
