//! A trace as JSON lines, one event each.

use std::io::{self, Write};

use crate::trace::Trace;

/// Writes every event on a line of its own.
///
/// # Errors
///
/// Those of the writer.
pub fn json_lines(trace: &Trace, writer: &mut dyn Write) -> io::Result<()> {
    for event in trace.iter() {
        serde_json::to_writer(&mut *writer, event)?;
        writer.write_all(b"\n")?;
    }
    Ok(())
}
