//! Records and log entries as bytes: little endian, in the order of the fields, and nothing accepted that the lock
//! would not have written.

use chrono::DateTime;
use heapless::Vec;
use smartpin::{DailyHours, Generation, Index};

use super::state::{Config, Custom, Run, Sealed, Vital};
use crate::audit::{
    Cause, ClockFault, Entry, Event, EventKind, Opener, OpenerKind, PinId, Reason, Refusal, Stamp,
};
use crate::civil::{CivilTime, UtcTime};
use crate::logic::lockout::Tally;
use crate::logic::trust::Mark;
use crate::settings::{SettingName, Settings};
use crate::zone::Zone;

/// The longest record, in bytes: the settings with the longest time zone.
pub(super) const LONGEST_RECORD: usize = 128;
/// A record of a code.
pub(super) const SEALED_RECORD: usize = 4 + 4 + 16;
/// A record of a blocked PIN or a first use.
pub(super) const PIN_RECORD: usize = 4 + 9;
/// A record of a custom PIN.
pub(super) const CUSTOM_RECORD: usize = PIN_RECORD + 1 + 1 + 16;
/// The longest log entry.
pub(super) const LONGEST_ENTRY: usize = 27;

pub(super) type Record = Vec<u8, LONGEST_RECORD>;

/// Appends fields. What does not fit is a mistake in the constants above, which the tests would show.
#[derive(Default)]
pub(super) struct Writer<const N: usize>(Vec<u8, N>);

impl<const N: usize> Writer<N> {
    fn bytes(mut self, bytes: &[u8]) -> Self {
        let fits = self.0.extend_from_slice(bytes);
        debug_assert!(fits.is_ok(), "the constants above hold every record");
        self
    }

    fn u8(self, value: u8) -> Self {
        self.bytes(&[value])
    }

    fn u16(self, value: u16) -> Self {
        self.bytes(&value.to_le_bytes())
    }

    pub(super) fn u32(self, value: u32) -> Self {
        self.bytes(&value.to_le_bytes())
    }

    fn i64(self, value: i64) -> Self {
        self.bytes(&value.to_le_bytes())
    }

    fn flag(self, value: bool) -> Self {
        self.u8(value.into())
    }

    fn option<T>(self, value: Option<T>, some: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            None => self.u8(0),
            Some(value) => some(self.u8(1), value),
        }
    }

    fn pin(self, pin: PinId) -> Self {
        self.bytes(&pin.index.to_bytes()).u32(pin.generation.0)
    }

    fn civil(self, civil: CivilTime) -> Self {
        self.i64(civil.and_utc().timestamp())
    }

    fn utc(self, utc: UtcTime) -> Self {
        self.i64(utc.0)
    }

    pub(super) fn done(self) -> Vec<u8, N> {
        self.0
    }
}

/// Takes fields off the front; none once something is missing or out of range.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.0
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, tail) = self.0.split_first_chunk()?;
        self.0 = tail;
        Some(*head)
    }

    fn u8(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_le_bytes)
    }

    fn flag(&mut self) -> Option<bool> {
        match self.u8()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    #[expect(
        clippy::option_option,
        reason = "the outer one is whether the bytes are a record"
    )]
    /// A record's body, or none where it is empty: the record was removed.
    pub(super) fn unless_removed<T>(
        &mut self,
        body: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        if self.0.is_empty() {
            Some(None)
        } else {
            body(self).map(Some)
        }
    }

    #[expect(
        clippy::option_option,
        reason = "the outer one is whether the bytes are a field"
    )]
    fn option<T>(&mut self, some: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.flag()? {
            some(self).map(Some)
        } else {
            Some(None)
        }
    }

    fn pin(&mut self) -> Option<PinId> {
        Some(PinId {
            index: Index::from_bytes(self.array()?)?,
            generation: Generation(self.u32()?),
        })
    }

    fn civil(&mut self) -> Option<CivilTime> {
        DateTime::from_timestamp(self.i64()?, 0).map(|time| time.naive_utc())
    }

    fn utc(&mut self) -> Option<UtcTime> {
        self.i64().map(UtcTime)
    }

    fn end<T>(&self, value: T) -> Option<T> {
        self.0.is_empty().then_some(value)
    }
}

/// A record's bytes behind its write number; an empty body is a record that was removed.
pub(super) fn record(number: u32) -> Writer<LONGEST_RECORD> {
    Writer::default().u32(number)
}

