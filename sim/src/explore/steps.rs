//! Steps as people take them.

use jiff::civil::DateTime;

use super::dice::Dice;
use crate::key::Key;
use crate::moment::Moment;
use crate::owner::Guest;
use crate::people::OwnerView;
use crate::scenario::cases::PROGRAMMING_CODE;
use crate::scenario::model::keys::{Keys, Part};
use crate::scenario::model::step::Verb;
use crate::scenario::model::time::StayTime;
use crate::stage::Stage;
use crate::time::Lapse;

pub(super) const SECOND: u64 = 1_000_000;
pub(super) const HOUR: u64 = 3_600 * SECOND;

pub(super) const ENTER: Part = Part::Key(Key::ENTER);
pub(super) const CLEAR: Part = Part::Key(Key::CLEAR);

pub(super) fn digit(name: char) -> Part {
    Part::Key(Key::named(name).unwrap_or(Key::ENTER))
}

pub(super) fn entry(digits: &str) -> Vec<Part> {
    digits
        .chars()
        .filter_map(Key::named)
        .map(Part::Key)
        .chain([ENTER])
        .collect()
}

pub(super) fn typed(parts: Vec<Part>) -> Verb {
    Verb::Type(Keys::from(parts).into())
}

pub(super) fn bound(guest: &Guest) -> Part {
    Part::Bound(guest.name.clone())
}

pub(super) fn seconds(seconds: u64) -> Verb {
    Verb::Wait(Lapse::from_micros(seconds.max(1) * SECOND))
}

/// The code in force: by its name as long as it is the first.
pub(super) fn programming_code(known: &OwnerView) -> Vec<Part> {
    match known.name_of_code(known.code()) {
        Some(name) if name == PROGRAMMING_CODE => vec![Part::Bound(name)],
        _ => known.code().chars().map(digit).collect(),
    }
}

pub(super) fn guest<'a>(stage: &'a Stage, dice: &mut Dice<'_>) -> Option<&'a Guest> {
    let guests = stage.known.guests();
    (!guests.is_empty()).then(|| dice.one(guests))
}

/// The present moment, cut to the hour, and so many hours on.
pub(super) fn on_the_hour(stage: &Stage, hours: i32) -> StayTime {
    let here = stage.known.zone.at(stage.utc()).datetime();
    let cut = DateTime::from_parts(here.date(), jiff::civil::time(here.hour(), 0, 0, 0));
    StayTime::Civil(cut.saturating_add(jiff::SignedDuration::from_hours(i64::from(hours))))
}

/// The whole second that lies so many seconds ahead.
pub(super) fn moment(stage: &Stage, ahead: i64) -> Moment {
    let second = stage.utc().as_second() + ahead;
    let stamp = jiff::Timestamp::from_second(second).unwrap_or(jiff::Timestamp::MAX);
    stage.known.zone.moment(stamp)
}
