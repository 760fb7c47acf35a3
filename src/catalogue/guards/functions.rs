//! How functions are set up.

use super::Guard;

pub(super) static ALL: &[&Guard] = &[];
