//! `locksim sweep`.

use std::io;
use std::path::{Path, PathBuf};

use super::args::Sweep;
use super::load::{self, count};
use super::progress::Tests;
use super::select::counted;
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::files::{create_folder, write};
use crate::threads::Threads;
use sim::report::file_names::Names;
use sim::report::human::Human;
use sim::report::json::JsonLines;
use sim::report::reporters::{Printer, Reporter, Reporters};
use sim::report::sweep::TOLD;
use sim::scenario::plan::{Root, Selection, plan};
use sim::scenario::print::print;
use sim::sweep::event::SweepEvent;
use sim::sweep::{self, Options, TAG};

pub(super) fn run(args: &Sweep, terminal: &mut Terminal) -> Exit {
    let files = match load::read(&args.paths, terminal, false) {
        Ok(files) => files,
        Err(exit) => return exit,
    };
    let selection = Selection {
        tag: Some(TAG.to_owned()),
        filter: args.filter.clone(),
        ..Selection::default()
    };
    let roots = plan(files, &selection);
    let (_, selected) = counted(&roots);
    if selected == 0 {
        terminal.error(nothing(&roots));
        return Exit::Nothing;
    }
    let mut saved = match args.save.as_deref().map(Saved::new).transpose() {
        Ok(saved) => saved,
        Err(error) => {
            terminal.error(error);
            return Exit::Usage;
        }
    };
    let options = Options {
        patterns: args.patterns,
        budget: args.budget,
    };
    let threads = match Threads::new(args.jobs) {
        Ok(threads) => threads,
        Err(error) => return terminal.broken(error),
    };
    let mut reporters = reporters(args, selected, saved.as_mut(), terminal);
    let totals = sweep::sweep(&roots, &options, &threads, &mut |event| {
        reporters.take(&event);
    });
    let failures = reporters.end();
    if let Some(saved) = &saved {
        let files = count(saved.files, "file");
        terminal.talk(format_args!("{files} saved in {}", saved.path.display()));
    } else if totals.losses > 0 {
        terminal.talk("to replay a loss: --save DIR writes it as a scenario, and `locksim run` goes there again");
    }
    terminal.conclude(totals.into(), &failures)
}

/// Whoever is told of so many tests.
fn reporters<'a>(
    args: &Sweep,
    tests: usize,
    saved: Option<&'a mut Saved>,
    terminal: &'a mut Terminal,
) -> Reporters<'a, SweepEvent> {
    let mut reporters = Reporters::default();
    let progress = Tests::new(tests);
    let colour = terminal.result_colour();
    let print = progress.printer(terminal);
    if args.json {
        reporters.add(Printer::new(JsonLines, print));
    } else {
        reporters.add(Printer::new(Human::new(colour), print));
    }
    if let Some(saved) = saved {
        reporters.add(saved);
    }
    reporters.add(progress);
    reporters
}

/// Why there is nothing to be swept.
fn nothing(roots: &[Root]) -> String {
    let of = |roots: &mut dyn Iterator<Item = &Root>| -> usize {
        roots.map(|root| root.tests.len()).sum()
    };
    let tagged = of(&mut roots.iter().filter(|root| root.scenario.is_tagged(TAG)));
    if tagged > 0 {
        let tests = count(tagged, "test");
        return format!("no test found: none of {tests} tagged `{TAG}` is selected");
    }
    format!(
        "nothing to sweep: none of {} is tagged `{TAG}`; write \"tags\": [\"{TAG}\"] into the scenarios that are to be swept",
        count(of(&mut roots.iter()), "test")
    )
}

/// A folder for runs in which something was lost.
struct Saved {
    path: PathBuf,
    names: Names,
    files: usize,
}

impl Saved {
    fn new(path: &Path) -> io::Result<Self> {
        create_folder(path)?;
        Ok(Self {
            path: path.to_owned(),
            names: Names::default(),
            files: 0,
        })
    }
}

impl Reporter<SweepEvent> for &mut Saved {
    fn take(&mut self, event: &SweepEvent) -> io::Result<()> {
        let SweepEvent::TestSwept(swept) = event else {
            return Ok(());
        };
        for loss in swept.losses.iter().take(TOLD) {
            let name = self.names.next(&swept.file, &swept.name, "json");
            write(&self.path.join(name), &print(&loss.scenario))?;
            self.files += 1;
        }
        Ok(())
    }
}
