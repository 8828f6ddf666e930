//! What commands do.

use std::time::Duration;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind,
};
use jiff::Timestamp;
use ratatui::layout::{Position, Rect};

use super::app::{App, End, NextKey, Speed};
use super::command::{Command, command_for};
use super::dialogs::{Ask, Dialog, Question};
use super::history::Point;
use super::layout::{Layout, Pane};
use super::panes::{self, book, door, log};
use super::script::{Mode, Script};
use super::theme::Role;
use super::words::{Standing, standing};
use crate::play::{Origin, Play, Stroke};
use crate::scenario::model::names::Power;
use crate::scenario::model::step::Verb;
use crate::stage::acts::DOWN;
use crate::stimulus::Key;
use crate::time::{Lapse, Time};

/// How long R is held for a factory reset, with a little to spare.
const RESET: Lapse = Lapse::from_micros(5_200_000);

impl App {
    /// Something that the terminal tells.
    pub(crate) fn handle(&mut self, event: &Event, screen: Rect) {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.key(*key),
            Event::Mouse(mouse) => self.mouse(*mouse, screen),
            Event::Paste(text) if self.dialog.is_some() => self.dialog_paste(text),
            Event::Paste(text) => self.paste(text),
            Event::Resize(..) => self.dirty = true,
            _ => {}
        }
    }

    fn key(&mut self, key: KeyEvent) {
        let command = command_for(key, self);
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
        } else if self.whole {
            self.whole = false;
        } else if !self.log.filter.is_empty() {
            self.log.filter.clear();
        }
    }

    /// Digits that were pasted are typed, whatever stands between them: a PIN as it came by message.
    fn paste(&mut self, text: &str) {
        let keys: Vec<_> = text
            .chars()
            .filter_map(Key::named)
            .filter(|key| key.is_digit())
            .collect();
        if keys.is_empty() || !self.may_type() {
            return;
        }
        self.mark("pasting");
        for key in keys {
            self.play.tap(key);
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
            Command::Step | Command::ToExpectation | Command::CloseScenario => self.script(command),
            Command::GoTo => self.open_goto(),
            Command::AddUser => self.open_add(),
            Command::RaiseGeneration => self.ask_for_generation(),
            Command::Faults => self.open_faults(),
            Command::Settings => self.open_settings(),
            Command::Save => self.open_save(),
            Command::Open => self.open_files(),
            Command::Search => self.open_search(),
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
            Command::TypePin | Command::Block if book::chosen(self).is_none() => {
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
            Command::NextEvent if self.next_stop().is_none() => {
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
            Command::Settings if !self.face.powered => {
                said("the lock has no power: p puts the batteries in")
            }
            Command::AddUser
            | Command::Faults
            | Command::Settings
            | Command::Power
            | Command::GoTo
            | Command::NextEvent
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

    fn may_type(&mut self) -> bool {
        let why = self.why_no_keys();
        if let Some(why) = &why {
            self.say(Role::Warn, why.clone());
        }
        why.is_none()
    }

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

    fn undo(&mut self) {
        let mut history = std::mem::take(&mut self.history);
        let before = history.undo(|deed| self.point(deed));
        self.history = history;
        if let Some(point) = before {
            let deed = point.deed;
            self.hang(point.play, point.origin, point.script);
            self.say(Role::Text, format!("undone: {deed}; U does it again"));
        }
    }

    fn redo(&mut self) {
        let mut history = std::mem::take(&mut self.history);
        let after = history.redo(|deed| self.point(deed));
        self.history = history;
        if let Some(point) = after {
            let deed = point.deed;
            self.hang(point.play, point.origin, point.script);
            self.say(Role::Text, format!("done again: {deed}"));
        }
    }

    fn tap(&mut self, key: Key) {
        if std::mem::replace(&mut self.next_key, NextKey::Tapped) == NextKey::Held {
            self.mark(format!("holding {key}"));
            self.play.hold(key);
            self.say(
                Role::Text,
                format!("{key} is held: any key of the lock lets it go"),
            );
        } else if self.play.is_holding() {
            self.play.let_go();
        } else {
            self.mark(format!("key {key}"));
            self.play.tap(key);
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
        }
    }

    fn set_speed(&mut self, speed: Speed) {
        self.speed = speed;
    }

    fn script(&mut self, command: Command) {
        if command == Command::CloseScenario {
            self.mark("closing the scenario");
            if let Some(mut script) = self.script.take()
                && script.is_busy()
            {
                script.step(&mut self.play);
            }
            if self.focus == Pane::Script {
                self.focus = Pane::Door;
            }
            self.say(Role::Text, "the scenario is closed; the lock is yours");
            return;
        }
        self.mark(if command == Command::Step {
            "a step"
        } else {
            "steps"
        });
        let Some(script) = &mut self.script else {
            return;
        };
        script.mode = Mode::Stopped;
        self.running = false;
        match command {
            Command::Step => script.step(&mut self.play),
            _ => script.run_to_expectation(&mut self.play),
        }
        self.heed_script();
    }

    /// Types somebody's PIN at a person's pace.
    fn type_pin(&mut self) {
        let Some(guest) = book::chosen(self) else {
            return;
        };
        let title = guest.title().to_owned();
        let keys = entry(&guest.name, &guest.code());
        self.mark(format!("typing {title}'s PIN"));
        self.play.press(keys);
    }

    /// Types the owner's sequence that blocks a PIN.
    fn block(&mut self) {
        let known = &self.play.stage.known;
        let Some(guest) = book::chosen(self) else {
            return;
        };
        if standing(guest, known, self.play.stage.utc()) == Standing::Void {
            let text = format!(
                "{}'s PIN is of an older generation, void already",
                guest.title()
            );
            self.say(Role::Warn, text);
            return;
        }
        let title = guest.title().to_owned();
        let mut all = entry("programming_code", known.code());
        all.extend(entry("pin", "128"));
        all.extend(entry(&guest.name, &guest.code()));
        self.mark(format!("blocking {title}'s PIN"));
        self.play.press(all);
    }

    fn ask_for_generation(&mut self) {
        let now = self.play.stage.known.settings.generation.0;
        let live = self.play.stage.known.guests().len();
        self.dialog = Some(Dialog::Ask(Ask {
            words: vec![
                format!(
                    "Raise the generation from {now} to {}?",
                    now.saturating_add(1)
                ),
                format!("Every PIN issued so far ({live} in the book) is void then."),
                "u takes it back, here on the bench.".to_owned(),
            ],
            about: Question::RaiseGeneration,
        }));
    }

    pub(crate) fn raise_generation(&mut self) {
        let known = &self.play.stage.known;
        let next = known.settings.generation.0.saturating_add(1).to_string();
        let mut all = entry("programming_code", known.code());
        all.extend(entry("pin", "129"));
        all.extend(entry("pin", &next));
        all.extend(entry("pin", &next));
        self.mark("raising the generation");
        self.play.press(all);
    }

    fn switch_power(&mut self) {
        let (power, deed) = if self.face.powered {
            (Power::Off, "taking the batteries out")
        } else {
            (Power::On, "putting the batteries in")
        };
        match self.perform(deed, &Verb::Power(power)) {
            Ok(()) => self.say(Role::Text, deed),
            Err(why) => self.say(Role::Bad, why),
        }
    }

    /// Goes to a time without waiting for it.
    pub(crate) fn leap_to(&mut self, stamp: Timestamp) -> Result<(), String> {
        let now = self.play.stage.utc();
        if stamp < now {
            return Err("that is over, and time doesn't go back: u undoes".to_owned());
        }
        let target = self
            .play
            .stage
            .world
            .time_of(stamp)
            .ok_or("that is before this lock was hung")?;
        let moment = self.play.stage.known.zone.moment(stamp);
        self.mark("going to a time");
        self.play.stop_typing();
        self.play.head_for(moment);
        self.jump = Some(target);
        Ok(())
    }

    /// When the next thing happens that the clock pane announces.
    pub(crate) fn next_stop(&self) -> Option<Time> {
        let event = self.face.outlook.as_ref().map(|outlook| outlook.at);
        let stay = self
            .next_stay_edge()
            .and_then(|(stamp, _)| self.play.stage.world.time_of(stamp));
        [event, stay].into_iter().flatten().min()
    }

    fn leap_to_next(&mut self) {
        if let Some(target) = self.next_stop() {
            self.mark("going to the next event");
            self.jump = Some(target);
        }
    }

    /// The next beginning or end of a stay in the access book.
    pub(crate) fn next_stay_edge(&self) -> Option<(Timestamp, String)> {
        let stage = &self.play.stage;
        let now = stage.utc();
        let guests = stage.known.guests().iter();
        let edge = |ahead: Duration, text: String| {
            let ahead = jiff::SignedDuration::try_from(ahead).ok()?;
            Some((now.checked_add(ahead).ok()?, text))
        };
        guests
            .filter_map(|guest| match standing(guest, &stage.known, now) {
                Standing::Coming(ahead) => edge(ahead, format!("{}'s stay begins", guest.title())),
                Standing::Active(left) => edge(left, format!("{}'s stay ends", guest.title())),
                Standing::Blocked | Standing::Expired | Standing::Void => None,
            })
            .min_by_key(|(stamp, _)| *stamp)
    }

    fn quit(&mut self) {
        if self.is_unsaved() && self.state.is_none() {
            self.dialog = Some(Dialog::Ask(Ask {
                words: vec!["What was done here isn't saved as a scenario.".to_owned()],
                about: Question::QuitUnsaved,
            }));
        } else {
            self.end = Some(End::Quit);
        }
    }

    fn move_focus(&mut self, by: usize) {
        let here = Pane::ALL.iter().position(|pane| *pane == self.focus);
        let mut number = here.unwrap_or(0);
        loop {
            number = (number + by) % Pane::ALL.len();
            let pane = Pane::ALL[number];
            if pane != Pane::Script || self.script.is_some() {
                self.focus = pane;
                return;
            }
        }
    }

    /// Arrows and their kin, in the pane that has the keys.
    fn travel(&mut self, command: Command) {
        let now = self.play.now();
        match self.focus {
            Pane::Book => {
                let last = self.play.stage.known.guests().len().saturating_sub(1);
                let chosen = self.book.chosen;
                self.book.chosen = match command {
                    Command::Up => chosen.saturating_sub(1),
                    Command::Down => (chosen + 1).min(last),
                    Command::PageUp | Command::Home => 0,
                    Command::PageDown | Command::End => last,
                    _ => chosen,
                };
            }
            Pane::Pins => match command {
                Command::Left => self.pins.move_cursor(-1, now),
                Command::Right => self.pins.move_cursor(1, now),
                Command::PageUp => self.pins.move_cursor(-20, now),
                Command::PageDown => self.pins.move_cursor(20, now),
                Command::Up => self.pins.zoom_in(),
                Command::Down => self.pins.zoom_out(),
                Command::End => self.pins.follow(),
                _ => {}
            },
            _ => {
                let most = log::count(self).saturating_sub(1);
                let back = self.log.back;
                self.log.back = match command {
                    Command::Up => (back + 1).min(most),
                    Command::Down => back.saturating_sub(1),
                    Command::PageUp => (back + 10).min(most),
                    Command::PageDown => back.saturating_sub(10),
                    Command::Home => most,
                    Command::End => 0,
                    _ => back,
                };
            }
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, screen: Rect) {
        let whole = self.whole.then_some(self.focus);
        let Some(layout) = Layout::of(screen, self.script.is_some(), whole) else {
            return;
        };
        let at = Position::new(mouse.column, mouse.row);
        match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) if self.dialog.is_some() => {
                self.dialog_click(at, layout.body);
            }
            MouseEventKind::Down(MouseButton::Left) => self.click(at, &layout),
            MouseEventKind::Up(MouseButton::Left) if self.play.is_holding() => {
                self.dirty = true;
                self.play.let_go();
            }
            MouseEventKind::ScrollDown => self.scroll(at, &layout, true),
            MouseEventKind::ScrollUp => self.scroll(at, &layout, false),
            _ => {}
        }
    }

    fn click(&mut self, at: Position, layout: &Layout) {
        self.dirty = true;
        let Some((pane, rect)) = layout.panes().find(|(_, rect)| rect.contains(at)) else {
            return;
        };
        self.focus = pane;
        let inner = panes::inner(rect);
        match pane {
            Pane::Door => {
                if let Some(key) = door::key_at(inner, at)
                    && self.may_type()
                {
                    self.mark(format!("key {key}"));
                    self.play.hold(key);
                }
            }
            Pane::Book => {
                if let Some(number) = book::guest_at(self, inner, at.y) {
                    self.book.chosen = number;
                }
            }
            _ => {}
        }
    }

    fn scroll(&mut self, at: Position, layout: &Layout, down: bool) {
        if self.dialog.is_some() {
            self.dialog_scroll(down);
            return;
        }
        if let Some((pane, _)) = layout.panes().find(|(_, rect)| rect.contains(at)) {
            self.dirty = true;
            let before = std::mem::replace(&mut self.focus, pane);
            self.travel(if down { Command::Down } else { Command::Up });
            self.focus = before;
        }
    }
}

/// A code, called by its name in the trace, and Enter.
fn entry(name: &str, code: &str) -> Vec<Stroke> {
    let digits = code.chars().filter_map(Key::named).zip(1..);
    let mut strokes: Vec<_> = digits
        .map(|(key, number)| Stroke {
            key,
            label: Some(format!("{name}:{number}")),
            lasting: Some(DOWN),
        })
        .collect();
    strokes.push(Stroke {
        key: Key::ENTER,
        label: None,
        lasting: Some(DOWN),
    });
    strokes
}
