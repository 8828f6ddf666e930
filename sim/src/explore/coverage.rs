//! What walks have come by: answers, reasons, functions, faults, and how the lock stood from one to the next.

use std::collections::BTreeSet;

use firmware_core::audit::Event;

use crate::fault::{Fault, FlashFault, KeyFault, LedFault, MotorFault, RtcFault};
use crate::monitor::Monitor;
use crate::stage::Stage;
use crate::trace::{AuditEntry, FaultState, TraceKind};

/// What there is to come by, by kind; also the names in reports.
pub const GOALS: &[(&str, &[&str])] = &[
    (
        "denial reasons",
        &[
            "unknown",
            "too_short",
            "too_early",
            "expired",
            "blocked",
            "disabled",
            "too_long",
            "variant",
            "first_use_missed",
            "clock_untrusted",
            "table_full",
            "bad_argument",
        ],
    ),
    (
        "signals",
        &[
            "granted",
            "saved",
            "denied",
            "step",
            "locked_out",
            "battery_low",
            "battery_critical",
            "jammed",
        ],
    ),
    (
        "functions",
        &[
            "100", "110", "111", "120", "121", "127", "128", "129", "130", "140", "150", "151",
            "160", "161",
        ],
    ),
    (
        "faults",
        &[
            "power_cut",
            "motor jammed",
            "motor slow",
            "motor open_circuit",
            "battery",
            "rtc stopped",
            "rtc no_ack",
            "rtc drift_ppm",
            "rtc jump",
            "rtc wrong_read",
            "backup_cell",
            "key stuck",
            "key bounce_ms",
            "key dead",
            "key ghost",
            "flash flip_bits",
            "flash worn_sector",
            "flash write_error",
            "led dead",
        ],
    ),
    (
        "log",
        &[
            "boot",
            "unlocked smartpin",
            "unlocked custom_pin",
            "unlocked local_code",
            "locked enter",
            "locked auto",
            "locked boot",
            "denied",
            "locked_out",
            "custom_pin_saved",
            "custom_pin_refused",
            "smartpin_blocked",
            "smartpin_unblocked",
            "generation_raised",
            "setting_changed",
            "local_code_set",
            "local_code_deleted",
            "programming_code_changed",
            "clock_set",
            "clock_untrusted",
            "battery_low",
            "battery_critical",
            "jammed",
            "factory_reset",
            "store_repaired",
        ],
    ),
];

/// One thing that a walk came by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    /// Of a kind of [`GOALS`].
    Goal(usize, String),
    /// The lock stood so.
    State([&'static str; 4]),
    /// From the one to the other.
    Transition([&'static str; 4], [&'static str; 4]),
}

const REASONS: usize = 0;
const SIGNALS: usize = 1;
const FUNCTIONS: usize = 2;
const FAULTS: usize = 3;
const LOG: usize = 4;

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
                        self.goal(SIGNALS, signal.as_str());
                    }
                }
                TraceKind::Fault {
                    fault,
                    state: FaultState::Fired,
                } => self.goal(FAULTS, fault_name(*fault)),
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
            self.goal(FUNCTIONS, function.to_string());
        }
    }

    fn goal(&mut self, kind: usize, name: impl Into<String>) {
        self.0.insert(Feature::Goal(kind, name.into()));
    }

    fn log(&mut self, entry: &AuditEntry) {
        let kind = entry.event.kind();
        let name = match entry.event {
            Event::Unlocked(opener) => format!("{kind} {}", opener.kind()),
            Event::Locked(cause) => format!("{kind} {cause}"),
            _ => kind.to_string(),
        };
        self.goal(LOG, name);
        if let Event::Denied { reason, .. } = entry.event {
            self.goal(REASONS, reason.as_str());
        }
    }

    /// Adds another's. Whether anything of it is new.
    pub(super) fn merge(&mut self, other: Self) -> bool {
        let before = self.0.len();
        self.0.extend(other.0);
        self.0.len() > before
    }

    /// Of a kind of [`GOALS`], what was come by and what never was.
    #[must_use]
    pub fn goals(&self, kind: usize) -> (Vec<&'static str>, Vec<&'static str>) {
        let names = GOALS.get(kind).map_or(&[][..], |(_, names)| *names);
        names
            .iter()
            .partition(|name| self.0.contains(&Feature::Goal(kind, (**name).to_owned())))
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

fn fault_name(fault: Fault) -> &'static str {
    match fault {
        Fault::PowerCut(_) => "power_cut",
        Fault::Motor(MotorFault::Jammed) => "motor jammed",
        Fault::Motor(MotorFault::Slow) => "motor slow",
        Fault::Motor(MotorFault::OpenCircuit) => "motor open_circuit",
        Fault::Battery(_) => "battery",
        Fault::Rtc(RtcFault::Stopped) => "rtc stopped",
        Fault::Rtc(RtcFault::NoAck) => "rtc no_ack",
        Fault::Rtc(RtcFault::DriftPpm(_)) => "rtc drift_ppm",
        Fault::Rtc(RtcFault::Jump(_)) => "rtc jump",
        Fault::Rtc(RtcFault::WrongRead) => "rtc wrong_read",
        Fault::BackupCell(_) => "backup_cell",
        Fault::Key(KeyFault::Stuck(_)) => "key stuck",
        Fault::Key(KeyFault::BounceMs(_)) => "key bounce_ms",
        Fault::Key(KeyFault::Dead(_)) => "key dead",
        Fault::Key(KeyFault::Ghost(_)) => "key ghost",
        Fault::Flash(FlashFault::FlipBits(_)) => "flash flip_bits",
        Fault::Flash(FlashFault::WornSector(_)) => "flash worn_sector",
        Fault::Flash(FlashFault::WriteError) => "flash write_error",
        Fault::Led(LedFault::Dead(_)) => "led dead",
    }
}
