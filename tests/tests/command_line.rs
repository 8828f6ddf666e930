//! What the program takes, answers and ends with.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use acceptance::{files_below, scenarios};
use assert_cmd::Command;
use assert_cmd::assert::Assert;
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::{contains, is_empty};
use serde_json::Value;

const PASSED: i32 = 0;
const FAILED: i32 = 1;
const USAGE: i32 = 2;
const LOST: i32 = 3;
const NOTHING: i32 = 4;

const STEPS_THAT_PASS: &str =
    r##"[{ "type": "#" }, { "expect": { "bolt": "locked", "leds": "none" } }]"##;
const STEPS_THAT_FAIL: &str = r#"[{ "type": "4711#" }, { "expect": { "signal": "granted", "bolt": "unlocked" }, "note": "nobody set it" }]"#;

fn locksim() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_locksim-under-test"));
    command.env("NO_COLOR", "1");
    command
}

fn scenario(name: &str, steps: &str) -> String {
    format!(r#"{{ "name": "{name}", "start": "2026-12-01T14:00", "steps": {steps} }}"#)
}

/// A folder of scenario files, by their names and texts.
fn folder(name: &str, files: &[(&str, String)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("command-line")
        .join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("last time's files go");
    }
    fs::create_dir_all(&folder).expect("a folder");
    for (file, text) in files {
        fs::write(folder.join(file), text).expect("a file");
    }
    folder
}

fn two_pass_one_fails() -> Vec<(&'static str, String)> {
    vec![
        ("a.json", scenario("first", STEPS_THAT_PASS)),
        ("b.json", scenario("second", STEPS_THAT_FAIL)),
        ("c.json", scenario("third", STEPS_THAT_PASS)),
    ]
}

fn told(run: &Assert) -> String {
    let output = run.get_output();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn every_test_passed_is_0() {
    let folder = folder(
        "pass",
        &[("a.json", scenario("the door stays shut", STEPS_THAT_PASS))],
    );
    let run = locksim().arg("run").arg(folder).assert().code(PASSED);
    assert!(told(&run).contains("the door stays shut"), "{}", told(&run));
}

#[test]
fn a_failed_test_is_1_and_shows_expected_beside_seen() {
    let folder = folder("fail", &two_pass_one_fails());
    let run = locksim().arg("run").arg(folder).assert().code(FAILED);
    for said in ["second", "granted", "denied", "nobody set it", "b.json"] {
        assert!(told(&run).contains(said), "no {said} in\n{}", told(&run));
    }
}

#[test]
fn one_invalid_file_is_2_and_no_test_runs() {
    let mut files = two_pass_one_fails();
    files.push(("d.json", "{ \"name\": \"cut off".to_owned()));
    let folder = folder("invalid", &files);
    locksim()
        .arg("run")
        .arg(folder)
        .assert()
        .code(USAGE)
        .stdout("")
        .stderr(contains("d.json:1:").and(contains("second").not()));
}

#[test]
fn wrong_usage_is_2() {
    let none = Path::new(env!("CARGO_TARGET_TMPDIR")).join("there-is-no-such-file.json");
    locksim()
        .arg("run")
        .arg(none)
        .assert()
        .code(USAGE)
        .stderr(contains("there-is-no-such-file"));
    for arguments in [
        &["run"][..],
        &["check"],
        &["rnu", "."],
        &["run", ".", "--job", "2"],
        &["run", ".", "--jobs", "0"],
        &["run", ".", "--jobs", "many"],
        &["run", ".", "--partition", "slice:3/2"],
        &["run", ".", "--partition", "slice:0/2"],
        &["run", ".", "--partition", "half"],
        &["run", ".", "--dut", "abacus"],
        &["run", ".", "--dut", "qemu:no-such-image"],
        &["run", ".", "--needs"],
        &["pin", "issue"],
    ] {
        locksim()
            .args(arguments)
            .assert()
            .code(USAGE)
            .stdout("")
            .stderr(is_empty().not());
    }
}

#[test]
fn no_test_found_is_4() {
    let empty = folder("empty", &[]);
    locksim().arg("run").arg(&empty).assert().code(NOTHING);
    locksim().arg("check").arg(&empty).assert().code(NOTHING);
    let full = folder("filtered", &two_pass_one_fails());
    locksim()
        .arg("run")
        .arg(full)
        .args(["--filter", "no such name"])
        .assert()
        .code(NOTHING);
}

#[test]
fn check_runs_nothing() {
    let folder = folder("check", &two_pass_one_fails());
    locksim()
        .arg("check")
        .arg(folder)
        .assert()
        .code(PASSED)
        .stdout("");
}

#[test]
fn check_tells_problems_in_json() {
    let path = scenarios().join("invalid/several-at-once.json");
    let run = locksim()
        .args(["check", "--json"])
        .arg(path)
        .assert()
        .code(USAGE);
    let problems = json_lines(&run);
    let places: Vec<_> = problems
        .iter()
        .map(|problem| (&problem["line"], &problem["column"]))
        .collect();
    assert_eq!(
        format!("{places:?}"),
        "[(Number(6), Number(15)), (Number(7), Number(15)), (Number(8), Number(29))]"
    );
}

fn json_lines(run: &Assert) -> Vec<Value> {
    let text = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// The names of the tests that a run with `--json` tells of.
fn names(run: &Assert) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in json_lines(run) {
        for key in ["test", "name"] {
            names.extend(line[key].as_str().map(str::to_owned));
        }
    }
    names
}

#[test]
fn json_is_one_object_a_line() {
    let folder = folder("json", &two_pass_one_fails());
    let run = locksim()
        .arg("run")
        .arg(folder)
        .arg("--json")
        .assert()
        .code(FAILED);
    for name in ["first", "second", "third"] {
        assert!(names(&run).contains(name), "{name}: {}", told(&run));
    }
}

#[test]
fn junit_counts_tests_and_failures() {
    let folder = folder("junit", &two_pass_one_fails());
    let report = folder.join("report.xml");
    locksim()
        .arg("run")
        .arg(&folder)
        .arg("--junit")
        .arg(&report)
        .assert()
        .code(FAILED);
    let xml = fs::read_to_string(report).expect("a report");
    for part in [
        "<testsuites",
        "tests=\"3\"",
        "failures=\"1\"",
        "second",
        "<failure",
    ] {
        assert!(xml.contains(part), "no {part} in\n{xml}");
    }
}

#[test]
fn a_filter_takes_the_tests_whose_name_contains_it() {
    let folder = folder("filter", &two_pass_one_fails());
    let run = locksim()
        .arg("run")
        .arg(folder)
        .args(["--filter", "thir", "--json"])
        .assert()
        .code(PASSED);
    assert!(
        names(&run).contains("third") && !names(&run).contains("second"),
        "{}",
        told(&run)
    );
}

#[test]
fn partitions_share_all_tests_among_them() {
    let entry = scenarios().join("entry");
    let all = locksim()
        .arg("run")
        .arg(&entry)
        .arg("--json")
        .assert()
        .code(PASSED);
    for kind in ["slice", "hash"] {
        let part = |number| {
            let partition = format!("{kind}:{number}/3");
            let run = locksim()
                .arg("run")
                .arg(&entry)
                .args(["--json", "--partition", &partition])
                .assert();
            tests(&run.code(PASSED))
        };
        let parts = [part(1), part(2), part(3)];
        let together: BTreeSet<_> = parts.iter().flatten().cloned().collect();
        assert_eq!(together, tests(&all), "{kind}");
        assert_eq!(
            parts.iter().map(BTreeSet::len).sum::<usize>(),
            together.len(),
            "{kind}"
        );
    }
}

/// File and name, as a case's or branch's name may stand in two files.
fn tests(run: &Assert) -> BTreeSet<String> {
    let lines = json_lines(run).into_iter();
    lines
        .filter(|line| line["test"].is_string() || line["name"].is_string())
        .map(|line| format!("{} {} {}", line["path"], line["test"], line["name"]))
        .collect()
}

#[test]
fn fail_fast_begins_no_test_after_a_failed_one() {
    let folder = folder("fail-fast", &two_pass_one_fails());
    let run = locksim()
        .arg("run")
        .arg(folder)
        .args(["--fail-fast", "--jobs", "1", "--json"])
        .assert()
        .code(FAILED);
    let passed = json_lines(&run)
        .iter()
        .any(|line| line.to_string().contains("third"));
    assert!(!passed, "{}", told(&run));
}

#[test]
fn a_trace_is_written_for_each_test() {
    let folder = folder("trace", &two_pass_one_fails());
    let into = folder.join("traces");
    locksim()
        .arg("run")
        .arg(&folder)
        .arg("--trace")
        .arg(&into)
        .assert()
        .code(FAILED);
    let traces = files_below(&into, "jsonl");
    assert_eq!(traces.len(), 3, "{traces:?}");
    for trace in traces {
        for line in fs::read_to_string(trace).expect("a trace").lines() {
            let event: Value = serde_json::from_str(line).expect("one JSON object a line");
            assert!(event["at"].is_u64(), "{line}");
        }
    }
}

#[test]
fn a_trace_names_pins_and_shows_them_only_when_asked() {
    let steps = r#"[
        { "issue": { "as": "stay", "start": "2026-12-01T15:00", "end": "2026-12-05T11:00" } },
        { "until": "2026-12-01T15:00" },
        { "type": "${stay}#" },
        { "expect": { "signal": "granted", "bolt": "unlocked" } }
    ]"#;
    let lock = r#"{ "serial": "SL-000042", "site_key": "000102030405060708090a0b0c0d0e0f" }"#;
    let text = scenario("a stay", steps).replacen('{', &format!("{{ \"lock\": {lock},"), 1);
    let folder = folder("secrets", &[("a.json", text)]);
    let trace = |into: &str, arguments: &[&str]| {
        let into = folder.join(into);
        let run = locksim()
            .arg("run")
            .arg(folder.join("a.json"))
            .arg("--trace")
            .arg(&into)
            .args(arguments)
            .assert();
        let told = told(&run.code(PASSED));
        files_below(&into, "jsonl")
            .iter()
            .map(|path| fs::read_to_string(path).expect("a trace"))
            .fold(told, |all, trace| all + &trace)
    };
    let kept = trace("kept", &[]);
    assert!(
        kept.contains("stay") && !kept.contains("5912450186"),
        "{kept}"
    );
    let shown = trace("shown", &["--show-secrets"]);
    assert_ne!(kept, shown);
}

#[test]
fn colour_is_for_terminals_and_for_who_asks() {
    let folder = folder("colour", &two_pass_one_fails());
    let run = |always: &[&str]| {
        told(
            &locksim()
                .arg("run")
                .arg(&folder)
                .args(always)
                .assert()
                .code(FAILED),
        )
    };
    assert!(!run(&[]).contains('\u{1b}'));
    assert!(run(&["--color", "always"]).contains('\u{1b}'));
    assert!(!run(&["--color", "never"]).contains('\u{1b}'));
}

#[test]
fn a_device_that_is_not_there_is_told() {
    let folder = folder("dut", &two_pass_one_fails());
    for (device, code, expected) in [
        ("qemu", USAGE, "build it by boards/build"),
        (
            "serial:/dev/no-such-port",
            USAGE,
            "there is no /dev/no-such-port",
        ),
        ("serial:/dev/null", LOST, "/dev/null can't be opened"),
    ] {
        let run = locksim()
            .arg("run")
            .arg(&folder)
            .args(["--dut", device])
            .env("XDG_CACHE_HOME", &folder)
            .assert()
            .code(code);
        assert!(told(&run).contains(expected), "{}", told(&run));
    }
}

#[test]
fn traces_are_compared_event_by_event() {
    let files = folder("diff", &two_pass_one_fails());
    let traces = |name: &str, seed: &str| {
        let into = files.join(name);
        locksim()
            .arg("run")
            .arg(&files)
            .args(["--seed", seed, "--trace"])
            .arg(&into)
            .assert()
            .code(FAILED);
        into
    };
    let diff = |one: &Path, other: &Path| locksim().arg("diff").args([one, other]).assert();
    let (one, same) = (traces("one", "1"), traces("same", "1"));
    let all_same = diff(&one, &same).code(0);
    assert!(
        told(&all_same).contains("3 traces, all the same"),
        "{}",
        told(&all_same)
    );

    let file = files_below(&same, "jsonl").remove(0);
    let text = fs::read_to_string(&file).expect("a trace");
    fs::write(&file, text.replacen("\"locked\"", "\"moving\"", 1)).expect("a folder to write to");
    let others = diff(&one, &same).code(FAILED);
    for part in [
        "event 1 differs",
        "- +0.000000  bolt locked",
        "+ +0.000000  bolt moving",
    ] {
        assert!(told(&others).contains(part), "{}", told(&others));
    }
    fs::write(&file, format!("{text}nonsense\n")).expect("a folder to write to");
    let wrong = diff(&one, &same).code(USAGE);
    assert!(
        told(&wrong).contains("no event of a trace"),
        "{}",
        told(&wrong)
    );
    fs::remove_file(&file).expect("a file");
    let missing = diff(&one, &same).code(FAILED);
    assert!(told(&missing).contains("is not in"), "{}", told(&missing));
    let empty = diff(&one, &files.join("no-such-folder")).code(USAGE);
    assert!(told(&empty).contains("no-such-folder"), "{}", told(&empty));
}

#[test]
fn the_program_helps() {
    locksim()
        .arg("--help")
        .assert()
        .success()
        .stdout(contains("run").and(contains("check")).and(contains("pin")));
    locksim()
        .args(["run", "--help"])
        .assert()
        .success()
        .stdout(contains("--partition"));
    locksim()
        .arg("--version")
        .assert()
        .success()
        .stdout(contains(env!("CARGO_PKG_VERSION")));
    locksim()
        .args(["completions", "bash"])
        .assert()
        .success()
        .stdout(contains("locksim"));
    locksim()
        .arg("man")
        .assert()
        .success()
        .stdout(contains(".TH locksim"));
}
