//! What can be broken.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::text::OneOf;
use crate::fault::{
    BackupCellFault, BatteryFault, Fault, FlashFault, KeyFault, LedFault, MotorFault, PowerCut,
    RtcFault,
};

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
                "motor": generator.subschema_for::<MotorFault>(),
                "battery": generator.subschema_for::<BatteryFault>(),
                "rtc": generator.subschema_for::<RtcFault>(),
                "backup_cell": generator.subschema_for::<BackupCellFault>(),
                "key": generator.subschema_for::<KeyFault>(),
                "flash": generator.subschema_for::<FlashFault>(),
                "led": generator.subschema_for::<LedFault>(),
                "optional": { "type": "boolean" }
            },
            "additionalProperties": false,
            "minProperties": 1,
            "maxProperties": 2
        })
    }
}
