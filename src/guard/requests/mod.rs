//! What a request may look like, and how long it may take.

use super::check::Entry;

/// Who looks.
pub(super) static CHECKS: &[Entry] = &[];
