//! A life at the door, as a scenario: keys at a person's pace, waits, the owner's app and what breaks, under the monitor.

use std::fmt::Write as _;

use firmware_core::logic::programming::{self, Argument};
use sim::executor::InTurn;
use sim::run::event::{Outcome, RunEvent, TestReport};
use sim::run::{Options, run};
use sim::scenario::diagnostic::{WIDTH, render};
use sim::scenario::load::read;
use sim::scenario::plan::{Selection, plan};
use sim::trace::TraceKind;

/// Acts of one input at most.
const ACTS: usize = 120;
/// What the programming code becomes.
const NEW_CODE: &str = "738291";
const LOCAL_CODE: &str = "4711";

/// Digits, `#`, `*` and `L` are keys. Everything else that stands here is what these letters do; other bytes do nothing.
const STEPS: [(u8, &str); 30] = [
    // Who types what: stays that are open, to come and over; a daily one; the programming code.
    (b'a', r#"{ "type": "${open}#" }"#),
    (b'b', r#"{ "type": "${later}#" }"#),
    (b'c', r#"{ "type": "${past}#" }"#),
    (b'd', r#"{ "type": "${season}#" }"#),
    (b'p', r#"{ "type": "${programming_code}#" }"#),
    (b'e', r#"{ "type": "${open}" }"#),
    (b'Q', r#"{ "type": "738291#" }"#),
    (b'M', r#"{ "type": "2468# 2468#" }"#),
    // Fingers that stay.
    (b'H', r#"{ "press": { "key": "5", "for": "12s" } }"#),
    (b'h', r##"{ "press": { "key": "#", "for": "30ms" } }"##),
    (b'R', r#"{ "press": { "key": "R", "for": "11s" } }"#),
    (b'r', r#"{ "press": { "key": "R", "for": "3s" } }"#),
    // Time.
    (b'.', r#"{ "wait": "700ms" }"#),
    (b',', r#"{ "wait": "4s" }"#),
    (b';', r#"{ "wait": "31s" }"#),
    (b':', r#"{ "wait": "6m" }"#),
    (b'!', r#"{ "wait": "61m" }"#),
    (b'>', r#"{ "wait": "2d" }"#),
    // The owner's app.
    (
        b's',
        r#"{ "settings": { "auto_lock_seconds": 20 }, "optional": true }"#,
    ),
    (
        b't',
        r#"{ "settings": { "wrong_tries": 3, "lockout_minutes": [1, 1, 2] }, "optional": true }"#,
    ),
    (
        b'u',
        r#"{ "settings": { "passage_mode": true, "first_use_within_hours": 12 }, "optional": true }"#,
    ),
    (
        b'v',
        r#"{ "set_clock": "2026-12-02T12:00", "optional": true }"#,
    ),
    // What breaks.
    (
        b'x',
        r#"{ "power": "off" }, { "wait": "2s" }, { "power": "on" }"#,
    ),
    (
        b'y',
        r#"{ "fault": { "power_cut": { "at_flash_operation": 1, "for": "1s", "pattern": 3 }, "optional": true } }"#,
    ),
    (
        b'z',
        r#"{ "fault": { "power_cut": { "after_flash_bytes": 40, "for": "500ms" }, "optional": true } }"#,
    ),
    (
        b'j',
        r#"{ "fault": { "motor": "jammed", "optional": true } }, { "wait": "5s" }, { "repair": "motor" }"#,
    ),
    (
        b'k',
        r##"{ "fault": { "rtc": "no_ack", "optional": true } }, { "type": "#" }, { "wait": "2s" }, { "repair": "rtc" }"##,
    ),
    (
        b'l',
        r#"{ "fault": { "rtc": { "jump": "-3h" }, "optional": true } }"#,
    ),
    (
        b'f',
        r#"{ "fault": { "flash": { "flip_bits": 3 }, "optional": true } }"#,
    ),
    (
        b'w',
        r#"{ "fault": { "key": { "stuck": "5" }, "optional": true } }, { "wait": "9s" }, { "repair": "key" }"#,
    ),
];

/// Letters that type the programming code and one of the lock's functions.
const FUNCTIONS: [(u8, u16); 6] = [
    (b'B', 128),
    (b'U', 127),
    (b'S', 110),
    (b'D', 111),
    (b'G', 129),
    (b'C', 100),
];

/// What is typed for a function, with its arguments; behind that of a local code the code itself, which opens.
fn function(number: u16) -> String {
    let mut functions = programming::FUNCTIONS.iter();
    let function = functions
        .find(|function| function.number == number)
        .expect("a function of the lock");
    let mut keys = vec![number.to_string()];
    for argument in function.arguments() {
        keys.push(match argument {
            Argument::ProgrammingCode => NEW_CODE.to_owned(),
            Argument::Slot => "3".to_owned(),
            Argument::LocalCode => LOCAL_CODE.to_owned(),
            Argument::Pin => "${open}".to_owned(),
            Argument::Generation => "1".to_owned(),
            Argument::Seconds => "20".to_owned(),
            Argument::Civil => "2612021200".to_owned(),
            Argument::Again => keys.last().cloned().expect("one before it"),
        });
    }
    if function
        .arguments()
        .any(|argument| argument == Argument::LocalCode)
    {
        keys.push(LOCAL_CODE.to_owned());
    }
    format!(
        r#"{{ "type": "${{programming_code}}# {}#" }}"#,
        keys.join("# ")
    )
}

/// The input is a life at the door, a letter an act (`STEPS` and `FUNCTIONS`).
///
/// It is a scenario, and no rule of the monitor is broken in it; nothing panics, and at last all comes to rest.
///
/// # Panics
///
/// Where that doesn't hold, with the scenario.
pub fn holds(input: &[u8]) {
    let text = scenario(input);
    let file = read("key-stream", text.as_bytes())
        .unwrap_or_else(|invalid| panic!("{text}\n{}", render(&invalid, false, WIDTH)));
    let mut reports = Vec::new();
    let totals = run(
        &plan(vec![file], &Selection::default()),
        &Options::default(),
        &InTurn,
        &mut |event| {
            if let RunEvent::TestFinished(report) = event {
                reports.push(report);
            }
        },
    );
    assert_eq!(totals.not_run, 0);
    let [report] = reports.as_slice() else {
        panic!("one test, {} reports", reports.len());
    };
    report_holds(report, &text);
}

fn report_holds(report: &TestReport, text: &str) {
    let violation = report.trace.iter().find_map(|event| match event.kind {
        TraceKind::Violation { rule } => Some(rule),
        _ => None,
    });
    match &report.outcome {
        Outcome::Passed => assert!(violation.is_none()),
        Outcome::Failed { failure } => panic!(
            "{violation:?}: {}, {:?}\n{text}",
            failure.error.message, failure.error.mismatches
        ),
        Outcome::Broken { message } => panic!("{message}\n{text}"),
    }
}

/// What a letter does.
fn steps(letter: u8) -> Option<String> {
    let step = STEPS.iter().find(|(known, _)| *known == letter);
    let number = FUNCTIONS.iter().find(|(known, _)| *known == letter);
    step.map(|(_, steps)| (*steps).to_owned())
        .or_else(|| number.map(|(_, number)| function(*number)))
}

/// The life as a scenario file.
fn scenario(input: &[u8]) -> String {
    let mut text = String::from(
        r#"{
  "name": "a life at the door",
  "lock": { "timezone": "America/Denver" },
  "start": "2026-12-02T12:00",
  "steps": [
    { "issue": { "as": "open", "start": "2026-12-01T15:00", "end": "2026-12-05T11:00" } },
    { "issue": { "as": "later", "start": "2026-12-03T15:00", "end": "2026-12-06T11:00" } },
    { "issue": { "as": "past", "start": "2026-11-20T15:00", "end": "2026-12-01T11:00" } },
    { "issue": { "as": "season", "start": "2026-10-01T08:00", "end": "2027-03-01T20:00" } },
"#,
    );
    let mut keys = String::new();
    for act in input.iter().take(ACTS) {
        if matches!(act, b'0'..=b'9' | b'#' | b'*' | b'L') {
            keys.push(char::from(*act));
        } else if let Some(steps) = steps(*act) {
            type_them(&mut keys, &mut text);
            text.extend(["    ", &steps, ",\n"]);
        }
    }
    type_them(&mut keys, &mut text);
    text.push_str("    { \"wait\": \"20s\" },\n    { \"expect\": { \"motor\": \"idle\", \"within\": \"10s\" } }\n  ]\n}\n");
    text
}

fn type_them(keys: &mut String, text: &mut String) {
    if !keys.is_empty() {
        writeln!(text, "    {{ \"type\": \"{keys}\" }},").expect("a string takes all");
        keys.clear();
    }
}
