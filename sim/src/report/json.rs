//! One JSON object a line: the run's events as they are.

use serde::Serialize;

/// The line of an event, with its end.
///
/// # Errors
///
/// None that the events we know can cause.
pub fn line(event: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string(event).map(|line| line + "\n")
}
