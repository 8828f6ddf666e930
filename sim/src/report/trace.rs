//! Each test's trace as a file of JSON lines.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::run::event::{RunEvent, TestReport};
use crate::trace::TraceEvent;

/// A folder that takes the traces of a run.
pub struct TraceFolder {
    folder: PathBuf,
    taken: BTreeSet<String>,
}

impl TraceFolder {
    /// Makes the folder, where there is none.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn new(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.to_path_buf(),
            taken: BTreeSet::new(),
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
        let name = self.name(report);
        let file = self.folder.join(name);
        let mut writer = BufWriter::new(fs::File::create(file)?);
        for event in report.trace.iter() {
            write_line(event, &mut writer)?;
        }
        writer.flush()
    }

    /// A name of letters that every file system takes, after the file and the test.
    fn name(&mut self, report: &TestReport) -> String {
        let stem = format!(
            "{}--{}",
            slug(report.file.trim_end_matches(".json")),
            slug(&report.name)
        );
        let numbers =
            std::iter::once(String::new()).chain((2..).map(|number| format!("-{number}")));
        for number in numbers {
            let name = format!("{stem}{number}.jsonl");
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
        stem
    }
}

fn write_line(event: &TraceEvent, writer: &mut impl io::Write) -> io::Result<()> {
    serde_json::to_writer(&mut *writer, event)?;
    writer.write_all(b"\n")
}

fn slug(text: &str) -> String {
    let kept = text.chars().map(|letter| {
        if letter.is_ascii_alphanumeric() {
            letter
        } else {
            '-'
        }
    });
    let mut slug: String = kept.collect();
    while slug.contains("--") {
        slug = slug.replace("--", "-");
    }
    slug.trim_matches('-').chars().take(90).collect()
}
