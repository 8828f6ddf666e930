//! Saving what was done as a scenario.

use std::path::PathBuf;

use super::form::{Form, Note, Purpose};
use super::picker::typed_path;
use crate::front::app::App;
use crate::front::theme::Role;
use crate::front::whole;
use crate::play::Transcript;

/// What is written where nobody names another file.
const FILE: &str = "played.json";

impl App {
    pub(crate) fn open_save(&mut self) {
        self.open_form(
            Form::new("save as a scenario", Purpose::Save)
                .field("file", FILE, FILE)
                .field("name", "", "a guest comes too early"),
        );
    }
}

pub(super) fn notes(app: &App, form: &Form) -> Vec<Note> {
    let path = path(app, form.value(0));
    let shown = path.display();
    let note = match path.parent() {
        Some(folder) if !folder.is_dir() => (
            Role::Warn,
            format!("there is no folder {}", folder.display()),
        ),
        _ if path.exists() => (Role::Warn, format!("{shown} exists")),
        _ => (Role::Faint, format!("writes {shown}")),
    };
    vec![note]
}

pub(super) fn submit(app: &mut App, form: &mut Form) -> Result<(), String> {
    let file = form.value(0);
    if file.is_empty() {
        return Err("a file to write".to_owned());
    }
    let path = path(app, file);
    if path.exists() && !form.warned {
        form.warned = true;
        return Err(format!(
            "{} exists: Enter again replaces it",
            path.display()
        ));
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.is_dir()) {
        return Err(format!("there is no folder {}", folder.display()));
    }
    let name = match form.value(1) {
        "" => "played by hand",
        name => name,
    };
    let transcript = Transcript::of(name, &app.origin, &app.play.record, &app.play.stage)
        .map_err(|unlike| unlike.to_string())?;
    whole::write(&path, transcript.text.as_bytes())
        .map_err(|error| format!("{}: {error}", path.display()))?;
    app.play.record.saved();
    let shown = path.strip_prefix(&app.folder).unwrap_or(&path).display();
    let text = format!(
        "saved {} steps, replayed them, passed: locksim run {shown}",
        transcript.steps
    );
    app.say(Role::Good, text);
    Ok(())
}

/// A folder takes the file that would be written without saying anything.
fn path(app: &App, file: &str) -> PathBuf {
    let mut path = typed_path(&app.folder, file);
    if path.is_dir() {
        path.push(FILE);
    } else if path.extension().is_none() {
        path.set_extension("json");
    }
    path
}
