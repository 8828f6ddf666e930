//! A bolt, the motor that moves it, the H-bridge that drives the motor, two end switches, and a stall comparator.
//!
//! The bolt travels from end to end in 400 ms. A switch closes when the bolt reaches its end and opens again 5 ms after
//! it has left. A motor that is driven and can't move draws its stall current; the comparator, which has to ignore the
//! motor's start, trips after 20 ms of that.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Defects, Level};
use crate::fault::MotorFault;
use crate::time::{Time, earliest};

/// What a turning motor draws, in milliamperes.
pub const RUNNING_CURRENT: u16 = 500;
/// What a motor draws that is held fast, and each motor at its start, in milliamperes.
pub const STALL_CURRENT: u16 = 1_500;
/// From the stall to the comparator.
pub const COMPARATOR_DELAY: Duration = Duration::from_millis(20);

/// The way from the thrown end (0) to the withdrawn one. A unit is a third of what a sound motor does in a microsecond.
const TRAVEL: u64 = 1_200_000;
/// A switch stays closed so near its end.
const SWITCH_PLAY: u64 = 15_000;
/// Units a microsecond.
const SPEED: u64 = 3;
const SLOW_SPEED: u64 = 1;

/// Where the bolt really is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum BoltState {
    /// At the thrown end.
    Locked,
    /// At the withdrawn end.
    Unlocked,
    /// On its way.
    Moving,
    /// Between its ends, at rest.
    Unknown,
}

/// What the motor does.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum MotorState {
    /// No current.
    Idle,
    /// It turns.
    Running,
    /// It is driven and held fast.
    Stalled,
}

/// How the bridge drives the motor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Drive {
    /// Not at all.
    #[default]
    Off,
    /// Towards the thrown end.
    Throw,
    /// Towards the withdrawn end.
    Withdraw,
    /// Both ways at once, which shorts the supply on a bridge that doesn't guard itself; this one brakes.
    Both,
}

impl Drive {
    /// What the two bridge inputs together mean.
    #[must_use]
    pub const fn of(throw: Level, withdraw: Level) -> Self {
        match (throw, withdraw) {
            (Level::Low, Level::Low) => Self::Off,
            (Level::High, Level::Low) => Self::Throw,
            (Level::Low, Level::High) => Self::Withdraw,
            (Level::High, Level::High) => Self::Both,
        }
    }
}

/// The mechanism.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Bolt {
    /// 0 to `TRAVEL`, as of `since`.
    position: u64,
    since: Time,
    drive: Drive,
    stalled_since: Option<Time>,
    thrown: bool,
    withdrawn: bool,
    defects: Defects<MotorFault>,
}

impl Default for Bolt {
    /// Thrown, at rest.
    fn default() -> Self {
        Self {
            position: 0,
            since: Time::START,
            drive: Drive::Off,
            stalled_since: None,
            thrown: true,
            withdrawn: false,
            defects: Defects::default(),
        }
    }
}

impl Bolt {
    /// The bridge drives so from `now` on.
    pub fn drive(&mut self, drive: Drive, now: Time) {
        self.advance(now);
        self.drive = drive;
        self.stalled_since = None;
        self.settle();
    }

    /// Where the bolt is.
    #[must_use]
    pub fn state(&self) -> BoltState {
        match (self.is_moving(), self.thrown, self.withdrawn) {
            (true, ..) => BoltState::Moving,
            (false, true, _) => BoltState::Locked,
            (false, false, true) => BoltState::Unlocked,
            (false, false, false) => BoltState::Unknown,
        }
    }

    /// How far it is withdrawn: 0 at the thrown end, 1 at the other.
    #[must_use]
    pub fn travel(&self) -> f64 {
        self.position as f64 / TRAVEL as f64
    }

    /// What the motor does.
    #[must_use]
    pub fn motor(&self) -> MotorState {
        match self.direction() {
            None => MotorState::Idle,
            Some(_) if self.is_moving() => MotorState::Running,
            Some(_) => MotorState::Stalled,
        }
    }

