//! Fields to be filled in, with notes that follow what is typed.

use std::fmt::Debug;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

use super::deed::{Deed, Outcome};
use super::draw_hints;
use super::field::TextField;
use crate::input::{Chord, KeyCode, Modifiers};
use crate::theme::{Role, Theme};
use crate::view::ViewModel;

/// A line below the fields.
pub(crate) type Note = (Role, String);

/// What a form is for.
pub(super) trait Purpose: Debug {
    /// The lines below the fields, for what is typed so far.
    fn notes(&self, fields: &Fields, view: &ViewModel<'_>) -> Vec<Note>;

    /// What Enter asks for.
    ///
    /// # Errors
    ///
    /// What is wrong with what was typed, in lines.
    fn submit(&self, fields: &Fields, view: &ViewModel<'_>) -> Result<Submission, String>;

    /// What is done at once when something else is typed.
    fn typed(&self, _fields: &Fields) -> Option<Deed> {
        None
    }

    /// What is done when the form is left.
    fn left(&self) -> Option<Deed> {
        None
    }
}

/// What Enter asks for.
#[derive(Debug)]
pub(super) enum Submission {
    Do(Deed),
    /// It was done while it was typed.
    Done,
    /// First this is announced; Enter again does it.
    Confirm(String, Deed),
}

/// A form.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) title: String,
    purpose: Box<dyn Purpose>,
    fields: Fields,
    notes: Vec<Note>,
    at: usize,
    /// What Enter would do was announced, and Enter again does it.
    warned: bool,
}

/// The fields of a form.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<Field>);

impl Fields {
    /// What was typed into field `number`, without blanks around it.
    pub(super) fn value(&self, number: usize) -> &str {
        self.0
            .get(number)
            .map_or("", |field| field.value.text().trim())
    }
}

/// A field.
#[derive(Debug)]
struct Field {
    label: &'static str,
    value: TextField,
    /// Whether the first letter that is typed takes the place of what is there.
    selected: bool,
    /// What is shown where nothing was typed.
    example: &'static str,
}

/// Lines that notes may take.
const NOTES: u16 = 4;
const WIDTH: u16 = 68;
const LABEL: u16 = 8;

impl Form {
    pub(super) fn new(title: impl Into<String>, purpose: impl Purpose + 'static) -> Self {
        Self {
            title: title.into(),
            purpose: Box::new(purpose),
            fields: Fields::default(),
            notes: Vec::new(),
            at: 0,
            warned: false,
        }
    }

    /// With one more field.
    pub(super) fn field(
        mut self,
        label: &'static str,
        value: impl Into<String>,
        example: &'static str,
    ) -> Self {
        let value = TextField::new(value.into());
        self.fields.0.push(Field {
            label,
            selected: !value.text().is_empty(),
            value,
            example,
        });
        self
    }

    /// With its first notes.
    pub(crate) fn noted(mut self, view: &ViewModel<'_>) -> Self {
        self.notes = self.purpose.notes(&self.fields, view);
        self
    }

    /// Shows why what Enter asked for can't be done.
    pub(super) fn refuse(&mut self, why: &str) {
        let lines = why.lines().map(|line| (Role::Bad, line.to_owned()));
        self.notes = lines.collect();
    }

    pub(super) fn key(&mut self, key: Chord, view: &ViewModel<'_>) -> Outcome {
        let count = self.fields.0.len();
        match key.code {
            KeyCode::Esc => return self.purpose.left().map_or(Outcome::Close, Outcome::Do),
            KeyCode::Enter => return self.submit(view),
            KeyCode::Tab | KeyCode::Down => self.at = (self.at + 1) % count,
            KeyCode::BackTab | KeyCode::Up => self.at = (self.at + count - 1) % count,
            _ => return self.edit(key, view),
        }
        Outcome::Stay
    }

