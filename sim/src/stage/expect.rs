//! Whether an expectation holds, and what there is instead: a function of what was observed, of the trace and of the
//! owner's book.

use std::fmt::Display;
use std::time::Duration;

use firmware_core::audit::Field;
use firmware_core::civil::UtcTime;
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::devices::{BoltState, Colour, MotorState};
use crate::fault::FaultName;
use crate::moment::Moment;
use crate::owner::Book;
use crate::recognise::{Group, Signal};
use crate::scenario::model::expect::{Clock, Entry, Expect, Fields, Id, Never, To};
use crate::scenario::model::keys::Flashes;
use crate::scenario::span::Spanned;
use crate::time::{Lapse, Time};
use crate::trace::{AuditEntry, FaultState, Trace, TraceEvent, TraceKind};
use crate::world::LockClock;
use crate::zones::Zone;

/// How far the clock may be off where an expectation doesn't say.
const TOLERANCE: Lapse = Lapse::from_micros(1_000_000);

/// What an expectation looks at.
pub struct Observation<'a> {
    /// All that has happened.
    pub trace: &'a Trace,
    /// The number of the window's first event.
    pub window: usize,
    /// The bolt and the motor as the window began.
    pub before: (BoltState, MotorState),
    /// The bolt now.
    pub bolt: BoltState,
    /// The motor now.
    pub motor: MotorState,
    /// Flashes or beeps have begun that aren't complete.
    pub signalling: bool,
    /// What the lock's clock says, asked only where that is expected.
    pub clock: &'a dyn Fn() -> LockClock,
    /// Whom the names in patterns belong to.
    pub book: &'a Book,
    /// Where the lock hangs.
    pub zone: &'a Zone,
}

/// One key of an expectation that did not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    /// Which.
    pub key: &'static str,
    /// As the file has it.
    pub expected: String,
    /// What there was instead.
    pub seen: String,
}

/// What became of an expectation at one instant.
#[derive(Default)]
pub struct Verdict {
    /// Every key that doesn't hold.
    pub mismatches: Vec<Mismatch>,
    /// No time that passes makes it good.
    pub hopeless: bool,
    /// The clock will agree after so long, without anything happening.
    pub due: Option<Duration>,
}

impl Verdict {
    /// Notes a key that doesn't hold; only then `expected` and `seen` are put into words.
    fn compare<E: Display, S: Display>(
        &mut self,
        key: &'static str,
        holds: bool,
        expected: impl FnOnce() -> E,
        seen: impl FnOnce() -> S,
    ) {
        if !holds {
            let (expected, seen) = (expected().to_string(), seen().to_string());
            self.mismatches.push(Mismatch {
                key,
                expected,
                seen,
            });
        }
    }
}