    /// What the motor draws, in milliamperes.
    #[must_use]
    pub fn current(&self) -> u16 {
        match self.motor() {
            MotorState::Idle => 0,
            MotorState::Running => RUNNING_CURRENT,
            MotorState::Stalled => STALL_CURRENT,
        }
    }

    /// The level of the thrown end's switch.
    #[must_use]
    pub fn thrown(&self) -> Level {
        Level::high_if(!self.thrown)
    }

    /// The level of the withdrawn end's switch.
    #[must_use]
    pub fn withdrawn(&self) -> Level {
        Level::high_if(!self.withdrawn)
    }

    /// The level of the comparator.
    #[must_use]
    pub fn stall(&self) -> Level {
        Level::high_if(
            self.stalled_since
                .is_some_and(|since| self.since - since >= COMPARATOR_DELAY),
        )
    }

    /// When a switch or the comparator changes next by itself.
    #[must_use]
    pub fn next(&self) -> Option<Time> {
        let trip = self
            .stalled_since
            .map(|since| since + COMPARATOR_DELAY)
            .filter(|trip| *trip > self.since);
        earliest([trip, self.next_mark()])
    }

    /// Lets time pass until `now`.
    pub fn advance(&mut self, now: Time) {
        let way = u64::try_from((now - self.since).as_micros())
            .unwrap_or(u64::MAX)
            .saturating_mul(self.speed());
        if self.is_moving() {
            self.position = match self.direction() {
                Some(End::Thrown) => self.position.saturating_sub(way),
                Some(End::Withdrawn) => self.position.saturating_add(way).min(TRAVEL),
                None => self.position,
            };
        }
        self.since = now.max(self.since);
        self.settle();
    }

    /// Breaks it from `now` on; one fault at a time.
    pub fn inject(&mut self, fault: MotorFault, now: Time) {
        self.advance(now);
        self.defects.replace(fault);
        self.stalled_since = None;
        self.settle();
    }

    /// Mends it from `now` on.
    pub fn repair(&mut self, now: Time) {
        self.advance(now);
        self.defects.clear();
        self.stalled_since = None;
        self.settle();
    }

    /// Whether [`Self::take_felt`] has anything to tell.
    #[must_use]
    pub fn has_felt(&self) -> bool {
        self.defects.has_felt()
    }

    /// The faults that were felt for the first time since the last call.
    pub fn take_felt(&mut self) -> Vec<MotorFault> {
        self.defects.take_felt()
    }

    /// What follows from position and drive.
    fn settle(&mut self) {
        self.thrown = self.position == 0 || self.thrown && self.position < SWITCH_PLAY;
        self.withdrawn =
            self.position == TRAVEL || self.withdrawn && self.position > TRAVEL - SWITCH_PLAY;
        if matches!(self.drive, Drive::Throw | Drive::Withdraw) {
            self.defects.feel(|_| true);
        }
        if self.motor() == MotorState::Stalled {
            self.stalled_since.get_or_insert(self.since);
        }
    }

    /// Towards which end current flows.
    fn direction(&self) -> Option<End> {
        match self.drive {
            _ if self.defects.has(MotorFault::OpenCircuit) => None,
            Drive::Throw => Some(End::Thrown),
            Drive::Withdraw => Some(End::Withdrawn),
            Drive::Off | Drive::Both => None,
        }
    }

    fn is_moving(&self) -> bool {
        let is_free = match self.direction() {
            None => false,
            Some(End::Thrown) => self.position > 0,
            Some(End::Withdrawn) => self.position < TRAVEL,
        };
        is_free && !self.defects.has(MotorFault::Jammed)
    }

    fn speed(&self) -> u64 {
        if self.defects.has(MotorFault::Slow) {
            SLOW_SPEED
        } else {
            SPEED
        }
    }

    /// When the bolt passes the next place at which a switch changes.
    fn next_mark(&self) -> Option<Time> {
        if !self.is_moving() {
            return None;
        }
        let far = match self.direction()? {
            End::Thrown => TRAVEL - self.position,
            End::Withdrawn => self.position,
        };
        let left = if far < SWITCH_PLAY {
            SWITCH_PLAY - far
        } else {
            TRAVEL - far
        };
        Some(self.since + Duration::from_micros(left.div_ceil(self.speed())))
    }
}

