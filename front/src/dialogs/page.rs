//! A text to be read, scrolled if it is long.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::deed::Outcome;
use super::draw_hints;
use crate::input::{Chord, KeyCode};
use crate::theme::{Role, Theme};

/// A text.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) title: String,
    entries: Vec<PageEntry>,
    /// The first row that is shown.
    from: usize,
}

/// A paragraph of it.
#[derive(Debug, Default)]
pub(super) struct PageEntry {
    /// Keys of the keyboard, in a column of their own.
    pub(super) keys: &'static str,
    pub(super) text: String,
    /// Why it does nothing right now.
    pub(super) why_not: Option<String>,
}

/// Columns that keys take.
const KEYS: usize = 12;

impl Page {
    pub(super) fn new(title: impl Into<String>, entries: Vec<PageEntry>) -> Self {
        Self {
            title: title.into(),
            entries,
            from: 0,
        }
    }

    /// A text as it is.
    pub(crate) fn of_text(title: impl Into<String>, text: &str) -> Self {
        Self::new(title, text.lines().map(PageEntry::plain).collect())
    }

    pub(super) fn size(&self, body: Rect) -> (u16, u16) {
        let longest = self.entries.iter().map(PageEntry::width).max().unwrap_or(0);
        let width = longest.clamp(40, 150) as u16 + 4;
        let width = width.min(body.width);
        let rows = self
            .entries
            .iter()
            .map(|entry| entry.rows(width.saturating_sub(4)).len());
        let height = (rows.sum::<usize>() as u16).saturating_add(4);
        (width, height.min(body.height))
    }

    /// `inside` is where it is drawn.
    pub(super) fn key(&mut self, key: Chord, inside: Rect) -> Outcome {
        let rows: usize = self
            .entries
            .iter()
            .map(|entry| entry.rows(inside.width).len())
            .sum();
        let last = rows.saturating_sub(height(inside));
        let page = height(inside).saturating_sub(1).max(1);
        match key.code {
            KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q' | '?' | ' ') => {
                return Outcome::Close;
            }
            KeyCode::Down => self.from += 1,
            KeyCode::Up => self.from = self.from.saturating_sub(1),
            KeyCode::PageDown => self.from += page,
            KeyCode::PageUp => self.from = self.from.saturating_sub(page),
            KeyCode::Home => self.from = 0,
            KeyCode::End => self.from = last,
            _ => {}
        }
        self.from = self.from.min(last);
        Outcome::Stay
    }

    pub(super) fn draw(&self, frame: &mut Frame, inside: Rect, theme: Theme) {
        let height = height(inside);
        let mut rows: Vec<_> = self
            .entries
            .iter()
            .flat_map(|entry| entry.lines(inside.width, theme))
            .collect();
        let last = rows.len().saturating_sub(height);
        let hints: &[_] = if last > 0 {
            &[("Up Down", "scroll"), ("Esc", "closes")]
        } else {
            &[("Esc", "closes")]
        };
        rows.drain(..self.from.min(last));
        rows.truncate(height);
        frame.render_widget(Paragraph::new(rows), inside);
        draw_hints(frame, inside, hints, theme);
    }
}

/// Rows of text that a page shows at once.
fn height(inside: Rect) -> usize {
    usize::from(inside.height.saturating_sub(2))
}

impl PageEntry {
    pub(super) fn plain(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ..Self::default()
        }
    }

    fn width(&self) -> usize {
        let why = self.why_not.as_ref().map_or(0, |why| why.chars().count());
        self.indent() + why.max(self.text.chars().count())
    }

    fn indent(&self) -> usize {
        if self.keys.is_empty() { 0 } else { KEYS }
    }

    /// Its rows without the keys: first why it does nothing right now, then what it would do.
    fn rows(&self, width: u16) -> Vec<(Role, String)> {
        let width = usize::from(width).saturating_sub(self.indent()).max(1);
        // What is drawn with blanks, such as a line of a file, keeps those at its beginning.
        let wrapped = |role, text: &str| -> Vec<(Role, String)> {
            let rows = textwrap::wrap(text, width);
            rows.into_iter()
                .map(|row| (role, row.into_owned()))
                .collect()
        };
        let Some(why) = &self.why_not else {
            return wrapped(Role::Text, &self.text);
        };
        let mut rows = wrapped(Role::Warn, &format!("({why})"));
        rows.extend(wrapped(Role::Faint, &self.text));
        rows
    }

    fn lines(&self, width: u16, theme: Theme) -> Vec<Line<'static>> {
        let rows = self.rows(width).into_iter().enumerate();
        rows.map(|(number, (role, row))| {
            let keys = if number == 0 { self.keys } else { "" };
            let indent = self.indent();
            Line::from(vec![
                Span::styled(format!("{keys:<indent$}"), theme.style(Role::Hint)),
                Span::styled(row, theme.style(role)),
            ])
        })
        .collect()
    }
}