impl Observation<'_> {
    /// Judges every key of an expectation. A key that isn't judged doesn't compile.
    #[must_use]
    pub fn evaluate(&self, expect: &Expect) -> Verdict {
        let Expect {
            signal,
            bolt,
            leds,
            beeps,
            motor,
            log,
            log_has,
            clock,
            clock_tolerance,
            never,
            fault_fired,
            // How long to wait for all this is up to who waits.
            within: _,
        } = expect;
        let mut verdict = Verdict::default();
        if let Some(bolt) = bolt {
            let holds = *bolt == self.bolt;
            verdict.compare("bolt", holds, || name(bolt), || name(&self.bolt));
        }
        if let Some(motor) = motor {
            let holds = *motor == self.motor;
            verdict.compare("motor", holds, || name(motor), || name(&self.motor));
        }
        if let Some(signal) = signal {
            self.signal(*signal, &mut verdict);
        }
        if let Some(leds) = leds {
            self.leds(leds, &mut verdict);
        }
        if let Some(beeps) = beeps {
            self.beeps(*beeps, &mut verdict);
        }
        if let Some(log) = log {
            self.log(log, &mut verdict);
        }
        if let Some(entries) = log_has {
            self.log_has(&entries.0, &mut verdict);
        }
        if let Some(clock) = clock {
            let tolerance = clock_tolerance.as_ref().map(|lapse| lapse.value);
            self.clock(clock.value, tolerance, &mut verdict);
        }
        if let Some(never) = never {
            self.never(never, &mut verdict);
        }
        for fault in fault_fired.iter().flat_map(|faults| &faults.0) {
            let holds = self.has_fired(*fault);
            verdict.compare("fault_fired", holds, || fault, || self.fired());
        }
        verdict
    }

    fn events(&self) -> impl Iterator<Item = &TraceEvent> {
        self.trace.since(self.window)
    }

    fn groups(&self) -> impl Iterator<Item = &Group> {
        self.events().filter_map(|event| match &event.kind {
            TraceKind::Signal(group) => Some(group),
            _ => None,
        })
    }

    /// What follows a list that isn't complete.
    fn more(&self) -> &'static str {
        if self.signalling {
            ", and more to come"
        } else {
            ""
        }
    }

    fn signal(&self, expected: Signal, verdict: &mut Verdict) {
        let holds = self.groups().any(|group| group.signal == Some(expected));
        let words = |group: &Group| {
            group.signal.map_or_else(
                || format!("[{}]", flashes(&group.leds)),
                |signal| signal.to_string(),
            )
        };
        let seen = || list(self.groups().map(words)) + self.more();
        verdict.compare("signal", holds, || expected, seen);
    }

    fn leds(&self, expected: &Flashes, verdict: &mut Verdict) {
        let leds = self.groups().flat_map(|group| group.leds.iter().copied());
        let seen: Vec<_> = leds.collect();
        let holds = !self.signalling && seen == expected.0;
        let seen = || flashes(&seen) + self.more();
        verdict.compare("leds", holds, || expected, seen);
    }

    fn beeps(&self, expected: u32, verdict: &mut Verdict) {
        let seen: u32 = self.groups().map(|group| group.beeps).sum();
        let holds = !self.signalling && seen == expected;
        let seen = || format!("{seen}{}", self.more());
        verdict.compare("beeps", holds, || expected, seen);
    }

    fn log(&self, expected: &[Entry], verdict: &mut Verdict) {
        let seen = entries(self.events());
        let mut pairs = expected.iter().zip(&seen);
        let holds =
            seen.len() == expected.len() && pairs.all(|(entry, seen)| self.matches(entry, seen));
        let lines = || list(seen.iter().map(|entry| line(entry)));
        verdict.compare("log", holds, || self.patterns(expected), lines);
    }

    fn log_has(&self, expected: &[Entry], verdict: &mut Verdict) {
        let seen = entries(self.trace.iter());
        let missing = |entry: &&Entry| !seen.iter().any(|seen| self.matches(entry, seen));
        for entry in expected.iter().filter(missing) {
            let alike = seen
                .iter()
                .filter(|seen| seen.event.kind() == entry.0.event.0);
            let seen = list(alike.map(|entry| line(entry)));
            verdict.compare("log_has", false, || self.pattern(entry), || seen);
        }
    }

    fn matches(&self, entry: &Entry, seen: &AuditEntry) -> bool {
        seen.event.kind() == entry.0.event.0
            && self
                .fields(&entry.0)
                .iter()
                .all(|(name, expected)| seen.field(*name).is_some_and(|value| value == *expected))
    }

    /// The fields that a pattern names, as the log writes them.
    fn fields(&self, fields: &Fields) -> Vec<(Field, String)> {
        let Fields {
            event: _,
            by,
            id,
            reason,
            count,
            minutes,
            name,
            from,
            to,
        } = fields;
        let time = |moment| self.instant(moment).to_string();
        let id = id.as_ref().map(|id| match &id.value {
            Id::Slot(slot) => slot.to_string(),
            Id::Bound(name) => self.book.id(name),
        });
        let from = from.as_ref().map(|from| match from.value {
            Clock::Untrusted => "untrusted".to_owned(),
            Clock::Says(moment) => time(moment),
        });
        let to = to.as_ref().map(|to| match to.value {
            To::Generation(generation) => generation.to_string(),
            To::Time(moment) => time(moment),
        });
        let all = [
            (Field::By, written(by.as_ref())),
            (Field::Id, id),
            (Field::Reason, written(reason.as_ref())),
            (Field::Count, written(count.as_ref())),
            (Field::Minutes, written(minutes.as_ref())),
            (Field::Name, name.as_ref().map(|name| name.value.clone())),
            (Field::From, from),
            (Field::To, to),
        ];
        all.into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }

    fn patterns(&self, entries: &[Entry]) -> String {
        list(entries.iter().map(|entry| self.pattern(entry)))
    }

    fn pattern(&self, entry: &Entry) -> String {
        let fields = self.fields(&entry.0);
        let words = fields
            .iter()
            .map(|(name, value)| format!(" {name}={value}"));
        words.fold(entry.0.event.to_string(), |line, word| line + &word)
    }

    fn instant(&self, moment: Moment) -> UtcTime {
        let stamp = match moment {
            Moment::Exact(stamp) => Some(stamp),
            Moment::Civil(civil) => self.zone.instants(civil).first(),
        };
        UtcTime(stamp.map_or(i64::MIN, Timestamp::as_second))
    }

    fn clock(&self, expected: Clock, tolerance: Option<Lapse>, verdict: &mut Verdict) {
        let says = (self.clock)();
        let seen = || match &says {
            LockClock::Says(civil) => civil.to_string(),
            LockClock::Untrusted(why) => format!("untrusted ({why})"),
            LockClock::Silent => "nothing, for it has no power".to_owned(),
        };
        let mut agrees = false;
        match (expected, &says) {
            (Clock::Untrusted, says) => agrees = matches!(says, LockClock::Untrusted(_)),
            (Clock::Says(moment), LockClock::Says(civil)) => {
                let tolerance = SignedDuration::from_micros(
                    tolerance.unwrap_or(TOLERANCE).micros().cast_signed(),
                );
                let behind = self.wall(moment).duration_since(*civil);
                agrees = behind.abs() <= tolerance;
                verdict.due = Duration::try_from(behind - tolerance)
                    .ok()
                    .filter(|due| !due.is_zero());
            }
            _ => {}
        }
        verdict.compare("clock", agrees, || expected, seen);
    }

    /// What a clock on the wall beside the lock shows at a moment.
    fn wall(&self, moment: Moment) -> DateTime {
        match moment {
            Moment::Civil(civil) => civil,
            Moment::Exact(stamp) => self.zone.at(stamp).datetime(),
        }
    }

    fn never(&self, never: &Never, verdict: &mut Verdict) {
        let Never {
            bolt,
            signal,
            motor,
        } = *never;
        let mut broken = Vec::new();
        let bolts = self.events().filter_map(|event| match event.kind {
            TraceKind::Bolt { state } => Some((event.at, state)),
            _ => None,
        });
        let motors = self.events().filter_map(|event| match event.kind {
            TraceKind::Motor { state } => Some((event.at, state)),
            _ => None,
        });
        if let Some(bolt) = bolt
            && (self.before.0 == bolt || held(bolt, &bolts.collect::<Vec<_>>()))
        {
            broken.push(format!("bolt {}", name(&bolt)));
        }
        if let Some(motor) = motor
            && (self.before.1 == motor || held(motor, &motors.collect::<Vec<_>>()))
        {
            broken.push(format!("motor {}", name(&motor)));
        }
        if let Some(signal) = signal
            && self.groups().any(|group| group.signal == Some(signal))
        {
            broken.push(format!("signal {signal}"));
        }
        verdict.hopeless |= !broken.is_empty();
        for seen in broken {
            verdict.compare("never", false, || seen, || "it was so in the window");
        }
    }

    fn has_fired(&self, name: FaultName) -> bool {
        self.trace.iter().any(|event| fires(event) == Some(name))
    }

    fn fired(&self) -> String {
        list(
            self.trace
                .iter()
                .filter_map(fires)
                .map(|name| name.to_string()),
        )
    }
}

