//! The command line's grammar.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Args as Group, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use clap_complete::Shell;
use firmware_core::settings::SettingName;

use super::dut::Dut;
use super::select::partition;
use super::terminal::Color;
use front::speed::Speed;
use sim::moment::Moment;
use sim::scenario::model::settings::{Change, NAMES, Setting};
use sim::scenario::plan::Partition;
use sim::scenario::problem::Problem;
use sim::suggest::nearest;
use sim::trace::Rule;
use sim::zones::Zone;

/// A bench for an offline keypad lock: scenario files against virtual hardware, with time travel.
#[derive(Debug, Parser)]
#[command(name = "locksim", version, max_term_width = 100)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) front: Front,
    /// When to print in colour
    #[arg(
        long,
        global = true,
        help_heading = "Options",
        value_enum,
        default_value_t,
        value_name = "WHEN"
    )]
    pub(super) color: Color,
}

/// Reads the process's arguments; wrong ones end it.
pub(super) fn parse() -> Args {
    let matches = Args::command().get_matches();
    if let Some(command) = matches.subcommand_name() {
        let given = |id: &&&str| matches.value_source(id) == Some(ValueSource::CommandLine);
        if let Some(id) = FRONT.iter().find(given) {
            let text = format!(
                "`--{id}` only works without a command (interactive front-end), not with `{command}`"
            );
            Args::command()
                .error(ErrorKind::ArgumentConflict, text)
                .exit();
        }
    }
    Args::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// The arguments of [`Front`].
const FRONT: [&str; 6] = ["replay", "speed", "start", "timezone", "state", "ascii"];

/// Without a command: the front-end on the terminal.
#[derive(Debug, Group)]
#[command(next_help_heading = "Front-end (without a command)")]
pub(super) struct Front {
    /// Open a scenario file and play it
    #[arg(long, value_name = "FILE")]
    pub(super) replay: Option<PathBuf>,
    /// Speed of virtual time: a factor from 1x to 100000x, or max
    #[arg(long, value_name = "SPEED", value_parser = speed)]
    pub(super) speed: Option<Speed>,
    /// Civil time at which a new lock is powered up [default: 2026-12-01T15:00]
    #[arg(long, value_name = "TIME")]
    pub(super) start: Option<Moment>,
    /// Time zone of a new lock: an IANA name or a POSIX TZ string [default: America/Denver]
    #[arg(long, value_name = "ZONE")]
    pub(super) timezone: Option<Zone>,
    /// Folder that keeps the lock, its clock and the access book between runs
    #[arg(long, value_name = "DIR")]
    pub(super) state: Option<PathBuf>,
    /// Draw with ASCII alone
    #[arg(long)]
    pub(super) ascii: bool,
}

fn speed(text: &str) -> Result<Speed, String> {
    let times = text.strip_suffix('x').unwrap_or(text);
    match (text, times.parse()) {
        ("max", _) => Ok(Speed::Unbound),
        (_, Ok(times @ 1..=100_000)) => Ok(Speed::Times(times)),
        _ => Err("expected a factor such as 1x, 60x, 3600x, or max".to_owned()),
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run scenario files
    #[command(
        after_help = "Exit codes: 0 every test passed, 1 a test failed, 2 wrong usage or an invalid file, \
                            3 the device under test was lost or the program failed, 4 no test found."
    )]
    Run(Run),
    /// Repeat scenarios tagged `sweep` with the power cut inside every flash operation
    #[command(
        after_help = "Exit codes: 0 nothing was lost, 1 something was, or a test fails without a cut, \
                            2 wrong usage or an invalid file, 3 the program failed, 4 no scenario is tagged."
    )]
    Sweep(Sweep),
    /// Validate scenario files without running them
    Check(Check),
    /// The owner's app: issue and read SmartPINs
    Pin {
        #[command(subcommand)]
        command: Pin,
    },
    /// Fuzz the lock with random users and faults; save violations as scenarios
    #[command(
        after_help = "Exit codes: 0 nothing found, 1 a rule was broken, 2 wrong usage, 3 what was found can't be \
                            written, or the program failed."
    )]
    Explore(Explore),
    /// Compute an attacker's chances: valid codes at an instant, and guesses that the lock allows
    #[command(
        after_help = "Exit codes: 0 done, 1 the two counts differ, 2 wrong usage, 3 the program failed."
    )]
    Odds(Odds),
    /// Compare two traces, or two folders of them, event by event
    #[command(
        after_help = "Exit codes: 0 the same events, 1 others, 2 wrong usage or no trace, 3 the program failed."
    )]
    Diff(Diff),
    /// Print the JSON Schema of scenario files
    Schema,
    /// Print a completion script
    Completions {
        /// For which shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
}

