//! The names that lock.md and scenario.md fix.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An enum of names: read and written in snake case, listed in `ALL`.
macro_rules! names {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum $name {
            $($(#[$variant_meta])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every one, in the order of the specification.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name in files.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// The one of that name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.as_str())
            }
        }
    };
}

names! {
    /// The audit log's events.
    Event {
        /// The processor started.
        Boot = "boot",
        /// A code opened.
        Unlocked = "unlocked",
        /// The bolt was thrown.
        Locked = "locked",
        /// An entry was refused.
        Denied = "denied",
        /// The keypad went deaf.
        LockedOut = "locked_out",
        /// A guest chose a custom PIN.
        CustomPinSaved = "custom_pin_saved",
        /// A guest's choice was refused.
        CustomPinRefused = "custom_pin_refused",
        /// Function 128.
        SmartpinBlocked = "smartpin_blocked",
        /// Function 127.
        SmartpinUnblocked = "smartpin_unblocked",
        /// Every PIN of before is void.
        GenerationRaised = "generation_raised",
        /// A setting took a new value.
        SettingChanged = "setting_changed",
        /// Function 110.
        LocalCodeSet = "local_code_set",
        /// Function 111.
        LocalCodeDeleted = "local_code_deleted",
        /// Function 100.
        ProgrammingCodeChanged = "programming_code_changed",
        /// Function 140 or the port.
        ClockSet = "clock_set",
        /// Trust in the clock was lost.
        ClockUntrusted = "clock_untrusted",
        /// Below 4.25 V.
        BatteryLow = "battery_low",
        /// Below 3.75 V.
        BatteryCritical = "battery_critical",
        /// The bolt did not reach its end.
        Jammed = "jammed",
        /// R was held.
        FactoryReset = "factory_reset",
        /// Something in the store could not be read.
        StoreRepaired = "store_repaired",
    }
}

names! {
    /// Why something was refused or no longer trusted.
    Reason {
        /// No such code.
        Unknown = "unknown",
        /// 1 to 3 digits.
        TooShort = "too_short",
        /// The window hasn't begun.
        TooEarly = "too_early",
        /// The window is over.
        Expired = "expired",
        /// The SmartPIN is blocked.
        Blocked = "blocked",
        /// SmartPINs are off.
        Disabled = "disabled",
        /// The window is longer than the lock accepts.
        TooLong = "too_long",
        /// Not one of the window's live variants.
        Variant = "variant",
        /// Not used in time.
        FirstUseMissed = "first_use_missed",
        /// The clock can't tell.
        ClockUntrusted = "clock_untrusted",
        /// No room to remember it; of a custom PIN, too.
        TableFull = "table_full",
        /// A programming function's argument.
        BadArgument = "bad_argument",
        /// A custom PIN: not 4 to 8 digits.
        Length = "length",
        /// A custom PIN: one digit repeated.
        Repeat = "repeat",
        /// A custom PIN: a run up or down.
        Run = "run",
        /// A custom PIN: a code that the lock knows.
        Known = "known",
        /// A custom PIN: the SmartPIN has saved five.
        TooMany = "too_many",
        /// The clock: its oscillator stopped, or it was never set.
        Stopped = "stopped",
        /// The clock: it doesn't answer.
        NoAnswer = "no_answer",
        /// The clock: no date and time.
        Nonsense = "nonsense",
        /// The clock: two readings differ.
        Unsteady = "unsteady",
        /// The clock: behind the high-water mark.
        Behind = "behind",
    }
}

names! {
    /// Who opened or threw the bolt.
    By {
        /// A SmartPIN.
        Smartpin = "smartpin",
        /// A custom PIN.
        CustomPin = "custom_pin",
        /// A local code.
        LocalCode = "local_code",
        /// Enter on nothing, or the button.
        Enter = "enter",
        /// The auto-lock delay.
        Auto = "auto",
        /// A boot that found the bolt between its ends.
        Boot = "boot",
    }
}

names! {
    /// The main batteries.
    Power {
        /// Taken out.
        Off = "off",
        /// Put in.
        On = "on",
        /// Out, and in again.
        Cycle = "cycle",
    }
}
