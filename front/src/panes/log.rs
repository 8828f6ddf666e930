//! The lock's audit log in words, the newest at the bottom.

use firmware_core::audit::Event;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::theme::{Role, Theme};
use crate::view::ViewModel;

pub(super) fn title(view: &ViewModel<'_>) -> Option<String> {
    let log = view.log;
    match (log.filter.is_empty(), log.back) {
        (true, 0) => None,
        (true, back) => Some(format!("{back} newer below")),
        (false, _) => Some(format!("with \"{}\"; / changes that", log.filter)),
    }
}

pub(super) fn draw(frame: &mut Frame, inner: Rect, view: &ViewModel<'_>, theme: Theme) {
    let all = view.log_entries();
    if all.is_empty() {
        let text = if view.log.filter.is_empty() {
            "The log is empty."
        } else {
            "No entry has that in it."
        };
        frame.render_widget(Paragraph::new(text).style(theme.style(Role::Faint)), inner);
        return;
    }
    let height = usize::from(inner.height);
    let end = all.len() - view.log.back.min(all.len().saturating_sub(1));
    let first = end.saturating_sub(height);
    let format = if inner.width >= 60 {
        "%F %T"
    } else {
        "%m-%d %T"
    };
    let lines: Vec<_> = all[first..end]
        .iter()
        .map(|logged| {
            let here = view.wall_clock(logged.at);
            let role = match logged.entry.event {
                Event::Unlocked(_) | Event::CustomPinSaved(_) => Role::Good,
                Event::Denied { .. }
                | Event::LockedOut { .. }
                | Event::Jammed
                | Event::BatteryCritical
                | Event::ClockUntrusted(_)
                | Event::StoreRepaired => Role::Bad,
                Event::BatteryLow => Role::Warn,
                _ => Role::Text,
            };
            Line::from(vec![
                Span::styled(
                    format!("{}  ", here.strftime(format)),
                    theme.style(Role::Faint),
                ),
                Span::styled(logged.words.clone(), theme.style(role)),
            ])
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), inner);
}
