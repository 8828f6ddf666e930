//! The power-cut sweep: the tagged scenarios on a budget, and the command around it.

use std::fs;
use std::path::{Path, PathBuf};

use acceptance::scenarios;
use assert_cmd::Command;
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::contains;
use serde_json::Value;

const STEPS: &str = r#"[{ "type": "8462#" }, { "expect": { "signal": "denied" } }]"#;

fn sweep() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_locksim-under-test"));
    command.env("NO_COLOR", "1").arg("sweep");
    command
}

/// A folder with one scenario file.
fn folder(name: &str, fields: &str, steps: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("sweep")
        .join(name);
    fs::create_dir_all(&folder).expect("a folder");
    let text =
        format!(r#"{{ "name": "a try", {fields} "start": "2026-12-01T14:00", "steps": {steps} }}"#);
    fs::write(folder.join("a.json"), text).expect("a file");
    folder
}

fn tagged(name: &str) -> PathBuf {
    folder(name, r#""tags": ["sweep"],"#, STEPS)
}

/// Every tagged scenario, with so few cuts that it takes seconds; `locksim sweep scenarios` tries them all.
#[test]
fn no_cut_of_an_even_choice_loses_anything() {
    sweep()
        .arg(scenarios())
        .args(["--budget", "10"])
        .assert()
        .code(0)
        .stdout(contains("0 losses").and(contains("not swept").not()));
}

#[test]
fn the_report_is_the_same_at_any_number_of_jobs() {
    let folder = tagged("jobs");
    let told = |jobs| {
        let run = sweep()
            .arg(&folder)
            .args(["--json", "--budget", "30", "--jobs", jobs])
            .assert()
            .code(0);
        String::from_utf8_lossy(&run.get_output().stdout).into_owned()
    };
    assert_eq!(told("1"), told("2"));
    let events: Vec<Value> = told("2")
        .lines()
        .map(|line| serde_json::from_str(line).expect("one JSON object a line"))
        .collect();
    let kinds: Vec<_> = events.iter().map(|event| &event["event"]).collect();
    assert_eq!(kinds, ["sweep_started", "test_swept", "sweep_finished"]);
    assert_eq!(events[1]["cuts"], 30);
    assert!(events[1]["second_cuts"].as_u64() > Some(0));
    assert_eq!(events[2]["losses"], 0);
}

#[test]
fn more_patterns_are_more_cuts() {
    let folder = tagged("patterns");
    let cuts = |patterns| {
        let run = sweep()
            .arg(&folder)
            .args(["--json", "--patterns", patterns])
            .assert()
            .code(0);
        let text = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
        let last = text.lines().last().expect("a last line").to_owned();
        serde_json::from_str::<Value>(&last).expect("JSON")["cuts"].as_u64()
    };
    assert!(cuts("2") > cuts("1"));
}

#[test]
fn where_nothing_is_tagged_it_says_how_to() {
    sweep()
        .arg(folder("untagged", r#""tags": ["slow"],"#, STEPS))
        .assert()
        .code(4)
        .stdout("")
        .stderr(contains(r#""tags": ["sweep"]"#));
    sweep()
        .arg(tagged("filtered"))
        .args(["--filter", "no such test"])
        .assert()
        .code(4)
        .stderr(contains("none of 1 test"));
}

#[test]
fn wrong_usage_is_2() {
    let folder = tagged("usage");
    for arguments in [
        &["--patterns", "0"][..],
        &["--patterns", "256"],
        &["--budget", "0"],
        &["--jobs", "0"],
        &["--fail-fast"],
    ] {
        sweep().arg(&folder).args(arguments).assert().code(2);
    }
    sweep().assert().code(2).stderr(contains("PATH"));
    let none = folder.join("none.json");
    sweep().arg(none).assert().code(2).stderr(contains("none"));
    let invalid = scenarios().join("invalid/a-tag-twice.json");
    sweep()
        .arg(invalid)
        .assert()
        .code(2)
        .stdout("")
        .stderr(contains("twice"));
}

#[test]
fn a_folder_that_cannot_be_made_is_told_before_anything_runs() {
    let folder = tagged("save");
    sweep()
        .arg(&folder)
        .arg("--save")
        .arg(folder.join("a.json").join("below"))
        .assert()
        .code(2)
        .stdout("")
        .stderr(contains("a.json/below"));
}

#[test]
fn a_test_that_fails_without_a_cut_is_1() {
    let steps = STEPS.replace("denied", "granted");
    sweep()
        .arg(folder("fails", r#""tags": ["sweep"],"#, &steps))
        .assert()
        .code(1)
        .stdout(contains("fails without a cut").and(contains("seen denied")));
}
