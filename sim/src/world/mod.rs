//! A world: virtual time, devices on a bench, and one device under test.
//!
//! Nothing happens between two events, so time jumps from one to the next. What is due at one instant happens in a fixed
//! order: contacts and mechanism, then the supply, then signals that are complete, then the device under test, once.
//! Each device names its own next deadline; there is no queue of events that could be out of date.

mod bench;
mod dut;
mod native;
mod wiring;

use std::cell::RefCell;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use bench::Bench;
pub use bench::{FLASH_SECTORS, FaultStatus, Secrets};
pub use dut::{Device, DeviceSource, Forks, LockClock, Wake};
pub use native::{InProcess, Native, Setup};
pub use wiring::{Bus, Flash, Input, Output, Wiring};

use crate::devices::{BoltState, Colour, Level, Line, MotorState, NorChip};
use crate::fault::FaultName;
use crate::recognise::Recogniser;
use crate::stimulus::{Power, Stimulus};
use crate::time::{Time, earliest};
use crate::trace::{Trace, TraceKind};

/// What a bench is before it is switched on.
#[derive(Clone, Debug)]
pub struct BenchSetup {
    /// The true time at power-up, to whose second the clock chip is set.
    pub start: Timestamp,
    /// Of everything random.
    pub seed: u64,
    /// Whether the trace tells digits.
    pub secrets: Secrets,
    /// The flash with what it holds.
    pub flash: NorChip,
}

/// Virtual time, a bench, and a device under test on it.
///
/// A clone goes on from the same instant, and the two know nothing of each other.
#[derive(Clone)]
pub struct World<D = Box<dyn Device>> {
    start: Timestamp,
    bench: Bench,
    device: D,
    boots: u32,
    running: Option<Running>,
    recogniser: Recogniser,
    /// Bytes have come that the device hasn't been polled for.
    called: bool,
}

/// A world whose device has no power, to be kept outside of the program. Its trace and what was on its port are gone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Dormant {
    start: Timestamp,
    bench: Bench,
    boots: u32,
}

/// What the world knows of a device that has power.
#[derive(Clone, Copy, Debug)]
struct Running {
    booted: Time,
    wake: Option<Time>,
    /// The inputs when it was polled last.
    inputs: u32,
}

impl<D: Device> World<D> {
    /// Switches a bench on: `device` boots at once.
    pub fn with_device(setup: &BenchSetup, device: D) -> Self {
        let bench = Bench::new(setup);
        let mut world = Self {
            start: setup.start,
            bench,
            device,
            boots: 0,
            running: None,
            recogniser: Recogniser::default(),
            called: false,
        };
        world.settle();
        world
    }

    /// Takes the device's power, and gives what remains.
    #[must_use]
    pub fn into_dormant(mut self) -> Dormant {
        self.apply(Stimulus::Power(Power::Off));
        Dormant {
            start: self.start,
            bench: self.bench,
            boots: self.boots,
        }
    }

    /// A world as it was left, with `device` in it, which has no power.
    #[must_use]
    pub fn from_dormant(dormant: Dormant, device: D) -> Self {
        let mut world = Self {
            start: dormant.start,
            bench: dormant.bench,
            device,
            boots: dormant.boots,
            running: None,
            recogniser: Recogniser::default(),
            called: false,
        };
        world.settle();
        world
    }

    /// The moment.
    #[must_use]
    pub fn now(&self) -> Time {
        self.bench.now
    }

    /// The true time, which no device needs to know.
    #[must_use]
    pub fn utc(&self) -> Timestamp {
        self.utc_at(self.now())
    }

    /// The true time at another moment.
    #[must_use]
    pub fn utc_at(&self, at: Time) -> Timestamp {
        at.utc(self.start)
    }

    /// The moment of a true time; none before the world began.
    #[must_use]
    pub fn time_of(&self, utc: Timestamp) -> Option<Time> {
        let micros = utc
            .as_microsecond()
            .checked_sub(self.start.as_microsecond())?;
        u64::try_from(micros).ok().map(Time::from_micros)
    }

    /// Something happens, now.
    pub fn apply(&mut self, stimulus: Stimulus) {
        self.called |= matches!(stimulus, Stimulus::Port(_));
        self.bench.apply(stimulus);
        self.settle();
    }

    /// When something happens next by itself; none if nothing ever does.
    #[must_use]
    pub fn next_event(&self) -> Option<Time> {
        let wake = self.running.and_then(|running| running.wake);
        earliest([self.bench.next(), wake, self.recogniser.deadline()])
    }

    /// Goes on to the next event, and lets all happen that is due then. False if nothing ever happens by itself.
    pub fn step(&mut self) -> bool {
        let Some(next) = self.next_event() else {
            return false;
        };
        self.jump(next);
        true
    }

    /// Goes on to `next`, before which nothing happens, and lets all happen that is due then.
    fn jump(&mut self, next: Time) {
        self.bench.advance(next);
        if let Some(group) = self.recogniser.update(next) {
            self.bench.tell(TraceKind::Signal(group));
        }
        self.settle();
    }

