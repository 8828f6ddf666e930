//! The audit log's vocabulary: what is written down, never the digits of a code.
//!
//! As text an entry is one line: sequence, stamp, event, and what it concerns as `field=value` without spaces.

use core::fmt::{self, Display};

use chrono::Timelike;
use smartpin::{Generation, Kind, Variant, Window};

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
    /// Below 4.25 V as a code opened or Enter locked.
    BatteryLow,
    /// Below 3.75 V as a code opened or Enter locked, or too low to start the motor.
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

/// Every event's name, with the fields that [`Event::fields`] may tell of it.
pub const EVENTS: [(&str, &[&str]); 21] = [
    ("boot", &[]),
    ("unlocked", &["by", "id"]),
    ("locked", &["by"]),
    ("denied", &["reason", "id", "count"]),
    ("locked_out", &["minutes"]),
    ("custom_pin_saved", &["id"]),
    ("custom_pin_refused", &["reason", "id"]),
    ("smartpin_blocked", &["id"]),
    ("smartpin_unblocked", &["id"]),
    ("generation_raised", &["to"]),
    ("setting_changed", &["name"]),
    ("local_code_set", &["id"]),
    ("local_code_deleted", &["id"]),
    ("programming_code_changed", &[]),
    ("clock_set", &["from", "to"]),
    ("clock_untrusted", &["reason"]),
    ("battery_low", &[]),
    ("battery_critical", &[]),
    ("jammed", &[]),
    ("factory_reset", &[]),
    ("store_repaired", &[]),
];

impl Event {
    /// Its name in the log.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Boot => "boot",
            Self::Unlocked(_) => "unlocked",
            Self::Locked(_) => "locked",
            Self::Denied { .. } => "denied",
            Self::LockedOut { .. } => "locked_out",
            Self::CustomPinSaved(_) => "custom_pin_saved",
            Self::CustomPinRefused { .. } => "custom_pin_refused",
            Self::SmartpinBlocked(_) => "smartpin_blocked",
            Self::SmartpinUnblocked(_) => "smartpin_unblocked",
            Self::GenerationRaised { .. } => "generation_raised",
            Self::SettingChanged(_) => "setting_changed",
            Self::LocalCodeSet { .. } => "local_code_set",
            Self::LocalCodeDeleted { .. } => "local_code_deleted",
            Self::ProgrammingCodeChanged => "programming_code_changed",
            Self::ClockSet { .. } => "clock_set",
            Self::ClockUntrusted(_) => "clock_untrusted",
            Self::BatteryLow => "battery_low",
            Self::BatteryCritical => "battery_critical",
            Self::Jammed => "jammed",
            Self::FactoryReset => "factory_reset",
            Self::StoreRepaired => "store_repaired",
        }
    }

    /// Tells `visit` what the event concerns, field by field, in the order in which they are written.
    pub fn fields(&self, visit: &mut dyn FnMut(&'static str, &dyn Display)) {
        match self {
            Self::Unlocked(opener) => opener.fields(visit),
            Self::Locked(cause) => visit("by", &cause.name()),
            Self::Denied { reason, pin, count } => {
                visit("reason", &reason.name());
                if let Some(pin) = pin {
                    visit("id", pin);
                }
                if *reason == Reason::TooShort {
                    visit("count", count);
                }
            }
            Self::LockedOut { minutes } => visit("minutes", minutes),
            Self::CustomPinRefused { pin, reason } => {
                visit("reason", &reason.name());
                visit("id", pin);
            }
            Self::CustomPinSaved(pin)
            | Self::SmartpinBlocked(pin)
            | Self::SmartpinUnblocked(pin) => visit("id", pin),
            Self::GenerationRaised { to } => visit("to", &to.0),
            Self::SettingChanged(name) => visit("name", name),
            Self::LocalCodeSet { slot } | Self::LocalCodeDeleted { slot } => visit("id", slot),
            Self::ClockSet { from, to } => {
                match from {
                    Some(from) => visit("from", from),
                    None => visit("from", &"untrusted"),
                }
                visit("to", to);
            }
            Self::ClockUntrusted(distrust) => visit("reason", &distrust.name()),
            Self::Boot
            | Self::ProgrammingCodeChanged
            | Self::BatteryLow
            | Self::BatteryCritical
            | Self::Jammed
            | Self::FactoryReset
            | Self::StoreRepaired => {}
        }
    }
}

