use super::*;
use crate::executor::tests::Backwards;
use crate::executor::{Executor, InTurn};
use crate::run;
use crate::run::event::{Outcome as Ended, RunEvent};
use crate::scenario::load::read;
use crate::scenario::plan::{Selection, plan};
use crate::scenario::print::print;
use crate::trace::{Trace, TraceEvent, TraceKind};

/// What the keypad, the port and the passing of time write to the store.
const TEXT: &str = r#"{
  "name": "a stay is blocked",
  "start": "2026-12-02T12:00",
  "steps": [
    { "issue": { "as": "stay", "start": "2026-12-01T15:00", "end": "2026-12-05T11:00" } },
    { "type": "${stay}#" },
    { "expect": { "signal": "granted", "bolt": "unlocked" } },
    { "repeat": { "times": 2, "steps": [ { "type": "4711#" }, { "expect": { "motor": "idle" } } ] } },
    { "settings": { "auto_lock_seconds": 9 } },
    { "expect": { "bolt": "locked", "within": "20s" } },
    { "type": "${programming_code}#128#${stay}#" },
    { "expect": { "signal": "saved" } },
    { "set_clock": "2026-12-02T13:00" }
  ]
}"#;

fn roots(text: &str) -> Vec<Root> {
    plan(
        vec![read("a.json", text.as_bytes()).unwrap()],
        &Selection::default(),
    )
}

/// What happened in the world, without what a run says of its steps.
fn happened(trace: &Trace) -> Vec<TraceEvent> {
    let is_told = |kind: &TraceKind| {
        matches!(
            kind,
            TraceKind::Step { .. } | TraceKind::Expect { .. } | TraceKind::Key { .. }
        )
    };
    let events = trace.iter().filter(|event| !is_told(&event.kind));
    events.cloned().collect()
}

#[test]
fn what_is_written_down_replays_to_the_same_events() {
    let roots = roots(TEXT);
    let baseline = Baseline::run(&roots[0], 0).unwrap();
    let first = spread(all(&baseline, 2), 24);
    let second = first.iter().skip(3).step_by(4);
    let second = second.flat_map(|planned| planned.again(3).take(1));
    let cuts: Vec<_> = first.iter().copied().chain(second).collect();
    assert!(cuts.len() > 24);
    for planned in &cuts {
        let mut trial = Trial::new(&baseline, planned).unwrap();
        assert!(trial.run(planned).is_ok() && trial.has_fired());
        let written = print(&script::scenario(&baseline, planned, &trial.done, "n"));
        let file = read("b.json", written.as_bytes()).expect(&written);
        let replayed = plan(vec![file], &Selection::default());
        run::run(&replayed, &run::Options::default(), &InTurn, &mut |event| {
            if let RunEvent::TestFinished(report) = event {
                assert_eq!(report.outcome, Ended::Passed, "{written}");
                assert!(
                    happened(&report.trace) == happened(trial.trace()),
                    "{written}"
                );
            }
        });
    }
}

fn swept(executor: &dyn Executor, budget: usize) -> String {
    let options = Options {
        patterns: 2,
        budget: NonZeroUsize::new(budget),
    };
    let mut told = String::new();
    sweep(&roots(TEXT), &options, executor, &mut |event| {
        told += &serde_json::to_string(&event).unwrap();
        told.push('\n');
    });
    told
}

#[test]
fn a_sweep_tells_the_same_in_whatever_order_it_is_done() {
    let told = swept(&InTurn, 40);
    assert_eq!(told, swept(&Backwards, 40));
    assert!(told.contains(r#""cuts":40,"second_cuts":20"#), "{told}");
    assert!(told.contains(r#""losses":0"#), "{told}");
}

#[test]
fn a_test_that_fails_without_a_cut_is_not_swept() {
    let text = TEXT.replace(r#"{ "motor": "idle" }"#, r#"{ "bolt": "unknown" }"#);
    let options = Options {
        patterns: 1,
        budget: None,
    };
    let totals = sweep(&roots(&text), &options, &InTurn, &mut |event| {
        if let SweepEvent::TestSwept(swept) = event {
            let failure = swept.failure.unwrap();
            assert!(failure.contains("in round 1"), "{failure}");
        }
    });
    assert_eq!((1, 0), (totals.failed, totals.cuts));
}
