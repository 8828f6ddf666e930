//! `--state DIR`: a lock that is still there when the program is opened again.
//!
//! One file holds everything: a line that tells what it is, with a checksum of the rest; a line with the owner's book and
//! what was done so far; a line with the bench, flash and clock chip included. It is written beside and then put in its
//! place, so a kill leaves the old or the new one whole. A folder in use, foreign or damaged is refused and left as it is.
//! It holds keys and PINs' windows: whoever can read it can open the lock.

use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use crc::{CRC_32_ISO_HDLC, Crc};
use serde::{Deserialize, Serialize};

use super::whole;
use crate::moment::Moment;
use crate::people::{Kept, OwnerView};
use crate::play::record::{Item, Record, What};
use crate::play::{Origin, Play};
use crate::scenario::decode::from_json;
use crate::scenario::model::Lock;
use crate::scenario::model::names;
use crate::scenario::model::step::Verb;
use crate::scenario::print::inline;
use crate::stage::{Stage, key_of};
use crate::stimulus::{Power, Stimulus};
use crate::time::Lapse;
use crate::world::{Device, Dormant, Native, World};

const FILE: &str = "locksim.state";
const LOCK: &str = "locksim.lock";
/// What the first line begins with; another program's, or another version's, begins otherwise.
const MARK: &str = "locksim state 1 crc32 ";
const CHECKSUM: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);
/// How long the batteries are out between two runs of the program.
const OUT: Lapse = Lapse::from_micros(1_000_000);

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

/// The line with the book.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Past {
    lock: Lock,
    start: Moment,
    seed: u64,
    people: Kept,
    record: Vec<Item>,
    /// Whether the batteries were in.
    powered: bool,
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

    /// Keeps the lock as it is, without its power.
    ///
    /// # Errors
    ///
    /// Where the file can't be written; the one before is still there.
    pub(crate) fn write(&self, play: &Play, origin: &Origin) -> Result<(), StateError> {
        let failed = |error| StateError::Io(self.file.clone(), error);
        let text = text(play, origin).map_err(|error| failed(error.into()))?;
        whole::write(&self.file, text.as_bytes()).map_err(failed)
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

fn text(play: &Play, origin: &Origin) -> serde_json::Result<String> {
    let mut play = play.clone();
    play.lay_down();
    let past = Past {
        lock: origin.lock.clone(),
        start: origin.start,
        seed: origin.seed,
        people: play.stage.known.keep(),
        record: play.record.items().cloned().collect(),
        powered: play.stage.world.is_powered(),
    };
    let bench = serde_json::to_string(&play.stage.world.into_dormant())?;
    let body = format!("{}\n{bench}\n", inline(&past));
    let checksum = CHECKSUM.checksum(body.as_bytes());
    Ok(format!("{MARK}{checksum:08x}\n{body}"))
}

fn read(file: &Path) -> Result<(Play, Origin), StateError> {
    let damaged = |why: String| StateError::Damaged(file.to_path_buf(), why);
    let bytes = fs::read(file).map_err(|error| StateError::Io(file.to_path_buf(), error))?;
    let text = String::from_utf8(bytes).map_err(|_| damaged("it is no text".to_owned()))?;
    let (head, body) = text.split_once('\n').unwrap_or((&text, ""));
    let Some(checksum) = head.strip_prefix(MARK) else {
        let why = "its first line is another program's or another version's".to_owned();
        return Err(StateError::Foreign(file.to_path_buf(), why));
    };
    if checksum != format!("{:08x}", CHECKSUM.checksum(body.as_bytes())) {
        return Err(damaged("its checksum is wrong".to_owned()));
    }
    let mut lines = body.lines();
    let past = from_json::<Past>(lines.next().unwrap_or_default()).map_err(|problems| {
        damaged(
            problems
                .first()
                .map_or_else(String::new, |problem| problem.message.clone()),
        )
    })?;
    let bench: Dormant = serde_json::from_str(lines.next().unwrap_or_default())
        .map_err(|error| damaged(error.to_string()))?;
    resume(past, bench).map_err(damaged)
}

/// The batteries are put in again, if they were in.
fn resume(past: Past, bench: Dormant) -> Result<(Play, Origin), String> {
    let key = key_of(&past.lock)?;
    let known = OwnerView::restore(&past.people, &key).ok_or("the access book makes no sense")?;
    let mut record = Record::default();
    for item in past.record {
        record.push(item.at, item.what);
    }
    let device: Box<dyn Device> = Box::new(Native::new(key.clone()));
    let world = World::from_dormant(bench, device);
    let mut stage = Stage::resume(world, known, key);
    if past.powered {
        record.did(stage.world.now(), Verb::Power(names::Power::Cycle));
        let steps = stage
            .pass(OUT)
            .and_then(|()| stage.apply(Stimulus::Power(Power::On)));
        steps.map_err(|stop| stop.message)?;
        record.push(stage.world.now(), What::Reached);
        record.saved();
    }
    let origin = Origin {
        lock: past.lock,
        start: past.start,
        seed: past.seed,
    };
    Ok((Play::new(stage, record), origin))
}
