//! A DS3231 real-time clock, as its bus shows it (Maxim DS3231 data sheet, 19-5170 Rev 10).
//!
//! Modelled: address, register pointer, the time registers in BCD with both hour modes and the century bit, their latch,
//! the countdown chain, control, status with the oscillator-stop flag, and the backup cell. Alarms and aging are memory
//! without effect, the temperature is always 25 °C, and the square wave isn't wired.
//!
//! The chip counts every fourth year as a leap year ("valid up to 2100"), and so does this one: it knows a 29 February 2100.

use embedded_hal::i2c::{ErrorKind, ErrorType, I2c, NoAcknowledgeSource, Operation};
use serde::{Deserialize, Serialize};

use super::Defects;
use crate::fault::{BackupCellFault, Ppm, RtcFault};
use crate::rng::Random;
use crate::stimulus::Power;
use crate::time::Time;

/// The chip's address, 7 bits ("I2C Serial Data Bus", slave address byte).
pub const ADDRESS: u8 = 0x68;

const TIME_REGISTERS: usize = 7;
const SECONDS: usize = 0x00;
const CONTROL: usize = 0x0e;
const STATUS: usize = 0x0f;
const TEMPERATURE: usize = 0x11;
const REGISTERS: usize = 0x13;

/// Enable oscillator, active low: set, the oscillator stops while the chip runs on its cell ("Control Register").
const EOSC: u8 = 0x80;
/// Oscillator-stop flag ("Status Register").
const OSF: u8 = 0x80;
/// Flags that can be written to 0 alone: OSF, A2F, A1F.
const CLEARED_ONLY: u8 = 0x83;
const EN32KHZ: u8 = 0x08;
const TWELVE_HOURS: u8 = 0x40;
const PM: u8 = 0x20;
const CENTURY: u8 = 0x80;

const CONTROL_AT_POWER_ON: u8 = 0x1c;
const STATUS_AT_POWER_ON: u8 = OSF | EN32KHZ;
/// Bits of the time registers that exist ("Figure 1. Timekeeping Registers"); the others read 0.
const TIME_BITS: [u8; TIME_REGISTERS] = [0x7f, 0x7f, 0x7f, 0x07, 0x3f, 0x9f, 0xff];

/// What the chip counts in a real microsecond at no drift, so that a thousandth of a part in a million is whole.
const TICKS_PER_MICROSECOND: u64 = 1_000_000_000;
const TICKS_PER_SECOND: u128 = TICKS_PER_MICROSECOND as u128 * 1_000_000;
const SECONDS_PER_DAY: u64 = 86_400;
const DAYS_OF_FOUR_YEARS: u64 = 4 * 365 + 1;
/// The century bit has two values.
const SECONDS_OF_ALL: u64 = 50 * DAYS_OF_FOUR_YEARS * SECONDS_PER_DAY;
/// From 1970-01-01 to the chip's year 00 of its first century.
const EPOCH: i64 = 946_684_800;

/// The chip.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ds3231 {
    random: Random,
    counter: Counter,
    /// What was written where no calendar has a date; the datasheet leaves open what follows, here the clock stands.
    illogical: Option<[u8; TIME_REGISTERS]>,
    twelve_hours: bool,
    /// The day of the week on day 0, 0 to 6.
    weekday: u64,
    /// Registers from 0x07 on; those of the time are made when they are latched.
    memory: [u8; REGISTERS],
    latch: [u8; TIME_REGISTERS],
    pointer: usize,
    main: Power,
    backup: Option<BackupCellFault>,
    backup_felt: bool,
    defects: Defects<RtcFault>,
    /// Which register a wrong read changed last.
    wronged: usize,
}

/// The oscillator and what counts it: exact over any time at any drift, as all is integers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Counter {
    /// Ticks since the chip's year 00, as of `since`.
    ticks: u128,
    since: Time,
    drift: Ppm,
    runs: bool,
}

impl Counter {
    fn advance(&mut self, now: Time) {
        let rate = TICKS_PER_MICROSECOND.saturating_add_signed(self.drift.per_billion().into());
        let elapsed = u128::from(now.micros().saturating_sub(self.since.micros()));
        if self.runs {
            self.ticks += elapsed * u128::from(rate);
        }
        self.since = now.max(self.since);
    }

