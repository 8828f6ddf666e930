//! Whether a SmartPIN opens, and if not, why.

use smartpin::{Grant, Openness, WallClock};

use super::wall::Wall;
use crate::audit::{ClockFault, PinId, Reason};
use crate::civil::{CivilTime, UtcTime};
use crate::settings::Settings;

/// What the lock knows when it judges.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The settings in force.
    pub settings: &'a Settings,
    /// From when on the first-use deadline holds for windows; none while it is off.
    pub first_use_since: Option<CivilTime>,
    /// The clock, where it can be trusted.
    pub now: Result<UtcTime, ClockFault>,
    /// What ends no later is over, whatever the clock says.
    pub erased_end: Option<CivilTime>,
    /// What the lock remembers of single PINs.
    pub memory: &'a dyn Memory,
}

/// What the lock remembers of single PINs.
pub trait Memory {
    /// Which PINs of this one's window and generation the owner blocked: a bit for each variant.
    fn blocked(&self, pin: PinId) -> u8;
    /// Whether the first use of a PIN is remembered.
    fn is_used(&self, pin: PinId) -> bool;
}

/// A PIN whose grant is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Whose.
    pub pin: PinId,
    /// The first use has to be remembered before the door opens.
    pub first_use: bool,
}

impl Facts<'_> {
    /// Judges a SmartPIN of the generation in force, or the one behind a custom PIN.
    ///
    /// Every question is asked, whatever the others' answers, so that how long it takes says nothing of them; the first that
    /// speaks against the PIN is the reason.
    pub fn judge(&self, pin: PinId) -> Result<Admission, Reason> {
        let Settings {
            smartpin_enabled,
            pins_per_window,
            daily_hours,
            timezone,
            ..
        } = self.settings;
        let grant = pin.grant();
        let variant = grant.variant().get();
        let blocked = self.memory.blocked(pin);
        let blocked_below = (blocked & !(u8::MAX << variant)).count_ones() as u8;
        let over_at = grant.over_at(*daily_hours);
        let erased = over_at
            .zip(self.erased_end)
            .is_some_and(|(over, erased)| over <= erased);
        let wall = Wall {
            zone: timezone,
            now: self.now.unwrap_or(UtcTime(0)),
        };
        let openness = grant.openness(*daily_hours, &wall);
        let used = self.memory.is_used(pin);
        let opens_at = grant.opens_at(*daily_hours);
        let first_use = self.first_use_counts(opens_at) && !used;
        let missed = wall.has_reached(self.first_use_deadline(opens_at));
        let against = [
            (Reason::Disabled, !smartpin_enabled),
            (Reason::Blocked, blocked >> variant & 1 == 1),
            (
                Reason::Variant,
                !grant.has_room(*pins_per_window, blocked_below),
            ),
            (Reason::TooLong, is_too_long(grant, self.settings)),
            (Reason::Expired, erased),
            (Reason::ClockUntrusted, self.now.is_err()),
            (Reason::TooEarly, openness == Openness::NotYet),
            (Reason::Expired, openness == Openness::Over),
            (Reason::FirstUseMissed, first_use && missed),
        ];
        match against.into_iter().find(|(_, holds)| *holds) {
            Some((reason, _)) => Err(reason),
            None => Ok(Admission { pin, first_use }),
        }
    }

    /// Nothing that has no start has a deadline.
    fn first_use_counts(&self, opens_at: Option<CivilTime>) -> bool {
        self.settings.first_use_within_hours > 0
            && opens_at
                .zip(self.first_use_since)
                .is_some_and(|(start, since)| start >= since)
    }

    /// The wall may show it twice, and the first time counts: clocks that go back don't undo a miss. Where there is no start
    /// it is some time or other, so that asking for it takes as long.
    fn first_use_deadline(&self, opens_at: Option<CivilTime>) -> CivilTime {
        let hours = chrono::TimeDelta::hours(i64::from(self.settings.first_use_within_hours));
        let start = opens_at.unwrap_or_default();
        start.checked_add_signed(hours).unwrap_or(CivilTime::MAX)
    }
}

/// Whether the grant lasts longer than the lock accepts.
#[must_use]
pub fn is_too_long(grant: Grant, settings: &Settings) -> bool {
    let most = settings.max_smartpin_days;
    grant.length_days().is_some_and(|days| days > most)
}

