//! How changes reach users.

use super::check::Entry;

/// Who looks.
pub(super) static CHECKS: &[Entry] = &[];
