//! One JSON object a line: the events as they are.

use std::io;

use serde::Serialize;

use super::reporters::Format;
use crate::run::event::RunEvent;
use crate::sweep::event::SweepEvent;

/// Events as JSON, each on a line of its own. What a line may hold is documented for programs that read it, so a test
/// that begins, which adds nothing to what is told of its end, has none.
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonLines;

impl Format for JsonLines {
    fn text(&mut self, event: &RunEvent) -> io::Result<String> {
        match event {
            RunEvent::TestStarted { .. } => Ok(String::new()),
            _ => line(event),
        }
    }
}

impl Format<SweepEvent> for JsonLines {
    fn text(&mut self, event: &SweepEvent) -> io::Result<String> {
        line(event)
    }
}

fn line(event: &impl Serialize) -> io::Result<String> {
    Ok(serde_json::to_string(event)? + "\n")
}
