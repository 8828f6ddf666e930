//! The lock's firmware on a processor elsewhere, with this bench as its hardware.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use link::message::Ask;
use smartpin::LockKey;

use super::{Lease, Polled};
use crate::world::{Device, LockClock, Wake, Wiring};

/// A lock on a target. A clone is another lock on the same target, that goes on from there. The last of them gives the
/// target back.
pub(crate) struct Remote {
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
        sleep(target.poll(ask, wiring))
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
        sleep(self.target.lock().poll(ask, wiring))
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
        match self.target.lock().clock(ask, wiring) {
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
