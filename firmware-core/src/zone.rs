//! Where the lock hangs: a POSIX TZ rule, daylight saving included.
//!
//! The text is parsed by `jiff-core`. What follows from a rule is worked out here: `jiff-core` cuts a change off at the end
//! of its year in UTC, and so has five hours of standard time each year in `EST5EDT,0/0,J365/25`, RFC 9636's example of
//! daylight time all year.

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

#[cfg(test)]
mod tests {
    extern crate std;

    use std::format;
    use std::string::{String, ToString};
    use std::vec::Vec;

    use chrono::Timelike;
    use proptest::prelude::*;
    use tz::datetime::FoundDateTimeKind;
    use tz::timezone::TimeZone;

    use super::*;

    const DENVER: &str = "MST7MDT,M3.2.0,M11.1.0";
    const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";
    const SYDNEY: &str = "AEST-10AEDT,M10.1.0,M4.1.0/3";
    const LORD_HOWE: &str = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0";
    const KATHMANDU: &str = "<+0545>-5:45";
    const ST_JOHNS: &str = "NST3:30NDT,M3.2.0,M11.1.0";
    /// As it was until 2011: the clocks changed at a minute past midnight.
    const OLD_ST_JOHNS: &str = "NST3:30NDT,M3.2.0/0:01,M11.1.0/0:01";
    const CHATHAM: &str = "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45";
    const TROLL: &str = "<+00>0<+02>-2,M3.5.0/1,M10.5.0/3";
    const DUBLIN: &str = "IST-1GMT0,M10.5.0,M3.5.0/1";
    const NUUK: &str = "<-02>2<-01>,M3.5.0/-1,M10.5.0/0";
    const JERUSALEM: &str = "IST-2IDT,M3.4.4/26,M10.5.0";
    const CAIRO: &str = "EET-2EEST,M4.5.5/0,M10.5.4/24";
    const ALL_YEAR: &str = "EST5EDT,0/0,J365/25";
    const CASABLANCA: &str = "XXX-2<+01>-1,0/0,J365/23";
    const JULIAN: &str = "AAA3BBB,J60/-30,J300/50";
    const FROM_ZERO: &str = "AAA3BBB,59,299/100:30:15";
    /// Begins in the old year by UTC, and ends a week later than it says.
    const NEW_YEAR: &str = "AAA-10BBB,J1/0,J5/167";
    /// Day 365 counted from zero is the next 1 January in most years.
    const DAY_366: &str = "AAA-10BBB,J200,365/1";
    const FAR_WEST: &str = "<-12>12";

    const RULES: [&str; 20] = [
        DENVER,
        BERLIN,
        SYDNEY,
        LORD_HOWE,
        KATHMANDU,
        ST_JOHNS,
        OLD_ST_JOHNS,
        CHATHAM,
        TROLL,
        DUBLIN,
        NUUK,
        JERUSALEM,
        CAIRO,
        ALL_YEAR,
        CASABLANCA,
        JULIAN,
        FROM_ZERO,
        NEW_YEAR,
        DAY_366,
        FAR_WEST,
    ];

    /// The seconds of the years that a clock chip can hold, 2000 to 2199.
    const CHIP_YEARS: core::ops::Range<i64> = 946_684_800..7_258_118_400;

    fn zone(rule: &str) -> Zone {
        rule.parse()
            .unwrap_or_else(|error| panic!("{rule}: {error}"))
    }

    fn utc(text: &str) -> UtcTime {
        text.parse().unwrap()
    }

    fn civil(text: &str) -> CivilTime {
        CivilTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S")
            .or_else(|_| CivilTime::parse_from_str(text, "%Y-%m-%dT%H:%M"))
            .unwrap()
    }

    /// The same rule as tz-rs sees it.
    struct Oracle(TimeZone);

    impl Oracle {
        /// None for a rule whose changes come in one order in some years and in the other in others, which tz-rs refuses.
        fn new(rule: &str) -> Option<Self> {
            TimeZone::from_tz_data(&tz_file(rule)).ok().map(Self)
        }

        fn civil(&self, utc: UtcTime) -> CivilTime {
            utc.plus(
                self.0
                    .find_local_time_type(utc.0)
                    .unwrap()
                    .ut_offset()
                    .into(),
            )
            .shown()
        }

