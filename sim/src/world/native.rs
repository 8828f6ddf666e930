//! The lock's firmware in this process.

use std::time::Duration;

use chrono::{Datelike, Timelike};
use firmware_core::audit::{Entry, Stamp};
use firmware_core::board::{Board, Gauge, Millivolts, Parts, Port, Witness};
use firmware_core::civil::CivilTime;
use firmware_core::code::Code;
use firmware_core::lock::{self, Lock};
use firmware_core::settings::Settings;
use firmware_core::store::{self, Provision, StoreError};
use firmware_core::time::Instant;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::{Map, Value};
use smartpin::LockKey;

use super::bench::{FLASH_SECTORS, Secrets};
use super::dut::{Device, LockClock, Wake};
use super::wiring::{Bus, Flash, Input, Output, Wiring};
use super::{BenchSetup, World};
use crate::devices::{Line, NorChip};
use crate::rng::{Random, Stream};
use crate::trace::AuditEntry;

/// A lock as it hangs on the door at power-up, set up and never used.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The key that its maker gave it.
    pub lock_key: LockKey,
    /// In force from the first boot, the generation included.
    pub settings: Settings,
    /// In place of the label's.
    pub programming_code: Option<Code>,
    /// The true time at power-up, to whose second the clock chip is set.
    pub start: Timestamp,
    /// Of everything random.
    pub seed: u64,
    /// Whether the trace tells digits.
    pub secrets: Secrets,
}

/// The lock's firmware, polled in this process.
#[derive(Clone)]
pub struct Native {
    key: LockKey,
    lock: Option<Box<Lock>>,
}

impl Native {
    /// A processor that holds the lock's firmware and this key.
    #[must_use]
    pub fn new(key: LockKey) -> Self {
        Self { key, lock: None }
    }
}

impl World {
    /// Hangs a lock on the door and puts its batteries in.
    ///
    /// # Errors
    ///
    /// If the store has no room for what the lock is to begin with.
    pub fn new(setup: &Setup) -> Result<Self, StoreError> {
        let bench = BenchSetup {
            start: setup.start,
            seed: setup.seed,
            secrets: setup.secrets,
            flash: setup.flash()?,
        };
        Ok(Self::with_device(
            &bench,
            Native::new(setup.lock_key.clone()),
        ))
    }
}

impl Setup {
    fn flash(&self) -> Result<NorChip, StoreError> {
        let mut chip = NorChip::new(FLASH_SECTORS, Random::new(self.seed, Stream::Flash));
        let provision = Provision {
            settings: self.settings.clone(),
            programming_code: self.programming_code.clone(),
        };
        store::provision(&mut chip, &self.lock_key, &provision)?;
        Ok(chip)
    }
}

impl Device for Native {
    fn boot(&mut self, wiring: Wiring<'_>, uptime: Duration) -> Wake {
        let mut parts = parts(wiring);
        let now = instant(uptime);
        let mut lock = Lock::boot(&self.key, &mut parts, now);
        let wake = lock.poll(&mut parts, now);
        self.lock = Some(Box::new(lock));
        sleep(wake)
    }

    fn poll(&mut self, wiring: Wiring<'_>, uptime: Duration) -> Wake {
        match &mut self.lock {
            Some(lock) => sleep(lock.poll(&mut parts(wiring), instant(uptime))),
            None => Wake::OnInput,
        }
    }

    fn lose_power(&mut self) {
        self.lock = None;
    }

    fn clock(&self, wiring: Wiring<'_>, uptime: Duration) -> LockClock {
        let Some(lock) = &self.lock else {
            return LockClock::Silent;
        };
        match lock.clock(&mut parts(wiring), instant(uptime)) {
            Ok(civil) => on_the_wall(civil).map_or(LockClock::Silent, LockClock::Says),
            Err(distrust) => LockClock::Untrusted(distrust.name().into()),
        }
    }
}

/// The bench as a board.
struct Virtual<'a>(std::marker::PhantomData<&'a ()>);

impl<'a> Board for Virtual<'a> {
    type Input = Input<'a>;
    type Output = Output<'a>;
    type Bus = Bus<'a>;
    type Flash = Flash<'a>;
    type Gauge = Wiring<'a>;
    type Port = Wiring<'a>;
    type Witness = Wiring<'a>;
}

impl Gauge for Wiring<'_> {
    type Error = std::convert::Infallible;

    fn volts(&mut self) -> Result<Millivolts, Self::Error> {
        Ok(Millivolts(self.millivolts()))
    }
}

impl Port for Wiring<'_> {
    fn receive(&mut self) -> Option<u8> {
        Self::receive(*self)
    }

    fn send(&mut self, bytes: &[u8]) {
        Self::send(*self, bytes);
    }
}

impl Witness for Wiring<'_> {
    fn audited(&mut self, entry: &Entry) {
        Self::audited(*self, told(entry));
    }
}

fn parts(wiring: Wiring<'_>) -> Parts<Virtual<'_>> {
    Parts {
        rows: Line::ROWS.map(|line| wiring.input(line)),
        columns: Line::COLUMNS.map(|line| wiring.output(line)),
        button: wiring.input(Line::Button),
        reset: wiring.input(Line::Reset),
        green: wiring.output(Line::Green),
        red: wiring.output(Line::Red),
        buzzer: wiring.output(Line::Buzzer),
        throw: wiring.output(Line::Throw),
        withdraw: wiring.output(Line::Withdraw),
        thrown: wiring.input(Line::Thrown),
        withdrawn: wiring.input(Line::Withdrawn),
        stall: wiring.input(Line::Stall),
        bus: wiring.bus(),
        flash: wiring.flash(),
        gauge: wiring,
        port: wiring,
        witness: wiring,
    }
}

fn instant(uptime: Duration) -> Instant {
    Instant::from_ticks(u64::try_from(uptime.as_micros()).unwrap_or(u64::MAX))
}

fn sleep(wake: lock::Wake) -> Wake {
    match wake {
        lock::Wake::At(at) => Wake::At(Duration::from_micros(at.as_ticks())),
        lock::Wake::OnInput => Wake::OnInput,
    }
}

/// None outside of the years that both calendars know.
fn on_the_wall(civil: CivilTime) -> Option<DateTime> {
    let [month, day, hour, minute, second] = [
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second(),
    ]
    .map(|part| i8::try_from(part).ok());
    let year = i16::try_from(civil.year()).ok()?;
    DateTime::new(year, month?, day?, hour?, minute?, second?, 0).ok()
}

fn told(entry: &Entry) -> AuditEntry {
    let mut fields = Map::new();
    match entry.stamp {
        Stamp::Utc(utc) => {
            fields.insert("time".into(), utc.to_string().into());
        }
        Stamp::Uptime { boot, seconds } => {
            fields.insert("boot".into(), boot.into());
            fields.insert("uptime".into(), seconds.into());
        }
    }
    entry.event.fields(&mut |name, value| {
        let text = value.to_string();
        let value = text
            .parse::<u64>()
            .map_or_else(|_| Value::from(text), Value::from);
        fields.insert(name.into(), value);
    });
    AuditEntry {
        sequence: entry.sequence,
        event: entry.event.name().into(),
        fields,
    }
}
