//! A trace as JSON lines, one event each.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};

use crate::trace::Trace;

/// Writes every event on a line of its own.
///
/// # Errors
///
/// Those of the file system.
pub fn json_lines(trace: &Trace, writer: &mut BufWriter<File>) -> io::Result<()> {
    for event in trace.iter() {
        serde_json::to_writer(&mut *writer, event)?;
        writer.write_all(b"\n")?;
    }
    Ok(())
}
