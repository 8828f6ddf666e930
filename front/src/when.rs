//! Times as people type them: `2026-12-05 11:00`, `11:00`, `+3d`, `unit 4 end - 1s`, `next dst`.

use jiff::civil::{Date, DateTime, Time as Clock};
use jiff::{SignedDuration, Timestamp};
use smartpin::Grant;

use sim::owner::Guest;
use sim::people::OwnerView;
use sim::suggest::nearest;
use sim::time::{Lapse, Shift};
use sim::zones::Instants;

/// What is understood, for whoever typed something else.
pub(crate) const EXPECTED: &str =
    "2026-12-05 11:00, 11:00, +3d, +90s, NAME start, NAME end - 1s, next dst";

/// The instant that a text names, seen from `now`.
///
/// # Errors
///
/// What isn't understood of it, or doesn't exist.
pub(crate) fn instant(text: &str, known: &OwnerView, now: Timestamp) -> Result<Timestamp, String> {
    let text = text.trim();
    let (base, shift) = split(text);
    let base = match base {
        "" if shift.is_none() => return Err(format!("a time, such as {EXPECTED}")),
        "" | "now" => now,
        // `4d` can mean nothing else than `+4d`.
        base if shift.is_none() && base.parse::<Lapse>().is_ok() => {
            return instant(&format!("+{base}"), known, now);
        }
        base => named(base, known, now)?,
    };
    let shift = SignedDuration::from_micros(shift.map_or(0, Shift::micros));
    base.checked_add(shift)
        .map_err(|_| "beyond the end of the calendar".to_owned())
}

/// What stands before a `+ 3d` or `- 1s` at the end, and that.
fn split(text: &str) -> (&str, Option<Shift>) {
    let signs = text
        .char_indices()
        .filter(|(_, letter)| matches!(letter, '+' | '-'));
    for (at, _) in signs {
        let free = text[..at]
            .chars()
            .next_back()
            .is_none_or(char::is_whitespace);
        if let (true, Ok(shift)) = (free, text[at..].parse()) {
            return (text[..at].trim_end(), Some(shift));
        }
    }
    (text, None)
}

fn named(text: &str, known: &OwnerView, now: Timestamp) -> Result<Timestamp, String> {
    if text.eq_ignore_ascii_case("next dst") {
        return known
            .zone
            .next_change(now)
            .map(|(at, _)| at)
            .ok_or_else(|| format!("clocks are never changed in {}", known.zone.name()));
    }
    if let Some(civil) = civil(text, known, now) {
        return match known.zone.instants(civil) {
            Instants::None { resumes } => Err(format!(
                "{civil} doesn't exist here: the clocks leap to {}",
                resumes.time()
            )),
            instants => instants.from(now).ok_or_else(|| "no such time".to_owned()),
        };
    }
    edge(text, known)
}

/// A date, a time of day, or both; a time of day that is over today is tomorrow's.
fn civil(text: &str, known: &OwnerView, now: Timestamp) -> Option<DateTime> {
    let here = known.zone.at(now).datetime();
    if let Ok(clock) = text.parse::<Clock>()
        && text.contains(':')
        && !text.contains('-')
    {
        let today = here.date().to_datetime(clock);
        return if today > here {
            Some(today)
        } else {
            Some(here.date().tomorrow().ok()?.to_datetime(clock))
        };
    }
    if !text.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    text.replacen(' ', "T", 1)
        .parse::<DateTime>()
        .ok()
        .or_else(|| text.parse::<Date>().ok().map(DateTime::from))
}

/// `unit 4 end`
fn edge(text: &str, known: &OwnerView) -> Result<Timestamp, String> {
    let unknown = || format!("`{text}` is no time, expected {EXPECTED}");
    let (name, edge) = text.rsplit_once(char::is_whitespace).ok_or_else(unknown)?;
    let edge = match edge.to_ascii_lowercase().as_str() {
        "start" => Grant::opens_at,
        "end" => Grant::over_at,
        _ => return Err(unknown()),
    };
    let guest = guest(name.trim(), known)?;
    edge(guest.issued.grant(), known.settings.daily_hours)
        .and_then(|civil| known.zone.reaches(civil))
        .ok_or_else(|| "beyond the end of the calendar".to_owned())
}

/// The guest of that name, in whatever case.
fn guest<'a>(name: &str, known: &'a OwnerView) -> Result<&'a Guest, String> {
    let is = |guest: &&Guest| {
        guest.title().eq_ignore_ascii_case(name) || guest.name.eq_ignore_ascii_case(name)
    };
    known.guests().iter().find(is).ok_or_else(|| {
        let titles = known.guests().iter().map(Guest::title);
        match nearest(name, titles) {
            Some(near) => format!("nobody is called `{name}`, did you mean `{near}`?"),
            None if known.guests().is_empty() => {
                format!("nobody is called `{name}`: the access book is empty")
            }
            None => format!("nobody in the access book is called `{name}`"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use firmware_core::settings::Settings;
    use sim::owner::{Book, TEST_SERIAL, TEST_SITE_KEY, Terms, lock_key};

    fn known() -> OwnerView {
        let key = lock_key(TEST_SITE_KEY, &TEST_SERIAL.parse().unwrap());
        let book = Book::new(key);
        let terms = Terms {
            settings: Settings::default(),
            zone: "America/Denver".parse().unwrap(),
            code: book.label_code(),
        };
        let mut known = OwnerView::new(book, terms);
        let issue = serde_json::json!({
            "as": "unit_4", "guest": "Unit 4", "start": "2026-12-01T15:00", "end": "2026-12-05T11:00"
        });
        let issue = sim::scenario::decode::from_json(&issue.to_string()).unwrap();
        known.issue(&issue, now()).unwrap();
        known
    }

    fn now() -> Timestamp {
        "2026-10-30T21:00:07Z".parse().unwrap()
    }

    fn there(text: &str) -> Result<String, String> {
        let known = known();
        instant(text, &known, now()).map(|at| known.zone.at(at).strftime("%F %T%z").to_string())
    }

    #[test]
    fn times_are_understood_as_people_type_them() {
        let table = [
            ("now", "2026-10-30 15:00:07-0600"),
            ("2026-12-05 11:00", "2026-12-05 11:00:00-0700"),
            ("2026-12-05T11:00:30", "2026-12-05 11:00:30-0700"),
            ("2026-12-05", "2026-12-05 00:00:00-0700"),
            ("15:01", "2026-10-30 15:01:00-0600"),
            ("15:00", "2026-10-31 15:00:00-0600"),
            ("+3d", "2026-11-02 14:00:07-0700"),
            ("3d", "2026-11-02 14:00:07-0700"),
            (" + 90s ", "2026-10-30 15:01:37-0600"),
            ("unit 4 start", "2026-12-01 15:00:00-0700"),
            ("Unit_4 end - 1s", "2026-12-05 10:59:59-0700"),
            ("unit 4 end -1h 30m", "2026-12-05 09:30:00-0700"),
            ("next dst", "2026-11-01 01:00:00-0700"),
            ("next dst - 1s", "2026-11-01 01:59:59-0600"),
        ];
        for (text, expected) in table {
            assert_eq!(there(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_says_why() {
        let table = [
            ("", "a time, such as"),
            ("unit 5 end", "did you mean `Unit 4`?"),
            ("someone else end", "nobody in the access book is called"),
            ("tomorrow", "`tomorrow` is no time, expected"),
            ("2027-03-14 02:30", "the clocks leap to 03:00:00"),
            ("2026-13-01 00:00", "is no time"),
        ];
        for (text, part) in table {
            let error = there(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
