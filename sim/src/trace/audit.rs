//! An entry of the lock's audit log, as a trace has it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::str::FromStr;

use firmware_core::audit::{Entry, Event, EventKind, Field, NotAnEntry, PinId, Stamp};
use serde::de::{Deserializer, Error};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use smartpin::Grant;

/// An entry of the audit log. In a trace it is a flat object by the names of the lock's specification: `sequence`,
/// `event`, and then in alphabetical order what it concerns, such as `by` and `id`, and when: `time` in UTC as RFC 3339,
/// or `boot` and `uptime` in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number in the log. An entry told again with the same number replaces the one before.
    pub sequence: u32,
    /// When, by the lock's clock.
    pub stamp: Stamp,
    /// What.
    pub event: Event<Grant>,
}

impl AuditEntry {
    /// What the entry says of a field, as the lock's log writes it; none where it doesn't have it.
    #[must_use]
    pub fn field(&self, field: Field) -> Option<String> {
        let mut told = None;
        self.event.fields(&mut |name, value| {
            if name == field {
                told = Some(value.to_string());
            }
        });
        told
    }

    /// What the event concerns, in alphabetical order, as the lock's log writes it.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = Vec::new();
        self.event
            .fields(&mut |name, value| fields.push((name.as_str(), value.to_string())));
        fields.sort_unstable();
        fields
    }

    /// What the event concerns and when it was, in alphabetical order.
    #[must_use]
    pub fn fields_and_stamp(&self) -> Vec<(&'static str, String)> {
        let mut fields = self.fields();
        match self.stamp {
            Stamp::Utc(utc) => fields.push(("time", utc.to_string())),
            Stamp::Uptime { boot, seconds } => {
                fields.push(("boot", boot.to_string()));
                fields.push(("uptime", seconds.to_string()));
            }
        }
        fields.sort_unstable();
        fields
    }
}

impl From<Entry> for AuditEntry {
    fn from(entry: Entry) -> Self {
        Self {
            sequence: entry.sequence,
            stamp: entry.stamp,
            event: entry.event.map_pin(PinId::grant),
        }
    }
}

impl FromStr for AuditEntry {
    type Err = NotAnEntry;

    /// Reads a line as the lock prints it: sequence, stamp, name, `field=value`s.
    fn from_str(line: &str) -> Result<Self, NotAnEntry> {
        let Entry {
            sequence,
            stamp,
            event,
        } = line.parse()?;
        Ok(Self {
            sequence,
            stamp,
            event,
        })
    }
}

impl Serialize for AuditEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("sequence", &self.sequence)?;
        map.serialize_entry("event", self.event.kind().as_str())?;
        for (name, text) in self.fields_and_stamp() {
            match text.parse::<u64>() {
                Ok(number) => map.serialize_entry(name, &number)?,
                Err(_) => map.serialize_entry(name, &text)?,
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for AuditEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Object::deserialize(deserializer)?;
        let line = object.line();
        line.and_then(|line| line.parse().ok())
            .ok_or_else(|| D::Error::custom(NotAnEntry))
    }
}

/// An entry as its object has it.
#[derive(Deserialize)]
struct Object {
    sequence: u32,
    event: String,
    #[serde(flatten)]
    fields: BTreeMap<String, Value>,
}

impl Object {
    /// The line that the lock printed; none where there is more in the object than the event has.
    fn line(mut self) -> Option<String> {
        let stamp = match self.take("time") {
            Some(time) => time,
            None => format!("boot{}+{}s", self.take("boot")?, self.take("uptime")?),
        };
        let mut line = format!("{} {stamp} {}", self.sequence, self.event);
        for field in EventKind::named(&self.event)?.fields() {
            if let Some(value) = self.take(field.as_str()) {
                write!(line, " {field}={value}").ok()?;
            }
        }
        self.fields.is_empty().then_some(line)
    }

    fn take(&mut self, name: &str) -> Option<String> {
        Some(match self.fields.remove(name)? {
            Value::String(text) => text,
            other => other.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_an_object_of_the_names_in_its_line() {
        for (line, object) in [
            (
                "7 2026-12-01T15:00:00Z locked by=auto",
                r#"{"sequence":7,"event":"locked","by":"auto","time":"2026-12-01T15:00:00Z"}"#,
            ),
            (
                "8 boot3+125s denied reason=too_short count=2",
                r#"{"sequence":8,"event":"denied","boot":3,"count":2,"reason":"too_short","uptime":125}"#,
            ),
            (
                "9 boot3+125s unlocked by=smartpin id=2026-12-01T15:00/2026-12-05T11:00/0",
                r#"{"sequence":9,"event":"unlocked","boot":3,"by":"smartpin","id":"2026-12-01T15:00/2026-12-05T11:00/0","uptime":125}"#,
            ),
            (
                "10 boot3+125s unlocked by=local_code id=4",
                r#"{"sequence":10,"event":"unlocked","boot":3,"by":"local_code","id":4,"uptime":125}"#,
            ),
            (
                "11 2026-12-01T15:00:00Z clock_set from=untrusted to=2026-12-01T15:00:00Z",
                r#"{"sequence":11,"event":"clock_set","from":"untrusted","time":"2026-12-01T15:00:00Z","to":"2026-12-01T15:00:00Z"}"#,
            ),
        ] {
            let entry: AuditEntry = line.parse().expect(line);
            assert_eq!(serde_json::to_string(&entry).expect(line), object);
            assert_eq!(
                serde_json::from_str::<AuditEntry>(object).expect(line),
                entry
            );
        }
    }

    #[test]
    fn an_object_that_no_lock_logs_is_refused() {
        for object in [
            r#"{"sequence":7,"event":"locked","by":"auto"}"#,
            r#"{"sequence":7,"event":"locked","by":"auto","id":3,"time":"2026-12-01T15:00:00Z"}"#,
            r#"{"sequence":7,"event":"locked","time":"2026-12-01T15:00:00Z"}"#,
            r#"{"sequence":7,"event":"door_opened","time":"2026-12-01T15:00:00Z"}"#,
        ] {
            assert!(
                serde_json::from_str::<AuditEntry>(object).is_err(),
                "{object}"
            );
        }
    }
}
