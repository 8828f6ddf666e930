//! What commands do.

mod deeds;
mod dialog;
mod hand;
mod mouse;
mod navigation;
mod past;
mod scenarios;

use ratatui::layout::Rect;

use super::app::{App, End, NextKey, Unsaved};
use super::command::{Command, Place, command_for};
use super::dialogs::{Ask, Dialog, Question, add, faults, goto, save, search};
use super::history::Scene;
use super::input::{Chord, Input, KeyCode};
use super::layout::{Layout, Pane};
use super::script::{Mode, Script, ScriptLine};
use super::speed::Speed;
use super::theme::Role;
use sim::key::Key;
use sim::play::Stroke;
use sim::time::Lapse;

/// How long R is held for a factory reset, with a little to spare.
const RESET: Lapse = Lapse::from_micros(5_200_000);

impl App {
    /// Takes in what somebody does, on a screen of this size.
    pub fn handle(&mut self, input: &Input, screen: Rect) {
        self.screen = screen;
        let unseen = Layout::of(screen, false, None).is_none();
        match input {
            Input::Resize => self.dirty = true,
            Input::Key(key) if unseen => self.blind_key(*key),
            _ if unseen => {}
            Input::Key(key) => self.key(*key),
            Input::Mouse(mouse) => self.mouse(*mouse, screen),
            Input::Paste(text) if self.dialog.is_some() => self.dialog_paste(text),
            Input::Paste(text) => self.paste(text),
        }
    }

    fn key(&mut self, key: Chord) {
        let command = command_for(key, self.place());
        if command == Some(Command::Suspend) {
            self.end = Some(End::Suspend);
        } else if self.dialog.is_some() {
            self.dialog_key(key);
        } else if key.code == KeyCode::Esc {
            self.escape();
        } else if let Some(command) = command {
            self.update(command);
        }
    }

    /// On a screen that is too small to show anything, nothing can be done but leave it.
    fn blind_key(&mut self, key: Chord) {
        self.dirty = true;
        if matches!(self.dialog, Some(Dialog::Ask(_))) {
            return self.dialog_key(key);
        }
        match command_for(key, self.place()) {
            Some(Command::Suspend) => self.end = Some(End::Suspend),
            Some(Command::Quit) => self.quit(),
            _ => {}
        }
    }

    /// Stops what goes on by itself; then what is shown in an unusual way.
    fn escape(&mut self) {
        self.dirty = true;
        self.notice = None;
        self.next_key = NextKey::Tapped;
        if self.play.is_holding() {
            self.play.let_go();
        } else if self.jump.take().is_some() {
            self.say(Role::Text, "stopped on the way");
        } else if self.play.is_typing() {
            self.play.stop_typing();
        } else if self
            .script
            .as_ref()
            .is_some_and(|script| script.mode == Mode::Running)
        {
            self.pause();
        } else if self.whole {
            self.whole = false;
        } else if !self.log.filter.is_empty() {
            self.log.filter.clear();
        }
    }

    fn place(&self) -> Place {
        Place {
            focus: self.focus,
            has_scenario: self.script.is_some(),
        }
    }

    /// Does what a command says.
    pub(crate) fn update(&mut self, command: Command) {
        self.dirty = true;
        if let Some(why) = self.why_not(command) {
            self.say(Role::Warn, why);
            return;
        }
        if !matches!(command, Command::Tap(_)) {
            self.next_key = NextKey::Tapped;
        }
        match command {
            Command::Tap(key) => self.tap(key),
            Command::HoldNext => {
                if self.play.is_holding() {
                    self.play.let_go();
                } else {
                    self.next_key = NextKey::Held;
                    self.say(Role::Text, "which key is to be held? Esc: none");
                }
            }
            Command::HoldReset => {
                self.mark("holding R");
                self.play.press([Stroke {
                    key: Key::RESET,
                    label: None,
                    lasting: Some(RESET),
                }]);
            }
            Command::Pause => self.pause(),
            Command::Faster => self.set_speed(self.speed.faster()),
            Command::Slower => self.set_speed(self.speed.slower()),
            Command::NextEvent => self.leap_to_next(),
            Command::Undo => self.undo(),
            Command::Redo => self.redo(),
            Command::TypePin => self.type_pin(),
            Command::Block => self.block(),
            Command::Power => self.switch_power(),
            Command::Step => self.steps(|_| true),
            Command::ToExpectation => self.steps(ScriptLine::expects),
            Command::CloseScenario => self.close_scenario(),
            Command::GoTo => self.open_form(goto::form()),
            Command::AddUser => self.open_form(add::form(&self.view())),
            Command::RaiseGeneration => self.ask_for_generation(),
            Command::Faults => {
                let picker = faults::picker(&self.view());
                self.open(Dialog::Picker(picker));
            }
            Command::Settings => self.open_settings(),
            Command::Save => self.open_form(save::form()),
            Command::Open => self.open_files(),
            Command::Search => self.open_form(search::form(&self.view())),
            Command::Palette => self.open_palette(),
            Command::Help => self.open_help(),
            Command::Quit => self.quit(),
            Command::Suspend => self.end = Some(End::Suspend),
            Command::FocusNext => self.move_focus(1),
            Command::FocusPrevious => self.move_focus(Pane::ALL.len() - 1),
            Command::Zoom => self.whole = !self.whole,
            Command::Up
            | Command::Down
            | Command::Left
            | Command::Right
            | Command::PageUp
            | Command::PageDown
            | Command::Home
            | Command::End => self.travel(command),
        }
        self.look();
    }

