//! Where whole-program tests find the scenarios, and room for what they write. The tests live in `tests/`.

pub mod properties;

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of this project.
///
/// # Panics
///
/// Never: the crate lies in the project.
#[must_use]
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// The folder of scenarios.
#[must_use]
pub fn scenarios() -> PathBuf {
    root().join("scenarios")
}

/// Every scenario file, in the order of their paths; neither the schema nor the files that must be refused.
///
/// # Panics
///
/// When a folder can't be read.
#[must_use]
pub fn scenario_files() -> Vec<PathBuf> {
    let mut files = files_below(&scenarios(), "json");
    files.retain(|path| {
        let invalid = path.starts_with(scenarios().join("invalid"));
        !invalid && path.file_name() != Some("schema.json".as_ref())
    });
    files
}

/// Every file below `folder` whose name ends in `.extension`, in the order of their paths.
///
/// # Panics
///
/// When a folder can't be read.
#[must_use]
pub fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{} can't be read: {error}", folder.display()));
        for entry in entries {
            let path = entry.expect("an entry of a folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension() == Some(extension.as_ref()) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The name of a test: the file's path below `folder`, without its extension.
#[must_use]
pub fn test_name(path: &Path, folder: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path).with_extension("");
    below.to_string_lossy().replace('\\', "/")
}
