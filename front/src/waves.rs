//! What the wires did, and which part of it is shown.

use std::time::Duration;

use sim::devices::Line;
use sim::time::Time;
use sim::trace::{Trace, TraceKind};

/// The wires in the order in which they are shown: those that tell most first, for a pane that hasn't room for all.
pub(crate) const SHOWN: [(Line, &str); 14] = [
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
pub(crate) struct Waves {
    /// For each of [`SHOWN`]: when it changed, and whether it was high from then on.
    edges: Vec<Vec<(Time, bool)>>,
    /// When there was something on the clock chip's bus.
    bus: Vec<Time>,
    looked_at: usize,
    zoom: usize,
    /// Where the cursor stands; at the present, and with it, where it doesn't.
    cursor: Option<Time>,
}

impl Default for Waves {
    fn default() -> Self {
        Self {
            edges: vec![Vec::new(); SHOWN.len()],
            bus: Vec::new(),
            looked_at: 0,
            zoom: 4,
            cursor: None,
        }
    }
}

impl Waves {
    /// Takes in what the trace has more of.
    pub(crate) fn look(&mut self, trace: &Trace) {
        for event in trace.since(self.looked_at) {
            match &event.kind {
                TraceKind::Pin { pin, level } => {
                    if let Some(number) = SHOWN.iter().position(|(line, _)| line == pin) {
                        self.edges[number].push((event.at, level.is_high()));
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

    /// When each of [`SHOWN`] changed, and whether it was high from then on.
    pub(crate) fn edges(&self) -> &[Vec<(Time, bool)>] {
        &self.edges
    }

    /// When there was something on the clock chip's bus.
    pub(crate) fn bus(&self) -> &[Time] {
        &self.bus
    }

    /// How much time a column stands for.
    pub(crate) fn column(&self) -> Duration {
        ZOOMS[self.zoom]
    }

    /// Where the cursor stands; none where it goes with the present.
    pub(crate) fn cursor(&self) -> Option<Time> {
        self.cursor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wire_is_shown_but_those_that_scan() {
        for line in Line::INPUTS.into_iter().chain(Line::OUTPUTS) {
            let is_shown = SHOWN.iter().any(|(shown, _)| *shown == line);
            assert_eq!(is_shown, !Line::COLUMNS.contains(&line), "{line:?}");
        }
    }
}
