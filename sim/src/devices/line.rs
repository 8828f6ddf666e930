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

/// Declares every wire once: what it is, its name in a trace, which way it goes, and what it reads at rest.
macro_rules! lines {
    (
        inputs { $($(#[doc = $input_doc:literal])+ $input:ident = $input_name:literal rests $rest:ident,)+ }
        outputs { $($(#[doc = $output_doc:literal])+ $output:ident = $output_name:literal,)+ }
    ) => {
        /// A pin of the processor, by the name of what it is wired to.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Line {
            $($(#[doc = $input_doc])+ #[serde(rename = $input_name)] $input,)+
            $($(#[doc = $output_doc])+ #[serde(rename = $output_name)] $output,)+
        }

        impl Line {
            /// What the firmware reads.
            pub const INPUTS: [Self; [$($input_name),+].len()] = [$(Self::$input),+];
            /// The bits of all inputs together.
            pub(crate) const INPUT_BITS: u32 = $(Self::$input.bit())|+;
            /// What the firmware drives. All are low while it has no power.
            pub const OUTPUTS: [Self; [$($output_name),+].len()] = [$(Self::$output),+];

            /// Its level while nothing happens: no key is down, no switch closed, nothing driven.
            #[must_use]
            pub const fn rest(self) -> Level {
                match self {
                    $(Self::$input => Level::$rest,)+
                    $(Self::$output)|+ => Level::Low,
                }
            }
        }
    };
}

lines! {
    inputs {
        /// Keypad row `1 2 3`; low while a key connects it to a low column.
        Row1 = "row.1" rests High,
        /// Keypad row `4 5 6`.
        Row2 = "row.2" rests High,
        /// Keypad row `7 8 9`.
        Row3 = "row.3" rests High,
        /// Keypad row `* 0 #`.
        Row4 = "row.4" rests High,
        /// The Lock/Unlock button; low while closed.
        Button = "button" rests High,
        /// The R button; low while closed.
        Reset = "reset" rests High,
        /// The end switch of a thrown bolt; low while closed.
        Thrown = "end.thrown" rests High,
        /// The end switch of a withdrawn bolt; low while closed.
        Withdrawn = "end.withdrawn" rests High,
        /// The stall comparator; high while it trips.
        Stall = "stall" rests Low,
    }
    outputs {
        /// Keypad column `1 4 7 *`.
        Column1 = "column.1",
        /// Keypad column `2 5 8 0`.
        Column2 = "column.2",
        /// Keypad column `3 6 9 #`.
        Column3 = "column.3",
        /// The green half of the LED; high shines.
        Green = "led.green",
        /// The red half of the LED; high shines.
        Red = "led.red",
        /// The buzzer; high sounds.
        Buzzer = "buzzer",
        /// The bridge input that throws the bolt.
        Throw = "bridge.throw",
        /// The bridge input that withdraws the bolt.
        Withdraw = "bridge.withdraw",
    }
}

impl Line {
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
        match self {
            Self::Thrown => Level::Low,
            _ => self.rest(),
        }
    }

    /// Its bit in a word of levels.
    pub(crate) const fn bit(self) -> u32 {
        1 << self as u32
    }
}
