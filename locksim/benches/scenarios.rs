//! How fast the bench goes: the whole corpus and an exploration on one core, and what empty time costs.

use std::path::PathBuf;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use locksim::files::{find, read_file};
use sim::executor::InTurn;
use sim::explore::{Exploration, ROUND, Tally};
use sim::run::{Options, run};
use sim::scenario::load::{File, read};
use sim::scenario::plan::{Root, Selection, plan};

fn planned(files: Vec<File>) -> Vec<Root> {
    plan(files, &Selection::default())
}

/// Runs every test on one core, and each has to pass: a failing run is not worth timing.
fn pass(roots: &[Root]) {
    let totals = run(roots, &Options::default(), &InTurn, &mut |_| {});
    assert_eq!((totals.failed, totals.not_run), (0, 0));
}

fn corpus(criterion: &mut Criterion) {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios"));
    let paths = find(&[folder]).expect("the folder");
    let files = || {
        let files = paths
            .iter()
            .map(|path| read_file(path).expect("a valid file"));
        files.collect::<Vec<_>>()
    };
    let roots = planned(files());
    let tests: usize = roots.iter().map(|root| root.tests.len()).sum();
    let mut group = criterion.benchmark_group("corpus");
    group.throughput(Throughput::Elements(tests as u64));
    group.sample_size(10);
    group.bench_function("run", |bencher| bencher.iter(|| pass(&roots)));
    group.bench_function("read", |bencher| bencher.iter(&files));
    group.finish();
}

/// The same two entries with ten empty minutes, or ten empty years, between them.
fn empty_time(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("empty");
    for (name, span) in [("10 minutes", "10m"), ("10 years", "3650d")] {
        let text = format!(
            r#"{{ "name": "asleep", "start": "2026-12-01T14:00", "steps": [
                {{ "type": "1379#" }}, {{ "expect": {{ "signal": "denied" }} }},
                {{ "wait": "{span}" }},
                {{ "type": "1379#" }}, {{ "expect": {{ "signal": "denied" }} }}
            ] }}"#
        );
        let root = || {
            planned(vec![
                read("asleep.json", text.as_bytes()).expect("a valid file"),
            ])
        };
        group.bench_function(name, |bencher| {
            bencher.iter_batched(root, |roots| pass(&roots), BatchSize::SmallInput);
        });
    }
    group.finish();
}

/// A guest's stay, a hundred times over: a PIN is issued, lets in, and no longer does a day after.
fn stays(criterion: &mut Criterion) {
    const STAYS: u64 = 100;
    let text = format!(
        r#"{{ "name": "stays", "start": "2026-12-01T14:00", "steps": [
            {{ "repeat": {{ "times": {STAYS}, "steps": [
                {{ "issue": {{ "as": "stay", "start": "now", "end": "+24h" }} }},
                {{ "type": "${{stay}}#" }}, {{ "expect": {{ "bolt": "unlocked" }} }},
                {{ "wait": "25h" }},
                {{ "type": "${{stay}}#" }}, {{ "expect": {{ "signal": "denied" }} }},
                {{ "wait": "1h" }}
            ] }} }}
        ] }}"#
    );
    let root = || {
        planned(vec![
            read("stays.json", text.as_bytes()).expect("a valid file"),
        ])
    };
    let mut group = criterion.benchmark_group("stays");
    group.throughput(Throughput::Elements(STAYS));
    group.sample_size(20);
    group.bench_function("one core", |bencher| {
        bencher.iter_batched(root, |roots| pass(&roots), BatchSize::SmallInput);
    });
    group.finish();
}

/// The first walks of a seed: random users and faults, each step judged. Counts steps, as `locksim explore` does.
fn explore(criterion: &mut Criterion) {
    let walk = || -> Tally {
        let mut exploration = Exploration::new(1, Vec::new());
        let found = exploration.round(ROUND, &InTurn).expect("a lock");
        assert!(found.is_none(), "a rule is broken");
        exploration.tally
    };
    let mut group = criterion.benchmark_group("explore");
    group.throughput(Throughput::Elements(walk().steps as u64));
    group.sample_size(10);
    group.bench_function("one core", |bencher| bencher.iter(walk));
    group.finish();
}

criterion_group!(benches, corpus, empty_time, stays, explore);
criterion_main!(benches);
