//! Makes a picture of a terminal's screen: ANSI text in, SVG out.
//!
//! `docs/picture` feeds it a real screen of the front-end.

use std::io::{self, Read, Write};

use anstyle_svg::Term;

fn main() -> io::Result<()> {
    let mut screen = String::new();
    io::stdin().read_to_string(&mut screen)?;
    let svg = Term::new().render_svg(screen.trim_end());
    io::stdout().write_all(svg.as_bytes())
}
