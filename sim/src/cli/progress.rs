//! How far a run has come.

use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// On a terminal, and nowhere else.
pub(super) fn progress(tests: usize) -> ProgressBar {
    let target = if io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(Some(tests as u64), target);
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len}");
    style
        .map(|style| bar.clone().with_style(style))
        .unwrap_or(bar)
}
