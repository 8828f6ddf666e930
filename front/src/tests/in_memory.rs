//! Files in a map.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::LazyLock;

use crate::storage::{Found, Listed, Storage};

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Where [`InMemory::scenarios`] has them.
const SCENARIOS: &str = "/scenarios";

static CORPUS: LazyLock<Files> = LazyLock::new(|| {
    let mut files = Files::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
    copy(&folder, Path::new(SCENARIOS), &mut files);
    files
});

#[expect(
    clippy::disallowed_methods,
    reason = "the corpus comes from the disk, once"
)]
fn copy(from: &Path, to: &Path, files: &mut Files) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to, files);
        } else {
            files.insert(to, fs::read(entry.path()).unwrap());
        }
    }
}

/// Files in a map; clones have the same.
#[derive(Clone, Debug)]
pub(super) struct InMemory {
    folder: PathBuf,
    files: Rc<RefCell<Files>>,
    kept: Option<Rc<RefCell<String>>>,
}

impl InMemory {
    /// An empty folder.
    pub(super) fn new() -> Self {
        Self {
            // Screens name it.
            folder: "/tmp".into(),
            files: Rc::default(),
            kept: None,
        }
    }

    /// The folder of the project's scenarios.
    pub(super) fn scenarios() -> Self {
        Self {
            folder: SCENARIOS.into(),
            files: Rc::new(RefCell::new(CORPUS.clone())),
            kept: None,
        }
    }

    /// The lock is kept from now on.
    pub(super) fn keeping(mut self) -> Self {
        self.kept = Some(Rc::default());
        self
    }

    /// The lock that was kept, as text.
    pub(super) fn kept(&self) -> String {
        let kept = self.kept.as_ref().expect("locks are kept");
        kept.borrow().clone()
    }

    /// The paths of all files.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        self.files.borrow().keys().cloned().collect()
    }
}

impl Storage for InMemory {
    fn folder(&self) -> &Path {
        &self.folder
    }

    fn home(&self) -> Option<&Path> {
        None
    }

    fn list(&self, folder: &Path) -> Vec<Listed> {
        let files = self.files.borrow();
        let below = files
            .keys()
            .filter_map(|path| path.strip_prefix(folder).ok());
        let mut listed: Vec<_> = below
            .filter_map(|path| {
                let mut parts = path.components();
                let first = folder.join(parts.next()?);
                Some(match parts.next() {
                    None => Listed::File(first),
                    Some(_) => Listed::Folder(first),
                })
            })
            .collect();
        listed.dedup();
        listed
    }

    fn at(&self, path: &Path) -> Option<Found> {
        if path == self.folder || !self.list(path).is_empty() {
            return Some(Found::Folder);
        }
        let files = self.files.borrow();
        files.get(path).map(|file| Found::File(file.len() as u64))
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        let files = self.files.borrow();
        files
            .get(path)
            .cloned()
            .ok_or_else(|| "there is no such file".to_owned())
    }

    fn write(&mut self, path: &Path, text: &str) -> Result<(), String> {
        self.files.borrow_mut().insert(path.into(), text.into());
        Ok(())
    }

    fn keeps_lock(&self) -> bool {
        self.kept.is_some()
    }

    fn keep_lock(&mut self, text: &str) -> Result<(), String> {
        if let Some(kept) = &self.kept {
            text.clone_into(&mut kept.borrow_mut());
        }
        Ok(())
    }
}