impl Writer<LONGEST_RECORD> {
    pub(super) fn config(self, config: &Config) -> Self {
        let Config {
            settings,
            first_use_since,
            codes_since,
            raise_required,
        } = config;
        let Settings {
            smartpin_enabled,
            auto_lock_seconds,
            passage_mode,
            beeps,
            wrong_tries,
            wrong_try_budget,
            lockout_minutes,
            max_smartpin_days,
            first_use_within_hours,
            pins_per_window,
            daily_hours,
            timezone,
            generation,
        } = settings;
        self.flag(*smartpin_enabled)
            .u8(*auto_lock_seconds)
            .flag(*passage_mode)
            .flag(*beeps)
            .u8(*wrong_tries)
            .u8(*wrong_try_budget)
            .bytes(lockout_minutes)
            .u16(*max_smartpin_days)
            .u8(*first_use_within_hours)
            .u8(*pins_per_window)
            .bytes(&[daily_hours.start(), daily_hours.end()])
            .u32(generation.0)
            .option(*first_use_since, Writer::civil)
            .u32(codes_since.0)
            .flag(*raise_required)
            .bytes(timezone.as_str().as_bytes())
    }

    pub(super) fn vital(self, vital: &Vital) -> Self {
        let Tally {
            tries,
            rung,
            spent,
            pending,
            lockout,
        } = vital.tally;
        self.u32(vital.boots)
            .bytes(&[tries, rung, spent])
            .flag(pending)
            .option(lockout, Writer::u8)
            .option(vital.mark.latest, Writer::utc)
            .flag(vital.mark.trusted)
            .option(vital.erased_end, Writer::civil)
            .u32(vital.next_entry)
            .option(vital.run, |writer, run| {
                writer.u32(run.sequence).stamp(run.stamp).u16(run.count)
            })
            .u32(vital.generation.0)
            .u32(vital.config_number)
            .u32(vital.blocked_sum)
    }

    pub(super) fn sealed(self, sealed: &Sealed) -> Self {
        self.u32(sealed.generation.0).bytes(&sealed.digest)
    }

    pub(super) fn pin_id(self, pin: PinId) -> Self {
        self.pin(pin)
    }

    pub(super) fn custom(self, custom: &Custom) -> Self {
        self.pin(custom.pin)
            .u8(custom.saves)
            .option(custom.digest, |writer, digest| writer.bytes(&digest))
    }
}

impl<const N: usize> Writer<N> {
    fn stamp(self, stamp: Stamp) -> Self {
        match stamp {
            Stamp::Utc(utc) => self.u8(0).utc(utc),
            Stamp::Uptime { boot, seconds } => self.u8(1).u32(boot).u32(seconds),
        }
    }
}

impl Reader<'_> {
    pub(super) fn config(&mut self) -> Option<Config> {
        let mut settings = Settings {
            smartpin_enabled: self.flag()?,
            auto_lock_seconds: self.u8()?,
            passage_mode: self.flag()?,
            beeps: self.flag()?,
            wrong_tries: self.u8()?,
            wrong_try_budget: self.u8()?,
            lockout_minutes: self.array()?,
            max_smartpin_days: self.u16()?,
            first_use_within_hours: self.u8()?,
            pins_per_window: self.u8()?,
            daily_hours: self
                .array()
                .and_then(|[start, end]| DailyHours::new(start, end))?,
            generation: Generation(self.u32()?),
            timezone: Zone::default(),
        };
        let first_use_since = self.option(Self::civil)?;
        let codes_since = Generation(self.u32()?);
        let raise_required = self.flag()?;
        settings.timezone = core::str::from_utf8(self.rest()).ok()?.parse().ok()?;
        settings.is_in_range().then_some(Config {
            settings,
            first_use_since,
            codes_since,
            raise_required,
        })
    }

    pub(super) fn vital(&mut self) -> Option<Vital> {
        let boots = self.u32()?;
        let [tries, rung, spent] = self.array()?;
        let tally = Tally {
            tries,
            rung,
            spent,
            pending: self.flag()?,
            lockout: self
                .option(|reader| reader.u8().filter(|minutes| (1..=60).contains(minutes)))?,
        };
        let vital = Vital {
            boots,
            tally,
            mark: Mark {
                latest: self.option(Self::utc)?,
                trusted: self.flag()?,
            },
            erased_end: self.option(Self::civil)?,
            next_entry: self.u32()?,
            run: self.option(|reader| {
                Some(Run {
                    sequence: reader.u32()?,
                    stamp: reader.stamp()?,
                    count: reader.u16()?,
                })
            })?,
            generation: Generation(self.u32()?),
            config_number: self.u32()?,
            blocked_sum: self.u32()?,
        };
        self.end(vital)
    }

    pub(super) fn sealed(&mut self) -> Option<Sealed> {
        let sealed = Sealed {
            generation: Generation(self.u32()?),
            digest: self.array()?,
        };
        self.end(sealed)
    }

    pub(super) fn pin_id(&mut self) -> Option<PinId> {
        let pin = self.pin()?;
        self.end(pin)
    }

    pub(super) fn custom(&mut self) -> Option<Custom> {
        let custom = Custom {
            pin: self.pin()?,
            saves: self.u8()?,
            digest: self.option(Self::array)?,
        };
        self.end(custom)
    }

    fn stamp(&mut self) -> Option<Stamp> {
        match self.u8()? {
            0 => self.utc().map(Stamp::Utc),
            1 => Some(Stamp::Uptime {
                boot: self.u32()?,
                seconds: self.u32()?,
            }),
            _ => None,
        }
    }
}

