//! `locksim run`.

use std::fmt::{self, Write as _};
use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use indicatif::ProgressBar;

use super::Exit;
use super::args::Run;
use super::check;
use super::progress;
use super::terminal::Terminal;
use crate::folder::Folder;
use crate::lines::Launch;
use crate::report::human::Human;
use crate::report::json;
use crate::report::junit::JUnit;
use crate::report::trace::json_lines;
use crate::report::vcd::waves;
use crate::run::event::{RunEvent, Totals};
use crate::run::{self, Options};
use crate::scenario::plan::{Deal, Partition, Selection, plan};
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
    let files = match check::read(&args.paths, terminal, false) {
        Ok(files) => files,
        Err(exit) => return exit,
    };
    let selection = Selection {
        tag: None,
        filter: args.filter.clone(),
        partition: args.partition,
    };
    let roots = plan(files, &selection);
    let tests: usize = roots.iter().map(|root| root.tests.len()).sum();
    let selected = roots
        .iter()
        .flat_map(|root| &root.tests)
        .filter(|test| test.selected)
        .count();
    if selected == 0 {
        terminal.error(format_args!(
            "no test found: none of {} is selected",
            check::count(tests, "test")
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

/// What is tested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Dut {
    /// The firmware in this process.
    Native,
    /// The firmware on an emulated Cortex-M; in this image, where it is said.
    Qemu(Option<PathBuf>),
    /// The firmware on a board behind a serial port.
    Serial(String),
}

/// How fast a board's serial line is.
const BAUD: u32 = 115_200;

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

impl Dut {
    /// How many tests it can take at once, where that doesn't depend on this machine.
    fn jobs(&self) -> Option<NonZeroUsize> {
        matches!(self, Self::Serial(_)).then_some(NonZeroUsize::MIN)
    }

    /// Where the firmware runs, if not in this process.
    fn targets(&self) -> Result<Option<Targets>, String> {
        let launch = match self {
            Self::Native => return Ok(None),
            Self::Qemu(None) => Launch::Qemu(built()?),
            Self::Qemu(Some(image)) if image.is_file() => Launch::Qemu(image.clone()),
            Self::Qemu(Some(image)) => {
                return Err(format!("--dut qemu: there is no {}", image.display()));
            }
            Self::Serial(port) if Path::new(port).exists() => Launch::Serial {
                port: port.clone(),
                baud: BAUD,
            },
            Self::Serial(port) => {
                return Err(format!("--dut serial: there is no {port}{}", ports()));
            }
        };
        Ok(Some(launch.targets()))
    }
}

/// The serial ports of this machine, for whoever named another.
fn ports() -> String {
    let ports = serialport::available_ports().unwrap_or_default();
    let names: Vec<_> = ports.into_iter().map(|port| port.port_name).collect();
    if names.is_empty() {
        ": no serial port was found".to_owned()
    } else {
        format!("; there is {}", names.join(", "))
    }
}

/// The image that was built on this machine.
fn built() -> Result<PathBuf, String> {
    let image = Launch::image();
    if image.is_file() {
        Ok(image)
    } else {
        Err(format!(
            "--dut qemu: there is no {}: build it by boards/build, or name another by qemu:IMAGE",
            image.display()
        ))
    }
}

impl fmt::Display for Dut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Native => formatter.write_str("native"),
            Self::Qemu(None) => formatter.write_str("qemu"),
            Self::Qemu(Some(image)) => write!(formatter, "qemu:{}", image.display()),
            Self::Serial(port) => write!(formatter, "serial:{port}"),
        }
    }
}

impl FromStr for Dut {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':').unwrap_or((text, "")) {
            ("native", "") => Ok(Self::Native),
            ("qemu", "") => Ok(Self::Qemu(None)),
            ("qemu", image) => Ok(Self::Qemu(Some(image.into()))),
            ("serial", port) if !port.is_empty() => Ok(Self::Serial(port.to_owned())),
            _ => Err("expected native, qemu, qemu:IMAGE or serial:PORT".to_owned()),
        }
    }
}

/// Reads `slice:1/4` or `hash:1/4`.
pub(super) fn partition(text: &str) -> Result<Partition, String> {
    let read = || {
        let (deal, share) = text.split_once(':')?;
        let (part, parts) = share.split_once('/')?;
        let by = match deal {
            "slice" => Deal::Slice,
            "hash" => Deal::Hash,
            _ => return None,
        };
        Some(Partition {
            by,
            part: part.parse().ok()?,
            parts: parts.parse().ok()?,
        })
    };
    read()
        .filter(|share| (1..=share.parts).contains(&share.part))
        .ok_or_else(|| "expected slice:M/N or hash:M/N, with M from 1 to N".to_owned())
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
