//! What walks have come by: answers, reasons, functions, faults, and how the lock stood from one to the next.

use std::collections::BTreeSet;
use std::fmt::{self, Display};

use firmware_core::audit::{Event, EventKind, Field, Reason};
use firmware_core::logic::programming::FUNCTIONS;

use crate::fault::{Fault, FlashFault, KeyFault, LedFault, MotorFault, RtcFault};
use crate::monitor::Monitor;
use crate::recognise::Signal;
use crate::scenario::model::names::texts_of;
use crate::stage::Stage;
use crate::trace::{AuditEntry, FaultState, TraceKind};
use crate::vocabulary;

vocabulary! {
    /// What kinds of goals there are.
    pub enum GoalKind {
        /// Why entries were denied.
        Denials => "denial reasons",
        /// What the lock told a person.
        Signals => "signals",
        /// Programming functions that were answered `saved`.
        Functions => "functions",
        /// Faults that the lock felt.
        Faults => "faults",
        /// What the lock wrote into its log.
        Log => "log",
    }
}

/// Something that a walk may come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Goal {
    /// An entry was denied for this reason.
    Denial(Reason),
    /// A person was told this.
    Signal(Signal),
    /// A programming function was answered `saved`.
    Function(u16),
    /// A fault was felt.
    Fault(FaultGoal),
    /// The log has an entry of this event, by this opener or cause.
    Log(EventKind, Option<&'static str>),
}

impl Display for Goal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denial(reason) => reason.fmt(formatter),
            Self::Signal(signal) => signal.fmt(formatter),
            Self::Function(number) => number.fmt(formatter),
            Self::Fault(fault) => fault.fmt(formatter),
            Self::Log(event, None) => event.fmt(formatter),
            Self::Log(event, Some(by)) => write!(formatter, "{event} {by}"),
        }
    }
}

impl GoalKind {
    /// All goals of this kind.
    #[must_use]
    pub fn goals(self) -> Vec<Goal> {
        match self {
            Self::Denials => Reason::ALL.map(Goal::Denial).into(),
            Self::Signals => Signal::ALL.map(Goal::Signal).into(),
            Self::Functions => {
                let numbers = FUNCTIONS.iter().map(|function| function.number);
                numbers.map(Goal::Function).collect()
            }
            Self::Faults => FaultGoal::ALL.map(Goal::Fault).into(),
            Self::Log => EventKind::ALL.into_iter().flat_map(entries).collect(),
        }
    }
}

/// An entry of the event, one for each that it can be by.
fn entries(event: EventKind) -> Vec<Goal> {
    match texts_of(event, Field::By) {
        Some(all) => all.iter().map(|by| Goal::Log(event, Some(*by))).collect(),
        None => vec![Goal::Log(event, None)],
    }
}

vocabulary! {
    /// A fault, without how much of it.
    pub enum FaultGoal {
        /// [`Fault::PowerCut`].
        PowerCut => "power_cut",
        /// [`MotorFault::Jammed`].
        MotorJammed => "motor jammed",
        /// [`MotorFault::Slow`].
        MotorSlow => "motor slow",
        /// [`MotorFault::OpenCircuit`].
        MotorOpen => "motor open_circuit",
        /// [`Fault::Battery`].
        Battery => "battery",
        /// [`RtcFault::Stopped`].
        RtcStopped => "rtc stopped",
        /// [`RtcFault::NoAck`].
        RtcNoAck => "rtc no_ack",
        /// [`RtcFault::DriftPpm`].
        RtcDrift => "rtc drift_ppm",
        /// [`RtcFault::Jump`].
        RtcJump => "rtc jump",
        /// [`RtcFault::WrongRead`].
        RtcWrongRead => "rtc wrong_read",
        /// [`Fault::BackupCell`].
        BackupCell => "backup_cell",
        /// [`KeyFault::Stuck`].
        KeyStuck => "key stuck",
        /// [`KeyFault::BounceMs`].
        KeyBounce => "key bounce_ms",
        /// [`KeyFault::Dead`].
        KeyDead => "key dead",
        /// [`KeyFault::Ghost`].
        KeyGhost => "key ghost",
        /// [`FlashFault::FlipBits`].
        FlashFlipBits => "flash flip_bits",
        /// [`FlashFault::WornSector`].
        FlashWornSector => "flash worn_sector",
        /// [`FlashFault::WriteError`].
        FlashWriteError => "flash write_error",
        /// [`LedFault::Dead`].
        LedDead => "led dead",
    }
}

