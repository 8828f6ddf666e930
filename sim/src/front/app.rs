//! Everything that the front-end knows. [`App::update`] and [`App::tick`] change it; drawing only reads it.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Zoned;

use super::dialogs::Dialog;
use super::history::History;
use super::layout::Pane;
use super::panes::{book::BookState, log::LogState, pins::PinsState};
use super::script::{Mode, Script};
use super::state::{StateError, StateFolder};
use super::theme::Role;
use crate::devices::{BoltState, Colour, Level, Line, MotorState};
use crate::play::outlook::{self, Outlook};
use crate::play::record::{Record, What};
use crate::play::{Origin, Play};
use crate::scenario::model;
use crate::scenario::model::time::Moment;
use crate::stage::Stage;
use crate::stimulus::Key;
use crate::time::{Time, earliest};
use crate::trace::TraceKind;
use crate::world::{LockClock, Secrets};
use crate::zones::Zone;

/// How fast virtual time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Speed {
    Times(u32),
    /// From event to event, without waiting.
    Unbound,
}

impl Speed {
    pub(crate) const ALL: [Self; 6] = [
        Self::Times(1),
        Self::Times(10),
        Self::Times(60),
        Self::Times(600),
        Self::Times(3_600),
        Self::Unbound,
    ];

    pub(crate) fn faster(self) -> Self {
        *Self::ALL
            .iter()
            .find(|speed| **speed > self)
            .unwrap_or(&Self::Unbound)
    }

    pub(crate) fn slower(self) -> Self {
        *Self::ALL
            .iter()
            .rev()
            .find(|speed| **speed < self)
            .unwrap_or(&Self::Times(1))
    }
}

impl std::fmt::Display for Speed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Times(times) => write!(formatter, "{times}x"),
            Self::Unbound => formatter.write_str("as fast as it goes"),
        }
    }
}

/// One line for the person at the screen.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    pub(crate) text: String,
    pub(crate) role: Role,
    since: Duration,
}

/// How long a notice stays.
const NOTICE: Duration = Duration::from_secs(8);
/// How long a light is seen after it went out.
pub(crate) const AFTERGLOW: Duration = Duration::from_millis(900);
/// An entry is forgotten by the lock after so long without a key.
const ENTRY: Duration = Duration::from_secs(10);
/// What the lock does in answer to an entry is over by then.
const ANSWER: Duration = Duration::from_millis(2_500);

/// What becomes of the next key of the lock that is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextKey {
    Tapped,
    Held,
}

/// When something last shone or sounded, by the host's time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Glow {
    pub(crate) light: Option<(Colour, Duration)>,
    pub(crate) sound: Option<Duration>,
}

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

/// The front-end's state.
pub(crate) struct App {
    pub(crate) play: Play,
    pub(crate) origin: Origin,
    pub(crate) history: History,
    pub(crate) script: Option<Script>,
    pub(crate) running: bool,
    pub(crate) speed: Speed,
    pub(crate) focus: Pane,
    pub(crate) whole: bool,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) notice: Option<Notice>,
    pub(crate) book: BookState,
    pub(crate) log: LogState,
    pub(crate) pins: PinsState,
    pub(crate) face: Face,
    pub(crate) glow: Glow,
    /// What becomes of the next key of the lock.
    pub(crate) next_key: NextKey,
    /// How long the front-end has been open.
    pub(crate) host: Duration,
    /// Time goes to there without being waited for.
    pub(crate) jump: Option<Time>,
    /// The record as it was saved last.
    pub(crate) saved: usize,
    /// Where files are looked for and written.
    pub(crate) folder: PathBuf,
    pub(crate) end: Option<End>,
    /// How much of the record was kept, and when.
    kept: (usize, Duration),
    /// The folder that keeps the lock between runs.
    pub(crate) state: Option<StateFolder>,
    looked_at: usize,
    pub(crate) dirty: bool,
}

/// Why the front-end is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Quit,
    /// To the shell, and back.
    Suspend,
}

