//! A scenario as the text of a file: a line for each step, as people write them.

use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use super::model::{Lock, Scenario};

/// The text, with a newline at its end.
#[must_use]
pub fn print(scenario: &Scenario) -> String {
    let mut text = String::from("{\n");
    let mut field = |name: &str, value: String| {
        text.extend(["  \"", name, "\": ", &value, ",\n"]);
    };
    if let Some(schema) = &scenario.schema {
        field("$schema", inline(schema));
    }
    field("name", inline(&scenario.name));
    if let Some(about) = &scenario.about {
        field("about", inline(about));
    }
    if let Some(tags) = &scenario.tags {
        field("tags", inline(tags));
    }
    let lock = inline(&scenario.lock);
    if scenario.lock != Lock::default() {
        field("lock", lock);
    }
    field("start", inline(&scenario.start));
    if scenario.seed != 1 {
        field("seed", inline(&scenario.seed));
    }
    if let Some(cases) = &scenario.cases {
        field("cases", lines(cases));
    }
    text.push_str("  \"steps\": ");
    text.push_str(&lines(&scenario.steps));
    text.push_str("\n}\n");
    text
}

fn lines(items: &[impl Serialize]) -> String {
    let items: Vec<_> = items
        .iter()
        .map(|item| format!("    {}", inline(item)))
        .collect();
    format!("[\n{}\n  ]", items.join(",\n"))
}

/// One line, with blanks where people put them.
pub fn inline(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    // A Vec takes all, and the model has nothing that JSON hasn't.
    value
        .serialize(&mut Serializer::with_formatter(&mut bytes, OneLine))
        .map(|()| String::from_utf8(bytes).unwrap_or_default())
        .unwrap_or_default()
}

struct OneLine;

impl Formatter for OneLine {
    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        writer.write_all(if first { b" " } else { b", " })
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        Ok(())
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b" }")
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        if first {
            Ok(())
        } else {
            writer.write_all(b", ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load::read;

    #[test]
    fn what_is_printed_is_read_again() {
        let text = r#"{
  "name": "a stay",
  "tags": ["sweep", "slow"],
  "lock": { "timezone": "America/Denver", "settings": { "beeps": false, "lockout_minutes": [1, 2, 3] } },
  "start": "2026-12-01T14:00",
  "seed": 7,
  "steps": [
    { "issue": { "as": "stay", "guest": "Unit 4", "start": "now", "end": "2026-12-05T11:00" } },
    { "type": "${stay}#", "note": "in" },
    { "expect": { "signal": "granted", "log": [{ "event": "unlocked", "id": "stay" }], "within": "5s" } },
    { "until": "2026-12-05T10:59:50" }
  ]
}
"#;
        let file = read("text", text.as_bytes()).unwrap();
        assert_eq!(print(&file.scenarios[0].1), text);
    }
}
