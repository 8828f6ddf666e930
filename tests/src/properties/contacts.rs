//! Contacts that close and open at any microsecond, several at once, and bytes on the installer's port: what no person
//! types and no app sends.

use std::time::Duration;

use firmware_core::code::Code;
use firmware_core::settings::Settings;
use jiff::Timestamp;
use sim::devices::{BoltState, MotorState};
use sim::key::Key;
use sim::stimulus::{PortBytes, Power, Stimulus};
use sim::trace::TraceKind;
use sim::world::{Secrets, Setup, World};
use smartpin::{Generation, LockKey, Stay, Variant, Window};

use super::feed::Feed;

const KEY: [u8; 16] = [7; 16];
const CODE: [u8; 6] = [7, 3, 8, 2, 9, 1];
const KEYS: &[u8; 14] = b"0123456789#*LR";
/// Acts of one input at most.
const ACTS: usize = 400;
/// A lock that does something at every millisecond of the time that passes has forgotten to sleep.
const EVENTS_A_SECOND: u64 = 1_000;
/// What a poll or a key may bring on at once.
const EVENTS_AT_ONCE: u64 = 2_000;
/// After the longest lockout and everything else that was begun.
const REST: Duration = Duration::from_hours(2);

/// The input is bytes: below 0x70 a contact changes (the lower half of the byte says which, two of sixteen do nothing),
/// below 0xE0 time passes, 50 µs to 26 s, and from there as many bytes as the lower half says go to the port; but 0xE0 is
/// a boot, 0xE1 the right `code` line.
///
/// No chip is misused and the bridge is never on both ways; nobody opens without a code; the lock sleeps between what it
/// has to do, and comes to rest. A guest whose PIN is right gets in after all that, unless somebody gave the programming
/// code or held R.
///
/// # Panics
///
/// Where that doesn't hold.
pub fn holds(input: &[u8]) {
    let mut door = Door::install();
    let mut feed = Feed::new(input);
    for _ in 0..ACTS {
        let Some(act) = feed.next() else { break };
        match act {
            0..0x70 => door.touch(act & 15),
            0x70..0xE0 => door.pass(lapse(act - 0x70)),
            0xE0 => door.boot(),
            0xE1 => door.give_code(),
            _ => door.send(feed.bytes((act & 15).into())),
        }
    }
    door.rest();
    if !door.authorised {
        door.guest_gets_in();
    }
}

/// 50 µs, and each step a sixth more.
fn lapse(step: u8) -> Duration {
    Duration::from_micros((50.0 * 1.125_f64.powi(step.into())) as u64)
}

struct Door {
    world: World,
    /// Which contacts are closed, by their place in `KEYS`.
    closed: [bool; 16],
    /// Somebody gave the programming code, or held R.
    authorised: bool,
    looked_at: usize,
}

impl Door {
    fn install() -> Self {
        let setup = Setup {
            lock_key: LockKey::from_bytes(KEY),
            settings: Settings {
                smartpin_enabled: true,
                ..Settings::default()
            },
            programming_code: Code::from_digits(&CODE),
            start: Timestamp::from_second(1_796_137_200).expect("a time"),
            seed: 1,
            secrets: Secrets::Hidden,
        };
        let world = World::new(&setup).expect("the store takes it");
        Self {
            world,
            closed: [false; 16],
            authorised: false,
            looked_at: 0,
        }
    }

    fn touch(&mut self, number: u8) {
        let at = usize::from(number);
        let Some(key) = KEYS.get(at).and_then(|name| Key::named(char::from(*name))) else {
            return;
        };
        self.closed[at] = !self.closed[at];
        self.authorised |= key == Key::RESET;
        let label = None;
        self.apply(if self.closed[at] {
            Stimulus::KeyDown { key, label }
        } else {
            Stimulus::KeyUp { key, label }
        });
    }

    fn boot(&mut self) {
        self.apply(Stimulus::Power(Power::Off));
        self.pass(Duration::from_secs(1));
        self.apply(Stimulus::Power(Power::On));
    }

    fn give_code(&mut self) {
        self.authorised = true;
        self.send(b"\ncode 738291\n");
    }

    fn send(&mut self, bytes: &[u8]) {
        self.apply(Stimulus::Port(PortBytes(bytes.to_vec())));
        drop(self.world.take_port_output());
    }

    fn apply(&mut self, stimulus: Stimulus) {
        self.world.apply(stimulus);
        self.look();
    }

    /// Event by event, so that one who never sleeps is noticed.
    fn pass(&mut self, lapse: Duration) {
        let begun = self.world.now();
        let end = begun + lapse;
        let mut events = 0;
        while self.world.next_event().is_some_and(|next| next <= end) {
            self.world.step();
            events += 1;
            let passed = (self.world.now() - begun).as_micros() as u64;
            let most = EVENTS_AT_ONCE + passed * EVENTS_A_SECOND / 1_000_000;
            assert!(events <= most, "{events} events in {passed} µs");
        }
        self.world.run_until(end);
        self.look();
    }

    fn look(&mut self) {
        for event in self.world.trace().since(self.looked_at) {
            if let TraceKind::Violation { rule } = event.kind {
                panic!("{} at {}", rule.as_str(), event.at);
            }
        }
        self.looked_at = self.world.trace().len();
        // Every digit was pressed by itself here: that it was a code is nothing to reckon with.
        assert!(self.authorised || self.world.bolt() == BoltState::Locked);
    }

    fn rest(&mut self) {
        for number in 0..KEYS.len() as u8 {
            if self.closed[usize::from(number)] {
                let authorised = self.authorised;
                self.touch(number);
                self.authorised = authorised;
            }
        }
        self.send(b"\nbye\n");
        self.pass(REST);
        assert_eq!(self.world.motor(), MotorState::Idle);
        assert!(self.world.light().is_none() && !self.world.is_sounding());
    }

    fn guest_gets_in(mut self) {
        let day =
            chrono::NaiveDate::from_ymd_opt(2026, 12, 1).and_then(|day| day.and_hms_opt(0, 0, 0));
        let stay = Stay {
            window: Window::hourly(day.expect("a day"), 96).expect("a stay"),
            variant: Variant::ZERO,
        };
        let pin = LockKey::from_bytes(KEY)
            .pin_key()
            .issue(stay, Generation(0));
        self.authorised = true;
        for number in pin.digits().into_iter().chain([10]) {
            self.touch(number);
            self.pass(Duration::from_millis(80));
            self.touch(number);
            self.pass(Duration::from_millis(120));
        }
        self.pass(Duration::from_millis(1_900));
        assert_eq!(self.world.bolt(), BoltState::Unlocked, "the PIN is right");
    }
}
