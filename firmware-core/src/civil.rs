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
    let (day, time) = text.split_first_chunk::<10>()?;
    let &[b'T', h1, h2, b':', n1, n2, b':', s1, s2, b'Z'] = time else {
        return None;
    };
    date(day)?.and_hms_opt(
        two_digits(h1, h2)?,
        two_digits(n1, n2)?,
        two_digits(s1, s2)?,
    )
}

/// Reads `2026-12-01`, for the years 0000 to 9999.
pub(crate) fn date(text: &[u8]) -> Option<NaiveDate> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else {
        return None;
    };
    let century = i32::try_from(two_digits(y1, y2)?).ok()?;
    let year = i32::try_from(two_digits(y3, y4)?).ok()?;
    NaiveDate::from_ymd_opt(
        century * 100 + year,
        two_digits(m1, m2)?,
        two_digits(d1, d2)?,
    )
}

/// The number of these two decimal digits.
pub(crate) fn two_digits(tens: u8, ones: u8) -> Option<u32> {
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
    // Both, before either is looked at: how long it takes tells nothing of where `now` lies.
    let (end, civil) = (zone.utc_first(end), zone.civil(now));
    if now >= end {
        WindowState::Ended
    } else if civil >= start {
        WindowState::Open
    } else {
        WindowState::TooEarly
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::ToString;

    use proptest::prelude::*;

    use super::WindowState::{Ended, Open, TooEarly};
    use super::*;

    #[test]
    fn times_are_read() {
        let table = [
            ("1970-01-01T00:00:00Z", Ok(0)),
            ("2026-12-01T15:00:00Z", Ok(1_796_137_200)),
            ("2028-02-29T23:59:59Z", Ok(1_835_481_599)),
            ("2026-02-29T00:00:00Z", Err(NotUtcTime)),
            ("2026-12-01T24:00:00Z", Err(NotUtcTime)),
            ("2026-12-01T15:00:60Z", Err(NotUtcTime)),
            ("2026-12-01T15:00:00", Err(NotUtcTime)),
            ("2026-12-01T15:00:00z", Err(NotUtcTime)),
            ("2026-12-01T15:00Z", Err(NotUtcTime)),
            ("2026-12-01 15:00:00Z", Err(NotUtcTime)),
            ("2026-12-01T15:00:00+00:00", Err(NotUtcTime)),
            ("+026-12-01T15:00:00Z", Err(NotUtcTime)),
            ("2026-12-01T15:00:00Z ", Err(NotUtcTime)),
            ("", Err(NotUtcTime)),
        ];
        for (text, expected) in table {
            assert_eq!(text.parse(), expected.map(UtcTime), "{text}");
        }
    }

    proptest! {
        #[test]
        fn times_are_written_as_they_are_read(seconds in -62_167_219_200..253_402_300_800_i64) {
            let time = UtcTime(seconds);
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }
    }

    const DENVER: &str = "MST7MDT,M3.2.0,M11.1.0";
    /// Newfoundland's rule until 2011: at 0:01 the clocks go back to 23:01 of the day before.
    const OLD_ST_JOHNS: &str = "NST3:30NDT,M3.2.0/0:01,M11.1.0/0:01";

    /// What becomes of a window by `rule`, moment by moment.
    fn assert_states(rule: &str, window: &str, states: &[(&str, WindowState)]) {
        let (start, end) = window.split_once('/').unwrap();
        let bounds = (on_the_hour(start), on_the_hour(end));
        let zone = rule.parse().unwrap();
        for (now, expected) in states {
            let state = window_state(bounds, now.parse().unwrap(), &zone);
            assert_eq!(state, *expected, "{window} by {rule} at {now}");
        }
    }

    fn on_the_hour(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(&(text.to_string() + ":00"), "%Y-%m-%dT%H:%M").unwrap()
    }

    #[test]
    fn a_window_opens_and_ends_on_the_hour() {
        let states = [
            ("2026-12-01T14:59:59Z", TooEarly),
            ("2026-12-01T15:00:00Z", Open),
            ("2026-12-05T10:59:59Z", Open),
            ("2026-12-05T11:00:00Z", Ended),
        ];
        assert_states("UTC0", "2026-12-01T15/2026-12-05T11", &states);
    }

    #[test]
    fn an_hour_that_the_clocks_skip_begins_when_they_skip_it() {
        let begins = [
            ("2026-03-08T08:59:59Z", TooEarly),
            ("2026-03-08T09:00:00Z", Open),
        ];
        assert_states(DENVER, "2026-03-08T02/2026-03-10T02", &begins);
        let ends = [
            ("2026-03-08T08:59:59Z", Open),
            ("2026-03-08T09:00:00Z", Ended),
        ];
        assert_states(DENVER, "2026-03-07T02/2026-03-08T02", &ends);
    }

    #[test]
    fn an_hour_that_the_clocks_repeat_belongs_to_the_window_both_times() {
        let begins_with_it = [
            ("2026-11-01T06:59:59Z", TooEarly),
            ("2026-11-01T07:00:00Z", Open),
            ("2026-11-01T08:30:00Z", Open),
        ];
        assert_states(DENVER, "2026-11-01T01/2026-11-02T01", &begins_with_it);
        let begins_after_it = [
            ("2026-11-01T07:59:59Z", TooEarly),
            ("2026-11-01T08:59:59Z", TooEarly),
            ("2026-11-01T09:00:00Z", Open),
        ];
        assert_states(DENVER, "2026-11-01T02/2026-11-02T02", &begins_after_it);
        let ends_with_it = [
            ("2026-11-01T08:59:59Z", Open),
            ("2026-11-01T09:00:00Z", Ended),
        ];
        assert_states(DENVER, "2026-10-31T02/2026-11-01T02", &ends_with_it);
    }

    #[test]
    fn a_window_that_had_ended_stays_so() {
        let ends_before_the_hour = [
            ("2026-11-01T06:59:59Z", Open),
            ("2026-11-01T07:00:00Z", Ended),
            ("2026-11-01T08:00:00Z", Ended),
        ];
        assert_states(DENVER, "2026-10-31T01/2026-11-01T01", &ends_before_the_hour);
        let ends_within_the_hour = [
            ("2026-11-01T02:29:59Z", Open),
            ("2026-11-01T02:30:00Z", Ended),
            ("2026-11-01T02:31:00Z", Ended),
            ("2026-11-01T03:29:59Z", Ended),
        ];
        assert_states(
            OLD_ST_JOHNS,
            "2026-10-31T00/2026-11-01T00",
            &ends_within_the_hour,
        );
    }

    /// Comparing civil times gives nothing else: the wall is back before the start.
    #[test]
    fn a_window_that_had_begun_for_a_minute_begins_again() {
        let states = [
            ("2026-11-01T02:30:00Z", Open),
            ("2026-11-01T02:31:00Z", TooEarly),
            ("2026-11-01T03:30:00Z", Open),
        ];
        assert_states(OLD_ST_JOHNS, "2026-11-01T00/2026-11-02T00", &states);
    }
}