    fn submit(&mut self, view: &ViewModel<'_>) -> Outcome {
        match self.purpose.submit(&self.fields, view) {
            Ok(Submission::Confirm(_, deed)) if self.warned => Outcome::Do(deed),
            Ok(Submission::Do(deed)) => Outcome::Do(deed),
            Ok(Submission::Done) => Outcome::Close,
            Ok(Submission::Confirm(why, _)) => {
                self.warned = true;
                self.refuse(&why);
                Outcome::Stay
            }
            Err(why) => {
                self.refuse(&why);
                Outcome::Stay
            }
        }
    }

    fn edit(&mut self, key: Chord, view: &ViewModel<'_>) -> Outcome {
        let field = self.fields.0.get_mut(self.at);
        if !field.is_some_and(|field| field.takes(key)) {
            return Outcome::Stay;
        }
        self.warned = false;
        self.notes = self.purpose.notes(&self.fields, view);
        let typed = self.purpose.typed(&self.fields);
        typed.map_or(Outcome::Stay, Outcome::Meanwhile)
    }

    pub(super) fn size(&self) -> (u16, u16) {
        (WIDTH, self.fields.0.len() as u16 + NOTES + 4)
    }

    pub(super) fn click(&mut self, inside: Rect, at: Position) -> Outcome {
        let row = usize::from(at.y.saturating_sub(inside.y));
        if row < self.fields.0.len() {
            self.at = row;
        }
        Outcome::Stay
    }

    pub(super) fn draw(&self, frame: &mut Frame, inside: Rect, theme: Theme) {
        let width = usize::from(inside.width.saturating_sub(LABEL + 1));
        for (number, field) in self.fields.0.iter().enumerate() {
            let row = Rect {
                y: inside.y + number as u16,
                height: 1,
                ..inside
            };
            let scroll = field.value.scroll(width);
            if number == self.at {
                let column = field.value.cursor().saturating_sub(scroll);
                frame.set_cursor_position((row.x + LABEL + column.min(width) as u16, row.y));
            }
            let line = field.line(number == self.at, scroll, width, theme);
            frame.render_widget(line, row.intersection(inside));
        }
        let below = self.fields.0.len() as u16 + 1;
        let notes = Rect {
            y: inside.y + below,
            height: inside.height.saturating_sub(below + 1),
            ..inside
        };
        let lines: Vec<_> = self
            .notes
            .iter()
            .map(|(role, text)| Line::styled(text.as_str(), theme.style(*role)))
            .collect();
        frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), notes);
        let hints: &[_] = if self.fields.0.len() > 1 {
            &[
                ("Enter", "does it"),
                ("Tab", "next field"),
                ("Esc", "leaves"),
            ]
        } else {
            &[("Enter", "does it"), ("Esc", "leaves")]
        };
        draw_hints(frame, inside, hints, theme);
    }
}

impl Field {
    /// Whether a key changed the value. What is selected gives way to what is typed, as in any form.
    fn takes(&mut self, key: Chord) -> bool {
        let selected = std::mem::take(&mut self.selected);
        let plain = !key
            .modifiers
            .intersects(Modifiers::CONTROL | Modifiers::ALT);
        match key.code {
            KeyCode::Char(_) if selected && plain => self.value.clear(),
            KeyCode::Backspace | KeyCode::Delete if selected => {
                self.value.clear();
                return true;
            }
            _ => {}
        }
        self.value.takes(key)
    }

    fn line(&self, chosen: bool, scroll: usize, width: usize, theme: Theme) -> Line<'_> {
        let role = if chosen { Role::Focused } else { Role::Faint };
        let value: String = self.value.text().chars().skip(scroll).take(width).collect();
        let value = if value.is_empty() && self.example.is_empty() {
            Span::default()
        } else if value.is_empty() {
            Span::styled(
                format!("such as {}", self.example),
                theme.style(Role::Faint),
            )
        } else if self.selected && chosen {
            Span::styled(value, theme.style(Role::Chosen))
        } else {
            Span::raw(value)
        };
        let label = Span::styled(format!("{:<8}", self.label), theme.style(role));
        Line::from(vec![label, value])
    }
}
