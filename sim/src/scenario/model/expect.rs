//! What must be seen.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::keys::Flashes;
use super::names::{By, Event, Reason};
use crate::devices::{BoltState, MotorState};
use crate::fault::FaultName;
use crate::moment::Moment;
use crate::recognise::Signal;
use crate::scenario::span::Spanned;
use crate::time::Lapse;

/// All that is given must hold at one instant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub struct Expect {
    /// A signal that was complete in the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<Signal>,
    /// Where the mechanism really is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bolt: Option<BoltState>,
    /// All flashes of the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leds: Option<Flashes>,
    /// All beeps of the window's signals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beeps: Option<u32>,
    /// What the motor does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motor: Option<MotorState>,
    /// Exactly the audit entries of the window, in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Vec<Entry>>,
    /// Entries anywhere in the run so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_has: Option<Many<Entry>>,
    /// What the lock's clock says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Spanned<Clock>>,
    /// How far `clock` may be off; 1 s when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_tolerance: Option<Spanned<Lapse>>,
    /// What must not have held at any instant of the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub never: Option<Never>,
    /// Faults that must have happened by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault_fired: Option<Many<FaultName>>,
    /// How long all this is waited for; 3 s when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Lapse>,
}

impl Expect {
    /// Whether nothing at all is expected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let timing = Self {
            within: self.within,
            clock_tolerance: self.clock_tolerance,
            ..Self::default()
        };
        *self == timing
    }
}

/// What must not have held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub struct Never {
    /// The bolt was never there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bolt: Option<BoltState>,
    /// The signal was never completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<Signal>,
    /// The motor never did that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motor: Option<MotorState>,
}

/// What the lock's clock says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Nothing that the lock trusts.
    Untrusted,
    /// This.
    Says(Moment),
}

impl FromStr for Clock {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "untrusted" {
            return Ok(Self::Untrusted);
        }
        text.parse()
            .map(Self::Says)
            .map_err(|error: String| format!("{error}, or untrusted"))
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untrusted => formatter.write_str("untrusted"),
            Self::Says(moment) => fmt::Display::fmt(moment, formatter),
        }
    }
}

super::text::text_value!(
    Clock,
    "a time such as 2026-12-01T15:00, or untrusted",
    "^(untrusted|[0-9]{4}-.*)$"
);

/// One or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Many<T>(pub Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ManyVisitor(std::marker::PhantomData))
    }
}

struct ManyVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ManyVisitor<T> {
    type Value = Many<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name, or a list of names")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Many<T>, E> {
        T::deserialize(text.into_deserializer()).map(|one| Many(vec![one]))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Many<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|one| Many(vec![one]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Many<T>, A::Error> {
        let mut all = Vec::new();
        while let Some(one) = seq.next_element()? {
            all.push(one);
        }
        Ok(Many(all))
    }
}

impl<T: Serialize> Serialize for Many<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(serializer),
            all => all.serialize(serializer),
        }
    }
}

impl<T: JsonSchema> JsonSchema for Many<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Many_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
    }
}

/// An audit entry: its event, and the fields that matter.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry(pub Fields);

/// The fields of an audit entry that must match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    /// What happened.
    pub event: Event,
    /// Of `unlocked`, `locked`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Spanned<By>>,
    /// The name that the SmartPIN was issued under, or a local code's slot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Spanned<Id>>,
    /// Of `denied`, `custom_pin_refused`, `clock_untrusted`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Spanned<Reason>>,
    /// Of `denied`: how many short entries in a row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<Spanned<u16>>,
    /// Of `locked_out`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<Spanned<u8>>,
    /// Of `setting_changed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Spanned<String>>,
    /// Of `clock_set`: what the clock said before; `untrusted` where that was no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Spanned<Clock>>,
    /// Of `clock_set`: what it says now; of `generation_raised`: the generation from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Spanned<To>>,
}

impl From<Event> for Fields {
    fn from(event: Event) -> Self {
        Self {
            event,
            by: None,
            id: None,
            reason: None,
            count: None,
            minutes: None,
            name: None,
            from: None,
            to: None,
        }
    }
}

/// Whom an entry concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Id {
    /// A local code's slot.
    Slot(u8),
    /// `stay` or `${stay}`: the SmartPIN bound to that name.
    Bound(String),
}

/// What something became.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum To {
    /// A generation.
    Generation(u32),
    /// A time.
    Time(Moment),
}

/// Reads a number as one variant and a text as the other.
macro_rules! number_or_text {
    ($type:ident, $number:path, $expected:literal) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Either;
                impl Visitor<'_> for Either {
                    type Value = $type;
                    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                        formatter.write_str($expected)
                    }
                    fn visit_u64<E: Error>(self, number: u64) -> Result<$type, E> {
                        let unexpected = serde::de::Unexpected::Unsigned(number);
                        number
                            .try_into()
                            .map($number)
                            .map_err(|_| E::invalid_value(unexpected, &self))
                    }
                    fn visit_str<E: Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_any(Either)
            }
        }
    };
}

number_or_text!(
    Id,
    Id::Slot,
    "the name of a SmartPIN, or the slot of a local code"
);
number_or_text!(To, To::Generation, "a time, or a generation");

impl FromStr for Id {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let name = text
            .strip_prefix("${")
            .and_then(|rest| rest.strip_suffix('}'))
            .unwrap_or(text);
        Ok(Self::Bound(name.to_owned()))
    }
}

impl FromStr for To {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self::Time)
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntryVisitor)
    }
}

struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = Entry;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an event's name, or an object {event, …}")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Entry, E> {
        Event::deserialize(text.into_deserializer()).map(|event| Entry(event.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Entry, A::Error> {
        Fields::deserialize(MapAccessDeserializer::new(map)).map(Entry)
    }
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 == self.0.event.into() {
            self.0.event.serialize(serializer)
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl JsonSchema for Entry {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Entry".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [generator.subschema_for::<Event>(), generator.subschema_for::<Fields>()] })
    }
}
