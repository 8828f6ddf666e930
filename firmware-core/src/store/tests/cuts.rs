//! Power cuts: what was answered is there, what was not is there whole or not at all.

use super::bench::{Change, key, sight};
use super::nor::{Cut, ERASE_TEARS, Noise, Nor, Operation};
use crate::store::Store;

/// Applies changes, the supply failing in every few of them, and boots again each time.
fn soak(seed: u64, changes: usize) {
    let key = key();
    let mut noise = Noise(seed);
    let mut nor = Nor::blank();
    let (mut store, _) = Store::open(&mut nor, &key);
    for turn in 0..changes {
        let change = Change::any(&mut noise);
        let before = sight(&store, &mut nor);
        let mut after = nor.rebooted();
        let mut done = store.clone();
        let applied = change.apply(&mut done, &mut after);
        let operations = after.operations.len();
        let expected = sight(&done, &mut after);
        let erase = after
            .operations
            .iter()
            .position(|operation| *operation == Operation::Erase);
        if operations > 0 && (erase.is_some() || noise.below(8) == 0) {
            let anywhere = noise.below(operations as u32) as usize;
            let operation = erase.filter(|_| noise.below(4) > 0).unwrap_or(anywhere);
            let progress = noise.below(64.max(ERASE_TEARS as u32)) as usize;
            nor = nor.rebooted();
            nor.cut = Some(Cut {
                operation,
                progress,
                seed: noise.next(),
            });
            let cut = nor.cut;
            assert!(change.apply(&mut store, &mut nor).is_err() || nor.is_off());
            nor = nor.rebooted();
            let (opened, found) = Store::open(&mut nor, &key);
            store = opened;
            let now = sight(&store, &mut nor);
            for ((now, before), expected) in now.iter().zip(&before).zip(&expected) {
                assert!(
                    now == before || now == expected,
                    "seed {seed}, turn {turn}, {change:?}, {cut:?}:\n before {before}\n after {expected}\n now {now}"
                );
            }
            assert!(
                !found.repaired,
                "seed {seed}, turn {turn}, {change:?}, {cut:?}, {found:?}"
            );
        } else {
            assert_eq!(change.apply(&mut store, &mut nor), applied);
            assert_eq!(sight(&store, &mut nor), expected);
        }
        assert_eq!(
            nor.raised, 0,
            "seed {seed}, turn {turn}: a write would have raised a bit"
        );
    }
}

#[test]
fn cuts_anywhere_in_a_long_life() {
    for seed in 0..2 {
        soak(seed, 1_500);
    }
}
