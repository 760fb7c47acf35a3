//! What came in: a typed, read-only view of a fragment.
