//! Durations and times as a scenario writes them.

use std::fmt::{self, Display};
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::temporal::{DateTimeParser, PiecesOffset};

use super::text::text_value;

/// A span of time: `90s`, `1h 30m`, `3d`, `200ms`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lapse {
    micros: u64,
}

const UNITS: [(&str, u64); 6] = [
    ("d", 86_400_000_000),
    ("h", 3_600_000_000),
    ("m", 60_000_000),
    ("s", 1_000_000),
    ("ms", 1_000),
    ("us", 1),
];

/// Two centuries: more than any lock lives, and sums of a few stay far from the end of 64 bits.
const LONGEST: u64 = 200 * 365 * 86_400_000_000;

impl Lapse {
    /// So many microseconds.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self { micros }
    }

    /// In microseconds.
    #[must_use]
    pub const fn micros(self) -> u64 {
        self.micros
    }
}

impl FromStr for Lapse {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no duration, expected one like 90s, 1h 30m, 3d, 200ms");
        let mut rest = text.trim();
        let mut micros: u64 = 0;
        if rest.is_empty() {
            return Err(wrong());
        }
        while !rest.is_empty() {
            let digits = rest
                .find(|letter: char| !letter.is_ascii_digit())
                .ok_or_else(wrong)?;
            let (number, tail) = rest.split_at(digits);
            let letters = tail
                .find(|letter: char| !letter.is_ascii_alphabetic())
                .unwrap_or(tail.len());
            let (unit, tail) = tail.split_at(letters);
            let size = UNITS
                .iter()
                .find(|(name, _)| *name == unit)
                .ok_or_else(wrong)?
                .1;
            let part = number
                .parse::<u64>()
                .ok()
                .and_then(|number| number.checked_mul(size))
                .ok_or_else(wrong)?;
            micros = micros
                .checked_add(part)
                .filter(|sum| *sum <= LONGEST)
                .ok_or_else(|| format!("`{text}` is longer than 200 years"))?;
            rest = tail.trim_start();
        }
        Ok(Self { micros })
    }
}

impl Display for Lapse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.micros == 0 {
            return formatter.write_str("0s");
        }
        let mut rest = self.micros;
        let mut gap = "";
        for (unit, size) in UNITS {
            let (whole, left) = (rest / size, rest % size);
            rest = left;
            if whole > 0 {
                write!(formatter, "{gap}{whole}{unit}")?;
                gap = " ";
            }
        }
        Ok(())
    }
}

text_value!(
    Lapse,
    "a duration such as 90s, 1h 30m, 3d or 200ms",
    r"^\s*([0-9]+(us|ms|s|m|h|d)\s*)+$"
);

/// A span of time forwards or, with a minus sign, back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    micros: i64,
}

impl Shift {
    /// In microseconds.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.micros
    }
}

impl FromStr for Shift {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bare = text.trim_start_matches(['+', '-']);
        let micros =
            i64::try_from(bare.parse::<Lapse>()?.micros()).map_err(|error| error.to_string())?;
        Ok(Self {
            micros: if text.starts_with('-') {
                -micros
            } else {
                micros
            },
        })
    }
}

impl Display for Shift {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.micros < 0 { "-" } else { "" };
        write!(
            formatter,
            "{sign}{}",
            Lapse::from_micros(self.micros.unsigned_abs())
        )
    }
}

text_value!(
    Shift,
    "a duration such as 10m, or -10m for back",
    r"^[+-]?\s*([0-9]+(us|ms|s|m|h|d)\s*)+$"
);

/// A point in time: civil where the lock hangs, or exact by an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// What clocks on the wall show.
    Civil(DateTime),
    /// `2026-11-01T01:30-07:00`
    Exact(Timestamp),
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |why: &dyn Display| {
            format!("`{text}` is no time ({why}), expected one like 2026-12-01T15:00")
        };
        let pieces = DateTimeParser::new()
            .parse_pieces(text)
            .map_err(|error| wrong(&reason(&error)))?;
        if pieces.time_zone_annotation().is_some() {
            return Err(wrong(&"a zone's name has no place here, an offset has"));
        }
        let time = pieces.time().ok_or_else(|| wrong(&"the hour is missing"))?;
        let civil = pieces.date().to_datetime(time);
        match pieces.offset() {
            None => Ok(Self::Civil(civil)),
            Some(PiecesOffset::Numeric(offset)) => {
                exact(civil, offset.offset()).ok_or_else(|| wrong(&"out of range"))
            }
            Some(_) => exact(civil, jiff::tz::Offset::UTC).ok_or_else(|| wrong(&"out of range")),
        }
    }
}