/// The byte of a `denied` that names a SmartPIN; without one it is that of [`EventKind::Denied`].
const DENIED_PIN: u8 = 4;

const _: () = assert!(
    EventKind::from_byte(DENIED_PIN).is_none(),
    "a byte for one form of entry alone"
);

/// A log entry as bytes.
pub(super) fn entry(entry: &Entry) -> Vec<u8, LONGEST_ENTRY> {
    let writer = Writer::default().u32(entry.sequence).stamp(entry.stamp);
    writer.event(entry.event).done()
}

impl Writer<LONGEST_ENTRY> {
    fn event(self, event: Event) -> Self {
        let kind = match event {
            Event::Denied { pin: Some(_), .. } => DENIED_PIN,
            _ => event.kind().byte(),
        };
        let writer = self.u8(kind);
        match event {
            Event::Unlocked(opener) => writer.opener(opener),
            Event::Locked(cause) => writer.u8(cause.byte()),
            Event::Denied {
                reason,
                pin: None,
                count,
            } => writer.u8(reason.byte()).u16(count),
            Event::Denied {
                reason,
                pin: Some(pin),
                ..
            } => writer.u8(reason.byte()).pin(pin),
            Event::LockedOut { minutes } => writer.u8(minutes),
            Event::CustomPinRefused { pin, reason } => writer.u8(reason.byte()).pin(pin),
            Event::CustomPinSaved(pin)
            | Event::SmartpinBlocked(pin)
            | Event::SmartpinUnblocked(pin) => writer.pin(pin),
            Event::GenerationRaised { to } => writer.u32(to.0),
            Event::SettingChanged(name) => writer.u8(name.byte()),
            Event::LocalCodeSet { slot } | Event::LocalCodeDeleted { slot } => writer.u8(slot),
            Event::ClockSet { from, to } => writer.u32(seconds(from)).u32(seconds(Some(to))),
            Event::ClockUntrusted(fault) => writer.u8(fault.byte()),
            Event::Boot
            | Event::ProgrammingCodeChanged
            | Event::BatteryLow
            | Event::BatteryCritical
            | Event::Jammed
            | Event::FactoryReset
            | Event::StoreRepaired => writer,
        }
    }

    fn opener(self, opener: Opener) -> Self {
        let writer = self.u8(opener.kind().byte());
        match opener {
            Opener::Smartpin(pin) | Opener::CustomPin(pin) => writer.pin(pin),
            Opener::LocalCode(slot) => writer.u8(slot),
        }
    }
}

/// The entry of these bytes, if a lock could have written them.
pub(super) fn read_entry(bytes: &[u8]) -> Option<Entry> {
    let mut reader = Reader::new(bytes);
    let (sequence, stamp) = (reader.u32()?, reader.stamp()?);
    let event = reader.event()?;
    reader.end(Entry {
        sequence,
        stamp,
        event,
    })
}

