//! Windows: when a SmartPIN opens.

use core::fmt;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta, Timelike};

/// When the numbering begins: 2020-01-01T00:00 civil.
pub const EPOCH: NaiveDate = match NaiveDate::from_ymd_opt(2020, 1, 1) {
    Some(date) => date,
    None => NaiveDate::MIN,
};

const SHORTEST_HOURS: u16 = 24;
const LONGEST_HOURS: u16 = 768;
/// One more than the longest, less the shortest.
const HOURLY_LENGTHS: u32 = 745;
const HOURLY_STARTS: u32 = 1 << 20;
const SHORTEST_DAYS: u16 = 32;
const LONGEST_DAYS: u16 = 365;
const DAILY_LENGTHS: u32 = 334;
const DAILY_STARTS: u32 = 43_690;
const HOURLY_WINDOWS: u32 = HOURLY_STARTS * HOURLY_LENGTHS;

/// How many windows there are.
pub const WINDOWS: u32 = HOURLY_WINDOWS + DAILY_STARTS * DAILY_LENGTHS;

const _: () = {
    assert!(HOURLY_WINDOWS == 781_189_120 && WINDOWS == 795_781_580);
    assert!(HOURLY_LENGTHS == (LONGEST_HOURS - SHORTEST_HOURS + 1) as u32);
    assert!(DAILY_LENGTHS == (LONGEST_DAYS - SHORTEST_DAYS + 1) as u32);
};

/// A stay: hourly, 24 to 768 hours from an hour on; or daily, from one day to another 32 to 365 days later.
///
/// Times are civil where the lock hangs. Only windows that have a PIN can exist.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window(u32);

/// The two kinds of windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowKind {
    /// Starts and ends on the hour.
    Hourly {
        /// On the hour.
        start: NaiveDateTime,
        /// 24 to 768.
        hours: u16,
    },
    /// Starts and ends at hours of the day that the lock is set to.
    Daily {
        /// The first day.
        first: NaiveDate,
        /// The last day, 32 to 365 days later.
        last: NaiveDate,
    },
}

/// The hours at which daily windows begin and end; 8 and 20 unless the lock is set otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyHours {
    start: u8,
    end: u8,
}

impl DailyHours {
    /// None unless both are 0 to 23.
    #[must_use]
    pub const fn new(start: u8, end: u8) -> Option<Self> {
        if start < 24 && end < 24 {
            Some(Self { start, end })
        } else {
            None
        }
    }

    /// When access begins on the first day.
    #[must_use]
    pub const fn start(self) -> u8 {
        self.start
    }

    /// When access ends on the last day.
    #[must_use]
    pub const fn end(self) -> u8 {
        self.end
    }
}

impl Default for DailyHours {
    fn default() -> Self {
        Self { start: 8, end: 20 }
    }
}

/// Which limit a wished window breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WindowError {
    /// Fewer than 24 hours, or an end that is not after the start.
    TooShort {
        /// The hours asked for.
        hours: i64,
    },
    /// More than 768 hours in an hourly window.
    TooManyHours {
        /// The hours asked for.
        hours: i64,
    },
    /// Fewer than 32 days from the first to the last.
    TooFewDays {
        /// The days asked for.
        days: i64,
    },
    /// More than 365 days from the first to the last.
    TooLong {
        /// The days asked for.
        days: i64,
    },
    /// The start has minutes or seconds.
    StartOffTheHour,
    /// The end has minutes or seconds.
    EndOffTheHour,
    /// Begins before 2020-01-01T00:00.
    TooEarly,
    /// Begins after 2139-08-15T15:00, or on a day after 2139-08-14 if daily.
    TooLate,
}

impl fmt::Display for WindowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { hours: ..0 } => f.write_str("too short: it ends before it begins"),
            Self::TooShort { hours } => {
                let unit = if *hours == 1 { "hour" } else { "hours" };
                write!(f, "too short: {hours} {unit}, where 24 is the least")
            }
            Self::TooManyHours { hours } => {
                write!(f, "too long: {hours} hours, where 768 is the most")
            }
            Self::TooFewDays { days } => {
                write!(
                    f,
                    "too short: the last day is {days} days after the first, where 32 is the least"
                )
            }
            Self::TooLong { days } => {
                write!(
                    f,
                    "too long: the last day is {days} days after the first, where 365 is the most"
                )
            }
            Self::StartOffTheHour => {
                f.write_str("not on the hour: the start has minutes or seconds")
            }
            Self::EndOffTheHour => f.write_str("not on the hour: the end has minutes or seconds"),
            Self::TooEarly => f.write_str("too early: no window begins before 2020-01-01T00:00"),
            Self::TooLate => f.write_str(
                "too late: no hourly window begins after 2139-08-15T15:00, and no daily one after 2139-08-14",
            ),
        }
    }
}

impl core::error::Error for WindowError {}

impl Window {
    /// The window with the lowest number: 24 hours from 2020-01-01T00:00.
    pub const FIRST: Self = Self(0);

