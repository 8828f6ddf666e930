//! The DS3231 real-time clock, or a chip compatible with it, kept in UTC and in 24-hour mode.
//!
//! Registers and bits are those of the datasheet (Maxim 19-5170 Rev 10, 3/15), figure 1 and the sections named below. It
//! covers the years 2000 to 2199 by its century bit; as the chip takes 2100 for a leap year, it has to be set anew that
//! March.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use embedded_hal::i2c::I2c;

use crate::audit::Distrust;
use crate::civil::UtcTime;

/// "Slave Address Byte": 1101000.
pub const ADDRESS: u8 = 0x68;

/// Register 00h: seconds, and from there minutes, hours, day of the week, date, month and century, year.
const SECONDS: u8 = 0x00;
/// Register 0Eh, and the status register 0Fh after it.
const CONTROL: u8 = 0x0E;
/// Register 0Fh.
const STATUS: u8 = 0x0F;

/// "Control Register", bit 7, /EOSC: set, the oscillator stops when the chip runs on its backup cell.
const STOP_ON_BACKUP: u8 = 0x80;
/// "Status Register", bit 7, OSF: the oscillator has stopped, or the chip was never set.
const HAS_STOPPED: u8 = 0x80;
/// Register 05h, bit 7: the years are those from 2100.
const CENTURY: u8 = 0x80;

/// The first year that the chip can hold.
const FIRST_YEAR: i32 = 2000;
/// How far two readings in a row may lie apart.
const STEADY_SECONDS: i64 = 1;

/// Reads the time: twice, as one reading alone can be torn on the bus.
pub fn read<I: I2c>(bus: &mut I) -> Result<UtcTime, Distrust> {
    let mut status = [0; 1];
    bus.write_read(ADDRESS, &[STATUS], &mut status)
        .map_err(no_answer)?;
    let first = read_time(bus)?;
    let second = read_time(bus)?;
    let [status] = status;
    if status & HAS_STOPPED != 0 {
        return Err(Distrust::Stopped);
    }
    let first = decode(first).ok_or(Distrust::Nonsense)?;
    let second = decode(second).ok_or(Distrust::Nonsense)?;
    if second.since(first).abs() > STEADY_SECONDS {
        return Err(Distrust::Unsteady);
    }
    Ok(second)
}

/// Why the chip is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetError {
    /// Not within the years 2000 to 2199; nothing was written.
    OutOfRange,
    /// It doesn't answer.
    NoAnswer,
    /// It answers, but not with the time that it was given.
    Refused,
}

impl core::fmt::Display for SetError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::OutOfRange => "the clock holds the years 2000 to 2199",
            Self::NoAnswer => "the clock doesn't answer",
            Self::Refused => "the clock doesn't take the time",
        })
    }
}

impl core::error::Error for SetError {}

/// Sets the time, lets the oscillator run on the backup cell, and clears the stop flag, in this order: cut between them,
/// the clock is still one that was never set. Then reads the time back.
pub fn set<I: I2c>(bus: &mut I, utc: UtcTime) -> Result<(), SetError> {
    let [seconds, minutes, hours, weekday, date, month, year] =
        encode(utc).ok_or(SetError::OutOfRange)?;
    let time = [SECONDS, seconds, minutes, hours, weekday, date, month, year];
    bus.write(ADDRESS, &time).map_err(not_set)?;
    let mut flags = [0; 2];
    bus.write_read(ADDRESS, &[CONTROL], &mut flags)
        .map_err(not_set)?;
    let [control, status] = flags;
    bus.write(
        ADDRESS,
        &[CONTROL, control & !STOP_ON_BACKUP, status & !HAS_STOPPED],
    )
    .map_err(not_set)?;
    match read(bus) {
        Ok(now) if now.since(utc).abs() <= STEADY_SECONDS => Ok(()),
        Ok(_) | Err(_) => Err(SetError::Refused),
    }
}

/// What a bus error is doesn't help anybody at the door.
fn no_answer<E>(_: E) -> Distrust {
    Distrust::NoAnswer
}

fn not_set<E>(_: E) -> SetError {
    SetError::NoAnswer
}

/// Registers 00h to 06h.
type Registers = [u8; 7];

fn read_time<I: I2c>(bus: &mut I) -> Result<Registers, Distrust> {
    let mut registers = [0; 7];
    bus.write_read(ADDRESS, &[SECONDS], &mut registers)
        .map_err(no_answer)?;
    Ok(registers)
}

/// None unless every bit is one that the chip itself would give. The day of the week, which is anybody's to choose,
/// says nothing.
fn decode([seconds, minutes, hours, _, date, month, year]: Registers) -> Option<UtcTime> {
    let century = if month & CENTURY == 0 { 0 } else { 100 };
    let year = FIRST_YEAR + century + i32::from(from_bcd(year)?);
    let date = NaiveDate::from_ymd_opt(
        year,
        from_bcd(month & !CENTURY)?.into(),
        from_bcd(date)?.into(),
    )?;
    let time = date.and_hms_opt(
        from_bcd(hours)?.into(),
        from_bcd(minutes)?.into(),
        from_bcd(seconds)?.into(),
    )?;
    Some(UtcTime::from_shown(time))
}

fn encode(utc: UtcTime) -> Option<Registers> {
    let time: NaiveDateTime = utc.shown();
    let years = u8::try_from(time.year().checked_sub(FIRST_YEAR)?)
        .ok()
        .filter(|years| *years < 200)?;
    let century = if years < 100 { 0 } else { CENTURY };
    Some([
        to_bcd(time.second())?,
        to_bcd(time.minute())?,
        to_bcd(time.hour())?,
        to_bcd(time.weekday().number_from_sunday())?,
        to_bcd(time.day())?,
        to_bcd(time.month())? | century,
        to_bcd(u32::from(years % 100))?,
    ])
}

fn from_bcd(bcd: u8) -> Option<u8> {
    let (tens, ones) = (bcd >> 4, bcd & 0x0F);
    (tens < 10 && ones < 10).then_some(tens * 10 + ones)
}

fn to_bcd(value: u32) -> Option<u8> {
    let value = u8::try_from(value).ok().filter(|value| *value < 100)?;
    Some(((value / 10) << 4) | (value % 10))
}