impl Reader<'_> {
    fn event(&mut self) -> Option<Event> {
        let kind = self.u8()?;
        if kind == DENIED_PIN {
            return Some(Event::Denied {
                reason: Reason::from_byte(self.u8()?)?,
                pin: Some(self.pin()?),
                count: 1,
            });
        }
        Some(match EventKind::from_byte(kind)? {
            EventKind::Boot => Event::Boot,
            EventKind::Unlocked => Event::Unlocked(self.opener()?),
            EventKind::Locked => Event::Locked(Cause::from_byte(self.u8()?)?),
            EventKind::Denied => Event::Denied {
                reason: Reason::from_byte(self.u8()?)?,
                pin: None,
                count: self.u16()?,
            },
            EventKind::LockedOut => Event::LockedOut {
                minutes: self.u8()?,
            },
            EventKind::CustomPinSaved => Event::CustomPinSaved(self.pin()?),
            EventKind::CustomPinRefused => {
                let reason = Refusal::from_byte(self.u8()?)?;
                Event::CustomPinRefused {
                    pin: self.pin()?,
                    reason,
                }
            }
            EventKind::SmartpinBlocked => Event::SmartpinBlocked(self.pin()?),
            EventKind::SmartpinUnblocked => Event::SmartpinUnblocked(self.pin()?),
            EventKind::GenerationRaised => Event::GenerationRaised {
                to: Generation(self.u32()?),
            },
            EventKind::SettingChanged => Event::SettingChanged(SettingName::from_byte(self.u8()?)?),
            EventKind::LocalCodeSet => Event::LocalCodeSet { slot: self.u8()? },
            EventKind::LocalCodeDeleted => Event::LocalCodeDeleted { slot: self.u8()? },
            EventKind::ProgrammingCodeChanged => Event::ProgrammingCodeChanged,
            EventKind::ClockSet => Event::ClockSet {
                from: time(self.u32()?),
                to: time(self.u32()?)?,
            },
            EventKind::ClockUntrusted => Event::ClockUntrusted(ClockFault::from_byte(self.u8()?)?),
            EventKind::BatteryLow => Event::BatteryLow,
            EventKind::BatteryCritical => Event::BatteryCritical,
            EventKind::Jammed => Event::Jammed,
            EventKind::FactoryReset => Event::FactoryReset,
            EventKind::StoreRepaired => Event::StoreRepaired,
        })
    }

    fn opener(&mut self) -> Option<Opener> {
        Some(match OpenerKind::from_byte(self.u8()?)? {
            OpenerKind::Smartpin => Opener::Smartpin(self.pin()?),
            OpenerKind::CustomPin => Opener::CustomPin(self.pin()?),
            OpenerKind::LocalCode => Opener::LocalCode(self.u8()?),
        })
    }
}

/// Where the log counts seconds from: the clock chip knows no earlier time, and 32 bits outlast its last.
const CHIP_EPOCH: i64 = 946_684_800;

fn seconds(time: Option<UtcTime>) -> u32 {
    let seconds = time.and_then(|time| u32::try_from(time.0.checked_sub(CHIP_EPOCH)?).ok());
    seconds.unwrap_or(u32::MAX)
}

fn time(seconds: u32) -> Option<UtcTime> {
    (seconds != u32::MAX).then(|| UtcTime(CHIP_EPOCH + i64::from(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes behind sequence and stamp.
    fn event(event: Event) -> Vec<u8, LONGEST_ENTRY> {
        Writer::default().event(event).done()
    }

    #[test]
    fn entries_are_these_bytes() {
        let pin = PinId {
            index: Index::FIRST,
            generation: Generation(2),
        };
        let denied = |reason, pin, count| Event::Denied { reason, pin, count };
        let table: [(Event, &[u8]); 10] = [
            (Event::Boot, &[0]),
            (
                Event::Unlocked(Opener::CustomPin(pin)),
                &[1, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0],
            ),
            (Event::Unlocked(Opener::LocalCode(10)), &[1, 2, 10]),
            (Event::Locked(Cause::Boot), &[2, 2]),
            (denied(Reason::TooShort, None, 300), &[3, 1, 44, 1]),
            (
                denied(Reason::BadArgument, Some(pin), 1),
                &[4, 11, 0, 0, 0, 0, 0, 2, 0, 0, 0],
            ),
            (Event::LockedOut { minutes: 5 }, &[5, 5]),
            (Event::SettingChanged(SettingName::Generation), &[11, 13]),
            (Event::ClockUntrusted(ClockFault::Behind), &[16, 4]),
            (Event::StoreRepaired, &[21]),
        ];
        for (entry, bytes) in table {
            assert_eq!(event(entry), bytes);
            assert_eq!(Reader::new(bytes).event(), Some(entry));
        }
    }

    #[test]
    fn no_other_byte_is_an_event() {
        for byte in 22..=u8::MAX {
            assert_eq!(Reader::new(&[byte; LONGEST_ENTRY]).event(), None);
        }
    }
}
