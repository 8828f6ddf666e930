//! Whole screens, read by eye before they were accepted.

use insta::assert_snapshot;

use super::Person;
use super::in_memory::InMemory;
use crate::input::KeyCode;
use crate::layout::Pane;

const SIZES: [(u16, u16); 3] = [(60, 20), (80, 24), (200, 60)];

fn at_every_size(name: &str, play: impl Fn(&mut Person)) {
    for (width, height) in SIZES {
        let mut person = Person::at(width, height);
        play(&mut person);
        assert_snapshot!(format!("{name}-{width}x{height}"), person.screen());
    }
}

#[test]
fn a_new_lock() {
    at_every_size("new", |person| {
        person.wait(1.0);
    });
}

#[test]
fn a_guest_comes_in() {
    at_every_size("guest", |person| {
        person.guest().keys("a\t\t+40d\n").key(KeyCode::Up);
        person.app.book.chosen = 0;
        person.keys("i").wait(2.55);
    });
}

#[test]
fn a_scenario_that_fails() {
    at_every_size("failed", |person| {
        let text = r#"{
  "name": "wrong",
  "start": "2026-12-01T15:00",
  "steps": [
    { "type": "12345#", "note": "a guess" },
    { "expect": { "signal": "granted", "bolt": "unlocked" } },
    { "wait": "1s" }
  ]
}"#;
        person.opens(text).keys(" ").wait(6.0);
    });
}

#[test]
fn without_glyphs() {
    let mut person = Person::at(80, 24);
    person.theme.ascii = true;
    person.guest().keys("i").wait(2.55);
    assert_snapshot!(person.screen());
}

#[test]
fn too_small() {
    assert_snapshot!(Person::at(59, 19).screen());
}

#[test]
fn each_pane_alone() {
    let mut person = Person::at(80, 24);
    person.guest().keys("i").wait(4.0);
    person.app.whole = true;
    for pane in Pane::ALL {
        person.app.focus = pane;
        assert_snapshot!(
            format!("alone-{}", pane.title().replace(' ', "-")),
            person.screen()
        );
    }
}

#[test]
fn dialogs() {
    let mut person = Person::at(80, 24);
    person.moves_to(&InMemory::new()).guest();
    for (name, keys) in [
        ("add", "a\t\t2027-01-20 11:00"),
        ("go-to", "gunit 1 end - 1s"),
        ("faults", "fclock"),
        ("fault-value", "fvolts\n"),
        ("settings", "t"),
        ("setting", "tladder\u{1b}tlockout\n"),
        ("save", "s"),
        ("palette", ":und"),
        ("help", "?"),
        ("generation", "e"),
        ("quit", "q"),
    ] {
        person.keys(keys);
        assert_snapshot!(format!("dialog-{name}"), person.screen());
        person.keys("\u{1b}");
    }
    let mut person = Person::at(80, 24);
    person.keys("oskipped hour");
    assert_snapshot!("dialog-open", person.screen());
}

#[test]
fn clocks_that_change_within_a_day_are_announced() {
    let mut person = Person::at(80, 24);
    person.keys("gnext dst - 11h\n").wait(0.2);
    assert_snapshot!(person.screen());
}
