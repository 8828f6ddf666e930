//! A line of text that can be edited.

use tui_input::InputRequest;

use crate::input::{Chord, KeyCode, Modifiers};

/// A text, and where its cursor stands.
#[derive(Clone, Debug, Default)]
pub(super) struct TextField(tui_input::Input);

impl TextField {
    /// With a text in it, and the cursor at its end.
    pub(super) fn new(text: String) -> Self {
        Self(tui_input::Input::new(text))
    }

    pub(super) fn text(&self) -> &str {
        self.0.value()
    }

    pub(super) fn clear(&mut self) {
        self.0.reset();
    }

    /// Edits the text as a key of the keyboard says; whether that changed the text.
    pub(super) fn takes(&mut self, key: Chord) -> bool {
        edit(key)
            .and_then(|edit| self.0.handle(edit))
            .is_some_and(|changed| changed.value)
    }

    /// How many columns of the text are left of what is shown, where it has room in `width` of them.
    pub(super) fn scroll(&self, width: usize) -> usize {
        self.0.visual_scroll(width)
    }

    /// The cursor's column, from the beginning of the text on.
    pub(super) fn cursor(&self) -> usize {
        self.0.visual_cursor()
    }
}

/// What a key does to the text, as in a shell's line.
fn edit(key: Chord) -> Option<InputRequest> {
    use KeyCode::{Backspace, Char, Delete, End, Home, Left, Right};
    const NONE: Modifiers = Modifiers::NONE;
    const SHIFT: Modifiers = Modifiers::SHIFT;
    const CONTROL: Modifiers = Modifiers::CONTROL;
    const ALT: Modifiers = Modifiers::ALT;
    const META: Modifiers = Modifiers::META;
    let edit = match (key.code, key.modifiers) {
        (Backspace, NONE) | (Char('h'), CONTROL) => InputRequest::DeletePrevChar,
        (Delete, NONE) => InputRequest::DeleteNextChar,
        (Left, NONE) | (Char('b'), CONTROL) => InputRequest::GoToPrevChar,
        (Left, CONTROL) | (Char('b'), META) => InputRequest::GoToPrevWord,
        (Right, NONE) | (Char('f'), CONTROL) => InputRequest::GoToNextChar,
        (Right, CONTROL) | (Char('f'), META) => InputRequest::GoToNextWord,
        (Char('u'), CONTROL) => InputRequest::DeleteLine,
        (Char('w'), CONTROL) | (Char('d') | Backspace, META) | (Backspace, ALT) => {
            InputRequest::DeletePrevWord
        }
        (Delete, CONTROL) => InputRequest::DeleteNextWord,
        (Char('k'), CONTROL) => InputRequest::DeleteTillEnd,
        (Char('y'), CONTROL) => InputRequest::Yank,
        (Home, NONE) | (Char('a'), CONTROL) => InputRequest::GoToStart,
        (End, NONE) | (Char('e'), CONTROL) => InputRequest::GoToEnd,
        (Char(letter), NONE | SHIFT) => InputRequest::InsertChar(letter),
        // AltGr.
        (Char(letter), modifiers) if modifiers == CONTROL | ALT => InputRequest::InsertChar(letter),
        _ => return None,
    };
    Some(edit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_edit_the_text_as_in_a_shells_line() {
        let key = |code, modifiers| Chord { code, modifiers };
        let control = Chord::control;
        let table = [
            (Chord::plain(KeyCode::Char('!')), "unit four!", true),
            (
                key(KeyCode::Char('U'), Modifiers::SHIFT),
                "unit fourU",
                true,
            ),
            (
                key(KeyCode::Char('@'), Modifiers::CONTROL | Modifiers::ALT),
                "unit four@",
                true,
            ),
            (Chord::plain(KeyCode::Backspace), "unit fou", true),
            (key(KeyCode::Backspace, Modifiers::ALT), "unit ", true),
            (control('w'), "unit ", true),
            (control('u'), "", true),
            (Chord::plain(KeyCode::Home), "unit four", false),
            (Chord::plain(KeyCode::Up), "unit four", false),
            (control('c'), "unit four", false),
        ];
        for (key, text, changed) in table {
            let mut field = TextField::new("unit four".to_owned());
            assert_eq!(field.takes(key), changed, "{key:?}");
            assert_eq!(field.text(), text, "{key:?}");
        }
    }
}