        /// What `utc_exact` and `utc_first` should give.
        fn first(&self, civil: CivilTime) -> (Option<UtcTime>, UtcTime) {
            let [month, day, hour, minute, second] = [
                civil.month(),
                civil.day(),
                civil.hour(),
                civil.minute(),
                civil.second(),
            ]
            .map(|part| part as u8);
            let found = tz::DateTime::find(
                civil.year(),
                month,
                day,
                hour,
                minute,
                second,
                0,
                self.0.as_ref(),
            );
            let found = found.unwrap().into_inner();
            let shown = found.iter().find_map(|found| match found {
                FoundDateTimeKind::Normal(time) => Some(UtcTime(time.unix_time())),
                FoundDateTimeKind::Skipped { .. } => None,
            });
            let skipped = found.iter().find_map(|found| match found {
                FoundDateTimeKind::Skipped {
                    after_transition, ..
                } => Some(UtcTime(after_transition.unix_time())),
                FoundDateTimeKind::Normal(_) => None,
            });
            (
                shown,
                shown
                    .or(skipped)
                    .expect("every civil time is shown or skipped"),
            )
        }
    }

    /// A `TZif` file of version 3 (RFC 9636) that holds the rule in its footer and nothing else.
    fn tz_file(rule: &str) -> Vec<u8> {
        // No indicators, leap seconds or transitions; one local time type with a name of one letter.
        let counts: [u32; 6] = [0, 0, 0, 0, 1, 2];
        let mut block = b"TZif3".to_vec();
        block.extend([0; 15]);
        block.extend(counts.iter().flat_map(|count| count.to_be_bytes()));
        block.extend([0; 6]);
        block.extend(b"X\0");
        let mut file = block.repeat(2);
        file.extend(format!("\n{rule}\n").bytes());
        file
    }

    fn new_year(year: i64) -> UtcTime {
        UtcTime::from_shown(
            NaiveDate::from_yo_opt(year as i32, 1)
                .unwrap()
                .and_hms_opt(0, 0, 0)
                .unwrap(),
        )
    }

    /// The instants at and around every change of the years about `year`.
    fn probes(zone: &Zone, year: i64) -> Vec<UtcTime> {
        let around = |change: UtcTime| {
            [-86_400, -7_200, -3_600, -1, 0, 1, 3_599, 3_600, 86_400].map(|by| change.plus(by))
        };
        let new_year = new_year(year);
        let changes = zone.spans(new_year).flat_map(|span| [span.start, span.end]);
        changes.chain([new_year]).flat_map(around).collect()
    }

    fn assert_agrees(zone: &Zone, oracle: &Oracle, utc: UtcTime) {
        assert_eq!(zone.civil(utc), oracle.civil(utc), "{zone} at {utc}");
        let wall = utc.shown();
        assert_eq!(
            (zone.utc_exact(wall), zone.utc_first(wall)),
            oracle.first(wall),
            "{zone}, {wall} on the wall"
        );
    }

    #[test]
    fn real_rules_and_odd_ones_agree_with_tz_rs() {
        // Leap years and weekdays come round in 28 years, but for 2100.
        let years = (2020..2048).chain(2096..2104);
        for rule in RULES {
            let zone = zone(rule);
            let oracle = Oracle::new(rule).unwrap();
            for utc in years.clone().flat_map(|year| probes(&zone, year)) {
                assert_agrees(&zone, &oracle, utc);
                assert_agrees(&zone, &oracle, UtcTime::from_shown(oracle.civil(utc)));
            }
        }
    }

    /// An offset from UTC, or the time of a change, of up to so many hours.
    fn clock_time(hours: i32) -> impl Strategy<Value = String> {
        let whole = (-hours..=hours).prop_map(|hour| hour.to_string());
        let odd = (-hours..=hours, 0..60, 0..60)
            .prop_map(|(hour, minute, second)| format!("{hour}:{minute:02}:{second:02}"));
        prop_oneof![2 => whole, 1 => odd]
    }

    fn change_day() -> impl Strategy<Value = String> {
        let julian = prop_oneof![1..=10, 355..=365, 1..=365].prop_map(|day| format!("J{day}"));
        let from_zero =
            prop_oneof![0..=10, 355..=365, 0..=365].prop_map(|day: i32| day.to_string());
        let weekday =
            (1..=12, 1..=5, 0..=6).prop_map(|(month, week, day)| format!("M{month}.{week}.{day}"));
        prop_oneof![julian, from_zero, weekday]
    }

    fn change_time() -> impl Strategy<Value = String> {
        prop_oneof![
            Just(String::new()),
            clock_time(24).prop_map(|time| format!("/{time}")),
            clock_time(167).prop_map(|time| format!("/{time}"))
        ]
    }

