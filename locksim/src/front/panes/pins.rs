//! A logic analyser's strip: LED, buzzer, bridge, end switches, keypad rows, and the clock chip's bus.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line as Text, Span};
use ratatui::widgets::Paragraph;

use crate::devices::Line;
use crate::front::app::App;
use crate::front::theme::{Role, Theme};
use crate::time::Time;
use crate::trace::{Trace, TraceKind};

/// The wires in the order in which they are shown: those that tell most first, for a pane that hasn't room for all.
const SHOWN: [(Line, &str); 14] = [
    (Line::Green, "led.g"),
    (Line::Red, "led.r"),
    (Line::Buzzer, "buzz"),
    (Line::Withdraw, "withdr"),
    (Line::Throw, "throw"),
    (Line::Thrown, "thrown"),
    (Line::Withdrawn, "wdrawn"),
    (Line::Stall, "stall"),
    (Line::Row1, "row 1"),
    (Line::Row2, "row 2"),
    (Line::Row3, "row 3"),
    (Line::Row4, "row 4"),
    (Line::Button, "button"),
    (Line::Reset, "R"),
];

/// How much time a column stands for, at each zoom.
const ZOOMS: [Duration; 9] = [
    Duration::from_micros(500),
    Duration::from_millis(2),
    Duration::from_millis(10),
    Duration::from_millis(40),
    Duration::from_millis(100),
    Duration::from_millis(400),
    Duration::from_secs(2),
    Duration::from_secs(10),
    Duration::from_mins(1),
];

/// Edges of all wires, and the part of them that is shown.
#[derive(Clone, Debug)]
pub(crate) struct PinsState {
    /// For each of [`SHOWN`]: when it changed, and whether it was high from then on.
    waves: Vec<Vec<(Time, bool)>>,
    /// When there was something on the clock chip's bus.
    bus: Vec<Time>,
    looked_at: usize,
    zoom: usize,
    /// Where the cursor stands; at the present, and with it, where it doesn't.
    cursor: Option<Time>,
}

impl Default for PinsState {
    fn default() -> Self {
        Self {
            waves: vec![Vec::new(); SHOWN.len()],
            bus: Vec::new(),
            looked_at: 0,
            zoom: 4,
            cursor: None,
        }
    }
}

impl PinsState {
    /// Takes in what the trace has more of.
    pub(crate) fn look(&mut self, trace: &Trace) {
        for event in trace.since(self.looked_at) {
            match &event.kind {
                TraceKind::Pin { pin, level } => {
                    if let Some(number) = SHOWN.iter().position(|(line, _)| line == pin) {
                        self.waves[number].push((event.at, level.is_high()));
                    }
                }
                TraceKind::I2c { .. } => self.bus.push(event.at),
                _ => {}
            }
        }
        self.looked_at = trace.len();
    }

    /// The trace is another one.
    pub(crate) fn forget(&mut self) {
        *self = Self {
            zoom: self.zoom,
            ..Self::default()
        };
    }

    pub(crate) fn zoom_in(&mut self) {
        self.zoom = self.zoom.saturating_sub(1);
    }

    pub(crate) fn zoom_out(&mut self) {
        self.zoom = (self.zoom + 1).min(ZOOMS.len() - 1);
    }

    /// Moves the cursor by so many columns.
    pub(crate) fn move_cursor(&mut self, columns: i32, now: Time) {
        let step = ZOOMS[self.zoom] * columns.unsigned_abs();
        let from = self.cursor.unwrap_or(now);
        let to = if columns < 0 {
            Time::START + from.since(Time::START).saturating_sub(step)
        } else {
            from + step
        };
        self.cursor = (to < now).then_some(to);
    }

    /// Back to the present.
    pub(crate) fn follow(&mut self) {
        self.cursor = None;
    }

    pub(super) fn title(&self, now: Time) -> String {
        let column = ZOOMS[self.zoom];
        let ago = match self.cursor {
            Some(cursor) => format!("cursor {:.3} s ago, ", (now - cursor).as_secs_f64()),
            None => String::new(),
        };
        format!("{ago}{column:?} a column")
    }
}

pub(super) fn draw(frame: &mut Frame, inner: Rect, app: &App, theme: Theme) {
    const LABEL: u16 = 7;
    let width = usize::from(inner.width.saturating_sub(LABEL));
    let pins = &app.pins;
    let view = View::of(pins, app.play.now(), width);
    let mut lines = Vec::new();
    for ((line, label), edges) in SHOWN.iter().zip(&pins.waves) {
        // Before its first change a wire was what it became then not; one that never changed is what it is.
        let now = app.play.stage.world.level(*line).is_high();
        let before = edges.first().map_or(now, |(_, high)| !high);
        let wave = view.wave(edges, before, theme);
        lines.push(row(label, wave, &view, theme));
    }
    lines.insert(
        8.min(lines.len()),
        row("i2c", view.pulses(&pins.bus, theme), &view, theme),
    );
    frame.render_widget(Paragraph::new(lines), inner);
}

fn row(label: &str, wave: Vec<&'static str>, view: &View, theme: Theme) -> Text<'static> {
    let mut spans = vec![Span::styled(
        format!("{label:<7}"),
        theme.style(Role::Faint),
    )];
    for (column, glyph) in wave.into_iter().enumerate() {
        let role = if Some(column) == view.cursor {
            Role::Chosen
        } else {
            Role::Text
        };
        spans.push(Span::styled(glyph, theme.style(role)));
    }
    Text::from(spans)
}

/// The stretch of time that is shown.
struct View {
    from: Time,
    column: Duration,
    width: usize,
    /// The column of the cursor.
    cursor: Option<usize>,
}

impl View {
    /// The present is at the right edge; a cursor that is further back is in the middle.
    fn of(pins: &PinsState, now: Time, width: usize) -> Self {
        let column = ZOOMS[pins.zoom];
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
        if let Some(cursor) = pins.cursor {
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
    use crate::front::theme::Depth;

    const THEME: Theme = Theme {
        depth: Depth::Mono,
        ascii: true,
    };

    #[test]
    fn a_wave_is_high_where_the_wire_was() {
        let at = Time::from_millis;
        let view = View {
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
            assert_eq!(view.wave(&edges, high, THEME).concat(), wave, "{edges:?}");
        }
        let later = View {
            from: at(30),
            ..view
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
        let mut pins = PinsState::default();
        let now = Time::from_millis(60_000);
        let view = View::of(&pins, now, 20);
        assert!(view.edge(20) > now && view.edge(19) <= now);
        pins.move_cursor(-5, now);
        assert_eq!(View::of(&pins, now, 20).cursor, Some(14));
        pins.move_cursor(-30, now);
        assert_eq!(View::of(&pins, now, 20).cursor, Some(10));
        pins.move_cursor(100, now);
        assert_eq!(View::of(&pins, now, 20).cursor, None);
    }
}
