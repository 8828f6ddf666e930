//! The pace at which a person types.

use crate::time::Lapse;

/// How long a key is down.
pub const DOWN: Lapse = Lapse::from_micros(80_000);

/// How long no key is down before the next one.
pub const UP: Lapse = Lapse::from_micros(120_000);
