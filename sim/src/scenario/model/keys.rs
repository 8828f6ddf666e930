//! Keys, and what is typed with them.

use std::fmt::{self, Display};
use std::str::FromStr;

use super::text::text_value;
use crate::devices::Colour;
use crate::key::Key;

/// What to type: keys, and names of PINs that are bound by then.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys(Vec<Part>);

/// A part of what to type.
#[derive(Clone, PartialEq, Eq)]
pub enum Part {
    /// One key.
    Key(Key),
    /// `${name}`
    Bound(String),
}

impl Keys {
    /// Its parts, in order.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// The names that must be bound.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Bound(name) => Some(name.as_str()),
            Part::Key(_) => None,
        })
    }
}

impl From<Vec<Part>> for Keys {
    fn from(parts: Vec<Part>) -> Self {
        Self(parts)
    }
}

impl FromStr for Keys {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            if let Some(tail) = rest.strip_prefix("${") {
                let (name, tail) = tail.split_once('}').ok_or("`${` without a `}`")?;
                parts.push(Part::Bound(name.to_owned()));
                rest = tail;
                continue;
            }
            rest = &rest[letter.len_utf8()..];
            match Key::named(letter) {
                Some(key) if letter != 'R' => parts.push(Part::Key(key)),
                _ if letter == ' ' || letter == '-' => {}
                Some(_) => return Err(
                    "`R` is held, not typed: use {\"press\": {\"key\": \"R\", \"for\": \"5s\"}}"
                        .into(),
                ),
                None => {
                    return Err(format!(
                        "`{letter}` is no key, expected 0-9, # (Enter), * (Clear), L, or ${{name}}"
                    ));
                }
            }
        }
        if parts.is_empty() {
            Err("nothing to type".into())
        } else {
            Ok(Self(parts))
        }
    }
}

impl Display for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Key(key) => write!(formatter, "{key}"),
            Part::Bound(name) => write!(formatter, "${{{name}}}"),
        })
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Keys(…)")
    }
}

text_value!(
    Keys,
    "keys to type: 0-9, # (Enter), * (Clear), L, ${name}; spaces and hyphens are skipped",
    "^([0-9#*L -]|\\$\\{[^}]+\\})+$"
);

/// Flashes of the LED, as in `green green`; `none` for none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flashes(pub Vec<Colour>);

impl FromStr for Flashes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self(Vec::new()));
        }
        let colour = |word| {
            [Colour::Green, Colour::Red, Colour::Orange]
                .into_iter()
                .find(|colour| colour.as_str() == word)
                .ok_or_else(|| {
                format!(
                    "`{word}` is no colour of the LED, expected green, red, orange, or none alone"
                )
            })
        };
        let colours: Vec<_> = text
            .split_whitespace()
            .map(colour)
            .collect::<Result<_, _>>()?;
        if colours.is_empty() {
            Err("no flashes named, expected colours such as green green, or none".into())
        } else {
            Ok(Self(colours))
        }
    }
}

impl Display for Flashes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return formatter.write_str("none");
        }
        let words: Vec<_> = self.0.iter().map(|colour| colour.as_str()).collect();
        formatter.write_str(&words.join(" "))
    }
}

text_value!(
    Flashes,
    "colours such as green green, or none",
    "^(none|(green|red|orange)( (green|red|orange))*)$"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_with_names_between() {
        let keys: Keys = "${stay}# 12-3*L".parse().unwrap();
        assert_eq!(keys.names().collect::<Vec<_>>(), ["stay"]);
        assert_eq!(keys.to_string(), "${stay}#123*L");
        for text in ["", "  ", "12a", "R", "${stay", "#É"] {
            assert!(text.parse::<Keys>().is_err(), "{text}");
        }
    }
}
