//! How time passes: as fast as it was asked for, as slowly as somebody types.

use std::time::Duration;

use jiff::Zoned;

use super::app::App;
use super::script::{Mode, Script};
use super::speed::Speed;
use super::theme::Role;
use sim::time::{Time, earliest};

/// How long a notice stays.
const NOTICE: Duration = Duration::from_secs(8);
/// An entry is forgotten by the lock after so long without a key.
const ENTRY: Duration = Duration::from_secs(10);
/// What the lock does in answer to an entry is over by then.
const ANSWER: Duration = Duration::from_millis(2_500);

impl App {
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
    pub fn tick(&mut self, elapsed: Duration, more: &mut dyn FnMut() -> bool) {
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
                let Some(next) = self.next_event().or_else(|| self.next_stop()) else {
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

    /// Begins the scenario's next step, if it is time for it.
    pub(super) fn begin_step(&mut self) {
        let plays = self
            .script
            .as_ref()
            .is_some_and(|script| script.mode == Mode::Running && !script.is_busy());
        if !plays || self.play.is_typing() {
            return;
        }
        self.mark_step();
        if let Some(script) = &mut self.script {
            script.begin(&mut self.play);
        }
        self.heed_script();
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
                "line {}: {}; u goes to before it",
                script.lines[script.at].number, failed.message
            );
            self.running = false;
            self.say(Role::Bad, text);
        } else if script.is_over() {
            let text = format!("passed: {}", script.name);
            self.running = false;
            self.say(Role::Good, text);
        }
    }

    /// When the screen will have changed by itself; none if it won't.
    #[must_use]
    pub fn next_frame(&self) -> Option<Duration> {
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
            .observed
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
}
