//! A lockout that the lock told of.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::Time;

/// When it began, and how long it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lockout {
    began: Time,
    minutes: u8,
}

impl Lockout {
    /// So many minutes from `began` on.
    #[must_use]
    pub fn new(began: Time, minutes: u8) -> Self {
        Self { began, minutes }
    }

    /// When the keys are heard again.
    #[must_use]
    pub fn ends(self) -> Time {
        self.began + Duration::from_secs(60 * u64::from(self.minutes))
    }

    /// It, as long as the keys are deaf.
    #[must_use]
    pub fn running(self, now: Time) -> Option<Self> {
        (now < self.ends()).then_some(self)
    }

    /// After a power loss it begins anew.
    #[must_use]
    pub fn booted(self, now: Time) -> Self {
        Self { began: now, ..self }
    }
}
