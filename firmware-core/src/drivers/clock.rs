//! The DS3231 real-time clock, or a chip compatible with it, kept in UTC and in 24-hour mode.
//!
//! Registers and bits are those of the datasheet (Maxim 19-5170 Rev 10, 3/15), figure 1 and the sections named below. It
//! covers the years 2000 to 2199 by its century bit.
//!
//! The chip takes 2100 for a leap year ("Clock and Calendar": compensation "valid up to 2100"), so its calendar is a day
//! behind from that March on. What it counts right are days, and those are what is read and set here: 1 March 2100 stands
//! in its registers as 29 February, and each day after as the one before.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, Timelike};
use embedded_hal::i2c::I2c;

use crate::audit::ClockFault;
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
/// The days of a century by the chip, every fourth year of which is a leap year, as of the one from 2000 by the calendar.
const CENTURY_DAYS: Days = Days::new(36_525);
/// How far two readings in a row may lie apart.
const STEADY_SECONDS: i64 = 1;

/// Reads the time: twice, as one reading alone can be torn on the bus.
pub fn read<I: I2c>(bus: &mut I) -> Result<UtcTime, ClockFault> {
    let mut status = [0; 1];
    bus.write_read(ADDRESS, &[STATUS], &mut status)
        .map_err(no_answer)?;
    let first = read_time(bus)?;
    let second = read_time(bus)?;
    let [status] = status;
    if status & HAS_STOPPED != 0 {
        return Err(ClockFault::Stopped);
    }
    let first = decode(first).ok_or(ClockFault::Nonsense)?;
    let second = decode(second).ok_or(ClockFault::Nonsense)?;
    if second.since(first).abs() > STEADY_SECONDS {
        return Err(ClockFault::Unsteady);
    }
    Ok(second)
}

/// Why the chip is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetError {
    /// Not within the years 2000 to 2199, and the day after; nothing was written.
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
fn no_answer<E>(_: E) -> ClockFault {
    ClockFault::NoAnswer
}

fn not_set<E>(_: E) -> SetError {
    SetError::NoAnswer
}

/// Registers 00h to 06h.
type Registers = [u8; 7];

fn read_time<I: I2c>(bus: &mut I) -> Result<Registers, ClockFault> {
    let mut registers = [0; 7];
    bus.write_read(ADDRESS, &[SECONDS], &mut registers)
        .map_err(no_answer)?;
    Ok(registers)
}

/// None unless every bit is one that the chip itself would give. The day of the week, which is anybody's to choose,
/// says nothing.
fn decode([seconds, minutes, hours, _, date, month, year]: Registers) -> Option<UtcTime> {
    let date = NaiveDate::from_ymd_opt(
        FIRST_YEAR + i32::from(from_bcd(year)?),
        from_bcd(month & !CENTURY)?.into(),
        from_bcd(date)?.into(),
    )?;
    let day = if month & CENTURY == 0 {
        date
    } else {
        date.checked_add_days(CENTURY_DAYS)?
    };
    let time = day.and_hms_opt(
        from_bcd(hours)?.into(),
        from_bcd(minutes)?.into(),
        from_bcd(seconds)?.into(),
    )?;
    Some(UtcTime::from_shown(time))
}

