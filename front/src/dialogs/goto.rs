//! Going to a time.

use super::deed::Deed;
use super::form::{Fields, Form, Note, Purpose, Submission};
use crate::theme::Role;
use crate::view::ViewModel;
use crate::{when, words};

/// Asks for a time.
pub(crate) fn form() -> Form {
    Form::new("go to", GoTo).field("to", "", "11:00")
}

#[derive(Debug)]
struct GoTo;

impl Purpose for GoTo {
    fn notes(&self, fields: &Fields, view: &ViewModel<'_>) -> Vec<Note> {
        let text = fields.value(0);
        if text.is_empty() {
            return vec![(Role::Faint, format!("such as {}", when::EXPECTED))];
        }
        match when::instant(text, view.known(), view.utc()) {
            Ok(stamp) => {
                let there = view.known().zone.at(stamp);
                let ahead = stamp.duration_since(view.utc());
                let role = if ahead.is_negative() {
                    Role::Bad
                } else {
                    Role::Good
                };
                let text = format!(
                    "{}, {}",
                    there.strftime("%a %F %T %Z"),
                    words::signed(ahead)
                );
                vec![(role, text)]
            }
            Err(why) => vec![(Role::Warn, why)],
        }
    }

    fn submit(&self, fields: &Fields, view: &ViewModel<'_>) -> Result<Submission, String> {
        let stamp = when::instant(fields.value(0), view.known(), view.utc())?;
        Ok(Submission::Do(Deed::GoTo(stamp)))
    }
}
