//! What can be broken on a bench, exactly as a scenario file writes it.

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::key::Key;
use crate::time::{Lapse, Shift};
use crate::vocabulary;

/// A fault: its name, and what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The supply fails inside a flash operation.
    PowerCut(PowerCut),
    /// The bolt's travel.
    Motor(MotorFault),
    /// The main batteries.
    Battery(BatteryFault),
    /// The clock chip.
    Rtc(RtcFault),
    /// The clock chip's own cell.
    BackupCell(BackupCellFault),
    /// The keys.
    Key(KeyFault),
    /// The store.
    Flash(FlashFault),
    /// The LED.
    Led(LedFault),
}

impl Fault {
    /// By which it is repaired and reported.
    #[must_use]
    pub const fn name(self) -> FaultName {
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

vocabulary! {
    /// The name of a fault, whatever exactly is wrong.
    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum FaultName {
        /// [`Fault::PowerCut`]
        PowerCut => "power_cut",
        /// [`Fault::Motor`]
        Motor => "motor",
        /// [`Fault::Battery`]
        Battery => "battery",
        /// [`Fault::Rtc`]
        Rtc => "rtc",
        /// [`Fault::BackupCell`]
        BackupCell => "backup_cell",
        /// [`Fault::Key`]
        Key => "key",
        /// [`Fault::Flash`]
        Flash => "flash",
        /// [`Fault::Led`]
        Led => "led",
    }
}

/// The supply fails, at once or inside a flash operation, which it leaves torn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "PowerCutFields", into = "PowerCutFields")]
pub struct PowerCut {
    /// When.
    pub at: Cut,
    /// How long until power is back and the device boots again.
    pub lasting: Lapse,
    /// Which bits the torn operation leaves: each number draws others, from the seed's own stream.
    pub pattern: u8,
    /// The supply fails once more, for as long: inside the flash operation of this number, counted from 1 at the return
    /// of power.
    pub again: Option<NonZeroU32>,
}

impl PowerCut {
    /// What is armed once this one has happened.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        self.again.map(|number| Self {
            at: Cut::AtFlashOperation(number.get().into()),
            again: None,
            ..self
        })
    }
}

/// When the supply fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// As soon as the fault is injected.
    Now,
    /// While the byte after so many more is programmed.
    AfterFlashBytes(u64),
    /// Inside the write or sector erase of this number, counted from 1 at the injection.
    AtFlashOperation(u64),
}

/// [`PowerCut`] as files have it.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PowerCut")]
struct PowerCutFields {
    /// While the byte after so many more is programmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after_flash_bytes: Option<u64>,
    /// Inside the write or sector erase of this number, counted from 1 at the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    at_flash_operation: Option<u64>,
    /// How long until the lock boots again.
    #[serde(rename = "for")]
    lasting: Lapse,
    /// Which bits are left of what was torn: each number draws others. 0 when left out.
    #[serde(default, skip_serializing_if = "is_first")]
    pattern: u8,
    /// And once more, for as long, inside the write or sector erase of this number, counted from 1 at the next boot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    again_at_flash_operation: Option<NonZeroU32>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_first(pattern: &u8) -> bool {
    *pattern == 0
}

impl TryFrom<PowerCutFields> for PowerCut {
    type Error = &'static str;

    fn try_from(fields: PowerCutFields) -> Result<Self, Self::Error> {
        let at = match (fields.after_flash_bytes, fields.at_flash_operation) {
            (None, None) => Cut::Now,
            (Some(bytes), None) => Cut::AfterFlashBytes(bytes),
            (None, Some(0)) => return Err("flash operations are counted from 1"),
            (None, Some(number)) => Cut::AtFlashOperation(number),
            (Some(_), Some(_)) => {
                return Err("either `after_flash_bytes` or `at_flash_operation`, not both");
            }
        };
        Ok(Self {
            at,
            lasting: fields.lasting,
            pattern: fields.pattern,
            again: fields.again_at_flash_operation,
        })
    }
}

impl From<PowerCut> for PowerCutFields {
    fn from(cut: PowerCut) -> Self {
        let (after_flash_bytes, at_flash_operation) = match cut.at {
            Cut::Now => (None, None),
            Cut::AfterFlashBytes(bytes) => (Some(bytes), None),
            Cut::AtFlashOperation(number) => (None, Some(number)),
        };
        Self {
            after_flash_bytes,
            at_flash_operation,
            lasting: cut.lasting,
            pattern: cut.pattern,
            again_at_flash_operation: cut.again,
        }
    }
}

/// How the motor fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MotorFault {
    /// The bolt can't leave its place; a driven motor stalls.
    Jammed,
    /// Travel takes three times as long.
    Slow,
    /// No motion and no current.
    OpenCircuit,
}

/// The state of the main batteries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BatteryFault {
    /// Without load; about 6 when new.
    pub volts: Milli,
    /// Internal resistance of all four cells together; weak ones have more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ohms: Option<Milli>,
}

/// A quantity of 0 to 60 that files have as a decimal number, kept in thousandths.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "f64", into = "f64")]
#[schemars(extend("minimum" = 0, "maximum" = 60))]
pub struct Milli(pub u16);

impl TryFrom<f64> for Milli {
    type Error = &'static str;

    fn try_from(whole: f64) -> Result<Self, Self::Error> {
        if (0.0..=60.0).contains(&whole) {
            Ok(Self((whole * 1_000.0).round() as u16))
        } else {
            Err("expected a number from 0 to 60")
        }
    }
}

