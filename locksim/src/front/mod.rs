//! The front-end on the terminal: a lock to play with.
//!
//! [`app`] holds the state; `update`, `pacing` and `look` change it. `panes` and `dialogs` read a [`view`] of it; what
//! dialogs ask for, `update` carries out. `command` is the one table of keys. What somebody does comes in as [`input`],
//! files lie behind [`storage`].
//!
//! The operating system is touched by `events` (the loop, which alone reads the host's clock), `screen`,
//! `crossterm_input`, `environment`, `disk`, `state` and `atomic_write`, and by nothing else.

mod app;
mod atomic_write;
mod command;
mod crossterm_input;
mod dialogs;
mod disk;
mod environment;
mod events;
mod history;
mod input;
mod kept;
mod layout;
mod look;
mod pacing;
mod panes;
mod screen;
mod script;
mod speed;
mod state;
mod storage;
mod theme;
mod update;
mod view;
mod waves;
mod when;
mod words;

#[cfg(test)]
mod tests;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use app::App;
use dialogs::Dialog;
use layout::SMALLEST;
use theme::Theme;

pub(crate) use events::{Options, run};
pub(crate) use speed::Speed;

/// Draws the whole screen.
fn draw(frame: &mut Frame, app: &App, theme: Theme) {
    let screen = frame.area();
    let Some(layout) = app.layout(screen) else {
        too_small(frame, screen, app);
        return;
    };
    let view = app.view();
    for (pane, area) in layout.panes() {
        panes::draw(pane, frame, area, &view, theme);
    }
    panes::footer::draw(frame, layout.footer, &view, theme);
    if let Some(dialog) = &app.dialog {
        dialogs::draw(dialog, frame, layout.body, theme);
    }
}

fn too_small(frame: &mut Frame, screen: Rect, app: &App) {
    let (width, height) = SMALLEST;
    let way = match app.dialog {
        Some(Dialog::Ask(_)) => "Not saved: q quits, Esc stays.",
        _ => "Make it larger, or q to quit.",
    };
    let lines = vec![
        Line::raw(format!("locksim needs {width} x {height};")),
        Line::raw(format!("this is {} x {}.", screen.width, screen.height)),
        Line::raw(way),
    ];
    frame.render_widget(Paragraph::new(lines), screen);
}
