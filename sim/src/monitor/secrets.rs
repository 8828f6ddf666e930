//! Codes and keys that stand in a trace.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::owner::Digits;
use crate::recognise::Group;
use crate::trace::{Trace, TraceKind};

/// Codes shorter than this stand in numbers of all kinds by chance.
const SHORTEST: usize = 6;

/// The number of the first event that tells one of these codes or keys.
#[must_use]
pub fn told(trace: &Trace, secrets: Vec<Digits>) -> Option<usize> {
    let secrets = Secrets::of(secrets);
    trace.iter().position(|event| secrets.are_in(&event.kind))
}

/// Digits that an event must not tell: as a word in one of its texts, or as one of its numbers.
struct Secrets {
    words: BTreeSet<Digits>,
    /// Those of the words that a number can be written like.
    numbers: BTreeSet<u64>,
}

impl Secrets {
    fn of(secrets: Vec<Digits>) -> Self {
        let long = |secret: &Digits| secret.len() >= SHORTEST;
        let words: BTreeSet<_> = secrets.into_iter().filter(long).collect();
        let as_written = words.iter().filter(|word| !word.starts_with('0'));
        let numbers = as_written.filter_map(|word| word.parse().ok()).collect();
        Self { words, numbers }
    }

    /// Whether an event tells any. What has a name of its own, such as a wire or a state, isn't made of digits.
    fn are_in(&self, kind: &TraceKind) -> bool {
        match kind {
            TraceKind::Power { supply: _ }
            | TraceKind::Pin { pin: _, level: _ }
            | TraceKind::Bolt { state: _ }
            | TraceKind::Motor { state: _ }
            | TraceKind::Violation { rule: _ } => false,
            TraceKind::Boot { count } => self.have_number(*count),
            TraceKind::Key {
                edge: _,
                label,
                key: _,
            } => self.are_in_text(label),
            TraceKind::I2c {
                address: _,
                write,
                read,
                ack: _,
            } => self.are_in_text(write) || self.are_in_text(read),
            TraceKind::Flash {
                operation: _,
                number,
                address,
                bytes,
                outcome: _,
            } => {
                self.have_number(*number) || self.have_number(*address) || self.have_number(*bytes)
            }
            TraceKind::Port {
                direction: _,
                bytes,
                text,
            } => {
                self.have_number(*bytes as u64)
                    || text.as_ref().is_some_and(|text| self.are_in_text(text))
            }
            TraceKind::Signal(Group {
                begun,
                signal: _,
                leds: _,
                beeps,
            }) => self.have_number(begun.micros()) || self.have_number(*beeps),
            TraceKind::Audit(entry) => self.are_in_json(entry),
            TraceKind::Fault { fault, state: _ } => self.are_in_json(fault),
            TraceKind::Step { path, text } | TraceKind::Expect { path, met: _, text } => {
                self.are_in_text(path) || self.are_in_text(text)
            }
        }
    }

    fn have_number(&self, number: impl Into<u64>) -> bool {
        self.numbers.contains(&number.into())
    }

    fn are_in_text(&self, text: &str) -> bool {
        text.len() >= SHORTEST && words(text).any(|word| self.words.contains(word))
    }

    /// Of what has many shapes and comes seldom.
    fn are_in_json(&self, part: &impl Serialize) -> bool {
        self.are_in_text(&serde_json::to_string(part).unwrap_or_default())
    }
}

