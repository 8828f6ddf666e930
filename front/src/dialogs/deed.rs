//! What dialogs ask for. They do nothing themselves; `update` carries it out.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::Dialog;
use crate::command::Command;
use crate::theme::Role;
use sim::scenario::model::step::{Issue, Verb};
use sim::scenario::plan::Root;

/// What follows from a key or a click in a dialog.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The dialog stays open.
    Stay,
    /// It stays open, and this is done.
    Meanwhile(Deed),
    Close,
    /// Another takes its place.
    Open(Box<Dialog>),
    /// It closes and this is done; a form stays open where that fails.
    Do(Deed),
}

/// Something to be done.
#[derive(Debug)]
pub(crate) enum Deed {
    Command(Command),
    /// Something is said.
    Warn(String),
    /// What a step of a scenario would do, at once.
    Perform(Performance),
    /// The owner's app issues a SmartPIN.
    AddGuest(Issue),
    /// Time goes on to there without being waited for.
    GoTo(Timestamp),
    /// What was played is written as a scenario.
    Save {
        path: PathBuf,
        name: String,
    },
    /// The log shows only entries with this text in them.
    Search(String),
    /// The log shows all entries again.
    EndSearch,
    OpenFile(PathBuf),
    /// The test of this number among those of all scenarios of a file.
    OpenTest(Arc<Vec<Root>>, usize),
    RaiseGeneration,
    Quit,
    /// A scenario is closed, and one's own lock comes back.
    ReturnToOwn,
    /// A scenario is closed, and its lock stays.
    KeepScenarios,
}

/// A step that is done at once.
#[derive(Debug)]
pub(crate) struct Performance {
    /// As undo calls it.
    pub(crate) deed: String,
    pub(crate) verb: Verb,
    /// What is said once it is done.
    pub(crate) said: (Role, String),
}
