//! Text that should be a rule of time.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, Timelike, Weekday};
use firmware_core::civil::UtcTime;
use firmware_core::zone::Zone;
use tz::TimeZone;
use tz::datetime::FoundDateTimeKind;
use tz::timezone::{AlternateTime, RuleDay, TransitionRule};

/// The seconds of the years 2000 to 2199, which a clock chip can hold.
const CHIP_YEARS: std::ops::Range<i64> = 946_684_800..7_258_118_400;
/// An offset of 24:59:59 and an hour of daylight time.
const FURTHEST: i64 = 26 * 3_600;
/// Leap years and weekdays come round in 28 years, but for 2100.
const YEARS: std::ops::Range<i32> = 1998..2202;
const DAY: i64 = 86_400;
/// A look at every offset that lasts so long finds every change between.
const STRIDE: i64 = 5 * DAY;

/// The input is a rule and, after a line feed, seconds since 1970 in decimal: the moment around which a year is looked at.
///
/// A rule that is accepted reads as it was written, and converts every moment: by at most two offsets, none further from
/// UTC than a rule can say. A time that shows is shown by the moment that is given for it, and by none before; one that is
/// skipped is given the change that skips it. `tz-rs` says the same of every rule that it takes, too.
///
/// # Panics
///
/// Where that doesn't hold.
pub fn holds(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (rule, moment) = text.split_once('\n').unwrap_or((&text, ""));
    let Ok(zone) = rule.parse::<Zone>() else {
        return;
    };
    assert_eq!(zone.as_str(), rule);
    assert_eq!(zone.to_string(), rule);
    let moment = moment.trim().parse().unwrap_or(1_796_137_200_i64);
    // Beyond the calendar's ends nothing is promised but an answer.
    for moment in [moment, i64::MIN, i64::MAX] {
        let civil = zone.civil(UtcTime(moment));
        let exact = zone.utc_exact(civil);
        assert!(exact.is_none_or(|exact| exact == zone.utc_first(civil)));
    }
    let within = if CHIP_YEARS.contains(&moment) {
        moment
    } else {
        CHIP_YEARS.start + moment.rem_euclid(CHIP_YEARS.end - CHIP_YEARS.start)
    };
    year_holds(&zone, within);
}

fn year_holds(zone: &Zone, moment: i64) {
    let looks: Vec<i64> = (moment - 190 * DAY..moment + 190 * DAY)
        .step_by(STRIDE as usize)
        .collect();
    let mut moments = looks.clone();
    for pair in looks.windows(2) {
        if let Some(change) = change_between(zone, pair[0], pair[1]) {
            change_holds(zone, change);
            moments.extend([-DAY, -3_600, -1, 0, 1, 3_599, 3_600, DAY].map(|by| change + by));
        }
    }
    moments.push(moment);
    let offsets: std::collections::BTreeSet<i64> =
        moments.iter().map(|at| offset(zone, *at)).collect();
    assert!(offsets.len() <= 2, "{zone}: {offsets:?}");
    let oracle = Oracle::new(zone.as_str());
    for at in moments {
        moment_holds(zone, at);
        if let Some(oracle) = &oracle {
            oracle.agrees(zone, at);
        }
    }
}

fn offset(zone: &Zone, moment: i64) -> i64 {
    let offset = seconds_of(zone.civil(UtcTime(moment))) - moment;
    assert!(
        offset.abs() <= FURTHEST,
        "{zone} at {moment}: {offset} seconds from UTC"
    );
    offset
}

fn seconds_of(civil: NaiveDateTime) -> i64 {
    civil.and_utc().timestamp()
}

