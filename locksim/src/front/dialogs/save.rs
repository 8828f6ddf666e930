//! Saving what was done as a scenario.

use std::path::{Path, PathBuf};

use super::form::{Form, Note, Purpose};
use crate::front::app::App;
use crate::front::storage::{Found, short, typed_path};
use crate::front::theme::Role;
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
        Some(folder) if app.storage.at(folder) != Some(Found::Folder) => (
            Role::Warn,
            format!("there is no folder {}", folder.display()),
        ),
        _ if app.storage.at(&path).is_some() => (Role::Warn, format!("{shown} exists")),
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
    if app.storage.at(&path).is_some() && !form.warned {
        form.warned = true;
        return Err(format!(
            "{} exists: Enter again replaces it",
            path.display()
        ));
    }
    let is_folder = |path: &Path| app.storage.at(path) == Some(Found::Folder);
    if let Some(folder) = path.parent().filter(|folder| !is_folder(folder)) {
        return Err(format!("there is no folder {}", folder.display()));
    }
    let name = match form.value(1) {
        "" => "played by hand",
        name => name,
    };
    let transcript = Transcript::of(name, &app.origin, &app.play.record, &app.play.stage)
        .map_err(|unlike| unlike.to_string())?;
    app.storage
        .write(&path, &transcript.text)
        .map_err(|why| format!("{}: {why}", path.display()))?;
    app.play.record.saved();
    let shown = short(app.storage.as_ref(), &path);
    let text = format!(
        "saved {} steps, replayed them, passed: locksim run {shown}",
        transcript.steps
    );
    app.say(Role::Good, text);
    Ok(())
}

/// A folder takes the file that would be written without saying anything.
fn path(app: &App, file: &str) -> PathBuf {
    let mut path = typed_path(app.storage.as_ref(), file);
    if app.storage.at(&path) == Some(Found::Folder) {
        path.push(FILE);
    } else if path.extension().is_none() {
        path.set_extension("json");
    }
    path
}