impl Opener {
    fn fields(&self, visit: &mut dyn FnMut(&'static str, &dyn Display)) {
        let (by, id): (_, &dyn Display) = match self {
            Self::Smartpin(pin) => ("smartpin", pin),
            Self::CustomPin(pin) => ("custom_pin", pin),
            Self::LocalCode(slot) => ("local_code", slot),
        };
        visit("by", &by);
        visit("id", id);
    }
}

impl Cause {
    /// Its name in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Enter => "enter",
            Self::Auto => "auto",
            Self::Boot => "boot",
        }
    }
}

impl Reason {
    /// Its name in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::TooShort => "too_short",
            Self::TooEarly => "too_early",
            Self::Expired => "expired",
            Self::Blocked => "blocked",
            Self::Disabled => "disabled",
            Self::TooLong => "too_long",
            Self::Variant => "variant",
            Self::FirstUseMissed => "first_use_missed",
            Self::ClockUntrusted => "clock_untrusted",
            Self::TableFull => "table_full",
            Self::BadArgument => "bad_argument",
        }
    }
}

impl Refusal {
    /// Its name in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Repeat => "repeat",
            Self::Run => "run",
            Self::Known => "known",
            Self::TooMany => "too_many",
            Self::TableFull => "table_full",
        }
    }
}

impl Distrust {
    /// Its name in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::NoAnswer => "no_answer",
            Self::Nonsense => "nonsense",
            Self::Unsteady => "unsteady",
            Self::Behind => "behind",
        }
    }
}

impl Display for PinId {
    /// The window and the variant: `2026-12-01T15:00/2026-12-05T11:00/0`, or `2026-12-01/2027-01-05/0` for a daily one,
    /// the last day included.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.window.kind() {
            Kind::Hourly { start, hours } => {
                let hours = chrono::TimeDelta::hours(i64::from(hours));
                let end = start.checked_add_signed(hours).unwrap_or(start);
                let [start, end] = [start, end].map(|time| (time.date(), time.hour()));
                write!(
                    f,
                    "{:?}T{:02}:00/{:?}T{:02}:00",
                    start.0, start.1, end.0, end.1
                )?;
            }
            Kind::Daily { first, last } => write!(f, "{first:?}/{last:?}")?,
        }
        write!(f, "/{}", self.variant.get())
    }
}

impl Display for Stamp {
    /// `2026-12-01T15:00:00Z`, or `boot3+125s` where the clock couldn't be trusted.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utc(utc) => utc.fmt(f),
            Self::Uptime { boot, seconds } => write!(f, "boot{boot}+{seconds}s"),
        }
    }
}

impl Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        let mut written = Ok(());
        self.fields(&mut |field, value| {
            written = written.and_then(|()| write!(f, " {field}={value}"));
        });
        written
    }
}

