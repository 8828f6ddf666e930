//! What keys do.

use std::path::Path;
use std::time::Duration;

use super::Person;
use super::in_memory::InMemory;
use crate::app::{End, Unsaved};
use crate::command::{BINDINGS, Command};
use crate::dialogs::Dialog;
use crate::input::{Chord, Input, KeyCode};
use crate::layout::Pane;
use crate::speed::Speed;
use crate::storage::Storage as _;
use sim::devices::BoltState;
use sim::key::Key;
use sim::play::kept;
use sim::scenario::load;
use sim::world::LockClock;

#[test]
fn a_guest_is_added_let_in_and_kept_out_after_the_end() {
    let mut person = Person::at(80, 24);
    person.guest();
    assert!(
        person.notice().starts_with("Unit 1's PIN is "),
        "{}",
        person.notice()
    );
    person.keys("i").wait(4.0);
    assert_eq!(person.app.observed.bolt, BoltState::Unlocked);
    person.wait(6.0);
    assert_eq!(person.app.observed.bolt, BoltState::Locked);
    person.keys("gunit 1 end\n").wait(0.1).keys("i").wait(4.0);
    assert_eq!(person.log(), ["boot", "unlocked", "locked", "denied"]);
}

#[test]
fn while_somebody_types_time_is_not_rushed() {
    let mut person = Person::at(80, 24);
    person.keys("+++").wait(0.5);
    assert_eq!(
        (person.app.speed, person.app.pace()),
        (Speed::Times(600), Speed::Times(600))
    );
    person.keys("1234");
    assert_eq!(person.app.pace(), Speed::Times(1));
    person.wait(2.0);
    assert_eq!(person.app.play.stage.known.entry(), "1234");
    // The lock has forgotten it by then, and nobody waits for more.
    person.wait(12.0);
    assert_eq!(person.app.pace(), Speed::Times(600));
}

#[test]
fn paused_a_key_still_takes_its_time_and_no_more() {
    let mut person = Person::at(80, 24);
    person.keys(" ").wait(1.0);
    let before = person.app.play.now();
    person.wait(5.0);
    assert_eq!(person.app.play.now(), before);
    person.keys("1").wait(5.0);
    let passed = person.app.play.now() - before;
    assert!(
        passed >= Duration::from_millis(80) && passed <= Duration::from_millis(200),
        "{passed:?}"
    );
}

#[test]
fn every_input_is_a_point_to_go_back_to() {
    let mut person = Person::at(80, 24);
    person.wait(1.0).guest().wait(0.1);
    let guest = person.app.play.now();
    person.keys("i").wait(4.0);
    person.keys("g+3d\n").wait(0.1);
    let later = person.app.play.now();
    person.keys("u");
    assert_eq!(person.notice(), "undone: going to a time; U does it again");
    assert_eq!(person.app.observed.bolt, BoltState::Unlocked);
    person.keys("u");
    assert_eq!(
        (person.app.play.now(), person.app.observed.bolt),
        (guest, BoltState::Locked)
    );
    person.keys("u");
    assert!(person.app.play.stage.known.guests().is_empty());
    person.keys("u");
    assert_eq!(person.notice(), "there is nothing to undo");
    person.keys("UUU").wait(0.1);
    assert_eq!(person.app.play.now().since(later).as_secs(), 0);
    person.keys("U");
    assert_eq!(person.notice(), "there is nothing to redo");
    person.keys("u1U");
    assert_eq!(
        person.notice(),
        "there is nothing to redo",
        "the future is another"
    );
}

#[test]
fn the_next_event_is_what_the_clock_announces() {
    let mut person = Person::at(80, 24);
    person.keys("n");
    assert_eq!(person.notice(), "nothing more happens by itself");
    person.guest().keys("i").wait(4.0);
    person.shows("next: bolt throws in");
    person.keys("n").wait(0.05).keys("n").wait(0.05);
    assert_eq!(person.app.observed.bolt, BoltState::Locked);
    person.shows("next: Unit 1's stay ends in 3 d");
}

#[test]
fn time_does_not_go_back() {
    let mut person = Person::at(80, 24);
    person.wait(1.0).keys("g2026-12-01 14:00\n");
    person.shows("time doesn't go back: u undoes");
    person.keys("\u{1b}gnobody end\n");
    person.shows("the access book is empty");
}

