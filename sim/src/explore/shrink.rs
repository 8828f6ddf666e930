//! The shortest way to the same failure: fewer steps, then shorter ones.

use std::collections::BTreeSet;
use std::panic::{self, AssertUnwindSafe};

use super::walk::{Cause, Finding, act, cause};
use crate::scenario::cases::PROGRAMMING_CODE;
use crate::scenario::model::keys::Keys;
use crate::scenario::model::step::{Press, Step, Verb};
use crate::stage::Stage;
use crate::time::Lapse;
use crate::world::Secrets;

/// Ways that are tried at most.
const TRIES: usize = 4_000;

/// Makes a finding as short as can be; what is left breaks the same rule.
pub(super) fn shrink(mut finding: Finding) -> Finding {
    let mut tries = TRIES;
    loop {
        let before = finding.steps.clone();
        drop_steps(&mut finding, &mut tries);
        simplify(&mut finding, &mut tries);
        if finding.steps == before || tries == 0 {
            return finding;
        }
    }
}

/// Removes runs of steps, from long runs to single ones.
fn drop_steps(finding: &mut Finding, tries: &mut usize) {
    let mut size = finding.steps.len().div_ceil(2);
    while size > 0 {
        let mut at = 0;
        while at < finding.steps.len() {
            let mut steps = finding.steps.clone();
            steps.drain(at..(at + size).min(steps.len()));
            if !keep_if_it_fails(finding, steps, tries) {
                at += size;
            }
        }
        size /= 2;
    }
}

/// Makes single steps shorter: keys, waits, presses.
fn simplify(finding: &mut Finding, tries: &mut usize) {
    let mut at = 0;
    while at < finding.steps.len() {
        for verb in shorter(&finding.steps[at].verb) {
            let mut steps = finding.steps.clone();
            steps[at].verb = verb;
            if keep_if_it_fails(finding, steps, tries) {
                break;
            }
        }
        at += 1;
    }
}

/// Simpler ways to do much the same, the simplest first.
fn shorter(verb: &Verb) -> Vec<Verb> {
    let lapses = |lapse: Lapse| {
        let micros = lapse.micros();
        let candidates = [1_000_000, 60_000_000, 3_600_000_000, micros / 2];
        candidates
            .into_iter()
            .filter(move |shorter| *shorter < micros && *shorter > 0)
            .map(Lapse::from_micros)
    };
    match verb {
        Verb::Wait(lapse) => lapses(*lapse).map(Verb::Wait).collect(),
        Verb::Press(press) => lapses(press.lasting)
            .map(|lasting| Verb::Press(Press { lasting, ..*press }))
            .collect(),
        Verb::Type(keys) => {
            let parts = keys.value.parts();
            let without = |at: usize| {
                let mut parts = parts.to_vec();
                parts.remove(at);
                Verb::Type(Keys::from(parts).into())
            };
            let halves = [&parts[parts.len() / 2..], &parts[..parts.len() / 2]];
            let halves = halves
                .into_iter()
                .filter(|half| !half.is_empty() && half.len() < parts.len())
                .map(|half| Verb::Type(Keys::from(half.to_vec()).into()));
            let singles = (0..parts.len()).filter(|_| parts.len() > 1).map(without);
            halves.chain(singles).collect()
        }
        _ => Vec::new(),
    }
}

fn keep_if_it_fails(finding: &mut Finding, steps: Vec<Step>, tries: &mut usize) -> bool {
    if *tries == 0 || !are_bound(&steps) {
        return false;
    }
    *tries -= 1;
    let Some((message, used)) = replay(finding, &steps) else {
        return false;
    };
    finding.message = message;
    finding.steps = steps;
    finding.steps.truncate(used);
    true
}

/// Whether every name that is typed was issued before.
fn are_bound(steps: &[Step]) -> bool {
    let mut bound = BTreeSet::from([PROGRAMMING_CODE]);
    steps.iter().all(|step| match &step.verb {
        Verb::Issue(issue) => {
            bound.insert(issue.name.value.as_str());
            true
        }
        Verb::Type(keys) => keys.value.names().all(|name| bound.contains(name)),
        _ => true,
    })
}

/// The message and the steps used, if it fails for the same cause.
pub(super) fn replay(finding: &Finding, steps: &[Step]) -> Option<(String, usize)> {
    let origin = &finding.origin;
    let mut stage = Stage::hang(&origin.lock, origin.start, origin.seed, Secrets::Hidden).ok()?;
    let walked = panic::catch_unwind(AssertUnwindSafe(|| {
        for (number, step) in steps.iter().enumerate() {
            if let Err(stop) = act(&mut stage, Some(step)) {
                return Some((stop.message, number + 1));
            }
        }
        stage.close().err().map(|stop| (stop.message, steps.len()))
    }));
    match walked {
        Ok(stopped) => stopped.filter(|_| cause(&stage) == Some(finding.cause)),
        Err(_) => (finding.cause == Cause::Panic).then(|| ("panicked".to_owned(), steps.len())),
    }
}
