//! A lock on the bench, somebody who waits beside it for years, and guests.

use std::time::Duration;

use chrono::NaiveDateTime;
use firmware_core::audit::{Field, Stamp};
use firmware_core::limits::SHORTEST_PRESS;
use firmware_core::settings::{SettingName, Settings};
use jiff::Timestamp;
use sim::devices::BoltState;
use sim::key::Key;
use sim::recognise::Signal;
use sim::stimulus::Stimulus;
use sim::time::Time;
use sim::trace::TraceKind;
use sim::world::{LockClock, Secrets, Setup, World};
use sim::zones::{Zone, chrono_civil};
use smartpin::{DailyHours, Generation, LockKey, Stay, Variant, Window};

use crate::oracle::Oracle;

const KEY: [u8; 16] = [7; 16];
/// A person's pace.
const DOWN: Duration = Duration::from_millis(80);
const UP: Duration = Duration::from_millis(120);
/// What a guest sees of the lock, and the owner in its log.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    signals: Vec<Signal>,
    bolt: BoltState,
    logged: Vec<(String, Option<String>, String)>,
}

impl Answer {
    /// To a PIN for a stay with these bounds, with Enter read in this second.
    pub(crate) fn expected(
        oracle: &Oracle,
        (start, end): (NaiveDateTime, NaiveDateTime),
        second: i64,
    ) -> Self {
        let reason = if second >= oracle.first(end) {
            Some("expired")
        } else if oracle.wall(second) < start {
            Some("too_early")
        } else {
            None
        };
        let time = format!("{}", Timestamp::from_second(second).expect("an instant"));
        let (signal, bolt, event) = match reason {
            None => (Signal::Granted, BoltState::Unlocked, "unlocked"),
            Some(_) => (Signal::Denied, BoltState::Locked, "denied"),
        };
        Self {
            signals: vec![signal],
            bolt,
            logged: vec![(event.into(), reason.map(Into::into), time)],
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.bolt == BoltState::Unlocked
    }
}

/// A lock that nobody has touched yet.
#[derive(Clone)]
pub(crate) struct Door(World);

impl Door {
    /// Hangs it in a zone, at the beginning of a second.
    pub(crate) fn install(zone: &str, hours: DailyHours, start: i64) -> Self {
        let zone: Zone = zone.parse().expect("a zone");
        let mut settings = Settings {
            smartpin_enabled: true,
            daily_hours: hours,
            ..Settings::default()
        };
        settings
            .set(SettingName::Timezone, zone.posix())
            .expect("a rule for the lock");
        let setup = Setup {
            lock_key: LockKey::from_bytes(KEY),
            settings,
            programming_code: None,
            start: Timestamp::from_second(start).expect("an instant"),
            seed: 1,
            secrets: Secrets::Hidden,
        };
        Self(World::new(&setup).expect("room in the store"))
    }

    /// On to an instant in microseconds; time doesn't go back.
    pub(crate) fn travel_to(&mut self, micros: i64) {
        let time = self.time(micros);
        self.0.run_until(time);
    }

    /// What the lock takes the time to be.
    pub(crate) fn clock(&self) -> NaiveDateTime {
        match self.0.ask_clock() {
            LockClock::Says(civil) => chrono_civil(civil).expect("a date"),
            other => panic!("{other:?}"),
        }
    }

    /// A guest types their PIN, so that the lock reads the time for Enter at this instant in microseconds.
    pub(crate) fn visit(mut self, window: Window, read: i64) -> Answer {
        let first = self.0.trace().len();
        let stay = Stay {
            window,
            variant: Variant::ZERO,
        };
        let pin = LockKey::from_bytes(KEY)
            .pin_key()
            .issue(stay, Generation(0));
        let digits = pin
            .digits()
            .map(|digit| Key::named(char::from(b'0' + digit)).expect("a key"));
        let typing = (DOWN + UP) * 10 + Duration::from_micros(SHORTEST_PRESS.as_ticks());
        self.travel_to(read - typing.as_micros() as i64);
        for key in digits.into_iter().chain(Key::named('#')) {
            self.press(key);
        }
        self.0.run_for(Duration::from_millis(1_900));
        self.answer(first)
    }

    fn press(&mut self, key: Key) {
        self.0.apply(Stimulus::KeyDown { key, label: None });
        self.0.run_for(DOWN);
        self.0.apply(Stimulus::KeyUp { key, label: None });
        self.0.run_for(UP);
    }

    fn answer(&self, first: usize) -> Answer {
        let mut answer = Answer {
            signals: Vec::new(),
            bolt: self.0.bolt(),
            logged: Vec::new(),
        };
        for event in self.0.trace().since(first) {
            match &event.kind {
                TraceKind::Signal(group) => answer.signals.extend(group.signal),
                TraceKind::Audit(entry) => {
                    let time = match entry.stamp {
                        Stamp::Utc(utc) => utc.to_string(),
                        Stamp::Uptime { .. } => String::new(),
                    };
                    answer.logged.push((
                        entry.event.kind().to_string(),
                        entry.field(Field::Reason),
                        time,
                    ));
                }
                _ => {}
            }
        }
        answer
    }

    fn time(&self, micros: i64) -> Time {
        let utc = Timestamp::from_microsecond(micros).expect("an instant");
        self.0.time_of(utc).expect("after the lock was hung")
    }
}
