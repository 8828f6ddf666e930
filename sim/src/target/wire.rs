//! Serial lines: an emulator's, and a board's.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serialport::SerialPort;

/// A target that says nothing for so long hangs.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes both ways. Neither call waits longer than a target may take.
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

fn wait(file: BorrowedFd<'_>) -> io::Result<()> {
    let patience = Timespec {
        tv_sec: PATIENCE.as_secs().cast_signed(),
        tv_nsec: 0,
    };
    let mut files = [PollFd::new(&file, PollFlags::IN)];
    match poll(&mut files, Some(&patience))? {
        0 => Err(io::ErrorKind::TimedOut.into()),
        _ => Ok(()),
    }
}

/// An emulated board whose serial line is its standard input and output.
pub(super) struct Qemu {
    child: Child,
    to: ChildStdin,
    from: ChildStdout,
}

impl Qemu {
    /// Starts the emulator with a firmware image in it. Its time is counted in instructions, so that nothing depends on
    /// the machine that it runs on.
    pub(super) fn start(image: &Path) -> io::Result<Self> {
        let mut child = Command::new("qemu-system-arm")
            .args(["-M", "lm3s6965evb", "-display", "none", "-monitor", "none"])
            .args([
                "-chardev",
                "stdio,id=link,signal=off",
                "-serial",
                "chardev:link",
            ])
            .args(["-icount", "shift=0,align=off,sleep=off", "-rtc", "clock=vm"])
            .args(["-semihosting-config", "enable=on,target=native"])
            .arg("-kernel")
            .arg(image)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let missing = || io::Error::from(io::ErrorKind::BrokenPipe);
        let to = child.stdin.take().ok_or_else(missing)?;
        let from = child.stdout.take().ok_or_else(missing)?;
        Ok(Self { child, to, from })
    }
}

impl Wire for Qemu {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.to.write_all(bytes)?;
        self.to.flush()
    }

    fn receive(&mut self, into: &mut [u8]) -> io::Result<usize> {
        wait(self.from.as_fd())?;
        self.from.read(into)
    }

    fn gone(&mut self, error: &io::Error) -> String {
        let hangs = matches!(error.kind(), io::ErrorKind::TimedOut);
        if hangs {
            return format!(
                "the emulated target has said nothing for {} s",
                PATIENCE.as_secs()
            );
        }
        drop(self.child.kill());
        let mut said = String::new();
        if let Some(stderr) = &mut self.child.stderr {
            drop(stderr.read_to_string(&mut said));
        }
        format!("qemu-system-arm has ended: {}", said.trim())
    }
}

impl Drop for Qemu {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A board behind a serial port.
pub(super) struct Serial(Box<dyn SerialPort>);

impl Serial {
    pub(super) fn open(port: &str, baud: u32) -> io::Result<Self> {
        let port = serialport::new(port, baud).timeout(PATIENCE).open()?;
        Ok(Self(port))
    }
}

impl Wire for Serial {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)?;
        self.0.flush()
    }

    fn receive(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into)
    }
}

/// A target in a process beside this one.
impl Wire for UnixStream {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn receive(&mut self, into: &mut [u8]) -> io::Result<usize> {
        wait(self.as_fd())?;
        self.read(into)
    }
}
