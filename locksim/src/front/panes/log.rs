//! The lock's audit log in words, the newest at the bottom.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::front::app::App;
use crate::front::theme::{Role, Theme};
use crate::front::words;
use crate::time::Time;
use crate::trace::{AuditEntry, TraceKind};

/// Which part of the log is shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct LogState {
    /// How many lines of newer entries are below the pane.
    pub(crate) back: usize,
    /// Only entries with this in them, in whatever case.
    pub(crate) filter: String,
}

impl LogState {
    pub(super) fn title(&self) -> Option<String> {
        match (self.filter.is_empty(), self.back) {
            (true, 0) => None,
            (true, back) => Some(format!("{back} newer below")),
            (false, _) => Some(format!("with \"{}\"; / changes that", self.filter)),
        }
    }
}

/// An entry, and what it says.
struct Told<'a> {
    at: Time,
    entry: &'a AuditEntry,
    words: String,
}

/// Entries from the oldest on; one that was amended in its latest form.
fn told(app: &App) -> Vec<Told<'_>> {
    let filter = app.log.filter.to_lowercase();
    let mut all: Vec<Told<'_>> = Vec::new();
    let older = app.play.logged_before();
    let trace = app.play.stage.world.trace().iter();
    let newer = trace.filter_map(|event| match &event.kind {
        TraceKind::Audit(entry) => Some((event.at, entry)),
        _ => None,
    });
    for (at, entry) in older.chain(newer) {
        if all
            .last()
            .is_some_and(|last| last.entry.sequence == entry.sequence)
        {
            all.pop();
        }
        let words = words::audit(entry, &app.play.stage.known);
        all.push(Told { at, entry, words });
    }
    if !filter.is_empty() {
        all.retain(|told| told.words.to_lowercase().contains(&filter));
    }
    all
}

/// How many entries there are to be seen.
pub(crate) fn count(app: &App) -> usize {
    told(app).len()
}

pub(super) fn draw(frame: &mut Frame, inner: Rect, app: &App, theme: Theme) {
    let all = told(app);
    if all.is_empty() {
        let text = if app.log.filter.is_empty() {
            "The log is empty."
        } else {
            "No entry has that in it."
        };
        frame.render_widget(Paragraph::new(text).style(theme.style(Role::Faint)), inner);
        return;
    }
    let height = usize::from(inner.height);
    let end = all.len() - app.log.back.min(all.len().saturating_sub(1));
    let first = end.saturating_sub(height);
    let format = if inner.width >= 60 {
        "%F %T"
    } else {
        "%m-%d %T"
    };
    let lines: Vec<_> = all[first..end]
        .iter()
        .map(|told| {
            let utc = app.play.utc_at(told.at);
            let here = app.play.stage.known.zone.at(utc);
            let role = match told.entry.event.as_ref() {
                "unlocked" | "custom_pin_saved" => Role::Good,
                "denied" | "locked_out" | "jammed" | "battery_critical" | "clock_untrusted"
                | "store_repaired" => Role::Bad,
                "battery_low" => Role::Warn,
                _ => Role::Text,
            };
            Line::from(vec![
                Span::styled(
                    format!("{}  ", here.strftime(format)),
                    theme.style(Role::Faint),
                ),
                Span::styled(told.words.clone(), theme.style(role)),
            ])
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), inner);
}
