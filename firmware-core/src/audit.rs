//! The audit log's vocabulary: what is written down, never the digits of a code.

use smartpin::{Generation, Variant, Window};

use crate::civil::UtcTime;
use crate::settings::SettingName;

/// One line of the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Counts up by one an entry, for the lock's life.
    pub sequence: u32,
    /// When.
    pub stamp: Stamp,
    /// What.
    pub event: Event,
}

/// When something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// By a clock that could be trusted.
    Utc(UtcTime),
    /// By a clock that couldn't be: the number of the boot, and whole seconds since it.
    Uptime {
        /// How many times the lock had booted, this one included.
        boot: u32,
        /// Seconds since then.
        seconds: u32,
    },
}

/// Which SmartPIN: its window and variant, and the generation that it was issued in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinId {
    /// The stay.
    pub window: Window,
    /// Which of the window's PINs.
    pub variant: Variant,
    /// The generation that it belongs to.
    pub generation: Generation,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The processor started.
    Boot,
    /// A code opened.
    Unlocked(Opener),
    /// The bolt was thrown.
    Locked(Cause),
    /// An entry was refused. `count` is more than one for a run of short entries alone.
    Denied {
        /// Why, for the owner's eyes alone.
        reason: Reason,
        /// The SmartPIN, where the entry was one.
        pin: Option<PinId>,
        /// How many in a row.
        count: u16,
    },
    /// The keypad went deaf for so long.
    LockedOut {
        /// Minutes, 1 to 60.
        minutes: u8,
    },
    /// A guest chose a custom PIN.
    CustomPinSaved(PinId),
    /// A guest's choice was refused.
    CustomPinRefused {
        /// Whose choice.
        pin: PinId,
        /// Why.
        reason: Refusal,
    },
    /// Function 128.
    SmartpinBlocked(PinId),
    /// Function 127.
    SmartpinUnblocked(PinId),
    /// Function 129, the port, or a factory reset.
    GenerationRaised {
        /// The generation from now on.
        to: Generation,
    },
    /// A setting took a new value.
    SettingChanged(SettingName),
    /// Function 110.
    LocalCodeSet {
        /// 1 to 10.
        slot: u8,
    },
    /// Function 111.
    LocalCodeDeleted {
        /// 1 to 10.
        slot: u8,
    },
    /// Function 100.
    ProgrammingCodeChanged,
    /// Function 140 or the port.
    ClockSet {
        /// What the clock said before, where it could be trusted.
        from: Option<UtcTime>,
        /// What it says now.
        to: UtcTime,
    },
    /// Trust in the clock was lost.
    ClockUntrusted(Distrust),
    /// Below 4.25 V after an opening.
    BatteryLow,
    /// Below 3.75 V after an opening, or too low to start the motor.
    BatteryCritical,
    /// The bolt did not reach its end, twice.
    Jammed,
    /// R was held.
    FactoryReset,
    /// Something in the store could not be read.
    StoreRepaired,
}

/// What opened the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opener {
    /// A SmartPIN itself.
    Smartpin(PinId),
    /// The custom PIN of this SmartPIN.
    CustomPin(PinId),
    /// A local code, by its slot.
    LocalCode(u8),
}

/// What threw the bolt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Enter on nothing, or the button.
    Enter,
    /// The auto-lock delay.
    Auto,
    /// A boot that found the bolt between its ends.
    Boot,
}

/// Why an entry was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No such code, or no such SmartPIN.
    Unknown,
    /// 1 to 3 digits.
    TooShort,
    /// The window hasn't begun.
    TooEarly,
    /// The window is over.
    Expired,
    /// The SmartPIN, or that of the custom PIN, is blocked.
    Blocked,
    /// SmartPINs are off.
    Disabled,
    /// The window is longer than the lock accepts.
    TooLong,
    /// Not one of the window's live variants.
    Variant,
    /// Not used in time after its start.
    FirstUseMissed,
    /// The clock can't say whether the window is open.
    ClockUntrusted,
    /// What would have to be remembered has no room.
    TableFull,
    /// A programming function's argument.
    BadArgument,
}

/// Why a custom PIN was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not 4 to 8 digits.
    Length,
    /// One digit repeated.
    Repeat,
    /// A run up or down.
    Run,
    /// A code that the lock knows.
    Known,
    /// The SmartPIN has saved five already.
    TooMany,
    /// No room for one more guest.
    TableFull,
}

/// Why the clock can't be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// The oscillator stopped since the clock was set, or it never was.
    Stopped,
    /// The chip doesn't answer.
    NoAnswer,
    /// The chip's registers hold no date and time.
    Nonsense,
    /// Two readings in a row differ by more than a second.
    Unsteady,
    /// More than five minutes behind the high-water mark.
    Behind,
}
