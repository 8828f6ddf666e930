//! What the lock shows and sounds: ticks, signals, and their order.

use heapless::Deque;

use crate::limits::{ANSWER, BETWEEN_SIGNALS, FLASH, TICK};
use crate::time::{Instant, earliest};

/// A pattern of flashes with a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// A code opened, or Enter locked.
    Granted,
    /// A custom PIN or a programming function took effect.
    Saved,
    /// Anything refused.
    Denied,
    /// Programming goes on.
    Step,
    /// A key during lockout.
    LockedOut,
    /// The cells should be changed.
    BatteryLow,
    /// The cells must be changed.
    BatteryCritical,
    /// The bolt did not reach its end.
    Jammed,
}

/// What the LED shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Light {
    /// Nothing.
    #[default]
    Dark,
    /// The green half.
    Green,
    /// The red half.
    Red,
    /// Both halves.
    Orange,
}

impl Signal {
    /// The flashes, in order.
    #[must_use]
    pub const fn flashes(self) -> &'static [Light] {
        use Light::{Green, Orange, Red};
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

    /// From the first flash's start to the last one's end.
    fn length(self) -> crate::time::Duration {
        let flashes = u32::try_from(self.flashes().len()).unwrap_or(u32::MAX);
        FLASH * (2 * flashes - 1)
    }

    /// What shows at `now` of a signal that began at `begun`.
    fn light(self, begun: Instant, now: Instant) -> Light {
        let Some(elapsed) = now.checked_duration_since(begun) else {
            return Light::Dark;
        };
        let phase = elapsed.as_ticks() / FLASH.as_ticks();
        if phase % 2 == 1 {
            return Light::Dark;
        }
        let flash = usize::try_from(phase / 2).unwrap_or(usize::MAX);
        self.flashes().get(flash).copied().unwrap_or_default()
    }
}

/// Plays ticks and signals. Nothing waits for it, and a key cuts it short.
#[derive(Clone, Debug, Default)]
pub struct Player {
    tick: Option<Instant>,
    playing: Option<(Signal, Instant)>,
    next: Deque<Signal, 4>,
    /// No signal begins before.
    free: Option<Instant>,
}

impl Player {
    /// A key was pressed at `now`: ends what plays, and acknowledges.
    pub fn tick(&mut self, now: Instant) {
        self.cut(now);
        self.tick = Some(now);
    }

    /// A key was pressed at `now` that is not acknowledged: ends what plays.
    pub fn cut(&mut self, now: Instant) {
        *self = Self {
            free: Some(now + ANSWER),
            ..Self::default()
        };
    }

    /// Plays `signal` as soon as the tick and the signals before it allow. Where too many wait already, it is left out.
    pub fn play(&mut self, signal: Signal, now: Instant) {
        if self.playing.is_none() {
            self.begin(signal, now);
        } else {
            self.next.push_back(signal).unwrap_or_default();
        }
    }

    /// What is to show at `now`.
    pub fn update(&mut self, now: Instant) -> Light {
        while let Some((signal, begun)) = self.playing
            && now >= begun + signal.length()
        {
            self.free = Some(begun + signal.length() + BETWEEN_SIGNALS);
            self.playing = None;
            if let Some(next) = self.next.pop_front() {
                self.begin(next, begun + signal.length());
            }
        }
        self.tick = self.tick.filter(|tick| now < *tick + TICK);
        match (self.tick, self.playing) {
            (Some(_), _) => Light::Green,
            (None, Some((signal, begun))) => signal.light(begun, now),
            (None, None) => Light::Dark,
        }
    }

    /// When the light changes next.
    #[must_use]
    pub fn deadline(&self, now: Instant) -> Option<Instant> {
        let tick = self.tick.map(|tick| tick + TICK);
        let edge = self
            .playing
            .map(|(_, begun)| match now.checked_duration_since(begun) {
                None => begun,
                Some(elapsed) => {
                    begun
                        + FLASH
                            * u32::try_from(elapsed.as_ticks() / FLASH.as_ticks() + 1)
                                .unwrap_or(u32::MAX)
                }
            });
        earliest(tick, edge)
    }

    fn begin(&mut self, signal: Signal, now: Instant) {
        let begun = self.free.map_or(now, |free| free.max(now));
        self.playing = Some((signal, begun));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::fmt::Write;

    type Act = fn(&mut Player, Instant);

    /// The light as a letter each 40 ms from 0 to `end` ms, with `script` acting at its times.
    fn show(end: u64, script: &[(u64, Act)]) -> heapless::String<256> {
        let mut player = Player::default();
        let mut shown = heapless::String::new();
        for ms in (0..end).step_by(40) {
            let now = Instant::from_ticks(ms * 1_000);
            for (_, act) in script.iter().filter(|(at, _)| *at == ms) {
                act(&mut player, now);
            }
            let letter = match player.update(now) {
                Light::Dark => '.',
                Light::Green => 'g',
                Light::Red => 'r',
                Light::Orange => 'o',
            };
            shown.write_char(letter).expect("short");
        }
        shown
    }

    #[test]
    fn an_answer_follows_its_tick_apart() {
        let shown = show(
            1_600,
            &[(0, |p, now| {
                p.tick(now);
                p.play(Signal::Denied, now);
            })],
        );
        assert_eq!(shown.as_str(), "g....rrrrr.....rrrrr.....rrrrr..........");
    }

    #[test]
    fn a_second_signal_waits_600_ms() {
        let shown = show(
            1_800,
            &[(0, |p, now| {
                p.tick(now);
                p.play(Signal::Granted, now);
                p.play(Signal::Step, now);
            })],
        );
        assert_eq!(
            shown.as_str(),
            "g....ggggg...............ooooo..............."
        );
        let late = show(
            1_800,
            &[
                (0, |p, now| {
                    p.tick(now);
                    p.play(Signal::Granted, now);
                }),
                (480, |p, now| p.play(Signal::Step, now)),
            ],
        );
        assert_eq!(
            late, shown,
            "the same when it is asked for after the first has ended"
        );
    }

    #[test]
    fn a_key_cuts_what_plays_and_what_waits() {
        let shown = show(
            1_200,
            &[
                (0, |p, now| {
                    p.play(Signal::Denied, now);
                    p.play(Signal::BatteryLow, now);
                }),
                (80, |p, now| p.tick(now)),
            ],
        );
        assert_eq!(shown.as_str(), "rrg...........................");
    }

    #[test]
    fn deadlines_are_the_edges() {
        let mut player = Player::default();
        let at = |ms: u64| Instant::from_ticks(ms * 1_000);
        assert_eq!(player.deadline(at(0)), None);
        player.tick(at(0));
        player.play(Signal::Granted, at(0));
        for (now, next) in [
            (0, Some(40)),
            (40, Some(200)),
            (200, Some(400)),
            (400, None),
        ] {
            player.update(at(now));
            assert_eq!(player.deadline(at(now)), next.map(at), "after {now} ms");
        }
    }
}
