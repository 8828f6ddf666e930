//! What happens.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::expect::Expect;
use super::fault::Injection;
use super::keys::Keys;
use super::names::Power;
use super::settings::Settings;
use super::text::OneOf;
use super::time::StayTime;
use crate::fault::FaultName;
use crate::key::Key;
use crate::moment::Moment;
use crate::scenario::decode::recovering;
use crate::scenario::span::{Span, Spanned};
use crate::time::Lapse;

/// One step: a verb, and perhaps a note for the report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// Where it stands in its file.
    #[serde(skip)]
    pub span: Span,
    /// What it does.
    #[serde(flatten)]
    pub verb: Verb,
    /// It need not succeed: whoever asks is refused, or gets no answer from a lock that has no power. Of `issue`,
    /// `set_clock` and `settings` alone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// For the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl From<Verb> for Step {
    /// A step that stands in no file, has to succeed, and has no note.
    fn from(verb: Verb) -> Self {
        Self {
            span: Span::default(),
            verb,
            optional: false,
            note: None,
        }
    }
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// The owner's app issues a SmartPIN.
    Issue(Issue),
    /// Types at a person's pace.
    Type(Spanned<Keys>),
    /// Holds one key down.
    Press(Press),
    /// Lets time pass.
    Wait(Lapse),
    /// Lets time pass to a point in time.
    Until(Spanned<Moment>),
    /// Checks.
    Expect(Spanned<Expect>),
    /// Breaks something.
    Fault(Spanned<Injection>),
    /// Ends a fault, or disarms it.
    Repair(Spanned<FaultName>),
    /// The main batteries.
    Power(Power),
    /// Sets the clock chip over the installer's port.
    SetClock(Spanned<Moment>),
    /// Changes settings over the installer's port.
    Settings(Spanned<Settings>),
    /// Does steps again and again.
    Repeat(Repeat),
    /// Copies the world; each branch goes on from here.
    Fork(Spanned<Vec<Branch>>),
}

const VERBS: &[&str] = &[
    "issue",
    "type",
    "press",
    "wait",
    "until",
    "expect",
    "fault",
    "repair",
    "power",
    "set_clock",
    "settings",
    "repeat",
    "fork",
];

const KEYS: &[&str] = &[
    "issue",
    "type",
    "press",
    "wait",
    "until",
    "expect",
    "fault",
    "repair",
    "power",
    "set_clock",
    "settings",
    "repeat",
    "fork",
    "optional",
    "note",
];

impl Verb {
    /// Its name in files.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Issue(_) => "issue",
            Self::Type(_) => "type",
            Self::Press(_) => "press",
            Self::Wait(_) => "wait",
            Self::Until(_) => "until",
            Self::Expect(_) => "expect",
            Self::Fault(_) => "fault",
            Self::Repair(_) => "repair",
            Self::Power(_) => "power",
            Self::SetClock(_) => "set_clock",
            Self::Settings(_) => "settings",
            Self::Repeat(_) => "repeat",
            Self::Fork(_) => "fork",
        }
    }

    /// Whether it asks for something that may be refused.
    #[must_use]
    pub fn asks(&self) -> bool {
        matches!(self, Self::Issue(_) | Self::SetClock(_) | Self::Settings(_))
    }

    /// Whether the window of what is seen and logged begins anew with it.
    #[must_use]
    pub fn acts(&self) -> bool {
        matches!(
            self,
            Self::Type(_)
                | Self::Press(_)
                | Self::Power(_)
                | Self::Fault(_)
                | Self::Repair(_)
                | Self::SetClock(_)
                | Self::Settings(_)
        )
    }
}

/// The owner's app issues a SmartPIN.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Issue {
    /// It is typed as `${as}`.
    #[serde(rename = "as")]
    pub name: Spanned<String>,
    /// Whom it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guest: Option<String>,
    /// When the stay begins.
    pub start: Spanned<StayTime>,
    /// When it ends.
    pub end: Spanned<StayTime>,
    /// 0 to 7; the app's choice when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 7))]
    pub variant: Option<Spanned<u8>>,
    /// That of the lock when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<u32>,
    /// The app must refuse, with this text in its error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fails: Option<Spanned<String>>,
}

