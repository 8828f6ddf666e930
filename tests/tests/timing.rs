//! A refusal tells nothing by when it comes: over all scenarios, and for every reason that there is, it comes after Enter
//! at one and the same virtual time.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use acceptance::scenarios;
use firmware_core::audit::{Event, Reason};
use locksim::files::{find, read_file};
use locksim::threads::Threads;
use sim::recognise::Signal;
use sim::run::event::RunEvent;
use sim::run::{Options, run};
use sim::scenario::plan::{Selection, plan};

use sim::time::Time;
use sim::trace::{Edge, Trace, TraceKind};

/// Enter counts once the key was down for 35 ms, and an answer begins 200 ms after that.
const ANSWER: Duration = Duration::from_millis(235);

/// Of each refusal that a person saw, its reason and how long after Enter it began.
fn refusals(trace: &Trace) -> Vec<(Reason, Duration)> {
    let mut entered = Time::START;
    let mut reason = None;
    let mut refusals = Vec::new();
    for event in trace.iter() {
        match &event.kind {
            TraceKind::Key { edge, label, .. }
                if *edge == Edge::Down && matches!(label.as_str(), "#" | "L") =>
            {
                entered = event.at;
                reason = None;
            }
            TraceKind::Audit(entry) => {
                if let Event::Denied { reason: why, .. } = entry.event {
                    reason = Some(why);
                }
            }
            TraceKind::Signal(group) if group.signal == Some(Signal::Denied) => {
                // One that nobody asked for by Enter has no reason here.
                if let Some(reason) = reason.take() {
                    refusals.push((reason, group.begun - entered));
                }
            }
            _ => {}
        }
    }
    refusals
}

#[test]
fn every_refusal_comes_at_the_same_time_after_enter() {
    let files = find(&[scenarios()]).expect("the folder");
    let files = files
        .iter()
        .map(|path| read_file(path).expect("a valid file"));
    let roots = plan(files.collect(), &Selection::default());
    let mut lapses: BTreeMap<Reason, BTreeSet<Duration>> = BTreeMap::new();
    let threads = Threads::new(None).expect("threads");
    run(&roots, &Options::default(), &threads, &mut |event| {
        if let RunEvent::TestFinished(report) = event {
            for (reason, lapse) in refusals(&report.trace) {
                lapses.entry(reason).or_default().insert(lapse);
            }
        }
    });
    assert!(lapses.keys().copied().eq(Reason::ALL), "{lapses:?}");
    let others: Vec<_> = lapses
        .iter()
        .filter(|(_, lapses)| **lapses != BTreeSet::from([ANSWER]))
        .collect();
    assert!(others.is_empty(), "{others:?}");
}
