//! Power cuts: what was answered is there, what was not is there whole or not at all.

use super::bench::{Change, key, lived_in, sight};
use super::nor::{Cut, ERASE_TEARS, Noise, Nor, Operation};
use super::std::string::String;
use super::std::vec::Vec;
use crate::store::Store;

/// A change that has not been made yet, and what is seen before and after it.
struct Trial {
    store: Store,
    nor: Nor,
    change: Change,
    before: Vec<String>,
    after: Vec<String>,
    operations: Vec<Operation>,
}

impl Trial {
    fn new(store: &Store, nor: &Nor, change: Change) -> Self {
        let (mut done, mut changed) = (store.clone(), nor.rebooted());
        let before = sight(store, &mut changed);
        change.apply(&mut done, &mut changed).unwrap_or_default();
        let after = sight(&done, &mut changed);
        Self {
            store: store.clone(),
            nor: nor.rebooted(),
            change,
            before,
            after,
            operations: changed.operations,
        }
    }

    /// The supply fails during the change and comes back: each thing is as before or as after, and nothing is said to be
    /// repaired.
    fn cut(&self, cut: Cut) -> (Store, Nor) {
        let (mut store, mut nor) = (self.store.clone(), self.nor.rebooted());
        nor.cut = Some(cut);
        assert!(
            self.change.apply(&mut store, &mut nor).is_err(),
            "{:?} {cut:?}",
            self.change
        );
        assert!(nor.is_off());
        let mut nor = nor.rebooted();
        let (store, opened) = Store::open(&mut nor, &key());
        let change = self.change;
        assert!(!opened.repaired, "{change:?}, {cut:?}");
        for ((now, before), after) in sight(&store, &mut nor)
            .iter()
            .zip(&self.before)
            .zip(&self.after)
        {
            assert!(
                now == before || now == after,
                "{change:?}, {cut:?}:\n before {before}\n after {after}\n now {now}"
            );
        }
        assert_eq!(
            nor.raised, 0,
            "{change:?}, {cut:?}: a write would have raised a bit"
        );
        (store, nor)
    }

    /// Cuts at every byte of every write and in every way into every erase.
    fn cut_everywhere(&self) {
        for (operation, what) in self.operations.iter().enumerate() {
            let (steps, seeds) = match what {
                Operation::Write { length } => (0..*length, 0..2),
                Operation::Erase => (0..ERASE_TEARS, 0..4),
            };
            for (progress, seed) in
                steps.flat_map(|step| seeds.clone().map(move |seed| (step, seed)))
            {
                self.cut(Cut {
                    operation,
                    progress,
                    seed,
                });
            }
        }
    }
}

const CHANGES: [Change; 18] = [
    Change::Tries(3),
    Change::Mark(77),
    Change::Beeps(false),
    Change::Generation(1),
    Change::Programming(4),
    Change::Local(2, 4),
    Change::Local(9, 4),
    Change::Delete(2),
    Change::Block(2),
    Change::Block(40),
    Change::Unblock(1),
    Change::Use(40),
    Change::Custom(2, 5),
    Change::Custom(40, 5),
    Change::Reset,
    Change::Locked,
    Change::TooShort,
    Change::Boot,
];

#[test]
fn every_change_cut_at_every_byte() {
    let (store, nor) = lived_in();
    for change in CHANGES {
        Trial::new(&store, &nor, change).cut_everywhere();
    }
}

#[test]
fn a_new_lock_cut_at_every_byte() {
    let mut new = Nor::blank();
    let (store, opened) = Store::open(&mut new, &key());
    assert!(opened.fresh);
    for (operation, what) in new.operations.iter().enumerate() {
        let Operation::Write { length } = *what else {
            panic!("nothing to erase")
        };
        for progress in 0..length {
            let mut nor = Nor::blank();
            nor.cut = Some(Cut {
                operation,
                progress,
                seed: progress as u64,
            });
            let _: (Store, _) = Store::open(&mut nor, &key());
            let (store, opened) = Store::open(&mut nor.rebooted(), &key());
            assert!(!opened.repaired && !store.raise_required());
        }
    }
    // Whatever comes first.
    for change in [
        Change::Boot,
        Change::Block(1),
        Change::Local(1, 1),
        Change::Locked,
    ] {
        Trial::new(&store, &new, change).cut_everywhere();
    }
}

/// Goes on until the next change would erase a sector, `skip` times.
fn on_the_brink(change: Change, skip: usize) -> Trial {
    let (mut store, mut nor) = lived_in();
    let mut erases = 0;
    loop {
        let trial = Trial::new(&store, &nor, change);
        if trial.operations.contains(&Operation::Erase) {
            erases += 1;
            if erases > skip {
                return trial;
            }
        }
        change
            .apply(&mut store, &mut nor)
            .expect("it can be written");
        nor = nor.rebooted();
    }
}

#[test]
fn a_ring_that_moves_on_cut_at_every_byte() {
    // The first rounds find erased sectors.
    for skip in [0, 1, 5] {
        on_the_brink(Change::Tries(3), skip).cut_everywhere();
    }
}

#[test]
fn cuts_anywhere_in_a_long_life() {
    for seed in 0..2 {
        soak(seed, 1_500);
    }
}

/// Applies changes, the supply failing in many of them, above all in erases, and boots again each time.
fn soak(seed: u64, changes: usize) {
    let mut noise = Noise(seed);
    let mut nor = Nor::blank();
    let (mut store, _) = Store::open(&mut nor, &key());
    for _ in 0..changes {
        let trial = Trial::new(&store, &nor, Change::any(&mut noise));
        let erase = trial
            .operations
            .iter()
            .position(|operation| *operation == Operation::Erase);
        let fails = erase.is_some() || noise.below(8) == 0;
        (store, nor) = if fails && !trial.operations.is_empty() {
            let anywhere = noise.below(trial.operations.len() as u32) as usize;
            let operation = erase.filter(|_| noise.below(4) > 0).unwrap_or(anywhere);
            trial.cut(Cut {
                operation,
                progress: noise.below(64) as usize,
                seed: noise.next(),
            })
        } else {
            trial.change.apply(&mut store, &mut nor).unwrap_or_default();
            assert_eq!(sight(&store, &mut nor), trial.after);
            assert_eq!(nor.raised, 0);
            (store, nor.rebooted())
        };
    }
}
