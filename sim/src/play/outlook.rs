//! What is to be seen next if nobody does anything, found out by letting a copy of the world go on.

use crate::devices::{BoltState, Level, Line, MotorState};
use crate::time::Time;
use crate::trace::{AuditEntry, TraceKind};
use crate::world::World;

/// The next thing that a person would notice.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// When.
    pub at: Time,
    /// What will be seen.
    pub what: Sight,
}

/// Something that a person notices.
#[derive(Clone, Debug, PartialEq)]
pub enum Sight {
    /// The LED changes.
    Light,
    /// The buzzer does.
    Sound,
    /// The motor begins to turn or to stall, or stops.
    Motor(MotorState),
    /// The bolt leaves or arrives.
    Bolt(BoltState),
    /// The lock writes into its log.
    Audit(AuditEntry),
    /// The lock starts or loses its power.
    Power,
}

/// A lock that wakes up this often without showing anything will not show much.
const STEPS: usize = 2_000;

/// The next sight; none if nothing ever is to be seen, or not for long.
#[must_use]
pub fn next(world: &World) -> Option<Outlook> {
    let mut copy = world.clone();
    let mut seen = copy.trace().len();
    for _ in 0..STEPS {
        if !copy.step() {
            return None;
        }
        if let Some(what) = copy
            .trace()
            .since(seen)
            .find_map(|event| sight(&event.kind))
        {
            return Some(Outlook {
                at: copy.now(),
                what,
            });
        }
        seen = copy.trace().len();
    }
    None
}

fn sight(kind: &TraceKind) -> Option<Sight> {
    match kind {
        TraceKind::Pin {
            pin: Line::Green | Line::Red,
            ..
        } => Some(Sight::Light),
        TraceKind::Pin {
            pin: Line::Buzzer,
            level: Level::High | Level::Low,
        } => Some(Sight::Sound),
        TraceKind::Motor { state } => Some(Sight::Motor(*state)),
        TraceKind::Bolt { state } => Some(Sight::Bolt(*state)),
        TraceKind::Audit(entry) => Some(Sight::Audit(*entry)),
        TraceKind::Power { .. } | TraceKind::Boot { .. } => Some(Sight::Power),
        TraceKind::Pin { .. }
        | TraceKind::Key { .. }
        | TraceKind::I2c { .. }
        | TraceKind::Flash { .. }
        | TraceKind::Port { .. }
        | TraceKind::Signal(_)
        | TraceKind::Fault { .. }
        | TraceKind::Violation { .. }
        | TraceKind::Step { .. }
        | TraceKind::Expect { .. } => None,
    }
}
