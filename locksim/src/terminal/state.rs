//! `--state DIR`: a lock that is still there when the program is opened again.
//!
//! One file holds everything: a line that tells what it is, with a checksum of the rest; and the lock as [`kept`] has it.
//! It is written beside and then put in its place, so a kill leaves the old or the new one whole. A folder in use, foreign
//! or damaged is refused and left as it is.

use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use super::atomic_write;
use crc::{CRC_32_ISO_HDLC, Crc};
use sim::course::Origin;
use sim::play::Play;
use sim::play::kept;

const FILE: &str = "locksim.state";
const LOCK: &str = "locksim.lock";
/// What the first line begins with; another program's, or another version's, begins otherwise.
const MARK: &str = "locksim state 1 crc32 ";
const CHECKSUM: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);

/// The folder, which is nobody else's until this is dropped.
#[derive(Debug)]
pub(crate) struct StateFolder {
    file: PathBuf,
    /// Locked as long as it is open.
    _lock: File,
}

/// Why a folder is refused.
#[derive(Debug)]
pub(crate) enum StateError {
    InUse(PathBuf),
    /// Something else lives there.
    Foreign(PathBuf, String),
    Damaged(PathBuf, String),
    Io(PathBuf, io::Error),
}

impl fmt::Display for StateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse(folder) => write!(
                formatter,
                "{} is in use by another locksim: end that one, or name another folder",
                folder.display()
            ),
            Self::Foreign(path, why) => write!(
                formatter,
                "{} holds no lock of this program's ({why}): name an empty or a new folder",
                path.display()
            ),
            Self::Damaged(file, why) => write!(
                formatter,
                "{} is damaged ({why}): nothing was changed; move it away to begin with a new lock",
                file.display()
            ),
            Self::Io(path, error) => write!(formatter, "{}: {error}", path.display()),
        }
    }
}

impl StateFolder {
    /// Opens a folder, or makes it; and the lock in it, if there is one.
    ///
    /// # Errors
    ///
    /// Where it is somebody else's, or can't be read.
    pub(crate) fn open(folder: &Path) -> Result<(Self, Option<(Play, Origin)>), StateError> {
        let failed = |error| StateError::Io(folder.to_path_buf(), error);
        if folder.is_file() {
            let why = "it is a file, not a folder".to_owned();
            return Err(StateError::Foreign(folder.to_path_buf(), why));
        }
        // Whoever can read what is in it can open the lock.
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(failed)?;
        let file = folder.join(FILE);
        if !file.exists() {
            refuse_strangers(folder)?;
        }
        let lock = File::create(folder.join(LOCK)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StateError::InUse(folder.to_path_buf())),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let kept = if file.exists() {
            Some(read(&file)?)
        } else {
            None
        };
        Ok((Self { file, _lock: lock }, kept))
    }

    /// Keeps a lock by its text.
    ///
    /// # Errors
    ///
    /// Where the file can't be written; the one before is still there.
    pub(crate) fn write(&self, body: &str) -> Result<(), StateError> {
        let text = format!("{}\n{body}", head(body));
        atomic_write::write(&self.file, text.as_bytes())
            .map_err(|error| StateError::Io(self.file.clone(), error))
    }
}

/// A folder with files in it that aren't ours is somebody else's.
fn refuse_strangers(folder: &Path) -> Result<(), StateError> {
    let failed = |error| StateError::Io(folder.to_path_buf(), error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let ours = name == LOCK || name.to_string_lossy().starts_with(FILE);
        if !ours {
            let why = format!("there is {}", name.to_string_lossy());
            return Err(StateError::Foreign(folder.to_path_buf(), why));
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<(Play, Origin), StateError> {
    let damaged = |why: String| StateError::Damaged(file.to_path_buf(), why);
    let bytes = fs::read(file).map_err(|error| StateError::Io(file.to_path_buf(), error))?;
    let text = String::from_utf8(bytes).map_err(|_| damaged("it is no text".to_owned()))?;
    let (head, body) = text.split_once('\n').unwrap_or((&text, ""));
    if !head.starts_with(MARK) {
        let why = "its first line is another program's or another version's".to_owned();
        return Err(StateError::Foreign(file.to_path_buf(), why));
    }
    if head != self::head(body) {
        return Err(damaged("its checksum is wrong".to_owned()));
    }
    kept::read(body).map_err(damaged)
}

/// The first line, for what is to follow it.
fn head(body: &str) -> String {
    format!("{MARK}{:08x}", CHECKSUM.checksum(body.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use front::app::App;

    #[test]
    fn a_folder_keeps_a_lock_and_belongs_to_one_program() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let (state, kept) = StateFolder::open(&path).unwrap();
        assert!(kept.is_none());
        let start = "2026-12-01T15:00".parse().unwrap();
        let (play, origin) = App::fresh(start, "America/Denver".parse().unwrap()).unwrap();
        state.write(&kept::text(&play, &origin).unwrap()).unwrap();
        assert!(matches!(
            StateFolder::open(&path),
            Err(StateError::InUse(_))
        ));
        drop(state);
        let (_state, kept) = StateFolder::open(&path).unwrap();
        let (_, again) = kept.expect("a lock is kept");
        assert_eq!(again.start, origin.start);
    }
}
