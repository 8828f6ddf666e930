//! The calendar: UTC as the clock chip keeps it, civil time as a clock on the wall shows it.

use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use crate::zone::Zone;

/// Seconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// As text it reads `2026-12-01T15:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UtcTime(pub i64);

/// What a clock on the wall beside the lock says.
pub type CivilTime = NaiveDateTime;

impl UtcTime {
    /// The moment at which a clock that keeps UTC shows `shown`.
    #[must_use]
    pub fn from_shown(shown: NaiveDateTime) -> Self {
        Self(shown.and_utc().timestamp())
    }

    /// What a clock that keeps UTC shows at this moment. Moments beyond chrono's calendar, some 262,000 years off, show
    /// its first or last second.
    #[must_use]
    pub fn shown(self) -> NaiveDateTime {
        let beyond = if self.0 < 0 {
            NaiveDateTime::MIN
        } else {
            NaiveDateTime::MAX
        };
        DateTime::from_timestamp(self.0, 0).map_or(beyond, |time| time.naive_utc())
    }

    /// This moment put off by `seconds`; at the ends of the range, the end.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this moment, negative if it came before.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for UtcTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}Z", self.shown())
    }
}

/// Not a time such as `2026-12-01T15:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotUtcTime;

impl fmt::Display for NotUtcTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a time such as 2026-12-01T15:00:00Z")
    }
}

impl core::error::Error for NotUtcTime {}

impl FromStr for UtcTime {
    type Err = NotUtcTime;

    /// Reads exactly the form that [`Display`](fmt::Display) writes, for the years 0000 to 9999.
    fn from_str(text: &str) -> Result<Self, NotUtcTime> {
        parse(text.as_bytes())
            .map(Self::from_shown)
            .ok_or(NotUtcTime)
    }
}

fn parse(text: &[u8]) -> Option<NaiveDateTime> {
    let &[
        y1,
        y2,
        y3,
        y4,
        b'-',
        m1,
        m2,
        b'-',
        d1,
        d2,
        b'T',
        h1,
        h2,
        b':',
        n1,
        n2,
        b':',
        s1,
        s2,
        b'Z',
    ] = text
    else {
        return None;
    };
    let century = i32::try_from(two_digits(y1, y2)?).ok()?;
    let year = i32::try_from(two_digits(y3, y4)?).ok()?;
    let date = NaiveDate::from_ymd_opt(
        century * 100 + year,
        two_digits(m1, m2)?,
        two_digits(d1, d2)?,
    )?;
    date.and_hms_opt(
        two_digits(h1, h2)?,
        two_digits(n1, n2)?,
        two_digits(s1, s2)?,
    )
}

fn two_digits(tens: u8, ones: u8) -> Option<u32> {
    Some(char::from(tens).to_digit(10)? * 10 + char::from(ones).to_digit(10)?)
}

/// Where a moment lies beside a window of civil time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowState {
    /// Before it, or back before its start as the clocks repeat an hour.
    TooEarly,
    /// Within it.
    Open,
    /// After it, for good.
    Ended,
}

/// Where `now` lies beside a window of civil time: its start, and its end, which is excluded.
///
/// The start counts on the wall, so an hour that the clocks skip begins when they skip it. The end comes once, the first
/// time that the wall shows it: an hour that the clocks repeat belongs to the window both times, unless the window had
/// already ended.
#[must_use]
pub fn window_state(
    (start, end): (CivilTime, CivilTime),
    now: UtcTime,
    zone: &Zone,
) -> WindowState {
    if now >= zone.utc_first(end) {
        WindowState::Ended
    } else if zone.civil(now) >= start {
        WindowState::Open
    } else {
        WindowState::TooEarly
    }
}
