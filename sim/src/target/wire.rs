//! The line to a target.

use std::io;
use std::time::Duration;

/// A target that says nothing for so long hangs.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes both ways. Neither call waits much longer than [`PATIENCE`].
pub trait Wire: Send {
    /// Sends all of it.
    ///
    /// # Errors
    ///
    /// The line is broken.
    fn send(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Waits for bytes; how many came. None at the end of the line.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::TimedOut`] if nothing came, or the line is broken.
    fn receive(&mut self, into: &mut [u8]) -> io::Result<usize>;

    /// Why there is nothing more to expect after that error, in words.
    fn gone(&mut self, error: &io::Error) -> String {
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
                format!("the target has said nothing for {} s", PATIENCE.as_secs())
            }
            io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe => {
                "the target has closed the line".to_owned()
            }
            _ => format!("the line to the target failed: {error}"),
        }
    }
}
