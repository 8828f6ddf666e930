//! Colours and glyphs that the terminal has.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

use sim::devices::Colour;

/// How many colours there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None: weight and words alone.
    Mono,
    /// The terminal's own sixteen.
    Ansi16,
    /// The cube of 256.
    Ansi256,
    /// 24 bits.
    True,
}

/// What something is drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The frame of a pane.
    Frame,
    /// The frame of the pane that has the keys.
    Focused,
    /// What is there to be read.
    Text,
    /// What need not be.
    Faint,
    /// What is as it should be.
    Good,
    /// What is not.
    Bad,
    /// What may become so.
    Warn,
    /// A key of the keyboard, in a hint.
    Hint,
    /// What is chosen.
    Chosen,
    /// A key of the lock that is down.
    Down,
}

/// Colours and glyphs.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    /// How many colours there are.
    pub depth: Depth,
    /// Whether glyphs are ASCII alone.
    pub ascii: bool,
}

/// A colour at each depth.
struct Paint(Color, Color, Color);

const GREEN: Paint = Paint(
    Color::LightGreen,
    Color::Indexed(114),
    Color::Rgb(126, 211, 120),
);
const RED: Paint = Paint(
    Color::LightRed,
    Color::Indexed(203),
    Color::Rgb(240, 98, 93),
);
const ORANGE: Paint = Paint(
    Color::LightYellow,
    Color::Indexed(215),
    Color::Rgb(242, 169, 82),
);
const BLUE: Paint = Paint(
    Color::LightCyan,
    Color::Indexed(117),
    Color::Rgb(122, 195, 242),
);
const GREY: Paint = Paint(
    Color::DarkGray,
    Color::Indexed(243),
    Color::Rgb(122, 126, 134),
);

impl Theme {
    pub(crate) fn style(self, role: Role) -> Style {
        let plain = Style::new();
        match role {
            Role::Text => plain,
            Role::Frame | Role::Faint => match self.depth {
                Depth::Mono => plain,
                _ => self.paint(&GREY),
            },
            Role::Focused | Role::Hint => self.paint(&BLUE).add_modifier(Modifier::BOLD),
            Role::Good => self.paint(&GREEN),
            Role::Bad => self.paint(&RED).add_modifier(Modifier::BOLD),
            Role::Warn => self.paint(&ORANGE),
            Role::Chosen | Role::Down => plain.add_modifier(Modifier::REVERSED),
        }
    }

    /// A light: bright while it shines, and for a while after.
    pub(crate) fn light(self, colour: Colour, shining: bool) -> Style {
        let style = match colour {
            Colour::Green => self.paint(&GREEN),
            Colour::Red => self.paint(&RED),
            Colour::Orange => self.paint(&ORANGE),
        };
        if shining {
            style.add_modifier(Modifier::BOLD)
        } else {
            style.add_modifier(Modifier::DIM)
        }
    }

    fn paint(self, paint: &Paint) -> Style {
        match self.depth {
            Depth::Mono => Style::new(),
            Depth::Ansi16 => Style::new().fg(paint.0),
            Depth::Ansi256 => Style::new().fg(paint.1),
            Depth::True => Style::new().fg(paint.2),
        }
    }

    pub(crate) fn border(self) -> border::Set<'static> {
        if self.ascii {
            ASCII_BORDER
        } else {
            border::ROUNDED
        }
    }

    /// The glyph, or what stands for it where there is none.
    pub(crate) fn glyph(self, glyph: &'static str, ascii: &'static str) -> &'static str {
        if self.ascii { ascii } else { glyph }
    }
}

const ASCII_BORDER: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_the_terminal_and_never_the_only_difference() {
        let paint = |depth| {
            let theme = Theme {
                depth,
                ascii: false,
            };
            theme.style(Role::Bad)
        };
        assert_eq!(paint(Depth::Mono).fg, None);
        assert_eq!(paint(Depth::Ansi16).fg, Some(Color::LightRed));
        assert_eq!(paint(Depth::Ansi256).fg, Some(Color::Indexed(203)));
        assert!(matches!(paint(Depth::True).fg, Some(Color::Rgb(..))));
        let mono = Theme {
            depth: Depth::Mono,
            ascii: true,
        };
        for role in [Role::Chosen, Role::Down, Role::Focused, Role::Bad] {
            assert_ne!(mono.style(role), mono.style(Role::Text), "{role:?}");
        }
    }
}
