//! What time it is to the lock, whether it trusts that, how fast time passes, and what comes next.

use jiff::civil::DateTime;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use tui_big_text::{BigText, PixelSize};

use crate::front::app::{App, Speed};
use crate::front::script::Mode;
use crate::front::theme::{Role, Theme};
use crate::front::words;
use crate::world::LockClock;

/// A change of the clocks is announced so long before.
const SOON: i64 = 86_400;

pub(super) fn draw(frame: &mut Frame, inner: Rect, app: &App, theme: Theme) {
    let mut lines = lines(app, theme, inner.width);
    let text = if inner.width >= 66 && inner.height >= 8 && !theme.ascii {
        let big = BigText::builder()
            .pixel_size(PixelSize::HalfHeight)
            .lines([Line::from(civil(app).strftime("%H:%M:%S").to_string())])
            .build();
        frame.render_widget(big, Rect { height: 4, ..inner });
        lines.insert(0, Line::default());
        Rect {
            y: inner.y + 4,
            height: inner.height - 4,
            ..inner
        }
    } else {
        inner
    };
    frame.render_widget(Paragraph::new(lines), text);
}

/// What the lock says; the true time where it says nothing.
fn civil(app: &App) -> DateTime {
    match &app.face.clock {
        LockClock::Says(civil) => *civil,
        _ => app.face.here.datetime(),
    }
}

fn lines(app: &App, theme: Theme, width: u16) -> Vec<Line<'static>> {
    let time = Span::raw(civil(app).strftime("%a %F %T").to_string());
    let zone = Span::styled(words::zone(&app.face.here), theme.style(Role::Faint));
    let (trust, mut pace) = (trust(app, theme), pace(app, theme));
    let gap = Span::raw("  ");
    let width = usize::from(width);
    let needed = time.width() + 2 + zone.width();
    let mut lines = if needed + 2 + trust.width() <= width {
        let first = vec![time, gap.clone(), zone, gap, trust];
        vec![Line::from(first), Line::from(pace)]
    } else if needed <= width {
        pace.extend([gap.clone(), trust]);
        vec![Line::from(vec![time, gap, zone]), Line::from(pace)]
    } else {
        let second = vec![zone, gap, trust];
        vec![Line::from(time), Line::from(second), Line::from(pace)]
    };
    lines.push(announced(app, theme, width));
    lines
}

fn trust(app: &App, theme: Theme) -> Span<'static> {
    match &app.face.clock {
        LockClock::Says(says) => {
            let ahead = says.duration_since(app.face.here.datetime());
            if ahead.abs().as_secs() <= 1 {
                Span::styled("trusted", theme.style(Role::Good))
            } else {
                let text = format!("trusted, {} off", words::signed(ahead));
                Span::styled(text, theme.style(Role::Warn))
            }
        }
        LockClock::Untrusted(why) => {
            let text = format!("UNTRUSTED: {}", words::why_untrusted(why));
            Span::styled(text, theme.style(Role::Bad))
        }
        LockClock::Silent => Span::styled("the lock has no power", theme.style(Role::Bad)),
    }
}

fn pace(app: &App, theme: Theme) -> Vec<Span<'static>> {
    let scripted = app
        .script
        .as_ref()
        .is_some_and(|script| script.mode == Mode::Running);
    let state = match (app.jump.is_some(), app.running, scripted) {
        (true, ..) => Span::styled("leaping", theme.style(Role::Warn)),
        (_, true, true) => Span::styled("playing", theme.style(Role::Good)),
        (_, true, false) => Span::styled("running", theme.style(Role::Good)),
        (_, false, _) => Span::styled("paused", theme.style(Role::Warn)),
    };
    let mut spans = vec![Span::raw(format!("{}  ", app.speed)), state];
    if app.running && app.pace() != app.speed && app.speed > Speed::Times(1) {
        let text = "  (1x while someone types)";
        spans.push(Span::styled(text, theme.style(Role::Faint)));
    }
    spans
}

fn announced(app: &App, theme: Theme, width: usize) -> Line<'static> {
    let next = next(app);
    let text = match (change(app), next) {
        (Some(change), Some(next)) if width > change.len() + next.len() + 8 => {
            format!("next: {next}   {change}")
        }
        (Some(change), None) => change,
        (_, Some(next)) => format!("next: {next}"),
        (None, None) => {
            return Line::styled("next: nothing, by itself", theme.style(Role::Faint));
        }
    };
    Line::raw(text)
}

/// What happens next, and when.
fn next(app: &App) -> Option<String> {
    let known = &app.play.stage.known;
    let event = app.face.outlook.as_ref().map(|outlook| {
        (
            outlook.at - app.play.now(),
            words::sight(&outlook.what, app.face.bolt, known),
        )
    });
    let stay = app.next_stay_edge().map(|(stamp, text)| {
        let ahead = stamp.duration_since(app.play.stage.utc());
        (ahead.unsigned_abs(), text)
    });
    let (ahead, text) = [event, stay]
        .into_iter()
        .flatten()
        .min_by_key(|(ahead, _)| *ahead)?;
    Some(format!("{text} in {}", words::span(ahead)))
}

/// A change of the clocks that comes within a day.
fn change(app: &App) -> Option<String> {
    let now = app.play.stage.utc();
    let (at, after) = app.play.stage.known.zone.next_change(now)?;
    let ahead = at.duration_since(now);
    if ahead.as_secs() > SOON {
        return None;
    }
    let before = app.face.here.offset();
    let (way, from, to) = (
        if after.seconds() > before.seconds() {
            "forward"
        } else {
            "back"
        },
        before.to_datetime(at),
        after.to_datetime(at),
    );
    Some(format!(
        "clocks go {way} in {} ({} becomes {})",
        words::span(ahead.unsigned_abs()),
        from.strftime("%H:%M"),
        to.strftime("%H:%M"),
    ))
}
