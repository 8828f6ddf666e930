//! Files that should be scenarios.

use sim::scenario::diagnostic::{WIDTH, render};
use sim::scenario::load::{Invalid, read};
use sim::scenario::plan::{Selection, plan};
use sim::scenario::print::print;

/// The input is a file.
///
/// What is refused has a reason, whose place is in the file, and a diagnostic. What is accepted is printed as a file that
/// reads as the same scenario and is printed the same, and has a test at least, each with its steps.
///
/// # Panics
///
/// Where that doesn't hold.
pub fn holds(input: &[u8]) {
    let file = match read("input", input) {
        Ok(file) => file,
        Err(invalid) => return refused_well(&invalid),
    };
    assert!(!file.scenarios.is_empty());
    for (_, scenario) in &file.scenarios {
        let printed = print(scenario);
        let again = read("printed", printed.as_bytes())
            .unwrap_or_else(|invalid| panic!("{printed}\n{}", render(&invalid, false, WIDTH)));
        let [(None, again)] = again.scenarios.as_slice() else {
            panic!(
                "one scenario was printed, {} read:\n{printed}",
                again.scenarios.len()
            );
        };
        assert_eq!(print(again), printed);
    }
    for root in plan(vec![file], &Selection::default()) {
        assert!(!root.tests.is_empty());
        assert!((0..root.tests.len()).all(|test| !root.way(test).is_empty()));
    }
}

fn refused_well(invalid: &Invalid) {
    assert!(!invalid.problems.is_empty());
    let rendered = render(invalid, false, WIDTH);
    for problem in &invalid.problems {
        assert!(!problem.message.is_empty());
        let span = problem.span.unwrap_or_default();
        // Of bytes that are no UTF-8, the text has others.
        let inside = span.start <= span.end && span.end <= invalid.source.text.len();
        assert!(inside, "{problem:?} in {} bytes", invalid.source.text.len());
    }
    assert!(!rendered.trim().is_empty());
}
