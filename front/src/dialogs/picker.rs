//! A list to choose from, narrowed by what is typed.

use std::cmp::Reverse;

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::deed::{Deed, Outcome};
use super::field::TextField;
use super::form::Form;
use super::{Dialog, draw_hints};
use crate::input::{Chord, KeyCode};
use crate::panes::first_shown;
use crate::storage::typed_path;
use crate::theme::{Role, Theme};
use crate::view::ViewModel;

/// What becomes of an item that is chosen.
#[derive(Debug)]
pub(crate) enum Choice {
    Do(Deed),
    /// This is to be filled in first.
    Fill(Form),
}

/// A line of the list.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) label: String,
    pub(crate) detail: String,
    pub(crate) choice: Choice,
    /// Why it can't be chosen right now.
    pub(crate) why_not: Option<String>,
}

/// The list.
#[derive(Debug)]
pub(crate) struct Picker {
    pub(crate) title: String,
    query: TextField,
    items: Vec<Item>,
    /// Numbers of the items that match, the best first.
    matching: Vec<usize>,
    chosen: usize,
    /// What is said where there is nothing at all.
    nothing: &'static str,
    /// What is typed may be a file that isn't in the list.
    takes_paths: bool,
}

/// Lines above the list: what was typed, and an empty one.
const ABOVE: u16 = 2;
/// And below: an empty one, and the hints.
const BELOW: u16 = 2;

impl Picker {
    pub(super) fn new(title: impl Into<String>, items: Vec<Item>, nothing: &'static str) -> Self {
        Self {
            title: title.into(),
            query: TextField::default(),
            matching: (0..items.len()).collect(),
            items,
            chosen: 0,
            nothing,
            takes_paths: false,
        }
    }

    /// A list that takes the path of a file, too.
    pub(super) fn or_path(mut self) -> Self {
        self.takes_paths = true;
        self
    }

    pub(super) fn size(&self, body: Rect) -> (u16, u16) {
        let height = self.items.len().clamp(4, 24) as u16 + ABOVE + BELOW + 2;
        (body.width.saturating_sub(4).min(96), height)
    }

    pub(super) fn key(&mut self, key: Chord, view: &ViewModel<'_>) -> Outcome {
        let last = self.matching.len().saturating_sub(1);
        match key.code {
            KeyCode::Esc => return Outcome::Close,
            KeyCode::Enter => return self.choose(view),
            KeyCode::Down | KeyCode::Tab => self.chosen = (self.chosen + 1).min(last),
            KeyCode::Up | KeyCode::BackTab => self.chosen = self.chosen.saturating_sub(1),
            KeyCode::Home => self.chosen = 0,
            KeyCode::End => self.chosen = last,
            KeyCode::PageDown => self.chosen = (self.chosen + 10).min(last),
            KeyCode::PageUp => self.chosen = self.chosen.saturating_sub(10),
            _ => {
                if self.query.takes(key) {
                    self.narrow();
                }
            }
        }
        Outcome::Stay
    }

    /// What becomes of the item that is chosen; it is taken out of the list, which is left with it.
    fn choose(&mut self, view: &ViewModel<'_>) -> Outcome {
        let Some(number) = self.matching.get(self.chosen).copied() else {
            return match self.query.text() {
                path if self.takes_paths && !path.is_empty() => {
                    Outcome::Do(Deed::OpenFile(typed_path(view.storage, path)))
                }
                _ => Outcome::Stay,
            };
        };
        if let Some(why) = &self.items[number].why_not {
            let text = format!("{}: {why}", self.items[number].label);
            return Outcome::Meanwhile(Deed::Warn(text));
        }
        match self.items.swap_remove(number).choice {
            Choice::Do(deed) => Outcome::Do(deed),
            Choice::Fill(form) => Outcome::Open(Box::new(Dialog::Form(form.noted(view)))),
        }
    }

    fn narrow(&mut self) {
        let query = self.query.text();
        let pattern = Pattern::parse(query, CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut letters = Vec::new();
        let mut score = |text: &str| pattern.score(Utf32Str::new(text, &mut letters), &mut matcher);
        let items = self.items.iter().enumerate();
        let mut scored: Vec<_> = items
            .filter_map(|(number, item)| {
                // What something is called counts for more than what is said of it.
                let label = score(&item.label).map(|score| score * 2);
                let best = label.max(score(&item.detail))?;
                Some((Reverse(best), number))
            })
            .collect();
        scored.sort_unstable();
        self.matching = scored.into_iter().map(|(_, number)| number).collect();
        self.chosen = 0;
    }

    /// Chooses the line under the mouse, if there is one.
    pub(super) fn click(&mut self, inside: Rect, at: Position, view: &ViewModel<'_>) -> Outcome {
        let Some(row) = at.y.checked_sub(inside.y + ABOVE).map(usize::from) else {
            return Outcome::Stay;
        };
        let height = list_height(inside);
        let number = first_shown(self.chosen, self.matching.len(), height) + row;
        if row >= height || number >= self.matching.len() {
            return Outcome::Stay;
        }
        self.chosen = number;
        self.choose(view)
    }

    pub(super) fn draw(&self, frame: &mut Frame, inside: Rect, theme: Theme) {
        let width = usize::from(inside.width);
        let scroll = self.query.scroll(width.saturating_sub(3));
        let typed: String = self.query.text().chars().skip(scroll).collect();
        let query = if typed.is_empty() {
            Span::styled("type to narrow the list", theme.style(Role::Faint))
        } else {
            Span::raw(typed)
        };
        let column = self.query.cursor().saturating_sub(scroll) as u16;
        frame.set_cursor_position((inside.x + 2 + column, inside.y));
        let mut lines = vec![
            Line::from(vec![Span::styled("> ", theme.style(Role::Focused)), query]),
            Line::default(),
        ];
        if self.matching.is_empty() {
            let why = match self.query.text() {
                path if self.takes_paths && !path.is_empty() => {
                    format!("Enter opens the file {path}")
                }
                _ if self.items.is_empty() => self.nothing.to_owned(),
                _ => "nothing here is called so".to_owned(),
            };
            lines.push(Line::styled(why, theme.style(Role::Faint)));
        }
        lines.extend(self.rows(list_height(inside), width, theme));
        frame.render_widget(Paragraph::new(lines), inside);
        let hints = [
            ("Enter", "does it"),
            ("Up Down", "choose"),
            ("Esc", "leaves"),
        ];
        draw_hints(frame, inside, &hints, theme);
    }

    fn rows(&self, height: usize, width: usize, theme: Theme) -> Vec<Line<'_>> {
        let labels = self.items.iter().map(|item| item.label.chars().count());
        let column = labels.max().unwrap_or(0).min(width);
        let first = first_shown(self.chosen, self.matching.len(), height);
        let shown = self.matching.iter().enumerate().skip(first).take(height);
        shown
            .map(|(place, number)| {
                let item = &self.items[*number];
                let role = match (place == self.chosen, &item.why_not) {
                    (true, _) => Role::Chosen,
                    (false, Some(_)) => Role::Faint,
                    (false, None) => Role::Text,
                };
                let detail = item.why_not.as_ref().unwrap_or(&item.detail);
                Line::from(vec![
                    Span::styled(format!("{:column$.column$}", item.label), theme.style(role)),
                    Span::raw("  "),
                    Span::styled(detail.as_str(), theme.style(Role::Faint)),
                ])
            })
            .collect()
    }
}

fn list_height(inside: Rect) -> usize {
    usize::from(inside.height.saturating_sub(ABOVE + BELOW))
}
