//! Everything that happens in a world, in order.
//!
//! One [`TraceEvent`] is one line of JSON. Digits and the installer's lines don't stand in it, unless the world was told
//! to show secrets.

mod audit;

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::devices::flash::{FlashOperation, FlashOutcome};
use crate::devices::supply::SupplyState;
use crate::devices::{BoltState, Level, Line, MotorState};
use crate::fault::Fault;
use crate::key::Key;
use crate::recognise::Group;
use crate::time::Time;
use crate::vocabulary;
pub use audit::AuditEntry;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TraceEvent {
    /// When, in microseconds since the world began.
    pub at: Time,
    /// What.
    #[serde(flatten)]
    pub kind: TraceKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TraceKind {
    /// The supply came or went.
    Power {
        /// How it is now.
        supply: SupplyState,
    },
    /// The device under test started.
    Boot {
        /// How many times it had, this one included.
        count: u32,
    },
    /// A finger.
    Key {
        /// Down or up.
        edge: Edge,
        /// The typist's name for it.
        label: String,
        /// Which key; only where secrets are shown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<Key>,
    },
    /// A wire changed. Columns are never told, rows only where secrets are shown.
    Pin {
        /// Which.
        pin: Line,
        /// Its level now.
        level: Level,
    },
    /// The bolt.
    Bolt {
        /// Where it is now.
        state: BoltState,
    },
    /// The motor.
    Motor {
        /// What it does now.
        state: MotorState,
    },
    /// A transaction on the clock chip's bus.
    I2c {
        /// 7 bits.
        address: u8,
        /// All bytes written, in hexadecimal.
        write: String,
        /// All bytes read, in hexadecimal.
        read: String,
        /// Whether somebody answered.
        ack: bool,
    },
    /// The flash was changed, or was to be.
    Flash {
        /// How.
        operation: FlashOperation,
        /// Counted from 1 over the world's life, each sector of an erase by itself.
        number: u64,
        /// The first byte's.
        address: u32,
        /// How many bytes.
        bytes: u32,
        /// What became of it.
        outcome: FlashOutcome,
    },
    /// Bytes passed over the installer's port.
    Port {
        /// Which way.
        direction: Direction,
        /// How many.
        bytes: usize,
        /// The bytes as text; only where secrets are shown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// A person could have seen and heard this: it is complete.
    Signal(Group),
    /// The device under test wrote this into its audit log.
    Audit(AuditEntry),
    /// A fault changed.
    Fault {
        /// Which.
        fault: Fault,
        /// How it is now.
        state: FaultState,
    },
    /// What no firmware may ever do.
    Violation {
        /// Which rule was broken.
        rule: Rule,
    },
    /// A scenario came to a step.
    Step {
        /// Its place in the file, as in `steps[3]`.
        path: String,
        /// What it does.
        text: String,
    },
    /// A scenario's expectation was decided.
    Expect {
        /// Its place in the file.
        path: String,
        /// Whether it held.
        met: bool,
        /// What was expected, and what was seen.
        text: String,
    },
}

/// Which way a finger moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edge {
    /// Onto the key.
    Down,
    /// Off it.
    Up,
}

/// Seen from the device under test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To it.
    In,
    /// From it.
    Out,
}

/// The life of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultState {
    /// It is there, or armed.
    Injected,
    /// The device under test felt it for the first time.
    Fired,
    /// It is gone.
    Repaired,
}

vocabulary! {
    /// What no firmware may ever do.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Rule {
        /// Both inputs of the bridge are high together.
        BridgeShorted => "bridge_shorted",
        /// A flash word was written that had been written since its last erase, or outside of the chip, or off its grid.
        FlashMisused => "flash_misused",
        /// The bolt was withdrawn, or the lock says so, and no entry allowed it.
        OpenedWithoutRight => "opened_without_right",
        /// An entry that opens didn't, and nothing that is broken explains it.
        RefusedWithoutReason => "refused_without_reason",
        /// Something that was answered `saved` isn't so.
        SavedWasLost => "saved_was_lost",
        /// An entry was judged while the keypad had to be locked out.
        LockoutTooShort => "lockout_too_short",
        /// Something that lasts was changed, and nobody with the right to it had asked.
        ProgrammedWithoutRight => "programmed_without_right",
        /// Factory settings were restored, and R had not been held.
        ResetWithoutRight => "reset_without_right",
        /// A code or a key stands in the trace.
        SecretTold => "secret_told",
    }
}

