//! Panics of the firmware or the bench, which end one course and not the whole program.

use std::any::Any;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};

use crate::stage::{Cause, StepError};

/// The firmware or the bench panicked; what it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panicked(String);

impl fmt::Display for Panicked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "panicked: {}", self.0)
    }
}

impl std::error::Error for Panicked {}

impl From<Panicked> for StepError {
    fn from(panicked: Panicked) -> Self {
        Self {
            cause: Cause::Panic,
            ..Self::from(panicked.0)
        }
    }
}

/// What `work` comes to.
///
/// What it has changed must not be relied on after a panic. Where a panic aborts the program, as it does in WebAssembly, it
/// isn't caught.
///
/// # Errors
///
/// It panicked.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|payload| Panicked(said(&*payload)))
}

/// The same for work that may stop by itself.
///
/// # Errors
///
/// It stopped, or panicked.
pub fn attempt<T>(work: impl FnOnce() -> Result<T, StepError>) -> Result<T, StepError> {
    caught(work)?
}

fn said(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("nothing said")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_panic_said_is_told() {
        let said = |work: fn()| caught(work).map_err(|panicked| panicked.to_string());
        assert_eq!(said(|| {}), Ok(()));
        assert_eq!(
            said(|| std::panic::resume_unwind(Box::new("at the switch"))),
            Err("panicked: at the switch".to_owned())
        );
        assert_eq!(
            said(|| std::panic::resume_unwind(Box::new(7))),
            Err("panicked: nothing said".to_owned())
        );
    }
}