#[test]
fn a_stay_that_breaks_a_limit_says_so_while_it_is_typed() {
    let mut person = Person::at(80, 24);
    for (until, part) in [
        ("+3h", "too short: 3 hours, where 24 is the least"),
        ("2026-12-01 14:00", "too short: it ends before it begins"),
        ("2026-12-05 11:30", "hour"),
        ("tomorrow", "`tomorrow` is no time"),
        (
            "+4d",
            "opens Tue 2026-12-01 15:00 until Sat 2026-12-05 15:00 (4 d)",
        ),
        ("2027-12-30", "too long"),
    ] {
        person.keys("a\t\t").keys(until);
        assert!(
            person.screen().contains(part),
            "{until}: {}",
            person.screen()
        );
        person.keys("\u{1b}");
    }
    person.guest().guest();
    person.shows("window full");
}

#[test]
fn blocking_types_what_the_owner_would() {
    let mut person = Person::at(80, 24);
    person.keys("b");
    assert_eq!(person.notice(), "the access book is empty: a adds a guest");
    person.guest().keys("b").wait(8.0);
    assert_eq!(person.log(), ["boot", "smartpin_blocked"]);
    person.shows("blocked");
    person.keys("ey").wait(8.0);
    person.shows("void");
    person.shows("generation 1");
}

#[test]
fn what_is_broken_is_shown_and_repaired() {
    let mut person = Person::at(80, 24);
    person.guest().keys("fmotor jammed\n").keys("i").wait(9.0);
    person.shows("broken: motor jammed");
    assert!(person.log().contains(&"jammed".to_owned()));
    person.keys("frepair\n");
    assert_eq!(person.notice(), "repaired: motor");
    person.keys("fvolts\n3.1\n").keys("i").wait(6.0);
    assert!(
        person.log().contains(&"battery_critical".to_owned()),
        "{:?}",
        person.log()
    );
}

#[test]
fn settings_and_clock_go_over_the_port() {
    let mut person = Person::at(80, 24);
    person.keys("tauto\n");
    person.shows("value   5");
    person.keys("100\n");
    person.shows("auto_lock_seconds takes");
    person
        .key(KeyCode::Backspace)
        .key(KeyCode::Backspace)
        .keys("\n")
        .keys("\u{1b}");
    person.keys("tauto\n").keys("9\n");
    assert_eq!(person.notice(), "auto_lock_seconds is 9");
    person.keys("tclock\nnow - 2h\n").wait(0.2);
    assert!(matches!(person.app.observed.clock, LockClock::Says(_)));
    person.shows("lock  Tue 2026-12-01 13:00");
    person.shows("-2 h off");
}

#[test]
fn a_held_key_stays_down_until_any_key_is_pressed() {
    let mut person = Person::at(80, 24);
    person.keys("pp").wait(0.3);
    person.keys("r").wait(6.0);
    assert!(
        person.log().contains(&"factory_reset".to_owned()),
        "{:?}",
        person.log()
    );
    person.keys("h");
    person.shows("hold: press a key");
    person.keys("5").wait(3.0);
    person.shows("holding 5");
    person.keys("1").wait(0.5);
    assert_eq!(person.app.down(), None);
    assert_eq!(person.app.play.stage.known.entry(), "5");
}

#[test]
fn the_mouse_clicks_and_holds_keys_and_chooses() {
    let mut person = Person::at(80, 24);
    person.press(3, 1).wait(0.02).release(3, 1).wait(0.3);
    person.press(7, 2).wait(0.02).release(7, 2).wait(0.3);
    assert_eq!(person.app.play.stage.known.entry(), "15");
    person.press(60, 2);
    assert_eq!(person.app.focus, Pane::Clock);
    person.press(21, 5).wait(2.0);
    assert_eq!(person.app.down(), Some(Key::RESET));
    person.release(21, 5).wait(0.2);
    assert_eq!(person.app.down(), None);
    person.guest().keys("a\t\t+5d\n").press(40, 7);
    assert_eq!((person.app.focus, person.app.book.chosen), (Pane::Book, 0));
    // Beside a dialog, a click closes it.
    person.keys(":").press(0, 0);
    assert!(person.app.dialog.is_none());
}

