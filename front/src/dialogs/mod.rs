//! What opens over the panes and takes the keys until it is closed.

pub(crate) mod add;
pub(crate) mod ask;
pub(crate) mod deed;
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
pub(crate) mod search;
pub(crate) mod settings;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Padding};

use super::input::Chord;
use super::theme::{Role, Theme};
use super::view::ViewModel;
pub(crate) use ask::{Ask, Question};
use deed::Outcome;
use form::Form;
use page::Page;
use picker::Picker;

/// One of a few kinds.
#[derive(Debug)]
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

impl Dialog {
    /// A key of the keyboard. `body` is the part of the screen that dialogs lie on.
    pub(crate) fn key(&mut self, key: Chord, view: &ViewModel<'_>, body: Rect) -> Outcome {
        let inside = inner(area(self, body));
        match self {
            Self::Form(form) => form.key(key, view),
            Self::Picker(picker) => picker.key(key, view),
            Self::Page(page) => page.key(key, inside),
            Self::Ask(ask) => ask.key(key, view),
        }
    }

    /// A click into the dialog, or beside it, which closes it.
    pub(crate) fn click(&mut self, at: Position, view: &ViewModel<'_>, body: Rect) -> Outcome {
        let area = area(self, body);
        if !area.contains(at) {
            return Outcome::Close;
        }
        match self {
            Self::Picker(picker) => picker.click(inner(area), at, view),
            Self::Form(form) => form.click(inner(area), at),
            Self::Page(_) | Self::Ask(_) => Outcome::Stay,
        }
    }

    /// What it asked for can't be done; whether it stays open to show why.
    pub(crate) fn refuse(&mut self, why: &str) -> bool {
        match self {
            Self::Form(form) => {
                form.refuse(why);
                true
            }
            Self::Picker(_) | Self::Page(_) | Self::Ask(_) => false,
        }
    }
}
