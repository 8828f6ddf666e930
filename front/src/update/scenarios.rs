//! Opening scenario files.

use crate::command::Command;
use std::path::Path;
use std::sync::Arc;

use crate::app::App;
use crate::dialogs::{Dialog, open};
use crate::history::{Own, Scene};
use crate::layout::Pane;
use crate::script::Script;
use crate::storage::Storage;
use crate::theme::Role;
use sim::scenario::load::{self, File, Invalid};
use sim::scenario::plan::{Root, Selection, plan};

impl App {
    pub(super) fn open_files(&mut self) {
        let picker = open::files(self.storage.as_ref());
        self.open(Dialog::Picker(picker));
    }

    /// Opens a file: its one test, or a list of them.
    /// Opens a scenario, and plays it if it holds one test alone.
    pub fn replay(&mut self, path: &Path) {
        self.open_file(path);
        if self.script.is_some() {
            self.update(Command::Pause);
        }
    }

    pub(crate) fn open_file(&mut self, path: &Path) {
        let file = match read(self.storage.as_ref(), path) {
            Ok(file) => file,
            Err(invalid) => {
                let page = open::invalid(&invalid, self.screen.width);
                return self.open(Dialog::Page(page));
            }
        };
        let roots = Arc::new(plan(vec![file], &Selection::default()));
        let tests: usize = roots.iter().map(|root| root.tests.len()).sum();
        if tests == 1 {
            self.open_test(&roots, 0);
        } else {
            self.open(Dialog::Picker(open::tests(&roots)));
        }
    }

    /// Opens the test of that number among those of a file.
    pub(super) fn open_test(&mut self, roots: &[Root], number: usize) {
        let mut before = 0;
        for root in roots {
            if number < before + root.tests.len() {
                return self.open_script(root, number - before);
            }
            before += root.tests.len();
        }
    }

    fn open_script(&mut self, root: &Root, number: usize) {
        match Script::open(root, number) {
            Ok((script, play, origin)) => {
                self.mark("opening a scenario");
                let aside = self.aside.take().unwrap_or_else(|| Own {
                    play: self.play.clone(),
                    origin: self.origin.clone(),
                });
                self.hang(Scene {
                    play,
                    origin,
                    script: Some(script),
                    aside: Some(aside),
                });
                self.focus = Pane::Script;
                self.running = false;
                self.say(
                    Role::Text,
                    "Space plays it, . does one step, > goes to the next expectation",
                );
            }
            Err(why) => self.say(Role::Bad, why),
        }
    }
}

/// The scenarios of a file.
fn read(storage: &dyn Storage, path: &Path) -> Result<File, Invalid> {
    let shown = path.display().to_string();
    match storage.read(path) {
        Ok(bytes) => load::read(&shown, &bytes),
        Err(why) => Err(Invalid::unread(&shown, why)),
    }
}
