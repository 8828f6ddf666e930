//! The names that lock.md and scenario.md fix, as files have them.
//!
//! Those of the log are the firmware's own.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::LazyLock;

use firmware_core::audit::{self, Cause, ClockFault, EventKind, Field, OpenerKind, Refusal};
use firmware_core::vocabulary;
use firmware_core::vocabulary::Vocabulary;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, VariantAccess, Visitor,
};
use serde::{Serialize, Serializer};
use serde_json::json;

/// An event of the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event(pub EventKind);

/// Why something was refused or is no longer trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// An entry was denied. A full table refuses custom PINs, too.
    Denied(audit::Reason),
    /// A custom PIN was refused.
    Refused(Refusal),
    /// The clock isn't trusted.
    Untrusted(ClockFault),
}

/// Who opened or threw the bolt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Who opened it.
    Opener(OpenerKind),
    /// What threw it.
    Cause(Cause),
}

vocabulary! {
    /// The main batteries.
    pub enum Power {
        /// Taken out.
        Off => "off",
        /// Put in.
        On => "on",
        /// Out, and in again.
        Cycle => "cycle",
    }
}

/// The texts that a field of an event's entries may have, where it has names: reasons, and who did it.
#[must_use]
pub fn texts_of(event: EventKind, field: Field) -> Option<&'static [&'static str]> {
    match (event, field) {
        (EventKind::Denied, Field::Reason) => Some(audit::Reason::TEXTS),
        (EventKind::CustomPinRefused, Field::Reason) => Some(Refusal::TEXTS),
        (EventKind::ClockUntrusted, Field::Reason) => Some(ClockFault::TEXTS),
        (EventKind::Unlocked, Field::By) => Some(OpenerKind::TEXTS),
        (EventKind::Locked, Field::By) => Some(Cause::TEXTS),
        _ => None,
    }
}

impl Event {
    /// The event's name in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0.as_str()
    }

    fn all() -> impl Iterator<Item = Self> {
        EventKind::ALL.into_iter().map(Self)
    }

    fn meaning(self) -> Cow<'static, str> {
        self.0.meaning().into()
    }
}

impl Reason {
    /// The reason's name in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Denied(reason) => reason.as_str(),
            Self::Refused(refusal) => refusal.as_str(),
            Self::Untrusted(fault) => fault.as_str(),
        }
    }

    fn all() -> impl Iterator<Item = Self> {
        let denied = audit::Reason::ALL.into_iter().map(Self::Denied);
        let is_new = |refusal: &Refusal| audit::Reason::named(refusal.as_str()).is_none();
        let refused = Refusal::ALL.into_iter().filter(is_new).map(Self::Refused);
        denied
            .chain(refused)
            .chain(ClockFault::ALL.into_iter().map(Self::Untrusted))
    }

    fn meaning(self) -> Cow<'static, str> {
        match self {
            Self::Denied(reason) if Refusal::named(reason.as_str()).is_some() => {
                let meaning = reason.meaning().trim_end_matches('.');
                format!("{meaning}; of a custom PIN, too.").into()
            }
            Self::Denied(reason) => reason.meaning().into(),
            Self::Refused(refusal) => of("A custom PIN", refusal.meaning()),
            Self::Untrusted(fault) => of("The clock", fault.meaning()),
        }
    }
}

impl By {
    /// The name in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opener(opener) => opener.as_str(),
            Self::Cause(cause) => cause.as_str(),
        }
    }

    fn all() -> impl Iterator<Item = Self> {
        let openers = OpenerKind::ALL.into_iter().map(Self::Opener);
        openers.chain(Cause::ALL.into_iter().map(Self::Cause))
    }

    fn meaning(self) -> Cow<'static, str> {
        match self {
            Self::Opener(opener) => opener.meaning().into(),
            Self::Cause(cause) => cause.meaning().into(),
        }
    }
}

impl Power {
    fn all() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter()
    }

    fn meaning(self) -> Cow<'static, str> {
        Vocabulary::meaning(self).into()
    }
}

/// `The clock: it doesn't answer.`
fn of(what: &str, meaning: &str) -> Cow<'static, str> {
    let mut letters = meaning.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    format!("{what}: {}{}", first.unwrap_or_default(), letters.as_str()).into()
}

/// A name that a file gives by its text.
trait Name: Sized + 'static {
    /// All texts that a file may give.
    fn texts() -> &'static [&'static str];

    /// The name of a text; none of a text that isn't one of them.
    fn named(text: &str) -> Option<Self>;
}

/// Reads, writes and describes names by their texts.
macro_rules! names_in_files {
    ($($name:ident $about:literal)+) => {$(
        impl Name for $name {
            fn texts() -> &'static [&'static str] {
                static TEXTS: LazyLock<Vec<&str>> =
                    LazyLock::new(|| $name::all().map($name::as_str).collect());
                &TEXTS
            }

            fn named(text: &str) -> Option<Self> {
                Self::all().find(|name| name.as_str() == text)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_enum(stringify!($name), Self::texts(), ByText(PhantomData))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let choices: Vec<_> = Self::all()
                    .map(|name| {
                        json!({
                            "const": name.as_str(),
                            "type": "string",
                            "description": name.meaning(),
                        })
                    })
                    .collect();
                json_schema!({ "description": $about, "oneOf": choices })
            }
        }
    )+};
}

names_in_files! {
    Event "The audit log's events."
    Reason "Why something was refused or no longer trusted."
    By "Who opened or threw the bolt."
    Power "The main batteries."
}

/// Reads a name by its text.
struct ByText<N>(PhantomData<N>);

impl<'de, N: Name> Visitor<'de> for ByText<N> {
    type Value = N;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "one of: {}", N::texts().join(", "))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<N, A::Error> {
        let (name, rest) = data.variant_seed(self)?;
        rest.unit_variant()?;
        Ok(name)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<N, E> {
        N::named(text).ok_or_else(|| E::unknown_variant(text, N::texts()))
    }
}

impl<'de, N: Name> DeserializeSeed<'de> for ByText<N> {
    type Value = N;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<N, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl fmt::Display for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Display for By {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_have_names_for_their_reasons_and_for_who_did_it() {
        for event in EventKind::ALL {
            for field in Field::ALL {
                let named = matches!(field, Field::Reason | Field::By);
                let expected = named && event.fields().contains(&field);
                assert_eq!(
                    texts_of(event, field).is_some(),
                    expected,
                    "{event} {field}"
                );
            }
        }
    }

    #[test]
    fn no_text_is_two_reasons() {
        let mut texts = Reason::texts().to_vec();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), Reason::texts().len());
    }
}
