use super::*;
use crate::executor::InTurn;
use crate::executor::tests::Backwards;
use crate::scenario::load::read;
use crate::scenario::plan::{Selection, plan};

/// A scenario that passes where the bolt is expected as it is.
fn root(name: &str, bolt: &str) -> Root {
    let text = format!(
        r#"{{ "name": "{name}", "start": "2026-12-02T12:00", "steps": [
            {{ "wait": "1s" }},
            {{ "expect": {{ "bolt": "{bolt}", "within": "0s" }} }}
        ] }}"#
    );
    let file = read(&format!("{name}.json"), text.as_bytes()).expect("a valid file");
    let mut roots = plan(vec![file], &Selection::default());
    roots.remove(0)
}

/// What a run of four tests tells, the third of which fails: each event in a word or two.
fn told(executor: &dyn Executor, fail_fast: bool) -> Vec<String> {
    let roots = [
        root("a", "locked"),
        root("b", "locked"),
        root("c", "unlocked"),
        root("d", "locked"),
    ];
    let options = Options {
        fail_fast,
        ..Options::default()
    };
    let mut told = Vec::new();
    run(&roots, &options, executor, &mut |event| {
        told.push(match event {
            RunEvent::RunStarted { tests, .. } => format!("{tests} tests"),
            RunEvent::TestStarted { name, .. } => name,
            RunEvent::TestFinished(report) => {
                let passed = report.outcome == Outcome::Passed;
                format!(
                    "{} {}",
                    report.name,
                    if passed { "passed" } else { "failed" }
                )
            }
            RunEvent::RunFinished(totals) => format!("{} not run", totals.not_run),
        });
    });
    told
}

#[test]
fn a_run_tells_the_same_in_whatever_order_it_is_done() {
    let all = "4 tests, a, a passed, b, b passed, c, c failed, d, d passed, 0 not run";
    let until_one_fails = "4 tests, a, a passed, b, b passed, c, c failed, 1 not run";
    for executor in [&InTurn as &dyn Executor, &Backwards] {
        assert_eq!(told(executor, false).join(", "), all);
        assert_eq!(told(executor, true).join(", "), until_one_fails);
    }
}
