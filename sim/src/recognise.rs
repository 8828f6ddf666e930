//! What a person sees and hears: signals, from when the LED shines and the buzzer sounds, and from nothing else.
//!
//! A flash or a beep lasts 200 ms, and the next of its signal follows 200 ms later, both to a tenth. Shorter blinks are
//! ticks of keys. A signal is complete after 400 ms without another flash. A blink, a long light or a gap of another
//! length inside a signal spoils it: nobody could say what it was.

use std::fmt::{self, Display};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::devices::Colour;
use crate::time::{Time, earliest};

const SHORTEST: Duration = Duration::from_millis(180);
const LONGEST: Duration = Duration::from_millis(220);
const COMPLETE: Duration = Duration::from_millis(400);

/// What the lock says to a person.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// A code opened, or Enter locked.
    Granted,
    /// Something took effect for good.
    Saved,
    /// Anything refused.
    Denied,
    /// Programming goes on.
    Step,
    /// A key during lockout.
    LockedOut,
    /// The batteries are weak.
    BatteryLow,
    /// The batteries are almost flat.
    BatteryCritical,
    /// The bolt did not reach its end.
    Jammed,
}

impl Signal {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Granted,
        Self::Saved,
        Self::Denied,
        Self::Step,
        Self::LockedOut,
        Self::BatteryLow,
        Self::BatteryCritical,
        Self::Jammed,
    ];

    /// Its flashes.
    #[must_use]
    pub const fn leds(self) -> &'static [Colour] {
        use Colour::{Green, Orange, Red};
        match self {
            Self::Granted => &[Green],
            Self::Saved => &[Green, Green],
            Self::Denied => &[Red, Red, Red],
            Self::Step => &[Orange],
            Self::LockedOut => &[Red],
            Self::BatteryLow => &[Red; 4],
            Self::BatteryCritical => &[Red; 8],
            Self::Jammed => &[Red, Red, Green, Green],
        }
    }

    /// The one of these flashes.
    #[must_use]
    pub fn of(leds: &[Colour]) -> Option<Self> {
        Self::ALL.into_iter().find(|signal| signal.leds() == leds)
    }

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Saved => "saved",
            Self::Denied => "denied",
            Self::Step => "step",
            Self::LockedOut => "locked_out",
            Self::BatteryLow => "battery_low",
            Self::BatteryCritical => "battery_critical",
            Self::Jammed => "jammed",
        }
    }
}

impl Display for Signal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Flashes and beeps that belong together and are complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// When the first began.
    pub begun: Time,
    /// What they mean, if the flashes are those of a signal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<Signal>,
    /// The flashes; none where the LED is broken and the buzzer isn't.
    pub leds: Vec<Colour>,
    /// How many beeps.
    pub beeps: u32,
}

/// Watches light and sound.
#[derive(Clone, Debug, Default)]
pub struct Recogniser {
    light: Channel<Colour>,
    sound: Channel<Beep>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Beep;

impl Recogniser {
    /// From `now` on this is to be seen and heard.
    pub fn sense(&mut self, light: Option<Colour>, sounding: bool, now: Time) {
        self.light.set(light, now);
        self.sound.set(sounding.then_some(Beep), now);
    }

    /// Whether flashes or beeps have begun that aren't complete yet.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.light.is_busy() || self.sound.is_busy()
    }

    /// When [`Recogniser::update`] will know more if nothing changes before.
    #[must_use]
    pub fn deadline(&self) -> Option<Time> {
        let waiting = self.is_busy() && self.light.pulse.is_none() && self.sound.pulse.is_none();
        let last = earliest([Some(self.light.end.max(self.sound.end))])?;
        waiting.then(|| last + COMPLETE)
    }

    /// What has become complete by `now`.
    pub fn update(&mut self, now: Time) -> Option<Group> {
        if self.deadline()? > now {
            return None;
        }
        let Self { light, sound } = std::mem::take(self);
        if light.spoiled || sound.spoiled {
            return None;
        }
        Some(Group {
            begun: earliest([light.begun, sound.begun])?,
            signal: Signal::of(&light.pulses),
            leds: light.pulses,
            beeps: sound.pulses.len() as u32,
        })
    }
}

/// A light or a sound over time.
#[derive(Clone, Debug)]
struct Channel<T> {
    /// What is on, and since when.
    pulse: Option<(T, Time)>,
    /// When the last pulse of the group ended.
    end: Time,
    /// When the first pulse of the group began.
    begun: Option<Time>,
    pulses: Vec<T>,
    spoiled: bool,
}

impl<T> Default for Channel<T> {
    fn default() -> Self {
        Self {
            pulse: None,
            end: Time::START,
            begun: None,
            pulses: Vec::new(),
            spoiled: false,
        }
    }
}

impl<T: Copy + PartialEq> Channel<T> {
    fn is_busy(&self) -> bool {
        self.begun.is_some() || self.spoiled
    }

    fn set(&mut self, value: Option<T>, now: Time) {
        if self.pulse.map(|(value, _)| value) == value {
            return;
        }
        if let Some((ended, since)) = self.pulse.take() {
            self.finish(ended, since, now);
        }
        self.pulse = value.map(|value| (value, now));
    }

    fn finish(&mut self, value: T, since: Time, now: Time) {
        let length = now - since;
        if length < SHORTEST {
            self.spoiled |= self.begun.is_some();
        } else if length > LONGEST {
            self.spoiled = true;
        } else {
            let gap = since - self.end;
            self.spoiled |= self.begun.is_some() && !(SHORTEST..=LONGEST).contains(&gap);
            self.begun.get_or_insert(since);
            self.pulses.push(value);
        }
        if self.is_busy() {
            self.end = now;
        }
    }
}
