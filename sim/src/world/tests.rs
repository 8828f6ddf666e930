//! The bench with firmware that is no lock.

use embedded_hal::digital::{InputPin, OutputPin};
use embedded_hal::i2c::I2c;
use embedded_storage::nor_flash::{NorFlash, ReadNorFlash};

use super::*;
use crate::devices::ds3231::ADDRESS;
use crate::devices::supply::{RELEASE, SupplyState};
use crate::fault::{BatteryFault, Cut, Fault, Half, LedFault, Milli, MotorFault, PowerCut};
use crate::key::Key;
use crate::recognise::Signal;
use crate::rng::{Random, Stream};
use crate::stimulus::{PortBytes, Power};
use crate::time::Lapse;
use crate::trace::{Rule, TraceEvent};

/// Firmware of a few lines: what a test wants done at boot and at each poll.
#[derive(Clone, Default)]
struct Gadget {
    at_boot: Option<fn(Wiring<'_>)>,
    at_poll: Option<fn(Wiring<'_>)>,
    /// Wants to be polled again so long after each poll.
    period: Option<Duration>,
    polls: Vec<Duration>,
}

impl Gadget {
    fn at_boot(act: fn(Wiring<'_>)) -> World<Self> {
        world(Self {
            at_boot: Some(act),
            ..Self::default()
        })
    }

    fn at_poll(act: fn(Wiring<'_>)) -> World<Self> {
        world(Self {
            at_poll: Some(act),
            ..Self::default()
        })
    }

    fn wake(&self, uptime: Duration) -> Wake {
        self.period
            .map_or(Wake::OnInput, |period| Wake::At(uptime + period))
    }
}

impl Device for Gadget {
    fn fork(&self) -> Box<dyn Device> {
        Box::new(self.clone())
    }

    fn boot(&mut self, wiring: Wiring<'_>, uptime: Duration) -> Wake {
        if let Some(act) = self.at_boot {
            act(wiring);
        }
        self.wake(uptime)
    }

    fn poll(&mut self, wiring: Wiring<'_>, uptime: Duration) -> Wake {
        self.polls.push(uptime);
        if let Some(act) = self.at_poll {
            act(wiring);
        }
        self.wake(uptime)
    }

    fn lose_power(&mut self) {
        self.polls.clear();
    }
}

fn world(gadget: Gadget) -> World<Gadget> {
    let setup = BenchSetup {
        start: "2026-12-01T14:00:00Z".parse().expect("a time"),
        seed: 1,
        secrets: Secrets::Hidden,
        flash: NorChip::new(FLASH_SECTORS, Random::new(1, Stream::Flash)),
    };
    World::with_device(&setup, gadget)
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn key(name: char) -> Key {
    Key::named(name).expect("a key")
}

fn press(world: &mut World<Gadget>, name: char) {
    world.apply(Stimulus::KeyDown {
        key: key(name),
        label: None,
    });
    world.run_for(millis(80));
    world.apply(Stimulus::KeyUp {
        key: key(name),
        label: None,
    });
    world.run_for(millis(120));
}

fn lines<D: Device>(world: &World<D>) -> Vec<String> {
    let line = |event: &TraceEvent| serde_json::to_string(event).expect("an event");
    world.trace().iter().map(line).collect()
}

fn count<D: Device>(world: &World<D>, is_meant: impl Fn(&TraceKind) -> bool) -> usize {
    world
        .trace()
        .iter()
        .filter(|event| is_meant(&event.kind))
        .count()
}

/// The LED shines green while any key of the second row is down.
fn follow_row(wiring: Wiring<'_>) {
    let Ok(is_down) = wiring.input(Line::Row2).is_low();
    let Ok(()) = wiring.output(Line::Green).set_state(is_down.into());
}

#[test]
fn anybodys_firmware_runs_on_the_pins() {
    let mut world = Gadget::at_poll(follow_row);
    world.apply(Stimulus::KeyDown {
        key: key('5'),
        label: None,
    });
    assert_eq!(world.light(), Some(Colour::Green), "at the same instant");
    world.run_for(millis(80));
    world.apply(Stimulus::KeyUp {
        key: key('5'),
        label: None,
    });
    world.run_for(millis(20));
    assert_eq!(world.light(), None);
    assert_eq!(world.now(), Time::from_millis(100));
}

#[test]
fn a_digit_is_not_to_be_told_from_the_trace() {
    let told = |name| {
        let mut world = Gadget::at_poll(|_| {});
        press(&mut world, name);
        lines(&world)
    };
    for name in "123456789".chars() {
        assert_eq!(told(name), told('0'), "{name}");
    }
}

#[test]
fn ten_empty_years_are_no_event() {
    let mut world = Gadget::at_poll(|_| {});
    let years = Duration::from_hours(87600);
    assert_eq!(world.next_event(), None);
    world.run_for(years);
    assert!(world.device.polls.is_empty());
    assert_eq!(world.utc().to_string(), "2036-11-28T14:00:00Z");
    assert_eq!(world.time_of(world.utc()), Some(world.now()));
}

#[test]
fn a_device_is_polled_when_it_asked_to_be() {
    let mut world = world(Gadget {
        period: Some(millis(300)),
        ..Gadget::default()
    });
    world.run_until(Time::from_millis(1_000));
    assert_eq!(world.device.polls, [millis(300), millis(600), millis(900)]);
}

#[test]
fn a_device_that_never_sleeps_does_not_stop_time() {
    let mut world = world(Gadget {
        period: Some(Duration::ZERO),
        ..Gadget::default()
    });
    world.run_until(Time::from_micros(100));
    assert_eq!(world.device.polls.len(), 100);
}

#[test]
fn bytes_wake_it_and_are_answered() {
    let mut world = Gadget::at_poll(|wiring| {
        while let Some(byte) = wiring.receive() {
            wiring.send(&[byte.to_ascii_uppercase()]);
        }
    });
    world.apply(Stimulus::Port(PortBytes(b"bye\n".to_vec())));
    assert_eq!(world.take_port_output(), b"BYE\n");
    assert!(world.take_port_output().is_empty());
    assert!(
        !lines(&world).concat().contains("bye"),
        "codes come this way"
    );
}

fn short_the_bridge(wiring: Wiring<'_>) {
    let Ok(()) = wiring.output(Line::Throw).set_high();
    let Ok(()) = wiring.output(Line::Withdraw).set_high();
}

fn withdraw(wiring: Wiring<'_>) {
    let Ok(()) = wiring.output(Line::Withdraw).set_high();
}

#[test]
fn a_shorted_bridge_is_a_violation() {
    let world = Gadget::at_boot(short_the_bridge);
    let shorted = |kind: &TraceKind| {
        *kind
            == TraceKind::Violation {
                rule: Rule::BridgeShorted,
            }
    };
    assert_eq!(count(&world, shorted), 1);
}

#[test]
fn the_switches_wake_the_device_while_the_bolt_travels() {
    let mut world = Gadget::at_boot(withdraw);
    assert_eq!(world.bolt(), BoltState::Moving);
    world.run_for(millis(500));
    assert_eq!(world.device.polls, [millis(5), millis(400), millis(420)]);
    assert_eq!(
        (world.bolt(), world.motor()),
        (BoltState::Unlocked, MotorState::Stalled)
    );
}

#[test]
fn a_motor_that_is_stopped_at_its_end_has_not_stalled() {
    let mut world = Gadget::at_boot(withdraw);
    world.device.at_poll = Some(|wiring| {
        if let Ok(true) = wiring.input(Line::Withdrawn).is_low() {
            let Ok(()) = wiring.output(Line::Withdraw).set_low();
        }
    });
    world.run_for(millis(500));
    let state = |event: &TraceEvent| match event.kind {
        TraceKind::Motor { state } => Some(state),
        _ => None,
    };
    let states: Vec<_> = world.trace().iter().filter_map(state).collect();
    assert_eq!(
        states,
        [MotorState::Idle, MotorState::Running, MotorState::Idle]
    );
}

#[test]
fn weak_batteries_let_a_motor_restart_the_processor_over_and_over() {
    let mut world = world(Gadget {
        at_poll: Some(withdraw),
        ..Gadget::default()
    });
    let cells = BatteryFault {
        volts: Milli(4_000),
        ohms: Some(Milli(3_000)),
    };
    world.apply(Stimulus::Inject(Fault::Battery(cells)));
    assert!(!world.has_fired(FaultName::Battery));
    press(&mut world, 'L');
    assert!(world.has_fired(FaultName::Battery));
    assert!(world.boots() > 1);
    let brown_out = |kind: &TraceKind| {
        *kind
            == TraceKind::Power {
                supply: SupplyState::BrownOut,
            }
    };
    assert_eq!(count(&world, brown_out) as u32 + 1, world.boots());
    assert_eq!(world.level(Line::Withdraw), Level::Low);
    world.run_for(RELEASE);
    assert!(world.is_powered());
}

/// Writes a word into an erased chip, and shines red if that didn't work.
fn write_word(wiring: Wiring<'_>) {
    let failed = wiring.flash().write(0, &[0; 4]).is_err();
    let Ok(()) = wiring.output(Line::Red).set_state(failed.into());
}

#[test]
fn a_cut_inside_a_write_ends_the_poll_for_all_that_counts() {
    let mut world = Gadget::at_poll(write_word);
    let cut = PowerCut {
        at: Cut::AtFlashOperation(1),
        lasting: Lapse::from_micros(2_000_000),
        pattern: 0,
        again: None,
    };
    world.apply(Stimulus::Inject(Fault::PowerCut(cut)));
    assert!(!world.has_fired(FaultName::PowerCut));
    press(&mut world, 'L');
    assert!(world.has_fired(FaultName::PowerCut));
    let red = |kind: &TraceKind| matches!(kind, TraceKind::Pin { pin: Line::Red, .. });
    assert_eq!(count(&world, red), 0, "nobody is there to light it");
    assert!(!world.is_powered());
    world.run_until(Time::from_millis(1_999));
    assert_eq!(world.boots(), 1);
    world.run_until(Time::from_millis(2_000));
    assert_eq!(world.boots(), 2);
}

#[test]
fn without_batteries_all_is_dark_and_the_clock_goes_on() {
    let mut world = Gadget::at_boot(withdraw);
    world.run_for(millis(100));
    world.apply(Stimulus::Power(Power::Off));
    assert_eq!(
        (world.bolt(), world.motor()),
        (BoltState::Unknown, MotorState::Idle)
    );
    press(&mut world, 'L');
    world.run_for(Duration::from_hours(1));
    assert_eq!(world.boots(), 1);
    world.device.at_boot = Some(|wiring| {
        let mut time = [0; 3];
        assert_eq!(wiring.bus().write_read(ADDRESS, &[0], &mut time), Ok(()));
        assert_eq!(time, [0x00, 0x00, 0x15], "an hour and less than a second");
    });
    world.apply(Stimulus::Power(Power::On));
    assert_eq!(world.boots(), 2);
}

#[test]
fn a_fault_is_told_when_it_comes_fires_and_goes() {
    let mut world = world(Gadget {
        at_poll: Some(follow_row),
        ..Gadget::default()
    });
    world.apply(Stimulus::Inject(Fault::Led(LedFault::Dead(Half::Green))));
    world.apply(Stimulus::Inject(Fault::Motor(MotorFault::Jammed)));
    press(&mut world, '4');
    world.apply(Stimulus::Repair(FaultName::Led));
    let fates: Vec<_> = world
        .faults()
        .iter()
        .map(|status| (status.fired.is_some(), status.repaired.is_some()))
        .collect();
    assert_eq!(fates, [(true, true), (false, false)]);
    assert_eq!(
        count(&world, |kind| matches!(kind, TraceKind::Fault { .. })),
        4
    );
}

#[test]
fn a_signal_is_told_when_it_is_complete() {
    let mut world = Gadget::at_boot(|wiring| {
        let Ok(()) = wiring.output(Line::Green).set_high();
    });
    world.device.at_poll = Some(|wiring| {
        let Ok(()) = wiring.output(Line::Green).set_low();
    });
    world.run_for(millis(200));
    world.apply(Stimulus::KeyDown {
        key: Key::LOCK,
        label: None,
    });
    world.run_for(millis(399));
    let granted = |kind: &TraceKind| matches!(kind, TraceKind::Signal(group) if group.signal == Some(Signal::Granted));
    assert_eq!((count(&world, granted), world.is_signalling()), (0, true));
    world.run_for(millis(1));
    assert_eq!((count(&world, granted), world.is_signalling()), (1, false));
}

#[test]
fn clones_go_their_own_ways_and_the_same_way_twice() {
    let mut world = world(Gadget {
        at_poll: Some(follow_row),
        ..Gadget::default()
    });
    press(&mut world, '5');
    let mut twin = world.clone();
    press(&mut world, '5');
    press(&mut twin, '5');
    assert_eq!(lines(&world), lines(&twin));
    press(&mut twin, '8');
    assert!(world.trace().len() < twin.trace().len());
}

#[test]
fn flash_reads_what_it_was_told_to_hold() {
    let world = Gadget::at_boot(|wiring| {
        let mut flash = wiring.flash();
        let mut bytes = [0; 4];
        assert_eq!(flash.capacity(), 131_072);
        assert_eq!(flash.write(8, &[1, 2, 3, 4]), Ok(()));
        assert_eq!(flash.read(8, &mut bytes), Ok(()));
        assert_eq!(bytes, [1, 2, 3, 4]);
    });
    assert_eq!(
        count(&world, |kind| matches!(
            kind,
            TraceKind::Flash { number: 1, .. }
        )),
        1
    );
}