#[derive(Debug, Group)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(super) struct Run {
    /// Scenario files, or folders with `*.json` files below
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Number of tests to run in parallel [default: number of CPUs]
    #[arg(long, value_name = "N")]
    pub(super) jobs: Option<NonZeroUsize>,
    /// Run only tests whose `path: name` contains this text
    #[arg(long, value_name = "TEXT")]
    pub(super) filter: Option<String>,
    /// Run one part of the tests: slice:M/N takes every Nth test, hash:M/N selects by name
    #[arg(long, value_name = "PART", value_parser = partition)]
    pub(super) partition: Option<Partition>,
    /// Stop at the first failure
    #[arg(long)]
    pub(super) fail_fast: bool,
    /// The device under test: native; qemu, or qemu:IMAGE; serial:PORT
    #[arg(long, value_name = "DUT", default_value = "native")]
    pub(super) dut: Dut,
    /// Print the target's CPU time, memory and serial traffic, by outcome
    #[arg(long)]
    pub(super) needs: bool,
    /// Write a JUnit report
    #[arg(long, value_name = "FILE")]
    pub(super) junit: Option<PathBuf>,
    /// One JSON object a line on standard output
    #[arg(long)]
    pub(super) json: bool,
    /// Write each test's trace into this folder, as JSON lines
    #[arg(long, value_name = "DIR")]
    pub(super) trace: Option<PathBuf>,
    /// Write each test's pins into this folder, as VCD files for waveform viewers
    #[arg(long, value_name = "DIR")]
    pub(super) vcd: Option<PathBuf>,
    /// Override the seed of every scenario
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// Include keys and PINs in traces and reports
    #[arg(long)]
    pub(super) show_secrets: bool,
}

#[derive(Debug, Group)]
pub(super) struct Sweep {
    /// Scenario files, or folders with `*.json` files below; those tagged `sweep` are swept
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Number of runs in parallel [default: number of CPUs]
    #[arg(long, value_name = "N")]
    pub(super) jobs: Option<NonZeroUsize>,
    /// Run only tests whose `path: name` contains this text
    #[arg(long, value_name = "TEXT")]
    pub(super) filter: Option<String>,
    /// Number of bit patterns in which each operation is torn, 1 to 255
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..))]
    pub(super) patterns: u8,
    /// Maximum number of cuts for each test, spread evenly [default: all]
    #[arg(long, value_name = "N")]
    pub(super) budget: Option<NonZeroUsize>,
    /// One JSON object a line on standard output
    #[arg(long)]
    pub(super) json: bool,
    /// Save each failing run as a scenario that reproduces it
    #[arg(long, value_name = "DIR")]
    pub(super) save: Option<PathBuf>,
}

#[derive(Debug, Group)]
pub(super) struct Diff {
    /// A file or folder written by `run --trace`
    #[arg(value_name = "TRACE")]
    pub(super) one: PathBuf,
    /// The same from another run
    #[arg(value_name = "TRACE")]
    pub(super) other: PathBuf,
}