/// Whether a state lasted any time at all. One that another followed at the same instant was never to be seen.
fn held<S: Copy + PartialEq>(wanted: S, entered: &[(Time, S)]) -> bool {
    let left = entered
        .iter()
        .skip(1)
        .map(|(at, _)| Some(*at))
        .chain([None]);
    let mut stays = entered.iter().zip(left);
    stays.any(|((at, state), left)| *state == wanted && left.is_none_or(|left| left > *at))
}

fn fires(event: &TraceEvent) -> Option<FaultName> {
    match &event.kind {
        TraceKind::Fault {
            fault,
            state: FaultState::Fired,
        } => Some(fault.name()),
        _ => None,
    }
}

/// The audit entries among some events. One that was amended stands in its latest form, where it first stood.
pub fn entries<'a>(events: impl Iterator<Item = &'a TraceEvent>) -> Vec<&'a AuditEntry> {
    let mut entries: Vec<&AuditEntry> = Vec::new();
    for event in events {
        let TraceKind::Audit(entry) = &event.kind else {
            continue;
        };
        match entries.iter_mut().rev().find(|known| amends(entry, known)) {
            Some(known) => *known = entry,
            None => entries.push(entry),
        }
    }
    entries
}

/// Only runs of short entries are ever amended, by a higher count.
fn amends(entry: &AuditEntry, known: &AuditEntry) -> bool {
    let counts = |entry: &AuditEntry| entry.field(Field::Count).is_some();
    entry.sequence == known.sequence && counts(entry) && counts(known)
}

