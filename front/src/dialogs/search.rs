//! Looking for something in the log.

use super::deed::Deed;
use super::form::{Fields, Form, Note, Purpose, Submission};
use crate::theme::Role;
use crate::view::ViewModel;

/// Asks what to look for; the log follows what is typed.
pub(crate) fn form(view: &ViewModel<'_>) -> Form {
    let before = view.log.filter.clone();
    Form::new("search the log", Search).field("for", before, "denied")
}

#[derive(Debug)]
struct Search;

impl Purpose for Search {
    fn notes(&self, _fields: &Fields, _view: &ViewModel<'_>) -> Vec<Note> {
        vec![(
            Role::Faint,
            "shows the entries that contain this; Esc shows all".to_owned(),
        )]
    }

    fn submit(&self, _fields: &Fields, _view: &ViewModel<'_>) -> Result<Submission, String> {
        Ok(Submission::Done)
    }

    fn typed(&self, fields: &Fields) -> Option<Deed> {
        Some(Deed::Search(fields.value(0).to_owned()))
    }

    fn left(&self) -> Option<Deed> {
        Some(Deed::EndSearch)
    }
}