#[test]
fn a_scenario_is_stepped_played_and_undone() {
    let mut person = Person::at(80, 24);
    person.keys("olets in and keeps out").keys("\u{1b}");
    let path = person.scenario("custom-pin/a-new-one-replaces-the-old.json");
    person.app.open_file(&path);
    assert_eq!(person.app.focus, Pane::Script);
    person.keys(">");
    let script = person.app.script.as_ref().unwrap();
    assert!(script.lines[script.at - 1].expects());
    person.keys(".");
    let after_step = person.app.script.as_ref().unwrap().at;
    person.keys("u");
    assert_eq!(person.app.script.as_ref().unwrap().at, after_step - 1);
    person.keys("1");
    assert!(
        !person.app.is_scripted(),
        "stopped, the lock is there to be touched"
    );
    person.keys("u++++ ").wait(5.0);
    assert!(
        person.app.script.as_ref().unwrap().is_over(),
        "{}",
        person.screen()
    );
    assert!(
        person.notice().starts_with("passed: "),
        "{}",
        person.notice()
    );
    person.keys("c");
    assert!(person.app.script.is_none());
}

#[test]
fn a_failed_expectation_stops_the_play_and_shows_expected_beside_seen() {
    let mut person = Person::at(80, 24);
    let text = r#"{"name": "wrong", "start": "2026-12-01T15:00", "steps": [
        {"type": "12345#"}, {"expect": {"signal": "granted"}}, {"wait": "1s"}]}"#;
    person.opens(text).keys(" ").wait(10.0);
    let screen = person.screen();
    assert!(screen.contains("expected granted  seen denied"), "{screen}");
    assert!(!person.app.running);
    person.keys(".");
    assert!(
        person.notice().contains("the scenario is over"),
        "{}",
        person.notice()
    );
    person.opens(&text.replace("signal", "singal"));
    person.shows("`singal`");
}

#[test]
fn a_session_is_saved_and_what_is_saved_passes() {
    let files = InMemory::new();
    let mut person = Person::at(80, 24);
    person.moves_to(&files).keys("s");
    assert_eq!(person.notice(), "nothing was done yet");
    person
        .wait(1.0)
        .guest()
        .keys("i")
        .wait(5.0)
        .keys("4711\n")
        .wait(9.0);
    assert_eq!(person.app.unsaved(), Some(Unsaved::Shown));
    person.keys("q");
    assert!(matches!(person.app.dialog, Some(Dialog::Ask(_))));
    person.keys("\u{1b}s\tfirst evening\n");
    assert!(person.notice().starts_with("saved "), "{}", person.screen());
    assert_eq!(person.app.unsaved(), None);
    let text = files.read(Path::new("/tmp/played.json")).unwrap();
    let file = load::read("played.json", &text).expect("valid");
    assert_eq!(file.scenarios[0].1.name.value, "first evening");
    person.keys("s\n");
    person.shows("Enter again replaces it");
    person.keys("\n");
    assert!(person.notice().starts_with("saved "));
    assert_eq!(files.paths().len(), 1, "nothing is left beside the file");
    person.keys("snowhere/x.json");
    person.shows("there is no folder /tmp/nowhere");
    person.keys("\u{1b}q");
    assert_eq!(person.app.end, Some(End::Quit));
}

