//! From JSON with places to the model's types.
//!
//! A serde deserializer of our own, for three things that no ready one does together: an error lies where its value
//! lies, to the byte; errors keep their structure, so that the nearest name can be found; and after an error in one
//! element of a list (see `recovering`) the others are still read, so that one run tells of all of them.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::slice;

use serde::de::value::StrDeserializer;
use serde::de::{
    Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _,
    IntoDeserializer, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Number;

use super::json::{Member, Node, NodeKind};
use super::problem::Problem;
use super::span::{SPANNED, Span};

/// Reads `node` as a `T`.
///
/// # Errors
///
/// All problems that could be told apart, in the order of the file.
pub fn decode<T: DeserializeOwned>(node: &Node) -> Result<T, Vec<Problem>> {
    let problems = RefCell::new(Vec::new());
    let outcome = T::deserialize(Decoder {
        node,
        problems: &problems,
    });
    let mut problems = problems.into_inner();
    match outcome {
        Ok(value) if problems.is_empty() => Ok(value),
        Ok(_) => Err(problems),
        Err(problem) => {
            problems.push(problem);
            problems.sort();
            Err(problems)
        }
    }
}

/// Reads a text as a `T`.
///
/// # Errors
///
/// As [`decode`], and where the text is no JSON.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Vec<Problem>> {
    super::json::parse(text.as_bytes()).and_then(|node| decode(&node))
}

/// Reads a list whose elements are read on after a wrong one. For `#[serde(deserialize_with)]`.
pub(super) fn recovering<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let elements = Vec::<Recovered<T>>::deserialize(deserializer)?;
    Ok(elements
        .into_iter()
        .filter_map(|element| element.0)
        .collect())
}

/// Reads a field so that the fields after it are read even when it is wrong. For `#[serde(deserialize_with)]`.
pub(super) fn recovering_field<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Recovered::<T>::deserialize(deserializer)?
        .0
        .unwrap_or_default())
}

/// The tuple struct by whose name [`Decoder`] knows to note an error and go on.
const RECOVERED: &str = "$locksim::Recovered";

/// None where the value was wrong, which is noted beside; so a `None` is never seen outside of this file's callers.
struct Recovered<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Recovered<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_tuple_struct(RECOVERED, 1, RecoveredVisitor(PhantomData))
    }
}

struct RecoveredVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for RecoveredVisitor<T> {
    type Value = Recovered<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        seq.next_element().map(Recovered)
    }
}

#[derive(Clone, Copy)]
struct Decoder<'a> {
    node: &'a Node,
    problems: &'a RefCell<Vec<Problem>>,
}

impl<'a> Decoder<'a> {
    fn of(self, node: &'a Node) -> Self {
        Self { node, ..self }
    }

    /// Objects and lists are pointed at by their first character.
    fn place(self) -> Span {
        match self.node.kind {
            NodeKind::List(_) | NodeKind::Object(_) => self.node.span.head(),
            _ => self.node.span,
        }
    }

    fn unexpected(self) -> Unexpected<'a> {
        match &self.node.kind {
            NodeKind::Null => Unexpected::Unit,
            NodeKind::Bool(value) => Unexpected::Bool(*value),
            NodeKind::Number(value) => value
                .as_u64()
                .map(Unexpected::Unsigned)
                .or_else(|| value.as_i64().map(Unexpected::Signed))
                .unwrap_or_else(|| Unexpected::Float(value.as_f64().unwrap_or(f64::NAN))),
            NodeKind::Text(value) => Unexpected::Str(value),
            NodeKind::List(_) => Unexpected::Seq,
            NodeKind::Object(_) => Unexpected::Map,
        }
    }
}

impl<'de> Deserializer<'de> for Decoder<'_> {
    type Error = Problem;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        let value = match &self.node.kind {
            NodeKind::Null => visitor.visit_unit(),
            NodeKind::Bool(value) => visitor.visit_bool(*value),
            NodeKind::Number(value) => number(value, visitor),
            NodeKind::Text(value) => visitor.visit_str(value),
            NodeKind::List(elements) => visitor.visit_seq(Elements {
                decoder: self,
                rest: elements.iter(),
            }),
            NodeKind::Object(members) => visitor.visit_map(Members {
                decoder: self,
                rest: members.iter(),
                current: None,
            }),
        };
        value.map_err(|problem| problem.at(self.place()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        visitor
            .visit_newtype_struct(self)
            .map_err(|problem| problem.at(self.place()))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        match name {
            SPANNED => visitor.visit_seq(Placed {
                decoder: self,
                step: 0,
            }),
            RECOVERED => visitor.visit_seq(Recovering(self)),
            _ => self.deserialize_any(visitor),
        }
    }

    /// A list in the order of the fields is no object, though serde would take it for one.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        match self.node.kind {
            NodeKind::Object(_) => self.deserialize_any(visitor),
            _ => Err(Problem::invalid_type(self.unexpected(), &"an object").at(self.place())),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        let (name, name_span, value) = match &self.node.kind {
            NodeKind::Text(name) => (name, self.node.span, None),
            NodeKind::Object(members) if members.len() == 1 => (
                &members[0].key,
                members[0].key_span,
                Some(&members[0].value),
            ),
            _ => {
                let expected = format!("one of: {}", variants.join(", "));
                return Err(
                    Problem::invalid_type(self.unexpected(), &expected.as_str()).at(self.place())
                );
            }
        };
        visitor
            .visit_enum(Variant {
                decoder: self,
                name,
                name_span,
                value,
            })
            .map_err(|problem| problem.at(self.place()))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        map identifier ignored_any
    }
}

