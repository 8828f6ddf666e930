//! What grants are called in logs and by people, and which one a name is of.

use core::fmt::{self, Display};
use core::str::FromStr;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use crate::grant::{Grant, Stay};
use crate::pin::Variant;
use crate::window::{DailyHours, Window, WindowKind};

impl Display for Grant {
    /// A stay's window and variant: `2026-12-01T15:00/2026-12-05T11:00/0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stay(stay) => stay.fmt(f),
        }
    }
}

impl Display for Stay {
    /// Its window and variant: `2026-12-01T15:00/2026-12-05T11:00/0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.window, self.variant.get())
    }
}

impl Display for Window {
    /// `2026-12-01T15:00/2026-12-05T11:00`, or `2026-12-01/2027-01-05` for a daily one, the last day included.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            WindowKind::Hourly { .. } => {
                let (start, end) = self.bounds(DailyHours::default());
                let [start, end] = [start, end].map(|time| (time.date(), time.hour()));
                write!(
                    f,
                    "{:?}T{:02}:00/{:?}T{:02}:00",
                    start.0, start.1, end.0, end.1
                )
            }
            WindowKind::Daily { first, last } => write!(f, "{first:?}/{last:?}"),
        }
    }
}

/// A text that names no grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAGrant;

impl Display for NotAGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a grant such as 2026-12-01T15:00/2026-12-05T11:00/0")
    }
}

impl core::error::Error for NotAGrant {}

impl FromStr for Grant {
    type Err = NotAGrant;

    /// Reads exactly the form that [`Display`] writes.
    fn from_str(text: &str) -> Result<Self, NotAGrant> {
        stay(text).map(Self::Stay).ok_or(NotAGrant)
    }
}

fn stay(text: &str) -> Option<Stay> {
    let (window, variant) = text.rsplit_once('/')?;
    let variant = match variant.as_bytes() {
        [digit @ b'0'..=b'9'] => Variant::new(digit - b'0')?,
        _ => return None,
    };
    let window = self::window(window)?;
    Some(Stay { window, variant })
}

fn window(text: &str) -> Option<Window> {
    let (start, end) = text.split_once('/')?;
    if let (Some(start), Some(end)) = (hour(start), hour(end)) {
        let hours = (end - start).num_hours();
        return Window::hourly(start, hours.try_into().ok()?).ok();
    }
    let first = date(start)?;
    let days = (date(end)? - first).num_days();
    Window::daily(first, days.try_into().ok()?).ok()
}

/// Reads `2026-12-01T15:00`.
fn hour(text: &str) -> Option<NaiveDateTime> {
    let (day, time) = text.split_once('T')?;
    let hour = decimal(time.strip_suffix(":00")?, 2)?;
    Some(date(day)?.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?))
}

/// Reads `2026-12-01`.
fn date(text: &str) -> Option<NaiveDate> {
    let (year, day) = text.split_once('-')?;
    let (month, day) = day.split_once('-')?;
    let year = decimal(year, 4)?.try_into().ok()?;
    NaiveDate::from_ymd_opt(year, decimal(month, 2)?, decimal(day, 2)?)
}

/// A number of so many decimal digits.
fn decimal(text: &str, digits: usize) -> Option<u32> {
    let all_digits = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| text.parse().ok()).flatten()
}
