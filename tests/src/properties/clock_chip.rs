//! A clock chip that may hold anything, and answer anything.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, Timelike};
use embedded_hal::i2c::{ErrorKind, ErrorType, I2c, NoAcknowledgeSource, Operation};
use firmware_core::audit::ClockFault;
use firmware_core::civil::UtcTime;
use firmware_core::drivers::clock::{self, ADDRESS, SetError};

use super::feed::Feed;

/// The registers of a DS3231.
const REGISTERS: usize = 19;
const CONTROL: usize = 0x0E;
const STATUS: usize = 0x0F;
const FLAG: u8 = 0x80;
/// The days of the chip's century, every fourth of whose years is a leap year.
const CENTURY_DAYS: i64 = 36_525;
/// The seconds of the years 2000 to 2199, and of the day after, which the chip's own calendar still has.
const SETTABLE: std::ops::Range<i64> = 946_684_800..7_258_204_800;

/// The input is the 19 registers, a time in seconds (8 bytes) to set the chip to, and a byte for each transaction in turn:
/// 0 answers, from 0x80 on nobody acknowledges, and anything between flips the bit of that register first, as a chip does
/// that counts on or is disturbed between two readings.
///
/// What is read is what both readings say by a second calendar, and each refusal has its reason in what was answered. Of
/// a chip that doesn't break meanwhile, what was set is read, and no other bit of its flags has changed.
///
/// # Panics
///
/// Where that doesn't hold.
pub fn holds(input: &[u8]) {
    let mut feed = Feed::new(input);
    let registers = feed.array();
    let to = UtcTime(feed.i64());
    let mut chip = Chip {
        registers,
        pointer: 0,
        script: feed,
        answers: Vec::new(),
        silent: false,
    };

    let reading = clock::read(&mut chip);
    assert_eq!(reading, expected(&chip), "{:02x?}", chip.answers);

    set_holds(
        Chip {
            registers,
            pointer: 0,
            script: Feed::new(&[]),
            answers: Vec::new(),
            silent: false,
        },
        to,
    );
    let before = chip.registers;
    chip.answers.clear();
    chip.silent = false;
    match clock::set(&mut chip, to) {
        Ok(()) => {
            let read = expected_of(chip.answers.last().expect("it was read back"));
            assert!(
                read.is_some_and(|read| read.since(to).abs() <= 1),
                "{to}, {read:?}"
            );
        }
        Err(SetError::OutOfRange) => assert_eq!((chip.registers, chip.answers.len()), (before, 0)),
        Err(SetError::NoAnswer) => assert!(chip.silent),
        Err(SetError::Refused) => assert!(
            chip.silent
                || expected(&chip).is_ok_and(|read| read.since(to).abs() > 1)
                || expected(&chip).is_err()
        ),
    }
}

/// A chip that keeps what it is given takes every time in its range.
fn set_holds(mut chip: Chip<'_>, to: UtcTime) {
    let before = chip.registers;
    let set = clock::set(&mut chip, to);
    if !SETTABLE.contains(&to.0) {
        assert_eq!((set, chip.registers), (Err(SetError::OutOfRange), before));
        return;
    }
    assert_eq!(set, Ok(()), "{to}");
    assert_eq!(clock::read(&mut chip), Ok(to));
    assert_eq!(chip.registers[CONTROL], before[CONTROL] & !FLAG);
    assert_eq!(chip.registers[STATUS], before[STATUS] & !FLAG);
    assert_eq!(chip.registers[7..CONTROL], before[7..CONTROL]);
}

/// What the last reading of the chip should give, by what it answered: the status, and the time twice.
fn expected(chip: &Chip<'_>) -> Result<UtcTime, ClockFault> {
    if chip.silent {
        return Err(ClockFault::NoAnswer);
    }
    let [status, first, second] = chip.answers.last_chunk().expect("three answers");
    if status[0] & FLAG != 0 {
        return Err(ClockFault::Stopped);
    }
    match (expected_of(first), expected_of(second)) {
        (Some(first), Some(second)) if (first.0 - second.0).abs() > 1 => Err(ClockFault::Unsteady),
        (Some(_), Some(second)) => Ok(second),
        _ => Err(ClockFault::Nonsense),
    }
}

