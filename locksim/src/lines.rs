//! Lines to targets: an emulator's, and a board's serial port.

use std::env;
use std::fmt::{self, Display};
use std::fs;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

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

/// An emulated board that is talked to by semihosting, at the emulator's standard input and output.
struct Qemu {
    child: Child,
    line: UnixStream,
}

/// What semihosting calls the console: an image that uses it holds this name.
const CONSOLE: &[u8] = b":tt\0";

/// Whether an image talks by semihosting. One that doesn't would say nothing for ever.
fn check(image: &Path) -> io::Result<()> {
    let bytes = fs::read(image)?;
    if bytes.windows(CONSOLE.len()).any(|name| name == CONSOLE) {
        return Ok(());
    }
    let why = format!(
        "{} doesn't talk by semihosting: build it anew, by boards/build; an image that talks over a serial port is for \
         --dut serial:PORT",
        image.display()
    );
    Err(io::Error::new(io::ErrorKind::InvalidData, why))
}

impl Qemu {
    /// Starts the emulator with a firmware image in it. Its time is counted in instructions, so that nothing depends on
    /// the machine that it runs on.
    fn start(image: &Path) -> io::Result<Self> {
        check(image)?;
        let (line, far) = UnixStream::pair()?;
        line.set_read_timeout(Some(PATIENCE))?;
        line.set_write_timeout(Some(PATIENCE))?;
        let far = OwnedFd::from(far);
        let child = Command::new("qemu-system-arm")
            .args(["-M", "lm3s6965evb", "-display", "none", "-monitor", "none"])
            .args(["-serial", "none"])
            .args(["-icount", "shift=0,align=off,sleep=off", "-rtc", "clock=vm"])
            .args(["-semihosting-config", "enable=on,target=native"])
            .arg("-kernel")
            .arg(image)
            .stdin(Stdio::from(far.try_clone()?))
            .stdout(Stdio::from(far))
            .stderr(Stdio::piped())
            .spawn()?;
        Ok(Self { child, line })
    }
}

impl Wire for Qemu {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.line.write_all(bytes)
    }

    fn receive(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.line.read(into)
    }

    fn gone(&mut self, error: &io::Error) -> String {
        let hangs = matches!(
            error.kind(),
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock
        );
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