/// Holds one key down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Press {
    /// Which.
    pub key: Key,
    /// How long.
    #[serde(rename = "for")]
    pub lasting: Lapse,
}

/// Does steps again and again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// How often: 1 at least.
    #[schemars(range(min = 1))]
    pub times: Spanned<u32>,
    /// What.
    #[serde(deserialize_with = "recovering")]
    pub steps: Vec<Step>,
}

/// One way on from a fork.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// For reports.
    pub name: Spanned<String>,
    /// What happens on it.
    #[serde(deserialize_with = "recovering")]
    pub steps: Vec<Step>,
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let body = Spanned::<Body>::deserialize(deserializer)?;
        Ok(Self {
            span: body.span,
            verb: body.value.verb,
            optional: body.value.optional,
            note: body.value.note,
        })
    }
}

struct Body {
    verb: Verb,
    optional: bool,
    note: Option<String>,
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(BodyVisitor)
    }
}

struct BodyVisitor;

impl<'de> Visitor<'de> for BodyVisitor {
    type Value = Body;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a step: an object with one verb, as in {\"wait\": \"5s\"}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Body, A::Error> {
        let mut verb: Option<Verb> = None;
        let mut note = None;
        let mut optional = false;
        while let Some(name) = map.next_key_seed(OneOf(KEYS))? {
            if name == "note" {
                note = Some(map.next_value()?);
            } else if name == "optional" {
                optional = map.next_value()?;
            } else if let Some(before) = &verb {
                return Err(A::Error::custom(format_args!(
                    "a step has one verb: `{}` is here before `{name}`",
                    before.name()
                )));
            } else {
                verb = Some(read_verb(name, &mut map)?);
            }
        }
        let verb = verb.ok_or_else(|| {
            A::Error::custom(format_args!(
                "a step without a verb, expected one of: {}",
                VERBS.join(", ")
            ))
        })?;
        Ok(Body {
            verb,
            optional,
            note,
        })
    }
}

fn read_verb<'de, A: MapAccess<'de>>(name: &str, map: &mut A) -> Result<Verb, A::Error> {
    Ok(match name {
        "issue" => Verb::Issue(map.next_value()?),
        "type" => Verb::Type(map.next_value()?),
        "press" => Verb::Press(map.next_value()?),
        "wait" => Verb::Wait(map.next_value()?),
        "until" => Verb::Until(map.next_value()?),
        "expect" => Verb::Expect(map.next_value()?),
        "fault" => Verb::Fault(map.next_value()?),
        "repair" => Verb::Repair(map.next_value()?),
        "power" => Verb::Power(map.next_value()?),
        "set_clock" => Verb::SetClock(map.next_value()?),
        "settings" => Verb::Settings(map.next_value()?),
        "repeat" => Verb::Repeat(map.next_value()?),
        _ => Verb::Fork(map.next_value()?),
    })
}

impl JsonSchema for Step {
    fn schema_name() -> Cow<'static, str> {
        "Step".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let required: Vec<_> = VERBS
            .iter()
            .map(|verb| serde_json::json!({ "required": [verb] }))
            .collect();
        json_schema!({
            "type": "object",
            "description": "one verb, and perhaps a note for the report",
            "properties": {
                "issue": generator.subschema_for::<Issue>(),
                "type": generator.subschema_for::<Keys>(),
                "press": generator.subschema_for::<Press>(),
                "wait": generator.subschema_for::<Lapse>(),
                "until": generator.subschema_for::<Moment>(),
                "expect": generator.subschema_for::<Expect>(),
                "fault": generator.subschema_for::<Injection>(),
                "repair": generator.subschema_for::<FaultName>(),
                "power": generator.subschema_for::<Power>(),
                "set_clock": generator.subschema_for::<Moment>(),
                "settings": generator.subschema_for::<Settings>(),
                "repeat": generator.subschema_for::<Repeat>(),
                "fork": { "type": "array", "items": generator.subschema_for::<Branch>(), "minItems": 1 },
                "optional": { "type": "boolean" },
                "note": { "type": "string" }
            },
            "additionalProperties": false,
            "oneOf": required
        })
    }
}
