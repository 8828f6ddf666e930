//! `locksim explore`, as its users call it.

use assert_cmd::Command;
use predicates::str::contains;
use serde_json::Value;

fn explore() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_locksim-under-test"));
    command.arg("explore").env("NO_COLOR", "1");
    command
}

fn json(arguments: &[&str]) -> Value {
    let output = explore().arg("--json").args(arguments).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_same_seed_finds_the_same_at_any_number_of_jobs() {
    let one = json(&["--runs", "96", "--seed", "5", "--jobs", "1"]);
    let two = json(&["--runs", "96", "--seed", "5", "--jobs", "2"]);
    assert_eq!(one, two);
    assert_eq!(one["walks"], 96);
    assert_ne!(
        one["steps"],
        json(&["--runs", "96", "--seed", "6"])["steps"]
    );
}

/// A budget of walks for every test run; `locksim explore` alone goes on for a minute.
#[test]
fn nothing_is_found_and_almost_all_is_come_by() {
    let report = json(&["--runs", "192"]);
    assert_eq!(report["found"], Value::Null);
    assert_eq!(
        report["never"]["functions"],
        serde_json::json!([]),
        "{report}"
    );
}

#[test]
fn it_says_what_was_covered_and_what_never() {
    explore()
        .args(["--runs", "20"])
        .assert()
        .success()
        .stdout(contains("20 walks"))
        .stdout(contains("of 12 denial reasons"))
        .stdout(contains(", never "));
}

#[test]
fn wrong_arguments_say_what_is_expected() {
    let table: [(&[&str], &str); 4] = [
        (
            &["--rule", "opened_without_rihgt"],
            "did you mean `opened_without_right`?",
        ),
        (&["--seed", "many"], "invalid value 'many' for '--seed <N>'"),
        (&["--seconds", "5", "--runs", "5"], "cannot be used with"),
        (&["--jobs", "0"], "invalid value '0' for '--jobs <N>'"),
    ];
    for (arguments, part) in table {
        explore()
            .args(arguments)
            .assert()
            .code(2)
            .stderr(contains(part));
    }
}
