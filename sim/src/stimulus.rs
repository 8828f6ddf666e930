//! Everything that can happen to a world.

use std::fmt::{self, Display};
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fault::{Fault, FaultName};

/// One thing that happens to a world, at the moment at which it is applied.
///
/// It carries keys and the installer's lines, which are secrets: `Debug` doesn't show them, serialising does.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stimulus {
    /// A finger closes a contact.
    KeyDown {
        /// Which.
        key: Key,
        /// As what the trace knows it, `stay:3` for the third digit of the PIN of that name. Without one a digit stands
        /// as `digit`, another key by its name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        label: Option<String>,
    },
    /// The finger leaves; `label` as it was for [`Stimulus::KeyDown`].
    KeyUp {
        /// Which.
        key: Key,
        /// As what the trace knows it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        label: Option<String>,
    },
    /// Main batteries are put in or taken out.
    Power(Power),
    /// Something breaks, or is armed to.
    Inject(Fault),
    /// All faults of this name end; one that hasn't fired is disarmed.
    Repair(FaultName),
    /// Bytes come over the installer's port.
    Port(PortBytes),
}

impl fmt::Debug for Stimulus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyDown { key, label } => write!(formatter, "KeyDown({key:?}, {label:?})"),
            Self::KeyUp { key, label } => write!(formatter, "KeyUp({key:?}, {label:?})"),
            Self::Power(power) => write!(formatter, "Power({power:?})"),
            Self::Inject(fault) => write!(formatter, "Inject({fault:?})"),
            Self::Repair(name) => write!(formatter, "Repair({name})"),
            Self::Port(bytes) => write!(formatter, "{bytes:?}"),
        }
    }
}

/// Whether the main batteries are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Power {
    /// They are taken out.
    Off,
    /// They are in.
    On,
}

/// What somebody sends over the installer's port; a programming code may be among it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PortBytes(pub Vec<u8>);

impl fmt::Debug for PortBytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Port([{} bytes])", self.0.len())
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_digit() {
        let pressed = Stimulus::KeyDown {
            key: Key('7'),
            label: None,
        };
        assert!(!format!("{pressed:?}").contains('7'));
        assert!(
            !format!("{:?}", Stimulus::Port(PortBytes(b"code 123456\n".to_vec())))
                .contains("123456")
        );
    }

    #[test]
    fn a_stimulus_comes_back_from_json() {
        for text in [
            r##"{"key_down":{"key":"#"}}"##,
            r#"{"key_up":{"key":"5","label":"stay:3"}}"#,
            r#"{"power":"off"}"#,
            r#"{"inject":{"motor":"jammed"}}"#,
            r#"{"repair":"motor"}"#,
            r#"{"port":[98,121,101,10]}"#,
        ] {
            let stimulus: Stimulus = serde_json::from_str(text).expect(text);
            assert_eq!(serde_json::to_string(&stimulus).expect(text), text);
        }
    }
}
