//! Going to a time.

use super::form::{Form, Note, Purpose};
use crate::front::app::App;
use crate::front::theme::Role;
use crate::front::{when, words};

impl App {
    pub(crate) fn open_goto(&mut self) {
        self.open_form(Form::new("go to", Purpose::GoTo).field("to", "", "11:00"));
    }
}

pub(super) fn notes(app: &App, form: &Form) -> Vec<Note> {
    let text = form.value(0);
    if text.is_empty() {
        return vec![(Role::Faint, format!("such as {}", when::EXPECTED))];
    }
    let stage = &app.play.stage;
    match when::instant(text, &stage.known, stage.utc()) {
        Ok(stamp) => {
            let there = stage.known.zone.at(stamp);
            let ahead = stamp.duration_since(stage.utc());
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

pub(super) fn submit(app: &mut App, form: &Form) -> Result<(), String> {
    let stage = &app.play.stage;
    let stamp = when::instant(form.value(0), &stage.known, stage.utc())?;
    app.leap_to(stamp)
}
