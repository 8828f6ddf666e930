//! Times as a scenario writes them.

use std::fmt::{self, Display};
use std::str::FromStr;

use jiff::civil::DateTime;

use super::text::text_value;
use crate::moment::{Moment, short};

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
    fn a_stay_may_be_given_from_now() {
        assert_eq!("+2d".parse(), Ok(StayTime::Ahead { days: 2, hours: 0 }));
        assert_eq!("now".parse(), Ok(StayTime::Ahead { days: 0, hours: 0 }));
        assert!("+90m".parse::<StayTime>().is_err());
        assert!("2026-11-01T01:30-07:00".parse::<StayTime>().is_err());
    }
}
