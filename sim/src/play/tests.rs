//! What is played by hand, and the file that is made of it.

use std::time::Duration;

use super::record::Record;
use super::{Play, Transcript};
use crate::course::Origin;
use crate::devices::BoltState;
use crate::key::Key;
use crate::rng::{Random, Stream};
use crate::scenario::decode::from_json;
use crate::scenario::model::Lock;
use crate::scenario::model::step::Step;
use crate::world::Secrets;

struct Hands {
    play: Play,
    origin: Origin,
}

impl Hands {
    fn new() -> Self {
        let origin = Origin {
            lock: from_json::<Lock>(r#"{ "timezone": "America/Denver" }"#).unwrap(),
            start: "2026-12-01T15:00".parse().unwrap(),
            seed: 1,
        };
        let stage = origin.stage(Secrets::Shown).unwrap();
        let mut hands = Self {
            play: Play::new(stage, Record::default()),
            origin,
        };
        hands.step(r#"{ "issue": { "as": "ann", "guest": "Ann", "start": "now", "end": "+4d" } }"#);
        hands
    }

    fn step(&mut self, json: &str) {
        let step: Step = from_json(json).unwrap();
        if let Err(stop) = self.play.perform(&step.verb) {
            panic!("{json}: {}", stop.message);
        }
    }

    fn pass(&mut self, seconds: f64) {
        self.play
            .advance(self.play.now() + Duration::from_secs_f64(seconds));
    }

    /// Keys with so many seconds from one to the next.
    fn keys(&mut self, keys: &str, pace: f64) {
        for key in keys.chars().filter_map(Key::named) {
            self.play.tap(key);
            self.pass(pace);
        }
    }

    fn ann(&self) -> String {
        self.play.stage.known.guest("ann").unwrap().code()
    }

    fn code(&self) -> String {
        self.play.stage.known.code().to_owned()
    }

    fn until(&mut self, time: &str) {
        let moment = time.parse().unwrap();
        self.play.head_for(moment);
        let zone = &self.play.stage.known.zone;
        let crate::moment::Moment::Civil(civil) = moment else {
            panic!("civil")
        };
        let stamp = zone.instants(civil).first().unwrap();
        let to = self.play.stage.world.time_of(stamp).unwrap();
        self.play.advance(to);
    }

    /// The steps of the file, each a line.
    fn written(&self) -> Vec<String> {
        let transcript = Transcript::of("test", &self.origin, &self.play.record, &self.play.stage);
        let text = match transcript {
            Ok(transcript) => transcript.text,
            Err(unlike) => panic!("{unlike}"),
        };
        let steps = text.split_once("\"steps\": [\n").unwrap().1;
        let lines = steps.lines().take_while(|line| line.starts_with("    "));
        lines
            .map(|line| line.trim().trim_end_matches(',').to_owned())
            .collect()
    }
}

#[test]
fn a_stay_by_hand_reads_as_if_it_had_been_written() {
    let mut hands = Hands::new();
    hands.pass(2.7);
    let ann = hands.ann();
    hands.keys(&format!("{ann}#"), 0.31);
    hands.pass(1.5);
    hands.keys("7391#", 0.3);
    hands.pass(30.0);
    hands.until("2026-12-05T15:00:05");
    hands.keys(&format!("{ann}#"), 0.2);
    hands.pass(4.0);
    assert_eq!(
        hands.written(),
        [
            r#"{ "issue": { "as": "ann", "guest": "Ann", "start": "now", "end": "+4d" } }"#,
            r#"{ "type": "${ann}#" }"#,
            r#"{ "expect": { "signal": "granted", "bolt": "unlocked", "log": [{ "event": "unlocked", "by": "smartpin", "id": "ann" }] } }"#,
            r#"{ "type": "7391#" }"#,
            r#"{ "expect": { "signal": "saved", "log": [{ "event": "custom_pin_saved", "id": "ann" }] } }"#,
            r#"{ "expect": { "bolt": "locked", "log": [{ "event": "custom_pin_saved", "id": "ann" }, { "event": "locked", "by": "auto" }] } }"#,
            r#"{ "until": "2026-12-05T15:00:05" }"#,
            r#"{ "type": "${ann}#" }"#,
            r#"{ "expect": { "signal": "denied", "log": [{ "event": "denied", "id": "ann", "reason": "expired" }] } }"#,
        ]
    );
}

#[test]
fn a_hesitation_that_the_lock_minds_is_kept() {
    let mut hands = Hands::new();
    let ann = hands.ann();
    hands.keys(&ann, 0.3);
    // The lock forgets the entry meanwhile.
    hands.pass(11.0);
    hands.keys("#", 0.3);
    hands.pass(3.0);
    assert_eq!(hands.play.stage.world.bolt(), BoltState::Locked);
    let steps = hands.written();
    assert!(steps[2].starts_with(r#"{ "wait": "1"#), "{steps:?}");
}

#[test]
fn faults_power_settings_and_held_keys_stand_in_the_file() {
    let mut hands = Hands::new();
    let (ann, code) = (hands.ann(), hands.code());
    hands.step(r#"{ "fault": { "motor": "jammed" } }"#);
    hands.keys(&format!("{ann}#"), 0.25);
    hands.pass(9.0);
    hands.step(r#"{ "repair": "motor" }"#);
    hands.step(r#"{ "fault": { "led": { "dead": "red" } } }"#);
    hands.step(r#"{ "settings": { "beeps": false } }"#);
    hands.pass(1.0);
    hands.keys(&format!("{code}#128#{ann}#"), 0.2);
    hands.pass(3.0);
    hands.step(r#"{ "power": "off" }"#);
    hands.pass(2.0);
    hands.step(r#"{ "power": "on" }"#);
    hands.pass(1.0);
    hands.play.hold(Key::RESET);
    hands.pass(5.3);
    hands.play.let_go();
    hands.pass(5.0);
    let steps = hands.written();
    let has = |part: &str| {
        assert!(
            steps.iter().any(|step| step.contains(part)),
            "{part}: {steps:#?}"
        );
    };
    has(r#""signal": "jammed""#);
    has(r#""fault_fired": "motor""#);
    has(r#"{ "repair": "motor" }"#);
    has(r#"{ "fault": { "led": { "dead": "red" }, "optional": true } }"#);
    has(r#"{ "type": "${programming_code}#128#${ann}#" }"#);
    has(r#""event": "smartpin_blocked", "id": "ann""#);
    has(r#"{ "power": "off" }"#);
    has(r#"{ "press": { "key": "R", "for": "5s 300ms" } }"#);
    has("factory_reset");
}

const SEEDS: u64 = 10;

/// Everything that a file can break.
const FAULTS: [&str; 20] = [
    r#"{ "motor": "jammed" }"#,
    r#"{ "motor": "slow" }"#,
    r#"{ "motor": "open_circuit" }"#,
    r#"{ "battery": { "volts": 4.1 } }"#,
    r#"{ "battery": { "volts": 3.2 } }"#,
    r#"{ "power_cut": { "at_flash_operation": 2, "for": "3s" } }"#,
    r#"{ "power_cut": { "after_flash_bytes": 9, "for": "1s" } }"#,
    r#"{ "rtc": "stopped" }"#,
    r#"{ "rtc": "no_ack" }"#,
    r#"{ "rtc": "wrong_read" }"#,
    r#"{ "rtc": { "drift_ppm": 90 } }"#,
    r#"{ "rtc": { "jump": "-10m" } }"#,
    r#"{ "backup_cell": "dead" }"#,
    r#"{ "key": { "stuck": "5" } }"#,
    r#"{ "key": { "dead": "7" } }"#,
    r#"{ "key": { "bounce_ms": 30 } }"#,
    r#"{ "flash": { "flip_bits": 2 } }"#,
    r#"{ "flash": { "worn_sector": 0 } }"#,
    r#"{ "led": { "dead": "green" } }"#,
    r#"{ "led": { "dead": "red" } }"#,
];

/// Whatever somebody may do next.
fn anything(hands: &mut Hands, random: &mut Random) {
    let (ann, code) = (hands.ann(), hands.code());
    let pace = [0.2, 0.35, 1.0, 3.0][random.below(4) as usize];
    let powered = hands.play.stage.world.is_powered();
    match random.below(14) {
        0..=2 => hands.keys(&format!("{ann}#"), pace),
        3 => hands.keys("7391#", pace),
        4 => hands.keys(&format!("{code}#128#{ann}#"), pace),
        5 => hands.keys(&format!("{code}#127#{ann}#"), pace),
        6 => hands.keys("12345678#", pace),
        7 => hands.keys("#", pace),
        8 => hands.keys("4*L", pace),
        9 | 10 => {
            let fault = FAULTS[random.below(20) as usize];
            hands.step(&format!(r#"{{ "fault": {fault} }}"#));
        }
        11 => {
            if let Some(status) = hands.play.stage.world.faults().first() {
                let name = status.fault.name();
                hands.step(&format!(r#"{{ "repair": "{name}" }}"#));
            }
        }
        12 if powered => {
            hands.step(r#"{ "power": "off" }"#);
            hands.pass(pace);
            hands.step(r#"{ "power": "on" }"#);
        }
        _ => {
            hands.play.hold(Key::RESET);
            hands.pass(pace * 2.0);
            hands.play.let_go();
        }
    }
}

#[test]
fn whatever_hands_do_replays_green() {
    for seed in 0..SEEDS {
        let mut random = Random::new(seed, Stream::Keypad);
        let mut hands = Hands::new();
        for _ in 0..30 {
            anything(&mut hands, &mut random);
            hands.pass([0.1, 0.7, 2.9, 12.0, 61.0, 4_000.0][random.below(6) as usize]);
        }
        assert!(hands.written().len() > 20, "seed {seed}");
    }
}
