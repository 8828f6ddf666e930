//! Light and sound that have just gone.

use std::time::Duration;

use sim::devices::Colour;

/// When something last shone or sounded, by the host's time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Glow {
    pub(crate) light: Option<(Colour, Duration)>,
    pub(crate) sound: Option<Duration>,
}
