//! The audit log's vocabulary: what is written down, never the digits of a code.
//!
//! As text an entry is one line: sequence, stamp, event, and what it concerns as `field=value` without spaces.

mod names;
mod parse;

use core::fmt::{self, Display};

use smartpin::{Generation, Grant, Index};

pub use self::names::{Cause, ClockFault, EventKind, Field, OpenerKind, Reason, Refusal};
pub use self::parse::NotAnEntry;
use crate::civil::UtcTime;
use crate::settings::SettingName;

/// One line of the audit log. On the lock a SmartPIN is known by its [`PinId`]; who reads the text knows what it grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<P = PinId> {
    /// Counts up by one an entry, for the lock's life.
    pub sequence: u32,
    /// When.
    pub stamp: Stamp,
    /// What.
    pub event: Event<P>,
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

/// Which SmartPIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PinId {
    /// Which of its generation's. It says what the PIN grants.
    pub index: Index,
    /// The generation that it was issued in.
    pub generation: Generation,
}

impl PinId {
    /// What the PIN grants, as long as its generation is in force.
    #[must_use]
    pub fn grant(self) -> Grant {
        self.index.grant()
    }
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<P = PinId> {
    /// The processor started.
    Boot,
    /// A code opened.
    Unlocked(Opener<P>),
    /// The bolt was thrown.
    Locked(Cause),
    /// An entry was refused. `count` is more than one for a run of short entries alone.
    Denied {
        /// Why, for the owner's eyes alone.
        reason: Reason,
        /// The SmartPIN, where the entry was one.
        pin: Option<P>,
        /// How many in a row.
        count: u16,
    },
    /// The keypad went deaf for so long.
    LockedOut {
        /// Minutes, 1 to 60.
        minutes: u8,
    },
    /// A guest chose a custom PIN.
    CustomPinSaved(P),
    /// A guest's choice was refused.
    CustomPinRefused {
        /// Whose choice.
        pin: P,
        /// Why.
        reason: Refusal,
    },
    /// Function 128.
    SmartpinBlocked(P),
    /// Function 127.
    SmartpinUnblocked(P),
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
    ClockUntrusted(ClockFault),
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
pub enum Opener<P = PinId> {
    /// A SmartPIN itself.
    Smartpin(P),
    /// The custom PIN of this SmartPIN.
    CustomPin(P),
    /// A local code, by its slot.
    LocalCode(u8),
}

impl<P> Event<P> {
    /// What kind of event it is.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        match self {
            Self::Boot => EventKind::Boot,
            Self::Unlocked(_) => EventKind::Unlocked,
            Self::Locked(_) => EventKind::Locked,
            Self::Denied { .. } => EventKind::Denied,
            Self::LockedOut { .. } => EventKind::LockedOut,
            Self::CustomPinSaved(_) => EventKind::CustomPinSaved,
            Self::CustomPinRefused { .. } => EventKind::CustomPinRefused,
            Self::SmartpinBlocked(_) => EventKind::SmartpinBlocked,
            Self::SmartpinUnblocked(_) => EventKind::SmartpinUnblocked,
            Self::GenerationRaised { .. } => EventKind::GenerationRaised,
            Self::SettingChanged(_) => EventKind::SettingChanged,
            Self::LocalCodeSet { .. } => EventKind::LocalCodeSet,
            Self::LocalCodeDeleted { .. } => EventKind::LocalCodeDeleted,
            Self::ProgrammingCodeChanged => EventKind::ProgrammingCodeChanged,
            Self::ClockSet { .. } => EventKind::ClockSet,
            Self::ClockUntrusted(_) => EventKind::ClockUntrusted,
            Self::BatteryLow => EventKind::BatteryLow,
            Self::BatteryCritical => EventKind::BatteryCritical,
            Self::Jammed => EventKind::Jammed,
            Self::FactoryReset => EventKind::FactoryReset,
            Self::StoreRepaired => EventKind::StoreRepaired,
        }
    }

