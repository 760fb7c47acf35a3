//! The guardrails: what each is called, what it does by default, and its page, which stands beside this file. What they do is in [`crate::guard`].

use crate::finding::{self, Code, Level};

/// What happens where a guardrail finds something missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuardLevel {
    /// Nothing.
    Off,
    /// A finding, worth knowing.
    Info,
    /// A finding.
    Warn,
    /// The transform fails.
    Deny,
    /// It is added, where that is safe; else a finding.
    Fix,
}

impl GuardLevel {
    /// The words in a configuration.
    pub(crate) const WORDS: &'static [(&'static str, Self)] =
        &[("Off", Self::Off), ("Info", Self::Info), ("Warn", Self::Warn), ("Deny", Self::Deny), ("Fix", Self::Fix)];

    /// The word that users see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "Off",
            Self::Info => "Info",
            Self::Warn => "Warn",
            Self::Deny => "Deny",
            Self::Fix => "Fix",
        }
    }

    /// The level of a finding, where there is to be one.
    pub(crate) fn finding(self) -> Option<Level> {
        match self {
            Self::Off => None,
            Self::Info => Some(Level::Info),
            Self::Warn | Self::Fix => Some(Level::Warn),
            Self::Deny => Some(Level::Error),
        }
    }
}

/// A guardrail.
#[derive(Debug)]
pub struct Guard {
    /// Its id, which reads well after "allow": `unthrottled-stage`.
    pub id: &'static str,
    /// Its finding.
    pub code: &'static Code,
    /// What it does unless a setting says otherwise.
    pub default: GuardLevel,
    /// One line.
    pub summary: &'static str,
    /// Its page: what, why, what is recognised, the fix, how to suppress it.
    pub page: &'static str,
}

/// The configured tags are on every resource that can take them without being replaced.
pub static MISSING_DEFAULT_TAGS: Guard = Guard {
    id: "missing-default-tags",
    code: &finding::MISSING_DEFAULT_TAGS,
    default: GuardLevel::Fix,
    summary: "configured tags are on every resource that takes them without being replaced",
    page: include_str!("missing_default_tags.md"),
};

/// Stages publish metrics per method, because alarms on methods have no data without them.
pub static MISSING_DETAILED_METRICS: Guard = Guard {
    id: "missing-detailed-metrics",
    code: &finding::MISSING_DETAILED_METRICS,
    default: GuardLevel::Fix,
    summary: "stages publish metrics per method, where alarms need them",
    page: include_str!("missing_detailed_metrics.md"),
};

/// Every stage of a REST or HTTP API has a request limit of its own.
pub static UNTHROTTLED_STAGE: Guard = Guard {
    id: "unthrottled-stage",
    code: &finding::UNTHROTTLED_STAGE,
    default: GuardLevel::Fix,
    summary: "stages of REST and HTTP APIs have a request limit",
    page: include_str!("unthrottled_stage.md"),
};

/// All guardrails, by id.
pub static GUARDS: &[&Guard] = &[&MISSING_DEFAULT_TAGS, &MISSING_DETAILED_METRICS, &UNTHROTTLED_STAGE];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guardrails_are_unique_sorted_and_have_pages() {
        assert!(GUARDS.is_sorted_by(|a, b| a.id < b.id));
        for guard in GUARDS {
            assert_eq!(guard.id, guard.code.name);
            for part in ["Why", "fix", "suppress"] {
                assert!(guard.page.to_lowercase().contains(&part.to_lowercase()), "{}: {part}", guard.id);
            }
        }
    }
}
