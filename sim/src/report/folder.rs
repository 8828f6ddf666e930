//! A folder with a file for each test.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::run::event::RunEvent;
use crate::trace::Trace;

/// Writes one trace in some form.
pub type Form = fn(&Trace, &mut BufWriter<File>) -> io::Result<()>;

/// A folder that takes each test's trace in one form.
pub struct Folder {
    path: PathBuf,
    form: Form,
    extension: &'static str,
    names: Names,
}

/// Names of files after tests, no two alike.
#[derive(Default)]
pub struct Names(BTreeSet<String>);

impl Names {
    /// A name of letters that every file system takes, after a test's file and its name.
    pub fn next(&mut self, file: &str, test: &str, extension: &str) -> String {
        let file = file.trim_end_matches(".json");
        let stem = format!("{}--{}", slug(file), slug(test));
        let mut name = format!("{stem}.{extension}");
        let mut number = 1;
        while !self.0.insert(name.clone()) {
            number += 1;
            name = format!("{stem}-{number}.{extension}");
        }
        name
    }
}

impl Folder {
    /// Makes the folder, where there is none.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn new(path: &Path, form: Form, extension: &'static str) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        let path = path.to_path_buf();
        Ok(Self {
            path,
            form,
            extension,
            names: Names::default(),
        })
    }

    /// Writes the trace of a test that is over.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn take(&mut self, event: &RunEvent) -> io::Result<()> {
        let RunEvent::TestFinished(report) = event else {
            return Ok(());
        };
        let name = self.names.next(&report.file, &report.name, self.extension);
        let mut writer = BufWriter::new(File::create(self.path.join(name))?);
        (self.form)(&report.trace, &mut writer)?;
        writer.flush()
    }
}

fn slug(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join("-").chars().take(90).collect()
}
