//! The calendar: UTC as the clock chip keeps it.

/// Seconds since 1970-01-01T00:00:00Z, without leap seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UtcTime(pub i64);

/// What a clock on the wall beside the lock says.
pub type CivilTime = chrono::NaiveDateTime;
