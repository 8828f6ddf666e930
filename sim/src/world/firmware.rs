//! The lock's firmware, here or elsewhere.

use std::time::Duration;

use super::dut::{Device, LockClock, Wake};
use super::native::Native;
use super::remote::Remote;
use super::wiring::Wiring;

/// Where the lock's firmware runs.
#[derive(Clone)]
pub enum Firmware {
    /// In this process.
    Native(Native),
    /// On a processor elsewhere.
    Remote(Remote),
}

impl Device for Firmware {
    fn boot(&mut self, wiring: Wiring<'_>, uptime: Duration) -> Wake {
        match self {
            Self::Native(native) => native.boot(wiring, uptime),
            Self::Remote(remote) => remote.boot(wiring, uptime),
        }
    }

    fn poll(&mut self, wiring: Wiring<'_>, uptime: Duration) -> Wake {
        match self {
            Self::Native(native) => native.poll(wiring, uptime),
            Self::Remote(remote) => remote.poll(wiring, uptime),
        }
    }

    fn lose_power(&mut self) {
        match self {
            Self::Native(native) => native.lose_power(),
            Self::Remote(remote) => remote.lose_power(),
        }
    }

    fn clock(&self, wiring: Wiring<'_>, uptime: Duration) -> LockClock {
        match self {
            Self::Native(native) => native.clock(wiring, uptime),
            Self::Remote(remote) => remote.clock(wiring, uptime),
        }
    }

    fn lost(&self) -> Option<String> {
        match self {
            Self::Native(native) => native.lost(),
            Self::Remote(remote) => remote.lost(),
        }
    }
}
