//! What a run, a sweep or an exploration comes to, for whoever only asks whether all is well.

use std::io;

use crate::explore::Finding;
use crate::run;
use crate::sweep;

/// What everything comes to; the program ends with an exit code after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conclusion {
    /// Every test passed, nothing was lost, no rule was broken.
    Passed,
    /// A test failed, something was lost, or a rule was broken.
    Failed,
    /// The device or the program failed, or not all of the report could be written: nothing is proved.
    Broken,
}

impl Conclusion {
    /// The same, unless something could not be written.
    #[must_use]
    pub fn reported(self, failures: &[io::Error]) -> Self {
        if failures.is_empty() {
            self
        } else {
            Self::Broken
        }
    }
}

impl From<run::event::Totals> for Conclusion {
    fn from(totals: run::event::Totals) -> Self {
        match totals {
            run::event::Totals { broken: 1.., .. } => Self::Broken,
            run::event::Totals { failed: 1.., .. } => Self::Failed,
            _ => Self::Passed,
        }
    }
}

impl From<sweep::event::Totals> for Conclusion {
    fn from(totals: sweep::event::Totals) -> Self {
        match totals {
            sweep::event::Totals { losses: 1.., .. } | sweep::event::Totals { failed: 1.., .. } => {
                Self::Failed
            }
            _ => Self::Passed,
        }
    }
}

impl From<Option<&Finding>> for Conclusion {
    fn from(found: Option<&Finding>) -> Self {
        found.map_or(Self::Passed, |_| Self::Failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_that_was_lost_counts_more_than_a_test_that_failed() {
        let of = |failed, broken| {
            Conclusion::from(run::event::Totals {
                passed: 1,
                failed,
                broken,
                not_run: 1,
            })
        };
        assert_eq!(of(0, 0), Conclusion::Passed);
        assert_eq!(of(1, 0), Conclusion::Failed);
        assert_eq!(of(1, 1), Conclusion::Broken);
    }

    #[test]
    fn a_sweep_fails_with_a_loss_or_a_test_that_was_not_swept() {
        let of = |losses, failed| {
            Conclusion::from(sweep::event::Totals {
                losses,
                failed,
                ..sweep::event::Totals::default()
            })
        };
        assert_eq!(of(0, 0), Conclusion::Passed);
        assert_eq!(of(1, 0), Conclusion::Failed);
        assert_eq!(of(0, 1), Conclusion::Failed);
    }

    #[test]
    fn a_report_that_is_not_whole_proves_nothing() {
        let failure = || io::Error::from(io::ErrorKind::StorageFull);
        assert_eq!(Conclusion::Failed.reported(&[]), Conclusion::Failed);
        assert_eq!(
            Conclusion::Passed.reported(&[failure()]),
            Conclusion::Broken
        );
    }
}
