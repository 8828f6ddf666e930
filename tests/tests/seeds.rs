//! Every seed of the fuzz targets, and every finding that was kept, is a test: what must hold of any input holds of it. It
//! needs neither a fuzzer nor more than this toolchain.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use acceptance::properties::{self, Property};
use acceptance::root;
use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = vec![Trial::test("every folder is a target's", || {
        let names: Vec<_> = properties::ALL.iter().map(|(name, _)| *name).collect();
        let folders = listed(&root().join("fuzz/seeds"))?;
        let folders: Vec<_> = folders.iter().filter_map(|path| path.file_name()).collect();
        if folders == names {
            Ok(())
        } else {
            Err(format!("{folders:?}, expected {names:?}").into())
        }
    })];
    for (name, property) in properties::ALL {
        for file in listed(&root().join("fuzz/seeds").join(name)).unwrap_or_default() {
            trials.push(holds(name, property, file));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn holds(name: &str, property: Property, file: PathBuf) -> Trial {
    let shown = file.file_name().unwrap_or_default().to_string_lossy();
    Trial::test(format!("{name}/{shown}"), move || {
        property(&fs::read(&file)?);
        Ok(())
    })
}

/// What is in a folder, in the order of the names.
fn listed(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries: Result<Vec<_>, _> = fs::read_dir(folder)?.collect();
    let mut paths: Vec<_> = entries?.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}