    fn seconds(&self) -> u64 {
        u64::try_from(self.ticks / TICKS_PER_SECOND).unwrap_or_default() % SECONDS_OF_ALL
    }

    fn set_seconds(&mut self, seconds: u64, chain: Chain) {
        let phase = match chain {
            Chain::Reset => 0,
            Chain::Kept => self.ticks % TICKS_PER_SECOND,
        };
        self.ticks = u128::from(seconds) * TICKS_PER_SECOND + phase;
    }
}

/// What becomes of the part of a second that has passed.
#[derive(Clone, Copy)]
enum Chain {
    /// "The countdown chain is reset whenever the seconds register is written" ("Clock and Calendar").
    Reset,
    Kept,
}

impl Ds3231 {
    /// A chip at its first power-up: 1 January of year 00, midnight, a day of the week of 1, with the oscillator-stop flag
    /// set ("Clock and Calendar").
    #[must_use]
    pub fn new(random: Random) -> Self {
        let mut chip = Self {
            random,
            counter: Counter {
                ticks: 0,
                since: Time::START,
                drift: Ppm::default(),
                runs: true,
            },
            illogical: None,
            twelve_hours: false,
            weekday: 0,
            memory: [0; REGISTERS],
            latch: [0; TIME_REGISTERS],
            pointer: 0,
            main: Power::On,
            backup: None,
            backup_felt: false,
            defects: Defects::default(),
            wronged: 0,
        };
        chip.forget();
        chip
    }

    /// Sets the time, as if a factory had set it before 2100 and it had run since: UTC, the second beginning at `now`, the
    /// oscillator-stop flag cleared.
    ///
    /// Years outside of 2000 to 2199 come out as others.
    pub fn set(&mut self, unix_seconds: i64, now: Time) {
        self.counter.advance(now);
        let day = unix_seconds.div_euclid(86_400);
        let seconds = unix_seconds.saturating_sub(EPOCH);
        self.illogical = None;
        let seconds = seconds.rem_euclid(SECONDS_OF_ALL.cast_signed()) as u64;
        self.counter.set_seconds(seconds, Chain::Reset);
        // 1970-01-01 was a Thursday; Sunday is 1.
        let days = seconds / SECONDS_PER_DAY;
        self.weekday = ((day + 4).rem_euclid(7) as u64 + 6 * days) % 7;
        self.memory[STATUS] &= !OSF;
    }