#[test]
fn what_a_scenario_began_hands_go_on_with_and_save() {
    let files = InMemory::new();
    let mut person = Person::at(80, 24);
    let path = person.scenario("custom-pin/a-new-one-replaces-the-old.json");
    person.app.open_file(&path);
    person.moves_to(&files);
    // Played to the middle of a step, and on from there at once.
    person.keys(" ").wait(1.0).keys(" >>").keys(" ").wait(0.5);
    person.keys(" ").keys(">c ").wait(6.0).keys("i").wait(5.0);
    person.keys("g+2d\n").wait(0.2).keys("58201\n").wait(4.0);
    person.keys("s\n");
    assert!(person.notice().starts_with("saved "), "{}", person.screen());
    let text = files.read(Path::new("/tmp/played.json")).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains(r#"{ "type": "4711#" }"#), "{text}");
    assert!(text.contains(r#"{ "type": "58201#" }"#), "{text}");
}

#[test]
fn a_pasted_pin_is_typed_whatever_stands_between_its_digits() {
    let mut person = Person::at(80, 24);
    person.guest();
    let code = person.app.play.stage.known.guests()[0].code();
    let text = format!("{}-{} {}\n", &code[..3], &code[3..6], &code[6..]);
    person.input(&Input::Paste(text)).wait(3.0);
    assert_eq!(person.app.play.stage.known.entry(), code);
}

#[test]
fn ctrl_z_suspends_and_ctrl_c_quits_from_anywhere() {
    let mut person = Person::at(80, 24);
    person.keys(":");
    let control = |letter| Input::Key(Chord::control(letter));
    person.input(&control('z'));
    assert_eq!(person.app.end.take(), Some(End::Suspend));
    person.keys("\u{1b}").input(&control('c'));
    assert_eq!(person.app.end, Some(End::Quit));
}

#[test]
fn at_rest_nothing_is_drawn() {
    let mut person = Person::at(80, 24);
    person.keys(" ").wait(10.0);
    person.app.dirty = false;
    assert_eq!(person.app.next_frame(), None);
    person.wait(1.0);
    assert!(!person.app.dirty);
    person.keys(" ");
    let frame = person.app.next_frame().expect("the clock goes on");
    assert!(frame > Duration::from_millis(500), "{frame:?}");
}

#[test]
fn as_fast_as_it_goes_leaves_time_for_the_screen() {
    let mut person = Person::at(80, 24);
    person.guest().keys("i").wait(4.0).keys("+++++");
    assert_eq!(person.app.speed, Speed::Unbound);
    person.app.tick(Duration::from_secs(3), &mut || false);
    person.wait(4.0);
    assert!(!person.app.running, "{}", person.screen());
    assert_eq!(person.notice(), "nothing more happens by itself: paused");
}

#[test]
fn no_command_panics_anywhere() {
    for (width, height) in [(80, 24), (60, 20), (200, 60), (10, 3)] {
        let mut person = Person::at(width, height);
        for round in 0..3 {
            for binding in BINDINGS {
                if binding.command == Command::Quit {
                    continue;
                }
                person.app.update(binding.command);
                person.screen();
                person.wait(0.3).keys("x").screen();
                if round != 1 {
                    person.keys("\u{1b}");
                }
                for column in (0..width).step_by(9) {
                    person.press(column, height / 2).release(column, height / 2);
                }
                person.keys("\u{1b}\u{1b}");
            }
            person.guest();
        }
    }
}

#[test]
fn a_scenarios_lock_takes_the_place_of_ones_own_and_gives_it_back() {
    let mut person = Person::at(80, 24);
    let path = person.scenario("custom-pin/a-new-one-replaces-the-old.json");
    person.app.open_file(&path);
    person.keys("c");
    assert!(
        person.app.dialog.is_none(),
        "there is nothing to go back to"
    );
    let mut person = Person::at(80, 24);
    person.guest().app.open_file(&path);
    person.keys(">q");
    person.shows("your own lock isn't saved");
    person.keys("\u{1b}cc");
    let titles = person.app.play.stage.known.guests().iter();
    let titles: Vec<_> = titles.map(|guest| guest.title().to_owned()).collect();
    assert_eq!(titles, ["Unit 1"]);
    person.keys("u");
    assert!(person.app.script.is_some() && person.app.aside.is_some());
    person.keys("ck");
    assert!(person.app.script.is_none() && person.app.aside.is_none());
    assert_ne!(person.app.play.stage.known.guests()[0].title(), "Unit 1");
}

#[test]
fn ones_own_lock_is_kept_and_never_a_scenarios() {
    let files = InMemory::scenarios().keeping();
    let mut person = Person::at(80, 24);
    person.moves_to(&files).guest().wait(1.0);
    let path = person.scenario("custom-pin/a-new-one-replaces-the-old.json");
    person.app.open_file(&path);
    person.keys(">").wait(3.0);
    person.app.keep_now_and_then(Duration::ZERO);
    person.app.keep().unwrap();
    drop(person);
    let (play, _) = kept::read(&files.kept()).expect("a lock is kept");
    assert_eq!(play.stage.known.guests()[0].title(), "Unit 1");
}

#[test]
fn every_step_of_a_scenario_is_a_point_to_go_back_to() {
    let mut person = Person::at(80, 24);
    let text = r#"{"name": "wrong", "start": "2026-12-01T15:00", "steps": [
        {"type": "12345#"}, {"wait": "3s"}, {"expect": {"signal": "granted"}}, {"wait": "1s"}]}"#;
    person.opens(text).keys(" ").wait(10.0);
    let at = |person: &Person| {
        let script = person.app.script.as_ref().unwrap();
        (script.at, script.failed.is_some())
    };
    assert_eq!(at(&person), (2, true), "{}", person.screen());
    for step in (0..=2).rev() {
        person.keys("u");
        assert_eq!(at(&person), (step, false));
        person.wait(1.0);
        assert_eq!(at(&person), (step, false), "what was undone waits");
    }
    person.keys(">");
    assert_eq!(at(&person), (2, true));
}

#[test]
fn a_long_step_of_a_scenario_that_plays_is_cut_short() {
    let mut person = Person::at(80, 24);
    let text = r#"{"name": "long", "start": "2026-12-01T15:00", "steps": [
        {"wait": "30d"}, {"expect": {"bolt": "locked"}}, {"wait": "1d"}]}"#;
    person.opens(text).keys(" ").wait(1.0);
    person.shows("next: line 2 is done in 29 d");
    person.keys("n").wait(1.0);
    assert_eq!(person.app.script.as_ref().unwrap().at, 2);
    assert!(person.app.is_scripted());
}