impl From<Milli> for f64 {
    fn from(milli: Milli) -> Self {
        Self::from(milli.0) / 1_000.0
    }
}

/// How the clock chip fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RtcFault {
    /// The oscillator stands still, and the chip tells so.
    Stopped,
    /// It doesn't acknowledge its address.
    NoAck,
    /// It gains so many parts in a million, or loses them.
    DriftPpm(Ppm),
    /// It goes forwards or back at once.
    Jump(Shift),
    /// What is read from it is wrong, each time otherwise.
    WrongRead,
}

/// Parts in a million, from -100,000 to 100,000, kept to the thousandth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "f64", into = "f64")]
#[schemars(extend("minimum" = -100_000, "maximum" = 100_000))]
pub struct Ppm(i32);

impl Ppm {
    /// So many whole parts.
    #[must_use]
    pub const fn whole(parts: i16) -> Self {
        Self(parts as i32 * 1_000)
    }

    /// In parts of a thousand million.
    #[must_use]
    pub const fn per_billion(self) -> i32 {
        self.0
    }
}

impl TryFrom<f64> for Ppm {
    type Error = &'static str;

    fn try_from(ppm: f64) -> Result<Self, Self::Error> {
        if (-100_000.0..=100_000.0).contains(&ppm) {
            Ok(Self((ppm * 1_000.0).round() as i32))
        } else {
            Err("expected a number from -100000 to 100000")
        }
    }
}

impl From<Ppm> for f64 {
    fn from(ppm: Ppm) -> Self {
        Self::from(ppm.0) / 1_000.0
    }
}

/// How the clock chip's own cell fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BackupCellFault {
    /// The chip forgets everything while main power is off.
    Dead,
}

/// How the keys fail. Several may be injected one after the other; a repair mends all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyFault {
    /// The contact stays closed.
    Stuck(Key),
    /// Contacts bounce for up to so many milliseconds; 10 when sound.
    BounceMs(#[schemars(range(max = 1_000))] u16),
    /// The contact never closes.
    Dead(Key),
    /// The matrix has lost its diodes: three closed keys of a rectangle read as four.
    Ghost(True),
}

/// `true`, where `false` would say nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "bool", into = "bool")]
#[schemars(extend("const" = true))]
pub struct True;

impl TryFrom<bool> for True {
    type Error = &'static str;

    fn try_from(value: bool) -> Result<Self, Self::Error> {
        if value {
            Ok(Self)
        } else {
            Err("expected true")
        }
    }
}

impl From<True> for bool {
    fn from(_: True) -> Self {
        true
    }
}

/// How the flash fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlashFault {
    /// So many bits change at once, among the words that hold anything.
    FlipBits(#[schemars(range(min = 1))] u32),
    /// The sector of this number, counted from 0, neither erases nor programs any more, and tells so.
    WornSector(u32),
    /// Every write and erase is refused.
    WriteError,
}

/// How the LED fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LedFault {
    /// This half stays dark.
    Dead(Half),
}

/// A half of the LED.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// The green half.
    Green,
    /// The red half.
    Red,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_stand_in_files_as_specified() {
        let table = [
            (
                r#"{"power_cut":{"at_flash_operation":3,"for":"2s"}}"#,
                FaultName::PowerCut,
            ),
            (
                r#"{"power_cut":{"after_flash_bytes":0,"for":"1m 30s"}}"#,
                FaultName::PowerCut,
            ),
            (r#"{"motor":"jammed"}"#, FaultName::Motor),
            (r#"{"motor":"open_circuit"}"#, FaultName::Motor),
            (r#"{"battery":{"volts":3.2}}"#, FaultName::Battery),
            (
                r#"{"battery":{"volts":5.1,"ohms":2.5}}"#,
                FaultName::Battery,
            ),
            (r#"{"rtc":"no_ack"}"#, FaultName::Rtc),
            (r#"{"rtc":{"drift_ppm":-2.5}}"#, FaultName::Rtc),
            (r#"{"rtc":{"jump":"-1h 30m"}}"#, FaultName::Rtc),
            (r#"{"backup_cell":"dead"}"#, FaultName::BackupCell),
            (r#"{"key":{"stuck":"5"}}"#, FaultName::Key),
            (r#"{"key":{"bounce_ms":25}}"#, FaultName::Key),
            (r#"{"key":{"ghost":true}}"#, FaultName::Key),
            (r#"{"flash":{"flip_bits":1}}"#, FaultName::Flash),
            (r#"{"flash":"write_error"}"#, FaultName::Flash),
            (r#"{"led":{"dead":"green"}}"#, FaultName::Led),
        ];
        for (text, name) in table {
            let fault: Fault = serde_json::from_str(text).expect(text);
            assert_eq!(fault.name(), name, "{text}");
            assert_eq!(serde_json::to_string(&fault).expect(text), text);
        }
    }

    #[test]
    fn what_means_nothing_is_refused() {
        for text in [
            r#"{"power_cut":{"at_flash_operation":0,"for":"2s"}}"#,
            r#"{"power_cut":{"at_flash_operation":1,"after_flash_bytes":1,"for":"2s"}}"#,
            r#"{"battery":{"volts":-1}}"#,
            r#"{"battery":{"volts":3,"amps":1}}"#,
            r#"{"key":{"ghost":false}}"#,
            r#"{"key":{"stuck":"55"}}"#,
            r#"{"rtc":{"drift_ppm":1000000}}"#,
            r#"{"motor":"broken"}"#,
        ] {
            assert!(serde_json::from_str::<Fault>(text).is_err(), "{text}");
        }
    }
}
