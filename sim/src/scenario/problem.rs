//! What is wrong with a scenario file, where, and what was expected.

use std::fmt::{self, Display};

use serde::de::{self, Expected, Unexpected};

use super::span::Span;
use crate::suggest::nearest;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Problem {
    /// Where; none for the file as a whole.
    pub span: Option<Span>,
    /// What is wrong, in one clause.
    pub message: String,
    /// What was expected, or how to mend it.
    pub help: Option<String>,
}

impl Problem {
    /// A problem of the file as a whole, until [`Problem::at`] places it.
    pub fn new(message: impl Display) -> Self {
        Self {
            span: None,
            message: message.to_string(),
            help: None,
        }
    }

    /// Places the problem, unless it has a more exact place already.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }

    /// Says what was expected, or how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Display) -> Self {
        self.help = Some(help.to_string());
        self
    }

    /// `kind` has no member `name`; `known` are its members.
    pub fn unknown<'a>(kind: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        let problem = Self::new(format_args!("unknown {kind} `{name}`"));
        match (nearest(name, known.iter().copied()), known.is_empty()) {
            (Some(near), _) if known.len() > LISTED => {
                problem.help(format_args!("did you mean `{near}`?"))
            }
            (Some(near), _) => {
                problem.help(format_args!("did you mean `{near}`? {}", listed(&known)))
            }
            (None, true) => problem.help(format_args!("there is no {kind} here")),
            (None, false) if known.len() > LISTED => problem,
            (None, false) => problem.help(listed(&known)),
        }
    }
}

/// More names than this are not read out.
const LISTED: usize = 40;

fn listed(known: &[&str]) -> String {
    format!("known here: {}", known.join(", "))
}

impl Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        self.help
            .as_ref()
            .map_or(Ok(()), |help| write!(formatter, " ({help})"))
    }
}

impl std::error::Error for Problem {}

impl de::Error for Problem {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(message)
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format_args!(
            "found {}, expected {expected}",
            Found(unexpected)
        ))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format_args!(
            "{} does not fit, expected {expected}",
            Found(unexpected)
        ))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::unknown("name", variant, expected.iter().copied())
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let shown = expected
            .iter()
            .copied()
            .filter(|name| !name.starts_with('$'));
        Self::unknown("field", field, shown)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(format_args!("`{field}` is missing"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(format_args!("`{field}` stands here twice"))
    }
}

/// A JSON value in the words of JSON, where serde would speak of Rust's types.
struct Found<'a>(Unexpected<'a>);

impl Display for Found<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Unexpected::Unit => formatter.write_str("null"),
            Unexpected::Seq => formatter.write_str("a list"),
            Unexpected::Map => formatter.write_str("an object"),
            Unexpected::Bool(value) => write!(formatter, "{value}"),
            Unexpected::Unsigned(value) => write!(formatter, "the number {value}"),
            Unexpected::Signed(value) => write!(formatter, "the number {value}"),
            Unexpected::Float(value) => write!(formatter, "the number {value}"),
            Unexpected::Str(value) => write!(formatter, "the string \"{value}\""),
            other => write!(formatter, "{other}"),
        }
    }
}
