//! The values that a setting takes, and how they are read, written and held against them.

use core::fmt;
use core::str::FromStr;

/// The values that a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// `on` or `off`.
    Switch,
    /// A whole number in one of these ranges, which rise.
    Number(&'static [Range]),
    /// Three whole numbers in this range, none smaller than the one before.
    Ladder(Range),
    /// A POSIX TZ rule.
    Zone,
    /// A whole number of 32 bits that only rises.
    Rising {
        /// By so much at once at most.
        step: u32,
    },
}

/// Whole numbers from `min` to `max`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub min: u16,
    /// The greatest.
    pub max: u16,
}

impl Values {
    /// Whether this is a number that the setting takes. Of a ladder it is one of the three.
    #[must_use]
    pub fn contain(self, number: u16) -> bool {
        let holds = |range: &Range| (range.min..=range.max).contains(&number);
        match self {
            Self::Number(ranges) => ranges.iter().any(holds),
            Self::Ladder(range) => holds(&range),
            Self::Switch | Self::Zone | Self::Rising { .. } => false,
        }
    }
}

/// A type of a setting's value, whose range stands in a table.
pub(super) trait Value: Sized {
    /// Reads the text of a value that the setting takes.
    fn read(text: &str, values: Values) -> Option<Self>;

    /// Writes the text that [`Value::read`] reads.
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// Whether the setting takes this value.
    fn is_in(&self, values: Values) -> bool;
}

impl Value for bool {
    fn read(text: &str, _: Values) -> Option<Self> {
        match text {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self { "on" } else { "off" })
    }

    fn is_in(&self, _: Values) -> bool {
        true
    }
}

impl Value for u16 {
    fn read(text: &str, values: Values) -> Option<Self> {
        number(text).filter(|number| values.contain(*number))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }

    fn is_in(&self, values: Values) -> bool {
        values.contain(*self)
    }
}

impl Value for u8 {
    fn read(text: &str, values: Values) -> Option<Self> {
        u16::read(text, values)?.try_into().ok()
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        u16::from(*self).write(f)
    }

    fn is_in(&self, values: Values) -> bool {
        u16::from(*self).is_in(values)
    }
}

impl Value for [u8; 3] {
    fn read(text: &str, values: Values) -> Option<Self> {
        let mut rungs = text.split(',').map(|rung| u8::read(rung, values));
        let ladder = [rungs.next()??, rungs.next()??, rungs.next()??];
        (rungs.next().is_none() && ladder.is_in(values)).then_some(ladder)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, last] = self;
        write!(f, "{first},{second},{last}")
    }

    fn is_in(&self, values: Values) -> bool {
        self.iter().all(|rung| rung.is_in(values)) && self.is_sorted()
    }
}

/// Decimal digits and nothing else, not even a sign.
pub(crate) fn number<T: FromStr>(text: &str) -> Option<T> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}
