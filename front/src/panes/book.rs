//! The owner's app: guests, their PINs, their stays, and how these stand.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use smartpin::Grant;

use super::first_shown;
use crate::theme::{Role, Theme};
use crate::view::ViewModel;
use crate::words::{self, Standing, standing};
use sim::owner::Guest;

/// A narrower pane has no room for PINs.
const NARROW: u16 = 44;

/// From here on there is room for stays, and from there on for their years.
const MIDDLING: u16 = 84;
const WIDE: u16 = 104;

/// Columns that a name takes, at least and at most.
const NAME: (usize, usize) = (8, 24);

/// The guest in a line of the pane.
pub(crate) fn guest_at(view: &ViewModel<'_>, inner: Rect, y: u16) -> Option<usize> {
    let count = view.guests().len();
    let first = first_shown(view.chosen, count, usize::from(inner.height));
    let number = first + usize::from(y.checked_sub(inner.y)?);
    (number < count).then_some(number)
}

pub(super) fn title(view: &ViewModel<'_>) -> Option<String> {
    let generation = view.known().settings.generation.0;
    (generation > 0).then(|| format!("generation {generation}"))
}

pub(super) fn draw(frame: &mut Frame, inner: Rect, view: &ViewModel<'_>, theme: Theme) {
    let guests = view.guests();
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
    let first = first_shown(view.chosen, guests.len(), height);
    let rows: Vec<_> = guests
        .iter()
        .enumerate()
        .skip(first)
        .take(height)
        .map(|(number, guest)| Row::of(view, guest, number == view.chosen, inner.width))
        .collect();
    let states = rows.iter().map(|row| row.state.chars().count());
    let columns = Columns::of(inner.width, states.max().unwrap_or(0));
    let lines: Vec<_> = rows
        .iter()
        .map(|row| row.line(&columns, view, theme))
        .collect();
    frame.render_widget(Paragraph::new(lines), inner);
}

/// What stands beside a guest's name, as the width allows: PIN, stay, and how long the name may be.
struct Columns {
    pin: bool,
    stay: Option<&'static str>,
    name: usize,
}

impl Columns {
    /// States come first, since they change; names get what is left.
    fn of(width: u16, state: usize) -> Self {
        let pin = width >= NARROW;
        let (stay, stay_width) = match width {
            WIDE.. => (Some("%F %H:%M"), 37),
            MIDDLING.. => (Some("%m-%d %H:%M"), 27),
            _ => (None, 0),
        };
        let taken = 2 + if pin { 14 } else { 0 } + stay_width + 2 + state;
        let left = usize::from(width).saturating_sub(taken);
        let name = left.clamp(NAME.0, NAME.1);
        Self { pin, stay, name }
    }
}

/// A guest's line.
struct Row<'a> {
    guest: &'a Guest,
    chosen: bool,
    state: String,
    role: Role,
}

impl<'a> Row<'a> {
    fn of(view: &ViewModel<'_>, guest: &'a Guest, chosen: bool, width: u16) -> Self {
        let known = view.known();
        let now = view.utc();
        let is = standing(guest, known, now);
        let (mut state, role) = match is {
            Standing::Coming(ahead) => (format!("in {}", words::span(ahead)), Role::Text),
            Standing::Active(left) if width < MIDDLING => {
                (format!("{} left", words::span(left)), Role::Good)
            }
            Standing::Active(left) => (format!("active, {} left", words::span(left)), Role::Good),
            Standing::Blocked => ("blocked".to_owned(), Role::Bad),
            Standing::Expired => ("expired".to_owned(), Role::Faint),
            Standing::Void => ("void".to_owned(), Role::Faint),
        };
        if matches!(is, Standing::Active(_) | Standing::Coming(_)) && known.has_custom_pin(guest) {
            let text = if width < NARROW {
                " +PIN"
            } else {
                ", custom PIN"
            };
            state.push_str(text);
        }
        // The door opens by the lock's clock, the book goes by the true time.
        let there = standing(guest, known, now + view.lock.ahead());
        if std::mem::discriminant(&there) != std::mem::discriminant(&is) {
            let there = match there {
                Standing::Coming(_) => "too early",
                Standing::Active(_) => "active",
                _ => "expired",
            };
            state = if width < MIDDLING {
                format!("{there} to the lock")
            } else {
                format!("{state} (to the lock: {there})")
            };
        }
        Self {
            guest,
            chosen,
            state,
            role,
        }
    }

    fn line(&self, columns: &Columns, view: &ViewModel<'_>, theme: Theme) -> Line<'static> {
        let known = view.known();
        let (mark, style) = if self.chosen {
            (theme.glyph("▸", ">"), theme.style(Role::Chosen))
        } else {
            (" ", Style::new())
        };
        let name = clipped(self.guest.title(), columns.name, theme);
        let width = columns.name;
        let mut spans = vec![
            Span::raw(format!("{mark} ")),
            Span::styled(format!("{name:width$}"), style),
            Span::raw("  "),
        ];
        if columns.pin {
            let pin = words::grouped(&self.guest.code());
            spans.push(Span::raw(format!("{pin}  ")));
        }
        if let Some(format) = columns.stay {
            let Grant::Stay(stay) = self.guest.issued.grant();
            let (start, end) = stay.window.bounds(known.settings.daily_hours);
            let stay = format!("{} - {}  ", start.format(format), end.format(format));
            spans.push(Span::raw(stay));
        }
        spans.push(Span::styled(self.state.clone(), theme.style(self.role)));
        Line::from(spans)
    }
}

/// A text that tells where it was cut off.
fn clipped(text: &str, width: usize, theme: Theme) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}{}", theme.glyph("…", "~"))
}
