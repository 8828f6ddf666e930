//! What a store does while its flash is well, and when the flash refuses.

use smartpin::{Generation, LockKey};

use super::bench::{Change, always, code, end_of, entries, key, lived_in, never, pin, sight, slot};
use super::nor::Nor;
use super::std::vec::Vec;
use crate::audit::{Event, Reason};
use crate::civil::CivilTime;
use crate::code::Code;
use crate::logic::access::Memory;
use crate::settings::Settings;
use crate::store::layout::{BANK_B, LOG_ENTRIES, SECTOR};
use crate::store::{Opened, Provision, Store, StoreError, TABLE, provision};

fn new() -> (Store, Nor) {
    let mut nor = Nor::blank();
    let (store, _) = Store::open(&mut nor, &key());
    (store, nor)
}

fn label(key: &LockKey) -> Code {
    Code::from_digits(&key.programming_code()).expect("digits")
}

fn is_programming(store: &Store, code: &Code) -> bool {
    store.compare(code).programming
}

#[test]
fn codes_are_known_by_their_digests() {
    let (mut store, mut nor) = new();
    assert!(is_programming(&store, &label(&key())));
    store
        .set_programming_code(&mut nor, &code("739105"))
        .expect("stored");
    store
        .set_local_code(&mut nor, slot(10), &code("2580"))
        .expect("stored");
    store
        .save_custom(&mut nor, pin(1), &code("8520"), &never)
        .expect("stored");

    let (store, _) = Store::open(&mut nor, &key());
    assert!(is_programming(&store, &code("739105")));
    assert!(!is_programming(&store, &label(&key())));
    assert_eq!(store.compare(&code("2580")).local, Some(slot(10)));
    assert_eq!(store.compare(&code("02580")).local, None);
    assert_eq!(store.compare(&code("25800")).local, None);
    assert_eq!(store.compare(&code("8520")).customs.as_slice(), [pin(1)]);
    assert!(store.compare(&code("2580")).customs.is_empty());
}

#[test]
fn a_factory_reset_voids_codes_and_keeps_what_stands_against_guests() {
    let (mut store, mut nor) = lived_in();
    let kept = (store.tally(), store.mark(), entries(&store, &mut nor));
    store.restore_factory(&mut nor).expect("stored");
    let (store, _) = Store::open(&mut nor, &key());
    assert!(is_programming(&store, &label(&key())));
    assert_eq!(store.compare(&code("1000002")).local, None);
    assert!(store.compare(&code("1000020")).customs.is_empty());
    assert_eq!(
        store.settings(),
        &Settings {
            generation: Generation(1),
            ..Settings::default()
        }
    );
    assert!(store.is_blocked(pin(1)) && store.is_used(pin(1)));
    assert_eq!(
        (store.tally(), store.mark(), entries(&store, &mut nor)),
        kept
    );
}

#[test]
fn a_block_takes_the_custom_pin_away_and_counts_its_saves_on() {
    let (mut store, mut nor) = new();
    store
        .save_custom(&mut nor, pin(1), &code("8520"), &never)
        .expect("stored");
    assert_eq!(store.block(&mut nor, pin(1), &never), Ok(true));
    assert_eq!(store.block(&mut nor, pin(1), &never), Ok(false));
    assert!(store.compare(&code("8520")).customs.is_empty());
    assert_eq!(store.unblock(&mut nor, pin(1)), Ok(true));
    assert_eq!(store.unblock(&mut nor, pin(1)), Ok(false));
    assert!(store.compare(&code("8520")).customs.is_empty());
    assert_eq!(store.custom_saves(pin(1)), 1);
}

#[test]
fn a_full_table_lets_go_of_the_earliest_end_and_remembers_it() {
    let (mut store, mut nor) = new();
    for day in 0..TABLE as u32 {
        store
            .remember_first_use(&mut nor, pin(100 - day), &never)
            .expect("room");
    }
    let before = sight(&store, &mut nor);
    assert_eq!(
        store.remember_first_use(&mut nor, pin(200), &never),
        Err(StoreError::Full)
    );
    assert_eq!(sight(&store, &mut nor), before);

    store
        .remember_first_use(&mut nor, pin(200), &always)
        .expect("one is over");
    let (mut store, _) = Store::open(&mut nor, &key());
    let earliest = 100 - (TABLE as u32 - 1);
    assert!(
        store.is_used(pin(200))
            && !store.is_used(pin(earliest))
            && store.is_used(pin(earliest + 1))
    );
    let end = end_of(pin(earliest).grant());
    assert!(end.is_some());
    assert_eq!(store.erased_end(), end);

    Change::Generation(1)
        .apply(&mut store, &mut nor)
        .expect("stored");
    Change::Use(3)
        .apply(&mut store, &mut nor)
        .expect("those of an older generation are void");
    assert_eq!(store.erased_end(), end, "and leave no trace");
}

#[test]
fn short_entries_in_a_row_are_one_line() {
    let (mut store, mut nor) = new();
    for change in [
        Change::Locked,
        Change::TooShort,
        Change::TooShort,
        Change::Locked,
        Change::TooShort,
    ] {
        change.apply(&mut store, &mut nor).expect("stored");
    }
    let short = |count| Event::Denied {
        reason: Reason::TooShort,
        pin: None,
        count,
    };
    let locked = Event::Locked(crate::audit::Cause::Auto);
    let expected = [(0, locked), (1, short(2)), (2, locked), (3, short(1))];
    for _ in 0..2 {
        let seen: Vec<_> = entries(&store, &mut nor)
            .iter()
            .map(|entry| (entry.sequence, entry.event))
            .collect();
        assert_eq!(seen, expected);
        (store, _) = Store::open(&mut nor, &key());
    }
    let mut late = Vec::new();
    store
        .entries(&mut nor, 2, |entry| late.push(entry.sequence))
        .expect("it can be read");
    assert_eq!(late, [2, 3]);
}

