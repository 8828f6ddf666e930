//! Scenario files in, reports and traces out, by four exports: `input`, `run`, `output` and `output_length`.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use sim::executor::InTurn;
use sim::report::file_names::Names;
use sim::report::human::Human;
use sim::report::trace::json_lines;
use sim::run::event::RunEvent;
use sim::run::{Options, run as run_all};
use sim::scenario::diagnostic::{WIDTH, render};
use sim::scenario::load::read;
use sim::scenario::plan::{Selection, plan};

/// What the caller writes, and what it reads.
static INPUT: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static OUTPUT: Mutex<Vec<u8>> = Mutex::new(Vec::new());

fn lock(texts: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    texts.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Room for a path and the bytes of its file, `length` together.
#[unsafe(no_mangle)]
pub extern "C" fn input(length: usize) -> *mut u8 {
    let mut input = lock(&INPUT);
    input.clear();
    input.resize(length, 0);
    input.as_mut_ptr()
}

/// Runs the tests of the file in the input, whose first `path` bytes are its path. The output is a JSON object:
/// `passed`, `failed`, `report` for people, and `traces`, an object of JSON lines by the name of a file.
#[unsafe(no_mangle)]
pub extern "C" fn run(path: usize) {
    let input = lock(&INPUT);
    let (path, bytes) = input.split_at_checked(path).unwrap_or_default();
    let outcome = outcome(&String::from_utf8_lossy(path), bytes);
    *lock(&OUTPUT) = outcome.to_string().into_bytes();
}

/// Where the output is.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    lock(&OUTPUT).as_ptr()
}

/// How long it is.
#[unsafe(no_mangle)]
pub extern "C" fn output_length() -> usize {
    lock(&OUTPUT).len()
}

fn outcome(path: &str, bytes: &[u8]) -> Value {
    let file = match read(path, bytes) {
        Ok(file) => file,
        Err(invalid) => {
            let report = render(&invalid, false, WIDTH);
            return json!({ "passed": 0, "failed": 1, "report": report, "traces": {} });
        }
    };
    let roots = plan(vec![file], &Selection::default());
    let mut human = Human::new(false);
    let mut report = String::new();
    let mut names = Names::default();
    let mut traces = serde_json::Map::new();
    let totals = run_all(&roots, &Options::default(), &InTurn, &mut |event| {
        report += &human.take(&event);
        if let RunEvent::TestFinished(test) = &event {
            let mut lines = Vec::new();
            let written = json_lines(&test.trace, &mut lines);
            let lines = written.map(|()| String::from_utf8_lossy(&lines).into_owned());
            traces.insert(
                names.next(&test.file, &test.name, "jsonl"),
                lines.unwrap_or_default().into(),
            );
        }
    });
    let failed = totals.failed + totals.broken + totals.not_run;
    json!({ "passed": totals.passed, "failed": failed, "report": report, "traces": traces })
}