/// A whole number as such, whatever its sign; else a float.
fn number<'de, V: Visitor<'de>>(value: &Number, visitor: V) -> Result<V::Value, Problem> {
    match (value.as_u64(), value.as_i64()) {
        (Some(whole), _) => visitor.visit_u64(whole),
        (None, Some(whole)) => visitor.visit_i64(whole),
        (None, None) => visitor.visit_f64(value.as_f64().unwrap_or(f64::NAN)),
    }
}

struct Elements<'a> {
    decoder: Decoder<'a>,
    rest: slice::Iter<'a, Node>,
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = Problem;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Problem> {
        self.rest
            .next()
            .map(|node| seed.deserialize(self.decoder.of(node)))
            .transpose()
    }
}

struct Members<'a> {
    decoder: Decoder<'a>,
    rest: slice::Iter<'a, Member>,
    current: Option<&'a Member>,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Problem> {
        self.current = self.rest.next();
        let Some(member) = self.current else {
            return Ok(None);
        };
        let key: StrDeserializer<'_, Problem> = member.key.as_str().into_deserializer();
        seed.deserialize(key)
            .map(Some)
            .map_err(|problem| problem.at(member.key_span))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Problem> {
        let member = self
            .current
            .ok_or_else(|| Problem::new("a value was asked for before its key"))?;
        let decoder = self.decoder.of(&member.value);
        seed.deserialize(decoder)
            .map_err(|problem| problem.at(decoder.place()))
    }
}

/// Start, end and value of one node, for [`super::span::Spanned`].
struct Placed<'a> {
    decoder: Decoder<'a>,
    step: u8,
}

impl<'de> SeqAccess<'de> for Placed<'_> {
    type Error = Problem;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Problem> {
        self.step += 1;
        let span = self.decoder.node.span;
        match self.step {
            1 => seed.deserialize(span.start.into_deserializer()),
            2 => seed.deserialize(span.end.into_deserializer()),
            _ => seed
                .deserialize(self.decoder)
                .map_err(|problem| problem.at(self.decoder.place())),
        }
        .map(Some)
    }
}

/// One node whose error is noted, and then stands for no value.
struct Recovering<'a>(Decoder<'a>);

impl<'de> SeqAccess<'de> for Recovering<'_> {
    type Error = Problem;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Problem> {
        match seed.deserialize(self.0) {
            Ok(value) => Ok(Some(value)),
            Err(problem) => {
                self.0
                    .problems
                    .borrow_mut()
                    .push(problem.at(self.0.place()));
                Ok(None)
            }
        }
    }
}

struct Variant<'a> {
    decoder: Decoder<'a>,
    name: &'a str,
    name_span: Span,
    value: Option<&'a Node>,
}

impl Variant<'_> {
    fn needs_value(&self) -> Problem {
        Problem::new(format_args!(
            "`{}` needs a value, as in {{\"{}\": …}}",
            self.name, self.name
        ))
        .at(self.name_span)
    }
}

impl<'de> EnumAccess<'de> for Variant<'_> {
    type Error = Problem;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Problem> {
        let name: StrDeserializer<'_, Problem> = self.name.into_deserializer();
        let variant = seed
            .deserialize(name)
            .map_err(|problem| problem.at(self.name_span))?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Problem;

    fn unit_variant(self) -> Result<(), Problem> {
        match self.value {
            None => Ok(()),
            Some(node) => Err(Problem::new(format_args!(
                "`{}` takes no value, write it as a string",
                self.name
            ))
            .at(self.decoder.of(node).place())),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Problem> {
        let decoder = self
            .decoder
            .of(self.value.ok_or_else(|| self.needs_value())?);
        seed.deserialize(decoder)
            .map_err(|problem| problem.at(decoder.place()))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Problem> {
        self.decoder
            .of(self.value.ok_or_else(|| self.needs_value())?)
            .deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        self.decoder
            .of(self.value.ok_or_else(|| self.needs_value())?)
            .deserialize_any(visitor)
    }
}