impl App {
    /// A lock that hangs on the door, with what was done to it before.
    pub(crate) fn new(play: Play, origin: Origin, folder: PathBuf) -> Self {
        let face = Face::of(&play.stage, None);
        let mut app = Self {
            face,
            saved: play.record.len(),
            play,
            origin,
            history: History::default(),
            script: None,
            running: true,
            speed: Speed::Times(1),
            focus: Pane::Door,
            whole: false,
            dialog: None,
            notice: None,
            book: BookState::default(),
            log: LogState::default(),
            pins: PinsState::default(),
            glow: Glow::default(),
            next_key: NextKey::Tapped,
            host: Duration::ZERO,
            jump: None,
            folder,
            end: None,
            state: None,
            kept: (0, Duration::ZERO),
            looked_at: 0,
            dirty: true,
        };
        app.look();
        app
    }

    /// A new lock of the published test key, on a door in that zone.
    ///
    /// # Errors
    ///
    /// Where the clocks skip the start.
    pub(crate) fn fresh(start: Moment, zone: Zone) -> Result<(Play, Origin), String> {
        let origin = Origin {
            lock: model::Lock {
                timezone: Some(model::Zone(zone).into()),
                ..model::Lock::default()
            },
            start,
            seed: 1,
        };
        let stage = Stage::hang(&origin.lock, origin.start, origin.seed, Secrets::Shown)?;
        Ok((Play::new(stage, Record::default()), origin))
    }

    /// Keeps the lock in its folder, if it has one.
    ///
    /// # Errors
    ///
    /// Where the folder can't be written; what was kept before is still there.
    pub(crate) fn keep(&self) -> Result<(), StateError> {
        match &self.state {
            Some(state) => state.write(&self.play, &self.origin),
            None => Ok(()),
        }
    }

    /// Keeps the lock while somebody plays: after something was done, not while it is, and not too often.
    pub(crate) fn keep_now_and_then(&mut self, every: Duration) {
        let done = self.play.record.len();
        if self.state.is_none()
            || done == self.kept.0
            || self.host.saturating_sub(self.kept.1) < every
            || self.is_somebody_typing()
        {
            return;
        }
        self.kept = (done, self.host);
        if let Err(error) = self.keep() {
            self.say(Role::Bad, error.to_string());
        }
    }

    pub(crate) fn say(&mut self, role: Role, text: impl Into<String>) {
        self.notice = Some(Notice {
            text: text.into(),
            role,
            since: self.host,
        });
        self.dirty = true;
    }

    /// Whether something was done since it was saved last.
    pub(crate) fn is_unsaved(&self) -> bool {
        let done = self
            .play
            .record
            .items()
            .skip(self.saved)
            .any(|item| matches!(item.what, What::Did(_)));
        done && self.script.as_ref().is_none_or(Script::is_over)
    }

    /// The key of the lock that is down.
    pub(crate) fn down(&self) -> Option<Key> {
        self.play
            .down()
            .or_else(|| self.script.as_ref().and_then(Script::down))
    }

    /// Whether a scenario has its hands on the lock.
    pub(crate) fn is_scripted(&self) -> bool {
        self.script
            .as_ref()
            .is_some_and(|script| script.is_busy() || script.mode == Mode::Running)
    }

    /// The speed at which time passes now: somebody who types isn't rushed.
    pub(crate) fn pace(&self) -> Speed {
        if self.is_somebody_typing() {
            Speed::Times(1)
        } else {
            self.speed
        }
    }

    pub(crate) fn is_somebody_typing(&self) -> bool {
        if self.play.is_typing() || self.play.is_holding() {
            return true;
        }
        let Some((key, at)) = self.play.record.last_stroke() else {
            return false;
        };
        let ago = self.play.now() - at;
        if key.is_digit() {
            ago < ENTRY
        } else {
            ago < ANSWER && !self.is_scripted()
        }
    }

    /// Whether time passes.
    pub(crate) fn is_moving(&self) -> bool {
        self.jump.is_some() || self.running || self.play.is_typing()
    }

    /// Lets so much of the host's time pass. `more` tells whether there is time for more simulated events in this
    /// frame.
    pub(crate) fn tick(&mut self, elapsed: Duration, more: &mut dyn FnMut() -> bool) {
        self.host += elapsed;
        if let Some(target) = self.jump {
            self.leap(target, more);
        } else if self.is_moving() {
            self.flow(elapsed, more);
        }
        if let Some(rule) = self.play.broken().map(str::to_owned)
            && self.running
        {
            self.running = false;
            self.say(Role::Bad, rule);
        }
        if self
            .notice
            .as_ref()
            .is_some_and(|notice| self.host > notice.since + NOTICE)
        {
            self.notice = None;
            self.dirty = true;
        }
        self.look();
    }