#[derive(Debug, Group)]
pub(super) struct Check {
    /// Scenario files, or folders with `*.json` files below
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// One JSON object for each problem, on standard output
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Group)]
pub(super) struct Explore {
    /// Duration in seconds [default: 60, unless --runs is given]
    #[arg(long, value_name = "N", conflicts_with = "runs")]
    pub(super) seconds: Option<u64>,
    /// Number of walks; the same seed and number give the same result at any --jobs
    #[arg(long, value_name = "N")]
    pub(super) runs: Option<u64>,
    /// Seed of the random number generator
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// Number of walks in parallel [default: number of CPUs]
    #[arg(long, value_name = "N")]
    pub(super) jobs: Option<NonZeroUsize>,
    /// Report violations of this rule only; may be repeated
    #[arg(long = "rule", value_name = "RULE", value_parser = rule)]
    pub(super) rules: Vec<Rule>,
    /// Folder for the scenario of a violation
    #[arg(long, value_name = "DIR", default_value = "scenarios/regressions")]
    pub(super) out: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

fn rule(text: &str) -> Result<Rule, String> {
    let names = || Rule::ALL.into_iter().map(Rule::as_str);
    let found = Rule::ALL.into_iter().find(|rule| rule.as_str() == text);
    found.ok_or_else(|| match nearest(text, names()) {
        Some(near) => format!("unknown rule, did you mean `{near}`?"),
        None => format!(
            "unknown rule, expected one of {}",
            names().collect::<Vec<_>>().join(", ")
        ),
    })
}

#[derive(Debug, Subcommand)]
pub(super) enum Pin {
    /// Issue the SmartPIN of a stay
    Issue(Issue),
    /// Decode a SmartPIN and print its validity period
    Read(Read),
}

#[derive(Debug, Group)]
pub(super) struct Key {
    /// The site key, 32 hex digits; needs --serial
    #[arg(long = "site-key", value_name = "HEX", conflicts_with_all = ["lock", "file"], requires = "serial")]
    pub(super) site: Option<String>,
    /// The lock's serial number
    #[arg(long, value_name = "SERIAL")]
    pub(super) serial: Option<String>,
    /// The lock key, 32 hex digits
    #[arg(long = "lock-key", value_name = "HEX", conflicts_with = "file")]
    pub(super) lock: Option<String>,
    /// A file with the key, which keeps it out of the shell's history: 32 hex digits of the lock key alone, or a JSON
    /// object of `lock_key`, or of `site_key` and `serial`
    #[arg(long = "key-file", value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
}

#[derive(Debug, Group)]
pub(super) struct Common {
    #[command(flatten)]
    pub(super) key: Key,
    /// The lock's generation
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) generation: u32,
    /// The lock's setting: the hour at which daily windows begin
    #[arg(long, value_name = "HOUR", default_value_t = 8, value_parser = clap::value_parser!(u8).range(..24))]
    pub(super) daily_start_hour: u8,
    /// The lock's setting: the hour at which daily windows end
    #[arg(long, value_name = "HOUR", default_value_t = 20, value_parser = clap::value_parser!(u8).range(..24))]
    pub(super) daily_end_hour: u8,
    /// Print one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Group)]
pub(super) struct Issue {
    #[command(flatten)]
    pub(super) common: Common,
    /// Variant of the PIN among those of its window, 0 to 7
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(..8))]
    pub(super) variant: u8,
    /// Civil time at which the stay begins, on the hour: 2026-12-01T15:00
    #[arg(long, value_name = "TIME")]
    pub(super) start: String,
    /// Civil time at which the stay ends, on the hour
    #[arg(long, value_name = "TIME")]
    pub(super) end: String,
}

#[derive(Debug, Group)]
pub(super) struct Read {
    #[command(flatten)]
    pub(super) common: Common,
    /// Ten digits, spaces and hyphens ignored; `-` or none: a line of standard input
    #[arg(default_value = "-", value_name = "PIN", hide_default_value = true)]
    pub(super) pin: String,
}

#[derive(Debug, Group)]
pub(super) struct Odds {
    /// The instant: civil time in the lock's zone, or a time with its UTC offset
    #[arg(long, value_name = "TIME", default_value = "2026-12-01T15:00")]
    pub(super) at: Moment,
    /// Time zone of the lock: an IANA name or a POSIX TZ string [default: UTC0]
    #[arg(long, value_name = "ZONE")]
    pub(super) timezone: Option<Zone>,
    /// A setting of the lock, by its name in scenario files; SmartPINs are on unless they are set off
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = setting)]
    pub(super) settings: Vec<Change>,
    /// Also count by brute force over all 10^10 PINs, and compare
    #[arg(long)]
    pub(super) exhaustive: bool,
    /// Number of threads that read [default: number of CPUs]
    #[arg(long, value_name = "N", requires = "exhaustive")]
    pub(super) jobs: Option<NonZeroUsize>,
    /// Key whose PINs are read [default: the published test key]
    #[command(flatten)]
    pub(super) key: Key,
    /// The lock's generation
    #[arg(long, value_name = "N")]
    pub(super) generation: Option<u32>,
    /// Print one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

/// Reads `NAME=VALUE`. Whether the lock takes the value is for the lock to say.
fn setting(text: &str) -> Result<Change, String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("expected NAME=VALUE, such as wrong_tries=3")?;
    let unknown = || Problem::unknown("setting", name, NAMES.iter().copied()).to_string();
    let value = value
        .parse()
        .map_or_else(|_| Setting::Text(value.to_owned()), Setting::Number);
    Ok(Change {
        name: SettingName::named(name).ok_or_else(unknown)?,
        value: value.into(),
    })
}
