//! An LED with a green and a red half in one lens.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Defects, Level};
use crate::fault::{Half, LedFault};

/// The light of an LED with a green and a red half.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// The green half alone.
    Green,
    /// The red half alone.
    Red,
    /// Both.
    Orange,
}

impl Colour {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Red => "red",
            Self::Orange => "orange",
        }
    }
}

/// The LED.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Lamp {
    green: Level,
    red: Level,
    defects: Defects<LedFault>,
}

impl Lamp {
    /// Drives one half; high shines.
    pub fn drive(&mut self, half: Half, level: Level) {
        match half {
            Half::Green => self.green = level,
            Half::Red => self.red = level,
        }
        if level.is_high() {
            self.defects.feel(|fault| fault == LedFault::Dead(half));
        }
    }

    /// What is to be seen; none when it is dark.
    #[must_use]
    pub fn light(&self) -> Option<Colour> {
        match (self.shines(Half::Green), self.shines(Half::Red)) {
            (true, true) => Some(Colour::Orange),
            (true, false) => Some(Colour::Green),
            (false, true) => Some(Colour::Red),
            (false, false) => None,
        }
    }

    /// Breaks it.
    pub fn inject(&mut self, fault: LedFault) {
        self.defects.add(fault);
    }

    /// Mends it.
    pub fn repair(&mut self) {
        self.defects.clear();
    }

    /// Whether [`Self::take_felt`] has anything to tell.
    #[must_use]
    pub fn has_felt(&self) -> bool {
        self.defects.has_felt()
    }

    /// The faults that were felt for the first time since the last call.
    pub fn take_felt(&mut self) -> Vec<LedFault> {
        self.defects.take_felt()
    }

    fn shines(&self, half: Half) -> bool {
        let level = match half {
            Half::Green => self.green,
            Half::Red => self.red,
        };
        level.is_high() && !self.defects.has(LedFault::Dead(half))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_half_turns_orange_into_the_other() {
        let mut lamp = Lamp::default();
        lamp.inject(LedFault::Dead(Half::Green));
        lamp.drive(Half::Red, Level::High);
        assert!(lamp.take_felt().is_empty(), "the red half is sound");
        lamp.drive(Half::Green, Level::High);
        assert_eq!(lamp.light(), Some(Colour::Red));
        assert_eq!(lamp.take_felt(), [LedFault::Dead(Half::Green)]);
        lamp.repair();
        assert_eq!(lamp.light(), Some(Colour::Orange));
    }
}
