//! A finger: one key at a time, at a person's pace.

use std::collections::VecDeque;

use crate::key::Key;
use crate::pace::DOWN;
use crate::stage::Stage;
use crate::time::{Lapse, Time};

/// A key to press.
#[derive(Clone)]
pub struct Stroke {
    /// The key.
    pub key: Key,
    /// What the trace calls it.
    pub label: Option<String>,
    /// How long; until it is let go, where that isn't said.
    pub lasting: Option<Lapse>,
}

/// The finger, and the keys that are still to come.
#[derive(Clone, Default)]
pub(super) struct Hand {
    coming: VecDeque<Stroke>,
    down: Option<Down>,
}

#[derive(Clone)]
struct Down {
    stroke: Stroke,
    since: Time,
    until: Option<Time>,
}

impl Hand {
    pub(super) fn queue(&mut self, strokes: impl IntoIterator<Item = Stroke>) {
        self.coming.extend(strokes);
    }

    pub(super) fn down(&self) -> Option<Key> {
        self.down.as_ref().map(|down| down.stroke.key)
    }

    pub(super) fn is_holding(&self) -> bool {
        let held = |stroke: &Stroke| stroke.lasting.is_none();
        self.down.as_ref().is_some_and(|down| down.until.is_none()) || self.coming.iter().any(held)
    }

    /// When it moves next.
    pub(super) fn due(&self, stage: &Stage) -> Option<Time> {
        match &self.down {
            Some(down) => down.until,
            None => self.coming.front().map(|_| stage.ready_for_key()),
        }
    }

    /// The key that is down goes up, if its time has come.
    pub(super) fn raise(&mut self) -> Option<(Stroke, Time)> {
        self.down.take().map(|down| (down.stroke, down.since))
    }

    /// The next key goes down.
    pub(super) fn lower(&mut self, now: Time) -> Option<Stroke> {
        let stroke = self.coming.pop_front()?;
        self.down = Some(Down {
            stroke: stroke.clone(),
            since: now,
            until: stroke.lasting.map(|lasting| now + lasting.duration()),
        });
        Some(stroke)
    }

    pub(super) fn let_go(&mut self, now: Time) {
        if let Some(down) = self.down.as_mut().filter(|down| down.until.is_none()) {
            down.until = Some((down.since + DOWN.duration()).max(now));
        }
        for stroke in &mut self.coming {
            stroke.lasting.get_or_insert(DOWN);
        }
    }

    pub(super) fn forget(&mut self, now: Time) {
        self.coming.clear();
        self.let_go(now);
    }
}
