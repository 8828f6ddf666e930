//! The device under test, as all of the bench knows it.

use std::borrow::Cow;
use std::time::Duration;

use jiff::civil::DateTime;

use super::wiring::Wiring;

/// Firmware on its processor, wherever that is.
///
/// It sleeps until it is polled: when its supply comes ([`Device::boot`]), when an input changes, when a byte comes over
/// the port, and when the moment has come that it named. `uptime` counts from its last boot.
pub trait Device {
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