fn encode(utc: UtcTime) -> Option<Registers> {
    let shown: NaiveDateTime = utc.shown();
    let (time, century) = match shown.checked_sub_days(CENTURY_DAYS) {
        Some(time) if time.year() >= FIRST_YEAR => (time, CENTURY),
        _ => (shown, 0),
    };
    Some([
        to_bcd(time.second())?,
        to_bcd(time.minute())?,
        to_bcd(time.hour())?,
        to_bcd(shown.weekday().number_from_sunday())?,
        to_bcd(time.day())?,
        to_bcd(time.month())? | century,
        to_bcd(u32::try_from(time.year().checked_sub(FIRST_YEAR)?).ok()?)?,
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

#[cfg(test)]
mod tests {
    extern crate std;

    use std::vec;
    use std::vec::Vec;

    use ds323x::{DateTimeAccess, Ds323x};
    use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource};
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};
    use proptest::prelude::*;

    use super::*;

    /// 2026-12-01T15:04:05Z, a Tuesday.
    const TIME: Registers = [0x05, 0x04, 0x15, 0x03, 0x01, 0x12, 0x26];
    const TIME_UTC: &str = "2026-12-01T15:04:05Z";

    fn utc(text: &str) -> UtcTime {
        text.parse().unwrap()
    }

    fn status(status: u8) -> Transaction {
        Transaction::write_read(ADDRESS, vec![0x0F], vec![status])
    }

    fn time(registers: Registers) -> Transaction {
        Transaction::write_read(ADDRESS, vec![0x00], registers.to_vec())
    }

    fn nobody(transaction: Transaction) -> Transaction {
        transaction.with_error(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address))
    }

    /// What comes of a chip that answers so.
    fn read_from(transactions: &[Transaction]) -> Result<UtcTime, ClockFault> {
        let mut bus = Mock::new(transactions);
        let reading = read(&mut bus);
        bus.done();
        reading
    }

    fn read_twice(first: Registers, second: Registers) -> Result<UtcTime, ClockFault> {
        read_from(&[status(0x08), time(first), time(second)])
    }

    #[test]
    fn the_time_is_read_twice() {
        assert_eq!(read_twice(TIME, TIME), Ok(utc(TIME_UTC)));
    }

    #[test]
    fn a_chip_that_has_stopped_is_not_believed() {
        assert_eq!(
            read_from(&[status(0x88), time(TIME), time(TIME)]),
            Err(ClockFault::Stopped)
        );
    }

    #[test]
    fn a_chip_may_stay_away_at_any_time() {
        let transactions = [status(0x08), time(TIME), time(TIME)];
        for answers in 0..transactions.len() {
            let mut cut: Vec<_> = transactions[..=answers].to_vec();
            let last = cut.pop().map(nobody);
            cut.extend(last);
            assert_eq!(
                read_from(&cut),
                Err(ClockFault::NoAnswer),
                "after {answers}"
            );
        }
    }

    #[test]
    fn two_readings_lie_a_second_apart_at_most() {
        let at = |seconds| [seconds, 0x04, 0x15, 0x03, 0x01, 0x12, 0x26];
        let next_minute = [0x00, 0x05, 0x15, 0x03, 0x01, 0x12, 0x26];
        assert_eq!(
            read_twice(at(0x05), at(0x06)),
            Ok(utc("2026-12-01T15:04:06Z"))
        );
        assert_eq!(read_twice(at(0x06), at(0x05)), Ok(utc(TIME_UTC)));
        assert_eq!(
            read_twice(at(0x59), next_minute),
            Ok(utc("2026-12-01T15:05:00Z"))
        );
        assert_eq!(read_twice(at(0x05), at(0x07)), Err(ClockFault::Unsteady));
        assert_eq!(read_twice(at(0x07), at(0x05)), Err(ClockFault::Unsteady));
        assert_eq!(read_twice(at(0x05), next_minute), Err(ClockFault::Unsteady));
    }

    #[test]
    fn registers_that_hold_no_time_are_nonsense() {
        let with = |register: usize, value| {
            let mut registers = TIME;
            registers[register] = value;
            registers
        };
        let wrong = [
            [0x00; 7],
            [0xFF; 7],
            // Digits that are none, though they would add up to a number in range.
            with(0, 0x0A),
            with(1, 0x4F),
            with(2, 0x0C),
            with(4, 0x0B),
            with(5, 0x0A),
            with(6, 0x1F),
            // Out of range.
            with(0, 0x60),
            with(1, 0x60),
            with(2, 0x24),
            with(4, 0x00),
            with(4, 0x32),
            with(5, 0x00),
            with(5, 0x13),
            with(6, 0xA0),
            // 12-hour mode, which this driver never sets.
            with(2, 0x43),
            // Bits that read zero.
            with(0, 0x85),
            with(5, 0x32),
            // 30 February; 29 February in 2027.
            [0x00, 0x00, 0x00, 0x01, 0x30, 0x02, 0x28],
            [0x00, 0x00, 0x00, 0x01, 0x29, 0x02, 0x27],
        ];
        for registers in wrong {
            assert_eq!(
                read_twice(registers, registers),
                Err(ClockFault::Nonsense),
                "{registers:02x?}"
            );
            assert_eq!(
                read_twice(TIME, registers),
                Err(ClockFault::Nonsense),
                "{registers:02x?}"
            );
        }
    }

    #[test]
    fn the_day_of_the_week_is_anybodys() {
        let mut registers = TIME;
        registers[3] = 0x07;
        assert_eq!(read_twice(registers, registers), Ok(utc(TIME_UTC)));
    }

    #[test]
    fn the_century_bit_counts_from_2100() {
        let table = [
            (
                [0x59, 0x59, 0x23, 0x05, 0x31, 0x12, 0x99],
                "2099-12-31T23:59:59Z",
            ),
            (
                [0x00, 0x00, 0x00, 0x06, 0x01, 0x81, 0x00],
                "2100-01-01T00:00:00Z",
            ),
            (
                [0x59, 0x59, 0x23, 0x01, 0x28, 0x82, 0x00],
                "2100-02-28T23:59:59Z",
            ),
            // The chip's leap day, which the calendar has not.
            (
                [0x00, 0x00, 0x00, 0x02, 0x29, 0x82, 0x00],
                "2100-03-01T00:00:00Z",
            ),
            (
                [0x00, 0x00, 0x00, 0x03, 0x01, 0x83, 0x00],
                "2100-03-02T00:00:00Z",
            ),
            (
                [0x00, 0x00, 0x12, 0x07, 0x28, 0x82, 0x16],
                "2116-02-29T12:00:00Z",
            ),
            (
                [0x59, 0x59, 0x23, 0x03, 0x30, 0x92, 0x99],
                "2199-12-31T23:59:59Z",
            ),
        ];
        for (registers, time) in table {
            assert_eq!(read_twice(registers, registers), Ok(utc(time)));
            assert_eq!(encode(utc(time)), Some(registers), "{time}");
        }
    }

    /// The transactions of a set that goes well: the oscillator is let run on the backup cell (control bit 7), and the
    /// stop flag cleared, with the other bits as they were.
    fn setting(registers: Registers) -> Vec<Transaction> {
        let mut write = vec![0x00];
        write.extend(registers);
        vec![
            Transaction::write(ADDRESS, write),
            Transaction::write_read(ADDRESS, vec![0x0E], vec![0x9C, 0x8B]),
            Transaction::write(ADDRESS, vec![0x0E, 0x1C, 0x0B]),
            status(0x0B),
            time(registers),
            time(registers),
        ]
    }

    fn set_with(transactions: &[Transaction], time: &str) -> Result<(), SetError> {
        let mut bus = Mock::new(transactions);
        let set = set(&mut bus, utc(time));
        bus.done();
        set
    }

    #[test]
    fn the_clock_is_set_and_read_back() {
        assert_eq!(set_with(&setting(TIME), TIME_UTC), Ok(()));
        let first = [0x00, 0x00, 0x00, 0x07, 0x01, 0x01, 0x00];
        assert_eq!(set_with(&setting(first), "2000-01-01T00:00:00Z"), Ok(()));
        let last = [0x59, 0x59, 0x23, 0x03, 0x30, 0x92, 0x99];
        assert_eq!(set_with(&setting(last), "2199-12-31T23:59:59Z"), Ok(()));
    }

    #[test]
    fn a_set_can_fail_at_any_transaction() {
        let transactions = setting(TIME);
        for done in 0..transactions.len() {
            let mut cut = transactions[..=done].to_vec();
            let last = cut.pop().map(nobody);
            cut.extend(last);
            let error = if done < 3 {
                SetError::NoAnswer
            } else {
                SetError::Refused
            };
            assert_eq!(set_with(&cut, TIME_UTC), Err(error), "after {done}");
        }
    }

    #[test]
    fn a_chip_that_keeps_another_time_was_not_set() {
        let mut transactions = setting(TIME);
        let other = [0x07, 0x04, 0x15, 0x03, 0x01, 0x12, 0x26];
        transactions.truncate(4);
        transactions.extend([time(other), time(other)]);
        assert_eq!(set_with(&transactions, TIME_UTC), Err(SetError::Refused));
        let mut transactions = setting(TIME);
        transactions.splice(3..4, [status(0x80)]);
        assert_eq!(set_with(&transactions, TIME_UTC), Err(SetError::Refused));
    }

    #[test]
    fn years_that_the_chip_lacks_are_refused_untouched() {
        // Its own calendar's last day is one more than it needs for the years to 2199.
        for time in ["1999-12-31T23:59:59Z", "2200-01-02T00:00:00Z"] {
            assert_eq!(set_with(&[], time), Err(SetError::OutOfRange));
        }
    }

    proptest! {
        #[test]
        fn every_time_comes_back(seconds in 946_684_800..7_258_118_400_i64) {
            let time = UtcTime(seconds);
            prop_assert_eq!(encode(time).and_then(decode), Some(time));
        }

        #[test]
        fn no_registers_panic(registers: Registers) {
            if let Some(time) = decode(registers) {
                let mut encoded = encode(time).expect("the chip holds what it gave");
                encoded[3] = registers[3];
                prop_assert_eq!(encoded, registers);
            }
        }

        /// The `ds323x` crate reads what this driver writes, and this driver what it writes, up to the day that
        /// the chip's calendar has too many.
        #[test]
        fn another_driver_agrees(seconds in 946_684_800..4_107_542_400_i64) {
            let registers = encode(UtcTime(seconds)).expect("in range");
            let mut write = vec![0x00];
            write.extend(registers);
            let transactions = [Transaction::write(ADDRESS, write), time(registers)];
            let mut chip = Ds323x::new_ds3231(Mock::new(&transactions));
            chip.set_datetime(&UtcTime(seconds).shown()).unwrap();
            prop_assert_eq!(chip.datetime().unwrap(), UtcTime(seconds).shown());
            chip.destroy_ds3231().done();
        }
    }
}
