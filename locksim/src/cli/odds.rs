//! `locksim odds`: the attacker's chances on the command line.

mod table;

use firmware_core::settings::Settings;
use jiff::Timestamp;
use serde::Serialize;
use smartpin::{Generation, LockKey, Pin};

use super::args::{Key, Odds as Args};
use super::pin;
use super::progress::progress;
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::threads::{NoThreads, Threads};
use sim::moment::Moment;
use sim::odds::estimate::{Estimate, estimates};
use sim::odds::exhaustive::{ALL, Search};
use sim::odds::live::Live;
use sim::owner::{TEST_SERIAL, TEST_SITE_KEY, lock_key};
use sim::scenario::model::Lock;
use sim::scenario::settings::{of_lock, put};
use sim::zones::{Instants, Zone};

/// Why nothing was counted, for a person.
type Refused = String;

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> Exit {
    let question = match Question::new(args) {
        Ok(question) => question,
        Err(refused) => {
            terminal.error(refused);
            return Exit::Usage;
        }
    };
    let Some(live) = Live::at(question.now, &question.settings) else {
        terminal.error("--at: out of range");
        return Exit::Usage;
    };
    let exhaustive = match exhaustive(args, &question, live, terminal) {
        Ok(count) => count,
        Err(error) => {
            terminal.error(error);
            return Exit::Broken;
        }
    };
    let answer = Answer::new(&question, live, exhaustive);
    let text = if args.json {
        answer.json()
    } else {
        table::table(&answer)
    };
    match terminal.result(&text) {
        Exit::Passed if answer.disagrees() => Exit::Failed,
        exit => exit,
    }
}

/// A lock at an instant.
struct Question {
    settings: Settings,
    /// The rule that the lock has, which knows no history.
    rule: Zone,
    now: Timestamp,
    key: LockKey,
}

impl Question {
    fn new(args: &Args) -> Result<Self, Refused> {
        let settings = settings(args)?;
        let rule: Zone = settings
            .timezone
            .as_str()
            .parse()
            .map_err(|error| format!("--timezone: {error}"))?;
        Ok(Self {
            now: instant(args.at, &rule)?,
            settings,
            rule,
            key: key(&args.key)?,
        })
    }
}

/// A scenario's lock, with what was set.
fn settings(args: &Args) -> Result<Settings, Refused> {
    let (mut settings, _) = of_lock(&Lock::default());
    for change in &args.settings {
        put(&mut settings, change).map_err(|problem| format!("--set: {problem}"))?;
    }
    if let Some(zone) = &args.timezone {
        settings.timezone = zone
            .posix()
            .parse()
            .map_err(|error| format!("--timezone: {error}"))?;
    }
    if let Some(generation) = args.generation {
        settings.generation = Generation(generation);
    }
    Ok(settings)
}

/// The first of the instants, where the clocks repeat the time.
fn instant(at: Moment, rule: &Zone) -> Result<Timestamp, Refused> {
    let instant = match at {
        Moment::Exact(stamp) => stamp,
        Moment::Civil(civil) => match rule.instants(civil) {
            Instants::None { resumes } => {
                return Err(format!(
                    "--at: {civil} does not exist where the lock hangs: the clocks skip it, and go on at {resumes}"
                ));
            }
            instants => instants.first().unwrap_or(Timestamp::MIN),
        },
    };
    if (2000..2100).contains(&rule.at(instant).year()) {
        Ok(instant)
    } else {
        Err("--at: out of the clock chip's range, expected a year from 2000 to 2099".to_owned())
    }
}

fn key(given: &Key) -> Result<LockKey, Refused> {
    if given.site.is_some() || given.lock.is_some() || given.file.is_some() {
        return pin::key(given).map(|(key, _)| key);
    }
    let serial = given.serial.as_deref().unwrap_or(TEST_SERIAL);
    let serial = serial
        .parse()
        .map_err(|error| format!("the serial number: {error}"))?;
    Ok(lock_key(TEST_SITE_KEY, &serial))
}

/// Reads every PIN, if that was asked for.
fn exhaustive(
    args: &Args,
    question: &Question,
    live: Live,
    terminal: &mut Terminal,
) -> Result<Option<Exhaustive>, NoThreads> {
    if !args.exhaustive {
        return Ok(None);
    }
    let threads = Threads::new(args.jobs)?;
    terminal.talk("reading all ten-digit numbers, which takes minutes");
    let progress = progress(Some(Pin::COUNT), "{wide_bar} {percent} %, {eta} left");
    let search = Search::new(&question.key, &question.settings, question.now);
    let pins = search.count(ALL, &threads, |read| progress.inc(read));
    progress.finish_and_clear();
    Ok(Some(Exhaustive {
        pins,
        agrees: pins == live.pins(),
    }))
}

/// What is printed.
#[derive(Debug, Serialize)]
struct Answer {
    /// The instant, in UTC.
    at: Timestamp,
    /// The same on the wall.
    civil: String,
    /// The lock's rule.
    timezone: String,
    smartpins: SmartPins,
    codes: Vec<Estimate>,
}

#[derive(Debug, Serialize)]
struct SmartPins {
    hourly_windows: u64,
    daily_windows: u64,
    pins_per_window: u8,
    open: u64,
    of: u64,
    exhaustive: Option<Exhaustive>,
}

/// The count by reading every number.
#[derive(Clone, Copy, Debug, Serialize)]
struct Exhaustive {
    pins: u64,
    agrees: bool,
}

impl Answer {
    fn new(question: &Question, live: Live, exhaustive: Option<Exhaustive>) -> Self {
        let civil = question.rule.at(question.now).datetime();
        Self {
            at: question.now,
            civil: Moment::Civil(civil).to_string(),
            timezone: question.rule.posix().to_owned(),
            smartpins: SmartPins {
                hourly_windows: live.hourly_windows,
                daily_windows: live.daily_windows,
                pins_per_window: live.pins_per_window,
                open: live.pins(),
                of: Pin::COUNT,
                exhaustive,
            },
            codes: estimates(&question.settings, &live),
        }
    }

    fn disagrees(&self) -> bool {
        self.smartpins.exhaustive.is_some_and(|count| !count.agrees)
    }

    fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }
}