    /// The same event, with its SmartPIN known otherwise.
    #[must_use]
    pub fn map_pin<Q>(self, map: impl FnOnce(P) -> Q) -> Event<Q> {
        match self {
            Self::Unlocked(opener) => Event::Unlocked(opener.map_pin(map)),
            Self::Denied { reason, pin, count } => Event::Denied {
                reason,
                pin: pin.map(map),
                count,
            },
            Self::CustomPinSaved(pin) => Event::CustomPinSaved(map(pin)),
            Self::CustomPinRefused { pin, reason } => Event::CustomPinRefused {
                pin: map(pin),
                reason,
            },
            Self::SmartpinBlocked(pin) => Event::SmartpinBlocked(map(pin)),
            Self::SmartpinUnblocked(pin) => Event::SmartpinUnblocked(map(pin)),
            Self::Boot => Event::Boot,
            Self::Locked(cause) => Event::Locked(cause),
            Self::LockedOut { minutes } => Event::LockedOut { minutes },
            Self::GenerationRaised { to } => Event::GenerationRaised { to },
            Self::SettingChanged(name) => Event::SettingChanged(name),
            Self::LocalCodeSet { slot } => Event::LocalCodeSet { slot },
            Self::LocalCodeDeleted { slot } => Event::LocalCodeDeleted { slot },
            Self::ProgrammingCodeChanged => Event::ProgrammingCodeChanged,
            Self::ClockSet { from, to } => Event::ClockSet { from, to },
            Self::ClockUntrusted(fault) => Event::ClockUntrusted(fault),
            Self::BatteryLow => Event::BatteryLow,
            Self::BatteryCritical => Event::BatteryCritical,
            Self::Jammed => Event::Jammed,
            Self::FactoryReset => Event::FactoryReset,
            Self::StoreRepaired => Event::StoreRepaired,
        }
    }
}

