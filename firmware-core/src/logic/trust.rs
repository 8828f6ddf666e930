//! Whether the clock can be trusted, by what the lock has seen of it.

use crate::audit::Distrust;
use crate::civil::UtcTime;
use crate::time::{Duration, Instant};

/// A clock so far behind the mark was set back or lost time.
const BEHIND: i64 = 5 * 60;
/// A clock so far ahead of the mark has to prove itself before it raises the mark.
const AHEAD: i64 = 24 * 60 * 60;
/// How much later a second reading proves the first.
const PROVED_AFTER: Duration = Duration::from_secs(60);
/// What the chip may gain or lose on uptime between the two, besides a 64th of the time.
const TOLERANCE: i64 = 5 * 60;

/// What survives a power loss of the lock's trust in its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The high-water mark: the latest time that was proved. None on a lock that has known no time yet.
    pub latest: Option<UtcTime>,
    /// The clock was trusted when it was judged last: its loss is news.
    pub trusted: bool,
}

impl Default for Mark {
    /// A new lock's. Its first distrust is news.
    fn default() -> Self {
        Self {
            latest: None,
            trusted: true,
        }
    }
}

/// The lock's trust in its clock chip.
#[derive(Clone, Debug)]
pub struct Trust {
    mark: Mark,
    /// A reading far ahead of the mark, and when it was had.
    ahead: Option<(UtcTime, Instant)>,
}

/// What to make of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The time, where the clock can be trusted.
    pub time: Result<UtcTime, Distrust>,
    /// Why it was lost, if it was trusted until now.
    pub lost: Option<Distrust>,
}

impl Trust {
    /// Goes on from the stored mark.
    #[must_use]
    pub fn boot(mark: Mark) -> Self {
        Self { mark, ahead: None }
    }

    /// What has to survive a power loss.
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.mark
    }

    /// The clock was set to `to`, whatever the mark was.
    pub fn set(&mut self, to: UtcTime) {
        *self = Self::boot(Mark {
            latest: Some(to),
            trusted: true,
        });
    }

    /// Judges what the chip said at `now`, and raises the mark by it.
    pub fn judge(&mut self, reading: Result<UtcTime, Distrust>, now: Instant) -> Judged {
        let time = reading.and_then(|utc| self.weigh(utc, now));
        let lost = time.err().filter(|_| self.mark.trusted);
        self.mark.trusted = time.is_ok();
        Judged { time, lost }
    }

    fn weigh(&mut self, utc: UtcTime, now: Instant) -> Result<UtcTime, Distrust> {
        let ahead = self.mark.latest.map_or(0, |latest| utc.since(latest));
        if ahead < -BEHIND {
            return Err(Distrust::Behind);
        }
        if ahead <= AHEAD || self.is_proved(utc, now) {
            self.ahead = None;
            self.mark.latest = self.mark.latest.max(Some(utc));
        }
        Ok(utc)
    }

    /// Whether an earlier reading far ahead of the mark, kept from a minute ago or more, agrees with this one. One that
    /// disagrees gives way to this one.
    fn is_proved(&mut self, utc: UtcTime, now: Instant) -> bool {
        let elapsed = |since: Instant| {
            now.checked_duration_since(since)
                .unwrap_or(Duration::from_ticks(0))
        };
        match self.ahead {
            Some((first, since)) if agrees(utc.since(first), elapsed(since)) => {
                elapsed(since) >= PROVED_AFTER
            }
            _ => {
                self.ahead = Some((utc, now));
                false
            }
        }
    }
}

/// Whether the chip went on by `seconds` while the lock was up for `elapsed`.
fn agrees(seconds: i64, elapsed: Duration) -> bool {
    let elapsed = i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX);
    let tolerance = TOLERANCE.saturating_add(elapsed / 64);
    seconds.saturating_sub(elapsed).saturating_abs() <= tolerance
}
