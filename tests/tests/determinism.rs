//! The same files, seeds and program give the same bytes, whatever the number of jobs; and no secret stands in them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use acceptance::{files_below, scenarios};
use assert_cmd::Command;

/// Of the published vectors; scenarios type them.
const SECRETS: [&str; 4] = [
    "5912450186",
    "591-245-0186",
    "8602974135",
    "000102030405060708090a0b0c0d0e0f",
];

fn traces(into: &str, paths: &[PathBuf], arguments: &[&str]) -> BTreeMap<PathBuf, Vec<u8>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(into);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("last time's traces go");
    }
    Command::new(env!("CARGO_BIN_EXE_locksim-under-test"))
        .arg("run")
        .args(paths)
        .arg("--trace")
        .arg(&folder)
        .args(arguments)
        .ok()
        .expect("the scenarios pass");
    let files = files_below(&folder, "jsonl").into_iter();
    files
        .map(|path| {
            let bytes = fs::read(&path).expect("a trace");
            let name = path.strip_prefix(&folder).map(Path::to_owned);
            (name.expect("below its folder"), bytes)
        })
        .collect()
}

fn assert_same(one: &BTreeMap<PathBuf, Vec<u8>>, other: &BTreeMap<PathBuf, Vec<u8>>) {
    assert!(!one.is_empty());
    assert!(one.keys().eq(other.keys()), "other traces were written");
    let differing: Vec<_> = one
        .keys()
        .filter(|name| one[*name] != other[*name])
        .collect();
    assert!(differing.is_empty(), "{differing:?}");
}

#[test]
fn the_whole_suite_gives_the_same_traces_again() {
    let suite = [scenarios()];
    let first = traces("first", &suite, &["--jobs", "1"]);
    assert_same(&first, &traces("again", &suite, &["--jobs", "1"]));
    assert_same(&first, &traces("by-two", &suite, &["--jobs", "2"]));
}

#[test]
fn a_seed_is_another_world_and_the_same_one_again() {
    let entries = [scenarios().join("entry")];
    let seven = traces("seed-7", &entries, &["--seed", "7"]);
    assert_same(&seven, &traces("seed-7-again", &entries, &["--seed", "7"]));
    let eight = traces("seed-8", &entries, &["--seed", "8"]);
    assert_ne!(seven, eight, "contacts bounce otherwise");
}

#[test]
fn no_secret_stands_in_a_trace() {
    let paths = [
        scenarios().join("smartpin"),
        scenarios().join("programming"),
    ];
    for (name, trace) in traces("secrets", &paths, &[]) {
        let text = String::from_utf8(trace).expect("a trace is UTF-8");
        for secret in SECRETS {
            assert!(!text.contains(secret), "{}: {secret}", name.display());
        }
    }
}
