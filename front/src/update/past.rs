//! Points to go back to, and the ways back and forward.

use crate::app::App;
use crate::history::{Point, Scene};
use crate::script::Mode;
use crate::theme::Role;
use sim::scenario::model::step::Verb;

impl App {
    /// Before an input: a point to go back to.
    pub(crate) fn mark(&mut self, deed: impl Into<String>) {
        let point = self.point(deed.into());
        self.history.mark(point);
    }

    fn point(&self, deed: String) -> Point {
        Point {
            scene: Scene {
                play: self.play.clone(),
                origin: self.origin.clone(),
                script: self.script.clone(),
                aside: self.aside.clone(),
            },
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

    /// A scenario that was undone waits to be told to go on.
    fn stop_script(&mut self) {
        if let Some(script) = &mut self.script {
            script.mode = Mode::Stopped;
            self.running = false;
        }
    }

    /// Another lock, or the same at another time.
    pub(crate) fn hang(&mut self, scene: Scene) {
        self.play = scene.play;
        self.origin = scene.origin;
        self.script = scene.script;
        self.aside = scene.aside;
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
            self.hang(point.scene);
            self.stop_script();
            self.say(Role::Text, format!("undone: {deed}; U does it again"));
        }
    }

    pub(super) fn redo(&mut self) {
        let mut history = std::mem::take(&mut self.history);
        let after = history.redo(|deed| self.point(deed));
        self.history = history;
        if let Some(point) = after {
            let deed = point.deed;
            self.hang(point.scene);
            self.stop_script();
            self.say(Role::Text, format!("done again: {deed}"));
        }
    }
}
