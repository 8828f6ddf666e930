//! Where the lock hangs: a POSIX TZ rule, daylight saving included.
//!
//! The text is parsed by `jiff-core`. What follows from a rule is worked out here, in UTC and across the turn of the
//! year, where a rule's two changes of one calendar year are not enough.

use core::fmt;
use core::str::FromStr;

use chrono::{Datelike, Days, NaiveDate, TimeDelta, Weekday};
use heapless::String;
use jiff_core::tz::posix;

use crate::civil::{CivilTime, UtcTime};

/// The longest rule that a lock keeps, in bytes. IANA's longest has 45.
pub const LONGEST: usize = 63;

/// A POSIX TZ rule (IEEE Std 1003.1, 8.3) with the hours of RFC 9636, 3.3.2: -167 to 167. It knows no history: it holds
/// for every year.
///
/// Where the ends of a rule's daylight times lie beyond the next one's start, it is daylight time all year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    text: String<LONGEST>,
    /// Seconds that standard time is ahead of UTC.
    standard: i32,
    daylight: Option<Daylight>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Daylight {
    /// Seconds that daylight time is ahead of UTC; it may be less than standard time's.
    offset: i32,
    rule: posix::Rule,
}

/// A span of daylight time, its end excluded.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: UtcTime,
    end: UtcTime,
}

impl Default for Zone {
    /// UTC, as `UTC0`.
    fn default() -> Self {
        let mut text = String::new();
        // "UTC0" fits.
        text.push_str("UTC0").unwrap_or_default();
        Self {
            text,
            standard: 0,
            daylight: None,
        }
    }
}

impl Zone {
    /// The rule as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What a clock on the wall shows at `utc`.
    #[must_use]
    pub fn civil(&self, utc: UtcTime) -> CivilTime {
        utc.plus(i64::from(self.offset(utc))).shown()
    }

    /// When a clock on the wall shows `civil`: the first time, where it does so twice; where it never does, the moment
    /// at which it skips it.
    #[must_use]
    pub fn utc_first(&self, civil: CivilTime) -> UtcTime {
        self.utc_exact(civil).unwrap_or_else(|| self.skips(civil))
    }

    /// When a clock on the wall shows `civil`: the first time, where it does so twice; none where it never does.
    #[must_use]
    pub fn utc_exact(&self, civil: CivilTime) -> Option<UtcTime> {
        let [earlier, later] = self.readings(civil);
        [earlier, later]
            .into_iter()
            .find(|utc| self.civil(*utc) == civil)
    }

    /// The moments at which `civil` would show under either offset, the earlier first.
    fn readings(&self, civil: CivilTime) -> [UtcTime; 2] {
        let daylight = self
            .daylight
            .map_or(self.standard, |daylight| daylight.offset);
        let utc = UtcTime::from_shown(civil);
        [self.standard.max(daylight), self.standard.min(daylight)]
            .map(|offset| utc.plus(-i64::from(offset)))
    }

    /// The change that skips `civil`: the only one between the two moments at which it would have shown.
    fn skips(&self, civil: CivilTime) -> UtcTime {
        let [earlier, later] = self.readings(civil);
        self.spans(earlier)
            .flat_map(|span| [span.start, span.end])
            .filter(|change| *change > earlier && *change <= later)
            .min()
            .unwrap_or(later)
    }

    fn offset(&self, utc: UtcTime) -> i32 {
        match self.daylight {
            Some(daylight)
                if self
                    .spans(utc)
                    .any(|span| span.start <= utc && utc < span.end) =>
            {
                daylight.offset
            }
            _ => self.standard,
        }
    }

    /// The spans of daylight time that can touch the year of `utc` in any time zone. A change lies within nine days of its
    /// calendar year, and a span ends in the year in which it began or the one after.
    fn spans(&self, utc: UtcTime) -> impl Iterator<Item = Span> {
        let year = utc.shown().year();
        let standard = self.standard;
        self.daylight.into_iter().flat_map(move |daylight| {
            (-2..=1).filter_map(move |back| daylight.span(year.checked_add(back)?, standard))
        })
    }
}

impl Daylight {
    /// The span that begins by the rule of `year`.
    fn span(&self, year: i32, standard: i32) -> Option<Span> {
        let start = change(self.rule.start, year, standard)?;
        let end = change(self.rule.end, year, self.offset)?;
        if start <= end {
            return Some(Span { start, end });
        }
        let end = change(self.rule.end, year.checked_add(1)?, self.offset)?;
        Some(Span { start, end })
    }
}

/// When the clocks, `offset` ahead of UTC until then, change in `year`.
fn change(when: posix::DayTime, year: i32, offset: i32) -> Option<UtcTime> {
    let midnight = day(when.date, year)?.and_hms_opt(0, 0, 0)?;
    let seconds = i64::from(when.time.second).checked_sub(i64::from(offset))?;
    Some(UtcTime::from_shown(
        midnight.checked_add_signed(TimeDelta::try_seconds(seconds)?)?,
    ))
}

/// The day of a rule in `year`. Day 365 counted from zero is the next 1 January in a year of 365 days.
fn day(day: posix::Day, year: i32) -> Option<NaiveDate> {
    let first = NaiveDate::from_yo_opt(year, 1)?;
    match day {
        posix::Day::JulianOne(number) => {
            let leap_day = u64::from(first.leap_year() && number >= 60);
            first.checked_add_days(Days::new(
                u64::try_from(number).ok()?.checked_sub(1)? + leap_day,
            ))
        }
        posix::Day::JulianZero(number) => {
            first.checked_add_days(Days::new(u64::try_from(number).ok()?))
        }
        posix::Day::WeekdayOfMonth {
            month,
            week,
            weekday,
        } => {
            let month = u32::try_from(month).ok()?;
            let weekday =
                Weekday::try_from(u8::try_from(weekday.to_monday_zero_offset()).ok()?).ok()?;
            let nth = |week| NaiveDate::from_weekday_of_month_opt(year, month, weekday, week);
            let week = u8::try_from(week).ok()?;
            // Week 5 is the last, be it the fourth.
            nth(week).or_else(|| nth(week.checked_sub(1)?))
        }
    }
}

/// Why a text is no rule for the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneError(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    TooLong,
    NotARule(posix::ParseError),
}

impl fmt::Display for ZoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::TooLong => write!(f, "too long: at most {LONGEST} bytes"),
            Kind::NotARule(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for ZoneError {}

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, ZoneError> {
        let kept = String::try_from(text).map_err(|_| ZoneError(Kind::TooLong))?;
        let rule =
            posix::TimeZone::parse(text).map_err(|error| ZoneError(Kind::NotARule(error)))?;
        let daylight = rule.dst.map(|dst| Daylight {
            offset: dst.offset.seconds(),
            rule: dst.rule,
        });
        Ok(Self {
            text: kept,
            standard: rule.std_offset.seconds(),
            daylight,
        })
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
