//! A logic analyser's strip: LED, buzzer, bridge, end switches, keypad rows, and the clock chip's bus.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line as Text, Span};
use ratatui::widgets::Paragraph;

use crate::theme::{Role, Theme};
use crate::view::ViewModel;
use crate::waves::{SHOWN, Waves};
use sim::time::Time;

pub(super) fn title(view: &ViewModel<'_>) -> String {
    let column = view.waves.column();
    let ago = match view.waves.cursor() {
        Some(cursor) => format!("cursor {:.3} s ago, ", (view.now() - cursor).as_secs_f64()),
        None => String::new(),
    };
    format!("{ago}{column:?} a column")
}

pub(super) fn draw(frame: &mut Frame, inner: Rect, view: &ViewModel<'_>, theme: Theme) {
    const LABEL: u16 = 7;
    let width = usize::from(inner.width.saturating_sub(LABEL));
    let stretch = Stretch::of(view.waves, view.now(), width);
    let mut lines = Vec::new();
    for ((line, label), edges) in SHOWN.iter().zip(view.waves.edges()) {
        // Before its first change a wire was what it became then not; one that never changed is what it is.
        let now = view.is_high(*line);
        let before = edges.first().map_or(now, |(_, high)| !high);
        let wave = stretch.wave(edges, before, theme);
        lines.push(row(label, wave, &stretch, theme));
    }
    let bus = stretch.pulses(view.waves.bus(), theme);
    lines.insert(8.min(lines.len()), row("i2c", bus, &stretch, theme));
    frame.render_widget(Paragraph::new(lines), inner);
}

fn row(label: &str, wave: Vec<&'static str>, stretch: &Stretch, theme: Theme) -> Text<'static> {
    let mut spans = vec![Span::styled(
        format!("{label:<7}"),
        theme.style(Role::Faint),
    )];
    for (column, glyph) in wave.into_iter().enumerate() {
        let role = if Some(column) == stretch.cursor {
            Role::Chosen
        } else {
            Role::Text
        };
        spans.push(Span::styled(glyph, theme.style(role)));
    }
    Text::from(spans)
}

/// The stretch of time that is shown.
struct Stretch {
    from: Time,
    column: Duration,
    width: usize,
    /// The column of the cursor.
    cursor: Option<usize>,
}

impl Stretch {
    /// The present is at the right edge; a cursor that is further back is in the middle.
    fn of(waves: &Waves, now: Time, width: usize) -> Self {
        let column = waves.column();
        let span = column * u32::try_from(width).unwrap_or(0);
        let back =
            |from: Time, by: Duration| Time::START + from.since(Time::START).saturating_sub(by);
        // On the grid of columns, so that a wave doesn't flicker as it moves.
        let grid = |time: Time| {
            let micros = u64::try_from(column.as_micros()).unwrap_or(1).max(1);
            Time::from_micros(time.micros() / micros * micros)
        };
        let end = grid(now) + column;
        let mut from = back(end, span);
        let mut at = None;
        if let Some(cursor) = waves.cursor() {
            if cursor < from {
                from = grid(back(cursor, span / 2));
            }
            at = usize::try_from((cursor - from).as_micros() / column.as_micros().max(1)).ok();
        }
        Self {
            from,
            column,
            width,
            cursor: at,
        }
    }

    fn edge(&self, column: usize) -> Time {
        self.from + self.column * u32::try_from(column).unwrap_or(u32::MAX)
    }

    fn wave(&self, edges: &[(Time, bool)], at_start: bool, theme: Theme) -> Vec<&'static str> {
        let mut next = edges.partition_point(|(at, _)| *at < self.from);
        let level = |edges: &[(Time, bool)]| edges.last().map_or(at_start, |(_, high)| *high);
        (0..self.width)
            .map(|column| {
                let end = self.edge(column + 1);
                let before = next;
                while edges.get(next).is_some_and(|(at, _)| *at < end) {
                    next += 1;
                }
                match (next - before, level(&edges[..next])) {
                    (0, true) => theme.glyph("▔", "#"),
                    (0, false) => theme.glyph("▁", "_"),
                    (1, true) => theme.glyph("│", "#"),
                    (1, false) => theme.glyph("│", "_"),
                    _ => theme.glyph("┃", "|"),
                }
            })
            .collect()
    }

    fn pulses(&self, at: &[Time], theme: Theme) -> Vec<&'static str> {
        (0..self.width)
            .map(|column| {
                let first = at.partition_point(|pulse| *pulse < self.edge(column));
                let last = at.partition_point(|pulse| *pulse < self.edge(column + 1));
                if last > first {
                    theme.glyph("┃", "|")
                } else {
                    theme.glyph("▁", "_")
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Depth;

    const THEME: Theme = Theme {
        depth: Depth::Mono,
        ascii: true,
    };

    #[test]
    fn a_wave_is_high_where_the_wire_was() {
        let at = Time::from_millis;
        let stretch = Stretch {
            from: at(0),
            column: Duration::from_millis(10),
            width: 8,
            cursor: None,
        };
        let table = [
            (vec![], false, "________"),
            (vec![], true, "########"),
            (vec![(at(20), true), (at(50), false)], false, "__###___"),
            (vec![(at(21), true), (at(23), false)], false, "__|_____"),
        ];
        for (edges, high, wave) in table {
            assert_eq!(
                stretch.wave(&edges, high, THEME).concat(),
                wave,
                "{edges:?}"
            );
        }
        let later = Stretch {
            from: at(30),
            ..stretch
        };
        assert_eq!(
            later
                .wave(&[(at(20), true), (at(50), false)], false, THEME)
                .concat(),
            "##______"
        );
    }

    #[test]
    fn the_present_is_at_the_right_edge_until_the_cursor_leaves_it() {
        let mut waves = Waves::default();
        let now = Time::from_millis(60_000);
        let stretch = Stretch::of(&waves, now, 20);
        assert!(stretch.edge(20) > now && stretch.edge(19) <= now);
        waves.move_cursor(-5, now);
        assert_eq!(Stretch::of(&waves, now, 20).cursor, Some(14));
        waves.move_cursor(-30, now);
        assert_eq!(Stretch::of(&waves, now, 20).cursor, Some(10));
        waves.move_cursor(100, now);
        assert_eq!(Stretch::of(&waves, now, 20).cursor, None);
    }
}
