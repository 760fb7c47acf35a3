//! The guardrails: what each is called, what it does by default, and its page, which stands beside its code in [`crate::guard`]. One file for each
//! concern of the go-live list, one row for each guardrail.

/// A page that stands beside its guardrail's code. Pages are for people: the function carries none.
macro_rules! page {
    ($path:literal) => {
        if cfg!(feature = "cli") { include_str!(concat!("../../guard/", $path)) } else { "" }
    };
}

pub mod abuse;
pub mod access;
pub mod functions;
pub mod observability;
pub mod ownership;
pub mod releases;
pub mod requests;

use super::Profile;
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

    /// Which of two levels is stricter: what a policy enforces may be passed in this direction only.
    pub(crate) fn strictness(self) -> u8 {
        match self {
            Self::Off => 0,
            Self::Info => 1,
            Self::Warn => 2,
            Self::Fix => 3,
            Self::Deny => 4,
        }
    }
}

/// A part of the go-live list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// What can be seen of a system.
    Observability,
    /// Who may use how much.
    Abuse,
    /// Who may do what.
    Access,
    /// What a request may look like, and how long it may take.
    Requests,
    /// How functions are set up.
    Functions,
    /// How changes reach users.
    Releases,
    /// Who owns and pays.
    Ownership,
}

impl Concern {
    /// The words that users see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Observability => "observability",
            Self::Abuse => "abuse",
            Self::Access => "access",
            Self::Requests => "requests",
            Self::Functions => "functions",
            Self::Releases => "releases",
            Self::Ownership => "cost and ownership",
        }
    }
}

/// A guardrail.
#[derive(Debug)]
pub struct Guard {
    /// Its id, which reads well after "allow": `unthrottled-stage`.
    pub id: &'static str,
    /// Its finding.
    pub code: Code,
    /// Which part of the go-live list it belongs to.
    pub concern: Concern,
    /// What it does unless a setting says otherwise, by profile: Essential, Standard, Critical.
    pub defaults: [GuardLevel; 3],
    /// What holds when nothing is to be reported, in one line.
    pub summary: &'static str,
    /// What the fix adds, in a few words; none: it only reports, and `Fix` is the same as `Warn`.
    pub fix: Option<&'static str>,
    /// Its page: what, why, what is recognised, the fix, how to suppress it; with templates that fail and pass. Empty without the feature `cli`.
    pub page: &'static str,
}

impl Guard {
    /// A guardrail that only reports.
    const fn new(
        (number, id): (&'static str, &'static str),
        concern: Concern,
        defaults: [GuardLevel; 3],
        summary: &'static str,
        page: &'static str,
    ) -> Self {
        let level = match defaults[1] {
            GuardLevel::Warn | GuardLevel::Fix | GuardLevel::Deny => Level::Warn,
            GuardLevel::Off | GuardLevel::Info => Level::Info,
        };
        Self {
            id,
            code: Code { id: number, name: id, level, page: summary },
            concern,
            defaults,
            summary,
            fix: None,
            page,
        }
    }

    /// The guardrail with a fix.
    const fn fixed_by(self, fix: &'static str) -> Self {
        Self { fix: Some(fix), ..self }
    }

    /// Its level in a profile, unless a setting says otherwise.
    pub fn default(&self, profile: Profile) -> GuardLevel {
        let [essential, standard, critical] = self.defaults;
        match profile {
            Profile::Essential => essential,
            Profile::Standard => standard,
            Profile::Critical => critical,
        }
    }
}

/// All guardrails, concern by concern.
pub fn guards() -> impl Iterator<Item = &'static Guard> {
    [observability::ALL, abuse::ALL, access::ALL, requests::ALL, functions::ALL, releases::ALL, ownership::ALL]
        .into_iter()
        .flatten()
        .copied()
}

/// The guardrail with an id.
pub fn guard(id: &str) -> Option<&'static Guard> {
    guards().find(|guard| guard.id == id)
}

/// Every kind of finding, those of guardrails among them.
pub fn codes() -> impl Iterator<Item = &'static Code> {
    finding::CODES.iter().copied().chain(guards().map(|guard| &guard.code))
}

/// The same by id, to be shown.
pub fn codes_by_id() -> Vec<&'static Code> {
    let mut all: Vec<_> = codes().collect();
    all.sort_unstable_by_key(|code| code.id);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn guardrails_are_told_apart_and_grouped() {
        let ids: BTreeSet<_> = guards().map(|guard| guard.id).collect();
        let all = codes_by_id();
        let numbers: BTreeSet<_> = all.iter().flat_map(|code| [code.id, code.name]).collect();
        assert_eq!((ids.len(), numbers.len()), (guards().count(), 2 * all.len()));
        let concerns: Vec<_> = guards().map(|guard| guard.concern.as_str()).collect();
        let mut grouped = concerns.clone();
        grouped.dedup();
        assert_eq!(grouped.len(), concerns.iter().collect::<BTreeSet<_>>().len());
    }

    #[test]
    fn a_stricter_profile_is_never_laxer_and_no_profile_fails_a_deployment() {
        for guard in guards() {
            let [essential, standard, critical] = guard.defaults.map(GuardLevel::strictness);
            assert!(essential <= standard && standard <= critical, "{}", guard.id);
            assert!(!guard.defaults.contains(&GuardLevel::Deny), "{}: only a person sets `Deny`", guard.id);
            assert!(guard.fix.is_some() || !guard.defaults.contains(&GuardLevel::Fix), "{}", guard.id);
        }
    }
}