impl Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.sequence, self.stamp, self.event)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::ToString;
    use std::vec;
    use std::vec::Vec;

    use chrono::NaiveDate;

    use super::*;

    fn pin(variant: u8) -> PinId {
        let start = NaiveDate::from_ymd_opt(2026, 12, 1)
            .unwrap()
            .and_hms_opt(15, 0, 0)
            .unwrap();
        PinId {
            window: Window::hourly(start, 92).unwrap(),
            variant: Variant::new(variant).unwrap(),
            generation: Generation(3),
        }
    }

    fn daily() -> PinId {
        let first = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        PinId {
            window: Window::daily(first, 35).unwrap(),
            ..pin(1)
        }
    }

    /// One event of each kind and form, with its text.
    fn events() -> Vec<(Event, &'static str)> {
        let denied = |reason, pin, count| Event::Denied { reason, pin, count };
        let noon = UtcTime(1_796_126_400);
        vec![
            (Event::Boot, "boot"),
            (
                Event::Unlocked(Opener::Smartpin(pin(0))),
                "unlocked by=smartpin id=2026-12-01T15:00/2026-12-05T11:00/0",
            ),
            (
                Event::Unlocked(Opener::CustomPin(daily())),
                "unlocked by=custom_pin id=2026-12-01/2027-01-05/1",
            ),
            (
                Event::Unlocked(Opener::LocalCode(10)),
                "unlocked by=local_code id=10",
            ),
            (Event::Locked(Cause::Enter), "locked by=enter"),
            (Event::Locked(Cause::Auto), "locked by=auto"),
            (Event::Locked(Cause::Boot), "locked by=boot"),
            (denied(Reason::Unknown, None, 1), "denied reason=unknown"),
            (
                denied(Reason::TooShort, None, 1),
                "denied reason=too_short count=1",
            ),
            (
                denied(Reason::TooShort, None, 300),
                "denied reason=too_short count=300",
            ),
            (
                denied(Reason::Expired, Some(daily()), 1),
                "denied reason=expired id=2026-12-01/2027-01-05/1",
            ),
            (Event::LockedOut { minutes: 15 }, "locked_out minutes=15"),
            (
                Event::CustomPinSaved(pin(7)),
                "custom_pin_saved id=2026-12-01T15:00/2026-12-05T11:00/7",
            ),
            (
                Event::CustomPinRefused {
                    pin: daily(),
                    reason: Refusal::Run,
                },
                "custom_pin_refused reason=run id=2026-12-01/2027-01-05/1",
            ),
            (
                Event::SmartpinBlocked(daily()),
                "smartpin_blocked id=2026-12-01/2027-01-05/1",
            ),
            (
                Event::SmartpinUnblocked(daily()),
                "smartpin_unblocked id=2026-12-01/2027-01-05/1",
            ),
            (
                Event::GenerationRaised { to: Generation(4) },
                "generation_raised to=4",
            ),
            (
                Event::SettingChanged(SettingName::AutoLockSeconds),
                "setting_changed name=auto_lock_seconds",
            ),
            (Event::LocalCodeSet { slot: 3 }, "local_code_set id=3"),
            (
                Event::LocalCodeDeleted { slot: 3 },
                "local_code_deleted id=3",
            ),
            (Event::ProgrammingCodeChanged, "programming_code_changed"),
            (
                Event::ClockSet {
                    from: Some(UtcTime(0)),
                    to: noon,
                },
                "clock_set from=1970-01-01T00:00:00Z to=2026-12-01T12:00:00Z",
            ),
            (
                Event::ClockSet {
                    from: None,
                    to: noon,
                },
                "clock_set from=untrusted to=2026-12-01T12:00:00Z",
            ),
            (
                Event::ClockUntrusted(Distrust::NoAnswer),
                "clock_untrusted reason=no_answer",
            ),
            (Event::BatteryLow, "battery_low"),
            (Event::BatteryCritical, "battery_critical"),
            (Event::Jammed, "jammed"),
            (Event::FactoryReset, "factory_reset"),
            (Event::StoreRepaired, "store_repaired"),
        ]
    }

    #[test]
    fn events_as_text() {
        for (event, text) in events() {
            assert_eq!(event.to_string(), text);
        }
    }

    #[test]
    fn every_event_is_listed_with_its_fields() {
        for (name, fields) in EVENTS {
            let told: Vec<_> = events()
                .into_iter()
                .filter(|(event, _)| event.name() == name)
                .flat_map(|(event, _)| {
                    let mut told = vec![];
                    event.fields(&mut |field, _| told.push(field));
                    told
                })
                .collect();
            assert!(fields.iter().all(|field| told.contains(field)), "{name}");
            assert!(told.iter().all(|field| fields.contains(field)), "{name}");
        }
        assert!(
            events()
                .iter()
                .all(|(event, _)| EVENTS.iter().any(|(name, _)| *name == event.name()))
        );
        assert!(
            EVENTS
                .iter()
                .all(|(name, _)| events().iter().any(|(event, _)| event.name() == *name))
        );
    }

    #[test]
    fn entries_as_text() {
        let at = |stamp| {
            Entry {
                sequence: 17,
                stamp,
                event: Event::Jammed,
            }
            .to_string()
        };
        assert_eq!(at(Stamp::Utc(UtcTime(0))), "17 1970-01-01T00:00:00Z jammed");
        assert_eq!(
            at(Stamp::Uptime {
                boot: 3,
                seconds: 125
            }),
            "17 boot3+125s jammed"
        );
    }

    #[test]
    fn names_are_those_of_the_specification() {
        use Reason as R;
        let reasons = [
            R::Unknown,
            R::TooShort,
            R::TooEarly,
            R::Expired,
            R::Blocked,
            R::Disabled,
            R::TooLong,
            R::Variant,
            R::FirstUseMissed,
            R::ClockUntrusted,
            R::TableFull,
            R::BadArgument,
        ];
        assert_eq!(
            reasons.map(R::name).join(" | "),
            "unknown | too_short | too_early | expired | blocked | disabled | too_long | variant | first_use_missed \
             | clock_untrusted | table_full | bad_argument"
        );
        assert_eq!(
            [Cause::Enter, Cause::Auto, Cause::Boot]
                .map(Cause::name)
                .join(" | "),
            "enter | auto | boot"
        );
    }
}
