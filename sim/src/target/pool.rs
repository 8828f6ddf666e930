//! Targets, as many as are worked on at once.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use smartpin::LockKey;

use super::{Remote, ResourceUsage, Target, Traffic, Wire};
use crate::world::{Device, DeviceSource, Forks};

type Shared = Arc<Mutex<Target>>;

/// Opens one more line to a target; what is wrong, for a person, where that fails.
type Open = dyn Fn() -> Result<Box<dyn Wire>, String> + Send + Sync;

/// Targets of one kind. Each is started when it is first needed, and used again once it is free. Clones share them.
#[derive(Clone)]
pub struct Targets(Arc<Pool>);

struct Pool {
    open: Box<Open>,
    idle: Mutex<Vec<Shared>>,
    traffic: Mutex<Traffic>,
}

impl fmt::Debug for Targets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Targets")
    }
}

impl Targets {
    /// Targets behind lines that `open` gives.
    pub fn by(open: impl Fn() -> Result<Box<dyn Wire>, String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(Pool {
            open: Box::new(open),
            idle: Mutex::default(),
            traffic: Mutex::default(),
        }))
    }

    /// A target that nobody else uses, until the lease is over.
    fn lease(&self) -> Result<Lease, String> {
        let idle = lock(&self.0.idle).pop();
        let target = match idle {
            Some(target) => target,
            None => Arc::new(Mutex::new(Target::greet((self.0.open)()?)?)),
        };
        Ok(Lease {
            pool: self.0.clone(),
            target,
        })
    }

    /// What all targets have needed so far, but for those in use and those that were lost.
    #[must_use]
    pub fn usage(&self) -> ResourceUsage {
        let mut usage = ResourceUsage::default();
        for target in lock(&self.0.idle).iter() {
            usage.merge(lock(target).usage());
        }
        usage
    }

    /// What has passed over all lines so far, but for those in use.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        let mut sum = *lock(&self.0.traffic);
        for target in lock(&self.0.idle).iter() {
            sum += lock(target).traffic();
        }
        sum
    }
}

impl DeviceSource for Targets {
    fn device(&self, key: LockKey) -> Result<Box<dyn Device>, String> {
        Ok(Box::new(Remote::new(self.lease()?, key)))
    }

    fn forks(&self) -> Forks {
        Forks::InTurn
    }
}

/// A target for the length of one scenario.
pub(crate) struct Lease {
    pool: Arc<Pool>,
    target: Shared,
}

impl Lease {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Target> {
        lock(&self.target)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let target = self.lock();
        if target.lost().is_some() {
            // The next one starts anew.
            *lock(&self.pool.traffic) += target.traffic();
        } else {
            lock(&self.pool.idle).push(self.target.clone());
        }
    }
}

/// What a panic left is as good as any: a target that is in the middle of something gets lost by itself.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
