//! The log's text, read back.

use core::fmt::{self, Display};
use core::str::{FromStr, Split};

use smartpin::{Generation, Grant};

use super::{
    Cause, ClockFault, Entry, Event, EventKind, Field, Opener, OpenerKind, Reason, Refusal, Stamp,
};
use crate::settings::{SettingName, number};

/// Not a line of the audit log, or not the part of one that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnEntry;

impl Display for NotAnEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an entry of the audit log")
    }
}

impl core::error::Error for NotAnEntry {}

impl FromStr for Entry<Grant> {
    type Err = NotAnEntry;

    /// Reads the line that [`Display`] writes.
    fn from_str(line: &str) -> Result<Self, NotAnEntry> {
        let (sequence, rest) = line.split_once(' ').ok_or(NotAnEntry)?;
        let (stamp, event) = rest.split_once(' ').ok_or(NotAnEntry)?;
        Ok(Self {
            sequence: number(sequence).ok_or(NotAnEntry)?,
            stamp: stamp.parse()?,
            event: event.parse()?,
        })
    }
}

impl FromStr for Stamp {
    type Err = NotAnEntry;

    /// Reads the form that [`Display`] writes.
    fn from_str(text: &str) -> Result<Self, NotAnEntry> {
        let stamp = match text.strip_prefix("boot") {
            Some(uptime) => uptime.split_once('+').and_then(|(boot, seconds)| {
                Some(Self::Uptime {
                    boot: number(boot)?,
                    seconds: number(seconds.strip_suffix('s')?)?,
                })
            }),
            None => text.parse().ok().map(Self::Utc),
        };
        stamp.ok_or(NotAnEntry)
    }
}

impl FromStr for Event<Grant> {
    type Err = NotAnEntry;

    /// Reads the form that [`Display`] writes.
    fn from_str(text: &str) -> Result<Self, NotAnEntry> {
        let mut words = text.split(' ');
        let kind = words.next().and_then(EventKind::named).ok_or(NotAnEntry)?;
        let mut fields = Fields { words };
        let event = fields.event(kind).ok_or(NotAnEntry)?;
        match fields.words.next() {
            None => Ok(event),
            Some(_) => Err(NotAnEntry),
        }
    }
}

/// The `field=value`s behind an event's name.
struct Fields<'a> {
    words: Split<'a, char>,
}

