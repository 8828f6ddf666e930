//! The keys of the lock, by name.

use std::fmt::{self, Display};
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A key by its name: `0` to `9`, `#` Enter, `*` Clear, `L` the Lock/Unlock button, `R` on the safe side of the door.
///
/// `Debug` doesn't tell which digit, so that no entry can be read out of a log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("pattern" = "^[0-9#*LR]$"), example = "5")]
pub struct Key(char);

impl Key {
    /// Enter on the matrix.
    pub const ENTER: Self = Self('#');
    /// Clear on the matrix.
    pub const CLEAR: Self = Self('*');
    /// The Lock/Unlock button.
    pub const LOCK: Self = Self('L');
    /// The R button.
    pub const RESET: Self = Self('R');
    /// The keypad as it lies on the lock: rows from the top, columns from the left.
    pub const MATRIX: [[Self; 3]; 4] = [
        [Self('1'), Self('2'), Self('3')],
        [Self('4'), Self('5'), Self('6')],
        [Self('7'), Self('8'), Self('9')],
        [Self('*'), Self('0'), Self('#')],
    ];

    /// The key of that name.
    #[must_use]
    pub const fn named(name: char) -> Option<Self> {
        if matches!(name, '0'..='9' | '#' | '*' | 'L' | 'R') {
            Some(Self(name))
        } else {
            None
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> char {
        self.0
    }

    /// Whether it may be part of a code.
    #[must_use]
    pub const fn is_digit(self) -> bool {
        self.0.is_ascii_digit()
    }

    /// Whether it ends an entry.
    #[must_use]
    pub const fn is_enter(self) -> bool {
        matches!(self.0, '#' | 'L')
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_digit() {
            formatter.write_str("Key(digit)")
        } else {
            write!(formatter, "Key({})", self.0)
        }
    }
}

impl Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

/// A text that is no key's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoKey(String);

impl Display for NoKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "`{}` is no key, expected one of 0-9, #, *, L, R",
            self.0
        )
    }
}

impl std::error::Error for NoKey {}

impl FromStr for Key {
    type Err = NoKey;

    fn from_str(text: &str) -> Result<Self, NoKey> {
        let mut letters = text.chars();
        match (letters.next().and_then(Self::named), letters.next()) {
            (Some(key), None) => Ok(key),
            _ => Err(NoKey(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Key {
    type Error = NoKey;

    fn try_from(text: String) -> Result<Self, NoKey> {
        text.parse()
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.0.to_string()
    }
}
