//! The scenario that is open: its steps, how far it has come, and expected beside seen where it failed.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::first_shown;
use crate::script::Script;
use crate::theme::{Role, Theme};
use crate::view::ViewModel;
use sim::stage::StepError;

/// Columns before a step's text: its mark, and its line in the file.
const INDENT: usize = 6;

pub(super) fn title(view: &ViewModel<'_>) -> Option<String> {
    let script = view.script?;
    let state = if script.failed.is_some() {
        "failed"
    } else if script.is_over() {
        "passed"
    } else {
        ""
    };
    let place = format!(
        "{}/{}",
        script.at.min(script.lines.len()),
        script.lines.len()
    );
    let words = [state, place.as_str(), script.file_name()];
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    Some(words.join(" "))
}

pub(super) fn draw(frame: &mut Frame, inner: Rect, view: &ViewModel<'_>, theme: Theme) {
    let Some(script) = view.script else {
        let line = Line::from(vec![
            Span::styled("o", theme.style(Role::Hint)),
            Span::raw(" opens a scenario file and plays it here."),
        ]);
        frame.render_widget(Paragraph::new(line), inner);
        return;
    };
    let mut below = Vec::new();
    if let Some(failed) = &script.failed {
        below = why(failed, inner.width, theme);
        // The step that failed is always to be seen, too.
        below.truncate(usize::from(inner.height).saturating_sub(1));
    }
    let height = usize::from(inner.height).saturating_sub(below.len());
    // The step that one looks at stands whole, however long it is; the others have a line each.
    let shown = step(script, script.shown(), Some(inner.width), theme);
    let around = height.saturating_sub(shown.len());
    let first = first_shown(script.shown(), script.lines.len(), around + 1);
    let mut lines = Vec::new();
    for number in first..script.lines.len() {
        if number == script.shown() {
            lines.extend(shown.iter().cloned());
        } else {
            lines.extend(step(script, number, None, theme));
        }
    }
    lines.truncate(height);
    lines.append(&mut below);
    frame.render_widget(Paragraph::new(lines), inner);
}

/// A step in one line, or in as many as it takes at that width.
fn step(script: &Script, number: usize, width: Option<u16>, theme: Theme) -> Vec<Line<'static>> {
    let Some(line) = script.lines.get(number) else {
        return Vec::new();
    };
    let (mark, role) = if number < script.at {
        (theme.glyph("✓", "v"), Role::Faint)
    } else if number > script.at {
        (" ", Role::Text)
    } else if script.failed.is_some() {
        (theme.glyph("✗", "x"), Role::Bad)
    } else {
        (theme.glyph("▸", ">"), Role::Focused)
    };
    let text_role = if script.looked_at == Some(number) {
        Role::Chosen
    } else {
        role
    };
    let rows = width.map_or_else(
        || vec![line.text.as_str().into()],
        |width| textwrap::wrap(&line.text, usize::from(width).saturating_sub(INDENT).max(1)),
    );
    let rows = rows.into_iter().enumerate();
    rows.map(|(row, text)| {
        let text = Span::styled(text.into_owned(), theme.style(text_role));
        if row > 0 {
            return Line::from(vec![Span::raw(" ".repeat(INDENT)), text]);
        }
        Line::from(vec![
            Span::styled(format!("{mark} "), theme.style(role)),
            Span::styled(format!("{:>3} ", line.number), theme.style(Role::Faint)),
            text,
        ])
    })
    .collect()
}

fn why(failed: &StepError, width: u16, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = vec![Line::styled(failed.message.clone(), theme.style(Role::Bad))];
    for miss in &failed.mismatches {
        let key = Span::raw(format!("  {:<8} ", miss.key));
        let expected = vec![
            Span::raw("expected "),
            Span::styled(miss.expected.clone(), theme.style(Role::Good)),
        ];
        let seen = vec![
            Span::raw("seen "),
            Span::styled(miss.seen.clone(), theme.style(Role::Bad)),
        ];
        let wide = |spans: &[Span<'_>]| spans.iter().map(Span::width).sum::<usize>();
        if key.width() + wide(&expected) + 2 + wide(&seen) <= usize::from(width) {
            let both = [vec![key], expected, vec![Span::raw("  ")], seen].concat();
            lines.push(Line::from(both));
        } else {
            let indent = Span::raw(" ".repeat(key.width()));
            lines.push(Line::from([vec![key], expected].concat()));
            lines.push(Line::from([vec![indent], seen].concat()));
        }
    }
    lines
}
