//! What a person sees and hears: signals, from when the LED shines and the buzzer sounds, and from nothing else.
//!
//! A flash or a beep lasts 200 ms, and the next of its signal follows 200 ms later, both to a tenth. Shorter blinks are
//! ticks of keys, which cut a signal short: what had been shown of it is void. A signal is complete after 400 ms without
//! another flash or tick. A longer light, or a gap of another length, spoils all until it has been dark and quiet for so
//! long: nobody could say what it was.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::devices::Colour;
use crate::time::{Time, earliest};
use crate::vocabulary;

const SHORTEST: Duration = Duration::from_millis(180);
const LONGEST: Duration = Duration::from_millis(220);
const COMPLETE: Duration = Duration::from_millis(400);

vocabulary! {
    /// What the lock says to a person.
    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum Signal {
        /// A code opened, or Enter locked.
        Granted => "granted",
        /// Something took effect for good.
        Saved => "saved",
        /// Anything refused.
        Denied => "denied",
        /// Programming goes on.
        Step => "step",
        /// A key during lockout.
        LockedOut => "locked_out",
        /// The batteries are weak.
        BatteryLow => "battery_low",
        /// The batteries are almost flat.
        BatteryCritical => "battery_critical",
        /// The bolt did not reach its end.
        Jammed => "jammed",
    }
}

impl Signal {
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
        // Sound tells the group by itself only where nothing was to be seen.
        if light.spoiled || light.pulses.is_empty() && sound.spoiled {
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
            self.begun = None;
            self.pulses.clear();
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What is recognised of a timeline: milliseconds and `g`, `r`, `o` for a light, `.` for none; capitals for a light
    /// with sound, `B` for sound alone. Dark and silence follow. Each group reads `name beeps`, or its colours for a name.
    fn groups(timeline: &str) -> Vec<String> {
        let mut recogniser = Recogniser::default();
        let mut now = Time::from_millis(1_000);
        let mut seen = Vec::new();
        for part in timeline.split_whitespace().chain(["9999."]) {
            let (millis, what) = part.split_at(part.len() - 1);
            let light = match what.to_ascii_lowercase().as_str() {
                "g" => Some(Colour::Green),
                "r" => Some(Colour::Red),
                "o" => Some(Colour::Orange),
                _ => None,
            };
            recogniser.sense(light, what.chars().all(char::is_uppercase), now);
            let end = now + Duration::from_millis(millis.parse().expect("milliseconds"));
            while let Some(deadline) = recogniser.deadline().filter(|deadline| *deadline <= end) {
                seen.extend(recogniser.update(deadline).map(|group| told(&group)));
            }
            now = end;
        }
        seen
    }

    fn told(group: &Group) -> String {
        let colours = group.leds.iter().map(|colour| colour.as_str());
        let name = group.signal.map_or_else(
            || colours.collect::<Vec<_>>().join(" "),
            |signal| signal.to_string(),
        );
        format!("{name} {}", group.beeps)
    }

    #[test]
    fn every_signal_is_recognised() {
        for signal in Signal::ALL {
            let letter = |colour: &Colour| match colour {
                Colour::Green => "200G",
                Colour::Red => "200R",
                Colour::Orange => "200O",
            };
            let flashes: Vec<_> = signal.leds().iter().map(letter).collect();
            let expected = format!("{signal} {}", flashes.len());
            assert_eq!(groups(&flashes.join(" 200. ")), [expected]);
        }
    }

    #[test]
    fn timelines() {
        let table: [(&str, &[&str]); 23] = [
            // Within a tenth, and not beyond.
            ("180r 220. 220r 180. 200r", &["denied 0"]),
            ("179r", &[]),
            ("221r", &[]),
            ("200r 179. 200r", &[]),
            ("200r 221. 200r", &[]),
            // Ticks of keys are no signals and spoil none that follows.
            ("40G", &[]),
            ("40G 160. 40G 160. 40G 160. 200G", &["granted 1"]),
            // A key cuts a signal short: nobody knows what it was.
            ("200R 200. 120R 40G", &[]),
            (
                "200R 200. 120R 80. 40G 160. 200R 200. 200R 200. 200R",
                &["denied 3"],
            ),
            ("200R 200. 120R 80. 40G 160. 200G", &["granted 1"]),
            ("200G 100. 40G", &[]),
            ("200R 200. 120R 40G 400. 200G", &["granted 1"]),
            // Two signals are two after 400 ms.
            (
                "200G 600. 200R 200. 200R 200. 200R 200. 200R",
                &["granted 1", "battery_low 4"],
            ),
            ("200G 399. 200G", &[]),
            ("200G 400. 200G", &["granted 1", "granted 1"]),
            // Flashes of no signal.
            ("200g 200. 200r", &["green red 0"]),
            ("200r 200. 200r", &["red red 0"]),
            // A light that stays on, or changes without a gap.
            ("5000g", &[]),
            ("200r 200g", &[]),
            // Beeps count by themselves: a broken LED is heard, a tick isn't counted.
            ("200B 200. 200B", &[" 2"]),
            ("40B 160. 200B", &[" 1"]),
            ("200R 200. 200r 200. 200R", &["denied 2"]),
            ("200B 200. 100B", &[]),
        ];
        for (timeline, expected) in table {
            assert_eq!(groups(timeline), expected, "{timeline}");
        }
    }

    #[test]
    fn a_group_is_dated_by_its_first_flash() {
        let mut recogniser = Recogniser::default();
        recogniser.sense(Some(Colour::Green), true, Time::from_millis(50));
        assert!(!recogniser.is_busy(), "it may be a tick");
        recogniser.sense(None, false, Time::from_millis(250));
        assert!(recogniser.is_busy());
        assert_eq!(recogniser.deadline(), Some(Time::from_millis(650)));
        assert_eq!(recogniser.update(Time::from_millis(649)), None);
        let group = recogniser.update(Time::from_millis(650)).expect("complete");
        assert_eq!(
            (group.begun, recogniser.is_busy()),
            (Time::from_millis(50), false)
        );
    }
}