impl From<Fault> for FaultGoal {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::PowerCut(_) => Self::PowerCut,
            Fault::Motor(MotorFault::Jammed) => Self::MotorJammed,
            Fault::Motor(MotorFault::Slow) => Self::MotorSlow,
            Fault::Motor(MotorFault::OpenCircuit) => Self::MotorOpen,
            Fault::Battery(_) => Self::Battery,
            Fault::Rtc(RtcFault::Stopped) => Self::RtcStopped,
            Fault::Rtc(RtcFault::NoAck) => Self::RtcNoAck,
            Fault::Rtc(RtcFault::DriftPpm(_)) => Self::RtcDrift,
            Fault::Rtc(RtcFault::Jump(_)) => Self::RtcJump,
            Fault::Rtc(RtcFault::WrongRead) => Self::RtcWrongRead,
            Fault::BackupCell(_) => Self::BackupCell,
            Fault::Key(KeyFault::Stuck(_)) => Self::KeyStuck,
            Fault::Key(KeyFault::BounceMs(_)) => Self::KeyBounce,
            Fault::Key(KeyFault::Dead(_)) => Self::KeyDead,
            Fault::Key(KeyFault::Ghost(_)) => Self::KeyGhost,
            Fault::Flash(FlashFault::FlipBits(_)) => Self::FlashFlipBits,
            Fault::Flash(FlashFault::WornSector(_)) => Self::FlashWornSector,
            Fault::Flash(FlashFault::WriteError) => Self::FlashWriteError,
            Fault::Led(LedFault::Dead(_)) => Self::LedDead,
        }
    }
}

/// One thing that a walk came by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Feature {
    /// A goal.
    Goal(Goal),
    /// The lock stood so.
    State([&'static str; 4]),
    /// From the one to the other.
    Transition([&'static str; 4], [&'static str; 4]),
}

/// Everything that some walks came by.
#[derive(Clone, Debug, Default)]
pub struct Coverage(BTreeSet<Feature>);

impl Coverage {
    /// Takes in what has happened since event `first`, and how the lock stood before. Tells how it stands now.
    pub(super) fn look(
        &mut self,
        stage: &Stage,
        first: usize,
        before: [&'static str; 4],
    ) -> [&'static str; 4] {
        for event in stage.world.trace().since(first) {
            match &event.kind {
                TraceKind::Audit(entry) => self.log(entry),
                TraceKind::Signal(group) => {
                    if let Some(signal) = group.signal {
                        self.goal(Goal::Signal(signal));
                    }
                }
                TraceKind::Fault {
                    fault,
                    state: FaultState::Fired,
                } => self.goal(Goal::Fault((*fault).into())),
                _ => {}
            }
        }
        let now = stage.monitor.standing(stage.world.now());
        self.0.insert(Feature::State(now));
        if now != before {
            self.0.insert(Feature::Transition(before, now));
        }
        now
    }

    /// Takes in the functions that were answered `saved`.
    pub(super) fn functions(&mut self, monitor: &Monitor) {
        for function in monitor.functions() {
            self.goal(Goal::Function(function));
        }
    }

    fn goal(&mut self, goal: Goal) {
        self.0.insert(Feature::Goal(goal));
    }

    fn log(&mut self, entry: &AuditEntry) {
        let by = match &entry.event {
            Event::Unlocked(opener) => Some(opener.kind().as_str()),
            Event::Locked(cause) => Some(cause.as_str()),
            _ => None,
        };
        self.goal(Goal::Log(entry.event.kind(), by));
        if let Event::Denied { reason, .. } = entry.event {
            self.goal(Goal::Denial(reason));
        }
    }

    /// Adds another's. Whether anything of it is new.
    pub(super) fn merge(&mut self, other: Self) -> bool {
        let before = self.0.len();
        self.0.extend(other.0);
        self.0.len() > before
    }

    /// Of a kind of goals, those that were come by and those that never were.
    #[must_use]
    pub fn goals(&self, kind: GoalKind) -> (Vec<Goal>, Vec<Goal>) {
        let goals = kind.goals().into_iter();
        goals.partition(|goal| self.0.contains(&Feature::Goal(*goal)))
    }

    /// How many states, and ways from one to another.
    #[must_use]
    pub fn states(&self) -> (usize, usize) {
        let states = self
            .0
            .iter()
            .filter(|feature| matches!(feature, Feature::State(_)));
        let ways = self
            .0
            .iter()
            .filter(|feature| matches!(feature, Feature::Transition(..)));
        (states.count(), ways.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_of_the_log_are_what_the_lock_writes() {
        let goals = GoalKind::Log.goals();
        for (line, goal) in [
            ("1 boot1+0s boot", "boot"),
            ("1 boot1+0s locked by=auto", "locked auto"),
            (
                "1 boot1+0s unlocked by=local_code id=3",
                "unlocked local_code",
            ),
            ("1 boot1+0s denied reason=unknown", "denied"),
        ] {
            let mut coverage = Coverage::default();
            coverage.log(&line.parse().expect(line));
            let (come_by, never) = coverage.goals(GoalKind::Log);
            assert!(come_by.iter().map(Goal::to_string).eq([goal]), "{line}");
            assert_eq!(never.len(), goals.len() - 1);
        }
    }
}
