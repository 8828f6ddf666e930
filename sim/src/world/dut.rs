//! The device under test, as all of the bench knows it.

use std::borrow::Cow;
use std::time::Duration;

use jiff::civil::DateTime;
use smartpin::LockKey;

use super::wiring::Wiring;

/// Firmware on its processor, wherever that is.
///
/// It sleeps until it is polled: when its supply comes ([`Device::boot`]), when an input changes, when a byte comes over
/// the port, and when the moment has come that it named. `uptime` counts from its last boot.
///
/// A world owns its device as a `Box<dyn Device>` where it needn't know which one it is, so that any crate can bring its
/// own. A fork of the world forks the device, maybe for another thread.
pub trait Device: Send + Sync {
    /// Another device of its kind that goes on from the same instant; the two know nothing of each other.
    fn fork(&self) -> Box<dyn Device>;

    /// The supply has come. What was in RAM is lost.
    fn boot(&mut self, wiring: Wiring<'_>, uptime: Duration) -> Wake;

    /// Do what is due.
    fn poll(&mut self, wiring: Wiring<'_>, uptime: Duration) -> Wake;

    /// The supply has gone.
    fn lose_power(&mut self);

    /// What its clock says, without changing anything. The wires lead to a copy of the bench.
    fn clock(&self, wiring: Wiring<'_>, uptime: Duration) -> LockClock {
        let _ = (wiring, uptime);
        LockClock::Silent
    }

    /// Why nothing more can be expected of it, if that is so: not the firmware's fault, and nothing that a scenario tells.
    fn lost(&self) -> Option<String> {
        None
    }
}

/// Where the devices under test of a run come from: one for each scenario, which is forked where the scenario is.
pub trait DeviceSource: Send + Sync {
    /// A device without power that holds this key.
    ///
    /// # Errors
    ///
    /// None can be had; why, for a person.
    fn device(&self, key: LockKey) -> Result<Box<dyn Device>, String>;

    /// How branches of one fork may run.
    fn forks(&self) -> Forks {
        Forks::SideBySide
    }
}

/// How branches of one fork may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forks {
    /// Each goes on in its own time.
    SideBySide,
    /// One has ended before the next begins, since a device has room for a few copies of itself alone.
    InTurn,
}

impl Clone for Box<dyn Device> {
    fn clone(&self) -> Self {
        (**self).fork()
    }
}

impl Device for Box<dyn Device> {
    fn fork(&self) -> Box<dyn Device> {
        (**self).fork()
    }

    fn boot(&mut self, wiring: Wiring<'_>, uptime: Duration) -> Wake {
        (**self).boot(wiring, uptime)
    }

    fn poll(&mut self, wiring: Wiring<'_>, uptime: Duration) -> Wake {
        (**self).poll(wiring, uptime)
    }

    fn lose_power(&mut self) {
        (**self).lose_power();
    }

    fn clock(&self, wiring: Wiring<'_>, uptime: Duration) -> LockClock {
        (**self).clock(wiring, uptime)
    }

    fn lost(&self) -> Option<String> {
        (**self).lost()
    }
}

/// When a device wants to be polled next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// At this uptime, or when an input changes before. A moment that is over is taken for the next microsecond.
    At(Duration),
    /// When an input changes.
    OnInput,
}

/// What a device takes the time to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockClock {
    /// This, on the wall beside it.
    Says(DateTime),
    /// It doesn't trust its clock; why, by its audit log's name for it.
    Untrusted(Cow<'static, str>),
    /// It can't be asked: it has no power, or no clock.
    Silent,
}
