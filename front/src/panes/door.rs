//! The keypad as it lies on the lock, the LED, the buzzer, and the bolt where the mechanism really is.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

use crate::theme::{Role, Theme};
use crate::view::{Hand, Light, ViewModel};
use crate::words;
use sim::devices::{BoltState, Colour, MotorState};
use sim::key::Key;

/// How the keys are drawn where there is room, and where there isn't.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Size {
    /// `[5]`
    Small,
    /// A box of five by three.
    Large,
}

fn size(inner: Rect) -> Size {
    if inner.width >= 34 && inner.height >= 18 {
        Size::Large
    } else {
        Size::Small
    }
}

/// Every key, and where it can be clicked.
pub(crate) fn keys(inner: Rect) -> Vec<(Key, Rect)> {
    let (width, height, step, reset) = match size(inner) {
        Size::Small => (3, 1, 4, 18),
        Size::Large => (5, 3, 6, 26),
    };
    let mut keys = Vec::new();
    for (row, y) in Key::MATRIX.into_iter().zip((inner.y..).step_by(height)) {
        for (key, x) in row.into_iter().zip((inner.x..).step_by(step)) {
            keys.push((key, Rect::new(x, y, width, height as u16)));
        }
    }
    let below = inner.y + 4 * height as u16;
    let wide = 3 * step as u16 + 3;
    keys.push((Key::LOCK, Rect::new(inner.x, below, wide, height as u16)));
    keys.push((
        Key::RESET,
        Rect::new(inner.x + reset, below, width, height as u16),
    ));
    keys.into_iter()
        .map(|(key, rect)| (key, rect.intersection(inner)))
        .collect()
}

/// The key under the mouse.
pub(crate) fn key_at(inner: Rect, at: Position) -> Option<Key> {
    keys(inner)
        .into_iter()
        .find(|(_, rect)| rect.contains(at))
        .map(|(key, _)| key)
}

pub(super) fn draw(frame: &mut Frame, inner: Rect, view: &ViewModel<'_>, theme: Theme) {
    let size = size(inner);
    for (key, rect) in keys(inner) {
        let style = if view.down == Some(key) {
            theme.style(Role::Down)
        } else {
            theme.style(Role::Text)
        };
        draw_key(frame, rect, key, style, theme);
    }
    let (beside, under) = match size {
        Size::Small => (14, 6),
        Size::Large => (21, 16),
    };
    let right = Rect {
        x: inner.x + beside,
        width: inner.width.saturating_sub(beside),
        height: if size == Size::Small { 4 } else { 12 },
        ..inner
    };
    frame.render_widget(
        Paragraph::new(lights(view, theme)),
        right.intersection(inner),
    );
    let below = Rect {
        y: inner.y + under,
        height: inner.height.saturating_sub(under),
        ..inner
    };
    let mut lines = vec![bolt(view, theme, inner.width)];
    lines.extend(lockout(view, theme));
    lines.extend(hand(view, theme));
    lines.extend(faults(view, theme));
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), below);
}

fn draw_key(frame: &mut Frame, rect: Rect, key: Key, style: Style, theme: Theme) {
    let label = match key {
        Key::LOCK => "Lock/Unlock".to_owned(),
        key => key.name().to_string(),
    };
    let lines = if rect.height >= 3 {
        let width = usize::from(rect.width) - 2;
        let (h, v) = (theme.glyph("─", "-"), theme.glyph("│", "|"));
        let [tl, tr, bl, br] = if theme.ascii {
            ["+"; 4]
        } else {
            ["╭", "╮", "╰", "╯"]
        };
        vec![
            format!("{tl}{}{tr}", h.repeat(width)),
            format!("{v}{label:^width$}{v}"),
            format!("{bl}{}{br}", h.repeat(width)),
        ]
    } else {
        let width = usize::from(rect.width).saturating_sub(2);
        vec![format!("[{label:^width$}]")]
    };
    let lines: Vec<_> = lines.into_iter().map(Line::from).collect();
    frame.render_widget(Paragraph::new(lines).style(style), rect);
}