/// The first moment of the offset that is in force at `high`, if it isn't the one at `low`.
fn change_between(zone: &Zone, mut low: i64, mut high: i64) -> Option<i64> {
    let before = offset(zone, low);
    if before == offset(zone, high) {
        return None;
    }
    while high - low > 1 {
        let middle = i64::midpoint(low, high);
        if offset(zone, middle) == before {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(high)
}

/// What the clocks skip at a change is given the change.
fn change_holds(zone: &Zone, change: i64) {
    let (before, after) = (offset(zone, change - 1), offset(zone, change));
    for skipped in [change + before, change + after - 1] {
        if (change + before..change + after).contains(&skipped) {
            let skipped = UtcTime(skipped).shown();
            if let Some(shown) = zone.utc_exact(skipped) {
                // Another change, less than a day off, shows it.
                assert_eq!(zone.civil(shown), skipped);
            } else {
                let given = zone.utc_first(skipped).0;
                assert!(
                    offset(zone, given - 1) < offset(zone, given),
                    "{zone}: {skipped} is skipped at {given}"
                );
            }
        }
    }
}

fn moment_holds(zone: &Zone, moment: i64) {
    let civil = zone.civil(UtcTime(moment));
    let first = zone
        .utc_exact(civil)
        .unwrap_or_else(|| panic!("{zone}: {civil} shows at {moment}"));
    assert!(
        first.0 <= moment && moment - first.0 <= 2 * FURTHEST,
        "{zone}: {moment}, {first}"
    );
    assert_eq!(zone.civil(first), civil, "{zone}");
    assert_eq!(zone.utc_first(civil), first, "{zone}");
}

/// The same rule by `tz-rs`.
struct Oracle(TimeZone);

impl Oracle {
    /// None of a rule that `tz-rs` refuses, or whose daylight time lasts for no time at all in some year: two changes at
    /// one instant have no order.
    fn new(rule: &str) -> Option<Self> {
        let zone = TimeZone::from_tz_data(&tz_file(rule)).ok()?;
        let empty = match zone.as_ref().extra_rule() {
            Some(TransitionRule::Alternate(rule)) => {
                YEARS.into_iter().any(|year| is_empty(rule, year))
            }
            Some(TransitionRule::Fixed(_)) | None => false,
        };
        (!empty).then_some(Self(zone))
    }

    fn agrees(&self, zone: &Zone, moment: i64) {
        let local = self
            .0
            .find_local_time_type(moment)
            .expect("a rule for every year");
        assert_eq!(
            offset(zone, moment),
            i64::from(local.ut_offset()),
            "{zone} at {moment}"
        );
        let civil = zone.civil(UtcTime(moment));
        assert_eq!(
            zone.utc_first(civil).0,
            self.first(civil),
            "{zone}: {civil}"
        );
    }

    fn first(&self, civil: NaiveDateTime) -> i64 {
        let parts = [
            civil.month(),
            civil.day(),
            civil.hour(),
            civil.minute(),
            civil.second(),
        ];
        let [month, day, hour, minute, second] = parts.map(|part| part as u8);
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
        let shown =
            found
                .expect("a date")
                .into_inner()
                .into_iter()
                .filter_map(|found| match found {
                    FoundDateTimeKind::Normal(time) => Some(time.unix_time()),
                    FoundDateTimeKind::Skipped { .. } => None,
                });
        shown.min().expect("it shows")
    }
}

/// Whether the clocks change and change back at one instant.
fn is_empty(rule: &AlternateTime, year: i32) -> bool {
    let start = seconds_into(*rule.dst_start(), year)
        + i64::from(rule.dst_start_time() - rule.std().ut_offset());
    let end = seconds_into(*rule.dst_end(), year)
        + i64::from(rule.dst_end_time() - rule.dst().ut_offset());
    let next = seconds_into(*rule.dst_end(), year + 1)
        + i64::from(rule.dst_end_time() - rule.dst().ut_offset());
    start == end || start == next
}

/// From 1970 to the midnight of a rule's day.
fn seconds_into(day: RuleDay, year: i32) -> i64 {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).expect("a year");
    let midnight = match day {
        RuleDay::Julian1WithoutLeap(day) => {
            let leap_day = u64::from(first.leap_year() && day.get() >= 60);
            first + Days::new(u64::from(day.get()) - 1 + leap_day)
        }
        RuleDay::Julian0WithLeap(day) => first + Days::new(day.get().into()),
        RuleDay::MonthWeekDay(day) => {
            let weekday = Weekday::try_from((day.week_day() + 6) % 7).expect("a day of the week");
            let nth = |week| {
                NaiveDate::from_weekday_of_month_opt(year, day.month().into(), weekday, week)
            };
            nth(day.week())
                .or_else(|| nth(4))
                .expect("every month has four of each")
        }
    };
    seconds_of(midnight.into())
}

/// A `TZif` file of version 3 (RFC 9636) that holds the rule in its footer, and one local time type that is never in force.
fn tz_file(rule: &str) -> Vec<u8> {
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
