//! Saving what was done as a scenario.

use std::path::{Path, PathBuf};

use super::deed::Deed;
use super::form::{Fields, Form, Note, Purpose, Submission};
use crate::storage::{Found, Storage, typed_path};
use crate::theme::Role;
use crate::view::ViewModel;

/// What is written where nobody names another file.
const FILE: &str = "played.json";

/// Asks for a file and a name.
pub(crate) fn form() -> Form {
    Form::new("save as a scenario", Save)
        .field("file", FILE, FILE)
        .field("name", "", "a guest comes too early")
}

#[derive(Debug)]
struct Save;

impl Purpose for Save {
    fn notes(&self, fields: &Fields, view: &ViewModel<'_>) -> Vec<Note> {
        let path = path(view.storage, fields.value(0));
        let shown = path.display();
        let note = if let Err(why) = has_folder(view.storage, &path) {
            (Role::Warn, why)
        } else if view.storage.at(&path).is_some() {
            (Role::Warn, format!("{shown} exists"))
        } else {
            (Role::Faint, format!("writes {shown}"))
        };
        vec![note]
    }

    fn submit(&self, fields: &Fields, view: &ViewModel<'_>) -> Result<Submission, String> {
        let file = fields.value(0);
        if file.is_empty() {
            return Err("a file to write".to_owned());
        }
        let path = path(view.storage, file);
        has_folder(view.storage, &path)?;
        let exists = view
            .storage
            .at(&path)
            .map(|_| format!("{} exists: Enter again replaces it", path.display()));
        let name = match fields.value(1) {
            "" => "played by hand",
            name => name,
        };
        let deed = Deed::Save {
            path,
            name: name.to_owned(),
        };
        Ok(match exists {
            Some(why) => Submission::Confirm(why, deed),
            None => Submission::Do(deed),
        })
    }
}

fn has_folder(storage: &dyn Storage, path: &Path) -> Result<(), String> {
    let is_folder = |path: &Path| storage.at(path) == Some(Found::Folder);
    match path.parent().filter(|folder| !is_folder(folder)) {
        Some(folder) => Err(format!("there is no folder {}", folder.display())),
        None => Ok(()),
    }
}

/// A folder takes the file that would be written without saying anything.
fn path(storage: &dyn Storage, file: &str) -> PathBuf {
    let mut path = typed_path(storage, file);
    if storage.at(&path) == Some(Found::Folder) {
        path.push(FILE);
    } else if path.extension().is_none() {
        path.set_extension("json");
    }
    path
}
