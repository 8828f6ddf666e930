//! Scenario files on the disk, and what is written beside them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sim::scenario::load::{File, Invalid, read};

/// Reads one file.
///
/// # Errors
///
/// As [`read`], and where the file can't be read at all.
pub fn read_file(path: &Path) -> Result<File, Invalid> {
    let shown = path.display().to_string();
    match fs::read(path) {
        Ok(bytes) => read(&shown, &bytes),
        Err(error) => Err(Invalid::unread(&shown, error)),
    }
}

/// Writes a file.
///
/// # Errors
///
/// Those of the file system, with the file's name.
pub(crate) fn write(file: &Path, text: &str) -> io::Result<()> {
    fs::write(file, text).map_err(|error| about(file, &error))
}

/// Makes a folder, where there is none.
///
/// # Errors
///
/// Those of the file system, with the folder's name.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder).map_err(|error| about(folder, &error))
}

/// An error that names the path it is about.
pub(crate) fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// The scenario files that the paths name: a file itself, and every `*.json` below a folder, in the order of their
/// names.
///
/// Below a folder, `schema.json` is passed over, which is no scenario, and so are folders named `invalid`, whose files
/// are there to be refused; each can be named itself.
///
/// # Errors
///
/// The path that can't be listed, and why.
pub fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let mut files = Vec::new();
    for path in paths {
        let failed = |error| (path.clone(), error);
        if fs::metadata(path).map_err(failed)?.is_dir() {
            below(path, &mut files)?;
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

fn below(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), (PathBuf, io::Error)> {
    let failed = |error| (folder.to_path_buf(), error);
    let mut entries: Vec<_> = fs::read_dir(folder)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name();
        if entry.file_type().map_err(failed)?.is_dir() {
            if name != "invalid" && !name.as_encoded_bytes().starts_with(b".") {
                below(&path, files)?;
            }
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
            && name != "schema.json"
        {
            files.push(path);
        }
    }
    Ok(())
}
