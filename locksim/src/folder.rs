//! A folder with a file for each test.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::files::{about, create_folder};
use sim::report::file_names::Names;
use sim::report::reporters::Reporter;
use sim::run::event::RunEvent;
use sim::trace::Trace;

/// Writes one trace in some form.
pub(crate) type Form = fn(&Trace, &mut dyn Write) -> io::Result<()>;

/// A folder that takes each test's trace in one form, once the test is over.
pub(crate) struct Folder {
    path: PathBuf,
    form: Form,
    extension: &'static str,
    names: Names,
}

impl Folder {
    /// Makes the folder, where there is none.
    ///
    /// # Errors
    ///
    /// Those of the file system, with the folder's name.
    pub(crate) fn new(path: &Path, form: Form, extension: &'static str) -> io::Result<Self> {
        create_folder(path)?;
        let path = path.to_path_buf();
        Ok(Self {
            path,
            form,
            extension,
            names: Names::default(),
        })
    }
}

impl Reporter for Folder {
    fn take(&mut self, event: &RunEvent) -> io::Result<()> {
        let RunEvent::TestFinished(report) = event else {
            return Ok(());
        };
        let name = self.names.next(&report.file, &report.name, self.extension);
        let path = self.path.join(name);
        let write = || {
            let mut writer = BufWriter::new(File::create(&path)?);
            (self.form)(&report.trace, &mut writer)?;
            writer.flush()
        };
        write().map_err(|error| about(&path, &error))
    }
}
