//! The lock's firmware on a processor elsewhere, with this bench as its hardware.

use std::sync::Arc;
use std::time::Duration;

use embedded_hal::i2c::{I2c, Operation};
use embedded_storage::nor_flash::{NorFlash, ReadNorFlash};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use link::message::{Ask, BusOperation, Inputs, Output, WAITING};
use smartpin::LockKey;

use super::dut::{Device, LockClock, Wake};
use super::wiring::Wiring;
use crate::devices::{Level, Line};
use crate::target::{Access, Lease, News, Peripherals, Polled};

/// A lock on a target. A clone is another lock on the same target, that goes on from there. The last of them gives the
/// target back.
pub struct Remote {
    target: Arc<Lease>,
    key: LockKey,
    /// Where the target has it; none without power.
    place: Option<u8>,
}

impl Remote {
    /// A processor that holds the lock's firmware, and will get this key with its first boot.
    pub(crate) fn new(target: Lease, key: LockKey) -> Self {
        Self {
            target: Arc::new(target),
            key,
            place: None,
        }
    }
}

impl Clone for Remote {
    fn clone(&self) -> Self {
        let place = self.place.and_then(|from| {
            let mut target = self.target.lock();
            let to = target.take_place()?;
            target.copy(from, to);
            Some(to)
        });
        Self {
            target: self.target.clone(),
            key: self.key.clone(),
            place,
        }
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        self.lose_power();
    }
}

impl Device for Remote {
    fn fork(&self) -> Box<dyn Device> {
        Box::new(self.clone())
    }

    fn boot(&mut self, wiring: Wiring<'_>, _: Duration) -> Wake {
        self.lose_power();
        let mut target = self.target.lock();
        let Some(place) = target.take_place() else {
            return Wake::OnInput;
        };
        self.place = Some(place);
        let ask = Ask::Boot {
            place,
            key: *self.key.expose(),
            inputs: wiring.inputs(),
        };
        sleep(target.poll(ask, &mut OnWires(wiring)))
    }

    fn poll(&mut self, wiring: Wiring<'_>, uptime: Duration) -> Wake {
        let Some(place) = self.place else {
            return Wake::OnInput;
        };
        let ask = Ask::Poll {
            place,
            now: micros(uptime),
            inputs: wiring.inputs(),
        };
        sleep(self.target.lock().poll(ask, &mut OnWires(wiring)))
    }

    fn lose_power(&mut self) {
        if let Some(place) = self.place.take() {
            self.target.lock().give_back(place);
        }
    }

    fn clock(&self, wiring: Wiring<'_>, uptime: Duration) -> LockClock {
        let Some(place) = self.place else {
            return LockClock::Silent;
        };
        let ask = Ask::Clock {
            place,
            now: micros(uptime),
        };
        match self.target.lock().clock(ask, &mut OnWires(wiring)) {
            Some(Ok(seconds)) => on_the_wall(seconds),
            Some(Err(why)) => LockClock::Untrusted(why.into()),
            None => LockClock::Silent,
        }
    }

    fn lost(&self) -> Option<String> {
        self.target.lock().lost().map(str::to_owned)
    }
}

fn micros(uptime: Duration) -> u64 {
    u64::try_from(uptime.as_micros()).unwrap_or(u64::MAX)
}

fn sleep(polled: Option<Polled>) -> Wake {
    let wake = polled.and_then(|polled| polled.wake);
    wake.map_or(Wake::OnInput, |at| Wake::At(Duration::from_micros(at)))
}

fn on_the_wall(seconds: i64) -> LockClock {
    Timestamp::from_second(seconds).map_or(LockClock::Silent, |stamp| {
        LockClock::Says(stamp.to_zoned(TimeZone::UTC).datetime())
    })
}

/// A bench's wires, for a target that asks by message.
struct OnWires<'a>(Wiring<'a>);

impl Peripherals for OnWires<'_> {
    fn access(&mut self, access: Access<'_>) -> Option<Vec<u8>> {
        match access {
            Access::Bus(address, operations) => transact(self.0, address, operations),
            Access::Read { address, length } => {
                let mut bytes = vec![0; usize::from(length)];
                self.0.flash().read(address, &mut bytes).ok()?;
                let written = bytes.iter().rposition(|byte| *byte != 0xFF);
                bytes.truncate(written.map_or(0, |last| last + 1));
                Some(bytes)
            }
            Access::Write { address, bytes } => done(self.0.flash().write(address, bytes).is_ok()),
            Access::Erase { from, to } => done(self.0.flash().erase(from, to).is_ok()),
            Access::Volts => Some(self.0.millivolts().to_le_bytes().to_vec()),
            Access::Receive => Some(self.0.waiting(WAITING)),
        }
    }

    fn told(&mut self, news: News<'_>) {
        match news {
            News::Driven(output, high) => self.0.write(line(output), Level::high_if(high)),
            News::Sent(bytes) => self.0.send(bytes),
            News::Taken(count) => {
                for _ in 0..count {
                    let _ = self.0.receive();
                }
            }
            News::Audited(entry) => self.0.audited(entry),
        }
    }

    fn inputs(&self) -> Inputs {
        self.0.inputs()
    }
}

fn done(done: bool) -> Option<Vec<u8>> {
    done.then(Vec::new)
}

/// The bytes that a transaction read, one part after the other; none where nobody acknowledged.
fn transact(wiring: Wiring<'_>, address: u8, told: &[BusOperation<'_>]) -> Option<Vec<u8>> {
    let mut read: Vec<Vec<u8>> = told
        .iter()
        .map(|operation| match operation {
            BusOperation::Write(_) => Vec::new(),
            BusOperation::Read(length) => vec![0; usize::from(*length)],
        })
        .collect();
    let mut operations: Vec<_> = told
        .iter()
        .zip(&mut read)
        .map(|(operation, read)| match operation {
            BusOperation::Write(bytes) => Operation::Write(bytes),
            BusOperation::Read(_) => Operation::Read(read),
        })
        .collect();
    wiring.bus().transaction(address, &mut operations).ok()?;
    drop(operations);
    Some(read.concat())
}

fn line(output: Output) -> Line {
    match output {
        Output::Column1 => Line::Column1,
        Output::Column2 => Line::Column2,
        Output::Column3 => Line::Column3,
        Output::Green => Line::Green,
        Output::Red => Line::Red,
        Output::Buzzer => Line::Buzzer,
        Output::Throw => Line::Throw,
        Output::Withdraw => Line::Withdraw,
    }
}