#[test]
fn a_lockout_is_shown_until_it_ends() {
    let mut person = Person::at(80, 24);
    for _ in 0..5 {
        person.keys("1234\n").wait(4.0);
    }
    let screen = person.screen();
    assert!(screen.contains("locked out, 5"), "{screen}");
    assert!(screen.contains("next: lockout ends in 5"), "{screen}");
    // A power loss makes it begin anew.
    person.keys("pp").wait(1.0);
    person.shows("locked out, 59 s left");
    person.keys("n").wait(0.2);
    assert!(!person.screen().contains("locked out,"));
}

#[test]
fn the_book_tells_where_the_lock_thinks_otherwise() {
    let mut person = Person::at(80, 24);
    person.guest().keys("tclock\nnow + 10d\n").wait(0.2);
    let screen = person.screen();
    assert!(screen.contains("expired to the lock"), "{screen}");
    assert!(screen.contains("+10 d off"), "{screen}");
}

#[test]
fn on_a_screen_too_small_to_show_anything_nothing_is_done() {
    let mut person = Person::at(59, 19);
    person.keys("1234\na").wait(1.0);
    assert!(person.app.dialog.is_none());
    assert_eq!(person.app.play.stage.known.entry(), "");
    person.screen = ratatui::layout::Rect::new(0, 0, 80, 24);
    person.guest();
    person.screen = ratatui::layout::Rect::new(0, 0, 59, 19);
    person.keys("q");
    person.shows("Not saved");
    person.keys("q");
    assert_eq!(person.app.end, Some(End::Quit));
}

#[test]
fn what_is_still_to_be_typed_is_typed_before_time_leaps() {
    let mut person = Person::at(80, 24);
    person.guest().keys("i").wait(0.3).keys("g+1h\n").wait(0.05);
    assert!(
        person.log().contains(&"unlocked".to_owned()),
        "{:?}",
        person.log()
    );
    assert_eq!(person.app.play.stage.utc().subsec_nanosecond(), 0);
}

#[test]
fn what_stands_in_a_field_gives_way_to_what_is_typed() {
    let mut person = Person::at(80, 24);
    person.keys("aMrs Long\t2026-12-02 15:00\t5d\n");
    assert_eq!(person.app.play.stage.known.guests()[0].title(), "Mrs Long");
    person.keys("amrs long\t\t9d\n");
    person.shows("Mrs Long is in the book already");
}

#[test]
fn a_file_that_is_not_in_the_list_is_opened_by_its_path() {
    let mut files = InMemory::scenarios();
    let mut person = Person::at(80, 24);
    let path = Path::new("/elsewhere/zzz.json");
    let text = r#"{"name": "far away", "start": "2026-12-01T15:00", "steps": [{"expect": {"bolt": "locked"}}]}"#;
    files.write(path, text).unwrap();
    person
        .moves_to(&files)
        .keys("o")
        .keys(path.to_str().unwrap());
    person.shows("Enter opens the file");
    person.keys("\n");
    assert_eq!(person.app.script.as_ref().unwrap().name, "far away");
}