    /// From `start`, on the hour, for 24 to 768 `hours`.
    pub fn hourly(start: NaiveDateTime, hours: u16) -> Result<Self, WindowError> {
        if !is_on_the_hour(start) {
            return Err(WindowError::StartOffTheHour);
        }
        if hours < SHORTEST_HOURS {
            return Err(WindowError::TooShort {
                hours: hours.into(),
            });
        }
        if hours > LONGEST_HOURS {
            return Err(WindowError::TooManyHours {
                hours: hours.into(),
            });
        }
        let offset = (start - EPOCH.and_time(chrono::NaiveTime::MIN)).num_hours();
        let offset = starts_before(offset, HOURLY_STARTS)?;
        Ok(Self(
            offset * HOURLY_LENGTHS + u32::from(hours - SHORTEST_HOURS),
        ))
    }

    /// From the day `first` to the one 32 to 365 `days` later.
    pub fn daily(first: NaiveDate, days: u16) -> Result<Self, WindowError> {
        if days < SHORTEST_DAYS {
            return Err(WindowError::TooFewDays { days: days.into() });
        }
        if days > LONGEST_DAYS {
            return Err(WindowError::TooLong { days: days.into() });
        }
        let offset = starts_before((first - EPOCH).num_days(), DAILY_STARTS)?;
        Ok(Self(
            HOURLY_WINDOWS + offset * DAILY_LENGTHS + u32::from(days - SHORTEST_DAYS),
        ))
    }

    /// The window that an issuer gives for a stay: hourly up to 768 hours, and beyond that daily from the day of `start`
    /// to that of `end`, which can be wider or narrower than what was asked. Show [`Window::bounds`] to whoever asked.
    ///
    /// # Errors
    /// Nothing is rounded silently: a stay off the hour, too short, too long or out of range is refused.
    pub fn for_request(start: NaiveDateTime, end: NaiveDateTime) -> Result<Self, WindowError> {
        if !is_on_the_hour(start) {
            return Err(WindowError::StartOffTheHour);
        }
        if !is_on_the_hour(end) {
            return Err(WindowError::EndOffTheHour);
        }
        let hours = (end - start).num_hours();
        if hours < i64::from(SHORTEST_HOURS) {
            return Err(WindowError::TooShort { hours });
        }
        if hours <= i64::from(LONGEST_HOURS) {
            return Self::hourly(start, u16::try_from(hours).unwrap_or(u16::MAX));
        }
        let days = (end.date() - start.date()).num_days();
        let days = u16::try_from(days).map_err(|_| WindowError::TooLong { days })?;
        Self::daily(start.date(), days)
    }

    /// The window's number w, below [`WINDOWS`].
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The window of a number; none from [`WINDOWS`] on.
    #[must_use]
    pub const fn from_number(number: u32) -> Option<Self> {
        if number < WINDOWS {
            Some(Self(number))
        } else {
            None
        }
    }

    /// The window of a number that is known to be below [`WINDOWS`].
    pub(crate) const fn numbered(number: u32) -> Self {
        Self(number)
    }

    /// What the window is made of.
    #[must_use]
    pub fn kind(self) -> WindowKind {
        match self.0.checked_sub(HOURLY_WINDOWS) {
            None => WindowKind::Hourly {
                start: EPOCH.and_time(chrono::NaiveTime::MIN)
                    + TimeDelta::hours((self.0 / HOURLY_LENGTHS).into()),
                hours: (self.0 % HOURLY_LENGTHS) as u16 + SHORTEST_HOURS,
            },
            Some(daily) => {
                let first = EPOCH + TimeDelta::days((daily / DAILY_LENGTHS).into());
                let days = (daily % DAILY_LENGTHS) as u16 + SHORTEST_DAYS;
                WindowKind::Daily {
                    first,
                    last: first + TimeDelta::days(days.into()),
                }
            }
        }
    }

    /// When access begins, and when it is over (that second excluded), in civil time.
    #[must_use]
    pub fn bounds(self, daily: DailyHours) -> (NaiveDateTime, NaiveDateTime) {
        match self.kind() {
            WindowKind::Hourly { start, hours } => (start, start + TimeDelta::hours(hours.into())),
            WindowKind::Daily { first, last } => (at(first, daily.start), at(last, daily.end)),
        }
    }

    /// An hourly window's hours divided by 24, rounded up, or a daily one's days from the first to the last.
    #[must_use]
    pub const fn length_days(self) -> u16 {
        match self.0.checked_sub(HOURLY_WINDOWS) {
            None => ((self.0 % HOURLY_LENGTHS) as u16 + SHORTEST_HOURS).div_ceil(24),
            Some(daily) => (daily % DAILY_LENGTHS) as u16 + SHORTEST_DAYS,
        }
    }
}

impl fmt::Debug for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            WindowKind::Hourly { start, hours } => write!(f, "Window({start} for {hours} h)"),
            WindowKind::Daily { first, last } => write!(f, "Window({first} to {last})"),
        }
    }
}

fn is_on_the_hour(time: NaiveDateTime) -> bool {
    time.minute() == 0 && time.second() == 0 && time.nanosecond() == 0
}

fn at(date: NaiveDate, hour: u8) -> NaiveDateTime {
    date.and_time(chrono::NaiveTime::MIN) + TimeDelta::hours(hour.into())
}

fn starts_before(offset: i64, starts: u32) -> Result<u32, WindowError> {
    if offset < 0 {
        return Err(WindowError::TooEarly);
    }
    u32::try_from(offset)
        .ok()
        .filter(|offset| *offset < starts)
        .ok_or(WindowError::TooLate)
}
