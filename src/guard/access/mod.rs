//! Who may do what.

use super::check::Entry;

/// Who looks.
pub(super) static CHECKS: &[Entry] = &[];