/// When the grant was over, where a trusted clock says that it is.
#[must_use]
pub fn ended(
    grant: Grant,
    settings: &Settings,
    now: Result<UtcTime, ClockFault>,
) -> Option<CivilTime> {
    let wall = Wall {
        zone: &settings.timezone,
        now: now.ok()?,
    };
    let over_at = grant.over_at(settings.daily_hours);
    over_at.filter(|end| wall.has_reached(*end))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use smartpin::{Generation, Stay, Variant, Window};

    use super::*;

    /// A lock's memory of one window, by variants.
    #[derive(Default)]
    struct Remembered {
        blocked: &'static [u8],
        used: &'static [u8],
    }

    impl Memory for Remembered {
        fn blocked(&self, _: PinId) -> u8 {
            self.blocked
                .iter()
                .fold(0, |bits, variant| bits | 1 << variant)
        }

        fn is_used(&self, pin: PinId) -> bool {
            self.used.contains(&pin.grant().variant().get())
        }
    }

    fn civil(day: u32, hour: u32, minute: u32) -> CivilTime {
        let date = NaiveDate::from_ymd_opt(2026, 12, day).expect("a day of December");
        date.and_hms_opt(hour, minute, 0).expect("a time of day")
    }

    fn utc(civil: CivilTime) -> UtcTime {
        UtcTime(civil.and_utc().timestamp())
    }

    /// A stay from the 1st, 15:00, to the 5th, 11:00, UTC.
    fn stay() -> Window {
        Window::for_request(civil(1, 15, 0), civil(5, 11, 0)).expect("a stay")
    }

    struct Case {
        settings: Settings,
        first_use_since: Option<CivilTime>,
        now: Result<UtcTime, ClockFault>,
        erased_end: Option<CivilTime>,
        memory: Remembered,
        variant: u8,
    }

    impl Default for Case {
        fn default() -> Self {
            Self {
                settings: Settings {
                    smartpin_enabled: true,
                    ..Settings::default()
                },
                first_use_since: None,
                now: Ok(utc(civil(2, 0, 0))),
                erased_end: None,
                memory: Remembered::default(),
                variant: 0,
            }
        }
    }

    impl Case {
        fn judge(&self, window: Window) -> Result<bool, Reason> {
            let facts = Facts {
                settings: &self.settings,
                first_use_since: self.first_use_since,
                now: self.now,
                erased_end: self.erased_end,
                memory: &self.memory,
            };
            let variant = Variant::new(self.variant).expect("0 to 7");
            let pin = PinId {
                index: Stay { window, variant }.index(),
                generation: Generation(0),
            };
            let admission = facts.judge(pin)?;
            assert_eq!(admission.pin, pin);
            Ok(admission.first_use)
        }

        fn at(now: CivilTime) -> Self {
            Self {
                now: Ok(utc(now)),
                ..Self::default()
            }
        }
    }

    #[test]
    fn a_window_opens_from_its_start_to_its_end() {
        let table = [
            (civil(1, 14, 59), Err(Reason::TooEarly)),
            (civil(1, 15, 0), Ok(false)),
            (civil(5, 10, 59), Ok(false)),
            (civil(5, 11, 0), Err(Reason::Expired)),
        ];
        for (now, expected) in table {
            assert_eq!(Case::at(now).judge(stay()), expected, "{now}");
        }
    }

    #[test]
    fn a_block_makes_room_for_one_variant() {
        let table = [
            (&[][..], 1, 0, Ok(false)),
            (&[], 1, 1, Err(Reason::Variant)),
            (&[], 2, 1, Ok(false)),
            (&[], 2, 2, Err(Reason::Variant)),
            (&[0], 1, 0, Err(Reason::Blocked)),
            (&[0], 1, 1, Ok(false)),
            (&[0], 1, 2, Err(Reason::Variant)),
            (&[0, 1], 1, 2, Ok(false)),
            (&[3], 4, 4, Ok(false)),
        ];
        for (blocked, live, variant, expected) in table {
            let mut case = Case {
                memory: Remembered { blocked, used: &[] },
                variant,
                ..Case::default()
            };
            case.settings.pins_per_window = live;
            assert_eq!(case.judge(stay()), expected, "{blocked:?} {live} {variant}");
        }
    }

    #[test]
    fn the_longest_window() {
        let hourly = |hours| Window::hourly(civil(1, 15, 0), hours).expect("a window");
        let daily = |days| Window::daily(civil(1, 0, 0).date(), days).expect("a window");
        let table = [
            (4, stay(), Ok(false)),
            (3, stay(), Err(Reason::TooLong)),
            (32, hourly(768), Ok(false)),
            (31, hourly(768), Err(Reason::TooLong)),
            (33, daily(33), Ok(false)),
            (32, daily(33), Err(Reason::TooLong)),
        ];
        for (days, window, expected) in table {
            let mut case = Case::default();
            case.settings.max_smartpin_days = days;
            assert_eq!(case.judge(window), expected, "{days} days, {window:?}");
        }
    }

    #[test]
    fn a_first_use_in_time() {
        let table = [
            (civil(2, 14, 59), Some(civil(1, 0, 0)), &[][..], Ok(true)),
            (
                civil(2, 15, 0),
                Some(civil(1, 0, 0)),
                &[],
                Err(Reason::FirstUseMissed),
            ),
            (civil(2, 15, 0), Some(civil(1, 0, 0)), &[0], Ok(false)),
            (civil(2, 15, 0), Some(civil(1, 16, 0)), &[], Ok(false)),
        ];
        for (now, first_use_since, used, expected) in table {
            let mut case = Case::at(now);
            case.settings.first_use_within_hours = 24;
            case.first_use_since = first_use_since;
            case.memory.used = used;
            assert_eq!(
                case.judge(stay()),
                expected,
                "{now} {first_use_since:?} {used:?}"
            );
        }
    }

    #[test]
    fn what_keeps_every_stay_out() {
        let mut off = Case::default();
        off.settings.smartpin_enabled = false;
        assert_eq!(off.judge(stay()), Err(Reason::Disabled));
        let untrusted = Case {
            now: Err(ClockFault::Stopped),
            ..Case::default()
        };
        assert_eq!(untrusted.judge(stay()), Err(Reason::ClockUntrusted));
        let erased = Case {
            erased_end: Some(civil(5, 11, 0)),
            now: Err(ClockFault::Stopped),
            ..Case::default()
        };
        assert_eq!(
            erased.judge(stay()),
            Err(Reason::Expired),
            "whatever the clock says"
        );
    }
}
