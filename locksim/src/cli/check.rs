//! `locksim check`.

use super::args;
use super::load::{count, read};
use super::terminal::Terminal;
use crate::exit::Exit;

pub(super) fn run(check: &args::Check, terminal: &mut Terminal) -> Exit {
    match read(&check.paths, terminal, check.json) {
        Ok(files) => {
            let scenarios: usize = files.iter().map(|file| file.scenarios.len()).sum();
            terminal.talk(format_args!(
                "{} and {} valid",
                count(files.len(), "file"),
                count(scenarios, "scenario")
            ));
            Exit::Passed
        }
        Err(exit) => exit,
    }
}
