//! Targets, as many as are worked on at once.

use std::env;
use std::fmt::{self, Display};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::wire::{Qemu, Serial};
use super::{Needs, Target, Traffic, Wire};

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
    #[must_use]
    pub fn image() -> PathBuf {
        let home = || env::home_dir().map(|home| home.join(".cache"));
        let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let cache = cache.or_else(home).unwrap_or_default();
        cache.join("locksim/qemu-lm3s6965.elf")
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

type Shared = Arc<Mutex<Target>>;

/// Targets of one kind. Each is started when it is first needed, and used again once it is free.
pub struct Targets {
    open: Box<dyn Fn() -> Result<Box<dyn Wire>, String> + Send + Sync>,
    idle: Mutex<Vec<Shared>>,
    traffic: Mutex<Traffic>,
}

impl fmt::Debug for Targets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Targets")
    }
}

impl Targets {
    /// Targets that are launched so.
    #[must_use]
    pub fn new(launch: Launch) -> Self {
        Self::by(move || {
            let failed = |error| format!("{launch} can't be opened: {error}");
            launch.open().map_err(failed)
        })
    }

    /// Targets behind lines that `open` gives.
    pub fn by(open: impl Fn() -> Result<Box<dyn Wire>, String> + Send + Sync + 'static) -> Self {
        Self {
            open: Box::new(open),
            idle: Mutex::default(),
            traffic: Mutex::default(),
        }
    }

    /// A target that nobody else uses, until the lease is over.
    ///
    /// # Errors
    ///
    /// None is free, and none can be started.
    pub(crate) fn lease(&self) -> Result<Lease<'_>, String> {
        let idle = lock(&self.idle).pop();
        let target = match idle {
            Some(target) => target,
            None => Arc::new(Mutex::new(Target::greet((self.open)()?)?)),
        };
        Ok(Lease {
            targets: self,
            target,
        })
    }

    /// What all targets have needed so far, but for those in use and those that were lost.
    #[must_use]
    pub fn needs(&self) -> Needs {
        let mut needs = Needs::default();
        for target in lock(&self.idle).iter() {
            needs.merge(lock(target).needs());
        }
        needs
    }

    /// What has passed over all lines so far, but for those in use.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        let mut sum = *lock(&self.traffic);
        for target in lock(&self.idle).iter() {
            sum += lock(target).traffic();
        }
        sum
    }
}

/// A target for the length of one scenario.
pub(crate) struct Lease<'a> {
    targets: &'a Targets,
    target: Shared,
}

impl Lease<'_> {
    pub(crate) fn target(&self) -> &Shared {
        &self.target
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let target = lock(&self.target);
        if target.lost().is_some() {
            // The next one starts anew.
            *lock(&self.targets.traffic) += target.traffic();
        } else {
            lock(&self.targets.idle).push(self.target.clone());
        }
    }
}

/// What a panic left is as good as any: a target that is in the middle of something gets lost by itself.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
