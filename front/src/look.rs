//! How the front-end takes in what has happened to the lock, and what it lets panes see.

use std::time::Duration;

use super::app::{App, NextKey};
use super::glow::Glow;
use super::view::{Hand, Light, Observed, ViewModel};
use sim::devices::{Colour, Level, Line};
use sim::play::outlook;
use sim::trace::TraceKind;

/// How long a light is seen after it went out.
const AFTERGLOW: Duration = Duration::from_millis(900);

impl App {
    /// What there is to be seen.
    pub(crate) fn view(&self) -> ViewModel<'_> {
        ViewModel {
            lock: &self.observed,
            light: self.light(),
            sounds: self.observed.sounding || self.glow.sound.is_some_and(|at| self.is_fresh(at)),
            down: self.down(),
            hand: self.hand(),
            speed: self.speed,
            pace: self.pace(),
            running: self.running,
            leaping: self.jump.is_some(),
            script: self.script.as_ref(),
            focus: self.focus,
            notice: self.notice.as_ref(),
            chosen: self.book.chosen,
            log: &self.log,
            waves: &self.waves,
            storage: self.storage.as_ref(),
            play: &self.play,
        }
    }

    fn light(&self) -> Light {
        match (self.observed.light, self.glow.light) {
            (Some(colour), _) => Light::Shining(colour),
            (None, Some((colour, since))) if self.is_fresh(since) => Light::Afterglow(colour),
            (None, _) => Light::Dark,
        }
    }

    fn hand(&self) -> Hand<'_> {
        if self.next_key == NextKey::Held {
            return Hand::HoldsNext;
        }
        if let Some(key) = self.play.down().filter(|_| self.play.is_holding()) {
            return Hand::Holding(key);
        }
        match self.play.stage.known.entry() {
            entry if !entry.is_empty() && self.is_somebody_typing() => Hand::Typed(entry),
            _ => Hand::Idle,
        }
    }

    /// Whether something of then is still to be seen.
    fn is_fresh(&self, since: Duration) -> bool {
        self.host.saturating_sub(since) < AFTERGLOW
    }

    pub(super) fn is_glowing(&self) -> bool {
        let light = self.glow.light.map(|(_, since)| since);
        [light, self.glow.sound]
            .into_iter()
            .flatten()
            .any(|since| self.is_fresh(since))
    }

    /// Takes in what has happened on the stage.
    pub(crate) fn look(&mut self) {
        let world = &self.play.stage.world;
        let mut colour = None;
        for event in world.trace().since(self.looked_at) {
            let TraceKind::Pin {
                pin,
                level: Level::High,
            } = event.kind
            else {
                continue;
            };
            match (pin, colour) {
                (Line::Green, Some(Colour::Red)) | (Line::Red, Some(Colour::Green)) => {
                    colour = Some(Colour::Orange);
                }
                (Line::Green, _) => colour = Some(Colour::Green),
                (Line::Red, _) => colour = Some(Colour::Red),
                (Line::Buzzer, _) => self.glow.sound = Some(self.host),
                _ => {}
            }
        }
        let grown = world.trace().len() != self.looked_at;
        self.looked_at = world.trace().len();
        self.waves.look(world.trace());
        let shining = world.light();
        if let Some(colour) = shining.or(colour) {
            self.glow.light = Some((colour, self.host));
        }
        let outlook = if grown || self.observed.outlook.is_none() || self.outlook_is_over() {
            outlook::next(world)
        } else {
            self.observed.outlook.clone()
        };
        let observed = Observed::of(&self.play.stage, outlook);
        if grown || observed != self.observed || self.is_glowing() {
            self.dirty = true;
        }
        self.observed = observed;
    }

    /// Takes in a stage that isn't the one of before.
    pub(crate) fn look_anew(&mut self) {
        self.looked_at = self.play.stage.world.trace().len();
        self.waves.forget();
        self.glow = Glow::default();
        self.observed.outlook = None;
        self.look();
        self.dirty = true;
    }

    fn outlook_is_over(&self) -> bool {
        self.observed
            .outlook
            .as_ref()
            .is_some_and(|outlook| outlook.at <= self.play.now())
    }
}
