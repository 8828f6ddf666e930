//! The device under test, as the command line names it.

use std::fmt;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::lines::Launch;
use sim::target::Targets;

/// What is tested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Dut {
    /// The firmware in this process.
    Native,
    /// The firmware on an emulated Cortex-M; in this image, where it is said.
    Qemu(Option<PathBuf>),
    /// The firmware on a board behind a serial port.
    Serial(String),
}

/// How fast a board's serial line is.
const BAUD: u32 = 115_200;

impl Dut {
    /// How many tests it can take at once, where that doesn't depend on this machine.
    pub(super) fn jobs(&self) -> Option<NonZeroUsize> {
        matches!(self, Self::Serial(_)).then_some(NonZeroUsize::MIN)
    }

    /// Where the firmware runs, if not in this process.
    pub(super) fn targets(&self) -> Result<Option<Targets>, String> {
        let launch = match self {
            Self::Native => return Ok(None),
            Self::Qemu(None) => Launch::Qemu(built()?),
            Self::Qemu(Some(image)) if image.is_file() => Launch::Qemu(image.clone()),
            Self::Qemu(Some(image)) => {
                return Err(format!("--dut qemu: there is no {}", image.display()));
            }
            Self::Serial(port) if Path::new(port).exists() => Launch::Serial {
                port: port.clone(),
                baud: BAUD,
            },
            Self::Serial(port) => {
                return Err(format!("--dut serial: there is no {port}{}", ports()));
            }
        };
        Ok(Some(launch.targets()))
    }
}

/// The serial ports of this machine, for whoever named another.
fn ports() -> String {
    let ports = serialport::available_ports().unwrap_or_default();
    let names: Vec<_> = ports.into_iter().map(|port| port.port_name).collect();
    if names.is_empty() {
        ": no serial port was found".to_owned()
    } else {
        format!("; there is {}", names.join(", "))
    }
}

/// The image that was built on this machine.
fn built() -> Result<PathBuf, String> {
    let image = Launch::image();
    if image.is_file() {
        Ok(image)
    } else {
        Err(format!(
            "--dut qemu: there is no {}: build it by boards/build, or name another by qemu:IMAGE",
            image.display()
        ))
    }
}

impl fmt::Display for Dut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Native => formatter.write_str("native"),
            Self::Qemu(None) => formatter.write_str("qemu"),
            Self::Qemu(Some(image)) => write!(formatter, "qemu:{}", image.display()),
            Self::Serial(port) => write!(formatter, "serial:{port}"),
        }
    }
}

impl FromStr for Dut {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':').unwrap_or((text, "")) {
            ("native", "") => Ok(Self::Native),
            ("qemu", "") => Ok(Self::Qemu(None)),
            ("qemu", image) => Ok(Self::Qemu(Some(image.into()))),
            ("serial", port) if !port.is_empty() => Ok(Self::Serial(port.to_owned())),
            _ => Err("expected native, qemu, qemu:IMAGE or serial:PORT".to_owned()),
        }
    }
}
