//! `locksim explore`.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use indicatif::ProgressBar;
use serde_json::{Map, Value, json};

use super::args::Explore;
use super::progress::progress;
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::files::{create_folder, write};
use crate::threads::Threads;
use sim::explore::coverage::{Coverage, Goal, GoalKind};
use sim::explore::{Exploration, Finding, ROUND, Tally};
use sim::scenario::print::print;

/// How long it goes on where nobody says.
const SECONDS: u64 = 60;

pub(super) fn run(args: &Explore, terminal: &mut Terminal) -> Exit {
    let threads = match Threads::new(args.jobs) {
        Ok(threads) => threads,
        Err(error) => return terminal.broken(error),
    };
    let progress = progress(None, "{elapsed} {msg}");
    let mut exploration = Exploration::new(args.seed, args.rules.clone());
    let searched = search(args, &threads, &mut exploration, &progress);
    let took = progress.elapsed();
    progress.finish_and_clear();
    let finding = match searched {
        Ok(finding) => finding,
        Err(error) => return terminal.broken(error),
    };
    let kept = finding.as_ref().map(|finding| keep(args, finding));
    let tally = &exploration.tally;
    let text = if args.json {
        format!("{}\n", object(args, tally, finding.as_ref(), kept.as_ref()))
    } else {
        words(tally, took)
    };
    let said = terminal.result(&text);
    let failures = match (&finding, kept) {
        (Some(finding), Some(Ok(path))) => {
            if !args.json {
                let told = format!(
                    "\n{}\nin {} steps, written to {}; it fails until that is mended:\n  locksim run {}\n",
                    finding.error.message,
                    finding.course.steps.len(),
                    path.display(),
                    path.display()
                );
                terminal.result(&told);
            }
            Vec::new()
        }
        (Some(finding), Some(Err(error))) => {
            // What was found is worth more than the file that it should have been in.
            terminal.result(&print(&finding.scenario(&name(finding))));
            vec![error]
        }
        _ => return said,
    };
    terminal.conclude(finding.as_ref().into(), &failures)
}

/// Round after round, until something is found or the time is over.
fn search(
    args: &Explore,
    threads: &Threads,
    exploration: &mut Exploration,
    progress: &ProgressBar,
) -> Result<Option<Finding>, String> {
    let limit = Duration::from_secs(args.seconds.unwrap_or(SECONDS));
    loop {
        let left = match args.runs {
            Some(runs) => runs.saturating_sub(exploration.tally.walks),
            None if progress.elapsed() < limit => ROUND,
            None => 0,
        };
        if left == 0 {
            return Ok(None);
        }
        let found = exploration.round(left, threads)?;
        progress.set_message(line(&exploration.tally));
        progress.tick();
        if found.is_some() {
            return Ok(found);
        }
    }
}

fn name(finding: &Finding) -> String {
    format!(
        "found by exploring: {}",
        finding.error.cause.name().replace('_', " ")
    )
}

/// Writes a finding where no other one lies.
fn keep(args: &Explore, finding: &Finding) -> io::Result<PathBuf> {
    create_folder(&args.out)?;
    let base = finding.error.cause.name().replace('_', "-");
    let mut numbers =
        (1..).map(|number| args.out.join(format!("{base}-{}-{number}.json", args.seed)));
    let path = numbers.find(|path| !path.exists()).unwrap_or_default();
    write(&path, &print(&finding.scenario(&name(finding))))?;
    Ok(path)
}

fn line(tally: &Tally) -> String {
    format!(
        "{} walks, {} steps, {} openings",
        tally.walks, tally.steps, tally.openings
    )
}

fn words(tally: &Tally, took: Duration) -> String {
    let mut text = format!("{} in {} s\n", line(tally), took.as_secs());
    for kind in GoalKind::ALL {
        let (covered, never) = tally.coverage.goals(kind);
        let all = covered.len() + never.len();
        let _ = write!(text, "  {:>3} of {all:>2} {kind}", covered.len());
        if !never.is_empty() {
            let _ = write!(text, ", never {}", names(&never).join(", "));
        }
        text.push('\n');
    }
    let (states, ways) = tally.coverage.states();
    let _ = writeln!(
        text,
        "  {states:>3} states of the lock, {ways} ways from one to another"
    );
    text
}

fn object(
    args: &Explore,
    tally: &Tally,
    finding: Option<&Finding>,
    kept: Option<&io::Result<PathBuf>>,
) -> Value {
    let (states, ways) = tally.coverage.states();
    let mut object = json!({
        "seed": args.seed,
        "walks": tally.walks,
        "steps": tally.steps,
        "openings": tally.openings,
        "covered": goals(&tally.coverage, true),
        "never": goals(&tally.coverage, false),
        "states": states,
        "transitions": ways,
    });
    if let Some(finding) = finding {
        object["found"] = json!({
            "rule": finding.error.cause.name(),
            "message": finding.error.message,
            "steps": finding.course.steps.len(),
            "file": kept.and_then(|kept| kept.as_ref().ok()),
        });
    }
    object
}

fn goals(coverage: &Coverage, covered: bool) -> Value {
    let kinds = GoalKind::ALL.map(|kind| {
        let (come_by, never) = coverage.goals(kind);
        let goals = if covered { come_by } else { never };
        (kind.to_string(), json!(names(&goals)))
    });
    Value::Object(kinds.into_iter().collect::<Map<_, _>>())
}

fn names(goals: &[Goal]) -> Vec<String> {
    goals.iter().map(Goal::to_string).collect()
}