    /// One bus transaction, from START to STOP, at `now`.
    ///
    /// # Errors
    ///
    /// The address isn't acknowledged where it is another chip's, where a fault is, and without main power.
    pub fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
        now: Time,
    ) -> Result<(), ErrorKind> {
        if address == ADDRESS {
            self.defects
                .feel(|fault| matches!(fault, RtcFault::NoAck | RtcFault::Stopped));
        }
        if address != ADDRESS || self.main == Power::Off || self.defects.has(RtcFault::NoAck) {
            return Err(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address));
        }
        self.counter.advance(now);
        let mut before = None;
        for operation in operations {
            let starts = before != Some(std::mem::discriminant(operation));
            before = Some(std::mem::discriminant(operation));
            if starts {
                self.latch = self.time_registers();
            }
            match operation {
                Operation::Write(bytes) => self.write(bytes, starts),
                Operation::Read(bytes) => self.read(bytes),
            }
            // "The oscillator either is stopped or was stopped" ("Status Register"): while it stands, no write clears it.
            if self.defects.has(RtcFault::Stopped) {
                self.memory[STATUS] |= OSF;
            }
        }
        Ok(())
    }

    /// The chip as an embedded-hal bus with nothing else on it, at `now`.
    pub fn on_bus(&mut self, now: Time) -> OnBus<'_> {
        OnBus { chip: self, now }
    }

    /// Main power comes or goes at `now`; without it the chip lives on its cell.
    pub fn main_power(&mut self, power: Power, now: Time) {
        self.counter.advance(now);
        self.main = power;
        if power == Power::Off && self.backup.is_some() {
            self.backup_felt = true;
            self.forget();
        }
        if power == Power::Off && self.memory[CONTROL] & EOSC != 0 {
            self.memory[STATUS] |= OSF;
        }
        self.update_oscillator();
    }

    /// Breaks it at `now`.
    pub fn inject(&mut self, fault: RtcFault, now: Time) {
        self.counter.advance(now);
        self.defects.add(fault);
        match fault {
            RtcFault::Jump(shift) => {
                let jump = i128::from(shift.micros()) * i128::from(TICKS_PER_MICROSECOND);
                self.counter.ticks = self.counter.ticks.saturating_add_signed(jump);
                self.defects.feel(|felt| felt == fault);
                self.defects.remove(|gone| gone == fault);
            }
            RtcFault::DriftPpm(drift) => self.counter.drift = drift,
            RtcFault::Stopped => self.memory[STATUS] |= OSF,
            RtcFault::NoAck | RtcFault::WrongRead => {}
        }
        self.update_oscillator();
    }

    /// Mends it at `now`: it goes on from where it is, and what its flags tell remains.
    pub fn repair(&mut self, now: Time) {
        self.counter.advance(now);
        self.defects.clear();
        self.counter.drift = Ppm::default();
        self.update_oscillator();
    }

    /// Breaks the backup cell.
    pub fn inject_backup(&mut self, fault: BackupCellFault, now: Time) {
        self.backup = Some(fault);
        if self.main == Power::Off {
            self.main_power(Power::Off, now);
        }
    }

    /// Puts in a new backup cell.
    pub fn repair_backup(&mut self, now: Time) {
        self.counter.advance(now);
        self.backup = None;
        self.update_oscillator();
    }

    /// Whether [`Self::take_felt`] or [`Self::take_backup_felt`] has anything to tell.
    #[must_use]
    pub fn has_felt(&self) -> bool {
        self.defects.has_felt() || self.backup_felt
    }

    /// The faults that were felt for the first time since the last call.
    pub fn take_felt(&mut self) -> Vec<RtcFault> {
        self.defects.take_felt()
    }

    /// The cell's fault, if the chip forgot because of it since the last call.
    pub fn take_backup_felt(&mut self) -> Option<BackupCellFault> {
        self.backup
            .filter(|_| std::mem::take(&mut self.backup_felt))
    }

    fn forget(&mut self) {
        self.counter.ticks = 0;
        self.illogical = None;
        self.twelve_hours = false;
        self.weekday = 0;
        self.memory = [0; REGISTERS];
        self.memory[CONTROL] = CONTROL_AT_POWER_ON;
        self.memory[STATUS] = STATUS_AT_POWER_ON;
        self.memory[TEMPERATURE] = 25;
    }

    fn update_oscillator(&mut self) {
        let supplied = match self.main {
            Power::On => true,
            Power::Off => self.backup.is_none() && self.memory[CONTROL] & EOSC == 0,
        };
        self.counter.runs =
            supplied && self.illogical.is_none() && !self.defects.has(RtcFault::Stopped);
    }

    /// "On an I2C START or address pointer incrementing to location 00h, the current time is transferred to a second set of
    /// registers" ("Address Map").
    fn step_pointer(&mut self) {
        self.pointer = (self.pointer + 1) % REGISTERS;
        if self.pointer == 0 {
            self.latch = self.time_registers();
        }
    }

    fn read(&mut self, bytes: &mut [u8]) {
        let first = self.pointer;
        for byte in bytes.iter_mut() {
            *byte = self
                .latch
                .get(self.pointer)
                .copied()
                .unwrap_or(self.memory[self.pointer]);
            self.step_pointer();
        }
        if first < TIME_REGISTERS {
            self.defects
                .feel(|fault| matches!(fault, RtcFault::DriftPpm(_)));
            if self.defects.has(RtcFault::WrongRead) {
                self.spoil(bytes, first);
            }
        }
    }

    /// Flips one bit of what was read from register `first` on, in another register than the last time, so that no two
    /// readings agree.
    fn spoil(&mut self, bytes: &mut [u8], first: usize) {
        let last = self.wronged;
        let mut places: Vec<usize> = [1, 2, 4, 5, 6]
            .into_iter()
            .filter(|place| *place != last)
            .collect();
        places.retain(|place| (first..first + bytes.len()).contains(place));
        let Some(place) = places.get(self.random.below(places.len() as u64) as usize) else {
            return;
        };
        if let Some(byte) = bytes.get_mut(place - first) {
            *byte ^= 1 << self.random.below(5);
            self.wronged = *place;
            self.defects.feel(|fault| fault == RtcFault::WrongRead);
        }
    }

    fn write(&mut self, bytes: &[u8], starts: bool) {
        let values = if starts {
            let Some((pointer, values)) = bytes.split_first() else {
                return;
            };
            self.pointer = usize::from(*pointer) % REGISTERS;
            values
        } else {
            bytes
        };
        let mut time = self.time_registers();
        let mut written = 0_u8;
        for value in values {
            match time.get_mut(self.pointer) {
                Some(register) => {
                    *register = value & TIME_BITS[self.pointer];
                    written |= 1 << self.pointer;
                }
                None => self.write_memory(self.pointer, *value),
            }
            self.step_pointer();
        }
        if written != 0 {
            self.set_registers(
                time,
                if written & 1 << SECONDS == 0 {
                    Chain::Kept
                } else {
                    Chain::Reset
                },
            );
        }
        self.update_oscillator();
    }

    fn write_memory(&mut self, register: usize, value: u8) {
        let old = self.memory[register];
        self.memory[register] = match register {
            STATUS => old & value & CLEARED_ONLY | value & EN32KHZ,
            TEMPERATURE.. => old,
            // A conversion of the temperature is over before anybody looks.
            CONTROL => value & !0x20,
            _ => value,
        };
    }

    fn time_registers(&self) -> [u8; TIME_REGISTERS] {
        if let Some(raw) = self.illogical {
            return raw;
        }
        let seconds = self.counter.seconds();
        let days = seconds / SECONDS_PER_DAY;
        let (year, month, date) = calendar(days);
        let century = if year >= 100 { CENTURY } else { 0 };
        [
            bcd(seconds % 60),
            bcd(seconds / 60 % 60),
            self.hour_register(seconds / 3_600 % 24),
            ((self.weekday + days) % 7 + 1) as u8,
            bcd(date),
            bcd(month) | century,
            bcd(year % 100),
        ]
    }

    fn hour_register(&self, hour: u64) -> u8 {
        if !self.twelve_hours {
            return bcd(hour);
        }
        let half = if hour >= 12 { PM } else { 0 };
        TWELVE_HOURS | half | bcd((hour + 11) % 12 + 1)
    }

    fn set_registers(&mut self, registers: [u8; TIME_REGISTERS], chain: Chain) {
        self.twelve_hours = registers[2] & TWELVE_HOURS != 0;
        let Some(seconds) = seconds_of(registers) else {
            self.illogical = Some(registers);
            return;
        };
        self.illogical = None;
        self.counter.set_seconds(seconds, chain);
        let days = seconds / SECONDS_PER_DAY;
        self.weekday = (u64::from(registers[3]) + 6 + 6 * days) % 7;
    }
}

