//! Settings by name, with the values that a file may give them.

use std::borrow::Cow;
use std::fmt;

use firmware_core::settings::{Range, SettingName, Values};
use firmware_core::vocabulary::Vocabulary;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::text::OneOf;
use crate::scenario::span::Spanned;

/// New values for some settings, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings(pub Vec<Change>);

/// One setting's new value.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which.
    pub name: SettingName,
    /// What it becomes.
    pub value: Spanned<Setting>,
}

/// A setting's value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Setting {
    /// `true`, or `"on"`.
    Switch(bool),
    /// A number.
    Number(u64),
    /// A list of numbers.
    List(Vec<u64>),
    /// A text.
    Text(String),
}

/// The names of lock.md.
pub const NAMES: &[&str] = SettingName::TEXTS;

impl Settings {
    /// The new value of the setting of that name.
    #[must_use]
    pub fn get(&self, name: SettingName) -> Option<&Spanned<Setting>> {
        self.0
            .iter()
            .find(|change| change.name == name)
            .map(|change| &change.value)
    }

    /// Whether nothing is changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Setting {
    /// As the installer's port takes it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch(on) => formatter.write_str(if *on { "on" } else { "off" }),
            Self::Number(number) => write!(formatter, "{number}"),
            Self::List(numbers) => {
                let words: Vec<_> = numbers.iter().map(u64::to_string).collect();
                formatter.write_str(&words.join(","))
            }
            Self::Text(text) => formatter.write_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Setting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SettingVisitor)
    }
}

struct SettingVisitor;

impl<'de> Visitor<'de> for SettingVisitor {
    type Value = Setting;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a setting's value: on, off, a whole number, a list of them, or a text")
    }

    fn visit_bool<E: Error>(self, on: bool) -> Result<Setting, E> {
        Ok(Setting::Switch(on))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Setting, E> {
        Ok(Setting::Number(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Setting, E> {
        Ok(match text {
            "on" => Setting::Switch(true),
            "off" => Setting::Switch(false),
            text => Setting::Text(text.to_owned()),
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Setting, A::Error> {
        let mut numbers = Vec::new();
        while let Some(number) = seq.next_element()? {
            numbers.push(number);
        }
        Ok(Setting::List(numbers))
    }
}

impl<'de> Deserialize<'de> for Settings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SettingsVisitor)
    }
}

struct SettingsVisitor;

impl<'de> Visitor<'de> for SettingsVisitor {
    type Value = Settings;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of settings and their values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Settings, A::Error> {
        let mut changes = Vec::new();
        while let Some(name) = map.next_key_seed(OneOf(NAMES))? {
            let name =
                SettingName::named(name).ok_or_else(|| A::Error::unknown_field(name, NAMES))?;
            changes.push(Change {
                name,
                value: map.next_value()?,
            });
        }
        Ok(Settings(changes))
    }
}

impl Serialize for Settings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for change in &self.0 {
            map.serialize_entry(change.name.as_str(), &change.value)?;
        }
        map.end()
    }
}

impl JsonSchema for Settings {
    fn schema_name() -> Cow<'static, str> {
        "Settings".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let properties: serde_json::Map<_, _> = SettingName::ALL
            .iter()
            .map(|name| (name.to_string(), shape(*name)))
            .collect();
        json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
    }
}

/// For editors; the lock itself decides (see [`crate::scenario::check`]).
fn shape(name: SettingName) -> Value {
    match name.values() {
        Values::Switch => json!({ "enum": ["on", "off", true, false] }),
        Values::Number([range]) => number(*range),
        Values::Number(ranges) => {
            let choices: Vec<_> = ranges.iter().copied().map(number).collect();
            json!({ "anyOf": choices })
        }
        Values::Ladder(range) => {
            json!({ "type": "array", "items": number(range), "minItems": 3, "maxItems": 3 })
        }
        Values::Zone => {
            json!({ "type": "string", "description": "IANA name or POSIX TZ string" })
        }
        // A file may give any: the owner's app raises it as often as need be.
        Values::Rising { .. } => {
            json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX })
        }
    }
}

fn number(Range { min, max }: Range) -> Value {
    if min == max {
        json!({ "const": min })
    } else {
        json!({ "type": "integer", "minimum": min, "maximum": max })
    }
}
