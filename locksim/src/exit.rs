//! How the program ends.

use std::process::ExitCode;

use sim::report::conclusion::Conclusion;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Every test passed.
    Passed = 0,
    /// A test failed.
    Failed = 1,
    /// Wrong usage, or a file that can't be read or isn't valid; no test ran.
    Usage = 2,
    /// The device under test was lost, or the program itself failed.
    Broken = 3,
    /// No test found.
    Nothing = 4,
}

impl From<Conclusion> for Exit {
    fn from(conclusion: Conclusion) -> Self {
        match conclusion {
            Conclusion::Passed => Self::Passed,
            Conclusion::Failed => Self::Failed,
            Conclusion::Broken => Self::Broken,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