impl<P: Display> Event<P> {
    /// Tells `visit` what the event concerns, field by field, in the order in which they are written.
    pub fn fields(&self, visit: &mut dyn FnMut(Field, &dyn Display)) {
        match self {
            Self::Unlocked(opener) => opener.fields(visit),
            Self::Locked(cause) => visit(Field::By, cause),
            Self::Denied { reason, pin, count } => {
                visit(Field::Reason, reason);
                if let Some(pin) = pin {
                    visit(Field::Id, pin);
                }
                if *reason == Reason::TooShort {
                    visit(Field::Count, count);
                }
            }
            Self::LockedOut { minutes } => visit(Field::Minutes, minutes),
            Self::CustomPinRefused { pin, reason } => {
                visit(Field::Reason, reason);
                visit(Field::Id, pin);
            }
            Self::CustomPinSaved(pin)
            | Self::SmartpinBlocked(pin)
            | Self::SmartpinUnblocked(pin) => visit(Field::Id, pin),
            Self::GenerationRaised { to } => visit(Field::To, &to.0),
            Self::SettingChanged(name) => visit(Field::Name, name),
            Self::LocalCodeSet { slot } | Self::LocalCodeDeleted { slot } => visit(Field::Id, slot),
            Self::ClockSet { from, to } => {
                match from {
                    Some(from) => visit(Field::From, from),
                    None => visit(Field::From, &"untrusted"),
                }
                visit(Field::To, to);
            }
            Self::ClockUntrusted(fault) => visit(Field::Reason, fault),
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

impl<P> Opener<P> {
    /// What kind of code it was.
    #[must_use]
    pub fn kind(&self) -> OpenerKind {
        match self {
            Self::Smartpin(_) => OpenerKind::Smartpin,
            Self::CustomPin(_) => OpenerKind::CustomPin,
            Self::LocalCode(_) => OpenerKind::LocalCode,
        }
    }

    fn map_pin<Q>(self, map: impl FnOnce(P) -> Q) -> Opener<Q> {
        match self {
            Self::Smartpin(pin) => Opener::Smartpin(map(pin)),
            Self::CustomPin(pin) => Opener::CustomPin(map(pin)),
            Self::LocalCode(slot) => Opener::LocalCode(slot),
        }
    }
}

impl<P: Display> Opener<P> {
    fn fields(&self, visit: &mut dyn FnMut(Field, &dyn Display)) {
        visit(Field::By, &self.kind());
        match self {
            Self::Smartpin(pin) | Self::CustomPin(pin) => visit(Field::Id, pin),
            Self::LocalCode(slot) => visit(Field::Id, slot),
        }
    }
}

impl Display for PinId {
    /// What it grants: `2026-12-01T15:00/2026-12-05T11:00/0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.grant().fmt(f)
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

impl<P: Display> Display for Event<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind().fmt(f)?;
        let mut written = Ok(());
        self.fields(&mut |field, value| {
            written = written.and_then(|()| write!(f, " {field}={value}"));
        });
        written
    }
}

impl<P: Display> Display for Entry<P> {
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
    use smartpin::{Stay, Variant, Window};

    use super::*;
    use crate::vocabulary::Vocabulary as _;

    fn pin(variant: u8) -> PinId {
        let start = NaiveDate::from_ymd_opt(2026, 12, 1)
            .unwrap()
            .and_hms_opt(15, 0, 0)
            .unwrap();
        id(Window::hourly(start, 92).unwrap(), variant)
    }

    fn daily() -> PinId {
        let first = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        id(Window::daily(first, 35).unwrap(), 1)
    }

    fn id(window: Window, variant: u8) -> PinId {
        let variant = Variant::new(variant).unwrap();
        PinId {
            index: Stay { window, variant }.index(),
            generation: Generation(3),
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
                Event::ClockUntrusted(ClockFault::NoAnswer),
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
    fn events_are_read_from_their_text() {
        for (event, text) in events() {
            assert_eq!(text.parse(), Ok(event.map_pin(PinId::grant)), "{text}");
        }
    }

    #[test]
    fn every_event_is_listed_with_its_fields() {
        for kind in EventKind::ALL {
            let told: Vec<_> = events()
                .into_iter()
                .filter(|(event, _)| event.kind() == kind)
                .flat_map(|(event, _)| {
                    let mut told = vec![];
                    event.fields(&mut |field, _| told.push(field));
                    told
                })
                .collect();
            assert!(events().iter().any(|(event, _)| event.kind() == kind));
            let fields = kind.fields();
            assert!(fields.iter().all(|field| told.contains(field)), "{kind}");
            assert!(told.iter().all(|field| fields.contains(field)), "{kind}");
        }
    }

    #[test]
    fn entries_as_text() {
        let at = |stamp| {
            Entry {
                sequence: 17,
                stamp,
                event: Event::<PinId>::Jammed,
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
    fn the_manual_lists_these_events_and_names() {
        let manual = include_str!("../../docs/lock.md");
        let (_, table) = manual.split_once("| event | fields |").unwrap();
        let (table, _) = table.split_once("\n\n").unwrap();
        for kind in EventKind::ALL {
            let name = std::format!("`{kind}`");
            let row = table.lines().find(|row| row.contains(&name)).unwrap();
            let fields = row.split('|').nth(2).unwrap();
            let places = kind.fields().iter().map(|field| {
                let field = std::format!("`{field}`");
                fields.find(&field)
            });
            let places: Option<Vec<_>> = places.collect();
            assert!(places.is_some_and(|places| places.is_sorted()), "{row}");
        }
        for (event, names) in [
            (EventKind::Denied, Reason::TEXTS),
            (EventKind::CustomPinRefused, Refusal::TEXTS),
            (EventKind::ClockUntrusted, ClockFault::TEXTS),
        ] {
            let row = std::format!("| `reason` of `{event}` | `{}` |\n", names.join("`, `"));
            assert!(manual.contains(&row), "{row}");
        }
        for names in [OpenerKind::TEXTS, Cause::TEXTS] {
            let listed = std::format!("`by`: `{}`", names.join("`, `"));
            assert!(manual.contains(&listed), "{listed}");
        }
    }

    #[test]
    fn names_are_those_of_the_specification() {
        assert_eq!(
            Reason::ALL.map(Reason::as_str).join(" | "),
            "unknown | too_short | too_early | expired | blocked | disabled | too_long | variant | first_use_missed \
             | clock_untrusted | table_full | bad_argument"
        );
        assert_eq!(
            Cause::ALL.map(Cause::as_str).join(" | "),
            "enter | auto | boot"
        );
    }
}