fn lights(view: &ViewModel<'_>, theme: Theme) -> Vec<Line<'static>> {
    let led = match view.light {
        Light::Shining(colour) => lamp(colour, true, theme),
        Light::Afterglow(colour) => lamp(colour, false, theme),
        Light::Dark => vec![Span::styled(
            format!("{} LED", theme.glyph("○", "o")),
            theme.style(Role::Faint),
        )],
    };
    let sound = if view.sounds {
        Span::styled(
            format!("{} beep", theme.glyph("♪", "!")),
            theme.style(Role::Warn),
        )
    } else {
        Span::styled(theme.glyph("· quiet", ". quiet"), theme.style(Role::Faint))
    };
    let power = if view.lock.powered {
        Span::styled("power on", theme.style(Role::Faint))
    } else {
        Span::styled("POWER OFF", theme.style(Role::Bad))
    };
    let motor = match view.lock.motor {
        MotorState::Idle => Span::styled("motor off", theme.style(Role::Faint)),
        MotorState::Running => Span::styled("motor on", theme.style(Role::Good)),
        MotorState::Stalled => Span::styled("STALLED", theme.style(Role::Bad)),
    };
    vec![
        Line::from(led),
        Line::from(sound),
        Line::from(power),
        Line::from(motor),
    ]
}

fn lamp(colour: Colour, shining: bool, theme: Theme) -> Vec<Span<'static>> {
    let glyph = if shining {
        theme.glyph("●", "*")
    } else {
        theme.glyph("◌", ".")
    };
    vec![Span::styled(
        format!("{glyph} {}", colour.as_str()),
        theme.light(colour, shining),
    )]
}

/// The bolt as it reaches out of the door into its frame.
fn bolt(view: &ViewModel<'_>, theme: Theme, width: u16) -> Line<'static> {
    let reach: usize = if width >= 30 { 14 } else { 7 };
    let out = 1.0 - view.bolt_travel();
    let cells = 1 + (out * (reach - 1) as f64).round() as usize;
    let (word, role) = match (view.lock.bolt, view.lock.motor) {
        (_, MotorState::Stalled) => ("JAMMED", Role::Bad),
        (BoltState::Locked, _) => ("locked", Role::Text),
        (BoltState::Unlocked, _) => ("unlocked", Role::Good),
        (BoltState::Moving, _) => ("moving", Role::Warn),
        (BoltState::Unknown, _) => ("half-way", Role::Bad),
    };
    let bar = theme.glyph("━", "=").repeat(cells.saturating_sub(1));
    let tip = theme.glyph("▶", ">");
    let gap = " ".repeat(reach.saturating_sub(cells));
    Line::from(vec![
        Span::styled("bolt ", theme.style(Role::Faint)),
        Span::styled(theme.glyph("▐", "["), theme.style(Role::Faint)),
        Span::styled(format!("{bar}{tip}"), theme.style(role)),
        Span::raw(gap),
        Span::styled(theme.glyph("▌", "]"), theme.style(Role::Faint)),
        Span::styled(format!(" {word}"), theme.style(role)),
    ])
}

/// How long the keys stay deaf.
fn lockout(view: &ViewModel<'_>, theme: Theme) -> Option<Line<'static>> {
    let left = words::span(view.lockout_left()?);
    let text = format!("locked out, {left} left");
    Some(Line::styled(text, theme.style(Role::Bad)))
}

/// What was typed and not ended.
fn hand(view: &ViewModel<'_>, theme: Theme) -> Option<Line<'static>> {
    Some(match view.hand {
        Hand::Idle => return None,
        Hand::HoldsNext => Line::styled("hold: press a key", theme.style(Role::Warn)),
        Hand::Holding(key) => Line::styled(format!("holding {key}"), theme.style(Role::Warn)),
        Hand::Typed(entry) => Line::from(vec![
            Span::styled("typed ", theme.style(Role::Faint)),
            Span::raw(entry.to_owned()),
        ]),
    })
}

fn faults(view: &ViewModel<'_>, theme: Theme) -> Option<Line<'static>> {
    let names: Vec<_> = view.faults().map(words::fault).collect();
    (!names.is_empty()).then(|| {
        Line::styled(
            format!("broken: {}", names.join(", ")),
            theme.style(Role::Bad),
        )
    })
}
