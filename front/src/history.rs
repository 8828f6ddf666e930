//! Points to go back to: one before each input.

use std::collections::VecDeque;

use super::script::Script;
use sim::course::Origin;
use sim::play::Play;

/// How far back one can go.
const DEPTH: usize = 500;

/// A lock that hands play with, and where it comes from.
#[derive(Clone)]
pub(crate) struct Own {
    pub(crate) play: Play,
    pub(crate) origin: Origin,
}

/// What hangs on the door, who plays with it, and what lies beside.
pub(crate) struct Scene {
    pub(crate) play: Play,
    pub(crate) origin: Origin,
    pub(crate) script: Option<Script>,
    pub(crate) aside: Option<Own>,
}

/// All that hung on the door at a moment, and what was done then.
pub(crate) struct Point {
    pub(crate) scene: Scene,
    pub(crate) deed: String,
}

/// What lies behind and ahead.
#[derive(Default)]
pub(crate) struct History {
    past: VecDeque<Point>,
    future: Vec<Point>,
}

impl History {
    /// Something is about to be done. What had been undone can't be redone any more.
    pub(crate) fn mark(&mut self, point: Point) {
        self.future.clear();
        if self.past.len() == DEPTH {
            self.past.pop_front();
        }
        self.past.push_back(point);
    }

    /// Goes back: `now` is what can be redone from there.
    pub(crate) fn undo(&mut self, now: impl FnOnce(String) -> Point) -> Option<Point> {
        let point = self.past.pop_back()?;
        self.future.push(now(point.deed.clone()));
        Some(point)
    }

    /// Goes forward.
    pub(crate) fn redo(&mut self, now: impl FnOnce(String) -> Point) -> Option<Point> {
        let point = self.future.pop()?;
        self.past.push_back(now(point.deed.clone()));
        Some(point)
    }

    pub(crate) fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub(crate) fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}