#[derive(Clone, Copy)]
enum End {
    Thrown,
    Withdrawn,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every change of state and wires until nothing changes any more, as `ms bolt motor thrown withdrawn stall`.
    fn run(bolt: &mut Bolt) -> Vec<String> {
        let mut seen = Vec::new();
        while let Some(next) = bolt.next() {
            bolt.advance(next);
            seen.push(line(bolt, next));
        }
        seen
    }

    fn line(bolt: &Bolt, now: Time) -> String {
        let wires =
            [bolt.thrown(), bolt.withdrawn(), bolt.stall()].map(|level| u8::from(level.is_high()));
        format!(
            "{} {:?} {:?} {wires:?}",
            now.micros() / 1_000,
            bolt.state(),
            bolt.motor()
        )
    }

    fn bolt(fault: Option<MotorFault>) -> Bolt {
        let mut bolt = Bolt::default();
        if let Some(fault) = fault {
            bolt.inject(fault, Time::START);
        }
        bolt.drive(Drive::Withdraw, Time::START);
        bolt
    }

    #[test]
    fn a_stroke_takes_400_ms_and_stalls_at_its_end() {
        let mut bolt = bolt(None);
        assert_eq!(line(&bolt, Time::START), "0 Moving Running [0, 1, 0]");
        assert_eq!(
            run(&mut bolt),
            [
                "5 Moving Running [1, 1, 0]",
                "400 Unlocked Stalled [1, 0, 0]",
                "420 Unlocked Stalled [1, 0, 1]"
            ]
        );
        bolt.drive(Drive::Off, Time::from_millis(430));
        assert_eq!(
            line(&bolt, Time::from_millis(430)),
            "430 Unlocked Idle [1, 0, 0]"
        );
        bolt.drive(Drive::Throw, Time::from_millis(500));
        assert_eq!(run(&mut bolt)[1], "900 Locked Stalled [0, 1, 0]");
    }

    #[test]
    fn faults_show_in_travel_and_current() {
        assert_eq!(
            run(&mut bolt(Some(MotorFault::Jammed))),
            ["20 Locked Stalled [0, 1, 1]"]
        );
        assert_eq!(
            run(&mut bolt(Some(MotorFault::Slow)))[1],
            "1200 Unlocked Stalled [1, 0, 0]"
        );
        let mut open = bolt(Some(MotorFault::OpenCircuit));
        assert!(run(&mut open).is_empty());
        assert_eq!((open.motor(), open.current()), (MotorState::Idle, 0));
        assert_eq!(open.take_felt(), [MotorFault::OpenCircuit]);
    }

    #[test]
    fn a_bolt_can_be_left_between_its_ends() {
        let mut bolt = bolt(None);
        bolt.drive(Drive::Off, Time::from_millis(100));
        assert_eq!(
            line(&bolt, Time::from_millis(100)),
            "100 Unknown Idle [1, 1, 0]"
        );
        bolt.drive(Drive::Throw, Time::from_millis(150));
        assert_eq!(run(&mut bolt)[0], "250 Locked Stalled [0, 1, 0]");
    }

    #[test]
    fn a_jam_catches_a_bolt_on_its_way() {
        let mut bolt = bolt(None);
        bolt.inject(MotorFault::Jammed, Time::from_millis(200));
        assert_eq!(run(&mut bolt), ["220 Unknown Stalled [1, 1, 1]"]);
        bolt.repair(Time::from_millis(300));
        assert_eq!(run(&mut bolt)[0], "500 Unlocked Stalled [1, 0, 0]");
    }

    #[test]
    fn both_inputs_brake() {
        let mut bolt = bolt(None);
        bolt.drive(Drive::Both, Time::from_millis(100));
        assert_eq!(bolt.motor(), MotorState::Idle);
        assert_eq!(bolt.next(), None);
    }
}
