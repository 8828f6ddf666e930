//! `locksim run`.

use std::fmt::Write as _;
use std::io;

use super::args::Run;
use super::load::{self, count};
use super::progress::Tests;
use super::select::counted;
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::files::write;
use crate::folder::Folder;
use crate::threads::Threads;
use sim::report::human::Human;
use sim::report::json::JsonLines;
use sim::report::junit::JUnit;
use sim::report::reporters::{Printer, Reporters};
use sim::report::trace::json_lines;
use sim::report::vcd::waves;
use sim::run::{self, Options};
use sim::scenario::plan::{Selection, plan};
use sim::target::Targets;
use sim::world::{DeviceSource, InProcess};

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
    let folders = match folders(args) {
        Ok(folders) => folders,
        Err(error) => {
            terminal.error(error);
            return Exit::Usage;
        }
    };
    let threads = match Threads::new(args.dut.jobs().or(args.jobs)) {
        Ok(threads) => threads,
        Err(error) => return terminal.broken(error),
    };
    let targets = targets.as_ref();
    let options = Options {
        fail_fast: args.fail_fast,
        seed: args.seed,
        show_secrets: args.show_secrets,
        devices: targets.map_or(&InProcess as &dyn DeviceSource, |targets| targets),
    };
    let mut reporters = reporters(args, selected, folders, terminal);
    let totals = run::run(&roots, &options, &threads, &mut |event| {
        reporters.take(&event);
    });
    let failures = reporters.end();
    if let Some(targets) = targets.filter(|_| args.needs) {
        terminal.talk(usage(targets));
    }
    terminal.conclude(totals.into(), &failures)
}

/// Where each test's trace goes.
fn folders(args: &Run) -> io::Result<Vec<Folder>> {
    let traces = args
        .trace
        .as_ref()
        .map(|path| Folder::new(path, json_lines, "jsonl"));
    let dumps = args
        .vcd
        .as_ref()
        .map(|path| Folder::new(path, waves, "vcd"));
    traces.into_iter().chain(dumps).collect()
}

/// Whoever is told of so many tests.
fn reporters<'a>(
    args: &'a Run,
    tests: usize,
    folders: Vec<Folder>,
    terminal: &'a mut Terminal,
) -> Reporters<'a> {
    let mut reporters = Reporters::default();
    let progress = Tests::named(tests);
    let colour = terminal.result_colour();
    let print = progress.printer(terminal);
    if args.json {
        reporters.add(Printer::new(JsonLines, print));
    } else {
        reporters.add(Printer::new(Human::new(colour), print));
    }
    if let Some(file) = &args.junit {
        reporters.add(JUnit::new(move |xml: &str| write(file, xml)));
    }
    for folder in folders {
        reporters.add(folder);
    }
    reporters.add(progress);
    reporters
}

/// What targets have needed, in a table.
fn usage(targets: &Targets) -> String {
    let usage = targets.usage();
    let mut text = format!("{}\n", targets.traffic());
    // Writing to a string doesn't fail.
    let _ = writeln!(text, "a lock takes {} bytes of memory", usage.lock);
    if usage.stack > 0 {
        let _ = writeln!(text, "at most {} bytes on the stack", usage.stack);
    }
    if usage.ticks_per_second == 0 {
        return text;
    }
    let micros = |ticks: u64| ticks as f64 * 1e6 / f64::from(usage.ticks_per_second);
    let read = micros(usage.read.into());
    let _ = writeln!(text, "a SmartPIN is read in {read:.2} microseconds of work");
    let _ = writeln!(
        text,
        "{:<32}{:>9}{:>12}{:>12}{:>14}",
        "microseconds of work", "polls", "least", "most", "all"
    );
    for (kind, work) in &usage.work {
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