    /// Lets time pass until `end`, and all happen that is due by then. A time that is over changes nothing.
    pub fn run_until(&mut self, end: Time) {
        while let Some(next) = self.next_event().filter(|next| *next <= end) {
            self.jump(next);
        }
        self.bench.advance(end.max(self.now()));
    }

    /// Lets so much time pass.
    pub fn run_for(&mut self, span: Duration) {
        self.run_until(self.now() + span);
    }

    /// Why nothing more can be expected of the device under test, if that is so.
    #[must_use]
    pub fn lost(&self) -> Option<String> {
        self.device.lost()
    }

    /// Whether the trace tells digits.
    #[must_use]
    pub fn secrets(&self) -> Secrets {
        self.bench.secrets
    }

    /// All that has happened.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.bench.trace
    }

    /// Writes into the trace: a step, an expectation.
    pub fn note(&mut self, kind: TraceKind) {
        self.bench.tell(kind);
    }

    /// Where the bolt really is.
    #[must_use]
    pub fn bolt(&self) -> BoltState {
        self.bench.bolt.state()
    }

    /// How far the bolt is withdrawn: 0 at the thrown end, 1 at the other.
    #[must_use]
    pub fn bolt_travel(&self) -> f64 {
        self.bench.bolt.travel()
    }

    /// What the motor does.
    #[must_use]
    pub fn motor(&self) -> MotorState {
        self.bench.bolt.motor()
    }

    /// What is to be seen of the LED.
    #[must_use]
    pub fn light(&self) -> Option<Colour> {
        self.bench.lamp.light()
    }

    /// Whether the buzzer is to be heard.
    #[must_use]
    pub fn is_sounding(&self) -> bool {
        self.level(Line::Buzzer).is_high()
    }

    /// Whether flashes or beeps have begun that may belong to more.
    #[must_use]
    pub fn is_signalling(&self) -> bool {
        self.recogniser.is_busy()
    }

    /// The level of a wire.
    #[must_use]
    pub fn level(&self, line: Line) -> Level {
        self.bench.level(line)
    }

    /// Whether the device under test has power.
    #[must_use]
    pub fn is_powered(&self) -> bool {
        self.bench.is_powered()
    }

    /// How often the device under test has started.
    #[must_use]
    pub fn boots(&self) -> u32 {
        self.boots
    }

    /// Every fault that was ever injected, in order.
    #[must_use]
    pub fn faults(&self) -> &[FaultStatus] {
        &self.bench.faults
    }

    /// Whether any fault of this name has fired.
    #[must_use]
    pub fn has_fired(&self, name: FaultName) -> bool {
        self.faults()
            .iter()
            .any(|status| status.fault.name() == name && status.fired.is_some())
    }

    /// What the device has sent over its port since the last call.
    pub fn take_port_output(&mut self) -> Vec<u8> {
        self.bench.port.take_sent()
    }

    /// Everything that the flash holds.
    #[must_use]
    pub fn flash_image(&self) -> Vec<u8> {
        self.bench.flash.image()
    }

    /// What the device takes the time to be. Nothing changes by it, not even the trace.
    #[must_use]
    pub fn ask_clock(&self) -> LockClock {
        let Some(running) = self.running else {
            return LockClock::Silent;
        };
        let mut copy = self.bench.clone();
        let cell = RefCell::new(&mut copy);
        self.device
            .clock(Wiring::new(&cell), self.now() - running.booted)
    }

    /// Lets the device under test follow what has changed.
    fn settle(&mut self) {
        loop {
            match (self.bench.is_powered(), self.running) {
                (true, None) => self.boot(),
                (false, Some(_)) => self.lose_power(),
                (true, Some(running)) if self.is_due(running) => self.poll(running),
                _ => break,
            }
        }
        self.bench.tell_mechanism();
        let (light, sounding) = (self.light(), self.is_sounding());
        self.recogniser.sense(light, sounding, self.bench.now);
    }

    fn is_due(&self, running: Running) -> bool {
        self.called
            || running.wake.is_some_and(|wake| wake <= self.now())
            || running.inputs != self.bench.inputs()
    }

    fn boot(&mut self) {
        self.boots += 1;
        self.bench.tell(TraceKind::Boot { count: self.boots });
        let wake = {
            let cell = RefCell::new(&mut self.bench);
            self.device.boot(Wiring::new(&cell), Duration::ZERO)
        };
        self.sleep(self.now(), wake);
    }

    fn poll(&mut self, running: Running) {
        let uptime = self.now() - running.booted;
        let wake = {
            let cell = RefCell::new(&mut self.bench);
            self.device.poll(Wiring::new(&cell), uptime)
        };
        self.sleep(running.booted, wake);
    }

    fn sleep(&mut self, booted: Time, wake: Wake) {
        let soonest = self.now() + Duration::from_micros(1);
        let wake = match wake {
            Wake::At(uptime) => Some((booted + uptime).max(soonest)),
            Wake::OnInput => None,
        };
        self.called = false;
        self.running = Some(Running {
            booted,
            wake,
            inputs: self.bench.inputs(),
        });
    }

    fn lose_power(&mut self) {
        self.running = None;
        self.device.lose_power();
    }
}

#[cfg(test)]
mod tests;
