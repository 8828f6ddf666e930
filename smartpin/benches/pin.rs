//! Issuing and reading, one at a time and in batches, beside the `fpe` crate on the same input in the same run.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fpe::ff1::{FF1, FlexibleNumeralString};
use smartpin::{Generation, Index, LockKey, Pin, PinKey, Stay, StoreKey, Variant, Window};

const KEY: [u8; 16] = [0x42; 16];
const BATCH: usize = 4096;
const GENERATION: Generation = Generation(7);

fn indexes() -> Vec<Index> {
    (0..BATCH as u32)
        .filter_map(|n| {
            let stay = Stay {
                window: Window::from_number(n * 190_001)?,
                variant: Variant::new((n % 8) as u8)?,
            };
            Some(stay.index())
        })
        .collect()
}

fn keys() -> (PinKey, FF1<aes::Aes128>) {
    let derived = StoreKey::from_bytes(KEY)
        .expand()
        .cmac(&[b"\0\0\0\x01smartpin/pin\0\0\0\0\x80"]);
    (
        LockKey::from_bytes(KEY).pin_key(),
        FF1::new(&derived, 10).expect("radix 10"),
    )
}

fn numerals(digits: impl IntoIterator<Item = u8>) -> FlexibleNumeralString {
    digits.into_iter().map(u16::from).collect::<Vec<_>>().into()
}

fn read(c: &mut Criterion) {
    let (key, peer) = keys();
    let pins: Vec<Pin> = indexes()
        .into_iter()
        .map(|index| key.issue(index, GENERATION))
        .collect();
    let texts: Vec<_> = pins.iter().map(|pin| numerals(pin.digits())).collect();
    let tweak = GENERATION.0.to_be_bytes();
    let mut group = c.benchmark_group("read");
    group.throughput(Throughput::Elements(BATCH as u64));
    group.bench_function("fpe", |b| {
        b.iter(|| {
            for text in &texts {
                drop(black_box(peer.decrypt(&tweak, black_box(text))));
            }
        });
    });
    group.bench_function("single", |b| {
        b.iter(|| {
            for pin in &pins {
                let _read = black_box(key.read(black_box(pin), GENERATION));
            }
        });
    });
    group.bench_function("batch", |b| {
        b.iter(|| {
            key.read_batch(black_box(&pins), GENERATION, |read| {
                black_box(&read);
            });
        });
    });
    group.bench_function("range", |b| {
        b.iter(|| {
            key.read_range(black_box(0..BATCH as u64), GENERATION, |read| {
                black_box(&read);
            });
        });
    });
    group.finish();
}

fn issue(c: &mut Criterion) {
    let (key, peer) = keys();
    let indexes = indexes();
    let texts: Vec<_> = indexes
        .iter()
        .map(|index| {
            numerals(
                format!("{:010}", index.number())
                    .bytes()
                    .map(|byte| byte - b'0'),
            )
        })
        .collect();
    let tweak = GENERATION.0.to_be_bytes();
    let mut group = c.benchmark_group("issue");
    group.throughput(Throughput::Elements(BATCH as u64));
    group.bench_function("fpe", |b| {
        b.iter(|| {
            for text in &texts {
                drop(black_box(peer.encrypt(&tweak, black_box(text))));
            }
        });
    });
    group.bench_function("single", |b| {
        b.iter(|| {
            for index in &indexes {
                drop(black_box(key.issue(*index, GENERATION)));
            }
        });
    });
    group.bench_function("batch", |b| {
        b.iter(|| key.issue_batch(black_box(&indexes), GENERATION, |pin| drop(black_box(pin))));
    });
    group.finish();
}

criterion_group!(benches, read, issue);
criterion_main!(benches);