#[test]
fn the_log_keeps_its_last_entries_in_order() {
    let (mut store, mut nor) = new();
    for written in 1..=3_500_u32 {
        Change::Locked.apply(&mut store, &mut nor).expect("stored");
        if written.is_multiple_of(500) {
            (store, _) = Store::open(&mut nor, &key());
            let seen = entries(&store, &mut nor);
            let first = written - seen.len() as u32;
            assert!(seen.len() as u32 >= LOG_ENTRIES.min(written));
            assert!(seen.iter().map(|entry| entry.sequence).eq(first..written));
        }
    }
}

#[test]
fn a_lock_that_was_set_up() {
    let settings = Settings {
        smartpin_enabled: true,
        first_use_within_hours: 24,
        generation: Generation(9),
        timezone: "CET-1CEST,M3.5.0,M10.5.0/3".parse().expect("a zone"),
        ..Settings::default()
    };
    let set_up = Provision {
        settings: settings.clone(),
        programming_code: Some(code("739105")),
    };
    // Also on flash that had another life.
    for mut nor in [Nor::blank(), lived_in().1] {
        provision(&mut nor, &key(), &set_up).expect("stored");
        let (store, opened) = Store::open(&mut nor, &key());
        assert_eq!(
            opened,
            Opened {
                fresh: false,
                repaired: false
            }
        );
        assert_eq!(store.settings(), &settings);
        assert_eq!(store.first_use_since(), Some(CivilTime::MIN));
        assert!(is_programming(&store, &code("739105")));
        assert!(!is_programming(&store, &label(&key())));
        assert!(!store.is_blocked(pin(1)));
        assert!(entries(&store, &mut nor).is_empty());
        assert_eq!(
            (store.boots(), store.tally()),
            (0, crate::logic::lockout::Tally::default())
        );
    }
}

const CHANGES: [Change; 9] = [
    Change::Tries(1),
    Change::Beeps(false),
    Change::Local(1, 7),
    Change::Block(40),
    Change::Use(40),
    Change::Custom(40, 5),
    Change::Reset,
    Change::Locked,
    Change::TooShort,
];

#[test]
fn a_refused_write_is_told_and_changes_nothing() {
    let (store, nor) = lived_in();
    for change in CHANGES {
        let (mut store, mut nor) = (store.clone(), nor.rebooted());
        let before = sight(&store, &mut nor);
        nor.refuse_from = Some(0);
        assert_eq!(
            change.apply(&mut store, &mut nor),
            Err(StoreError::Flash),
            "{change:?}"
        );
        assert_eq!(sight(&store, &mut nor), before, "{change:?}");

        let mut nor = nor.rebooted();
        change
            .apply(&mut store, &mut nor)
            .expect("the flash is well again");
        let after = sight(&store, &mut nor);
        let (store, opened) = Store::open(&mut nor, &key());
        assert!(!opened.repaired, "{change:?}");
        assert_eq!(sight(&store, &mut nor), after, "{change:?}");
    }
}

/// A change that was refused in one bank alone is undone before the next.
#[test]
fn what_was_refused_halfway_does_not_come_back() {
    let (store, nor) = lived_in();
    for (change, next) in [
        (Change::Tries(1), Change::Local(1, 7)),
        (Change::Local(2, 9), Change::Tries(2)),
    ] {
        let (mut store, mut nor) = (store.clone(), nor.rebooted());
        // The write to bank A passes.
        nor.refuse_from = Some(1);
        assert_eq!(change.apply(&mut store, &mut nor), Err(StoreError::Flash));
        let (halfway, _) = Store::open(&mut nor.rebooted(), &key());
        assert_ne!(halfway.numbers, store.numbers, "bank A has it");
        let mut nor = nor.rebooted();
        next.apply(&mut store, &mut nor)
            .expect("the flash is well again");
        let expected = sight(&store, &mut nor);
        let (store, _) = Store::open(&mut nor, &key());
        assert_eq!(sight(&store, &mut nor), expected);
    }
}

#[test]
fn a_worn_sector_is_passed_over() {
    for worn in 0..20 {
        let (mut store, mut nor) = lived_in();
        nor.worn = Some(worn * SECTOR..(worn + 1) * SECTOR);
        for turn in 0..1_200 {
            let change = if turn % 3 == 0 {
                Change::Locked
            } else {
                Change::Tries((turn % 5) as u8)
            };
            change
                .apply(&mut store, &mut nor)
                .expect("there are other sectors");
        }
        let expected = sight(&store, &mut nor);
        let (store, opened) = Store::open(&mut nor, &key());
        assert!(!opened.repaired);
        assert_eq!(sight(&store, &mut nor), expected);
    }
}

/// A cut in the one would cost what the other lacks.
#[test]
fn a_bank_is_left_alone_while_the_other_fails() {
    let (mut store, mut nor) = lived_in();
    nor.worn = Some(BANK_B);
    assert_eq!(
        Change::Tries(1).apply(&mut store, &mut nor),
        Err(StoreError::Flash)
    );
    let first = nor.bytes.clone();
    for _ in 0..3 {
        assert_eq!(
            Change::Tries(2).apply(&mut store, &mut nor),
            Err(StoreError::Flash)
        );
    }
    assert!(nor.bytes == first);
}
