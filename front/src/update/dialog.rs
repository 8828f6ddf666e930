//! Dialogs: how they open, and what becomes of what is done in them.

use firmware_core::settings::SettingName;
use ratatui::layout::{Position, Rect};

use crate::app::App;
use crate::command::{BINDINGS, Offer};
use crate::dialogs::deed::Outcome;
use crate::dialogs::form::Form;
use crate::dialogs::{Dialog, help, palette, settings};
use crate::input::{Chord, KeyCode};
use crate::theme::Role;

impl App {
    pub(super) fn open(&mut self, dialog: Dialog) {
        self.dialog = Some(dialog);
        self.dirty = true;
    }

    /// Opens a form, with its first notes.
    pub(super) fn open_form(&mut self, form: Form) {
        let form = form.noted(&self.view());
        self.open(Dialog::Form(form));
    }

    pub(super) fn open_settings(&mut self) {
        // What a copy of the lock answers: to ask the lock itself counts as giving it the programming code.
        match self.play.stage.clone().read_settings(&SettingName::ALL) {
            Ok(values) => self.open(Dialog::Picker(settings::picker(values))),
            Err(stop) => self.say(Role::Bad, stop.message),
        }
    }

    pub(super) fn open_palette(&mut self) {
        self.open(Dialog::Picker(palette::picker(&self.offers())));
    }

    pub(super) fn open_help(&mut self) {
        let page = help::page(self.focus, &self.offers(), self.why_no_keys());
        self.open(Dialog::Page(page));
    }

    fn offers(&self) -> Vec<Offer> {
        let offer =
            |binding: &'static _| Offer::of(binding, self.place(), self.why_not(binding.command));
        BINDINGS.iter().map(offer).collect()
    }

    /// A key for the dialog that is open.
    pub(super) fn dialog_key(&mut self, key: Chord) {
        if let Some(mut dialog) = self.dialog.take() {
            let outcome = dialog.key(key, &self.view(), self.body());
            self.heed(dialog, outcome);
        }
    }

    /// A click into the dialog that is open, or beside it.
    pub(super) fn dialog_click(&mut self, at: Position) {
        if let Some(mut dialog) = self.dialog.take() {
            let outcome = dialog.click(at, &self.view(), self.body());
            self.heed(dialog, outcome);
        }
    }

    /// Text that was pasted.
    pub(super) fn dialog_paste(&mut self, text: &str) {
        let blank = |letter: char| if letter.is_control() { ' ' } else { letter };
        for letter in text.trim().chars().map(blank) {
            self.dialog_key(Chord::plain(KeyCode::Char(letter)));
        }
    }

    /// The part of the screen that dialogs lie on.
    fn body(&self) -> Rect {
        self.layout(self.screen)
            .map_or(self.screen, |layout| layout.body)
    }

    fn heed(&mut self, mut dialog: Dialog, outcome: Outcome) {
        self.dirty = true;
        match outcome {
            Outcome::Stay => self.dialog = Some(dialog),
            Outcome::Close => {}
            Outcome::Open(other) => self.dialog = Some(*other),
            Outcome::Meanwhile(deed) => {
                self.dialog = Some(dialog);
                if let Err(why) = self.carry_out(deed) {
                    self.say(Role::Bad, why);
                }
            }
            Outcome::Do(deed) => {
                if let Err(why) = self.carry_out(deed) {
                    if dialog.refuse(&why) {
                        self.dialog = Some(dialog);
                    } else {
                        self.say(Role::Bad, why);
                    }
                }
            }
        }
    }
}
