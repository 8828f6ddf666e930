//! `locksim diff`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::args::Diff;
use super::load::count;
use super::terminal::Terminal;
use crate::exit::Exit;
use sim::report::diff::difference;
use sim::trace::TraceEvent;

/// Differences that are shown in full.
const SHOWN: usize = 10;

pub(super) fn run(args: &Diff, terminal: &mut Terminal) -> Exit {
    match compare(&args.one, &args.other) {
        Ok((text, exit)) => {
            let said = terminal.result(&text);
            if said == Exit::Passed { exit } else { said }
        }
        Err(error) => {
            terminal.error(error);
            Exit::Usage
        }
    }
}

fn compare(one: &Path, other: &Path) -> Result<(String, Exit), String> {
    let [ones, others] = [traces(one)?, traces(other)?];
    let mut text = String::new();
    let mut parted = 0;
    for (name, path) in &ones {
        let Some(twin) = others.get(name) else {
            parted += 1;
            text += &alone(path, other);
            continue;
        };
        let [here, there] = [events(path)?, events(twin)?];
        let Some(difference) = difference(&here, &there) else {
            continue;
        };
        parted += 1;
        let first = difference.event;
        // Writing to a string doesn't fail.
        let _ = writeln!(text, "{}: event {first} differs", path.display());
        if parted <= SHOWN {
            let _ = writeln!(text, "{difference}");
        }
    }
    for (_, path) in others.iter().filter(|(name, _)| !ones.contains_key(*name)) {
        parted += 1;
        text += &alone(path, one);
    }
    let all = count(ones.len(), "trace");
    if parted == 0 {
        Ok((format!("{all}, all the same\n"), Exit::Passed))
    } else {
        let _ = writeln!(text, "{all}, {parted} of them not the same");
        Ok((text, Exit::Failed))
    }
}

fn alone(path: &Path, elsewhere: &Path) -> String {
    let name = path.file_name().unwrap_or_default().display();
    format!("{name} is not in {}\n", elsewhere.display())
}

/// The traces at a path, by what two runs have in common: of folders the files' names, of single files nothing.
fn traces(path: &Path) -> Result<BTreeMap<PathBuf, PathBuf>, String> {
    let failed = |error| format!("{}: {error}", path.display());
    if fs::metadata(path).map_err(failed)?.is_file() {
        return Ok(BTreeMap::from([(PathBuf::new(), path.to_owned())]));
    }
    let mut traces = BTreeMap::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        if file
            .extension()
            .is_some_and(|extension| extension == "jsonl")
        {
            let name = file.file_name().unwrap_or_default();
            traces.insert(PathBuf::from(name), file);
        }
    }
    if traces.is_empty() {
        return Err(format!("{}: no trace (*.jsonl) is in it", path.display()));
    }
    Ok(traces)
}

fn events(path: &Path) -> Result<Vec<TraceEvent>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let event = |(number, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| {
            let column = error.column();
            format!(
                "{}:{}:{column}: no event of a trace: {error}\n  {line}",
                path.display(),
                number + 1
            )
        })
    };
    text.lines().enumerate().map(event).collect()
}
