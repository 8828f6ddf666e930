//! Questions that are answered with a key.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};

use super::deed::{Deed, Outcome};
use super::{Dialog, draw_hints, save};
use crate::input::{Chord, KeyCode};
use crate::theme::Theme;
use crate::view::ViewModel;

/// A question.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) words: Vec<String>,
    pub(crate) about: Question,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    RaiseGeneration,
    QuitUnsaved,
    /// Which goes on, once a scenario is closed.
    WhichLock,
}

impl Ask {
    pub(super) fn key(&self, key: Chord, view: &ViewModel<'_>) -> Outcome {
        match (key.code, self.about) {
            (KeyCode::Char('y' | 'Y') | KeyCode::Enter, Question::RaiseGeneration) => {
                Outcome::Do(Deed::RaiseGeneration)
            }
            (KeyCode::Char('y' | 'Y' | 'q'), Question::QuitUnsaved) => Outcome::Do(Deed::Quit),
            (KeyCode::Char('s'), Question::QuitUnsaved) => {
                Outcome::Open(Box::new(Dialog::Form(save::form().noted(view))))
            }
            (KeyCode::Char('c' | 'y' | 'Y') | KeyCode::Enter, Question::WhichLock) => {
                Outcome::Do(Deed::ReturnToOwn)
            }
            (KeyCode::Char('k'), Question::WhichLock) => Outcome::Do(Deed::KeepScenarios),
            (KeyCode::Char('n' | 'N') | KeyCode::Esc, _) => Outcome::Close,
            _ => Outcome::Stay,
        }
    }

    pub(super) fn title(&self) -> &'static str {
        match self.about {
            Question::RaiseGeneration | Question::QuitUnsaved => "sure?",
            Question::WhichLock => "which lock?",
        }
    }

    pub(super) fn draw(&self, frame: &mut Frame, inside: Rect, theme: Theme) {
        let lines: Vec<_> = self.words.iter().map(Line::raw).collect();
        frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), inside);
        let hints: &[_] = match self.about {
            Question::RaiseGeneration => &[("y", "raises it"), ("n Esc", "doesn't")],
            Question::QuitUnsaved => &[("q y", "quits"), ("s", "saves first"), ("Esc", "stays")],
            Question::WhichLock => &[
                ("c y", "back to your own"),
                ("k", "keeps the scenario's"),
                ("Esc", "neither"),
            ],
        };
        draw_hints(frame, inside, hints, theme);
    }
}
