//! Monotonic time: what the board's timer counts, and nothing to do with the calendar.
//!
//! Microseconds in 64 bits outlast any battery, so sums of instants and limits cannot overflow.

/// A moment since the board powered up, in microseconds.
pub type Instant = fugit::MonotonicTimerInstantU64<1_000_000>;

/// A span of monotonic time, in microseconds.
pub type Duration = fugit::MicrosDurationU64;

/// The earlier of two optional deadlines.
#[must_use]
pub fn earliest(a: Option<Instant>, b: Option<Instant>) -> Option<Instant> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b < a { b } else { a }),
        (a, None) => a,
        (None, b) => b,
    }
}
