//! Scenario files that the command line names, or all that is wrong with them.

use std::path::PathBuf;

use serde::Serialize;

use super::terminal::Terminal;
use crate::exit::Exit;
use crate::files;
use sim::scenario::diagnostic::{WIDTH, render};
use sim::scenario::load::{File, Invalid};
use sim::scenario::problem::Problem;

/// A number and its noun.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Reads every file that the paths name; else tells all that is wrong, and how the program ends.
pub(super) fn read(
    paths: &[PathBuf],
    terminal: &mut Terminal,
    json: bool,
) -> Result<Vec<File>, Exit> {
    let found = files::find(paths).map_err(|(path, error)| {
        terminal.error(format_args!("{}: {error}", path.display()));
        Exit::Usage
    })?;
    if found.is_empty() {
        let named: Vec<_> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        terminal.error(format_args!(
            "no scenario file (*.json) below {}",
            named.join(", ")
        ));
        return Err(Exit::Nothing);
    }
    let mut files = Vec::new();
    let mut wrong = Vec::new();
    for path in &found {
        match files::read_file(path) {
            Ok(file) => files.push(file),
            Err(invalid) => wrong.push(invalid),
        }
    }
    if wrong.is_empty() {
        Ok(files)
    } else {
        Err(tell(&wrong, found.len(), terminal, json))
    }
}

fn tell(wrong: &[Invalid], read: usize, terminal: &mut Terminal, json: bool) -> Exit {
    for invalid in wrong {
        if json {
            terminal.result(&lines(invalid));
        } else {
            terminal.talk(render(invalid, terminal.talk_colour(), WIDTH).trim_end());
        }
    }
    let problems = wrong.iter().map(|invalid| invalid.problems.len()).sum();
    terminal.error(format_args!(
        "{} in {} of {}",
        count(problems, "problem"),
        wrong.len(),
        count(read, "file")
    ));
    Exit::Usage
}

#[derive(Serialize)]
struct Report<'a> {
    path: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    message: &'a str,
    help: Option<&'a str>,
}

fn lines(invalid: &Invalid) -> String {
    let line = |problem: &Problem| {
        let place = problem.span.map(|span| invalid.source.place(span));
        let report = Report {
            path: &invalid.source.path,
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            message: &problem.message,
            help: problem.help.as_deref(),
        };
        serde_json::to_string(&report).unwrap_or_default() + "\n"
    };
    invalid.problems.iter().map(line).collect()
}
