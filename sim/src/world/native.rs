//! The lock's firmware in this process.

use std::time::Duration;

use chrono::{Datelike, Timelike};
use firmware_core::audit::Entry;
use firmware_core::board::{Board, Gauge, Parts, Port, Witness};
use firmware_core::civil::CivilTime;
use firmware_core::code::Code;
use firmware_core::lock::{self, Lock};
use firmware_core::settings::Settings;
use firmware_core::store::{self, Provision, StoreError};
use firmware_core::time::Instant;
use firmware_core::units::Millivolts;
use jiff::Timestamp;
use jiff::civil::DateTime;
use smartpin::LockKey;

use super::bench::{FLASH_SECTORS, Secrets};
use super::dut::{Device, DeviceSource, LockClock, Wake};
use super::wiring::{Bus, Flash, Input, Output, Wiring};
use super::{BenchSetup, World};
use crate::devices::{Line, NorChip};
use crate::rng::{Random, Stream};

/// A lock as it hangs on the door at power-up, set up and never used.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The key that its maker gave it.
    pub lock_key: LockKey,
    /// In force from the first boot, the generation included.
    pub settings: Settings,
    /// In place of the label's.
    pub programming_code: Option<Code>,
    /// The true time at power-up, to whose second the clock chip is set.
    pub start: Timestamp,
    /// Of everything random.
    pub seed: u64,
    /// Whether the trace tells digits.
    pub secrets: Secrets,
}

/// The lock's firmware, polled in this process.
#[derive(Clone)]
pub struct Native {
    key: LockKey,
    lock: Option<Box<Lock>>,
}

impl Native {
    /// A processor that holds the lock's firmware and this key.
    #[must_use]
    pub fn new(key: LockKey) -> Self {
        Self { key, lock: None }
    }
}

/// Runs the lock's firmware in this process.
#[derive(Clone, Copy, Debug, Default)]
pub struct InProcess;

impl DeviceSource for InProcess {
    fn device(&self, key: LockKey) -> Result<Box<dyn Device>, String> {
        Ok(Box::new(Native::new(key)))
    }
}

impl World {
    /// Hangs a lock on the door and puts its batteries in.
    ///
    /// # Errors
    ///
    /// If the store has no room for what the lock is to begin with.
    pub fn new(setup: &Setup) -> Result<Self, StoreError> {
        let native = Native::new(setup.lock_key.clone());
        Self::running(setup, Box::new(native))
    }

    /// The same with the firmware wherever that is.
    ///
    /// # Errors
    ///
    /// As of [`World::new`].
    pub fn running(setup: &Setup, firmware: Box<dyn Device>) -> Result<Self, StoreError> {
        let bench = BenchSetup {
            start: setup.start,
            seed: setup.seed,
            secrets: setup.secrets,
            flash: setup.flash()?,
        };
        Ok(Self::with_device(&bench, firmware))
    }
}

impl Setup {
    fn flash(&self) -> Result<NorChip, StoreError> {
        let mut chip = NorChip::new(FLASH_SECTORS, Random::new(self.seed, Stream::Flash));
        let provision = Provision {
            settings: self.settings.clone(),
            programming_code: self.programming_code.clone(),
        };
        store::provision(&mut chip, &self.lock_key, &provision)?;
        chip.start_count();
        Ok(chip)
    }
}

impl Device for Native {
    fn fork(&self) -> Box<dyn Device> {
        Box::new(self.clone())
    }

    fn boot(&mut self, wiring: Wiring<'_>, uptime: Duration) -> Wake {
        let mut parts = parts(wiring);
        let now = instant(uptime);
        let mut lock = Lock::boot(&self.key, &mut parts, now);
        let wake = lock.poll(&mut parts, now);
        self.lock = Some(Box::new(lock));
        sleep(wake)
    }

    fn poll(&mut self, wiring: Wiring<'_>, uptime: Duration) -> Wake {
        match &mut self.lock {
            Some(lock) => sleep(lock.poll(&mut parts(wiring), instant(uptime))),
            None => Wake::OnInput,
        }
    }

