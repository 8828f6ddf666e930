//! The front-end on the terminal: a lock to play with.
//!
//! [`app`] holds the state, `update` changes it, `panes` and `dialogs` draw it and only read. `command` is the one table
//! of keys. `events` is the loop, and the one place that reads the host's clock.

mod app;
mod command;
mod crossterm_input;
mod dialogs;
mod events;
mod face;
mod flow;
mod history;
mod input;
mod layout;
mod panes;
mod screen;
mod script;
mod state;
mod theme;
mod update;
mod when;
mod whole;
mod words;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use app::App;
use dialogs::Dialog;
use layout::SMALLEST;
use theme::Theme;

use crate::moment::Moment;
use crate::zones::Zone;

/// How the front-end begins.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// When a new lock is powered up, and where it hangs.
    pub(crate) start: Option<Moment>,
    pub(crate) zone: Option<Zone>,
    /// A folder that keeps the lock between runs.
    pub(crate) state: Option<PathBuf>,
    /// A scenario that is played at once.
    pub(crate) replay: Option<PathBuf>,
    pub(crate) speed: Option<Speed>,
    /// Colour or none, where that was asked for.
    pub(crate) coloured: Option<bool>,
    /// No glyphs beyond ASCII.
    pub(crate) ascii: bool,
}

pub(crate) use app::Speed;
pub(crate) use events::run;

/// Draws the whole screen.
fn draw(frame: &mut Frame, app: &App, theme: Theme) {
    let screen = frame.area();
    let Some(layout) = app.layout(screen) else {
        too_small(frame, screen, app);
        return;
    };
    for (pane, area) in layout.panes() {
        panes::draw(pane, frame, area, app, theme);
    }
    panes::footer::draw(frame, layout.footer, app, theme);
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
