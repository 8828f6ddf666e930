//! What the environment of this process tells of its terminal.

use std::env;

use front::theme::{Depth, Theme};

/// The colours and glyphs that the terminal has; `coloured` is what was asked for on the command line.
pub(super) fn theme(coloured: Option<bool>, ascii: bool) -> Theme {
    let depth = match coloured {
        Some(false) => Depth::Mono,
        None if anstyle_query::no_color() || !anstyle_query::term_supports_color() => Depth::Mono,
        _ if anstyle_query::truecolor() => Depth::True,
        _ if env::var("TERM").is_ok_and(|term| term.contains("256color")) => Depth::Ansi256,
        _ => Depth::Ansi16,
    };
    Theme {
        depth,
        ascii: ascii || !speaks_unicode(),
    }
}

/// As POSIX has it: the first of these that is set and not empty decides.
fn speaks_unicode() -> bool {
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(|name| env::var(name).ok())
        .find(|value| !value.is_empty())
        .is_some_and(|value| {
            let value = value.to_ascii_lowercase();
            value.contains("utf-8") || value.contains("utf8")
        })
}
