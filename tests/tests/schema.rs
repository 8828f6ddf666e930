//! The JSON Schema that editors use: as the program prints it, and true to every scenario.

use std::fs;
use std::path::Path;

use acceptance::{scenario_files, scenarios, test_name};
use assert_cmd::Command;
use serde_json::Value;

fn json(path: &Path) -> Value {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_committed_schema_is_fresh() {
    let committed =
        fs::read_to_string(scenarios().join("schema.json")).expect("scenarios/schema.json");
    let printed = Command::new(env!("CARGO_BIN_EXE_locksim-under-test"))
        .arg("schema")
        .assert()
        .success();
    let printed = String::from_utf8_lossy(&printed.get_output().stdout).into_owned();
    assert!(
        printed == committed,
        "mend it with: locksim schema > scenarios/schema.json"
    );
}

#[test]
fn every_scenario_is_valid_by_the_schema() {
    let schema =
        jsonschema::validator_for(&json(&scenarios().join("schema.json"))).expect("a schema");
    let mut wrong = Vec::new();
    for path in scenario_files() {
        for error in schema.iter_errors(&json(&path)) {
            let name = test_name(&path, &scenarios());
            wrong.push(format!("{name}: {} {error}", error.instance_path()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn most_slips_are_seen_by_the_schema_too() {
    let schema =
        jsonschema::validator_for(&json(&scenarios().join("schema.json"))).expect("a schema");
    let seen = [
        "misspelt-field",
        "misspelt-verb",
        "misspelt-signal",
        "misspelt-event",
        "misspelt-setting",
        "misspelt-fault",
        "no-name",
        "no-verb",
        "two-verbs",
        "wrong-type-null",
        "a-bad-duration",
        "a-key-that-is-no-hex",
        "setting-out-of-range",
        "a-key-that-there-is-not",
    ];
    let accepted: Vec<_> = seen
        .iter()
        .filter(|name| schema.is_valid(&json(&scenarios().join(format!("invalid/{name}.json")))))
        .collect();
    assert!(accepted.is_empty(), "{accepted:?}");
}

#[test]
fn every_scenario_names_the_schema() {
    for path in scenario_files() {
        let named = json(&path)["$schema"]
            .as_str()
            .map(str::to_owned)
            .expect("a $schema");
        let folder = path.parent().expect("a file lies in a folder");
        assert!(
            folder.join(&named).is_file() && named.ends_with("schema.json"),
            "{}",
            path.display()
        );
    }
}
