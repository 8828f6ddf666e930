//! Whether a SmartPIN opens, and if not, why.

use smartpin::{Kind, Variant, Window};

use crate::audit::{Distrust, PinId, Reason};
use crate::civil::{CivilTime, UtcTime, WindowState, window_state};
use crate::settings::Settings;

/// What the lock knows when it judges.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The settings in force.
    pub settings: &'a Settings,
    /// From when on the first-use deadline holds for windows; none while it is off.
    pub first_use_since: Option<CivilTime>,
    /// The clock, where it can be trusted.
    pub now: Result<UtcTime, Distrust>,
    /// Windows that end no later are over, whatever the clock says.
    pub erased_end: Option<CivilTime>,
    /// What the lock remembers of single PINs.
    pub memory: &'a dyn Memory,
}

/// What the lock remembers of single PINs.
pub trait Memory {
    /// Whether the owner blocked it.
    fn is_blocked(&self, pin: PinId) -> bool;
    /// Whether its first use is remembered.
    fn is_used(&self, pin: PinId) -> bool;
}

/// A window that is open for a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Whose.
    pub pin: PinId,
    /// The first use has to be remembered before the door opens.
    pub first_use: bool,
}

impl Facts<'_> {
    /// Judges a SmartPIN of the generation in force, or the one behind a custom PIN.
    pub fn judge(&self, window: Window, variant: Variant) -> Result<Admission, Reason> {
        let pin = PinId {
            window,
            variant,
            generation: self.settings.generation,
        };
        if !self.settings.smartpin_enabled {
            return Err(Reason::Disabled);
        }
        if self.memory.is_blocked(pin) {
            return Err(Reason::Blocked);
        }
        if variant.get()
            >= self
                .settings
                .pins_per_window
                .saturating_add(self.blocked_below(pin))
        {
            return Err(Reason::Variant);
        }
        if self.is_too_long(window) {
            return Err(Reason::TooLong);
        }
        let (start, end) = window.bounds(self.settings.daily_hours);
        if self.erased_end.is_some_and(|erased| end <= erased) {
            return Err(Reason::Expired);
        }
        let now = self.now.map_err(|_| Reason::ClockUntrusted)?;
        match window_state((start, end), now, &self.settings.timezone) {
            WindowState::TooEarly => return Err(Reason::TooEarly),
            WindowState::Ended => return Err(Reason::Expired),
            WindowState::Open => {}
        }
        let first_use = self.first_use_is_due(pin, start);
        if first_use && self.settings.timezone.civil(now) >= self.first_use_deadline(start) {
            return Err(Reason::FirstUseMissed);
        }
        Ok(Admission { pin, first_use })
    }

    /// How many lower variants of the same window are blocked, each of which makes room for one higher.
    fn blocked_below(&self, pin: PinId) -> u8 {
        (0..pin.variant.get())
            .filter_map(Variant::new)
            .map(|variant| u8::from(self.memory.is_blocked(PinId { variant, ..pin })))
            .sum()
    }

    fn is_too_long(&self, window: Window) -> bool {
        let most = self.settings.max_smartpin_days;
        match window.kind() {
            Kind::Hourly { hours, .. } => u32::from(hours) > 24 * u32::from(most),
            Kind::Daily { first, last } => {
                last.signed_duration_since(first).num_days() > i64::from(most)
            }
        }
    }

    fn first_use_is_due(&self, pin: PinId, start: CivilTime) -> bool {
        self.settings.first_use_within_hours > 0
            && self.first_use_since.is_some_and(|since| start >= since)
            && !self.memory.is_used(pin)
    }

    fn first_use_deadline(&self, start: CivilTime) -> CivilTime {
        let hours = chrono::TimeDelta::hours(i64::from(self.settings.first_use_within_hours));
        start.checked_add_signed(hours).unwrap_or(CivilTime::MAX)
    }
}

/// The window's end, where a trusted clock says that it has come.
#[must_use]
pub fn ended(
    window: Window,
    settings: &Settings,
    now: Result<UtcTime, Distrust>,
) -> Option<CivilTime> {
    let bounds = window.bounds(settings.daily_hours);
    let state = window_state(bounds, now.ok()?, &settings.timezone);
    (state == WindowState::Ended).then_some(bounds.1)
}
