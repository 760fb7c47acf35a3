//! How functions are set up.

use super::check::Entry;

/// Who looks.
pub(super) static CHECKS: &[Entry] = &[];
