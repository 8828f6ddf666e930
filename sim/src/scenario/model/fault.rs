//! What can be broken.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::keys::Key;
use super::names::FaultName;
use super::text::OneOf;
use super::time::{Lapse, Shift};

/// One fault, and whether the scenario passes without its ever firing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Injection {
    /// What breaks.
    #[serde(flatten)]
    pub fault: Fault,
    /// It need not fire.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// A fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The supply fails inside a flash operation.
    PowerCut(PowerCut),
    /// Travel.
    Motor(Motor),
    /// The batteries.
    Battery(Battery),
    /// The clock chip.
    Rtc(Rtc),
    /// The clock chip's own cell.
    BackupCell(BackupCell),
    /// The matrix.
    Key(KeyFault),
    /// The store.
    Flash(Flash),
    /// The LED.
    Led(Led),
}

impl Fault {
    /// By which `repair` and `fault_fired` call it.
    #[must_use]
    pub fn name(&self) -> FaultName {
        match self {
            Self::PowerCut(_) => FaultName::PowerCut,
            Self::Motor(_) => FaultName::Motor,
            Self::Battery(_) => FaultName::Battery,
            Self::Rtc(_) => FaultName::Rtc,
            Self::BackupCell(_) => FaultName::BackupCell,
            Self::Key(_) => FaultName::Key,
            Self::Flash(_) => FaultName::Flash,
            Self::Led(_) => FaultName::Led,
        }
    }
}

/// When the supply fails, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PowerCut {
    /// After so many more bytes written or erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_flash_bytes: Option<u64>,
    /// Inside the flash operation of this number, counted from 1 at the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_flash_operation: Option<u64>,
    /// Until the lock boots again.
    #[serde(rename = "for")]
    pub lasting: Lapse,
}

/// How the motor fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Motor {
    /// The bolt can't leave its place.
    Jammed,
    /// Travel takes three times as long.
    Slow,
    /// No motion and no current.
    OpenCircuit,
}

/// The open-circuit potential of the batteries.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Battery {
    /// About 6 when new.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub volts: f64,
}

/// How the clock chip fails.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rtc {
    /// The oscillator stands.
    Stopped,
    /// It doesn't answer.
    NoAck,
    /// It gains, or loses, so many parts in a million.
    DriftPpm(f64),
    /// It is ahead, or back, by so much at once.
    Jump(Shift),
    /// It answers nonsense.
    WrongRead,
}

/// How the clock chip's own cell fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BackupCell {
    /// The chip forgets while main power is off.
    Dead,
}

/// How the keypad fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyFault {
    /// The key is down.
    Stuck(Key),
    /// Contacts bounce for so long.
    BounceMs(#[schemars(range(max = 100))] u8),
    /// The key makes no contact.
    Dead(Key),
    /// Three keys of a rectangle read as four.
    Ghost(bool),
}

/// How the store fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Flash {
    /// So many bits change, anywhere.
    FlipBits(#[schemars(range(min = 1))] u32),
    /// The sector no longer erases.
    WornSector(u32),
    /// Writes are refused.
    WriteError,
}

/// How the LED fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Led {
    /// This half stays dark.
    Dead(Half),
}

/// One half of the LED.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// The green half.
    Green,
    /// The red half.
    Red,
}

const FIELDS: &[&str] = &[
    "power_cut",
    "motor",
    "battery",
    "rtc",
    "backup_cell",
    "key",
    "flash",
    "led",
    "optional",
];

impl<'de> Deserialize<'de> for Injection {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InjectionVisitor)
    }
}

struct InjectionVisitor;

impl<'de> Visitor<'de> for InjectionVisitor {
    type Value = Injection;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with one fault, as in {\"motor\": \"jammed\"}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Injection, A::Error> {
        let mut fault: Option<Fault> = None;
        let mut optional = false;
        while let Some(name) = map.next_key_seed(OneOf(FIELDS))? {
            let read = match name {
                "optional" => {
                    optional = map.next_value()?;
                    continue;
                }
                "power_cut" => Fault::PowerCut(map.next_value()?),
                "motor" => Fault::Motor(map.next_value()?),
                "battery" => Fault::Battery(map.next_value()?),
                "rtc" => Fault::Rtc(map.next_value()?),
                "backup_cell" => Fault::BackupCell(map.next_value()?),
                "key" => Fault::Key(map.next_value()?),
                "flash" => Fault::Flash(map.next_value()?),
                _ => Fault::Led(map.next_value()?),
            };
            if let Some(before) = fault.replace(read) {
                return Err(A::Error::custom(format_args!(
                    "one fault a step: `{}` is here before `{name}`",
                    before.name()
                )));
            }
        }
        let fault = fault.ok_or_else(|| {
            A::Error::custom(format_args!(
                "no fault is named, expected one of: {}",
                FIELDS[..FIELDS.len() - 1].join(", ")
            ))
        })?;
        Ok(Injection { fault, optional })
    }
}

impl JsonSchema for Injection {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Injection".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "one fault; `optional` when it need not fire",
            "properties": {
                "power_cut": generator.subschema_for::<PowerCut>(),
                "motor": generator.subschema_for::<Motor>(),
                "battery": generator.subschema_for::<Battery>(),
                "rtc": generator.subschema_for::<Rtc>(),
                "backup_cell": generator.subschema_for::<BackupCell>(),
                "key": generator.subschema_for::<KeyFault>(),
                "flash": generator.subschema_for::<Flash>(),
                "led": generator.subschema_for::<Led>(),
                "optional": { "type": "boolean" }
            },
            "additionalProperties": false,
            "minProperties": 1,
            "maxProperties": 2
        })
    }
}
