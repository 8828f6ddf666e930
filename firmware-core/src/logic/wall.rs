//! What a clock on the wall beside the lock shows.

use smartpin::WallClock;

use crate::civil::{CivilTime, UtcTime};
use crate::zone::Zone;

/// The clock on the wall at one moment, daylight saving included.
#[derive(Clone, Copy, Debug)]
pub struct Wall<'a> {
    /// Where the lock hangs.
    pub zone: &'a Zone,
    /// The moment.
    pub now: UtcTime,
}

impl WallClock for Wall<'_> {
    fn shows(&self) -> CivilTime {
        self.zone.civil(self.now)
    }

    /// Where the wall shows `time` twice, the first time counts.
    fn has_reached(&self, time: CivilTime) -> bool {
        self.now >= self.zone.utc_first(time)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::ToString;

    use chrono::NaiveDateTime;
    use smartpin::Openness::{self, NotYet, Open, Over};
    use smartpin::{DailyHours, Grant, Stay, Variant, Window};

    use super::*;

    const DENVER: &str = "MST7MDT,M3.2.0,M11.1.0";
    /// Newfoundland's rule until 2011: at 0:01 the clocks go back to 23:01 of the day before.
    const OLD_ST_JOHNS: &str = "NST3:30NDT,M3.2.0/0:01,M11.1.0/0:01";

    /// What becomes of an hourly window by `rule`, moment by moment.
    fn assert_states(rule: &str, window: &str, states: &[(&str, Openness)]) {
        let (start, end) = window.split_once('/').unwrap();
        let window = Window::for_request(on_the_hour(start), on_the_hour(end)).unwrap();
        let stay = Grant::Stay(Stay {
            window,
            variant: Variant::ZERO,
        });
        let zone = rule.parse().unwrap();
        for (now, expected) in states {
            let wall = Wall {
                zone: &zone,
                now: now.parse().unwrap(),
            };
            let openness = stay.openness(DailyHours::default(), &wall);
            assert_eq!(openness, *expected, "{window} by {rule} at {now}");
        }
    }

    fn on_the_hour(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(&(text.to_string() + ":00"), "%Y-%m-%dT%H:%M").unwrap()
    }

    #[test]
    fn a_window_opens_and_ends_on_the_hour() {
        let states = [
            ("2026-12-01T14:59:59Z", NotYet),
            ("2026-12-01T15:00:00Z", Open),
            ("2026-12-05T10:59:59Z", Open),
            ("2026-12-05T11:00:00Z", Over),
        ];
        assert_states("UTC0", "2026-12-01T15/2026-12-05T11", &states);
    }

    #[test]
    fn an_hour_that_the_clocks_skip_begins_when_they_skip_it() {
        let begins = [
            ("2026-03-08T08:59:59Z", NotYet),
            ("2026-03-08T09:00:00Z", Open),
        ];
        assert_states(DENVER, "2026-03-08T02/2026-03-10T02", &begins);
        let ends = [
            ("2026-03-08T08:59:59Z", Open),
            ("2026-03-08T09:00:00Z", Over),
        ];
        assert_states(DENVER, "2026-03-07T02/2026-03-08T02", &ends);
    }

    #[test]
    fn an_hour_that_the_clocks_repeat_belongs_to_the_window_both_times() {
        let begins_with_it = [
            ("2026-11-01T06:59:59Z", NotYet),
            ("2026-11-01T07:00:00Z", Open),
            ("2026-11-01T08:30:00Z", Open),
        ];
        assert_states(DENVER, "2026-11-01T01/2026-11-02T01", &begins_with_it);
        let begins_after_it = [
            ("2026-11-01T07:59:59Z", NotYet),
            ("2026-11-01T08:59:59Z", NotYet),
            ("2026-11-01T09:00:00Z", Open),
        ];
        assert_states(DENVER, "2026-11-01T02/2026-11-02T02", &begins_after_it);
        let ends_with_it = [
            ("2026-11-01T08:59:59Z", Open),
            ("2026-11-01T09:00:00Z", Over),
        ];
        assert_states(DENVER, "2026-10-31T02/2026-11-01T02", &ends_with_it);
    }

    #[test]
    fn a_window_that_had_ended_stays_so() {
        let ends_before_the_hour = [
            ("2026-11-01T06:59:59Z", Open),
            ("2026-11-01T07:00:00Z", Over),
            ("2026-11-01T08:00:00Z", Over),
        ];
        assert_states(DENVER, "2026-10-31T01/2026-11-01T01", &ends_before_the_hour);
        let ends_within_the_hour = [
            ("2026-11-01T02:29:59Z", Open),
            ("2026-11-01T02:30:00Z", Over),
            ("2026-11-01T02:31:00Z", Over),
            ("2026-11-01T03:29:59Z", Over),
        ];
        assert_states(
            OLD_ST_JOHNS,
            "2026-10-31T00/2026-11-01T00",
            &ends_within_the_hour,
        );
    }

    /// Comparing civil times gives nothing else: the wall is back before the start.
    #[test]
    fn a_window_that_had_begun_for_a_minute_begins_again() {
        let states = [
            ("2026-11-01T02:30:00Z", Open),
            ("2026-11-01T02:31:00Z", NotYet),
            ("2026-11-01T03:30:00Z", Open),
        ];
        assert_states(OLD_ST_JOHNS, "2026-11-01T00/2026-11-02T00", &states);
    }
}
