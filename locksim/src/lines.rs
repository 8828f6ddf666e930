//! Lines to targets: an emulator's, and a board's serial port.

use std::env;
use std::fmt::{self, Display};
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serialport::SerialPort;
use sim::target::{PATIENCE, Targets, Wire};

/// Where targets come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Launch {
    /// An emulated Cortex-M with this image in it.
    Qemu(PathBuf),
    /// A board behind a serial port.
    Serial {
        /// The port's name.
        port: String,
        /// Bits a second.
        baud: u32,
    },
}

impl Launch {
    /// Where `boards/build` leaves the image of the emulated board: in the user's folder for what can be made again.
    pub fn image() -> PathBuf {
        let home = || env::home_dir().map(|home| home.join(".cache"));
        let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let cache = cache.or_else(home).unwrap_or_default();
        cache.join("locksim/qemu-lm3s6965.elf")
    }

    /// Targets that are launched so.
    #[must_use]
    pub fn targets(self) -> Targets {
        Targets::by(move || {
            let failed = |error| format!("{self} can't be opened: {error}");
            self.open().map_err(failed)
        })
    }

    fn open(&self) -> io::Result<Box<dyn Wire>> {
        Ok(match self {
            Self::Qemu(image) => Box::new(Qemu::start(image)?),
            Self::Serial { port, baud } => Box::new(Serial::open(port, *baud)?),
        })
    }
}

impl Display for Launch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Qemu(_) => formatter.write_str("qemu-system-arm"),
            Self::Serial { port, .. } => formatter.write_str(port),
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
struct Qemu {
    child: Child,
    to: ChildStdin,
    from: ChildStdout,
}

impl Qemu {
    /// Starts the emulator with a firmware image in it. Its time is counted in instructions, so that nothing depends on
    /// the machine that it runs on.
    fn start(image: &Path) -> io::Result<Self> {
        let mut child = Command::new("qemu-system-arm")
            .args(["-M", "lm3s6965evb", "-display", "none", "-monitor", "none"])
            .args(["-serial", "none"])
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
struct Serial(Box<dyn SerialPort>);

impl Serial {
    fn open(port: &str, baud: u32) -> io::Result<Self> {
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

#[cfg(test)]
mod tests;
