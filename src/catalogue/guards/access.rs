//! Who may do what.

use super::Guard;

pub(super) static ALL: &[&Guard] = &[];