/// An audit entry as a person reads it.
#[must_use]
pub fn line(entry: &AuditEntry) -> String {
    let fields = entry.fields().into_iter();
    fields.fold(entry.event.kind().to_string(), |line, (name, value)| {
        format!("{line} {name}={value}")
    })
}

fn written<T: Display>(field: Option<&Spanned<T>>) -> Option<String> {
    field.map(|field| field.value.to_string())
}

fn flashes(leds: &[Colour]) -> String {
    if leds.is_empty() {
        return "none".to_owned();
    }
    let words: Vec<_> = leds.iter().map(|colour| colour.as_str()).collect();
    words.join(" ")
}

fn list(words: impl Iterator<Item = String>) -> String {
    let words: Vec<_> = words.collect();
    if words.is_empty() {
        "nothing".to_owned()
    } else {
        words.join(", ")
    }
}

/// A name as files have it, of an enum that knows it for serde alone.
fn name(value: &impl Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn audit(line: &str) -> TraceEvent {
        TraceEvent {
            at: Time::START,
            kind: TraceKind::Audit(line.parse().expect(line)),
        }
    }

    #[test]
    fn a_run_of_short_entries_stands_in_its_latest_form() {
        let events = [
            audit("1 boot1+5s denied reason=too_short count=1"),
            audit("1 boot1+5s denied reason=too_short count=2"),
            audit("2 2026-01-01T00:00:00Z boot"),
            audit("3 boot1+5s denied reason=too_short count=1"),
        ];
        let lines: Vec<_> = entries(events.iter()).into_iter().map(line).collect();
        assert_eq!(
            lines,
            [
                "denied count=2 reason=too_short",
                "boot",
                "denied count=1 reason=too_short"
            ]
        );
    }

    #[test]
    fn a_state_counts_that_lasted() {
        let at = Time::from_millis;
        let entered = [
            (at(1), MotorState::Running),
            (at(2), MotorState::Stalled),
            (at(2), MotorState::Idle),
        ];
        assert!(held(MotorState::Running, &entered));
        assert!(!held(MotorState::Stalled, &entered));
        assert!(held(MotorState::Idle, &entered));
    }
}
