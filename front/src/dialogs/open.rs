//! Opening a scenario file.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::deed::Deed;
use super::page::Page;
use super::picker::{Choice, Item, Picker};
use crate::storage::{Found, Listed, Storage, short};
use sim::scenario::diagnostic::render;
use sim::scenario::load::Invalid;
use sim::scenario::plan::Root;

/// Deeper folders aren't looked into, so that the list opens at once in one's home folder, too.
const DEPTH: usize = 4;
/// Nor are more files shown.
const MOST: usize = 2_000;

/// The scenario files below the storage's folder.
pub(crate) fn files(storage: &dyn Storage) -> Picker {
    let mut files = Vec::new();
    below(storage, storage.folder(), DEPTH, &mut files);
    files.sort();
    let item = |(path, name): (PathBuf, String)| Item {
        label: short(storage, &path).to_string(),
        detail: name,
        choice: Choice::Do(Deed::OpenFile(path)),
        why_not: None,
    };
    let items = files.into_iter().map(item).collect();
    let picker = Picker::new(
        "open a scenario",
        items,
        "no scenario file below this folder: type the path of one",
    );
    picker.or_path()
}

/// The tests of a file.
pub(crate) fn tests(roots: &Arc<Vec<Root>>) -> Picker {
    let tests: Vec<_> = roots.iter().flat_map(|root| &root.tests).collect();
    let items = tests.iter().enumerate().map(|(number, test)| Item {
        label: distinct(&test.name, &tests[0].name).to_owned(),
        detail: test.name.clone(),
        choice: Choice::Do(Deed::OpenTest(Arc::clone(roots), number)),
        why_not: None,
    });
    let items = items.collect();
    Picker::new("this file holds several tests", items, "it holds none")
}

/// All that is wrong with a file, on a screen of so many columns.
pub(crate) fn invalid(invalid: &Invalid, columns: u16) -> Page {
    // Inside of a dialog's frame.
    let width = usize::from(columns.clamp(60, 110)) - 4;
    Page::of_text("this file isn't valid", &render(invalid, false, width))
}

/// What tells a test from the others of its file: its case and branch.
fn distinct<'a>(name: &'a str, other: &str) -> &'a str {
    let common = name.char_indices().zip(other.chars());
    let differs = common.into_iter().find(|((_, one), other)| one != other);
    let at = differs.map_or(name.len().min(other.len()), |((at, _), _)| at);
    let begins = name[..at].rfind(['[', '/']).unwrap_or(0);
    name[begins..].trim_start_matches(['/', ' '])
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
