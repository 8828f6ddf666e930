//! The wires between the firmware's processor and what hangs on it.

use serde::{Deserialize, Serialize};

/// The level of a wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Ground.
    #[default]
    Low,
    /// Supply.
    High,
}

impl Level {
    /// High where `condition` holds.
    #[must_use]
    pub const fn high_if(condition: bool) -> Self {
        if condition { Self::High } else { Self::Low }
    }

    /// Whether it is high.
    #[must_use]
    pub const fn is_high(self) -> bool {
        matches!(self, Self::High)
    }
}

/// A pin of the processor, by the name of what it is wired to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Line {
    /// Keypad row `1 2 3`; low while a key connects it to a low column.
    #[serde(rename = "row.1")]
    Row1,
    /// Keypad row `4 5 6`.
    #[serde(rename = "row.2")]
    Row2,
    /// Keypad row `7 8 9`.
    #[serde(rename = "row.3")]
    Row3,
    /// Keypad row `* 0 #`.
    #[serde(rename = "row.4")]
    Row4,
    /// The Lock/Unlock button; low while closed.
    #[serde(rename = "button")]
    Button,
    /// The R button; low while closed.
    #[serde(rename = "reset")]
    Reset,
    /// The end switch of a thrown bolt; low while closed.
    #[serde(rename = "end.thrown")]
    Thrown,
    /// The end switch of a withdrawn bolt; low while closed.
    #[serde(rename = "end.withdrawn")]
    Withdrawn,
    /// The stall comparator; high while it trips.
    #[serde(rename = "stall")]
    Stall,
    /// Keypad column `1 4 7 *`.
    #[serde(rename = "column.1")]
    Column1,
    /// Keypad column `2 5 8 0`.
    #[serde(rename = "column.2")]
    Column2,
    /// Keypad column `3 6 9 #`.
    #[serde(rename = "column.3")]
    Column3,
    /// The green half of the LED; high shines.
    #[serde(rename = "led.green")]
    Green,
    /// The red half of the LED; high shines.
    #[serde(rename = "led.red")]
    Red,
    /// The buzzer; high sounds.
    #[serde(rename = "buzzer")]
    Buzzer,
    /// The bridge input that throws the bolt.
    #[serde(rename = "bridge.throw")]
    Throw,
    /// The bridge input that withdraws the bolt.
    #[serde(rename = "bridge.withdraw")]
    Withdraw,
}

impl Line {
    /// What the firmware reads.
    pub const INPUTS: [Self; 9] = [
        Self::Row1,
        Self::Row2,
        Self::Row3,
        Self::Row4,
        Self::Button,
        Self::Reset,
        Self::Thrown,
        Self::Withdrawn,
        Self::Stall,
    ];
    /// What the firmware drives. All are low while it has no power.
    pub const OUTPUTS: [Self; 8] = [
        Self::Column1,
        Self::Column2,
        Self::Column3,
        Self::Green,
        Self::Red,
        Self::Buzzer,
        Self::Throw,
        Self::Withdraw,
    ];
    /// Keypad rows from the top.
    pub const ROWS: [Self; 4] = [Self::Row1, Self::Row2, Self::Row3, Self::Row4];
    /// Keypad columns from the left.
    pub const COLUMNS: [Self; 3] = [Self::Column1, Self::Column2, Self::Column3];

    /// Whether its edges tell which key is down.
    #[must_use]
    pub const fn tells_keys(self) -> bool {
        matches!(
            self,
            Self::Row1
                | Self::Row2
                | Self::Row3
                | Self::Row4
                | Self::Column1
                | Self::Column2
                | Self::Column3
        )
    }

    /// Its level in a world that has just begun, with the bolt thrown: a trace tells changes only.
    #[must_use]
    pub const fn at_start(self) -> Level {
        Level::high_if(matches!(
            self,
            Self::Row1
                | Self::Row2
                | Self::Row3
                | Self::Row4
                | Self::Button
                | Self::Reset
                | Self::Withdrawn
        ))
    }

    pub(crate) const fn bit(self) -> u32 {
        1 << self as u32
    }
}
