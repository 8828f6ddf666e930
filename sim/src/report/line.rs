//! One event of a trace in one line for people.

use std::fmt::{self, Display};

use serde::Serialize;

use crate::recognise::Group;
use crate::time::Time;
use crate::trace::{Edge, TraceEvent, TraceKind};

/// An event, with its time counted from another.
pub struct EventLine<'a> {
    /// What happened.
    pub event: &'a TraceEvent,
    /// From when on.
    pub since: Time,
}

impl Display for EventLine<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.event.at.since(self.since).as_micros();
        write!(
            formatter,
            "+{}.{:06}  {}",
            micros / 1_000_000,
            micros % 1_000_000,
            What(&self.event.kind)
        )
    }
}

impl TraceKind {
    /// Whether it says something to a person who wouldn't look at pins, buses and flash.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        !matches!(
            self,
            Self::Pin { .. } | Self::I2c { .. } | Self::Flash { .. }
        )
    }
}

struct What<'a>(&'a TraceKind);

impl Display for What<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            TraceKind::Power { supply } => write!(formatter, "power {}", name(supply)),
            TraceKind::Boot { count } => write!(formatter, "boot {count}"),
            TraceKind::Key { edge, label, key } => {
                let edge = if *edge == Edge::Down { "down" } else { "up" };
                let digit = key
                    .filter(|key| key.is_digit())
                    .map(|key| format!(" ({key})"))
                    .unwrap_or_default();
                write!(formatter, "key {label} {edge}{digit}")
            }
            TraceKind::Pin { pin, level } => write!(formatter, "pin {} {}", name(pin), name(level)),
            TraceKind::Bolt { state } => write!(formatter, "bolt {}", name(state)),
            TraceKind::Motor { state } => write!(formatter, "motor {}", name(state)),
            TraceKind::I2c {
                address,
                write,
                read,
                ack,
            } => {
                let answer = if *ack { read.as_str() } else { "no answer" };
                write!(
                    formatter,
                    "i2c {address:#04x} write [{write}] read [{answer}]"
                )
            }
            TraceKind::Flash {
                operation,
                number,
                address,
                bytes,
                outcome,
            } => write!(
                formatter,
                "flash {} #{number} at {address:#07x}, {bytes} bytes: {}",
                name(operation),
                name(outcome)
            ),
            TraceKind::Port {
                direction,
                bytes,
                text,
            } => {
                let text = text
                    .as_ref()
                    .map(|text| format!(": {}", text.trim_end()))
                    .unwrap_or_default();
                write!(formatter, "port {}, {bytes} bytes{text}", name(direction))
            }
            TraceKind::Signal(group) => signal(group, formatter),
            TraceKind::Audit(entry) => {
                write!(formatter, "log #{} {}", entry.sequence, entry.event.kind())?;
                let mut fields = entry.fields_and_stamp().into_iter();
                fields.try_for_each(|(field, value)| write!(formatter, " {field}={value}"))
            }
            TraceKind::Fault { fault, state } => {
                write!(formatter, "fault {} {}", fault.name(), name(state))
            }
            TraceKind::Violation { rule } => write!(formatter, "VIOLATION {}", name(rule)),
            TraceKind::Step { path, text } => write!(formatter, "{path}: {text}"),
            TraceKind::Expect { path, met, text } => {
                write!(
                    formatter,
                    "{path}: expectation {} {text}",
                    if *met { "met" } else { "not met" }
                )
            }
        }
    }
}

fn signal(group: &Group, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let flashes: Vec<_> = group.leds.iter().map(|colour| colour.as_str()).collect();
    let signal = group.signal.map_or("no signal", |signal| signal.as_str());
    write!(
        formatter,
        "signal {signal}: {}, {} beeps",
        flashes.join(" "),
        group.beeps
    )
}

/// A name as the trace has it.
pub(super) fn name(value: &impl Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}