/// The only time under which a chip would show these seven registers, the day of the week aside.
fn expected_of(registers: &[u8]) -> Option<UtcTime> {
    let value = |at: usize, mask: u8| {
        i64::from(registers[at] & mask) / 16 * 10 + i64::from(registers[at] & mask & 15)
    };
    // Months and days beyond the calendar roll over here, and are caught below.
    let years = value(6, 0xFF);
    let begun = NaiveDate::from_ymd_opt(2000 + i32::try_from(years).ok()?, 1, 1)?;
    let month =
        begun.checked_add_months(chrono::Months::new(u32::try_from(value(5, 0x7F) - 1).ok()?))?;
    let day = month.checked_add_days(Days::new(u64::try_from(value(4, 0xFF) - 1).ok()?))?;
    let century = i64::from(registers[5] >> 7) * CENTURY_DAYS;
    let days = (day - NaiveDate::from_ymd_opt(2000, 1, 1)?).num_days() + century;
    let seconds = days * 86_400 + value(2, 0xFF) * 3_600 + value(1, 0xFF) * 60 + value(0, 0xFF);
    let time = UtcTime(SETTABLE.start + seconds);
    let mut shown = shown(time)?;
    shown[3] = registers[3];
    (shown == *registers).then_some(time)
}

/// The registers of a chip that has counted from 2000 on.
fn shown(time: UtcTime) -> Option<[u8; 7]> {
    let seconds = time.0 - SETTABLE.start;
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (century, day) = (days.div_euclid(CENTURY_DAYS), days.rem_euclid(CENTURY_DAYS));
    let date =
        NaiveDate::from_ymd_opt(2000, 1, 1)?.checked_add_days(Days::new(day.unsigned_abs()))?;
    let time: NaiveDateTime = date.and_hms_opt(
        (second / 3_600) as u32,
        (second / 60 % 60) as u32,
        (second % 60) as u32,
    )?;
    let century = u8::try_from(century).ok().filter(|century| *century < 2)?;
    let bcd = |value: u32| (value / 10 * 16 + value % 10) as u8;
    Some([
        bcd(time.second()),
        bcd(time.minute()),
        bcd(time.hour()),
        0,
        bcd(time.day()),
        bcd(time.month()) | century << 7,
        bcd((time.year() - 2000).unsigned_abs()),
    ])
}

struct Chip<'a> {
    registers: [u8; REGISTERS],
    pointer: usize,
    /// A byte a transaction.
    script: Feed<'a>,
    /// What was answered, a list a reading.
    answers: Vec<Vec<u8>>,
    /// A transaction was not acknowledged.
    silent: bool,
}

impl ErrorType for Chip<'_> {
    type Error = ErrorKind;
}

impl I2c for Chip<'_> {
    fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), ErrorKind> {
        assert_eq!(address, ADDRESS);
        match self.script.byte() {
            0 => {}
            0x80.. => {
                self.silent = true;
                return Err(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address));
            }
            flip => self.registers[usize::from(flip & 15)] ^= 1 << (flip >> 4),
        }
        for operation in operations {
            match operation {
                Operation::Write(bytes) => self.written(bytes),
                Operation::Read(bytes) => {
                    bytes.iter_mut().for_each(|byte| *byte = *self.next());
                    self.answers.push(bytes.to_vec());
                }
            }
        }
        Ok(())
    }
}

impl Chip<'_> {
    fn written(&mut self, bytes: &[u8]) {
        let Some((pointer, values)) = bytes.split_first() else {
            return;
        };
        self.pointer = usize::from(*pointer);
        for value in values {
            *self.next() = *value;
        }
    }

    fn next(&mut self) -> &mut u8 {
        let at = self.pointer % REGISTERS;
        self.pointer = at + 1;
        &mut self.registers[at]
    }
}
