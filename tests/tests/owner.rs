//! The owner's app on the command line, against the published vectors.

use std::fs;
use std::path::Path;

use acceptance::root;
use assert_cmd::Command;
use predicates::str::contains;
use serde_json::Value;

fn pin(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_locksim-under-test"));
    command.env("NO_COLOR", "1").arg("pin").args(arguments);
    command
}

fn vectors() -> Vec<Value> {
    let path = root().join("smartpin/tests/vectors.json");
    let vectors: Value =
        serde_json::from_slice(&fs::read(path).expect("the vectors")).expect("JSON");
    vectors["smartpin"].as_array().expect("a list").clone()
}

fn text<'a>(vector: &'a Value, key: &str) -> &'a str {
    vector[key]
        .as_str()
        .unwrap_or_else(|| panic!("no {key} in {vector}"))
}

fn number(vector: &Value, key: &str) -> String {
    vector[key]
        .as_u64()
        .unwrap_or_else(|| panic!("no {key} in {vector}"))
        .to_string()
}

fn answer(command: &mut Command) -> Value {
    let output = command.assert().success();
    serde_json::from_slice(&output.get_output().stdout).expect("one JSON object")
}

fn assert_answers(answer: &Value, vector: &Value) {
    for key in ["pin", "start", "end", "variant", "generation"] {
        assert_eq!(answer[key], vector[key], "{key} of {vector}");
    }
    let digits = text(vector, "pin");
    let display = format!("{}-{}-{}", &digits[..3], &digits[3..6], &digits[6..]);
    assert_eq!(answer["display"], Value::from(display));
    let kind = text(answer, "kind");
    assert!(["hourly", "daily"].contains(&kind), "{kind}");
}

#[test]
fn the_vectors_are_issued() {
    for vector in vectors() {
        let (generation, variant) = (number(&vector, "generation"), number(&vector, "variant"));
        let answer = answer(&mut pin(&[
            "issue",
            "--json",
            "--site-key",
            text(&vector, "site_key"),
            "--serial",
            text(&vector, "serial"),
            "--generation",
            &generation,
            "--variant",
            &variant,
            "--start",
            text(&vector, "start"),
            "--end",
            text(&vector, "end"),
        ]));
        assert_answers(&answer, &vector);
        assert_eq!(answer["serial"], vector["serial"]);
    }
}

#[test]
fn the_vectors_are_read() {
    for vector in vectors() {
        let generation = number(&vector, "generation");
        let key = ["--lock-key", text(&vector, "lock_key")];
        let answer = answer(
            pin(&["read", "--json", "--generation", &generation])
                .args(key)
                .arg(text(&vector, "pin")),
        );
        assert_answers(&answer, &vector);
    }
}

const STAY: [&str; 4] = ["--start", "2026-12-01T15:00", "--end", "2026-12-05T11:00"];
const SITE: [&str; 4] = [
    "--site-key",
    "000102030405060708090a0b0c0d0e0f",
    "--serial",
    "SL-000042",
];

#[test]
fn a_pin_is_printed_in_groups_with_its_window() {
    pin(&["issue"])
        .args(SITE)
        .args(STAY)
        .assert()
        .success()
        .stdout(contains("591-245-0186"))
        .stdout(contains("2026-12-01 15:00"))
        .stdout(contains("2026-12-05 11:00"))
        .stderr("");
}

#[test]
fn a_pin_is_read_as_it_is_printed() {
    for typed in ["591-245-0186", "591 245 0186", "5912450186"] {
        pin(&["read", typed])
            .args(SITE)
            .assert()
            .success()
            .stdout(contains("2026-12-01 15:00"));
    }
}

#[test]
fn a_key_may_come_from_a_file() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lock.key");
    fs::write(&path, "98682873e3fe55a29785ca892fa50ada\n").expect("a file");
    pin(&["read", "7644320414", "--key-file"])
        .arg(&path)
        .assert()
        .success()
        .stdout(contains("2073-10-14 17:00"));
}

#[test]
fn a_daily_stay_shows_the_window_that_really_opens() {
    let stay = ["--start", "2026-12-01T15:00", "--end", "2027-01-02T16:00"];
    let daily = answer(pin(&["issue", "--json"]).args(SITE).args(stay));
    assert_eq!(daily["kind"], "daily");
    assert_eq!(daily["start"], "2026-12-01T08:00");
    assert_eq!(daily["end"], "2027-01-02T20:00");
}

#[test]
fn a_stay_that_no_pin_can_carry_is_refused_by_its_limit() {
    for (start, end, limit) in [
        ("2026-12-01T15:00", "2026-12-02T14:00", "too short"),
        ("2026-12-01T15:00", "2027-12-02T15:00", "too long"),
        ("2026-12-01T15:30", "2026-12-05T11:00", "not on the hour"),
        ("2019-12-31T23:00", "2020-01-05T11:00", "before 2020-01-01"),
        ("2139-08-14T16:00", "2139-08-18T16:00", "2139"),
    ] {
        pin(&["issue", "--start", start, "--end", end])
            .args(SITE)
            .assert()
            .code(2)
            .stdout("")
            .stderr(contains(limit));
    }
}

#[test]
fn what_is_no_pin_is_refused() {
    for (typed, told) in [
        ("591245018", "ten digits"),
        ("59124501860", "ten digits"),
        ("591-245-018x", "x"),
    ] {
        pin(&["read", typed])
            .args(SITE)
            .assert()
            .code(2)
            .stdout("")
            .stderr(contains(told));
    }
}

#[test]
fn a_reserved_number_is_told_as_one() {
    let key = ["--lock-key", "98682873e3fe55a29785ca892fa50ada"];
    pin(&["read", "0921667595"])
        .args(key)
        .assert()
        .code(2)
        .stderr(contains("reserved"));
}

#[test]
fn a_wrong_key_is_told_without_its_digits() {
    for key in ["00010203", "zz0102030405060708090a0b0c0d0e0f"] {
        let output = pin(&["issue", "--site-key", key, "--serial", "SL-000042"])
            .args(STAY)
            .assert()
            .code(2);
        let told = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
        assert!(!told.contains(key), "{told}");
    }
}

#[test]
fn one_key_is_needed_and_no_more() {
    let lock = ["--lock-key", "98682873e3fe55a29785ca892fa50ada"];
    pin(&["issue"]).args(STAY).assert().code(2);
    pin(&["issue"])
        .args(STAY)
        .args(SITE)
        .args(lock)
        .assert()
        .code(2);
    pin(&["issue"])
        .args(STAY)
        .args(&SITE[..2])
        .assert()
        .code(2)
        .stderr(contains("--serial"));
    pin(&["issue"])
        .args(STAY)
        .args(lock)
        .args(["--variant", "8"])
        .assert()
        .code(2);
}
