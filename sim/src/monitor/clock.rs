//! What the clock chip must tell by now: the true time, and all that anybody or anything did to it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::fault::{Fault, FaultName, RtcFault};
use crate::time::{Lapse, Shift, Time};

/// The chip counts whole seconds, and a typist takes some to end an entry.
const SLACK: SignedDuration = SignedDuration::from_secs(2);
/// A clock is behind the mark by so much at least before the lock minds; what is less is left open.
const BEHIND: SignedDuration = SignedDuration::from_secs(295);
/// The chip takes 2100 for a leap year.
const LEAP: i64 = 4_107_456_000;

/// What the lock may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// Something that it must not trust.
    Untrusted,
    /// No better known than that.
    Anything,
    /// A time in here.
    Between {
        from: Timestamp,
        to: Timestamp,
        /// And it must trust it.
        sure: bool,
    },
}

/// The chip, and the latest time that the lock has seen of it.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    /// How far it was ahead of the true time at a moment.
    ahead: SignedDuration,
    since: Time,
    /// By how much it gains, in parts of a thousand million.
    gains: i64,
    state: State,
    defects: Defects,
    cell_dead: bool,
    /// A time that the lock has trusted and logged something at; it trusts none that is much earlier.
    seen: Option<Timestamp>,
    /// The latest that it may have seen.
    latest: Option<Timestamp>,
    /// Whether the clock was ever set back.
    set_back: bool,
}

/// Faults in force other than drift.
#[derive(Clone, Copy, Debug, Default)]
struct Defects {
    stopped: bool,
    silent: bool,
    wrong: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Runs,
    /// It stood still, or forgot, and nobody has set it since.
    Stopped,
    /// Somebody set it, and perhaps that failed.
    Unclear,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self {
            ahead: SignedDuration::ZERO,
            since: Time::START,
            gains: 0,
            state: State::Runs,
            defects: Defects::default(),
            cell_dead: false,
            seen: None,
            latest: None,
            set_back: false,
        }
    }

    fn ahead_at(&self, now: Time) -> SignedDuration {
        let passed = i128::try_from((now - self.since).as_nanos()).unwrap_or(i128::MAX);
        let gained = passed.saturating_mul(i128::from(self.gains)) / 1_000_000_000;
        self.ahead + SignedDuration::from_nanos_i128(gained)
    }

    fn anchor(&mut self, now: Time) {
        self.ahead = self.ahead_at(now);
        self.since = now;
    }

    /// The time that it tells, if it runs.
    fn tells(&self, now: Time, utc: Timestamp) -> Timestamp {
        utc.checked_add(self.ahead_at(now)).unwrap_or(utc)
    }

    /// What the lock may read now.
    pub(super) fn reading(&self, now: Time, utc: Timestamp) -> Reading {
        if self.defects.silent || self.defects.stopped || self.state == State::Stopped {
            return Reading::Untrusted;
        }
        let tells = self.tells(now, utc);
        if self.defects.wrong || self.state == State::Unclear || tells.as_second() >= LEAP {
            return Reading::Anything;
        }
        if self
            .seen
            .is_some_and(|seen| seen.duration_since(tells) > BEHIND + SLACK * 3)
        {
            return Reading::Untrusted;
        }
        let near = |shift: SignedDuration| tells.checked_add(shift).unwrap_or(tells);
        let behind = self
            .latest
            .is_some_and(|latest| latest.duration_since(tells) > BEHIND - SLACK * 3);
        Reading::Between {
            from: near(-SLACK),
            to: near(SLACK),
            sure: !behind && !self.set_back,
        }
    }

    /// The lock has logged something, and so has read its clock, if it trusts it.
    pub(super) fn logged(&mut self, now: Time, utc: Timestamp) {
        let Reading::Between { from, to, .. } = self.reading(now, utc) else {
            return;
        };
        self.latest = self.latest.max(Some(to));
        // A leap of a day or more has to prove itself first.
        let near = |seen: Timestamp| from.duration_since(seen) < SignedDuration::from_hours(23);
        if self.seen.is_none_or(near) {
            self.seen = self.seen.max(Some(from));
        }
    }

    /// Somebody has set it, and the lock said so; or, if that isn't `sure`, perhaps.
    pub(super) fn set(&mut self, to: Timestamp, sure: bool, now: Time, utc: Timestamp) {
        let back = to < self.tells(now, utc);
        self.set_back |= back;
        if self.defects.stopped {
            // It tells so on, whatever is written.
            self.state = State::Stopped;
        } else if sure {
            self.ahead = to.duration_since(utc);
            self.since = now;
            self.state = State::Runs;
            self.seen = None;
            self.latest = Some(to);
        } else {
            self.state = State::Unclear;
        }
    }

    pub(super) fn breaks(&mut self, fault: Fault, now: Time) {
        match fault {
            Fault::Rtc(RtcFault::Stopped) => {
                self.state = State::Stopped;
                self.defects.stopped = true;
            }
            Fault::Rtc(RtcFault::NoAck) => self.defects.silent = true,
            Fault::Rtc(RtcFault::WrongRead) => self.defects.wrong = true,
            Fault::Rtc(RtcFault::DriftPpm(ppm)) => {
                self.anchor(now);
                self.gains = i64::from(ppm.per_billion());
            }
            Fault::Rtc(RtcFault::Jump(by)) => {
                self.anchor(now);
                self.ahead += shift(by);
                self.set_back |= by.micros() < 0;
            }
            Fault::BackupCell(_) => self.cell_dead = true,
            _ => {}
        }
    }

    pub(super) fn repaired(&mut self, name: FaultName, now: Time) {
        match name {
            FaultName::Rtc => {
                self.anchor(now);
                self.gains = 0;
                self.defects = Defects::default();
            }
            FaultName::BackupCell => self.cell_dead = false,
            _ => {}
        }
    }

    pub(super) fn lost_power(&mut self) {
        if self.cell_dead {
            self.state = State::Stopped;
        }
    }
}

fn shift(by: Shift) -> SignedDuration {
    SignedDuration::from_micros(by.micros())
}

/// A lapse as the host's libraries have it.
pub(super) const fn seconds(seconds: u64) -> Duration {
    Lapse::from_micros(seconds * 1_000_000).duration()
}
