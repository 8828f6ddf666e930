//! The front-end's files on the disk of this computer.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::atomic_write;
use super::state::StateFolder;
use front::storage::{Found, Listed, Storage};

/// The files of this computer, seen from a folder.
#[derive(Debug)]
pub(super) struct Disk {
    folder: PathBuf,
    home: Option<PathBuf>,
    /// The folder that keeps the lock between runs.
    state: Option<StateFolder>,
}

impl Disk {
    /// Seen from that folder; no lock is kept.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            home: env::home_dir(),
            state: None,
        }
    }

    /// With a folder that keeps the lock.
    pub(super) fn keeping(mut self, state: StateFolder) -> Self {
        self.state = Some(state);
        self
    }
}

impl Storage for Disk {
    fn folder(&self) -> &Path {
        &self.folder
    }

    fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    fn list(&self, folder: &Path) -> Vec<Listed> {
        let Ok(entries) = fs::read_dir(folder) else {
            return Vec::new();
        };
        let listed = |entry: fs::DirEntry| {
            // A link to a folder isn't followed: it may lead back up.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                Listed::Folder(entry.path())
            } else {
                Listed::File(entry.path())
            }
        };
        entries.flatten().map(listed).collect()
    }

    fn at(&self, path: &Path) -> Option<Found> {
        let data = fs::metadata(path).ok()?;
        Some(if data.is_dir() {
            Found::Folder
        } else {
            Found::File(data.len())
        })
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        fs::read(path).map_err(|error| error.to_string())
    }

    fn write(&mut self, path: &Path, text: &str) -> Result<(), String> {
        atomic_write::write(path, text.as_bytes()).map_err(|error| error.to_string())
    }

    fn keeps_lock(&self) -> bool {
        self.state.is_some()
    }

    fn keep_lock(&mut self, text: &str) -> Result<(), String> {
        match &self.state {
            Some(state) => state.write(text).map_err(|error| error.to_string()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_there_whole_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut disk = Disk::new(folder.path().to_path_buf());
        let path = folder.path().join("played.json");
        assert_eq!(disk.at(&path), None);
        for text in ["{}", "[ ]"] {
            disk.write(&path, text).unwrap();
            assert_eq!(disk.read(&path).as_deref(), Ok(text.as_bytes()));
            assert_eq!(disk.list(folder.path()), [Listed::File(path.clone())]);
        }
        assert_eq!(disk.at(&path), Some(Found::File(3)));
        assert_eq!(disk.at(folder.path()), Some(Found::Folder));
        let error = disk.write(&folder.path().join("nowhere/x.json"), "");
        assert!(error.unwrap_err().contains("No such file"));
    }
}
