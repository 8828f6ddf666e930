//! What happens.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

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

/// Declares every verb once: what it does, what it takes, and its name in files.
macro_rules! verbs {
    ($($(#[doc = $doc:literal])+ $verb:ident($value:ty) = $name:literal,)+) => {
        /// What a step does.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        pub enum Verb {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $verb($value),)+
        }

        /// The verbs that a step may have one of.
        const VERBS: &[&str] = &[$($name),+];
        /// All keys that a step may have.
        const KEYS: &[&str] = &[$($name,)+ OPTIONAL, NOTE];

        impl Verb {
            /// Its name in files.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$verb(_) => $name,)+
                }
            }

            /// The verb of this name, with the value that comes next.
            fn read<'de, A: MapAccess<'de>>(name: &str, map: &mut A) -> Result<Self, A::Error> {
                match name {
                    $($name => map.next_value().map(Self::$verb),)+
                    _ => Err(A::Error::unknown_field(name, KEYS)),
                }
            }

            /// What each verb takes, by its name.
            fn schemas(generator: &mut SchemaGenerator) -> Map<String, Value> {
                let mut schemas = Map::new();
                $(schemas.insert($name.to_owned(), generator.subschema_for::<$value>().into());)+
                schemas
            }
        }
    };
}

const OPTIONAL: &str = "optional";
const NOTE: &str = "note";

verbs! {
    /// The owner's app issues a SmartPIN.
    Issue(Issue) = "issue",
    /// Types at a person's pace.
    Type(Spanned<Keys>) = "type",
    /// Holds one key down.
    Press(Press) = "press",
    /// Lets time pass.
    Wait(Lapse) = "wait",
    /// Lets time pass to a point in time.
    Until(Spanned<Moment>) = "until",
    /// Checks.
    Expect(Spanned<Expect>) = "expect",
    /// Breaks something.
    Fault(Spanned<Injection>) = "fault",
    /// Ends a fault, or disarms it.
    Repair(Spanned<FaultName>) = "repair",
    /// The main batteries.
    Power(Power) = "power",
    /// Sets the clock chip over the installer's port.
    SetClock(Spanned<Moment>) = "set_clock",
    /// Changes settings over the installer's port.
    Settings(Spanned<Settings>) = "settings",
    /// Does steps again and again.
    Repeat(Repeat) = "repeat",
    /// Copies the world; each branch goes on from here.
    Fork(Spanned<Vec<Branch>>) = "fork",
}

impl Verb {
    /// Whether it asks for something that may be refused.
    #[must_use]
    pub fn asks(&self) -> bool {
        match self {
            Self::Issue(_) | Self::SetClock(_) | Self::Settings(_) => true,
            Self::Type(_)
            | Self::Press(_)
            | Self::Wait(_)
            | Self::Until(_)
            | Self::Expect(_)
            | Self::Fault(_)
            | Self::Repair(_)
            | Self::Power(_)
            | Self::Repeat(_)
            | Self::Fork(_) => false,
        }
    }

    /// Whether the window of what is seen and logged begins anew with it.
    #[must_use]
    pub fn acts(&self) -> bool {
        match self {
            Self::Type(_)
            | Self::Press(_)
            | Self::Power(_)
            | Self::Fault(_)
            | Self::Repair(_)
            | Self::SetClock(_)
            | Self::Settings(_) => true,
            Self::Issue(_)
            | Self::Wait(_)
            | Self::Until(_)
            | Self::Expect(_)
            | Self::Repeat(_)
            | Self::Fork(_) => false,
        }
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
            if name == NOTE {
                note = Some(map.next_value()?);
            } else if name == OPTIONAL {
                optional = map.next_value()?;
            } else if let Some(before) = &verb {
                return Err(A::Error::custom(format_args!(
                    "a step has one verb: `{}` is here before `{name}`",
                    before.name()
                )));
            } else {
                verb = Some(Verb::read(name, &mut map)?);
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

impl JsonSchema for Step {
    fn schema_name() -> Cow<'static, str> {
        "Step".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let required: Vec<_> = VERBS
            .iter()
            .map(|verb| json!({ "required": [verb] }))
            .collect();
        let mut properties = Verb::schemas(generator);
        properties["fork"]["minItems"] = json!(1);
        properties.insert(OPTIONAL.to_owned(), json!({ "type": "boolean" }));
        properties.insert(NOTE.to_owned(), json!({ "type": "string" }));
        json_schema!({
            "type": "object",
            "description": "one verb, and perhaps a note for the report",
            "properties": properties,
            "additionalProperties": false,
            "oneOf": required
        })
    }
}
