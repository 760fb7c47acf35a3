//! What is enforced: one guardrail a module, with its page beside it. A guardrail proposes additions or reports; [`crate::edit`] applies them.

mod missing_default_tags;
mod missing_detailed_metrics;
pub(crate) mod stages;
pub(crate) mod tags;
mod unthrottled_stage;

pub(crate) use missing_default_tags::{alarm_tags, propose as propose_tags};
pub(crate) use missing_detailed_metrics::will_have_metrics;

use crate::edit::Edit;
use crate::finding::{Code, Finding, Level};
use crate::template::Pointer;

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
    fn finding(self) -> Option<Level> {
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

/// All guardrails, by id.
pub static GUARDS: &[&Guard] =
    &[&missing_default_tags::GUARD, &missing_detailed_metrics::GUARD, &unthrottled_stage::GUARD];

/// Something that a guardrail adds to what the author wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The guardrail's id.
    pub guard: &'static str,
    /// Where it adds.
    pub at: Pointer,
    /// What, in words.
    pub what: String,
    /// The logical id of the API or resource it belongs to.
    pub owner: String,
    /// The stage it belongs to.
    pub stage: Option<String>,
}

/// What guardrails come to.
#[derive(Debug, Default)]
pub(crate) struct Proposals {
    pub(crate) edits: Vec<Edit>,
    pub(crate) changes: Vec<Change>,
    pub(crate) findings: Vec<Finding>,
}

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