/// The chip alone on a bus, at one moment.
#[derive(Debug)]
pub struct OnBus<'a> {
    chip: &'a mut Ds3231,
    now: Time,
}

impl ErrorType for OnBus<'_> {
    type Error = ErrorKind;
}

impl I2c for OnBus<'_> {
    fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), ErrorKind> {
        self.chip.transaction(address, operations, self.now)
    }
}

/// Year 0 to 199, month and date 1 and up, of a day counted from the chip's first.
fn calendar(days: u64) -> (u64, u64, u64) {
    let (fours, mut rest) = (days / DAYS_OF_FOUR_YEARS, days % DAYS_OF_FOUR_YEARS);
    let mut year = 4 * fours;
    while rest >= year_length(year) {
        rest -= year_length(year);
        year += 1;
    }
    let mut month = 1;
    while rest >= month_length(year, month) {
        rest -= month_length(year, month);
        month += 1;
    }
    (year, month, rest + 1)
}

fn year_length(year: u64) -> u64 {
    if year.is_multiple_of(4) { 366 } else { 365 }
}

fn month_length(year: u64, month: u64) -> u64 {
    match month {
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn bcd(value: u64) -> u8 {
    ((value / 10) << 4 | (value % 10)) as u8
}

/// None where a digit is no digit, or the value is above `most`.
fn from_bcd(byte: u8, most: u64) -> Option<u64> {
    let (tens, ones) = (u64::from(byte >> 4), u64::from(byte & 0x0f));
    Some(10 * tens + ones).filter(|value| tens < 10 && ones < 10 && *value <= most)
}

/// Seconds since the chip's first, or none for what is no date and time.
fn seconds_of(registers: [u8; TIME_REGISTERS]) -> Option<u64> {
    let [second, minute, hour, _, date, month, year] = registers;
    let century = if month & CENTURY != 0 { 100 } else { 0 };
    let year = from_bcd(year, 99)? + century;
    let month = from_bcd(month & !CENTURY, 12).filter(|month| *month > 0)?;
    let date = from_bcd(date, month_length(year, month)).filter(|date| *date > 0)?;
    let hour = if hour & TWELVE_HOURS == 0 {
        from_bcd(hour, 23)?
    } else {
        let half = if hour & PM == 0 { 0 } else { 12 };
        from_bcd(hour & 0x1f, 12).filter(|hour| *hour > 0)? % 12 + half
    };
    let before: u64 = (0..year).map(year_length).sum();
    let months: u64 = (1..month).map(|month| month_length(year, month)).sum();
    let days = before + months + date - 1;
    Some(((days * 24 + hour) * 60 + from_bcd(minute, 59)?) * 60 + from_bcd(second, 59)?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::rng::Stream;

    /// 2026-12-01T14:00:00Z, a Tuesday.
    const NOON: i64 = 1_796_133_600;
    const DAY: Duration = Duration::from_hours(24);

    fn chip() -> Ds3231 {
        let mut chip = Ds3231::new(Random::new(1, Stream::Clock));
        chip.set(NOON, Time::START);
        chip
    }

    fn read<const N: usize>(chip: &mut Ds3231, register: u8, now: Time) -> [u8; N] {
        let mut bytes = [0; N];
        chip.on_bus(now)
            .write_read(ADDRESS, &[register], &mut bytes)
            .expect("acknowledged");
        bytes
    }

    fn time(chip: &mut Ds3231, now: Time) -> [u8; 7] {
        read(chip, 0, now)
    }

    fn write(chip: &mut Ds3231, bytes: &[u8], now: Time) {
        chip.on_bus(now)
            .write(ADDRESS, bytes)
            .expect("acknowledged");
    }

    fn after(span: Duration) -> Time {
        Time::START + span
    }

    #[test]
    fn the_time_stands_in_bcd_with_tuesday_third() {
        assert_eq!(
            time(&mut chip(), Time::START),
            [0x00, 0x00, 0x14, 0x03, 0x01, 0x12, 0x26]
        );
        let later = Duration::from_micros(9_999_999);
        assert_eq!(
            time(&mut chip(), after(later)),
            [0x09, 0x00, 0x14, 0x03, 0x01, 0x12, 0x26]
        );
    }

    #[test]
    fn a_new_chip_tells_that_it_knows_nothing() {
        let mut chip = Ds3231::new(Random::new(1, Stream::Clock));
        assert_eq!(time(&mut chip, Time::START), [0, 0, 0, 1, 1, 1, 0]);
        assert_eq!(read(&mut chip, 0x0e, Time::START), [0x1c, 0x88]);
    }

    #[test]
    fn the_day_of_the_week_and_the_century_go_on_by_themselves() {
        let mut chip = chip();
        write(
            &mut chip,
            &[0, 0x59, 0x59, 0x23, 0x07, 0x31, 0x12, 0x99],
            Time::START,
        );
        assert_eq!(
            time(&mut chip, after(Duration::from_secs(1))),
            [0, 0, 0, 1, 1, 0x81, 0]
        );
        write(
            &mut chip,
            &[0, 0x59, 0x59, 0x23, 0x02, 0x28, 0x02, 0x28],
            Time::START,
        );
        assert_eq!(
            time(&mut chip, after(Duration::from_secs(2)))[3..],
            [3, 0x29, 0x02, 0x28],
            "2028 is a leap year"
        );
        write(
            &mut chip,
            &[0, 0x59, 0x59, 0x23, 0x01, 0x28, 0x82, 0x00],
            Time::START,
        );
        assert_eq!(
            time(&mut chip, after(Duration::from_secs(3)))[3..],
            [2, 0x29, 0x82, 0x00],
            "2100 is one for the chip"
        );
    }

    #[test]
    fn every_day_of_both_centuries_comes_back_from_its_registers() {
        for days in 0..50 * DAYS_OF_FOUR_YEARS {
            let (year, month, date) = calendar(days);
            let century = if year >= 100 { CENTURY } else { 0 };
            let registers = [0, 0, 0, 1, bcd(date), bcd(month) | century, bcd(year % 100)];
            assert_eq!(seconds_of(registers), Some(days * SECONDS_PER_DAY));
        }
    }

    #[test]
    fn twelve_hour_mode_has_no_zero() {
        let mut chip = chip();
        let table = [
            (0x52, 0x00),
            (0x41, 0x01),
            (0x51, 0x11),
            (0x72, 0x12),
            (0x61, 0x13),
            (0x71, 0x23),
        ];
        for (twelve, twenty_four) in table {
            write(&mut chip, &[0, 0, 0, twelve, 1, 1, 1, 0x26], Time::START);
            assert_eq!(time(&mut chip, Time::START)[2], twelve);
            chip.twelve_hours = false;
            assert_eq!(time(&mut chip, Time::START)[2], twenty_four);
        }
    }

    #[test]
    fn a_read_across_the_second_is_of_one_moment() {
        let mut chip = chip();
        write(
            &mut chip,
            &[0, 0x59, 0x59, 0x13, 3, 1, 0x12, 0x26],
            Time::START,
        );
        let mut bytes = [[0]; 3];
        let [first, second, third] = &mut bytes;
        let mut operations = [
            Operation::Write(&[0]),
            Operation::Read(first),
            Operation::Read(second),
            Operation::Read(third),
        ];
        chip.transaction(
            ADDRESS,
            &mut operations,
            after(Duration::from_micros(999_999)),
        )
        .expect("acknowledged");
        assert_eq!(bytes, [[0x59], [0x59], [0x13]]);
        let mut wrapped = [0; 22];
        chip.on_bus(Time::START)
            .write_read(ADDRESS, &[0x12], &mut wrapped)
            .expect("acknowledged");
        assert_eq!(wrapped[20], wrapped[1], "the pointer wraps from 12h to 00h");
    }

    #[test]
    fn writing_the_seconds_starts_a_new_second() {
        let half = after(Duration::from_millis(500));
        let mut chip = chip();
        write(&mut chip, &[0, 0x30], half);
        assert_eq!(
            time(&mut chip, after(Duration::from_millis(1_499)))[0],
            0x30
        );
        assert_eq!(
            time(&mut chip, after(Duration::from_millis(1_500)))[0],
            0x31
        );
        write(&mut chip, &[1, 0x45], after(Duration::from_millis(1_900)));
        assert_eq!(
            time(&mut chip, after(Duration::from_millis(2_500)))[..2],
            [0x32, 0x45],
            "the minutes don't"
        );
    }

    #[test]
    fn flags_are_cleared_by_hand_and_never_set() {
        let mut chip = Ds3231::new(Random::new(1, Stream::Clock));
        write(&mut chip, &[0x0f, 0x00], Time::START);
        assert_eq!(read(&mut chip, 0x0f, Time::START), [0x00]);
        write(&mut chip, &[0x0f, 0xff], Time::START);
        assert_eq!(read(&mut chip, 0x0f, Time::START), [0x08]);
    }

    #[test]
    fn an_illogical_date_stands_until_a_logical_one_is_written() {
        let mut chip = chip();
        for wrong in [
            [0, 0, 0, 1, 0x31, 0x02, 0x26],
            [0x5a, 0, 0, 1, 1, 1, 0x26],
            [0, 0, 0x24, 1, 1, 1, 0x26],
        ] {
            let mut bytes = [0; 8];
            bytes[1..].copy_from_slice(&wrong);
            write(&mut chip, &bytes, Time::START);
            assert_eq!(time(&mut chip, after(DAY)), wrong);
        }
        write(&mut chip, &[0, 0, 0, 0, 1, 1, 1, 0x26], after(DAY));
        assert_eq!(time(&mut chip, after(2 * DAY))[4], 2);
    }

    #[test]
    fn drift_is_exact_over_years() {
        let ppm = |ppm: f64| RtcFault::DriftPpm(Ppm::try_from(ppm).expect("in range"));
        let mut chip = chip();
        chip.inject(ppm(20.0), Time::START);
        let mut now = Time::START;
        for _ in 0..3_125 {
            now = now + DAY;
            chip.counter.advance(now);
        }
        assert_eq!(chip.counter.ticks % TICKS_PER_SECOND, 0);
        let drifted = chip.counter.seconds().cast_signed() - (NOON - EPOCH) - 3_125 * 86_400;
        assert_eq!(drifted * 1_000_000, 3_125 * 86_400 * 20);
        chip.repair(now);
        chip.inject(ppm(-0.001), now);
        chip.counter
            .advance(now + Duration::from_secs(1_000_000_000));
        let gone = chip.counter.seconds().cast_signed() - (NOON - EPOCH) - 3_125 * 86_400 - drifted;
        assert_eq!(gone, 999_999_999, "a second in a thousand million");
    }

    #[test]
    fn a_stopped_oscillator_leaves_its_flag() {
        let mut chip = chip();
        chip.inject(RtcFault::Stopped, after(DAY));
        assert_eq!(time(&mut chip, after(2 * DAY))[4], 2);
        assert_eq!(chip.take_felt(), [RtcFault::Stopped]);
        write(&mut chip, &[0x0f, 0x08], after(2 * DAY));
        assert_eq!(read(&mut chip, 0x0f, after(2 * DAY)), [0x88]);
        chip.repair(after(3 * DAY));
        assert_eq!(time(&mut chip, after(4 * DAY))[4], 3);
        assert_eq!(read(&mut chip, 0x0f, after(4 * DAY)), [0x88]);
    }

    #[test]
    fn a_jump_happens_at_once_and_is_over() {
        let mut chip = chip();
        chip.inject(RtcFault::Jump("-1h".parse().expect("a shift")), Time::START);
        assert_eq!(time(&mut chip, Time::START)[2], 0x13);
        assert_eq!(chip.take_felt().len(), 1);
    }

    #[test]
    fn no_two_wrong_readings_agree() {
        let mut chip = chip();
        chip.inject(RtcFault::WrongRead, Time::START);
        let right = [0x00, 0x00, 0x14, 0x03, 0x01, 0x12, 0x26];
        let mut last = right;
        for _ in 0..100 {
            let wrong = time(&mut chip, Time::START);
            assert!(wrong != right && wrong[1..] != last[1..]);
            last = wrong;
        }
        chip.repair(Time::START);
        assert_eq!(time(&mut chip, Time::START), right);
    }

    #[test]
    fn another_address_and_a_dead_chip_are_silent() {
        let mut chip = chip();
        let mut byte = [0];
        assert!(chip.on_bus(Time::START).read(0x57, &mut byte).is_err());
        assert!(chip.take_felt().is_empty());
        chip.inject(RtcFault::NoAck, Time::START);
        assert!(chip.on_bus(Time::START).read(ADDRESS, &mut byte).is_err());
        assert_eq!(chip.take_felt(), [RtcFault::NoAck]);
        chip.repair(Time::START);
        chip.main_power(Power::Off, Time::START);
        assert!(chip.on_bus(Time::START).read(ADDRESS, &mut byte).is_err());
    }

    #[test]
    fn the_cell_carries_the_time_over_unless_it_is_dead() {
        let mut chip = chip();
        chip.main_power(Power::Off, Time::START);
        chip.main_power(Power::On, after(DAY));
        assert_eq!(time(&mut chip, after(DAY))[4], 2);
        chip.inject_backup(BackupCellFault::Dead, after(DAY));
        assert_eq!(chip.take_backup_felt(), None);
        chip.main_power(Power::Off, after(DAY));
        assert_eq!(chip.take_backup_felt(), Some(BackupCellFault::Dead));
        chip.main_power(Power::On, after(2 * DAY));
        assert_eq!(time(&mut chip, after(2 * DAY)), [0, 0, 0, 1, 1, 1, 0]);
        assert_eq!(read(&mut chip, 0x0f, after(2 * DAY)), [0x88]);
    }

    #[test]
    fn an_oscillator_told_to_rest_on_the_cell_does() {
        let mut chip = chip();
        write(&mut chip, &[0x0e, 0x9c], Time::START);
        chip.main_power(Power::Off, Time::START);
        chip.main_power(Power::On, after(DAY));
        assert_eq!(time(&mut chip, after(DAY))[4], 1);
        assert_eq!(read(&mut chip, 0x0f, after(DAY)), [0x88]);
    }
}
