//! Everything that the front-end knows. [`App::handle`] and [`App::tick`] change it; drawing only reads it.

use std::time::Duration;

use ratatui::layout::Rect;

use super::dialogs::Dialog;
use super::glow::Glow;
use super::history::{History, Own};
use super::layout::{Layout, Pane};

use super::panes::inner;
use super::script::Script;
use super::speed::Speed;
use super::storage::Storage;
use super::theme::Role;
use super::view::{LogState, Notice, Observed};
use super::waves::Waves;
use sim::course::Origin;
use sim::key::Key;
use sim::moment::Moment;
use sim::play::Play;
use sim::play::kept;
use sim::play::record::Record;
use sim::scenario::model;
use sim::time::Time;
use sim::world::Secrets;
use sim::zones::Zone;

/// What becomes of the next key of the lock that is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextKey {
    Tapped,
    Held,
}

/// Which guest is chosen in the access book.
#[derive(Clone, Debug, Default)]
pub(crate) struct BookState {
    pub(crate) chosen: usize,
}

/// The front-end's state.
pub struct App {
    pub(crate) play: Play,
    pub(crate) origin: Origin,
    pub(crate) history: History,
    pub(crate) script: Option<Script>,
    /// One's own lock, while a scenario's hangs in its place.
    pub(crate) aside: Option<Own>,
    pub(crate) running: bool,
    pub(crate) speed: Speed,
    pub(crate) focus: Pane,
    pub(crate) whole: bool,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) notice: Option<Notice>,
    pub(crate) book: BookState,
    pub(crate) log: LogState,
    pub(crate) waves: Waves,
    pub(crate) observed: Observed,
    pub(crate) glow: Glow,
    /// What becomes of the next key of the lock.
    pub(crate) next_key: NextKey,
    /// How long the front-end has been open.
    pub(crate) host: Duration,
    /// Time goes to there without being waited for.
    pub(crate) jump: Option<Time>,
    /// The size of the terminal.
    pub(crate) screen: Rect,
    /// Where files are looked for and written, and the lock is kept.
    pub(crate) storage: Box<dyn Storage>,
    pub(crate) end: Option<End>,
    /// How much of the record was kept, and when.
    kept: (usize, Duration),
    pub(super) looked_at: usize,
    pub(crate) dirty: bool,
}

/// A lock to which something was done that isn't saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsaved {
    /// The one on the screen.
    Shown,
    /// One's own, beside a scenario's.
    Aside,
}

/// Why the front-end is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// For good.
    Quit,
    /// To the shell, and back.
    Suspend,
}

impl App {
    /// A lock that hangs on the door, with what was done to it before.
    #[must_use]
    pub fn new(play: Play, origin: Origin, storage: Box<dyn Storage>) -> Self {
        let observed = Observed::of(&play.stage, None);
        let mut app = Self {
            observed,
            play,
            origin,
            history: History::default(),
            script: None,
            aside: None,
            running: true,
            speed: Speed::Times(1),
            focus: Pane::Door,
            whole: false,
            dialog: None,
            notice: None,
            book: BookState::default(),
            log: LogState::default(),
            waves: Waves::default(),
            glow: Glow::default(),
            next_key: NextKey::Tapped,
            host: Duration::ZERO,
            jump: None,
            screen: Rect::default(),
            storage,
            end: None,
            kept: (0, Duration::ZERO),
            looked_at: 0,
            dirty: true,
        };
        app.look();
        app
    }

    /// Somebody outside wants to leave, as a signal does: nothing is asked.
    pub fn leave(&mut self, end: End) {
        self.end = Some(end);
    }

    /// Why the front-end is to be left, once.
    pub fn take_end(&mut self) -> Option<End> {
        self.end.take()
    }

    /// What is on the screen is no longer what was drawn.
    pub fn redraw(&mut self) {
        self.dirty = true;
    }

    /// Whether the screen has to be drawn anew, once.
    pub fn take_dirty(&mut self) -> bool {
        std::mem::take(&mut self.dirty)
    }

    /// A new lock of the published test key, on a door in that zone.
    ///
    /// # Errors
    ///
    /// Where the clocks skip the start.
    pub fn fresh(start: Moment, zone: Zone) -> Result<(Play, Origin), String> {
        let origin = Origin {
            lock: model::Lock {
                timezone: Some(model::Zone(zone).into()),
                ..model::Lock::default()
            },
            start,
            seed: 1,
        };
        let stage = origin.stage(Secrets::Shown)?;
        Ok((Play::new(stage, Record::default()), origin))
    }

    /// Keeps one's own lock, where locks are kept; never a scenario's.
    ///
    /// # Errors
    ///
    /// Why it can't be kept; the one that was kept before still is.
    pub fn keep(&mut self) -> Result<(), String> {
        if !self.storage.keeps_lock() {
            return Ok(());
        }
        let text = match &self.aside {
            None => kept::text(&self.play, &self.origin),
            Some(own) => kept::text(&own.play, &own.origin),
        };
        self.storage.keep_lock(&text?)
    }

    /// Keeps the lock while somebody plays: after something was done, not while it is, and not too often.
    pub fn keep_now_and_then(&mut self, every: Duration) {
        let done = self.play.record.len();
        if !self.storage.keeps_lock()
            || self.aside.is_some()
            || done == self.kept.0
            || self.host.saturating_sub(self.kept.1) < every
            || self.is_somebody_typing()
        {
            return;
        }
        self.kept = (done, self.host);
        if let Err(why) = self.keep() {
            self.say(Role::Bad, why);
        }
    }

    /// Where each pane lies on a screen of this size; none if it is too small.
    pub(crate) fn layout(&self, screen: Rect) -> Option<Layout> {
        let whole = self.whole.then_some(self.focus);
        Layout::of(screen, self.script.is_some(), whole)
    }

    /// How many lines a pane shows; none if it isn't on the screen.
    pub(crate) fn rows(&self, pane: Pane) -> usize {
        let layout = self.layout(self.screen);
        let shown = layout.iter().flat_map(Layout::panes);
        shown
            .filter(|(other, _)| *other == pane)
            .map(|(_, rect)| usize::from(inner(rect).height))
            .sum()
    }

    /// Shows a notice.
    pub fn say(&mut self, role: Role, text: impl Into<String>) {
        self.notice = Some(Notice {
            text: text.into(),
            role,
            since: self.host,
        });
        self.dirty = true;
    }

    /// Which lock, if any, would lose what hands did to it: nothing saved it as a scenario, and it isn't kept.
    pub(crate) fn unsaved(&self) -> Option<Unsaved> {
        let kept = self.storage.keeps_lock();
        match &self.aside {
            None if !kept && self.play.record.is_unsaved() => Some(Unsaved::Shown),
            Some(_) if self.play.record.is_unsaved() => Some(Unsaved::Shown),
            Some(own) if !kept && own.play.record.is_unsaved() => Some(Unsaved::Aside),
            _ => None,
        }
    }

    /// The key of the lock that is down.
    pub(crate) fn down(&self) -> Option<Key> {
        self.play
            .down()
            .or_else(|| self.script.as_ref().and_then(Script::down))
    }

    /// Whether a scenario has its hands on the lock.
    pub(crate) fn is_scripted(&self) -> bool {
        self.script.as_ref().is_some_and(Script::has_the_lock)
    }
}
