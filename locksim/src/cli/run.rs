//! `locksim run`.

use std::fmt::Write as _;
use std::fs;
use std::io;

use indicatif::ProgressBar;

use super::Exit;
use super::args::Run;
use super::load::{self, count};
use super::progress;
use super::select::counted;
use super::terminal::Terminal;
use crate::folder::Folder;
use crate::report::human::Human;
use crate::report::json;
use crate::report::junit::JUnit;
use crate::report::trace::json_lines;
use crate::report::vcd::waves;
use crate::run::event::{RunEvent, Totals};
use crate::run::{self, Options};
use crate::scenario::plan::{Selection, plan};
use crate::target::Targets;
use crate::threads::Threads;
use crate::world::{DeviceSource, InProcess};

pub(super) fn run(args: &Run, terminal: &mut Terminal) -> Exit {
    let targets = match args.dut.targets() {
        Ok(targets) => targets,
        Err(error) => {
            terminal.error(error);
            return Exit::Usage;
        }
    };
    if args.needs && targets.is_none() {
        terminal.error("--needs tells of a target: it goes with --dut qemu or --dut serial:PORT");
        return Exit::Usage;
    }
    let files = match load::read(&args.paths, terminal, false) {
        Ok(files) => files,
        Err(exit) => return exit,
    };
    let selection = Selection {
        tag: None,
        filter: args.filter.clone(),
        partition: args.partition,
    };
    let roots = plan(files, &selection);
    let (tests, selected) = counted(&roots);
    if selected == 0 {
        terminal.error(format_args!(
            "no test found: none of {} is selected",
            count(tests, "test")
        ));
        return Exit::Nothing;
    }
    let mut reporters = match Reporters::new(args, selected, terminal) {
        Ok(reporters) => reporters,
        Err(error) => {
            terminal.error(error);
            return Exit::Usage;
        }
    };
    let threads = match Threads::new(args.dut.jobs().or(args.jobs)) {
        Ok(threads) => threads,
        Err(error) => {
            terminal.error(error);
            return Exit::Broken;
        }
    };
    let targets = targets.as_ref();
    let options = Options {
        fail_fast: args.fail_fast,
        seed: args.seed,
        show_secrets: args.show_secrets,
        devices: targets.map_or(&InProcess as &dyn DeviceSource, |targets| targets),
    };
    let totals = run::run(&roots, &options, &threads, &mut |event| {
        reporters.take(&event, terminal);
    });
    if let Some(targets) = targets.filter(|_| args.needs) {
        terminal.talk(needs(targets));
    }
    reporters.end(args, totals, terminal)
}

/// What targets have needed, in a table.
fn needs(targets: &Targets) -> String {
    let needs = targets.needs();
    let mut text = format!("{}\n", targets.traffic());
    // Writing to a string doesn't fail.
    let _ = writeln!(text, "a lock takes {} bytes of memory", needs.lock);
    if needs.stack > 0 {
        let _ = writeln!(text, "at most {} bytes on the stack", needs.stack);
    }
    if needs.ticks_per_second == 0 {
        return text;
    }
    let micros = |ticks: u64| ticks as f64 * 1e6 / f64::from(needs.ticks_per_second);
    let read = micros(needs.read.into());
    let _ = writeln!(text, "a SmartPIN is read in {read:.2} microseconds of work");
    let _ = writeln!(
        text,
        "{:<32}{:>9}{:>12}{:>12}{:>14}",
        "microseconds of work", "polls", "least", "most", "all"
    );
    for (kind, work) in &needs.work {
        let _ = writeln!(
            text,
            "{:<32}{:>9}{:>12.2}{:>12.2}{:>14.0}",
            if kind.is_empty() {
                "(nothing logged)"
            } else {
                kind
            },
            work.polls,
            micros(work.least.into()),
            micros(work.most.into()),
            micros(work.sum)
        );
    }
    text
}

struct Reporters {
    human: Option<Human>,
    junit: Option<JUnit>,
    folders: Vec<Folder>,
    progress: ProgressBar,
    lost: Vec<String>,
}

impl Reporters {
    fn new(args: &Run, tests: usize, terminal: &Terminal) -> io::Result<Self> {
        let human = (!args.json).then(|| Human::new(terminal.result_colour()));
        let traces = args
            .trace
            .as_ref()
            .map(|path| Folder::new(path, json_lines, "jsonl"));
        let dumps = args
            .vcd
            .as_ref()
            .map(|path| Folder::new(path, waves, "vcd"));
        let folders = traces.into_iter().chain(dumps).collect::<io::Result<_>>()?;
        let junit = args.junit.as_ref().map(|_| JUnit::default());
        Ok(Self {
            human,
            junit,
            folders,
            progress: progress::tests(tests),
            lost: Vec::new(),
        })
    }

    fn take(&mut self, event: &RunEvent, terminal: &mut Terminal) {
        let text = match &mut self.human {
            Some(human) => human.take(event),
            None => json::line(event).unwrap_or_else(|error| self.lose(&error)),
        };
        if let Some(junit) = &mut self.junit {
            junit.take(event);
        }
        for folder in &mut self.folders {
            if let Err(error) = folder.take(event) {
                self.lost.push(error.to_string());
            }
        }
        if let RunEvent::TestFinished(_) = event {
            self.progress.inc(1);
        }
        if let RunEvent::RunFinished(_) = event {
            self.progress.finish_and_clear();
        }
        if !text.is_empty() {
            self.progress.suspend(|| terminal.result(&text));
        }
    }

    fn lose(&mut self, error: &dyn std::fmt::Display) -> String {
        self.lost.push(error.to_string());
        String::new()
    }

    fn end(mut self, args: &Run, totals: Totals, terminal: &mut Terminal) -> Exit {
        if let (Some(junit), Some(file)) = (self.junit.take(), &args.junit) {
            let xml = junit.xml().map_err(|error| error.to_string());
            if let Err(error) =
                xml.and_then(|xml| fs::write(file, xml).map_err(|error| error.to_string()))
            {
                self.lose(&format_args!("{}: {error}", file.display()));
            }
        }
        self.lost.iter().for_each(|error| terminal.error(error));
        match totals {
            _ if !self.lost.is_empty() => Exit::Broken,
            Totals { broken: 1.., .. } => Exit::Broken,
            Totals { failed: 1.., .. } => Exit::Failed,
            _ => Exit::Passed,
        }
    }
}
