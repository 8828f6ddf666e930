//! The owner's app issues a SmartPIN: while the stay is typed, the window that the PIN will really open is shown.

use std::time::Duration;

use firmware_core::logic::access::is_too_long;
use smartpin::{Grant, WindowKind};

use super::deed::Deed;
use super::form::{Fields, Form, Note, Purpose, Submission};
use crate::theme::Role;
use crate::view::ViewModel;
use crate::{when, words};
use sim::owner::Guest;
use sim::people::OwnerView;
use sim::scenario::cases::PROGRAMMING_CODE;
use sim::scenario::model::step::Issue;
use sim::scenario::model::time::StayTime;

/// Letters of a guest's name.
const LONGEST: usize = 40;

/// Asks for a guest and a stay.
pub(crate) fn form(view: &ViewModel<'_>) -> Form {
    let guests = view.guests();
    let taken = |title: &String| guests.iter().any(|guest| guest.title() == title);
    let mut titles = (guests.len() + 1..).map(|number| format!("Unit {number}"));
    let title = titles.find(|title| !taken(title)).unwrap_or_default();
    Form::new("add a guest", AddGuest)
        .field("guest", title, "Unit 4")
        .field("from", "now", "2026-12-01 15:00, 15:00, now, +3h")
        .field("until", "", "2026-12-05 11:00, 11:00, +4d")
}

#[derive(Debug)]
struct AddGuest;

impl Purpose for AddGuest {
    fn notes(&self, fields: &Fields, view: &ViewModel<'_>) -> Vec<Note> {
        let issue = match issue(fields, view) {
            Ok(issue) => issue,
            Err(why) => return vec![(Role::Warn, why)],
        };
        let mut known = view.known().clone();
        if let Err(refusal) = known.issue(&issue, view.utc()) {
            return vec![(Role::Bad, refusal.to_string())];
        }
        match known.guest(&issue.name.value) {
            Some(guest) => opens(guest, &known, view),
            None => Vec::new(),
        }
    }

    fn submit(&self, fields: &Fields, view: &ViewModel<'_>) -> Result<Submission, String> {
        Ok(Submission::Do(Deed::AddGuest(issue(fields, view)?)))
    }
}

/// What the PIN will open, and what the lock will have against it.
fn opens(guest: &Guest, known: &OwnerView, view: &ViewModel<'_>) -> Vec<Note> {
    let grant = guest.issued.grant();
    let Grant::Stay(stay) = grant;
    let (start, end) = stay.window.bounds(known.settings.daily_hours);
    let kind = match stay.window.kind() {
        WindowKind::Hourly { .. } => "",
        WindowKind::Daily { .. } => ", whole days",
    };
    let span = (end - start).to_std().unwrap_or(Duration::ZERO);
    let mut notes = vec![(
        Role::Good,
        format!(
            "opens {} until {} ({}{kind})",
            start.format("%a %F %H:%M"),
            end.format("%a %F %H:%M"),
            words::span(span),
        ),
    )];
    let mut warn = |text: String| notes.push((Role::Warn, text));
    if is_too_long(grant, &known.settings) {
        let most = known.settings.max_smartpin_days;
        warn(format!(
            "the lock will deny it: max_smartpin_days is {most}"
        ));
    }
    if !known.settings.smartpin_enabled {
        warn("the lock denies all SmartPINs: smartpin_enabled is off".to_owned());
    }
    let now = view.utc();
    if known.zone.reaches(end).is_some_and(|end| end <= now) {
        warn("that stay is over already".to_owned());
    }
    notes
}

fn issue(fields: &Fields, view: &ViewModel<'_>) -> Result<Issue, String> {
    let guest = fields.value(0);
    if guest.is_empty() {
        return Err("a name for the guest".to_owned());
    }
    if guest.chars().count() > LONGEST {
        return Err(format!("a name of {LONGEST} letters at most"));
    }
    let same = |other: &&Guest| other.title().eq_ignore_ascii_case(guest);
    if let Some(other) = view.guests().iter().find(same) {
        return Err(format!("{} is in the book already", other.title()));
    }
    let start = stay(fields.value(1), view).map_err(|why| format!("from: {why}"))?;
    let end = stay(fields.value(2), view).map_err(|why| format!("until: {why}"))?;
    Ok(Issue {
        name: name_for(guest, view.known()).into(),
        guest: Some(guest.to_owned()),
        start: start.into(),
        end: end.into(),
        variant: None,
        generation: None,
        fails: None,
    })
}

/// When a stay begins or ends: from now on as files have it, or as times are typed here.
fn stay(text: &str, view: &ViewModel<'_>) -> Result<StayTime, String> {
    if text.is_empty() {
        return Err("a time, such as 2026-12-05 11:00, 11:00, +4d".to_owned());
    }
    if text.starts_with('+') || text == "now" {
        return text.parse();
    }
    if let Ok(ahead) = format!("+{text}").parse() {
        return Ok(ahead);
    }
    let stamp = when::instant(text, view.known(), view.utc())?;
    Ok(StayTime::Civil(view.known().zone.at(stamp).datetime()))
}

/// What steps call the guest's PIN: the guest's name in letters that files allow, and a number if it is taken.
fn name_for(guest: &str, known: &OwnerView) -> String {
    let letters = guest.to_lowercase();
    let words: Vec<_> = letters
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let mut base = words.join("_");
    if base.is_empty() || base == PROGRAMMING_CODE {
        "guest".clone_into(&mut base);
    }
    let taken = |name: &str| known.guest(name).is_some();
    if !taken(&base) {
        return base;
    }
    let numbered = (2_u32..).map(|number| format!("{base}_{number}"));
    numbered
        .into_iter()
        .find(|name| !taken(name))
        .unwrap_or(base)
}