    /// Why a command does nothing right now.
    pub(crate) fn why_not(&self, command: Command) -> Option<String> {
        let said = |why: &str| Some(why.to_owned());
        match command {
            Command::TypePin | Command::Block if self.view().chosen_guest().is_none() => {
                said("the access book is empty: a adds a guest")
            }
            Command::Tap(_)
            | Command::HoldNext
            | Command::HoldReset
            | Command::TypePin
            | Command::Block
            | Command::RaiseGeneration => self.why_no_keys(),
            Command::Undo if !self.history.can_undo() => said("there is nothing to undo"),
            Command::Redo if !self.history.can_redo() => said("there is nothing to redo"),
            Command::Save if self.play.record.is_idle() => said("nothing was done yet"),
            Command::NextEvent if !self.is_scripted() && self.next_stop().is_none() => {
                said("nothing more happens by itself")
            }
            Command::Step | Command::ToExpectation | Command::CloseScenario => {
                let Some(script) = &self.script else {
                    return said("no scenario is open: o opens one");
                };
                let stuck = script.is_over() || script.failed.is_some();
                (stuck && command != Command::CloseScenario)
                    .then(|| "the scenario is over: u goes back, c closes it".to_owned())
            }
            Command::Settings if !self.observed.powered => {
                said("the lock has no power: p puts the batteries in")
            }
            Command::AddUser
            | Command::Faults
            | Command::Settings
            | Command::Power
            | Command::GoTo
                if self.is_scripted() =>
            {
                said("the scenario is playing: Space stops it")
            }
            _ => None,
        }
    }

    /// Why the lock's keys can't be pressed.
    pub(crate) fn why_no_keys(&self) -> Option<String> {
        if self.jump.is_some() {
            Some("on the way to another time: Esc stops".to_owned())
        } else if self.is_scripted() {
            Some("the scenario is playing: Space stops it".to_owned())
        } else {
            self.play
                .broken()
                .map(|rule| format!("{rule}: u goes back"))
        }
    }

    fn pause(&mut self) {
        if let Some(script) = &mut self.script
            && !script.is_over()
            && script.failed.is_none()
        {
            self.running = script.mode == Mode::Stopped || !self.running;
            script.mode = if self.running {
                Mode::Running
            } else {
                Mode::Stopped
            };
        } else {
            self.running = !self.running;
            if self.running && self.script.is_some() {
                self.say(
                    Role::Text,
                    "the scenario is over: time goes on for its lock; c closes it",
                );
            }
        }
    }

    /// How fast time passes from now on.
    pub fn set_speed(&mut self, speed: Speed) {
        self.speed = speed;
    }

    /// Does the scenario's steps at once, up to the first that `is_last`; each is a point to go back to.
    fn steps(&mut self, is_last: impl Fn(&ScriptLine) -> bool) {
        self.running = false;
        while let Some(script) = &mut self.script {
            script.mode = Mode::Stopped;
            let Some(line) = script.next_line() else {
                break;
            };
            let last = is_last(line);
            self.finish_step();
            if last {
                break;
            }
        }
        self.heed_script();
    }

    /// The whole of the scenario's next step, or what is left of the one under way, at once.
    fn finish_step(&mut self) {
        self.mark_step();
        if let Some(script) = &mut self.script {
            script.step(&mut self.play);
        }
    }

    /// A point to go back to, before the scenario's next step.
    pub(super) fn mark_step(&mut self) {
        let line = self.script.as_ref().and_then(Script::next_line);
        let deed = line.map(|line| format!("the step in line {}", line.number));
        self.mark(deed.unwrap_or_default());
    }

    fn close_scenario(&mut self) {
        match &self.aside {
            Some(own) if self.storage.keeps_lock() || !own.play.record.is_idle() => {
                self.dialog = Some(Dialog::Ask(Ask {
                    words: vec![
                        "Your own lock is where you left it.".to_owned(),
                        "The scenario's can go on in its place.".to_owned(),
                    ],
                    about: Question::WhichLock,
                }));
            }
            _ => self.go_on_with_scenarios(),
        }
    }

    /// The scenario is closed, and its lock is one's own from now on.
    pub(crate) fn go_on_with_scenarios(&mut self) {
        self.mark("closing the scenario");
        self.aside = None;
        if let Some(mut script) = self.script.take()
            && script.is_busy()
        {
            script.step(&mut self.play);
        }
        self.scenario_closed("the scenario is closed; its lock is yours");
    }

    /// The scenario is closed, and one's own lock hangs on the door again.
    pub(crate) fn go_back_to_own(&mut self) {
        self.mark("closing the scenario");
        if let Some(own) = self.aside.take() {
            self.hang(Scene {
                play: own.play,
                origin: own.origin,
                script: None,
                aside: None,
            });
        }
        self.scenario_closed("your own lock is back, as you left it");
    }

    fn scenario_closed(&mut self, text: &str) {
        if self.focus == Pane::Script {
            self.focus = Pane::Door;
        }
        self.running = false;
        self.say(Role::Text, format!("{text}; Space lets time go on"));
    }

    fn quit(&mut self) {
        let words = match self.unsaved() {
            None => {
                self.end = Some(End::Quit);
                return;
            }
            Some(Unsaved::Shown) => "What was done here isn't saved as a scenario.",
            Some(Unsaved::Aside) => {
                "What was done to your own lock isn't saved as a scenario; c goes back to it."
            }
        };
        self.dialog = Some(Dialog::Ask(Ask {
            words: vec![words.to_owned()],
            about: Question::QuitUnsaved,
        }));
    }
}
