//! Files, as far as the front-end needs them: the program has them on a disk, a browser in its storage, tests in a map.

use std::path::{Path, PathBuf};

/// Where scenario files lie, and where the lock is kept between runs.
///
/// Errors are in the words of whoever holds the files, and don't name the path again.
pub trait Storage {
    /// The folder from which typed paths go on, and below which scenario files are looked for.
    fn folder(&self) -> &Path;

    /// The folder that `~` stands for; none where there is none.
    fn home(&self) -> Option<&Path>;

    /// What lies directly in a folder, in any order; nothing where it can't be listed.
    fn list(&self, folder: &Path) -> Vec<Listed>;

    /// What is at a path; none where nothing is.
    fn at(&self, path: &Path) -> Option<Found>;

    /// A file's bytes.
    ///
    /// # Errors
    ///
    /// Why it can't be read.
    fn read(&self, path: &Path) -> Result<Vec<u8>, String>;

    /// Writes a file, in the place of one that is there. It is written whole or not at all.
    ///
    /// # Errors
    ///
    /// Why it can't be written; a file that was there before still is.
    fn write(&mut self, path: &Path, text: &str) -> Result<(), String>;

    /// Whether the lock is kept between runs.
    fn keeps_lock(&self) -> bool;

    /// Keeps a lock, by [the text](sim::play::kept::text) of it, in the place of the one kept before.
    ///
    /// # Errors
    ///
    /// Why it can't be kept, the place named; the one kept before still is.
    fn keep_lock(&mut self, text: &str) -> Result<(), String>;
}

/// Something in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listed {
    /// A file.
    File(PathBuf),
    /// A folder.
    Folder(PathBuf),
}

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A file of so many bytes.
    File(u64),
    /// A folder.
    Folder,
}

/// A path as it is typed: from the storage's folder on, and from one's own where it begins with `~`.
pub(super) fn typed_path(storage: &dyn Storage, text: &str) -> PathBuf {
    let text = text.trim();
    match (text.strip_prefix('~'), storage.home()) {
        (Some(""), Some(home)) => home.to_path_buf(),
        (Some(rest), Some(home)) if rest.starts_with('/') => {
            home.join(rest.trim_start_matches('/'))
        }
        _ => storage.folder().join(text),
    }
}

/// A path without the storage's folder, where it is below that.
pub(super) fn short<'a>(storage: &dyn Storage, path: &'a Path) -> std::path::Display<'a> {
    path.strip_prefix(storage.folder())
        .unwrap_or(path)
        .display()
}
