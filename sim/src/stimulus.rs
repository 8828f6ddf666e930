//! Everything that can happen to a world.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::fault::{Fault, FaultName};
use crate::key::Key;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_digit() {
        let pressed = Stimulus::KeyDown {
            key: Key::named('7').expect("a digit"),
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
