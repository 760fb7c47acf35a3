//! Who may use how much.

pub(super) mod unthrottled_stage;

use super::check::Entry;

/// Who looks.
pub(super) static CHECKS: &[Entry] = &[];