    fn leap(&mut self, target: Time, more: &mut dyn FnMut() -> bool) {
        while self.play.now() < target {
            let next = self.play.next().unwrap_or(target).min(target);
            self.play.advance(next);
            if !more() {
                self.dirty = true;
                return;
            }
        }
        self.jump = None;
        self.dirty = true;
    }

    fn flow(&mut self, elapsed: Duration, more: &mut dyn FnMut() -> bool) {
        // A stalled terminal or a suspended program doesn't make the lock run away.
        let elapsed = elapsed.min(Duration::from_millis(250));
        match self.pace() {
            Speed::Times(times) => {
                let target = self.play.now() + elapsed * times;
                while self.play.now() < target {
                    let next = self.next_event().unwrap_or(target).min(target);
                    self.advance(next);
                    if !more() || !self.is_moving() {
                        break;
                    }
                }
            }
            Speed::Unbound => loop {
                self.begin_step();
                let Some(next) = self.next_event() else {
                    self.running = false;
                    self.say(Role::Text, "nothing more happens by itself: paused");
                    break;
                };
                self.advance(next);
                if !more() || !self.is_moving() || self.pace() != Speed::Unbound {
                    break;
                }
            },
        }
    }

    fn next_event(&self) -> Option<Time> {
        let script = self.script.as_ref().and_then(Script::due);
        earliest([self.play.next(), script])
    }

    fn advance(&mut self, to: Time) {
        self.begin_step();
        match &mut self.script {
            Some(script) if script.is_busy() => {
                script.advance(&mut self.play, to);
                self.heed_script();
            }
            _ => self.play.advance(to),
        }
    }

    fn begin_step(&mut self) {
        if let Some(script) = &mut self.script
            && script.mode == Mode::Running
            && !script.is_busy()
            && !self.play.is_typing()
        {
            script.begin(&mut self.play);
            self.heed_script();
        }
    }

    /// Tells how the scenario ended, if it has just done so.
    pub(crate) fn heed_script(&mut self) {
        let Some(script) = &self.script else {
            return;
        };
        if script.mode == Mode::Running || script.is_busy() {
            return;
        }
        if let Some(failed) = &script.failed {
            let text = format!(
                "line {}: {}",
                script.lines[script.at].number, failed.message
            );
            self.running = false;
            self.say(Role::Bad, text);
        } else if script.is_over() {
            let text = format!("{} passed", script.name);
            self.running = false;
            self.say(Role::Good, text);
        }
    }

    /// When the screen will have changed by itself; none if it won't.
    pub(crate) fn next_frame(&self) -> Option<Duration> {
        const FRAME: Duration = Duration::from_millis(33);
        if self.jump.is_some() {
            return Some(Duration::ZERO);
        }
        let glowing = self.is_glowing().then_some(FRAME * 2);
        let notice = self
            .notice
            .as_ref()
            .map(|notice| (notice.since + NOTICE).saturating_sub(self.host) + FRAME);
        let flow = self.is_moving().then(|| match self.pace() {
            Speed::Unbound => Duration::ZERO,
            Speed::Times(times) => (self.until_change() / times).max(FRAME),
        });
        [glowing, notice, flow].into_iter().flatten().min()
    }

    /// Virtual time until an event, or until the clock on the screen shows something else.
    fn until_change(&self) -> Duration {
        let now = self.play.now();
        let event = self.next_event().map(|next| next - now);
        let nanos = u64::try_from(self.face_time().subsec_nanosecond()).unwrap_or(0);
        let second = Duration::from_nanos(1_000_000_000 - nanos.min(999_999_999));
        let tenth = self
            .face
            .outlook
            .as_ref()
            .filter(|outlook| outlook.at - now < Duration::from_secs(10))
            .map(|_| Duration::from_millis(100));
        [event, Some(second), tenth]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(second)
    }

    fn face_time(&self) -> Zoned {
        self.play.stage.known.zone.at(self.play.stage.utc())
    }

    fn is_glowing(&self) -> bool {
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
    fn of(stage: &Stage, outlook: Option<Outlook>) -> Self {
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
