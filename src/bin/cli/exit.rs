//! How a command ends.

use std::io::ErrorKind;

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Nothing to complain about.
    Clean = 0,
    /// Findings at or above the level that was asked for, or a transform that failed.
    Findings = 1,
    /// It could not run.
    Unable = 2,
}

/// Whoever reads has seen enough.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
