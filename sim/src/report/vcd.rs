//! A trace's pins as a Value Change Dump (IEEE 1364-2005, 18), which any waveform viewer opens.

use std::collections::BTreeMap;
use std::io::{self, Write};

use vcd::{IdCode, TimescaleUnit, Value, VarType, Writer};

use super::line::name;
use crate::devices::{Level, Line};
use crate::time::Time;
use crate::trace::{Trace, TraceKind};

/// Writes pins as wires, and the bolt and the motor as texts.
///
/// # Errors
///
/// Those of the writer.
pub fn waves(trace: &Trace, writer: &mut dyn Write) -> io::Result<()> {
    let mut writer = Writer::new(writer);
    let mut dump = Dump::declare(trace, &mut writer)?;
    for event in trace.iter() {
        dump.write(event.at, &event.kind, &mut writer)?;
    }
    Ok(())
}

struct Dump {
    pins: BTreeMap<Line, IdCode>,
    bolt: IdCode,
    motor: IdCode,
    /// The moment that was written last.
    at: Option<Time>,
}

impl Dump {
    /// Only pins that the trace tells of are declared: rows of the keypad would give PINs away.
    fn declare(trace: &Trace, writer: &mut Writer<&mut dyn Write>) -> io::Result<Self> {
        writer.timescale(1, TimescaleUnit::US)?;
        writer.add_module("lock")?;
        let mut pins = BTreeMap::new();
        let told = |line: Line| {
            let is_it =
                |kind: &TraceKind| matches!(kind, TraceKind::Pin { pin, .. } if *pin == line);
            trace.iter().any(|event| is_it(&event.kind))
        };
        for line in Line::INPUTS.into_iter().chain(Line::OUTPUTS) {
            if !line.tells_keys() || told(line) {
                pins.insert(line, writer.add_wire(1, &name(&line))?);
            }
        }
        let bolt = writer.add_var(VarType::String, 1, "bolt", None)?;
        let motor = writer.add_var(VarType::String, 1, "motor", None)?;
        writer.upscope()?;
        writer.enddefinitions()?;
        writer.timestamp(0)?;
        for (line, id) in &pins {
            writer.change_scalar(*id, scalar(line.at_start()))?;
        }
        Ok(Self {
            pins,
            bolt,
            motor,
            at: Some(Time::START),
        })
    }

    fn write(
        &mut self,
        at: Time,
        kind: &TraceKind,
        writer: &mut Writer<&mut dyn Write>,
    ) -> io::Result<()> {
        match kind {
            TraceKind::Pin { pin, level } => {
                self.pass(at, writer)?;
                match self.pins.get(pin) {
                    Some(id) => writer.change_scalar(*id, scalar(*level)),
                    None => Ok(()),
                }
            }
            TraceKind::Bolt { state } => {
                self.pass(at, writer)?;
                writer.change_string(self.bolt, &name(state))
            }
            TraceKind::Motor { state } => {
                self.pass(at, writer)?;
                writer.change_string(self.motor, &name(state))
            }
            TraceKind::Power { .. }
            | TraceKind::Boot { .. }
            | TraceKind::Key { .. }
            | TraceKind::I2c { .. }
            | TraceKind::Flash { .. }
            | TraceKind::Port { .. }
            | TraceKind::Signal(_)
            | TraceKind::Audit(_)
            | TraceKind::Fault { .. }
            | TraceKind::Violation { .. }
            | TraceKind::Step { .. }
            | TraceKind::Expect { .. } => Ok(()),
        }
    }

    /// Time goes on to this moment.
    fn pass(&mut self, at: Time, writer: &mut Writer<&mut dyn Write>) -> io::Result<()> {
        if self.at.replace(at) == Some(at) {
            return Ok(());
        }
        writer.timestamp(at.micros())
    }
}

fn scalar(level: Level) -> Value {
    if level.is_high() {
        Value::V1
    } else {
        Value::V0
    }
}