impl Fields<'_> {
    fn event(&mut self, kind: EventKind) -> Option<Event<Grant>> {
        Some(match kind {
            EventKind::Boot => Event::Boot,
            EventKind::Unlocked => Event::Unlocked(self.opener()?),
            EventKind::Locked => Event::Locked(self.read(Field::By, Cause::named)?),
            EventKind::Denied => self.denied()?,
            EventKind::LockedOut => Event::LockedOut {
                minutes: self.read(Field::Minutes, number)?,
            },
            EventKind::CustomPinSaved => Event::CustomPinSaved(self.pin()?),
            EventKind::CustomPinRefused => {
                let reason = self.read(Field::Reason, Refusal::named)?;
                Event::CustomPinRefused {
                    pin: self.pin()?,
                    reason,
                }
            }
            EventKind::SmartpinBlocked => Event::SmartpinBlocked(self.pin()?),
            EventKind::SmartpinUnblocked => Event::SmartpinUnblocked(self.pin()?),
            EventKind::GenerationRaised => Event::GenerationRaised {
                to: Generation(self.read(Field::To, number)?),
            },
            EventKind::SettingChanged => {
                Event::SettingChanged(self.read(Field::Name, SettingName::named)?)
            }
            EventKind::LocalCodeSet => Event::LocalCodeSet {
                slot: self.read(Field::Id, number)?,
            },
            EventKind::LocalCodeDeleted => Event::LocalCodeDeleted {
                slot: self.read(Field::Id, number)?,
            },
            EventKind::ProgrammingCodeChanged => Event::ProgrammingCodeChanged,
            EventKind::ClockSet => self.clock_set()?,
            EventKind::ClockUntrusted => {
                Event::ClockUntrusted(self.read(Field::Reason, ClockFault::named)?)
            }
            EventKind::BatteryLow => Event::BatteryLow,
            EventKind::BatteryCritical => Event::BatteryCritical,
            EventKind::Jammed => Event::Jammed,
            EventKind::FactoryReset => Event::FactoryReset,
            EventKind::StoreRepaired => Event::StoreRepaired,
        })
    }

    fn opener(&mut self) -> Option<Opener<Grant>> {
        Some(match self.read(Field::By, OpenerKind::named)? {
            OpenerKind::Smartpin => Opener::Smartpin(self.pin()?),
            OpenerKind::CustomPin => Opener::CustomPin(self.pin()?),
            OpenerKind::LocalCode => Opener::LocalCode(self.read(Field::Id, number)?),
        })
    }

    fn denied(&mut self) -> Option<Event<Grant>> {
        let reason = self.read(Field::Reason, Reason::named)?;
        let pin = match self.value(Field::Id) {
            Some(id) => Some(id.parse().ok()?),
            None => None,
        };
        let count = match reason {
            Reason::TooShort => self.read(Field::Count, number)?,
            _ => 1,
        };
        Some(Event::Denied { reason, pin, count })
    }

    fn clock_set(&mut self) -> Option<Event<Grant>> {
        let from = match self.value(Field::From)? {
            "untrusted" => None,
            time => Some(time.parse().ok()?),
        };
        Some(Event::ClockSet {
            from,
            to: self.value(Field::To)?.parse().ok()?,
        })
    }

    fn pin(&mut self) -> Option<Grant> {
        self.value(Field::Id)?.parse().ok()
    }

    fn read<T>(&mut self, field: Field, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        read(self.value(field)?)
    }

    /// The value of the next field, if it is this one.
    fn value(&mut self, field: Field) -> Option<&str> {
        let mut words = self.words.clone();
        let (name, value) = words.next()?.split_once('=')?;
        if name != field.as_str() {
            return None;
        }
        self.words = words;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::ToString;

    use proptest::prelude::*;

    use super::*;
    use crate::civil::UtcTime;
    use smartpin::Index;

    #[test]
    fn what_the_lock_never_writes_is_refused() {
        for line in [
            "",
            "17",
            "17 2026-12-01T15:00:00Z",
            "17 2026-12-01T15:00:00Z door_opened",
            "17 2026-12-01T15:00:00Z jammed twice=1",
            "17 2026-12-01T15:00:00Z jammed ",
            "17 yesterday jammed",
            "17 boot3 jammed",
            "17 boot3+125 jammed",
            "17 bootx+125s jammed",
            "-1 boot3+125s jammed",
            "4294967296 boot3+125s jammed",
            "1 boot3+125s locked",
            "1 boot3+125s locked by=smartpin",
            "1 boot3+125s unlocked by=enter id=3",
            "1 boot3+125s unlocked by=smartpin id=3",
            "1 boot3+125s denied reason=too_many",
            "1 boot3+125s denied reason=too_short",
            "1 boot3+125s denied reason=unknown count=1",
            "1 boot3+125s denied count=1 reason=too_short",
            "1 boot3+125s clock_untrusted reason=unknown",
            "1 boot3+125s setting_changed name=colour",
        ] {
            assert_eq!(line.parse::<Entry<Grant>>(), Err(NotAnEntry), "{line}");
        }
    }

    fn pin() -> impl Strategy<Value = Grant> {
        (0..Index::COUNT)
            .prop_map(|number| Index::from_number(number).expect("below the last").grant())
    }

    /// Every time that the clock chip can tell.
    fn utc() -> impl Strategy<Value = UtcTime> {
        (946_684_800..7_258_118_400_i64).prop_map(UtcTime)
    }

    fn one_of<T: core::fmt::Debug + Copy + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
        prop::sample::select(all)
    }

    fn event() -> impl Strategy<Value = Event<Grant>> {
        let pins = (one_of(&EventKind::ALL), pin(), any::<u8>(), any::<u32>());
        let names = (
            one_of(&Reason::ALL),
            one_of(&Refusal::ALL),
            one_of(&ClockFault::ALL),
        );
        let others = (one_of(&Cause::ALL), one_of(&SettingName::ALL), any::<u16>());
        let times = (prop::option::of(utc()), utc(), prop::option::of(pin()));
        (pins, names, others, times).prop_map(
            |(
                (kind, pin, small, large),
                (reason, refusal, fault),
                (cause, name, many),
                (from, to, whose),
            )| match kind {
                EventKind::Boot => Event::Boot,
                EventKind::Unlocked => Event::Unlocked(match small % 3 {
                    0 => Opener::Smartpin(pin),
                    1 => Opener::CustomPin(pin),
                    _ => Opener::LocalCode(small),
                }),
                EventKind::Locked => Event::Locked(cause),
                EventKind::Denied => Event::Denied {
                    reason,
                    pin: whose,
                    count: if reason == Reason::TooShort { many } else { 1 },
                },
                EventKind::LockedOut => Event::LockedOut { minutes: small },
                EventKind::CustomPinSaved => Event::CustomPinSaved(pin),
                EventKind::CustomPinRefused => Event::CustomPinRefused {
                    pin,
                    reason: refusal,
                },
                EventKind::SmartpinBlocked => Event::SmartpinBlocked(pin),
                EventKind::SmartpinUnblocked => Event::SmartpinUnblocked(pin),
                EventKind::GenerationRaised => Event::GenerationRaised {
                    to: Generation(large),
                },
                EventKind::SettingChanged => Event::SettingChanged(name),
                EventKind::LocalCodeSet => Event::LocalCodeSet { slot: small },
                EventKind::LocalCodeDeleted => Event::LocalCodeDeleted { slot: small },
                EventKind::ProgrammingCodeChanged => Event::ProgrammingCodeChanged,
                EventKind::ClockSet => Event::ClockSet { from, to },
                EventKind::ClockUntrusted => Event::ClockUntrusted(fault),
                EventKind::BatteryLow => Event::BatteryLow,
                EventKind::BatteryCritical => Event::BatteryCritical,
                EventKind::Jammed => Event::Jammed,
                EventKind::FactoryReset => Event::FactoryReset,
                EventKind::StoreRepaired => Event::StoreRepaired,
            },
        )
    }

    fn stamp() -> impl Strategy<Value = Stamp> {
        let uptime = any::<(u32, u32)>();
        prop_oneof![
            utc().prop_map(Stamp::Utc),
            uptime.prop_map(|(boot, seconds)| Stamp::Uptime { boot, seconds }),
        ]
    }

    proptest! {
        #[test]
        fn an_entry_comes_back_from_its_line(sequence: u32, stamp in stamp(), event in event()) {
            let entry = Entry { sequence, stamp, event };
            prop_assert_eq!(entry.to_string().parse(), Ok(entry));
        }

        #[test]
        fn no_line_panics(line in "[0-9]{1,3} (boot1\\+5s|[0-9TZ:-]{0,20}) (denied|unlocked|clock_set) .{0,40}|.*") {
            let _: Result<Entry<Grant>, NotAnEntry> = line.parse();
        }
    }
}
