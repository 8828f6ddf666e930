//! From what crossterm reads of a terminal to the front-end's own input.

use crossterm::event::{
    Event, KeyCode as Code, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent,
    MouseEventKind,
};
use ratatui::layout::Position;

use front::input::{Chord, Input, KeyCode, Modifiers, Mouse, MouseAction};

/// What an event is to the front-end; none for what it has no use for: keys that go up, other buttons, the mouse's ways.
pub(super) fn input(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) => chord(key).map(Input::Key),
        Event::Mouse(event) => mouse(event).map(Input::Mouse),
        Event::Paste(text) => Some(Input::Paste(text)),
        Event::Resize(..) => Some(Input::Resize),
        Event::FocusGained | Event::FocusLost => None,
    }
}

fn chord(key: KeyEvent) -> Option<Chord> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let code = match key.code {
        Code::Char(letter) => KeyCode::Char(letter),
        Code::Enter => KeyCode::Enter,
        Code::Esc => KeyCode::Esc,
        Code::Backspace => KeyCode::Backspace,
        Code::Delete => KeyCode::Delete,
        Code::Tab => KeyCode::Tab,
        Code::BackTab => KeyCode::BackTab,
        Code::Up => KeyCode::Up,
        Code::Down => KeyCode::Down,
        Code::Left => KeyCode::Left,
        Code::Right => KeyCode::Right,
        Code::PageUp => KeyCode::PageUp,
        Code::PageDown => KeyCode::PageDown,
        Code::Home => KeyCode::Home,
        Code::End => KeyCode::End,
        _ => return None,
    };
    Some(Chord {
        code,
        modifiers: modifiers(key.modifiers),
    })
}

fn modifiers(down: KeyModifiers) -> Modifiers {
    [
        (KeyModifiers::SHIFT, Modifiers::SHIFT),
        (KeyModifiers::CONTROL, Modifiers::CONTROL),
        (KeyModifiers::ALT, Modifiers::ALT),
        (KeyModifiers::META, Modifiers::META),
        (KeyModifiers::SUPER, Modifiers::META),
    ]
    .into_iter()
    .filter(|(theirs, _)| down.contains(*theirs))
    .fold(Modifiers::NONE, |all, (_, ours)| all | ours)
}

fn mouse(event: MouseEvent) -> Option<Mouse> {
    let action = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => MouseAction::Press,
        MouseEventKind::Up(MouseButton::Left) => MouseAction::Release,
        MouseEventKind::ScrollUp => MouseAction::ScrollUp,
        MouseEventKind::ScrollDown => MouseAction::ScrollDown,
        _ => return None,
    };
    Some(Mouse {
        action,
        at: Position::new(event.column, event.row),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(code: Code, modifiers: KeyModifiers) -> Option<Input> {
        input(Event::Key(KeyEvent::new(code, modifiers)))
    }

    #[test]
    fn keys_and_modifiers_keep_their_meaning() {
        let key = |code, modifiers| Some(Input::Key(Chord { code, modifiers }));
        assert_eq!(
            pressed(Code::Char('c'), KeyModifiers::CONTROL),
            Some(Input::Key(Chord::control('c')))
        );
        assert_eq!(
            pressed(
                Code::Char('@'),
                KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT
            ),
            key(
                KeyCode::Char('@'),
                Modifiers::CONTROL | Modifiers::ALT | Modifiers::SHIFT
            )
        );
        assert_eq!(
            pressed(Code::Left, KeyModifiers::SUPER),
            key(KeyCode::Left, Modifiers::META)
        );
        assert_eq!(pressed(Code::F(5), KeyModifiers::NONE), None);
    }

    #[test]
    fn keys_that_go_up_and_other_buttons_are_left_out() {
        let released =
            KeyEvent::new_with_kind(Code::Enter, KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(input(Event::Key(released)), None);
        let mouse = |kind| {
            input(Event::Mouse(MouseEvent {
                kind,
                column: 7,
                row: 2,
                modifiers: KeyModifiers::NONE,
            }))
        };
        let at = Position::new(7, 2);
        assert_eq!(
            mouse(MouseEventKind::Down(MouseButton::Left)),
            Some(Input::Mouse(Mouse {
                action: MouseAction::Press,
                at
            }))
        );
        assert_eq!(mouse(MouseEventKind::Down(MouseButton::Right)), None);
        assert_eq!(mouse(MouseEventKind::Moved), None);
    }
}
