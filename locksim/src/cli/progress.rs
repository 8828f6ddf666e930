//! How far a run has come.

use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on a terminal, and nowhere else; it keeps the time anyway. Of what nobody knows the end of, no length.
pub(super) fn progress(length: Option<u64>, template: &str) -> ProgressBar {
    let target = if io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(length, target);
    let style = ProgressStyle::with_template(template);
    style
        .map(|style| bar.clone().with_style(style))
        .unwrap_or(bar)
}

/// A bar of so many tests.
pub(super) fn tests(count: usize) -> ProgressBar {
    progress(Some(count as u64), "{wide_bar} {pos}/{len}")
}