    fn lose_power(&mut self) {
        self.lock = None;
    }

    fn clock(&self, wiring: Wiring<'_>, uptime: Duration) -> LockClock {
        let Some(lock) = &self.lock else {
            return LockClock::Silent;
        };
        match lock.clock(&mut parts(wiring), instant(uptime)) {
            Ok(civil) => on_the_wall(civil).map_or(LockClock::Silent, LockClock::Says),
            Err(fault) => LockClock::Untrusted(fault.as_str().into()),
        }
    }
}

/// The bench as a board.
struct Virtual<'a>(std::marker::PhantomData<&'a ()>);

impl<'a> Board for Virtual<'a> {
    type Input = Input<'a>;
    type Output = Output<'a>;
    type Bus = Bus<'a>;
    type Flash = Flash<'a>;
    type Gauge = Wiring<'a>;
    type Port = Wiring<'a>;
    type Witness = Wiring<'a>;
}

impl Gauge for Wiring<'_> {
    type Error = std::convert::Infallible;

    fn volts(&mut self) -> Result<Millivolts, Self::Error> {
        Ok(Millivolts(self.millivolts()))
    }
}

impl Port for Wiring<'_> {
    fn receive(&mut self) -> Option<u8> {
        Self::receive(*self)
    }

    fn send(&mut self, bytes: &[u8]) {
        Self::send(*self, bytes);
    }
}

impl Witness for Wiring<'_> {
    fn audited(&mut self, entry: &Entry) {
        Self::audited(*self, (*entry).into());
    }
}

