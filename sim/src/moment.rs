//! Points in time as people write them.

use std::fmt::{self, Display};
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::temporal::{DateTimeParser, PiecesOffset};

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

/// Writes a civil time to the minute, where that says it all.
pub(crate) fn short(civil: DateTime, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    if civil.second() == 0 && civil.subsec_nanosecond() == 0 {
        write!(formatter, "{}", civil.strftime("%FT%H:%M"))
    } else {
        Display::fmt(&civil, formatter)
    }
}

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
}
