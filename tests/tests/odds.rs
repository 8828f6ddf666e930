//! The attacker's chances on the command line.

use assert_cmd::Command;
use predicates::str::contains;
use serde_json::Value;

fn odds(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_locksim-under-test"));
    command.env("NO_COLOR", "1").arg("odds").args(arguments);
    command
}

fn answer(arguments: &[&str]) -> Value {
    let output = odds(arguments).arg("--json").assert().success().stderr("");
    serde_json::from_slice(&output.get_output().stdout).expect("one JSON object")
}

fn open(arguments: &[&str]) -> u64 {
    let answer = answer(arguments);
    answer["smartpins"]["open"].as_u64().expect("a number")
}

/// What is told of guessing at codes of that kind and length.
fn code(answer: &Value, kind: &str, digits: u64) -> Value {
    let codes = answer["codes"].as_array().expect("a list");
    let found = codes
        .iter()
        .find(|code| code["kind"] == kind && code["digits"] == digits);
    found
        .unwrap_or_else(|| panic!("no {kind} of {digits} digits"))
        .clone()
}

#[test]
fn a_scenarios_lock_opens_for_one_number_in_27_651() {
    odds(&[])
        .assert()
        .success()
        .stdout(contains("361,653 of 10,000,000,000, 1 in 27,651"))
        .stdout(contains("295,020"))
        .stdout(contains("66,633"))
        .stdout(contains("custom PIN, local code, programming code"))
        .stderr("");
}

#[test]
fn settings_narrow_and_widen_what_opens() {
    for (settings, expected) in [
        (&[][..], 361_653),
        (&["pins_per_window=4"], 4 * 361_653),
        (&["first_use_within_hours=24"], 18_214),
        (&["max_smartpin_days=1"], 24),
        (&["smartpin_enabled=off"], 0),
        (&["smartpin_enabled=off", "smartpin_enabled=on"], 361_653),
        (&["daily_start_hour=16"], 295_020 + 66_299),
    ] {
        let given: Vec<_> = settings.iter().flat_map(|set| ["--set", set]).collect();
        assert_eq!(open(&given), expected, "{settings:?}");
    }
}

#[test]
fn an_instant_is_civil_where_the_lock_hangs_or_exact() {
    let night = ["--at", "2026-12-01T23:30", "--timezone", "America/Denver"];
    let same = [
        "--at",
        "2026-12-02T06:30Z",
        "--timezone",
        "MST7MDT,M3.2.0,M11.1.0",
    ];
    for given in [night, same] {
        let told = answer(&given);
        assert_eq!(told["at"], "2026-12-02T06:30:00Z");
        assert_eq!(told["civil"], "2026-12-01T23:30");
        assert_eq!(told["timezone"], "MST7MDT,M3.2.0,M11.1.0");
        assert_eq!(told["smartpins"]["open"], 295_020 + 66_299);
    }
}

#[test]
fn few_windows_are_open_as_the_numbering_begins() {
    assert_eq!(open(&["--at", "2020-01-01T00:00"]), 745);
    assert_eq!(open(&["--at", "2020-01-01T08:00"]), 9 * 745 + 334);
    assert_eq!(open(&["--at", "2019-12-31T23:59:59"]), 0);
}

#[test]
fn each_guess_and_its_time_are_told() {
    let told = answer(&[]);
    let smartpin = code(&told, "smartpin", 10);
    assert_eq!(
        (&smartpin["open"], &smartpin["of"]),
        (&361_653.into(), &10_000_000_000_u64.into())
    );
    assert_eq!(smartpin["to_1_percent"]["guesses"], 278);
    assert_eq!(smartpin["to_50_percent"]["guesses"], 19_166);
    let custom = code(&told, "custom_pin", 4);
    assert_eq!((&custom["open"], &custom["of"]), (&1.into(), &9_970.into()));
    assert_eq!(custom["to_1_percent"]["guesses"], 100);
    assert_eq!(custom["to_50_percent"]["guesses"], 4_985);
    let seconds = custom["to_50_percent"]["seconds"]
        .as_f64()
        .expect("a number");
    assert!((20.0..40.0).contains(&(seconds / 86_400.0)), "{seconds}");
}

#[test]
fn a_stricter_lock_takes_fewer_guesses() {
    let guesses =
        |arguments: &[&str]| code(&answer(arguments), "local_code", 6)["guesses_a_day"].as_f64();
    let strict = [
        "--set",
        "wrong_tries=3",
        "--set",
        "lockout_minutes=60,60,60",
        "--set",
        "wrong_try_budget=10",
    ];
    assert!(guesses(&strict) < guesses(&[]));
}

#[test]
fn codes_that_do_not_open_are_never_found() {
    let told = answer(&["--set", "smartpin_enabled=off"]);
    for (kind, digits) in [("smartpin", 10), ("custom_pin", 4)] {
        assert!(
            code(&told, kind, digits)["to_50_percent"].is_null(),
            "{kind}"
        );
    }
    assert!(code(&told, "local_code", 4)["to_50_percent"].is_object());
}

#[test]
fn the_key_does_not_change_the_count() {
    let lock = [
        "--lock-key",
        "98682873e3fe55a29785ca892fa50ada",
        "--generation",
        "7",
    ];
    assert_eq!(open(&lock), 361_653);
}

#[test]
fn what_is_wrong_is_told_with_what_was_meant() {
    for (arguments, told) in [
        (
            &["--set", "wrong_trys=3"][..],
            "did you mean `wrong_tries`?",
        ),
        (&["--set", "wrong_tries=2"], "wrong_tries takes 3 to 10"),
        (&["--set", "wrong_tries"], "NAME=VALUE"),
        (&["--set", "lockout_minutes=5,1,15"], "not falling"),
        (&["--set", "generation=-1"], "32 bits"),
        (
            &["--timezone", "America/Denvr"],
            "did you mean `America/Denver`?",
        ),
        (
            &["--set", "timezone=America/Denvr"],
            "did you mean `America/Denver`?",
        ),
        (&["--at", "yesterday"], "2026-12-01T15:00"),
        (&["--at", "1999-12-31T23:59"], "2000 to 2099"),
        (
            &["--at", "2026-03-08T02:00", "--timezone", "America/Denver"],
            "go on at 2026-03-08T03:00:00",
        ),
        (
            &["--site-key", "000102030405060708090a0b0c0d0e0f"],
            "--serial",
        ),
        (&["--lock-key", "98682873"], "32 hex digits"),
        (&["--serial", "sl-1"], "A-Z"),
        (&["--jobs", "2"], "--exhaustive"),
    ] {
        odds(arguments)
            .assert()
            .code(2)
            .stdout("")
            .stderr(contains(told));
    }
}
