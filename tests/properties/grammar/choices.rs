//! Decisions read from bytes, one byte each. Where the bytes end, every decision is the first, which is the simplest: so shorter and smaller bytes
//! make simpler templates, and whoever shrinks bytes (proptest, libFuzzer) shrinks templates.

/// The decisions that are left.
pub(crate) struct Choices<'b> {
    bytes: std::slice::Iter<'b, u8>,
}

impl<'b> Choices<'b> {
    /// Decisions from these bytes.
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes: bytes.iter() }
    }

    /// A number from 0 to less than `count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        usize::from(self.bytes.next().copied().unwrap_or(0)) % count
    }

    /// One of several; the first should be the simplest.
    pub(crate) fn pick<T: Clone>(&mut self, options: &[T]) -> T {
        options[self.below(options.len())].clone()
    }

    /// Yes, once in `times`; no, where the bytes have ended.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    /// What the decision gives once in `times`.
    pub(crate) fn maybe<T>(&mut self, times: usize, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.once_in(times).then(|| make(self))
    }
}
