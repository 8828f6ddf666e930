//! The owner's app: guests, their PINs, their stays, and how these stand.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::first_shown;
use crate::front::app::App;
use crate::front::theme::{Role, Theme};
use crate::front::words::{self, Standing, standing};
use crate::stage::knowledge::Guest;

/// A narrower pane has no room for PINs.
const NARROW: u16 = 44;

/// From here on there is room for stays, and from there on for their years.
const MIDDLING: u16 = 84;
const WIDE: u16 = 104;

/// Which guest is chosen.
#[derive(Clone, Debug, Default)]
pub(crate) struct BookState {
    pub(crate) chosen: usize,
}

/// The guest that is chosen.
pub(crate) fn chosen(app: &App) -> Option<&Guest> {
    let guests = app.play.stage.known.guests();
    guests.get(app.book.chosen.min(guests.len().saturating_sub(1)))
}

/// The guest in a line of the pane.
pub(crate) fn guest_at(app: &App, inner: Rect, y: u16) -> Option<usize> {
    let count = app.play.stage.known.guests().len();
    let first = first_shown(app.book.chosen, count, usize::from(inner.height));
    let number = first + usize::from(y.checked_sub(inner.y)?);
    (number < count).then_some(number)
}

pub(super) fn title(app: &App) -> Option<String> {
    let generation = app.play.stage.known.settings.generation.0;
    (generation > 0).then(|| format!("generation {generation}"))
}

pub(super) fn draw(frame: &mut Frame, inner: Rect, app: &App, theme: Theme) {
    let guests = app.play.stage.known.guests();
    if guests.is_empty() {
        let lines = vec![
            Line::raw("Nobody has a SmartPIN yet."),
            Line::from(vec![
                Span::styled("a", theme.style(Role::Hint)),
                Span::raw(" adds a guest."),
            ]),
        ];
        frame.render_widget(Paragraph::new(lines), inner);
        return;
    }
    let height = usize::from(inner.height);
    let first = first_shown(app.book.chosen, guests.len(), height);
    let lines: Vec<_> = guests
        .iter()
        .enumerate()
        .skip(first)
        .take(height)
        .map(|(number, guest)| line(app, theme, guest, number == app.book.chosen, inner.width))
        .collect();
    frame.render_widget(Paragraph::new(lines), inner);
}

fn line(app: &App, theme: Theme, guest: &Guest, chosen: bool, width: u16) -> Line<'static> {
    let known = &app.play.stage.known;
    let standing = standing(guest, known, app.play.stage.utc());
    let (mut state, role) = match standing {
        Standing::Coming(ahead) => (format!("in {}", words::span(ahead)), Role::Text),
        Standing::Active(left) if width < NARROW => {
            (format!("{} left", words::span(left)), Role::Good)
        }
        Standing::Active(left) => (format!("active, {} left", words::span(left)), Role::Good),
        Standing::Blocked => ("blocked".to_owned(), Role::Bad),
        Standing::Expired => ("expired".to_owned(), Role::Faint),
        Standing::Void => ("void".to_owned(), Role::Faint),
    };
    if matches!(standing, Standing::Active(_) | Standing::Coming(_)) && known.has_custom_pin(guest)
    {
        state.push_str(", own PIN");
    }
    let mark = if chosen { theme.glyph("▸", ">") } else { " " };
    let pin = words::grouped(&guest.code());
    let mut spans = vec![Span::raw(format!("{mark} "))];
    let style = if chosen {
        theme.style(Role::Chosen)
    } else {
        Style::new()
    };
    let state = Span::styled(state, theme.style(role));
    if width < NARROW {
        spans.push(Span::styled(format!("{:10.10}", guest.title()), style));
        spans.extend([Span::raw(" "), state]);
        return Line::from(spans);
    }
    let (name, format) = match width {
        WIDE.. => (18, Some("%F %H:%M")),
        MIDDLING.. => (12, Some("%m-%d %H:%M")),
        _ => (10, None),
    };
    spans.push(Span::styled(
        format!("{:name$.name$}", guest.title()),
        style,
    ));
    spans.push(Span::raw(format!("  {pin}  ")));
    if let Some(format) = format {
        let (start, end) = guest.issued.window.bounds(known.settings.daily_hours);
        let window = format!("{} - {}  ", start.format(format), end.format(format));
        spans.push(Span::raw(window));
    }
    spans.push(state);
    Line::from(spans)
}
