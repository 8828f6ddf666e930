//! What time it is to the lock, whether it trusts that, how fast time passes, and what comes next.

use std::time::Duration;

use jiff::civil::DateTime;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use tui_big_text::{BigText, PixelSize};

use crate::script::Mode;
use crate::speed::Speed;
use crate::theme::{Role, Theme};
use crate::view::ViewModel;
use crate::words;
use sim::play::outlook::{Outlook, Sight};
use sim::world::LockClock;

/// A change of the clocks is announced so long before.
const SOON: i64 = 86_400;

pub(super) fn draw(frame: &mut Frame, inner: Rect, view: &ViewModel<'_>, theme: Theme) {
    let mut lines = lines(view, theme, inner.width);
    let text = if inner.width >= 66 && inner.height >= 8 && !theme.ascii {
        let big = BigText::builder()
            .pixel_size(PixelSize::HalfHeight)
            .lines([Line::from(civil(view).strftime("%H:%M:%S").to_string())])
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
fn civil(view: &ViewModel<'_>) -> DateTime {
    match &view.lock.clock {
        LockClock::Says(civil) => *civil,
        _ => view.lock.here.datetime(),
    }
}

fn lines(view: &ViewModel<'_>, theme: Theme, width: u16) -> Vec<Line<'static>> {
    let width = usize::from(width);
    let mut lines = time(view, theme, width);
    lines.push(pace(view, theme, width));
    lines.extend(next(view).map(|next| Line::raw(format!("next: {next}"))));
    lines.extend(change(view).map(Line::raw));
    lines
}

/// The lock's time and the true one, which need but one line where they agree; and what the lock thinks of its clock.
fn time(view: &ViewModel<'_>, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let format = "%a %F %T";
    let true_time = view.lock.here.strftime(format).to_string();
    let zone = Span::styled(words::zone(&view.lock.here), theme.style(Role::Faint));
    let gap = Span::raw("  ");
    let trust = match &view.lock.clock {
        LockClock::Says(says) => {
            let ahead = view.lock.ahead();
            if ahead.is_zero() {
                Span::styled("trusted", theme.style(Role::Good))
            } else {
                let says = format!("lock  {}", says.strftime(format));
                let off = format!("{} off", words::signed(ahead));
                let lock = vec![
                    Span::raw(says),
                    gap.clone(),
                    Span::styled(off, theme.style(Role::Warn)),
                ];
                let truth = vec![Span::raw(format!("true  {true_time}")), gap, zone];
                return vec![Line::from(lock), Line::from(truth)];
            }
        }
        LockClock::Untrusted(why) => {
            let text = format!("UNTRUSTED: {}", words::why_untrusted(why));
            Span::styled(text, theme.style(Role::Bad))
        }
        LockClock::Silent => Span::styled("the lock has no power", theme.style(Role::Bad)),
    };
    let time = Span::raw(true_time);
    let needed = time.width() + 2 + zone.width();
    if needed + 2 + trust.width() <= width {
        vec![Line::from(vec![time, gap.clone(), zone, gap, trust])]
    } else if needed <= width {
        vec![Line::from(vec![time, gap, zone]), Line::from(trust)]
    } else if zone.width() + 2 + trust.width() <= width {
        vec![Line::from(time), Line::from(vec![zone, gap, trust])]
    } else {
        vec![Line::from(time), Line::from(trust)]
    }
}

fn pace(view: &ViewModel<'_>, theme: Theme, width: usize) -> Line<'static> {
    let scripted = view
        .script
        .is_some_and(|script| script.mode == Mode::Running);
    let state = match (view.leaping, view.running, scripted) {
        (true, ..) => Span::styled("leaping", theme.style(Role::Warn)),
        (_, true, true) => Span::styled("playing", theme.style(Role::Good)),
        (_, true, false) => Span::styled("running", theme.style(Role::Good)),
        (_, false, _) => Span::styled("paused", theme.style(Role::Warn)),
    };
    let mut line = Line::from(vec![Span::raw(format!("{}  ", view.speed)), state]);
    if view.running && view.pace != view.speed && view.speed > Speed::Times(1) {
        let text = Span::styled("  (1x: typing)", theme.style(Role::Faint));
        if line.width() + text.width() <= width {
            line.push_span(text);
        }
    }
    line
}

/// What happens next, and when.
fn next(view: &ViewModel<'_>) -> Option<String> {
    let known = view.known();
    let now = view.now();
    // That a light which flashes will flash is no news.
    let news = |outlook: &&Outlook| match outlook.what {
        Sight::Light | Sight::Sound => outlook.at - now >= Duration::from_secs(1),
        _ => true,
    };
    let event = view.lock.outlook.as_ref().filter(news).map(|outlook| {
        let text = words::sight(&outlook.what, view.lock.bolt, known);
        (outlook.at - now, text)
    });
    let lockout = view
        .lockout_left()
        .map(|left| (left, "lockout ends".to_owned()));
    let step = view.script.and_then(|script| {
        let text = format!("line {} is done", script.next_line()?.number);
        Some((script.ends()? - now, text))
    });
    let stay = view.next_stay_edge().map(|(stamp, text)| {
        let ahead = stamp.duration_since(view.utc());
        (ahead.unsigned_abs(), text)
    });
    let (ahead, text) = [event, lockout, step, stay]
        .into_iter()
        .flatten()
        .min_by_key(|(ahead, _)| *ahead)?;
    Some(format!("{text} in {}", words::span(ahead)))
}

/// A change of the clocks that comes within a day.
fn change(view: &ViewModel<'_>) -> Option<String> {
    let now = view.utc();
    let (at, after) = view.known().zone.next_change(now)?;
    let ahead = at.duration_since(now);
    if ahead.as_secs() > SOON {
        return None;
    }
    let before = view.lock.here.offset();
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
        "clocks go {way} in {}, {} to {}",
        words::span(ahead.unsigned_abs()),
        from.strftime("%H:%M"),
        to.strftime("%H:%M"),
    ))
}
