//! Opening a scenario file.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Dialog;
use super::page::Page;
use super::picker::{Choice, Item, Picker};
use crate::front::app::App;
use crate::front::history::{Own, Scene};
use crate::front::layout::Pane;
use crate::front::script::Script;
use crate::front::storage::{Found, Listed, Storage, short};
use crate::front::theme::Role;
use crate::scenario::diagnostic::render;
use crate::scenario::load::{self, File, Invalid};
use crate::scenario::plan::{Root, Selection, plan};

/// Deeper folders aren't looked into, so that the list opens at once in one's home folder, too.
const DEPTH: usize = 4;
/// Nor are more files shown.
const MOST: usize = 2_000;

impl App {
    pub(crate) fn open_files(&mut self) {
        let mut files = Vec::new();
        below(
            self.storage.as_ref(),
            self.storage.folder(),
            DEPTH,
            &mut files,
        );
        files.sort();
        let item = |(path, name): (PathBuf, String)| Item {
            label: short(self.storage.as_ref(), &path).to_string(),
            detail: name,
            choice: Choice::File(path),
            why_not: None,
        };
        let items = files.into_iter().map(item).collect();
        let picker = Picker::new(
            "open a scenario",
            items,
            "no scenario file below this folder: type the path of one",
        );
        self.open_picker(picker.or_path());
    }

    /// Opens a file: its one test, or a list of them.
    pub(crate) fn open_file(&mut self, path: &Path) {
        let file = match read(self.storage.as_ref(), path) {
            Ok(file) => file,
            Err(invalid) => {
                // Inside of a dialog's frame.
                let width = usize::from(self.screen.width.clamp(60, 110)) - 4;
                let page = Page::of_text("this file isn't valid", &render(&invalid, false, width));
                self.dialog = Some(Dialog::Page(page));
                self.dirty = true;
                return;
            }
        };
        let roots = Arc::new(plan(vec![file], &Selection::default()));
        let tests: Vec<_> = roots.iter().flat_map(|root| &root.tests).collect();
        if tests.len() == 1 {
            self.open_test(&roots, 0);
            return;
        }
        let items = tests.iter().enumerate().map(|(number, test)| Item {
            label: distinct(&test.name, &tests[0].name).to_owned(),
            detail: test.name.clone(),
            choice: Choice::Test(Arc::clone(&roots), number),
            why_not: None,
        });
        self.open_picker(Picker::new(
            "this file holds several tests",
            items.collect(),
            "it holds none",
        ));
    }

    /// Opens the test of that number among those of a file.
    pub(crate) fn open_test(&mut self, roots: &[Root], number: usize) {
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

/// What tells a test from the others of its file: its case and branch.
fn distinct<'a>(name: &'a str, other: &str) -> &'a str {
    let common = name.char_indices().zip(other.chars());
    let differs = common.into_iter().find(|((_, one), other)| one != other);
    let at = differs.map_or(name.len().min(other.len()), |((at, _), _)| at);
    let begins = name[..at].rfind(['[', '/']).unwrap_or(0);
    name[begins..].trim_start_matches(['/', ' '])
}

/// The scenarios of a file.
fn read(storage: &dyn Storage, path: &Path) -> Result<File, Invalid> {
    let shown = path.display().to_string();
    match storage.read(path) {
        Ok(bytes) => load::read(&shown, &bytes),
        Err(why) => Err(Invalid::unread(&shown, why)),
    }
}

/// Files that look like scenarios, and what they call themselves.
fn below(storage: &dyn Storage, folder: &Path, depth: usize, files: &mut Vec<(PathBuf, String)>) {
    for listed in storage.list(folder) {
        if files.len() >= MOST {
            return;
        }
        match listed {
            Listed::Folder(path) => {
                let name = file_name(&path);
                let skipped = ["target", "node_modules", "invalid"].contains(&name.as_ref());
                if depth > 0 && !name.starts_with('.') && !skipped {
                    below(storage, &path, depth - 1, files);
                }
            }
            Listed::File(path) if file_name(&path).ends_with(".json") => {
                if let Some(name) = scenario_name(storage, &path) {
                    files.push((path, name));
                }
            }
            Listed::File(_) => {}
        }
    }
}

fn file_name(path: &Path) -> Cow<'_, str> {
    path.file_name().unwrap_or_default().to_string_lossy()
}

/// At a glance; whether it is one is found out when it is opened.
fn scenario_name(storage: &dyn Storage, path: &Path) -> Option<String> {
    let small = matches!(storage.at(path), Some(Found::File(bytes)) if bytes < 1 << 20);
    let bytes = small.then(|| storage.read(path).ok())??;
    let text = str::from_utf8(&bytes).ok()?;
    if !text.contains("\"steps\"") || text.contains("json-schema.org") {
        return None;
    }
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let name = value.get("name").and_then(serde_json::Value::as_str);
    Some(name.unwrap_or_default().to_owned())
}
