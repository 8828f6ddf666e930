//! Points to go back to, and the ways back and forward.

use crate::front::app::App;
use crate::front::history::Point;
use crate::front::script::Script;
use crate::front::theme::Role;
use crate::play::{Origin, Play};
use crate::scenario::model::step::Verb;

impl App {
    /// Before an input: a point to go back to.
    pub(crate) fn mark(&mut self, deed: impl Into<String>) {
        let point = self.point(deed.into());
        self.history.mark(point);
    }

    fn point(&self, deed: String) -> Point {
        Point {
            play: self.play.clone(),
            origin: self.origin.clone(),
            script: self.script.clone(),
            deed,
        }
    }

    /// Does at once what a step would.
    pub(crate) fn perform(&mut self, deed: &str, verb: &Verb) -> Result<(), String> {
        let point = self.point(deed.to_owned());
        self.play.perform(verb).map_err(|stop| stop.message)?;
        self.history.mark(point);
        self.look();
        Ok(())
    }

    /// Another lock, or the same at another time.
    pub(crate) fn hang(&mut self, play: Play, origin: Origin, script: Option<Script>) {
        self.play = play;
        self.origin = origin;
        self.script = script;
        self.jump = None;
        self.log.back = 0;
        self.look_anew();
    }

    pub(super) fn undo(&mut self) {
        let mut history = std::mem::take(&mut self.history);
        let before = history.undo(|deed| self.point(deed));
        self.history = history;
        if let Some(point) = before {
            let deed = point.deed;
            self.hang(point.play, point.origin, point.script);
            self.say(Role::Text, format!("undone: {deed}; U does it again"));
        }
    }

    pub(super) fn redo(&mut self) {
        let mut history = std::mem::take(&mut self.history);
        let after = history.redo(|deed| self.point(deed));
        self.history = history;
        if let Some(point) = after {
            let deed = point.deed;
            self.hang(point.play, point.origin, point.script);
            self.say(Role::Text, format!("done again: {deed}"));
        }
    }
}
