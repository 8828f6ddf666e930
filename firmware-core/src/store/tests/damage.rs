//! Flipped bits, lost sectors and random images.

use core::ops::Range;

use proptest::collection::vec;
use proptest::prelude::*;
use smartpin::Generation;

use super::bench::{Change, key, lived_in, pin, sight};
use super::nor::Nor;
use crate::settings::Settings;
use crate::store::layout::{BANK_A, BANK_B, LOG, SECTOR, SIZE};
use crate::store::{Opened, Store};

fn boot(nor: &mut Nor) -> (Store, Opened) {
    Store::open(nor, &key())
}

fn wipe(nor: &mut Nor, range: Range<u32>) {
    nor.bytes[range.start as usize..range.end as usize].fill(0xFF);
}

/// What must hold whatever became of the flash: no PIN of before opens that was blocked, and no wrong try is forgotten.
fn is_safe(store: &Store, before: &Store) -> bool {
    let unblocked = (1..4).any(|day| !store.is_blocked(pin(day)));
    let closed = !store.settings().smartpin_enabled && store.raise_required();
    (!unblocked || closed) && store.tally().tries >= before.tally().tries
}

/// The lived-in store with SmartPINs on.
fn open_house() -> (Store, Nor) {
    let (mut store, mut nor) = lived_in();
    let settings = Settings {
        smartpin_enabled: true,
        ..store.settings().clone()
    };
    store
        .set_settings(&mut nor, settings, None)
        .expect("it can be written");
    Change::Tries(3)
        .apply(&mut store, &mut nor)
        .expect("it can be written");
    (store, nor.rebooted())
}

#[test]
fn no_single_flipped_bit_costs_a_record() {
    let (store, mut nor) = open_house();
    let before = sight(&store, &mut nor);
    let written = |nor: &Nor, at: u32| {
        nor.bytes[at as usize & !31..]
            .iter()
            .take(32)
            .any(|byte| *byte != 0xFF)
    };
    for at in BANK_A.start..BANK_B.end {
        // Far from anything written, one bit of a byte stands for all.
        let bits = if written(&nor, at) {
            0..8
        } else {
            at % 8..(at % 8 + u32::from(at.is_multiple_of(64)))
        };
        for bit in bits {
            let mut nor = nor.rebooted();
            nor.bytes[at as usize] ^= 1 << bit;
            let (mut flipped, opened) = boot(&mut nor);
            assert!(!opened.fresh);
            assert_eq!(sight(&flipped, &mut nor), before, "byte {at}, bit {bit}");
            Change::Tries(5)
                .apply(&mut flipped, &mut nor)
                .expect("a flipped bit hinders no write");
            assert_eq!(nor.raised, 0);
            let (again, opened) = boot(&mut nor.rebooted());
            assert!(!opened.repaired, "it was mended for good");
            assert_eq!(again.tally().tries, 5);
        }
    }
}

#[test]
fn a_flipped_bit_in_the_log_costs_one_entry() {
    let (store, mut nor) = open_house();
    let before = super::bench::entries(&store, &mut nor);
    for at in LOG.start..LOG.start + 96 {
        let mut nor = nor.rebooted();
        nor.bytes[at as usize] ^= 0x10;
        let (store, opened) = boot(&mut nor);
        assert!(!opened.repaired);
        let left = super::bench::entries(&store, &mut nor);
        assert!(left.len() + 1 >= before.len());
        assert!(left.iter().all(|entry| before.contains(entry)));
    }
}

#[test]
fn a_lost_bank_is_written_anew_from_the_other() {
    let (store, mut nor) = open_house();
    let before = sight(&store, &mut nor);
    for bank in [BANK_A, BANK_B] {
        let mut nor = nor.rebooted();
        wipe(&mut nor, bank);
        let (store, opened) = boot(&mut nor);
        assert!(opened.repaired);
        assert_eq!(sight(&store, &mut nor), before);
        let (_, opened) = boot(&mut nor);
        assert_eq!(
            opened,
            Opened {
                fresh: false,
                repaired: false
            }
        );
    }
}

#[test]
fn without_both_banks_the_worst_is_assumed() {
    let (before, mut nor) = open_house();
    wipe(&mut nor, BANK_A.start..BANK_B.end);
    let (mut store, opened) = boot(&mut nor);
    assert_eq!(
        opened,
        Opened {
            fresh: false,
            repaired: true
        }
    );
    assert!(is_safe(&store, &before));
    assert_eq!(store.tally().rung, 2);
    assert_eq!(store.tally().spent, store.settings().wrong_try_budget);

    let (again, opened) = boot(&mut nor.rebooted());
    assert!(
        !opened.repaired && again.raise_required(),
        "it is said once, and lasts"
    );

    let settings = Settings {
        generation: Generation(1),
        ..store.settings().clone()
    };
    store
        .set_settings(&mut nor, settings, None)
        .expect("it can be written");
    assert!(!store.raise_required());
}

