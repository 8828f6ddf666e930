//! What the owner can set, with names, defaults and ranges.

use smartpin::{DailyHours, Generation};

use crate::zone::Zone;

/// Every setting, always within its range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// SmartPINs open.
    pub smartpin_enabled: bool,
    /// Seconds until a withdrawn bolt throws itself; 0 is never.
    pub auto_lock_seconds: u8,
    /// The bolt stays withdrawn until Enter.
    pub passage_mode: bool,
    /// Flashes and ticks are heard, too.
    pub beeps: bool,
    /// Wrong tries in a row until a lockout.
    pub wrong_tries: u8,
    /// Wrong tries to spend before each one locks out.
    pub wrong_try_budget: u8,
    /// The ladder of lockouts, in minutes, not falling.
    pub lockout_minutes: [u8; 3],
    /// Longer windows are denied.
    pub max_smartpin_days: u16,
    /// A SmartPIN not used so many hours after its start is denied; 0 is off.
    pub first_use_within_hours: u8,
    /// How many PINs of one window are live at once.
    pub pins_per_window: u8,
    /// When daily windows begin and end.
    pub daily_hours: DailyHours,
    /// Where the lock hangs.
    pub timezone: Zone,
    /// The generation of SmartPINs that opens.
    pub generation: Generation,
}

/// A setting, by its public name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingName {
    /// `smartpin_enabled`
    SmartpinEnabled,
    /// `auto_lock_seconds`
    AutoLockSeconds,
    /// `passage_mode`
    PassageMode,
    /// `beeps`
    Beeps,
    /// `wrong_tries`
    WrongTries,
    /// `wrong_try_budget`
    WrongTryBudget,
    /// `lockout_minutes`
    LockoutMinutes,
    /// `max_smartpin_days`
    MaxSmartpinDays,
    /// `first_use_within_hours`
    FirstUseWithinHours,
    /// `pins_per_window`
    PinsPerWindow,
    /// `daily_start_hour`
    DailyStartHour,
    /// `daily_end_hour`
    DailyEndHour,
    /// `timezone`
    Timezone,
    /// `generation`
    Generation,
}
