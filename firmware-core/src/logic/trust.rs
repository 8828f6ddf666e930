//! Whether the clock can be trusted, by what the lock has seen of it.

use crate::audit::ClockFault;
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
    pub time: Result<UtcTime, ClockFault>,
    /// Why it was lost, if it was trusted until now.
    pub lost: Option<ClockFault>,
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
    pub fn judge(&mut self, reading: Result<UtcTime, ClockFault>, now: Instant) -> Judged {
        let time = reading.and_then(|utc| self.weigh(utc, now));
        let lost = time.err().filter(|_| self.mark.trusted);
        self.mark.trusted = time.is_ok();
        Judged { time, lost }
    }

    fn weigh(&mut self, utc: UtcTime, now: Instant) -> Result<UtcTime, ClockFault> {
        let ahead = self.mark.latest.map_or(0, |latest| utc.since(latest));
        if ahead < -BEHIND {
            return Err(ClockFault::Behind);
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

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600;
    const DAY: i64 = 24 * HOUR;

    /// What happens at so many seconds of uptime: the chip says so many seconds after the first mark, or fails.
    type Step = (u64, Result<i64, ClockFault>);

    /// Plays `steps` on a lock whose mark stands at 0, and tells after each whether the time could be used, whether its loss
    /// was news, and where the mark stands.
    fn assert_judged(table: &[(Step, Result<(), ClockFault>, bool, i64)]) {
        let mut trust = Trust::boot(Mark {
            latest: Some(UtcTime(0)),
            trusted: true,
        });
        for ((up, reading), usable, news, mark) in table {
            let reading = reading.map(UtcTime);
            let judged = trust.judge(reading, Instant::from_ticks(up * 1_000_000));
            let lost = usable.err().filter(|_| *news);
            assert_eq!(
                judged,
                Judged {
                    time: usable.and(reading),
                    lost
                },
                "at {up} s: {reading:?}"
            );
            assert_eq!(
                trust.mark(),
                Mark {
                    latest: Some(UtcTime(*mark)),
                    trusted: usable.is_ok()
                },
                "at {up} s"
            );
        }
    }

    #[test]
    fn a_clock_that_goes_on_raises_the_mark() {
        assert_judged(&[
            ((0, Ok(0)), Ok(()), false, 0),
            ((10, Ok(10)), Ok(()), false, 10),
            ((20, Ok(DAY)), Ok(()), false, DAY),
            ((30, Ok(2 * DAY)), Ok(()), false, 2 * DAY),
        ]);
    }

    #[test]
    fn a_clock_five_minutes_behind_is_trusted_and_later_no_more() {
        assert_judged(&[
            ((0, Ok(-300)), Ok(()), false, 0),
            ((1, Ok(-301)), Err(ClockFault::Behind), true, 0),
            ((2, Ok(-302)), Err(ClockFault::Behind), false, 0),
            ((3, Ok(-300)), Ok(()), false, 0),
            ((4, Ok(i64::MIN)), Err(ClockFault::Behind), true, 0),
        ]);
    }

    #[test]
    fn a_chip_that_fails_is_news_once_until_it_answers_again() {
        assert_judged(&[
            (
                (0, Err(ClockFault::NoAnswer)),
                Err(ClockFault::NoAnswer),
                true,
                0,
            ),
            (
                (1, Err(ClockFault::NoAnswer)),
                Err(ClockFault::NoAnswer),
                false,
                0,
            ),
            (
                (2, Err(ClockFault::Stopped)),
                Err(ClockFault::Stopped),
                false,
                0,
            ),
            ((3, Ok(3)), Ok(()), false, 3),
            (
                (4, Err(ClockFault::Unsteady)),
                Err(ClockFault::Unsteady),
                true,
                3,
            ),
        ]);
    }

    #[test]
    fn a_clock_a_day_ahead_is_used_and_proves_itself_after_a_minute() {
        let ahead = DAY + 1;
        assert_judged(&[
            ((100, Ok(ahead)), Ok(()), false, 0),
            ((100, Ok(ahead)), Ok(()), false, 0),
            ((159, Ok(ahead + 59)), Ok(()), false, 0),
            ((160, Ok(ahead + 60)), Ok(()), false, ahead + 60),
        ]);
    }

    #[test]
    fn a_reading_that_the_next_one_denies_never_counts() {
        assert_judged(&[
            ((0, Ok(300 * DAY)), Ok(()), false, 0),
            ((60, Ok(60)), Ok(()), false, 60),
            ((120, Ok(300 * DAY)), Ok(()), false, 60),
            ((200, Ok(400 * DAY)), Ok(()), false, 60),
            ((259, Ok(400 * DAY + 59)), Ok(()), false, 60),
            ((260, Ok(400 * DAY + 60)), Ok(()), false, 400 * DAY + 60),
        ]);
    }

    #[test]
    fn a_reading_agrees_within_five_minutes_and_a_64th_of_the_time() {
        for (elapsed, off, agrees) in [
            (60, 300, true),
            (60, 301, false),
            (60, -300, true),
            (60, -301, false),
            (6_400, 400, true),
            (6_400, 401, false),
            (6_400, -401, false),
        ] {
            let later = 2 * DAY + i64::try_from(elapsed).unwrap() + off;
            let mark = if agrees { later } else { 0 };
            assert_judged(&[
                ((0, Ok(2 * DAY)), Ok(()), false, 0),
                ((elapsed, Ok(later)), Ok(()), false, mark),
            ]);
        }
    }

    #[test]
    fn a_failure_between_two_readings_ahead_denies_nothing() {
        assert_judged(&[
            ((0, Ok(2 * DAY)), Ok(()), false, 0),
            (
                (30, Err(ClockFault::NoAnswer)),
                Err(ClockFault::NoAnswer),
                true,
                0,
            ),
            ((60, Ok(2 * DAY + 60)), Ok(()), false, 2 * DAY + 60),
        ]);
    }

    #[test]
    fn a_new_lock_takes_the_first_time_and_logs_the_first_failure() {
        let boot = Instant::from_ticks(0);
        let mut trust = Trust::boot(Mark::default());
        let judged = trust.judge(Err(ClockFault::Stopped), boot);
        assert_eq!(
            judged,
            Judged {
                time: Err(ClockFault::Stopped),
                lost: Some(ClockFault::Stopped)
            }
        );
        assert_eq!(trust.judge(Ok(UtcTime(DAY)), boot).time, Ok(UtcTime(DAY)));
        assert_eq!(
            trust.mark(),
            Mark {
                latest: Some(UtcTime(DAY)),
                trusted: true
            }
        );
    }

    #[test]
    fn a_loss_that_is_known_is_no_news_after_a_boot() {
        let mut trust = Trust::boot(Mark {
            latest: None,
            trusted: false,
        });
        assert_eq!(
            trust
                .judge(Err(ClockFault::Stopped), Instant::from_ticks(0))
                .lost,
            None
        );
    }

    #[test]
    fn setting_the_clock_lowers_the_mark() {
        let now = Instant::from_ticks(0);
        let mut trust = Trust::boot(Mark {
            latest: Some(UtcTime(300 * DAY)),
            trusted: true,
        });
        assert_eq!(
            trust.judge(Ok(UtcTime(DAY)), now).time,
            Err(ClockFault::Behind)
        );
        trust.set(UtcTime(DAY));
        assert_eq!(
            trust.mark(),
            Mark {
                latest: Some(UtcTime(DAY)),
                trusted: true
            }
        );
        assert_eq!(
            trust.judge(Ok(UtcTime(DAY)), now),
            Judged {
                time: Ok(UtcTime(DAY)),
                lost: None
            }
        );
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        for seconds in [i64::MIN, -1, 0, i64::MAX] {
            for mark in [i64::MIN, 0, i64::MAX] {
                let mut trust = Trust::boot(Mark {
                    latest: Some(UtcTime(mark)),
                    trusted: true,
                });
                for ticks in [u64::MAX, 0, u64::MAX] {
                    trust.judge(Ok(UtcTime(seconds)), Instant::from_ticks(ticks));
                }
                assert!(trust.mark().latest >= Some(UtcTime(mark)));
            }
        }
    }
}