/// Spoils every copy of a record.
fn lose(nor: &mut Nor, key: u8) {
    for at in (BANK_A.start..BANK_B.end).step_by(4) {
        let frame = &mut nor.bytes[at as usize..];
        if frame[0] == key && frame[2] == !key && frame[1] == !frame[3] {
            frame[4] = 0;
            frame[5] = 0;
        }
    }
}

#[test]
fn records_lost_in_both_banks_are_missed() {
    use crate::store::key::Key;
    for lost in [Key::Config, Key::Vital, Key::Blocked(0), Key::Blocked(2)] {
        let (before, mut nor) = open_house();
        lose(&mut nor, lost.code());
        let (store, opened) = boot(&mut nor);
        assert!(opened.repaired, "{lost:?}");
        assert!(
            store.raise_required() && !store.settings().smartpin_enabled,
            "{lost:?}"
        );
        assert!(is_safe(&store, &before), "{lost:?}");
    }
}

#[test]
fn with_the_settings_the_generation_is_not_lost() {
    let (mut store, mut nor) = open_house();
    Change::Generation(7)
        .apply(&mut store, &mut nor)
        .expect("it can be written");
    lose(&mut nor, crate::store::key::Key::Config.code());
    let (store, _) = boot(&mut nor);
    assert_eq!(store.settings().generation, Generation(7));
}

#[test]
fn erased_flash_is_a_new_lock() {
    let (store, opened) = boot(&mut Nor::blank());
    assert_eq!(
        opened,
        Opened {
            fresh: true,
            repaired: false
        }
    );
    assert_eq!(store.settings(), &Settings::default());
    assert!(!store.raise_required());
    assert_eq!(store.tally(), crate::logic::lockout::Tally::default());
}

/// A store that was opened over any bytes works, and is the same after the next boot.
fn goes_on(mut nor: Nor) {
    let (mut store, _) = boot(&mut nor);
    for change in [
        Change::Tries(2),
        Change::Local(1, 1),
        Change::Block(50),
        Change::Locked,
    ] {
        change
            .apply(&mut store, &mut nor)
            .expect("it can be written");
    }
    let seen = sight(&store, &mut nor);
    let mut nor = nor.rebooted();
    let (store, opened) = boot(&mut nor);
    assert!(!opened.repaired && !opened.fresh);
    assert_eq!(sight(&store, &mut nor), seen);
    assert_eq!(nor.raised, 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn random_images(seed in any::<u64>(), density in 0_u8..4) {
        let mut noise = super::nor::Noise(seed);
        let byte = |noise: &mut super::nor::Noise| (0..density).fold(noise.byte(), |byte, _| byte | noise.byte());
        let bytes = (0..SIZE).map(|_| byte(&mut noise)).collect();
        goes_on(Nor::holding(bytes));
    }

    /// Whatever happens to one bank costs nothing.
    #[test]
    fn one_bank_spoilt(
        second in any::<bool>(),
        edits in vec((0..BANK_A.end, any::<u8>()), 0..60),
        lost in vec(0..BANK_A.end / SECTOR, 0..3),
    ) {
        let (store, mut nor) = open_house();
        let before = sight(&store, &mut nor);
        let base = if second { BANK_B.start } else { BANK_A.start };
        for sector in lost {
            wipe(&mut nor, base + sector * SECTOR..base + (sector + 1) * SECTOR);
        }
        for (at, byte) in edits {
            // Most edits near the front, where the records are.
            let at = if byte.is_multiple_of(2) { at % 1_024 } else { at };
            nor.bytes[(base + at) as usize] = byte;
        }
        let (store, _) = boot(&mut nor);
        prop_assert_eq!(sight(&store, &mut nor), before);
        goes_on(nor.rebooted());
    }

    /// Both banks spoilt: nothing is opened that was blocked, and no try is forgotten.
    #[test]
    fn both_banks_spoilt(edits in vec((0_u32..1_024, any::<bool>(), 0..8_u32), 0..40)) {
        let (before, mut nor) = open_house();
        for (at, second, bit) in edits {
            let base = if second { BANK_B.start } else { BANK_A.start };
            nor.bytes[(base + at) as usize] ^= 1 << bit;
        }
        let (store, opened) = boot(&mut nor);
        prop_assert!(!opened.fresh);
        prop_assert!(is_safe(&store, &before) || store.numbers[1] < before.numbers[1], "{:?}", store.tally());
        goes_on(nor.rebooted());
    }

    /// Whole frames with any body: the codec refuses what a lock would not have written.
    #[test]
    fn any_records(records in vec((any::<u8>(), 0_u32..1 << 26, vec(any::<u8>(), 0..100)), 0..80)) {
        let mut nor = Nor::blank();
        let mut at = 0;
        for (key, number, body) in records {
            let mut record = crate::store::codec::record(number).done();
            record.extend_from_slice(&body).expect("it fits");
            let frame = crate::store::frame::Frame::new(key, &record).expect("it fits");
            let end = at + frame.bytes().len();
            if end < BANK_B.end as usize {
                nor.bytes[at..end].copy_from_slice(frame.bytes());
            }
            at = end;
        }
        goes_on(nor);
    }
}
