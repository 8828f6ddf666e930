//! A text to be read, scrolled if it is long.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::draw_hints;
use crate::front::theme::{Role, Theme};

/// A text.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) title: String,
    entries: Vec<Entry>,
    from: usize,
}

/// A line of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    /// Keys of the keyboard, in a column of their own.
    pub(super) keys: &'static str,
    pub(super) text: String,
    /// Why it does nothing right now.
    pub(super) why_not: Option<String>,
}

/// Columns that keys take.
const KEYS: usize = 12;

impl Page {
    pub(super) fn new(title: impl Into<String>, entries: Vec<Entry>) -> Self {
        Self {
            title: title.into(),
            entries,
            from: 0,
        }
    }

    /// A text as it is.
    pub(crate) fn of_text(title: impl Into<String>, text: &str) -> Self {
        Self::new(title, text.lines().map(Entry::plain).collect())
    }

    pub(super) fn size(&self, body: Rect) -> (u16, u16) {
        let longest = self.entries.iter().map(Entry::width).max().unwrap_or(0);
        let width = longest.clamp(40, 150) as u16 + 4;
        let height = (self.entries.len() as u16).saturating_add(4);
        (width.min(body.width), height.min(body.height))
    }

    /// False when it is closed.
    pub(super) fn key(&mut self, key: KeyEvent) -> bool {
        let last = self.entries.len().saturating_sub(1);
        match key.code {
            KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q' | '?' | ' ') => return false,
            KeyCode::Down => self.from = (self.from + 1).min(last),
            KeyCode::Up => self.from = self.from.saturating_sub(1),
            KeyCode::PageDown => self.from = (self.from + 10).min(last),
            KeyCode::PageUp => self.from = self.from.saturating_sub(10),
            _ => {}
        }
        true
    }

    pub(super) fn draw(&self, frame: &mut Frame, inside: Rect, theme: Theme) {
        let height = usize::from(inside.height.saturating_sub(2));
        let from = self.from.min(self.entries.len().saturating_sub(height));
        let shown = self.entries.iter().skip(from).take(height);
        let lines: Vec<_> = shown.map(|entry| entry.line(theme)).collect();
        frame.render_widget(Paragraph::new(lines), inside);
        let hints: &[_] = if self.entries.len() > height {
            &[("Up Down", "scroll"), ("Esc", "closes")]
        } else {
            &[("Esc", "closes")]
        };
        draw_hints(frame, inside, hints, theme);
    }
}

impl Entry {
    pub(super) fn plain(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ..Self::default()
        }
    }

    fn width(&self) -> usize {
        let why = self
            .why_not
            .as_ref()
            .map_or(0, |why| why.chars().count() + 3);
        let keys = if self.keys.is_empty() { 0 } else { KEYS };
        keys + self.text.chars().count() + why
    }

    fn line(&self, theme: Theme) -> Line<'_> {
        let role = if self.why_not.is_some() {
            Role::Faint
        } else {
            Role::Text
        };
        let mut spans = Vec::new();
        if !self.keys.is_empty() {
            let keys = format!("{:<KEYS$}", self.keys);
            spans.push(Span::styled(keys, theme.style(Role::Hint)));
        }
        if let Some(why) = &self.why_not {
            // Before what it would do: the end of a long line may be cut off.
            spans.push(Span::styled(format!("({why}) "), theme.style(Role::Warn)));
        }
        spans.push(Span::styled(self.text.as_str(), theme.style(role)));
        Line::from(spans)
    }
}
