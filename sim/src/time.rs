//! Virtual time: integer microseconds since a world began. It passes only by jumping to the next event.

use std::fmt::{self, Display};
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A moment, in microseconds since the world began. 64 bits last for half a million years.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Time(u64);

impl Time {
    /// The moment at which a world begins.
    pub const START: Self = Self(0);

    /// So many microseconds after the start.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// So many milliseconds after the start.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis * 1_000)
    }

    /// In microseconds since the start.
    #[must_use]
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// The true time at this moment in a world that began at `start`.
    #[must_use]
    pub fn utc(self, start: Timestamp) -> Timestamp {
        let micros = i64::try_from(self.0).unwrap_or(i64::MAX);
        let sum = start.as_microsecond().saturating_add(micros);
        Timestamp::from_microsecond(sum).unwrap_or(Timestamp::MAX)
    }

    /// How long ago `earlier` was; nothing if it is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

/// A part of a microsecond counts as none.
impl Add<Duration> for Time {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        Self(
            self.0
                .saturating_add(u64::try_from(span.as_micros()).unwrap_or(u64::MAX)),
        )
    }
}

impl Sub for Time {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        self.since(earlier)
    }
}

/// As seconds with six decimals.
impl Display for Time {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}.{:06}",
            self.0 / 1_000_000,
            self.0 % 1_000_000
        )
    }
}

/// The earliest of some deadlines, if there is any.
pub fn earliest(deadlines: impl IntoIterator<Item = Option<Time>>) -> Option<Time> {
    deadlines.into_iter().flatten().min()
}

/// A span of time as files have it: `90s`, `1h 30m`, `3d`, `200ms`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("pattern" = r"^\s*([0-9]+(d|h|m|s|ms|us)\s*)+$"), example = "1h 30m")]
pub struct Lapse(u64);

const UNITS: [(&str, u64); 6] = [
    ("d", 86_400_000_000),
    ("h", 3_600_000_000),
    ("m", 60_000_000),
    ("s", 1_000_000),
    ("ms", 1_000),
    ("us", 1),
];

/// Two centuries: the clock chip counts no further, and sums of a few stay far from the end of 64 bits.
const LONGEST: u64 = 200 * 365 * 86_400_000_000;

impl Lapse {
    /// So many microseconds.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// In microseconds.
    #[must_use]
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// As what [`Time`] can be moved by.
    #[must_use]
    pub const fn duration(self) -> Duration {
        Duration::from_micros(self.0)
    }
}

/// Why a text is no span of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoLapse {
    /// It doesn't read like one.
    Malformed(String),
    /// It is longer than 200 years.
    TooLong(String),
}

impl Display for NoLapse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(text) => {
                write!(
                    formatter,
                    "`{text}` is no duration, expected one like 90s, 1h 30m, 3d, 200ms"
                )
            }
            Self::TooLong(text) => write!(formatter, "`{text}` is longer than 200 years"),
        }
    }
}

impl std::error::Error for NoLapse {}

impl FromStr for Lapse {
    type Err = NoLapse;

    fn from_str(text: &str) -> Result<Self, NoLapse> {
        let malformed = || NoLapse::Malformed(text.to_owned());
        let mut rest = text.trim();
        if rest.is_empty() {
            return Err(malformed());
        }
        let mut sum: u64 = 0;
        while !rest.is_empty() {
            let (size, tail) = leading_part(rest).ok_or_else(malformed)?;
            sum = size
                .and_then(|size| sum.checked_add(size))
                .filter(|sum| *sum <= LONGEST)
                .ok_or_else(|| NoLapse::TooLong(text.to_owned()))?;
            rest = tail.trim_start();
        }
        Ok(Self(sum))
    }
}

