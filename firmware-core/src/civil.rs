//! The calendar: UTC as the clock chip keeps it, civil time as a clock on the wall shows it.

use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime};

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
fn date(text: &[u8]) -> Option<NaiveDate> {
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
fn two_digits(tens: u8, ones: u8) -> Option<u32> {
    Some(char::from(tens).to_digit(10)? * 10 + char::from(ones).to_digit(10)?)
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::ToString;

    use proptest::prelude::*;

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
}