fn parts(wiring: Wiring<'_>) -> Parts<Virtual<'_>> {
    Parts {
        rows: Line::ROWS.map(|line| wiring.input(line)),
        columns: Line::COLUMNS.map(|line| wiring.output(line)),
        button: wiring.input(Line::Button),
        reset: wiring.input(Line::Reset),
        green: wiring.output(Line::Green),
        red: wiring.output(Line::Red),
        buzzer: wiring.output(Line::Buzzer),
        throw: wiring.output(Line::Throw),
        withdraw: wiring.output(Line::Withdraw),
        thrown: wiring.input(Line::Thrown),
        withdrawn: wiring.input(Line::Withdrawn),
        stall: wiring.input(Line::Stall),
        bus: wiring.bus(),
        flash: wiring.flash(),
        gauge: wiring,
        port: wiring,
        witness: wiring,
    }
}

fn instant(uptime: Duration) -> Instant {
    Instant::from_ticks(u64::try_from(uptime.as_micros()).unwrap_or(u64::MAX))
}

fn sleep(wake: lock::Wake) -> Wake {
    match wake {
        lock::Wake::At(at) => Wake::At(Duration::from_micros(at.as_ticks())),
        lock::Wake::OnInput => Wake::OnInput,
    }
}

/// None outside of the years that both calendars know.
fn on_the_wall(civil: CivilTime) -> Option<DateTime> {
    let [month, day, hour, minute, second] = [
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second(),
    ]
    .map(|part| i8::try_from(part).ok());
    let year = i16::try_from(civil.year()).ok()?;
    DateTime::new(year, month?, day?, hour?, minute?, second?, 0).ok()
}

#[cfg(test)]
mod tests {
    use smartpin::{Generation, Stay, Variant, Window};

    use super::*;
    use crate::devices::{BoltState, Level};
    use crate::fault::FaultName;
    use crate::key::Key;
    use crate::recognise::Signal;
    use crate::stimulus::{PortBytes, Power, Stimulus};
    use crate::trace::{TraceEvent, TraceKind};

    const SEEDS: u64 = 12;

    fn lock() -> World {
        let setup = Setup {
            lock_key: LockKey::from_bytes([7; 16]),
            settings: Settings {
                smartpin_enabled: true,
                ..Settings::default()
            },
            programming_code: None,
            start: "2026-12-01T14:00:00Z".parse().expect("a time"),
            seed: 1,
            secrets: Secrets::Hidden,
        };
        World::new(&setup).expect("room in the store")
    }

    /// The PIN of a stay from 15:00 on the first day to 11:00 on the fifth.
    fn stay() -> String {
        let [start, end] = ["2026-12-01T15:00:00", "2026-12-05T11:00:00"]
            .map(|time| time.parse().expect("a civil time"));
        let stay = Stay {
            window: Window::for_request(start, end).expect("a stay"),
            variant: Variant::ZERO,
        };
        let key = LockKey::from_bytes([7; 16]).pin_key();
        let pin = key.issue(stay, Generation(0));
        pin.digits()
            .map(|digit| char::from(b'0' + digit))
            .into_iter()
            .collect()
    }

    fn type_keys(world: &mut World, keys: &str) {
        for key in keys.chars().filter_map(Key::named) {
            world.apply(Stimulus::KeyDown { key, label: None });
            world.run_for(Duration::from_millis(80));
            world.apply(Stimulus::KeyUp { key, label: None });
            world.run_for(Duration::from_millis(120));
        }
    }

    fn signals(world: &World) -> Vec<Signal> {
        let signal = |event: &TraceEvent| match &event.kind {
            TraceKind::Signal(group) => group.signal,
            _ => None,
        };
        world.trace().iter().filter_map(signal).collect()
    }

    fn log(world: &World) -> Vec<String> {
        let entry = |event: &TraceEvent| match &event.kind {
            TraceKind::Audit(entry) => Some(entry.event.kind().to_string()),
            _ => None,
        };
        world.trace().iter().filter_map(entry).collect()
    }

    #[test]
    fn an_early_guest_is_denied_and_let_in_at_three() {
        let mut world = lock();
        type_keys(&mut world, &format!("{}#", stay()));
        world.run_for(Duration::from_secs(3));
        assert_eq!(
            (signals(&world), world.bolt()),
            (vec![Signal::Denied], BoltState::Locked)
        );
        world.run_until(crate::time::Time::from_millis(3_600_000));
        type_keys(&mut world, &format!("{}#", stay()));
        world.run_for(Duration::from_secs(2));
        assert_eq!(
            (signals(&world)[1..].to_vec(), world.bolt()),
            (vec![Signal::Granted], BoltState::Unlocked)
        );
        world.run_for(Duration::from_secs(9));
        assert_eq!(world.bolt(), BoltState::Locked);
        assert_eq!(log(&world), ["boot", "denied", "unlocked", "locked"]);
    }

    #[test]
    fn its_clock_can_be_asked_without_a_trace() {
        let mut world = lock();
        let events = world.trace().len();
        assert_eq!(
            world.ask_clock(),
            LockClock::Says("2026-12-01T14:00:00".parse().expect("a time"))
        );
        assert_eq!(world.trace().len(), events);
        world.apply(Stimulus::Power(Power::Off));
        assert_eq!(world.ask_clock(), LockClock::Silent);
    }

    fn label() -> String {
        LockKey::from_bytes([7; 16])
            .programming_code()
            .map(|digit| char::from(b'0' + digit))
            .into_iter()
            .collect()
    }

    fn ask(world: &mut World, line: &str) -> String {
        world.apply(Stimulus::Port(PortBytes(format!("{line}\n").into_bytes())));
        String::from_utf8(world.take_port_output()).expect("ASCII")
    }

    #[test]
    fn an_installer_is_known_until_the_programming_code_is_another() {
        let mut installed = lock();
        assert_eq!(ask(&mut installed, "get beeps"), "");
        assert_eq!(ask(&mut installed, &format!("code {}", label())), "ok\n");
        assert_eq!(ask(&mut installed, "get beeps"), "ok on\n");

        let mut changed = installed.clone();
        type_keys(&mut changed, &format!("{}#100#739158#739158#", label()));
        assert_eq!(ask(&mut changed, "get beeps"), "");

        let mut reset = installed;
        let (key, label) = (Key::named('R').expect("a key"), None);
        reset.apply(Stimulus::KeyDown { key, label });
        reset.run_for(Duration::from_millis(5_100));
        assert!(log(&reset).concat().contains("factory_reset"));
        assert_eq!(ask(&mut reset, "get beeps"), "");
    }

    #[test]
    fn a_fork_is_the_same_lock() {
        let mut world = lock();
        type_keys(&mut world, "12");
        let mut twin = world.clone();
        for world in [&mut world, &mut twin] {
            type_keys(world, "34#");
            world.run_for(Duration::from_secs(3));
        }
        assert!(world.trace().iter().eq(twin.trace().iter()));
        assert_eq!(signals(&twin), [Signal::Denied]);
    }

    /// Anything at all happens to a lock: keys, bytes, faults, power.
    fn anything(random: &mut Random) -> Stimulus {
        const FAULTS: [&str; 18] = [
            r#"{"power_cut":{"at_flash_operation":1,"for":"1s"}}"#,
            r#"{"power_cut":{"at_flash_operation":7,"for":"1s"}}"#,
            r#"{"power_cut":{"after_flash_bytes":33,"for":"0s"}}"#,
            r#"{"power_cut":{"for":"3s"}}"#,
            r#"{"motor":"jammed"}"#,
            r#"{"motor":"slow"}"#,
            r#"{"motor":"open_circuit"}"#,
            r#"{"battery":{"volts":4.1,"ohms":2.0}}"#,
            r#"{"battery":{"volts":3.2}}"#,
            r#"{"rtc":"stopped"}"#,
            r#"{"rtc":"no_ack"}"#,
            r#"{"rtc":"wrong_read"}"#,
            r#"{"rtc":{"jump":"-30h"}}"#,
            r#"{"backup_cell":"dead"}"#,
            r#"{"key":{"stuck":"5"}}"#,
            r#"{"key":{"bounce_ms":40}}"#,
            r#"{"flash":{"flip_bits":3}}"#,
            r#"{"flash":"write_error"}"#,
        ];
        const LINES: [&[u8]; 4] = [
            b"code 123456\n",
            b"log 0\n",
            b"\xff\xff\n",
            b"set timezone X",
        ];
        let any_key = |random: &mut Random| {
            let keys = ['0', '1', '2', '5', '9', '*', '#', '#', 'L', 'R'];
            Key::named(keys[random.below(10) as usize]).expect("a key")
        };
        match random.below(16) {
            0 => {
                let text = FAULTS[random.below(18) as usize];
                Stimulus::Inject(serde_json::from_str(text).expect("a fault"))
            }
            1 => Stimulus::Repair(FaultName::ALL[random.below(8) as usize]),
            2 => Stimulus::Power(Power::Off),
            3 | 4 => Stimulus::Power(Power::On),
            5 => Stimulus::Port(PortBytes(LINES[random.below(4) as usize].to_vec())),
            6..=11 => Stimulus::KeyDown {
                key: any_key(random),
                label: None,
            },
            _ => Stimulus::KeyUp {
                key: any_key(random),
                label: None,
            },
        }
    }

    #[test]
    fn whatever_happens_without_a_code_opens_nothing_and_happens_again() {
        for seed in 0..SEEDS {
            let run = || {
                let mut random = Random::new(seed, Stream::Keypad);
                let mut world = lock();
                for _ in 0..200 {
                    world.apply(anything(&mut random));
                    let span = [1, 40, 80, 700, 9_000][random.below(5) as usize];
                    world.run_for(Duration::from_millis(span));
                }
                world
            };
            let world = run();
            let broken = |event: &&TraceEvent| {
                let opens = TraceKind::Pin {
                    pin: Line::Withdraw,
                    level: Level::High,
                };
                matches!(event.kind, TraceKind::Violation { .. }) || event.kind == opens
            };
            assert_eq!(world.trace().iter().find(broken), None, "seed {seed}");
            assert!(world.trace().iter().eq(run().trace().iter()), "seed {seed}");
        }
    }

    #[test]
    fn a_world_can_be_sent_to_a_thread() {
        fn is_send<T: Send + Clone>(_: &T) {}
        is_send(&lock());
    }
}