/// A list of events that only grows; its clones share what was there before.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    shared: Vec<Arc<[TraceEvent]>>,
    own: Vec<TraceEvent>,
}

/// A clone copies fewer events than this.
const CHUNK: usize = 128;

impl Trace {
    /// How many events there are; also the number that the next one will have.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shared.len() * CHUNK + self.own.len()
    }

    /// Whether nothing has happened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The event of this number, counted from 0.
    #[must_use]
    pub fn get(&self, number: usize) -> Option<&TraceEvent> {
        match self.shared.get(number / CHUNK) {
            Some(chunk) => chunk.get(number % CHUNK),
            None => self.own.get(number.checked_sub(self.shared.len() * CHUNK)?),
        }
    }

    /// All events in order.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &TraceEvent> {
        self.shared
            .iter()
            .flat_map(|chunk| chunk.iter())
            .chain(&self.own)
    }

    /// The events of these numbers, as far as they exist.
    #[must_use]
    pub fn range(&self, numbers: Range<usize>) -> impl DoubleEndedIterator<Item = &TraceEvent> {
        (numbers.start..numbers.end.min(self.len())).filter_map(|number| self.get(number))
    }

    /// The events from this number on.
    #[must_use]
    pub fn since(&self, number: usize) -> impl DoubleEndedIterator<Item = &TraceEvent> {
        self.range(number..usize::MAX)
    }

    /// Appends an event.
    pub fn push(&mut self, event: TraceEvent) {
        self.own.push(event);
        if self.own.len() == CHUNK {
            self.shared.push(self.own.drain(..).collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::Colour;
    use crate::fault::FaultName;
    use crate::recognise::Signal;
    use crate::vocabulary::Vocabulary;

    fn boot(count: u32) -> TraceEvent {
        TraceEvent {
            at: Time::from_millis(count.into()),
            kind: TraceKind::Boot { count },
        }
    }

    #[test]
    fn events_keep_their_numbers() {
        let mut trace = Trace::default();
        for count in 0..300 {
            trace.push(boot(count));
            assert_eq!(trace.get(count as usize), Some(&boot(count)));
        }
        assert_eq!(trace.len(), 300);
        assert_eq!(trace.iter().count(), 300);
        assert_eq!(
            trace.since(126).take(3).cloned().collect::<Vec<_>>(),
            [boot(126), boot(127), boot(128)]
        );
        assert_eq!(trace.range(290..400).count(), 10);
        assert_eq!(trace.get(300), None);
    }

    #[test]
    fn names_are_written_as_they_are_called() {
        fn assert_written<T: Vocabulary + Serialize>() {
            for name in T::ALL {
                let written = serde_json::to_value(name).expect("a name");
                assert_eq!(written, name.as_str());
            }
        }
        assert_written::<Rule>();
        assert_written::<Signal>();
        assert_written::<FaultName>();
    }

    #[test]
    fn an_event_is_one_flat_object() {
        let table = [
            (
                TraceKind::Pin {
                    pin: Line::Green,
                    level: Level::High,
                },
                r#"{"at":5,"kind":"pin","pin":"led.green","level":"high"}"#,
            ),
            (
                TraceKind::Key {
                    edge: Edge::Down,
                    label: "stay:3".into(),
                    key: None,
                },
                r#"{"at":5,"kind":"key","edge":"down","label":"stay:3"}"#,
            ),
            (
                TraceKind::Signal(Group {
                    begun: Time::from_micros(1),
                    signal: Some(Signal::Saved),
                    leds: vec![Colour::Green, Colour::Green],
                    beeps: 2,
                }),
                r#"{"at":5,"kind":"signal","begun":1,"signal":"saved","leds":["green","green"],"beeps":2}"#,
            ),
            (
                TraceKind::Audit(
                    "7 2026-12-01T15:00:00Z locked by=auto"
                        .parse()
                        .expect("an entry"),
                ),
                r#"{"at":5,"kind":"audit","sequence":7,"event":"locked","by":"auto","time":"2026-12-01T15:00:00Z"}"#,
            ),
        ];
        for (kind, line) in table {
            let event = TraceEvent {
                at: Time::from_micros(5),
                kind,
            };
            assert_eq!(serde_json::to_string(&event).expect(line), line);
            assert_eq!(serde_json::from_str::<TraceEvent>(line).expect(line), event);
        }
    }
}