/// The microseconds of a number with its unit, none where they outgrow 64 bits, and what follows.
fn leading_part(text: &str) -> Option<(Option<u64>, &str)> {
    let (number, tail) = text.split_at(text.find(|letter: char| !letter.is_ascii_digit())?);
    let (unit, tail) = tail.split_at(
        tail.find(|letter: char| !letter.is_ascii_alphabetic())
            .unwrap_or(tail.len()),
    );
    let (_, size) = UNITS.iter().find(|(name, _)| *name == unit)?;
    if number.is_empty() {
        return None;
    }
    Some((
        number
            .parse()
            .ok()
            .and_then(|number: u64| number.checked_mul(*size)),
        tail,
    ))
}

impl Display for Lapse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return formatter.write_str("0s");
        }
        let mut rest = self.0;
        let mut gap = "";
        for (unit, size) in UNITS {
            if rest >= size {
                write!(formatter, "{gap}{}{unit}", rest / size)?;
                gap = " ";
            }
            rest %= size;
        }
        Ok(())
    }
}

impl TryFrom<String> for Lapse {
    type Error = NoLapse;

    fn try_from(text: String) -> Result<Self, NoLapse> {
        text.parse()
    }
}

impl From<Lapse> for String {
    fn from(lapse: Lapse) -> Self {
        lapse.to_string()
    }
}

/// A span of time forwards or, with a minus sign, back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("pattern" = r"^[+-]?\s*([0-9]+(d|h|m|s|ms|us)\s*)+$"), example = "-10m")]
pub struct Shift(i64);

impl Shift {
    /// So many microseconds, below zero for back.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// In microseconds, below zero for back.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }
}

impl FromStr for Shift {
    type Err = NoLapse;

    fn from_str(text: &str) -> Result<Self, NoLapse> {
        let text = text.trim();
        let (back, bare) = match text.strip_prefix('-') {
            Some(bare) => (true, bare),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let lapse: Lapse = bare.parse()?;
        let micros =
            i64::try_from(lapse.micros()).map_err(|_| NoLapse::TooLong(text.to_owned()))?;
        Ok(Self(if back { -micros } else { micros }))
    }
}

impl Display for Shift {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(
            formatter,
            "{sign}{}",
            Lapse::from_micros(self.0.unsigned_abs())
        )
    }
}

impl TryFrom<String> for Shift {
    type Error = NoLapse;

    fn try_from(text: String) -> Result<Self, NoLapse> {
        text.parse()
    }
}

impl From<Shift> for String {
    fn from(shift: Shift) -> Self {
        shift.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_as_they_are_written() {
        for (text, micros) in [
            ("90s", 90_000_000),
            ("1h 30m", 5_400_000_000),
            ("200ms", 200_000),
            (" 0s ", 0),
        ] {
            assert_eq!(
                text.parse::<Lapse>().map(Lapse::micros),
                Ok(micros),
                "{text}"
            );
        }
        assert_eq!(
            "90s".parse::<Lapse>().map(|lapse| lapse.to_string()),
            Ok("1m 30s".to_owned())
        );
        assert_eq!("-10m".parse::<Shift>().map(Shift::micros), Ok(-600_000_000));
        assert_eq!(Shift(-600_000_000).to_string(), "-10m");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "5", "s", "5 s", "-1s", "1.5s", "1y", "1s,", "--1s"] {
            assert!(
                matches!(text.parse::<Lapse>(), Err(NoLapse::Malformed(_))),
                "{text}"
            );
        }
        for text in ["99999d", "99999999999999999999999s", "99999999999999999d"] {
            assert!(
                matches!(text.parse::<Lapse>(), Err(NoLapse::TooLong(_))),
                "{text}"
            );
        }
        assert!("--1s".parse::<Shift>().is_err());
    }

    #[test]
    fn time_does_not_wrap() {
        assert_eq!(Time::START.since(Time::from_millis(1)), Duration::ZERO);
        assert_eq!(
            Time::from_micros(u64::MAX) + Duration::from_secs(1),
            Time::from_micros(u64::MAX)
        );
        assert_eq!(Time::from_micros(1_500_001).to_string(), "1.500001");
    }
}
