//! The front-end: a lock to play with, on whatever shows characters.
//!
//! [`app`] holds the state; `update`, `pacing` and `look` change it. `panes` and `dialogs` read a `view` of it; what
//! dialogs ask for, `update` carries out. `command` is the one table of keys. What somebody does comes in as [`input`],
//! files lie behind [`storage`].
//!
//! It knows no terminal and no operating system. Who has one feeds an [`App`] with input and with the time that has
//! passed, and has [`draw`] fill a frame of `ratatui`.

pub mod app;
mod command;
mod dialogs;
mod glow;
mod history;
pub mod input;
mod layout;
mod look;
mod pacing;
mod panes;
mod script;
pub mod speed;
pub mod storage;
pub mod theme;
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

/// Draws the whole screen.
pub fn draw(frame: &mut Frame, app: &App, theme: Theme) {
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
