//! Fields to be filled in, with notes that follow what is typed.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

use super::field::TextField;
use super::{Dialog, add, draw_hints, faults, goto, save, settings};
use crate::front::app::App;
use crate::front::input::{Chord, KeyCode, Modifiers};
use crate::front::theme::{Role, Theme};

/// A line below the fields.
pub(crate) type Note = (Role, String);

/// What a form is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    AddGuest,
    GoTo,
    Save,
    Search,
    Setting(&'static str),
    Clock,
    Fault(&'static faults::Choice),
}

/// A form.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) title: String,
    purpose: Purpose,
    fields: Vec<Field>,
    notes: Vec<Note>,
    at: usize,
    /// What Enter would do was announced, and Enter again does it.
    pub(super) warned: bool,
}

/// A field.
#[derive(Clone, Debug)]
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
    pub(super) fn new(title: impl Into<String>, purpose: Purpose) -> Self {
        Self {
            title: title.into(),
            purpose,
            fields: Vec::new(),
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
        self.fields.push(Field {
            label,
            selected: !value.text().is_empty(),
            value,
            example,
        });
        self
    }

    /// What was typed into field `number`, without blanks around it.
    pub(super) fn value(&self, number: usize) -> &str {
        self.fields
            .get(number)
            .map_or("", |field| field.value.text().trim())
    }

    pub(super) fn size(&self) -> (u16, u16) {
        (WIDTH, self.fields.len() as u16 + NOTES + 4)
    }

    pub(super) fn click(&mut self, inside: Rect, at: Position) {
        let row = usize::from(at.y.saturating_sub(inside.y));
        if row < self.fields.len() {
            self.at = row;
        }
    }

    pub(super) fn draw(&self, frame: &mut Frame, inside: Rect, theme: Theme) {
        let width = usize::from(inside.width.saturating_sub(LABEL + 1));
        for (number, field) in self.fields.iter().enumerate() {
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
        let below = self.fields.len() as u16 + 1;
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
        let hints: &[_] = if self.fields.len() > 1 {
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

impl App {
    /// Opens a form, with its first notes.
    pub(super) fn open_form(&mut self, mut form: Form) {
        form.notes = self.notes(&form);
        self.dialog = Some(Dialog::Form(form));
        self.dirty = true;
    }

    /// Asks what to look for in the log.
    pub(crate) fn open_search(&mut self) {
        let before = self.log.filter.clone();
        self.open_form(Form::new("search the log", Purpose::Search).field("for", before, "denied"));
    }

    pub(super) fn form_key(&mut self, mut form: Form, key: Chord) {
        let count = form.fields.len();
        match key.code {
            KeyCode::Esc => {
                if let Purpose::Search = form.purpose {
                    self.log.filter.clear();
                }
                return;
            }
            KeyCode::Enter => match self.submit(&mut form) {
                Ok(()) => return,
                Err(why) => {
                    let lines = why.lines().map(|line| (Role::Bad, line.to_owned()));
                    form.notes = lines.collect();
                }
            },
            KeyCode::Tab | KeyCode::Down => form.at = (form.at + 1) % count,
            KeyCode::BackTab | KeyCode::Up => form.at = (form.at + count - 1) % count,
            _ => self.type_into(&mut form, key),
        }
        self.dialog = Some(Dialog::Form(form));
    }

    fn type_into(&mut self, form: &mut Form, key: Chord) {
        let Some(field) = form.fields.get_mut(form.at) else {
            return;
        };
        if !field.takes(key) {
            return;
        }
        form.warned = false;
        form.notes = self.notes(form);
        if let Purpose::Search = form.purpose {
            form.value(0).clone_into(&mut self.log.filter);
            self.log.back = 0;
        }
    }

    fn notes(&self, form: &Form) -> Vec<Note> {
        match form.purpose {
            Purpose::AddGuest => add::notes(self, form),
            Purpose::GoTo => goto::notes(self, form),
            Purpose::Save => save::notes(self, form),
            Purpose::Setting(name) => settings::notes(name),
            Purpose::Clock => settings::clock_notes(self, form),
            Purpose::Fault(choice) => faults::notes(choice, form),
            Purpose::Search => vec![(
                Role::Faint,
                "shows the entries that contain this; Esc shows all".to_owned(),
            )],
        }
    }

    /// Does what the form is for; why not, in lines.
    fn submit(&mut self, form: &mut Form) -> Result<(), String> {
        match form.purpose {
            Purpose::AddGuest => add::submit(self, form),
            Purpose::GoTo => goto::submit(self, form),
            Purpose::Save => save::submit(self, form),
            Purpose::Setting(name) => settings::submit(self, name, form),
            Purpose::Clock => settings::submit_clock(self, form),
            Purpose::Fault(choice) => faults::submit(self, choice, form),
            Purpose::Search => Ok(()),
        }
    }
}
