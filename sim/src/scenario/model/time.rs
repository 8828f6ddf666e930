//! Times as a scenario writes them.

use std::fmt::{self, Display};
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::temporal::{DateTimeParser, PiecesOffset};

use super::text::text_value;

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
            Self::Civil(civil) => short(*civil, formatter),
            Self::Exact(stamp) => Display::fmt(stamp, formatter),
        }
    }
}

/// To the minute, where that says it all.
fn short(civil: DateTime, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    if civil.second() == 0 && civil.subsec_nanosecond() == 0 {
        write!(formatter, "{}", civil.strftime("%FT%H:%M"))
    } else {
        Display::fmt(&civil, formatter)
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
            Self::Civil(civil) => short(*civil, formatter),
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