/// Letters and digits that stand together: a code within a longer number is none.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| word.len() >= SHORTEST)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::time::Time;
    use crate::trace::TraceEvent;

    const SECRET: &str = "471108";

    #[test]
    fn a_number_within_another_is_no_secret() {
        let has = |text: &str, code: &str| words(text).any(|word| word == code);
        assert!(has(r#"{"label":"471108"}"#, "471108"));
        assert!(has("471108", "471108"));
        assert!(!has("1471108", "471108"));
        assert!(!has(r#"{"read":"471108ab"}"#, "471108"));
    }

    /// Whether the event is found that tells the secret, after one that doesn't.
    fn is_found(kind: TraceKind) -> bool {
        let mut trace = Trace::default();
        for kind in [TraceKind::Boot { count: 1 }, kind] {
            trace.push(TraceEvent {
                at: Time::START,
                kind,
            });
        }
        let secrets = ["0042", SECRET, "004711", "99999999999999999999999"];
        told(&trace, secrets.map(str::to_owned).into()) == Some(1)
    }

    /// An event of each kind, with all that it can have.
    fn samples() -> Vec<Value> {
        vec![
            json!({"kind": "power", "supply": "on"}),
            json!({"kind": "boot", "count": 2}),
            json!({"kind": "key", "edge": "down", "label": "stay:3", "key": "5"}),
            json!({"kind": "pin", "pin": "led.green", "level": "high"}),
            json!({"kind": "bolt", "state": "locked"}),
            json!({"kind": "motor", "state": "idle"}),
            json!({"kind": "i2c", "address": 104, "write": "00", "read": "00", "ack": true}),
            json!({"kind": "flash", "operation": "write", "number": 1, "address": 2, "bytes": 3, "outcome": "done"}),
            json!({"kind": "port", "direction": "in", "bytes": 4, "text": "get beeps\n"}),
            json!({"kind": "signal", "begun": 5, "signal": "saved", "leds": ["green", "green"], "beeps": 2}),
            json!({"kind": "audit", "sequence": 7, "event": "denied", "boot": 3, "count": 2, "reason": "too_short", "uptime": 125}),
            json!({"kind": "audit", "sequence": 8, "event": "locked_out", "time": "2026-12-01T15:00:00Z", "minutes": 5}),
            json!({"kind": "audit", "sequence": 9, "event": "generation_raised", "time": "2026-12-01T15:00:00Z", "to": 3}),
            json!({"kind": "fault", "fault": {"flash": {"flip_bits": 1}}, "state": "fired"}),
            json!({"kind": "fault", "fault": {"power_cut": {"after_flash_bytes": 1, "for": "1s"}}, "state": "fired"}),
            json!({"kind": "violation", "rule": "secret_told"}),
            json!({"kind": "step", "path": "steps[3]", "text": r#"{"type":"1#"}"#}),
            json!({"kind": "expect", "path": "steps[3]", "met": true, "text": ""}),
        ]
    }

    /// The same value with the secret in place of each of its texts and numbers, one at a time.
    fn spoiled(value: &Value) -> Vec<Value> {
        match value {
            Value::String(_) => vec![json!(SECRET), json!(format!("at 5, {SECRET}# was typed"))],
            Value::Number(_) => vec![json!(471_108)],
            Value::Object(fields) => {
                let with = |(name, field): (&String, &Value)| {
                    let name = name.clone();
                    let put = move |field| {
                        let mut whole = value.clone();
                        whole[&name] = field;
                        whole
                    };
                    spoiled(field).into_iter().map(put).collect::<Vec<_>>()
                };
                fields.iter().flat_map(with).collect()
            }
            _ => Vec::new(),
        }
    }

    #[test]
    fn a_secret_is_found_wherever_an_event_can_have_it() {
        let mut places = 0;
        for sample in samples() {
            let sound: TraceKind = serde_json::from_value(sample.clone()).expect("an event");
            assert!(!is_found(sound), "{sample}");
            for spoiled in spoiled(&sample) {
                // A wire can't be called so, nor an address be so high.
                let Ok(kind) = serde_json::from_value::<TraceKind>(spoiled.clone()) else {
                    continue;
                };
                let written = serde_json::to_string(&kind).expect("an event");
                if words(&written).any(|word| word == SECRET) {
                    assert!(is_found(kind), "{written}");
                    places += 1;
                }
            }
        }
        assert_eq!(places, 31, "places where an event can have it");
    }
}
