//! Records and log entries as bytes: little endian, in the order of the fields, and nothing accepted that the lock
//! would not have written.

use chrono::DateTime;
use heapless::Vec;
use smartpin::{DailyHours, Generation, Variant, Window};

use super::state::{Config, Custom, Run, Sealed, Vital};
use crate::audit::{Cause, Distrust, Entry, Event, Opener, PinId, Reason, Refusal, Stamp};
use crate::civil::{CivilTime, UtcTime};
use crate::logic::lockout::Tally;
use crate::logic::trust::Mark;
use crate::settings::{SettingName, Settings};

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
        self.u32(pin.window.number())
            .u8(pin.variant.get())
            .u32(pin.generation.0)
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
            window: Window::from_number(self.u32()?)?,
            variant: Variant::new(self.u8()?)?,
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
        let [first, second, third] = settings.lockout_minutes;
        let zone = settings.timezone.as_str().as_bytes();
        self.flag(settings.smartpin_enabled)
            .u8(settings.auto_lock_seconds)
            .flag(settings.passage_mode)
            .flag(settings.beeps)
            .u8(settings.wrong_tries)
            .u8(settings.wrong_try_budget)
            .bytes(&[first, second, third])
            .u16(settings.max_smartpin_days)
            .u8(settings.first_use_within_hours)
            .u8(settings.pins_per_window)
            .bytes(&[settings.daily_hours.start(), settings.daily_hours.end()])
            .u32(settings.generation.0)
            .option(*first_use_since, Writer::civil)
            .u32(codes_since.0)
            .flag(*raise_required)
            .bytes(zone)
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
            ..Settings::default()
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

const OPENERS: [u8; 3] = [0, 1, 2];
const CAUSES: [Cause; 3] = [Cause::Enter, Cause::Auto, Cause::Boot];
const REASONS: [Reason; 12] = [
    Reason::Unknown,
    Reason::TooShort,
    Reason::TooEarly,
    Reason::Expired,
    Reason::Blocked,
    Reason::Disabled,
    Reason::TooLong,
    Reason::Variant,
    Reason::FirstUseMissed,
    Reason::ClockUntrusted,
    Reason::TableFull,
    Reason::BadArgument,
];
const REFUSALS: [Refusal; 6] = [
    Refusal::Length,
    Refusal::Repeat,
    Refusal::Run,
    Refusal::Known,
    Refusal::TooMany,
    Refusal::TableFull,
];
const DISTRUSTS: [Distrust; 5] = [
    Distrust::Stopped,
    Distrust::NoAnswer,
    Distrust::Nonsense,
    Distrust::Unsteady,
    Distrust::Behind,
];

fn place<T: PartialEq>(table: &[T], value: &T) -> u8 {
    table
        .iter()
        .position(|entry| entry == value)
        .and_then(|at| u8::try_from(at).ok())
        .unwrap_or(u8::MAX)
}

impl Reader<'_> {
    fn one_of<T: Copy>(&mut self, table: &[T]) -> Option<T> {
        table.get(usize::from(self.u8()?)).copied()
    }
}

/// A log entry as bytes.
pub(super) fn entry(entry: &Entry) -> Vec<u8, LONGEST_ENTRY> {
    let writer = Writer::default().u32(entry.sequence).stamp(entry.stamp);
    let writer = match entry.event {
        Event::Boot => writer.u8(0),
        Event::Unlocked(Opener::Smartpin(pin)) => writer.u8(1).u8(0).pin(pin),
        Event::Unlocked(Opener::CustomPin(pin)) => writer.u8(1).u8(1).pin(pin),
        Event::Unlocked(Opener::LocalCode(slot)) => writer.u8(1).u8(2).u8(slot),
        Event::Locked(cause) => writer.u8(2).u8(place(&CAUSES, &cause)),
        Event::Denied {
            reason,
            pin: None,
            count,
        } => writer.u8(3).u8(place(&REASONS, &reason)).u16(count),
        Event::Denied {
            reason,
            pin: Some(pin),
            ..
        } => writer.u8(4).u8(place(&REASONS, &reason)).pin(pin),
        Event::LockedOut { minutes } => writer.u8(5).u8(minutes),
        Event::CustomPinSaved(pin) => writer.u8(6).pin(pin),
        Event::CustomPinRefused { pin, reason } => {
            writer.u8(7).u8(place(&REFUSALS, &reason)).pin(pin)
        }
        Event::SmartpinBlocked(pin) => writer.u8(8).pin(pin),
        Event::SmartpinUnblocked(pin) => writer.u8(9).pin(pin),
        Event::GenerationRaised { to } => writer.u8(10).u32(to.0),
        Event::SettingChanged(name) => writer.u8(11).u8(place(&SettingName::ALL, &name)),
        Event::LocalCodeSet { slot } => writer.u8(12).u8(slot),
        Event::LocalCodeDeleted { slot } => writer.u8(13).u8(slot),
        Event::ProgrammingCodeChanged => writer.u8(14),
        Event::ClockSet { from, to } => writer.u8(15).u32(seconds(from)).u32(seconds(Some(to))),
        Event::ClockUntrusted(distrust) => writer.u8(16).u8(place(&DISTRUSTS, &distrust)),
        Event::BatteryLow => writer.u8(17),
        Event::BatteryCritical => writer.u8(18),
        Event::Jammed => writer.u8(19),
        Event::FactoryReset => writer.u8(20),
        Event::StoreRepaired => writer.u8(21),
    };
    writer.done()
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
        Some(match self.u8()? {
            0 => Event::Boot,
            1 => Event::Unlocked(match self.one_of(&OPENERS)? {
                0 => Opener::Smartpin(self.pin()?),
                1 => Opener::CustomPin(self.pin()?),
                _ => Opener::LocalCode(self.u8()?),
            }),
            2 => Event::Locked(self.one_of(&CAUSES)?),
            3 => Event::Denied {
                reason: self.one_of(&REASONS)?,
                pin: None,
                count: self.u16()?,
            },
            4 => Event::Denied {
                reason: self.one_of(&REASONS)?,
                pin: Some(self.pin()?),
                count: 1,
            },
            5 => Event::LockedOut {
                minutes: self.u8()?,
            },
            6 => Event::CustomPinSaved(self.pin()?),
            7 => {
                let reason = self.one_of(&REFUSALS)?;
                Event::CustomPinRefused {
                    pin: self.pin()?,
                    reason,
                }
            }
            8 => Event::SmartpinBlocked(self.pin()?),
            9 => Event::SmartpinUnblocked(self.pin()?),
            10 => Event::GenerationRaised {
                to: Generation(self.u32()?),
            },
            11 => Event::SettingChanged(self.one_of(&SettingName::ALL)?),
            12 => Event::LocalCodeSet { slot: self.u8()? },
            13 => Event::LocalCodeDeleted { slot: self.u8()? },
            14 => Event::ProgrammingCodeChanged,
            15 => Event::ClockSet {
                from: time(self.u32()?),
                to: time(self.u32()?)?,
            },
            16 => Event::ClockUntrusted(self.one_of(&DISTRUSTS)?),
            17 => Event::BatteryLow,
            18 => Event::BatteryCritical,
            19 => Event::Jammed,
            20 => Event::FactoryReset,
            21 => Event::StoreRepaired,
            _ => return None,
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
