//! The names of the audit log. The bytes are stored in the flash: never change the byte of a name, and give a new name an unused byte.

use crate::vocabulary;

vocabulary! {
    /// What happened, without whom it concerns. `denied` has the byte 4, too, for an entry that names a SmartPIN.
    pub enum EventKind {
        /// The processor started.
        Boot = 0 => "boot",
        /// A code opened.
        Unlocked = 1 => "unlocked",
        /// The bolt was thrown.
        Locked = 2 => "locked",
        /// An entry was refused.
        Denied = 3 => "denied",
        /// The keypad went deaf.
        LockedOut = 5 => "locked_out",
        /// A guest chose a custom PIN.
        CustomPinSaved = 6 => "custom_pin_saved",
        /// A guest's choice was refused.
        CustomPinRefused = 7 => "custom_pin_refused",
        /// Function 128.
        SmartpinBlocked = 8 => "smartpin_blocked",
        /// Function 127.
        SmartpinUnblocked = 9 => "smartpin_unblocked",
        /// Every PIN of before is void.
        GenerationRaised = 10 => "generation_raised",
        /// A setting took a new value.
        SettingChanged = 11 => "setting_changed",
        /// Function 110.
        LocalCodeSet = 12 => "local_code_set",
        /// Function 111.
        LocalCodeDeleted = 13 => "local_code_deleted",
        /// Function 100.
        ProgrammingCodeChanged = 14 => "programming_code_changed",
        /// Function 140 or the port.
        ClockSet = 15 => "clock_set",
        /// Trust in the clock was lost.
        ClockUntrusted = 16 => "clock_untrusted",
        /// Below 4.25 V.
        BatteryLow = 17 => "battery_low",
        /// Below 3.75 V.
        BatteryCritical = 18 => "battery_critical",
        /// The bolt did not reach its end.
        Jammed = 19 => "jammed",
        /// R was held.
        FactoryReset = 20 => "factory_reset",
        /// Something in the store could not be read.
        StoreRepaired = 21 => "store_repaired",
    }
}

vocabulary! {
    /// A field of an entry, written as `field=value`.
    pub enum Field {
        /// What opened the door or threw the bolt.
        By => "by",
        /// The SmartPIN, or a local code's slot.
        Id => "id",
        /// Why something was refused or is no longer trusted.
        Reason => "reason",
        /// How many short entries in a row.
        Count => "count",
        /// How long the keypad is deaf.
        Minutes => "minutes",
        /// The setting that was changed.
        Name => "name",
        /// What the clock said before.
        From => "from",
        /// What it says now, or the generation from now on.
        To => "to",
    }
}

vocabulary! {
    /// What kind of code opened the door.
    pub enum OpenerKind {
        /// A SmartPIN.
        Smartpin = 0 => "smartpin",
        /// A custom PIN.
        CustomPin = 1 => "custom_pin",
        /// A local code.
        LocalCode = 2 => "local_code",
    }
}

vocabulary! {
    /// What threw the bolt.
    pub enum Cause {
        /// Enter on nothing, or the button.
        Enter = 0 => "enter",
        /// The auto-lock delay.
        Auto = 1 => "auto",
        /// A boot that found the bolt between its ends.
        Boot = 2 => "boot",
    }
}

vocabulary! {
    /// Why an entry was refused. It is for the owner's eyes alone.
    pub enum Reason {
        /// No such code.
        Unknown = 0 => "unknown",
        /// 1 to 3 digits.
        TooShort = 1 => "too_short",
        /// The window hasn't begun.
        TooEarly = 2 => "too_early",
        /// The window is over.
        Expired = 3 => "expired",
        /// The SmartPIN is blocked.
        Blocked = 4 => "blocked",
        /// SmartPINs are off.
        Disabled = 5 => "disabled",
        /// The window is longer than the lock accepts.
        TooLong = 6 => "too_long",
        /// Not one of the window's live variants.
        Variant = 7 => "variant",
        /// Not used in time.
        FirstUseMissed = 8 => "first_use_missed",
        /// The clock can't tell.
        ClockUntrusted = 9 => "clock_untrusted",
        /// No room to remember it.
        TableFull = 10 => "table_full",
        /// A programming function's argument.
        BadArgument = 11 => "bad_argument",
    }
}

vocabulary! {
    /// Why a custom PIN was refused.
    pub enum Refusal {
        /// Not 4 to 8 digits.
        Length = 0 => "length",
        /// One digit repeated.
        Repeat = 1 => "repeat",
        /// A run up or down.
        Run = 2 => "run",
        /// A code that the lock knows.
        Known = 3 => "known",
        /// The SmartPIN has saved five.
        TooMany = 4 => "too_many",
        /// No room for one more guest.
        TableFull = 5 => "table_full",
    }
}

vocabulary! {
    /// Why the clock can't be trusted.
    pub enum ClockFault {
        /// Its oscillator stopped, or it was never set.
        Stopped = 0 => "stopped",
        /// It doesn't answer.
        NoAnswer = 1 => "no_answer",
        /// No date and time.
        Nonsense = 2 => "nonsense",
        /// Two readings differ.
        Unsteady = 3 => "unsteady",
        /// Behind the high-water mark.
        Behind = 4 => "behind",
    }
}

impl EventKind {
    /// What an entry of this event tells, in the order in which it is written. [`Field::Id`] and [`Field::Count`] of
    /// `denied` may be left out.
    #[must_use]
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Unlocked => &[Field::By, Field::Id],
            Self::Locked => &[Field::By],
            Self::Denied => &[Field::Reason, Field::Id, Field::Count],
            Self::LockedOut => &[Field::Minutes],
            Self::CustomPinRefused => &[Field::Reason, Field::Id],
            Self::CustomPinSaved
            | Self::SmartpinBlocked
            | Self::SmartpinUnblocked
            | Self::LocalCodeSet
            | Self::LocalCodeDeleted => &[Field::Id],
            Self::GenerationRaised => &[Field::To],
            Self::SettingChanged => &[Field::Name],
            Self::ClockSet => &[Field::From, Field::To],
            Self::ClockUntrusted => &[Field::Reason],
            Self::Boot
            | Self::ProgrammingCodeChanged
            | Self::BatteryLow
            | Self::BatteryCritical
            | Self::Jammed
            | Self::FactoryReset
            | Self::StoreRepaired => &[],
        }
    }
}
