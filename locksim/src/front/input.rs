//! What somebody does at the keyboard and with the mouse, in the front-end's own terms.
//!
//! A terminal's or a browser's events are translated into these by whoever reads them.

use std::ops::BitOr;

use ratatui::layout::Position;

/// Something that comes in from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// A key of the keyboard went down, or repeats.
    Key(Chord),
    /// The mouse was pressed, released, or its wheel turned.
    Mouse(Mouse),
    /// A text was pasted.
    Paste(String),
    /// The screen has another size; which, comes with every input.
    Resize,
}

/// A key of the keyboard, with the modifiers that are down. A letter has its case already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chord {
    pub(crate) code: KeyCode,
    pub(crate) modifiers: Modifiers,
}

/// The keys of the keyboard that mean something here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyCode {
    /// A key that writes this character.
    Char(char),
    Enter,
    Esc,
    Backspace,
    Delete,
    Tab,
    /// Shift-Tab.
    BackTab,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Home,
    End,
}

/// A set of modifier keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Modifiers(u8);

/// The mouse: what it did, and in which cell of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mouse {
    pub(crate) action: MouseAction,
    pub(crate) at: Position,
}

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MouseAction {
    /// The left button went down.
    Press,
    /// The left button went up.
    Release,
    ScrollUp,
    ScrollDown,
}

impl Chord {
    /// A key without modifiers.
    pub(crate) const fn plain(code: KeyCode) -> Self {
        Self {
            code,
            modifiers: Modifiers::NONE,
        }
    }

    /// A letter's key together with Control.
    pub(crate) const fn control(letter: char) -> Self {
        Self {
            code: KeyCode::Char(letter),
            modifiers: Modifiers::CONTROL,
        }
    }

    /// Whether a key that was pressed is this one. Letters have their case already, so Shift isn't asked for.
    pub(crate) fn is(self, pressed: Self) -> bool {
        self.code == pressed.code && self.modifiers == pressed.modifiers.without(Modifiers::SHIFT)
    }
}

impl Modifiers {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const SHIFT: Self = Self(1);
    pub(crate) const CONTROL: Self = Self(1 << 1);
    pub(crate) const ALT: Self = Self(1 << 2);
    /// The key with a manufacturer's sign on it: Meta, Super, Command.
    pub(crate) const META: Self = Self(1 << 3);

    /// Whether any of `others` is down.
    pub(crate) fn intersects(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// Those that are not among `others`.
    fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }
}

impl BitOr for Modifiers {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
