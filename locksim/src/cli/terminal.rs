//! Where text goes: results to standard output, talk to standard error, in colour where that is wanted.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};

use clap::ValueEnum;
use clap::builder::styling::{AnsiColor, Style};

use crate::exit::Exit;
use sim::report::conclusion::Conclusion;

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// What was asked for, if anything was.
    pub(super) fn asked(self) -> Option<bool> {
        match self {
            Self::Auto => None,
            Self::Always => Some(true),
            Self::Never => Some(false),
        }
    }

    fn on(self, terminal: bool) -> bool {
        match self {
            Self::Auto => {
                terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
            Self::Always => true,
            Self::Never => false,
        }
    }
}

/// Standard output and standard error.
pub(super) struct Terminal {
    color: Color,
    out: io::Stdout,
    err: io::Stderr,
}

impl Terminal {
    pub(super) fn new(color: Color) -> Self {
        Self {
            color,
            out: io::stdout(),
            err: io::stderr(),
        }
    }

    /// Whether results are in colour.
    pub(super) fn result_colour(&self) -> bool {
        self.color.on(self.out.is_terminal())
    }

    /// Whether talk is in colour.
    pub(super) fn talk_colour(&self) -> bool {
        self.color.on(self.err.is_terminal())
    }

    /// Writes a result. A reader that has gone away has seen what it wanted.
    pub(super) fn result(&mut self, text: &str) -> Exit {
        let mut out = self.out.lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                self.error(format_args!("standard output: {error}"));
                Exit::Broken
            }
            _ => Exit::Passed,
        }
    }

    /// Writes talk. Where standard error can't take it, there is nowhere else to say so.
    pub(super) fn talk(&mut self, text: impl Display) {
        drop(writeln!(self.err.lock(), "{text}"));
    }

    /// Says why the program itself failed, and that it ends so.
    pub(super) fn broken(&mut self, error: impl Display) -> Exit {
        self.error(error);
        Exit::Broken
    }

    /// Says what could not be written, and how the program ends after a run that came to `conclusion`.
    pub(super) fn conclude(&mut self, conclusion: Conclusion, failures: &[io::Error]) -> Exit {
        for error in failures {
            self.error(error);
        }
        conclusion.reported(failures).into()
    }

    /// Says what went wrong.
    pub(super) fn error(&mut self, text: impl Display) {
        let style = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        let style = if self.talk_colour() {
            style
        } else {
            Style::new()
        };
        self.talk(format_args!("{style}error:{style:#} {text}"));
    }
}
