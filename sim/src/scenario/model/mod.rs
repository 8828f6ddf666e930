//! What a scenario file says: strict types, from which the JSON Schema is made.

pub mod expect;
pub mod fault;
pub mod keys;
pub mod names;
pub mod settings;
pub mod step;
mod text;
pub mod time;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::decode::{recovering, recovering_field};
use super::span::Spanned;
use crate::moment::Moment;
use crate::zones;
use settings::Settings;
use step::Step;
use text::text_value;

/// One file: what hangs on the door, what happens, what must be seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// For editors.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// For reports.
    pub name: Spanned<String>,
    /// For reports, at more length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Words by which commands choose scenarios: `sweep` for the power-cut sweep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1), extend("uniqueItems" = true))]
    pub tags: Option<Spanned<Vec<Spanned<Tag>>>>,
    /// What hangs on the door.
    #[serde(default, deserialize_with = "recovering_field")]
    pub lock: Lock,
    /// Civil time at power-up, to which the clock chip is set; may carry an offset.
    pub start: Spanned<Moment>,
    /// Of everything random.
    #[serde(default = "one")]
    pub seed: u64,
    /// The scenario runs once for each, `${key}` replaced in every string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cases: Option<Vec<BTreeMap<String, serde_json::Value>>>,
    /// What happens, and what must be seen.
    #[serde(deserialize_with = "recovering")]
    pub steps: Vec<Step>,
}

fn one() -> u64 {
    1
}

impl Scenario {
    /// Whether it carries this tag.
    #[must_use]
    pub fn is_tagged(&self, tag: &str) -> bool {
        let mut tags = self.tags.iter().flat_map(|tags| &tags.value);
        tags.any(|known| known.0 == tag)
    }
}

/// A word by which commands choose scenarios.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tag(pub String);

impl FromStr for Tag {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fits =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        match text.chars().find(|letter| !fits(*letter)) {
            Some(letter) => Err(format!(
                "`{letter}` in a tag, which is made of a to z, 0 to 9 and hyphens"
            )),
            None if text.is_empty() => Err("a tag is a word, and this one is empty".to_owned()),
            None => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

text_value!(Tag, "a word of a to z, 0 to 9 and hyphens", "^[a-z0-9-]+$");

/// What hangs on the door.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// 1 to 32 of A-Z, 0-9 and hyphen; "SL-000000" when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[A-Z0-9-]{1,32}$"))]
    pub serial: Option<Spanned<String>>,
    /// The owner's site key, from which the lock key is derived; the published test key when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_key: Option<Spanned<KeyHex>>,
    /// The lock key itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock_key: Option<Spanned<KeyHex>>,
    /// Of SmartPINs; 0 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<Spanned<u32>>,
    /// As if the owner had changed it; the label's when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9]{6,10}$"))]
    pub programming_code: Option<Spanned<String>>,
    /// IANA name or POSIX TZ string; "UTC0" when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<Spanned<Zone>>,
    /// Those that differ from the factory's.
    #[serde(
        default,
        skip_serializing_if = "Settings::is_empty",
        deserialize_with = "recovering_field"
    )]
    pub settings: Settings,
}

/// A time zone as a file names it.
#[derive(Clone, Debug)]
pub struct Zone(pub zones::Zone);

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.0.name() == other.0.name()
    }
}

impl FromStr for Zone {
    type Err = zones::UnknownZone;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.name())
    }
}

text_value!(
    Zone,
    "an IANA name such as America/Denver, or a POSIX TZ string",
    "^.+$"
);

/// A key of 128 bits in hexadecimal.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyHex(String);

impl KeyHex {
    /// The key.
    #[must_use]
    pub fn bytes(&self) -> [u8; 16] {
        u128::from_str_radix(&self.0, 16)
            .unwrap_or_default()
            .to_be_bytes()
    }
}

impl FromStr for KeyHex {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = text.chars().find(|letter| !letter.is_ascii_hexdigit());
        match (wrong, text.len()) {
            (Some(letter), _) => Err(format!("`{letter}` is no hex digit, a key is 32 of them")),
            (None, 32) => Ok(Self(text.to_owned())),
            (None, digits) => Err(format!("a key of {digits} hex digits, expected 32")),
        }
    }
}

impl fmt::Display for KeyHex {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for KeyHex {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeyHex(…)")
    }
}

text_value!(KeyHex, "32 hex digits", "^[0-9a-fA-F]{32}$");
