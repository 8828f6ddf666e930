//! The parts of the screen, a file each. They only read.

pub(crate) mod book;
pub(crate) mod clock;
pub(crate) mod door;
pub(crate) mod footer;
pub(crate) mod log;
pub(crate) mod pins;
pub(crate) mod script;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Padding};

use super::layout::Pane;
use super::theme::{Role, Theme};
use super::view::ViewModel;

/// Draws one pane.
pub(crate) fn draw(pane: Pane, frame: &mut Frame, area: Rect, view: &ViewModel<'_>, theme: Theme) {
    let block = block(pane, view, theme);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    match pane {
        Pane::Door => door::draw(frame, inner, view, theme),
        Pane::Clock => clock::draw(frame, inner, view, theme),
        Pane::Book => book::draw(frame, inner, view, theme),
        Pane::Log => log::draw(frame, inner, view, theme),
        Pane::Pins => pins::draw(frame, inner, view, theme),
        Pane::Script => script::draw(frame, inner, view, theme),
    }
}

/// What is inside of a pane's frame.
pub(crate) fn inner(area: Rect) -> Rect {
    Block::bordered()
        .padding(Padding::horizontal(1))
        .inner(area)
}

fn block(pane: Pane, view: &ViewModel<'_>, theme: Theme) -> Block<'static> {
    let focused = view.focus == pane;
    let role = if focused { Role::Focused } else { Role::Frame };
    let mark = if focused {
        theme.glyph("▸ ", "> ")
    } else {
        ""
    };
    let extra = match pane {
        Pane::Log => log::title(view),
        Pane::Book => book::title(view),
        Pane::Script => script::title(view),
        Pane::Pins => Some(pins::title(view)),
        Pane::Door | Pane::Clock => None,
    };
    let mut title = vec![Span::raw(format!(" {mark}{} ", pane.title()))];
    if let Some(extra) = extra {
        title.push(Span::styled(format!("{extra} "), theme.style(Role::Text)));
    }
    Block::bordered()
        .border_set(theme.border())
        .border_style(theme.style(role))
        .title(Line::from(title))
        .padding(Padding::horizontal(1))
}

/// The lines of a list that are shown so that `chosen` is among them.
pub(crate) fn first_shown(chosen: usize, count: usize, height: usize) -> usize {
    let last = count.saturating_sub(height);
    chosen.saturating_sub(height / 2).min(last)
}
