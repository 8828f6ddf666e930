//! What is to be seen of the lock, and for how long after.

use std::time::Duration;

use jiff::{SignedDuration, Zoned};

use super::app::App;
use crate::devices::{BoltState, Colour, Level, Line, MotorState};
use crate::play::outlook::{self, Outlook};
use crate::stage::Stage;
use crate::trace::TraceKind;
use crate::world::LockClock;
/// How long a light is seen after it went out.
pub(crate) const AFTERGLOW: Duration = Duration::from_millis(900);

/// What the screen shows of the lock, asked for once a change.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Face {
    pub(crate) clock: LockClock,
    /// What clocks on the wall show.
    pub(crate) here: Zoned,
    pub(crate) outlook: Option<Outlook>,
    pub(crate) light: Option<Colour>,
    pub(crate) sounding: bool,
    pub(crate) bolt: BoltState,
    pub(crate) motor: MotorState,
    pub(crate) powered: bool,
}

/// When something last shone or sounded, by the host's time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Glow {
    pub(crate) light: Option<(Colour, Duration)>,
    pub(crate) sound: Option<Duration>,
}

impl App {
    pub(super) fn is_glowing(&self) -> bool {
        let fresh = |since: Duration| self.host.saturating_sub(since) < AFTERGLOW;
        self.glow.light.is_some_and(|(_, since)| fresh(since)) || self.glow.sound.is_some_and(fresh)
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
        self.pins.look(world.trace());
        let shining = world.light();
        if let Some(colour) = shining.or(colour) {
            self.glow.light = Some((colour, self.host));
        }
        let outlook = if grown || self.face.outlook.is_none() || self.outlook_is_over() {
            outlook::next(world)
        } else {
            self.face.outlook.clone()
        };
        let face = Face::of(&self.play.stage, outlook);
        if grown || face != self.face || self.is_glowing() {
            self.dirty = true;
        }
        self.face = face;
    }

    /// Takes in a stage that isn't the one of before.
    pub(crate) fn look_anew(&mut self) {
        self.looked_at = self.play.stage.world.trace().len();
        self.pins.forget();
        self.glow = Glow::default();
        self.face.outlook = None;
        self.look();
        self.dirty = true;
    }

    fn outlook_is_over(&self) -> bool {
        self.face
            .outlook
            .as_ref()
            .is_some_and(|outlook| outlook.at <= self.play.now())
    }
}

impl Face {
    /// How far the lock's clock is ahead of the true time; nothing where that is a second at most, or the lock trusts
    /// no clock.
    pub(crate) fn ahead(&self) -> SignedDuration {
        match &self.clock {
            LockClock::Says(says) => Some(says.duration_since(self.here.datetime())),
            LockClock::Untrusted(_) | LockClock::Silent => None,
        }
        .filter(|ahead| ahead.abs().as_secs() > 1)
        .unwrap_or_default()
    }

    pub(super) fn of(stage: &Stage, outlook: Option<Outlook>) -> Self {
        let world = &stage.world;
        let here = stage.known.zone.at(stage.utc());
        Self {
            clock: world.ask_clock(),
            here: here
                .with()
                .subsec_nanosecond(0)
                .build()
                .unwrap_or_else(|_| here.clone()),
            outlook,
            light: world.light(),
            sounding: world.is_sounding(),
            bolt: world.bolt(),
            motor: world.motor(),
            powered: world.is_powered(),
        }
    }
}