    prop_compose! {
        fn any_rule()(
            standard in clock_time(24),
            daylight in prop_oneof![Just(String::new()), clock_time(24)],
            days in (change_day(), change_day()),
            times in (change_time(), change_time()),
        ) -> String {
            format!("AAA{standard}BBB{daylight},{}{},{}{}", days.0, times.0, days.1, times.1)
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn any_rule_agrees_with_tz_rs(rule in any_rule(), year in 2000..2200_i64, seconds in CHIP_YEARS) {
            let zone = zone(&rule);
            // Two changes at one instant have no order, and tz-rs takes one that differs from other years'.
            let empty = (year - 3..year + 3).any(|year| zone.spans(new_year(year)).any(|span| span.start == span.end));
            if let Some(oracle) = Oracle::new(&rule).filter(|_| !empty) {
                for utc in probes(&zone, year).into_iter().chain([UtcTime(seconds)]) {
                    assert_agrees(&zone, &oracle, utc);
                }
            }
        }

        /// Of rules that tz-rs refuses, too: a time that shows is shown by the moment that is given for it.
        #[test]
        fn shown_times_lead_back(rule in any_rule(), year in 2000..2200_i64) {
            let zone = zone(&rule);
            for utc in probes(&zone, year) {
                let wall = zone.civil(utc);
                let first = zone.utc_exact(wall).expect("it shows");
                prop_assert!(first <= utc);
                prop_assert_eq!(zone.civil(first), wall);
                prop_assert_eq!(zone.utc_first(wall), first);
            }
        }

        #[test]
        fn nothing_like_a_rule_panics(text in "[A-C<>0-9+,./:JM-]{0,70}", seconds: i64) {
            if let Ok(zone) = text.parse::<Zone>() {
                prop_assert_eq!(zone.as_str(), &text);
                assert_consistent(&zone, zone.civil(UtcTime(seconds)));
            }
        }

        #[test]
        fn no_text_panics(text: String) {
            if let Ok(zone) = text.parse::<Zone>() {
                prop_assert_eq!(zone.as_str(), &text);
            }
        }

        #[test]
        fn no_moment_panics(rule in any_rule(), seconds: i64) {
            let zone = zone(&rule);
            assert_consistent(&zone, zone.civil(UtcTime(seconds)));
        }
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        for rule in RULES {
            let zone = zone(rule);
            assert_consistent(&zone, zone.civil(UtcTime(i64::MIN)));
            assert_consistent(&zone, zone.civil(UtcTime(i64::MAX)));
            assert_consistent(&zone, CivilTime::MIN);
            assert_consistent(&zone, CivilTime::MAX);
        }
    }

    fn assert_consistent(zone: &Zone, wall: CivilTime) {
        assert!(
            zone.utc_exact(wall)
                .is_none_or(|exact| exact == zone.utc_first(wall))
        );
    }

    #[test]
    fn a_wall_clock_shows() {
        let table = [
            ("UTC0", "2026-12-01T15:00:00Z", "2026-12-01T15:00"),
            (DENVER, "2026-03-08T08:59:59Z", "2026-03-08T01:59:59"),
            (DENVER, "2026-03-08T09:00:00Z", "2026-03-08T03:00"),
            (DENVER, "2026-11-01T07:30:00Z", "2026-11-01T01:30"),
            (DENVER, "2026-11-01T08:30:00Z", "2026-11-01T01:30"),
            (SYDNEY, "2026-01-01T00:00:00Z", "2026-01-01T11:00"),
            (SYDNEY, "2026-06-01T00:00:00Z", "2026-06-01T10:00"),
            (LORD_HOWE, "2026-04-04T15:00:00Z", "2026-04-05T01:30"),
            (KATHMANDU, "2026-12-31T18:15:00Z", "2027-01-01T00:00"),
            (OLD_ST_JOHNS, "2026-11-01T02:31:00Z", "2026-10-31T23:01"),
            (CHATHAM, "2026-09-26T14:00:00Z", "2026-09-27T03:45"),
            (TROLL, "2026-03-29T01:00:00Z", "2026-03-29T03:00"),
            (DUBLIN, "2026-12-25T12:00:00Z", "2026-12-25T12:00"),
            (ALL_YEAR, "2026-01-01T04:30:00Z", "2026-01-01T00:30"),
            (JULIAN, "2028-02-28T21:00:00Z", "2028-02-28T19:00"),
        ];
        for (rule, moment, wall) in table {
            assert_eq!(
                zone(rule).civil(utc(moment)),
                civil(wall),
                "{rule} at {moment}"
            );
        }
    }

    #[test]
    fn a_wall_clock_time_is() {
        let table = [
            ("UTC0", "2026-12-01T15:00", Shows("2026-12-01T15:00:00Z")),
            (DENVER, "2026-03-08T01:59", Shows("2026-03-08T08:59:00Z")),
            (DENVER, "2026-03-08T02:00", Skipped("2026-03-08T09:00:00Z")),
            (
                DENVER,
                "2026-03-08T02:59:59",
                Skipped("2026-03-08T09:00:00Z"),
            ),
            (DENVER, "2026-03-08T03:00", Shows("2026-03-08T09:00:00Z")),
            (DENVER, "2026-11-01T00:59", Shows("2026-11-01T06:59:00Z")),
            (DENVER, "2026-11-01T01:00", Shows("2026-11-01T07:00:00Z")),
            (DENVER, "2026-11-01T01:59", Shows("2026-11-01T07:59:00Z")),
            (DENVER, "2026-11-01T02:00", Shows("2026-11-01T09:00:00Z")),
            (BERLIN, "2026-03-29T02:30", Skipped("2026-03-29T01:00:00Z")),
            (
                LORD_HOWE,
                "2026-10-04T02:15",
                Skipped("2026-10-03T15:30:00Z"),
            ),
            (LORD_HOWE, "2026-04-05T01:45", Shows("2026-04-04T14:45:00Z")),
            (TROLL, "2026-03-29T02:59", Skipped("2026-03-29T01:00:00Z")),
            (TROLL, "2026-10-25T01:30", Shows("2026-10-24T23:30:00Z")),
            (DUBLIN, "2026-03-29T01:30", Skipped("2026-03-29T01:00:00Z")),
            (DUBLIN, "2026-10-25T01:30", Shows("2026-10-25T00:30:00Z")),
            (
                OLD_ST_JOHNS,
                "2026-10-31T23:30",
                Shows("2026-11-01T02:00:00Z"),
            ),
            (
                OLD_ST_JOHNS,
                "2026-11-01T00:00",
                Shows("2026-11-01T02:30:00Z"),
            ),
            (
                OLD_ST_JOHNS,
                "2026-11-01T00:01",
                Shows("2026-11-01T03:31:00Z"),
            ),
            (
                OLD_ST_JOHNS,
                "2026-03-08T00:30",
                Skipped("2026-03-08T03:31:00Z"),
            ),
        ];
        for (rule, wall, is) in table {
            let (exact, first) = match is {
                Shows(moment) => (Some(utc(moment)), utc(moment)),
                Skipped(moment) => (None, utc(moment)),
            };
            let zone = zone(rule);
            assert_eq!(
                (zone.utc_exact(civil(wall)), zone.utc_first(civil(wall))),
                (exact, first),
                "{rule}: {wall}"
            );
        }
    }

    use Shown::{Shows, Skipped};

    #[derive(Clone, Copy)]
    enum Shown {
        /// At this moment, for the first time.
        Shows(&'static str),
        /// Never: at this moment the clocks skip it.
        Skipped(&'static str),
    }

    #[test]
    fn a_text_that_is_no_rule_is_refused_with_the_reason() {
        let long = "A".repeat(64);
        let table = [
            ("", "empty"),
            (long.as_str(), "too long: at most 63 bytes"),
            ("UTC", "hour"),
            ("U0", "abbreviation"),
            ("America/Denver", "failed to parse"),
            (":America/Denver", "abbreviation"),
            ("UTC25", "hour"),
            ("UTC0 ", "found data after"),
            ("UTC0\n", "found data after"),
            ("MST7MDT", "no transition rule"),
            ("MST7MDT6", "no transition rule"),
            ("MST7MDT,", "trailing"),
            ("MST7MDT,M3.2.0", "end"),
            ("MST7MDT,M13.2.0,M11.1.0", "month"),
            ("MST7MDT,M3.6.0,M11.1.0", "week"),
            ("MST7MDT,M3.2.7,M11.1.0", "weekday"),
            ("MST7MDT,J0,J300", "Julian"),
            ("MST7MDT,J366,J300", "Julian"),
            ("MST7MDT,366,300", "Julian"),
            ("MST7MDT,M3.2.0/168,M11.1.0", "hour"),
            ("MST7MDT,M3.2.0/2:60,M11.1.0", "minute"),
            ("<+0545-5:45", "quot"),
            ("<ä>-5:45", "abbreviation"),
        ];
        for (text, reason) in table {
            let error = text.parse::<Zone>().expect_err(text).to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn utc_is_the_default() {
        assert_eq!(Zone::default(), zone("UTC0"));
    }
}
