//! What opens over the panes and takes the keys until it is closed.

pub(crate) mod add;
pub(crate) mod faults;
mod field;
pub(crate) mod form;
pub(crate) mod goto;
pub(crate) mod help;
pub(crate) mod open;
pub(crate) mod page;
pub(crate) mod palette;
pub(crate) mod picker;
pub(crate) mod save;
pub(crate) mod settings;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Padding, Paragraph, Wrap};

use super::app::{App, End};
use super::input::{Chord, KeyCode};
use super::theme::{Role, Theme};
use form::Form;
use page::Page;
use picker::Picker;

/// One of a few kinds.
#[derive(Clone, Debug)]
pub(crate) enum Dialog {
    /// Fields to be filled in.
    Form(Form),
    /// A list to choose from.
    Picker(Picker),
    /// A text to be read.
    Page(Page),
    /// A question.
    Ask(Ask),
}

/// A question that is answered with yes or no.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) words: Vec<String>,
    pub(crate) about: Question,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    RaiseGeneration,
    QuitUnsaved,
    /// Which goes on, once a scenario is closed.
    WhichLock,
}

/// Where a dialog lies.
pub(crate) fn area(dialog: &Dialog, body: Rect) -> Rect {
    let (width, height) = match dialog {
        Dialog::Form(form) => form.size(),
        Dialog::Picker(picker) => picker.size(body),
        Dialog::Page(page) => page.size(body),
        Dialog::Ask(ask) => (64, ask.words.len() as u16 + 5),
    };
    let (width, height) = (width.min(body.width), height.min(body.height));
    Rect {
        x: body.x + (body.width - width) / 2,
        y: body.y + (body.height - height) / 3,
        width,
        height,
    }
}

/// What is inside of a dialog's frame.
fn inner(area: Rect) -> Rect {
    Block::bordered()
        .padding(Padding::horizontal(1))
        .inner(area)
}

pub(crate) fn draw(dialog: &Dialog, frame: &mut Frame, body: Rect, theme: Theme) {
    let area = area(dialog, body);
    let title = match dialog {
        Dialog::Form(form) => &form.title,
        Dialog::Picker(picker) => &picker.title,
        Dialog::Page(page) => &page.title,
        Dialog::Ask(ask) => ask.title(),
    };
    let block = Block::bordered()
        .border_set(theme.border())
        .border_style(theme.style(Role::Focused))
        .title(format!(" {title} "))
        .padding(Padding::horizontal(1));
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    let inside = inner(area);
    match dialog {
        Dialog::Form(form) => form.draw(frame, inside, theme),
        Dialog::Picker(picker) => picker.draw(frame, inside, theme),
        Dialog::Page(page) => page.draw(frame, inside, theme),
        Dialog::Ask(ask) => ask.draw(frame, inside, theme),
    }
}

/// Hints in the last line of a dialog.
fn draw_hints(frame: &mut Frame, inside: Rect, hints: &[(&str, &str)], theme: Theme) {
    let spans = hints.iter().flat_map(|(keys, does)| {
        [
            Span::styled(*keys, theme.style(Role::Hint)),
            Span::raw(format!(" {does}  ")),
        ]
    });
    let last = Rect {
        y: inside.bottom().saturating_sub(1),
        height: inside.height.min(1),
        ..inside
    };
    frame.render_widget(spans.collect::<Line<'_>>(), last);
}

impl Ask {
    fn title(&self) -> &'static str {
        match self.about {
            Question::RaiseGeneration | Question::QuitUnsaved => "sure?",
            Question::WhichLock => "which lock?",
        }
    }

    fn draw(&self, frame: &mut Frame, inside: Rect, theme: Theme) {
        let lines: Vec<_> = self.words.iter().map(Line::raw).collect();
        frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), inside);
        let hints: &[_] = match self.about {
            Question::RaiseGeneration => &[("y", "raises it"), ("n Esc", "doesn't")],
            Question::QuitUnsaved => &[("q y", "quits"), ("s", "saves first"), ("Esc", "stays")],
            Question::WhichLock => &[
                ("c y", "back to your own"),
                ("k", "keeps the scenario's"),
                ("Esc", "neither"),
            ],
        };
        draw_hints(frame, inside, hints, theme);
    }
}

impl App {
    /// A key for the dialog that is open.
    pub(crate) fn dialog_key(&mut self, key: Chord) {
        let Some(dialog) = self.dialog.take() else {
            return;
        };
        self.dirty = true;
        match dialog {
            Dialog::Form(form) => self.form_key(form, key),
            Dialog::Picker(picker) => self.picker_key(picker, key),
            Dialog::Page(mut page) => {
                let body = self
                    .layout(self.screen)
                    .map_or(self.screen, |layout| layout.body);
                let dialog = Dialog::Page(page.clone());
                if page.key(key, inner(area(&dialog, body))) {
                    self.dialog = Some(Dialog::Page(page));
                }
            }
            Dialog::Ask(ask) => self.answer(ask, key),
        }
    }

    /// A click into the dialog that is open, or beside it, which closes it.
    pub(crate) fn dialog_click(&mut self, at: Position, body: Rect) {
        let Some(dialog) = &mut self.dialog else {
            return;
        };
        self.dirty = true;
        let area = area(dialog, body);
        let mut chosen = false;
        match dialog {
            _ if !area.contains(at) => self.dialog = None,
            Dialog::Picker(picker) => chosen = picker.choose_at(inner(area), at),
            Dialog::Form(form) => form.click(inner(area), at),
            Dialog::Page(_) | Dialog::Ask(_) => {}
        }
        if chosen {
            self.dialog_key(Chord::plain(KeyCode::Enter));
        }
    }

    /// A turn of the wheel over the dialog that is open.
    pub(crate) fn dialog_scroll(&mut self, down: bool) {
        let code = if down { KeyCode::Down } else { KeyCode::Up };
        self.dialog_key(Chord::plain(code));
    }

    /// Text that was pasted.
    pub(crate) fn dialog_paste(&mut self, text: &str) {
        let blank = |letter: char| if letter.is_control() { ' ' } else { letter };
        for letter in text.trim().chars().map(blank) {
            self.dialog_key(Chord::plain(KeyCode::Char(letter)));
        }
    }

    fn answer(&mut self, ask: Ask, key: Chord) {
        match (key.code, ask.about) {
            (KeyCode::Char('y' | 'Y') | KeyCode::Enter, Question::RaiseGeneration) => {
                self.raise_generation();
            }
            (KeyCode::Char('y' | 'Y' | 'q'), Question::QuitUnsaved) => self.end = Some(End::Quit),
            (KeyCode::Char('s'), Question::QuitUnsaved) => self.open_save(),
            (KeyCode::Char('c' | 'y' | 'Y') | KeyCode::Enter, Question::WhichLock) => {
                self.go_back_to_own();
            }
            (KeyCode::Char('k'), Question::WhichLock) => self.go_on_with_scenarios(),
            (KeyCode::Char('n' | 'N') | KeyCode::Esc, _) => {}
            _ => self.dialog = Some(Dialog::Ask(ask)),
        }
    }
}
