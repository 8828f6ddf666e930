//! The command line: arguments in, exit codes out.

mod args;
mod check;
mod diff;
mod dut;
mod explore;
mod load;
mod odds;
mod pin;
mod progress;
mod run;
mod select;
mod sweep;
mod terminal;

use std::io::Write as _;
use std::panic;
use std::process::ExitCode;

use clap::CommandFactory as _;

use crate::exit::Exit;
use crate::terminal as front;
use args::{Args, Command};
use terminal::Terminal;

/// Runs the program with the process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    // A panic has been told on standard error by the time it is caught; it must not be taken for a failed test.
    panic::catch_unwind(|| dispatch(args::parse()))
        .unwrap_or(Exit::Broken)
        .into()
}

fn dispatch(args: Args) -> Exit {
    let mut terminal = Terminal::new(args.color);
    match args.command {
        Some(Command::Run(run)) => run::run(&run, &mut terminal),
        Some(Command::Sweep(sweep)) => sweep::run(&sweep, &mut terminal),
        Some(Command::Diff(diff)) => diff::run(&diff, &mut terminal),
        Some(Command::Check(check)) => check::run(&check, &mut terminal),
        Some(Command::Pin { command }) => pin::run(&command, &mut terminal),
        Some(Command::Explore(explore)) => explore::run(&explore, &mut terminal),
        Some(Command::Odds(odds)) => odds::run(&odds, &mut terminal),
        Some(Command::Schema) => terminal.result(&sim::scenario::schema::schema()),
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "locksim", &mut script);
            terminal.result(&String::from_utf8_lossy(&script))
        }
        Some(Command::Man) => man(&mut terminal),
        None => front(args.front, args.color, &mut terminal),
    }
}

fn front(args: args::Front, color: terminal::Color, terminal: &mut Terminal) -> Exit {
    let options = front::Options {
        start: args.start,
        zone: args.timezone,
        state: args.state,
        replay: args.replay,
        speed: args.speed,
        coloured: color.asked(),
        ascii: args.ascii,
    };
    match front::run(&options) {
        Ok(()) => Exit::Passed,
        Err(error) => {
            terminal.error(&error);
            error.exit()
        }
    }
}

fn man(terminal: &mut Terminal) -> Exit {
    let mut page = Vec::new();
    match clap_mangen::Man::new(Args::command())
        .render(&mut page)
        .and_then(|()| page.flush())
    {
        Ok(()) => terminal.result(&String::from_utf8_lossy(&page)),
        Err(error) => {
            terminal.error(error);
            Exit::Broken
        }
    }
}
