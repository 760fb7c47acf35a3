//! Who owns and pays.

use super::Concern::Ownership;
use super::Guard;
use super::GuardLevel::{Fix, Warn};

/// The configured tags are on every resource that can take them without being replaced.
pub static MISSING_DEFAULT_TAGS: Guard = Guard::new(
    ("TR503", "missing-default-tags"),
    Ownership,
    [Fix, Fix, Fix],
    "Configured tags are on every resource that takes them without being replaced.",
    page!("ownership/missing_default_tags.md"),
)
.fixed_by("the tags that are missing");

/// The estimated cost of alarms and detailed metrics stays below what is configured.
pub static OVER_BUDGET: Guard = Guard::new(
    ("TR504", "over-budget"),
    Ownership,
    [Warn, Warn, Warn],
    "The estimated monthly cost of alarms and detailed metrics is not higher than `Budget`.",
    page!("ownership/over_budget.md"),
);

/// Resources have the tags that the organisation or the template asks for.
pub static MISSING_REQUIRED_TAG: Guard = Guard::new(
    ("TR505", "missing-required-tag"),
    Ownership,
    [Warn, Warn, Warn],
    "Resources have the tags that `RequiredTags` asks for, with values that are allowed.",
    page!("ownership/missing_required_tag.md"),
);

pub(super) static ALL: &[&Guard] = &[&MISSING_DEFAULT_TAGS, &OVER_BUDGET, &MISSING_REQUIRED_TAG];