fn exact(civil: DateTime, offset: jiff::tz::Offset) -> Option<Moment> {
    offset.to_timestamp(civil).ok().map(Moment::Exact)
}

/// The last clause of a chain of errors is the one that names the wrong part.
fn reason(error: &jiff::Error) -> String {
    let text = error.to_string();
    text.rsplit(": ").next().unwrap_or(&text).to_owned()
}

impl Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Civil(civil) => Display::fmt(civil, formatter),
            Self::Exact(stamp) => Display::fmt(stamp, formatter),
        }
    }
}

text_value!(
    Moment,
    "a civil time such as 2026-12-01T15:00, or an exact one with its offset such as 2026-11-01T01:30-07:00",
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$"
);

/// When a stay begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StayTime {
    /// Civil time where the lock hangs.
    Civil(DateTime),
    /// The present moment cut to the hour, and so many days and hours on.
    Ahead {
        /// Calendar days.
        days: u32,
        /// Hours.
        hours: u32,
    },
}

impl FromStr for StayTime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "now" {
            return Ok(Self::Ahead { days: 0, hours: 0 });
        }
        if let Some(ahead) = text.strip_prefix('+') {
            return whole_hours(ahead).ok_or_else(|| {
                format!("`{text}` is not whole days and hours ahead, expected +2d, +3h or +1d 12h")
            });
        }
        match text.parse::<Moment>() {
            Ok(Moment::Civil(civil)) => Ok(Self::Civil(civil)),
            Ok(Moment::Exact(_)) => Err(format!(
                "`{text}` carries an offset, a stay has civil times"
            )),
            Err(error) => Err(format!("{error}, now, +2d or +3h")),
        }
    }
}

fn whole_hours(text: &str) -> Option<StayTime> {
    let (mut days, mut hours) = (0_u32, 0_u32);
    for part in text.split_whitespace() {
        let (number, total) = part
            .strip_suffix('d')
            .map(|number| (number, &mut days))
            .or(part.strip_suffix('h').map(|number| (number, &mut hours)))?;
        *total = total
            .checked_add(number.parse().ok()?)
            .filter(|sum| *sum <= 100_000)?;
    }
    (!text.trim().is_empty()).then_some(StayTime::Ahead { days, hours })
}

impl Display for StayTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Civil(civil) => Display::fmt(civil, formatter),
            Self::Ahead { days: 0, hours: 0 } => formatter.write_str("now"),
            Self::Ahead { days, hours: 0 } => write!(formatter, "+{days}d"),
            Self::Ahead { days: 0, hours } => write!(formatter, "+{hours}h"),
            Self::Ahead { days, hours } => write!(formatter, "+{days}d {hours}h"),
        }
    }
}

text_value!(
    StayTime,
    "a civil time on the hour, now, or days and hours ahead such as +2d, +3h",
    r"^(now|\+([0-9]+[dh] ?)+|[0-9]{4}-.*)$"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_they_are_written() {
        for text in ["90s", "1h 30m", "3d", "200ms", "0s"] {
            assert!(text.parse::<Lapse>().is_ok(), "{text}");
        }
        assert_eq!("90s".parse::<Lapse>().unwrap().to_string(), "1m 30s");
        for text in ["", "5", "s", "5 s", "-1s", "1.5s", "1y", "99999999999d"] {
            assert!(text.parse::<Lapse>().is_err(), "{text}");
        }
        assert_eq!("-10m".parse::<Shift>().unwrap().micros(), -600_000_000);
    }

    #[test]
    fn a_moment_is_civil_or_exact() {
        assert!(matches!("2026-12-01T14:00".parse(), Ok(Moment::Civil(_))));
        assert!(matches!(
            "2026-11-01T01:30-07:00".parse(),
            Ok(Moment::Exact(_))
        ));
        assert!(matches!("2026-11-01T01:30Z".parse(), Ok(Moment::Exact(_))));
        for text in [
            "2026-12-01",
            "2026-13-01T00:00",
            "tomorrow",
            "2026-12-01T25:00",
            "2026-12-01T10:00[America/Denver]",
        ] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_stay_may_be_given_from_now() {
        assert_eq!("+2d".parse(), Ok(StayTime::Ahead { days: 2, hours: 0 }));
        assert_eq!("now".parse(), Ok(StayTime::Ahead { days: 0, hours: 0 }));
        assert!("+90m".parse::<StayTime>().is_err());
        assert!("2026-11-01T01:30-07:00".parse::<StayTime>().is_err());
    }
}
