//! What a request may look like, and how long it may take.

use super::Guard;

pub(super) static ALL: &[&Guard] = &[];
