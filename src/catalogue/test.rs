//! When a kind or a row applies to a resource, as data: tests of its properties.

/// A test of a resource's properties. `target` evaluates it; a value that only CloudFormation knows makes the answer a condition, or unknown.
/// Properties are named by their path: `ProvisionedThroughput.ReadCapacityUnits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// It always applies.
    Always,
    /// The property is there (not `AWS::NoValue`).
    Has(&'static str),
    /// The property is one of these words; case does not matter, and `true` is `"true"`.
    Is(&'static str, &'static [&'static str]),
    /// The property starts with one of these; case does not matter.
    Starts(&'static str, &'static [&'static str]),
    /// The property is a list, and one of its items lacks a key.
    ItemWithout(&'static str, &'static str),
    /// Not.
    Not(&'static Self),
    /// All of them.
    All(&'static [Self]),
    /// One of them.
    Any(&'static [Self]),
}

/// The property is absent, or one of these words: the first is the service's default.
macro_rules! is_by_default {
    ($property:literal, $($word:literal),+) => {
        $crate::catalogue::Test::Any(&[
            $crate::catalogue::Test::Not(&$crate::catalogue::Test::Has($property)),
            $crate::catalogue::Test::Is($property, &[$($word),+]),
        ])
    };
}
pub(super) use is_by_default;

/// What must be on for a row's metric to exist.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    /// Shows that it is on.
    pub on: Test,
    /// A property and its value (JSON) that switch it on: only where that is free, safe, and an update without interruption.
    pub fix: Option<(&'static str, &'static str)>,
    /// What to add by hand, and what it costs.
    pub help: &'static str,
}
