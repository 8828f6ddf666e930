//! `locksim sweep`.

use std::fmt::Display;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;

use super::Exit;
use super::args::Sweep;
use super::load::{self, count};
use super::progress;
use super::select::counted;
use super::terminal::Terminal;
use crate::report::file_names::Names;
use crate::report::human::Human;
use crate::report::json;
use crate::report::sweep::TOLD;
use crate::scenario::plan::{Root, Selection, plan};
use crate::scenario::print::print;
use crate::sweep::event::{SweepEvent, TestSwept, Totals};
use crate::sweep::{self, Options, TAG};
use crate::threads::Threads;

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
    let saved = match args.save.as_deref().map(Saved::new).transpose() {
        Ok(saved) => saved,
        Err(error) => {
            let path = args.save.as_deref().unwrap_or(Path::new(""));
            terminal.error(format_args!("{}: {error}", path.display()));
            return Exit::Usage;
        }
    };
    let mut reporter = Reporter {
        human: (!args.json).then(|| Human::new(terminal.result_colour())),
        progress: progress::tests(selected),
        saved,
        failed: Vec::new(),
    };
    let options = Options {
        patterns: args.patterns,
        budget: args.budget,
    };
    let threads = match Threads::new(args.jobs) {
        Ok(threads) => threads,
        Err(error) => {
            terminal.error(error);
            return Exit::Broken;
        }
    };
    let totals = sweep::sweep(&roots, &options, &threads, &mut |event| {
        reporter.take(&event, terminal);
    });
    reporter.end(totals, terminal)
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
        fs::create_dir_all(path)?;
        Ok(Self {
            path: path.to_owned(),
            names: Names::default(),
            files: 0,
        })
    }

    fn take(&mut self, swept: &TestSwept) -> Result<(), String> {
        for loss in swept.losses.iter().take(TOLD) {
            let name = self.names.next(&swept.file, &swept.name, "json");
            let path = self.path.join(name);
            fs::write(&path, print(&loss.scenario))
                .map_err(|error| format!("{}: {error}", path.display()))?;
            self.files += 1;
        }
        Ok(())
    }
}

struct Reporter {
    human: Option<Human>,
    progress: ProgressBar,
    saved: Option<Saved>,
    failed: Vec<String>,
}

impl Reporter {
    fn take(&mut self, event: &SweepEvent, terminal: &mut Terminal) {
        let text = match &mut self.human {
            Some(human) => human.sweep(event),
            None => json::line(event).unwrap_or_else(|error| self.fail(&error)),
        };
        if let SweepEvent::TestSwept(swept) = event {
            let outcome = self.saved.as_mut().map(|saved| saved.take(swept));
            if let Some(Err(error)) = outcome {
                self.fail(&error);
            }
            self.progress.inc(1);
        }
        if let SweepEvent::SweepFinished(_) = event {
            self.progress.finish_and_clear();
        }
        if !text.is_empty() {
            self.progress.suspend(|| terminal.result(&text));
        }
    }

    fn fail(&mut self, error: &dyn Display) -> String {
        self.failed.push(error.to_string());
        String::new()
    }

    fn end(self, totals: Totals, terminal: &mut Terminal) -> Exit {
        if let Some(saved) = &self.saved {
            let files = count(saved.files, "file");
            terminal.talk(format_args!("{files} saved in {}", saved.path.display()));
        } else if totals.losses > 0 {
            terminal.talk("to replay a loss: --save DIR writes it as a scenario, and `locksim run` goes there again");
        }
        self.failed.iter().for_each(|error| terminal.error(error));
        if !self.failed.is_empty() {
            Exit::Broken
        } else if totals.losses > 0 || totals.failed > 0 {
            Exit::Failed
        } else {
            Exit::Passed
        }
    }
}
