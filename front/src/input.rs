//! What somebody does at the keyboard and with the mouse, in the front-end's own terms.
//!
//! A terminal's or a browser's events are translated into these by whoever reads them.

use std::ops::BitOr;

use ratatui::layout::Position;

/// Something that comes in from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
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
pub struct Chord {
    /// Which key.
    pub code: KeyCode,
    /// What was down beside it.
    pub modifiers: Modifiers,
}

/// The keys of the keyboard that mean something here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyCode {
    /// A key that writes this character.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Tab.
    Tab,
    /// Shift-Tab.
    BackTab,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
}

/// A set of modifier keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modifiers(u8);

/// The mouse: what it did, and in which cell of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// What it did.
    pub action: MouseAction,
    /// Where.
    pub at: Position,
}

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseAction {
    /// The left button went down.
    Press,
    /// The left button went up.
    Release,
    /// The wheel, away from the hand.
    ScrollUp,
    /// The wheel, towards the hand.
    ScrollDown,
}

impl Chord {
    /// A key without modifiers.
    #[must_use]
    pub const fn plain(code: KeyCode) -> Self {
        Self {
            code,
            modifiers: Modifiers::NONE,
        }
    }

    /// A letter's key together with Control.
    #[must_use]
    pub const fn control(letter: char) -> Self {
        Self {
            code: KeyCode::Char(letter),
            modifiers: Modifiers::CONTROL,
        }
    }

    /// Whether a key that was pressed is this one. Letters have their case already, so Shift isn't asked for.
    #[must_use]
    pub fn is(self, pressed: Self) -> bool {
        self.code == pressed.code && self.modifiers == pressed.modifiers.without(Modifiers::SHIFT)
    }
}

impl Modifiers {
    /// None is down.
    pub const NONE: Self = Self(0);
    /// Shift.
    pub const SHIFT: Self = Self(1);
    /// Control.
    pub const CONTROL: Self = Self(1 << 1);
    /// Alt, or Option.
    pub const ALT: Self = Self(1 << 2);
    /// The key with a manufacturer's sign on it: Meta, Super, Command.
    pub const META: Self = Self(1 << 3);

    /// Whether any of `others` is down.
    #[must_use]
    pub fn intersects(self, others: Self) -> bool {
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
