//! Where each pane lies.

use ratatui::layout::{Constraint, Layout as Split, Rect};

/// A part of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Pane {
    Door,
    Clock,
    Book,
    Log,
    Pins,
    Script,
}

impl Pane {
    /// In the order in which Tab goes round.
    pub(crate) const ALL: [Self; 6] = [
        Self::Door,
        Self::Clock,
        Self::Book,
        Self::Script,
        Self::Log,
        Self::Pins,
    ];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Door => "door",
            Self::Clock => "clock",
            Self::Book => "access book",
            Self::Log => "log",
            Self::Pins => "pins",
            Self::Script => "scenario",
        }
    }
}

/// The smallest screen that holds what one needs.
pub(crate) const SMALLEST: (u16, u16) = (60, 20);

/// Where everything lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    panes: Vec<(Pane, Rect)>,
    /// What has happened, and the keys that matter now.
    pub(crate) footer: Rect,
    /// All but the footer.
    pub(crate) body: Rect,
}

impl Layout {
    /// For a screen of this size; none if it is too small.
    ///
    /// `script` tells whether a scenario is open; `whole` names a pane that is to fill the screen.
    pub(crate) fn of(screen: Rect, script: bool, whole: Option<Pane>) -> Option<Self> {
        if screen.width < SMALLEST.0 || screen.height < SMALLEST.1 {
            return None;
        }
        let [body, footer] =
            Split::vertical([Constraint::Min(0), Constraint::Length(2)]).areas(screen);
        let panes = match whole {
            Some(pane) => vec![(pane, body)],
            None if body.width >= 120 && body.height >= 38 => large(body, script),
            None if body.width >= 80 && body.height >= 22 => medium(body, script),
            None => small(body, script),
        };
        Some(Self {
            panes,
            footer,
            body,
        })
    }

    /// The panes that are on the screen.
    pub(crate) fn panes(&self) -> impl Iterator<Item = (Pane, Rect)> {
        self.panes.iter().copied()
    }
}

fn rows<const N: usize>(area: Rect, heights: [Constraint; N]) -> [Rect; N] {
    Split::vertical(heights).areas(area)
}

fn columns<const N: usize>(area: Rect, widths: [Constraint; N]) -> [Rect; N] {
    Split::horizontal(widths).areas(area)
}

use Constraint::{Fill, Length, Min};

fn small(body: Rect, script: bool) -> Vec<(Pane, Rect)> {
    let [top, bottom] = rows(body, [Length(11), Min(0)]);
    let [door, right] = columns(top, [Length(27), Min(0)]);
    let [clock, book] = rows(right, [Length(6), Min(0)]);
    let below = if script { Pane::Script } else { Pane::Log };
    vec![
        (Pane::Door, door),
        (Pane::Clock, clock),
        (Pane::Book, book),
        (below, bottom),
    ]
}

fn medium(body: Rect, script: bool) -> Vec<(Pane, Rect)> {
    let [left, right] = columns(body, [Length(27), Min(0)]);
    let [door, pins] = rows(left, [Length(11), Min(0)]);
    let [clock, rest] = rows(right, [Length(6), Min(0)]);
    let mut panes = vec![(Pane::Door, door), (Pane::Pins, pins), (Pane::Clock, clock)];
    if script {
        let [script, log] = rows(rest, [Fill(3), Fill(2)]);
        panes.extend([(Pane::Script, script), (Pane::Log, log)]);
    } else {
        let [book, log] = rows(rest, [Fill(2), Fill(3)]);
        panes.extend([(Pane::Book, book), (Pane::Log, log)]);
    }
    panes
}

fn large(body: Rect, script: bool) -> Vec<(Pane, Rect)> {
    let [top, middle, pins] = rows(body, [Length(20), Min(0), Length(13)]);
    let [door, right] = columns(top, [Length(40), Min(0)]);
    let tall = if right.width >= 70 { 10 } else { 6 };
    let [clock, book] = rows(right, [Length(tall), Min(0)]);
    let mut panes = vec![
        (Pane::Door, door),
        (Pane::Clock, clock),
        (Pane::Book, book),
        (Pane::Pins, pins),
    ];
    if script {
        let [script, log] = columns(middle, [Fill(1), Fill(1)]);
        panes.extend([(Pane::Script, script), (Pane::Log, log)]);
    } else {
        panes.push((Pane::Log, middle));
    }
    panes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_lie_side_by_side_and_inside_the_screen_at_every_size() {
        for width in (60..=220).step_by(7) {
            for height in 20..=70 {
                for script in [false, true] {
                    let screen = Rect::new(0, 0, width, height);
                    let layout = Layout::of(screen, script, None).expect("large enough");
                    let all: Vec<_> = layout.panes().collect();
                    for (number, (pane, rect)) in all.iter().enumerate() {
                        assert!(rect.width >= 20 && rect.height >= 4, "{pane:?} {rect}");
                        assert_eq!(rect.intersection(layout.body), *rect);
                        for (_, other) in &all[number + 1..] {
                            assert!(!rect.intersects(*other), "{pane:?} at {width}x{height}");
                        }
                    }
                    assert!(all.iter().any(|(pane, _)| *pane == Pane::Door));
                }
            }
        }
        assert_eq!(Layout::of(Rect::new(0, 0, 59, 40), false, None), None);
    }
}
