//! `Accounts`: sections for some accounts, regions and environments. Of all that match, the more specific one wins, and two that would be equally
//! specific somewhere are a mistake.

use super::{DEFAULTS_KEYS, Destination, enforced};
use crate::config::layer::{Layer, Sourced};
use crate::config::pattern::{glob, globs_meet};
use crate::config::raw::Raw;
use crate::config::reader::Reader;
use crate::template::Pointer;
use serde_json::Value;

/// The keys of an entry.
pub(crate) const ENTRY_KEYS: &[&str] = &["Account", "Region", "Environment", "Defaults", "Enforced"];

/// An entry of `Accounts`.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    account: Patterns,
    region: Patterns,
    environment: Patterns,
    pub(super) defaults: Raw,
    pub(super) enforced: Raw,
    pub(super) at: Pointer,
}

/// Patterns of which one must match; none: whatever it is.
#[derive(Debug, Clone, Default)]
struct Patterns(Vec<String>);

/// How specific a pattern is: a full name is more than a pattern, and a longer pattern more than a shorter one.
type Rank = (bool, usize);

fn rank(pattern: &str) -> Rank {
    (!pattern.contains('*'), pattern.chars().filter(|c| *c != '*').count())
}

impl Patterns {
    fn all(&self) -> impl Iterator<Item = &str> {
        let any = self.0.is_empty().then_some("*");
        self.0.iter().map(String::as_str).chain(any)
    }

    /// The rank of the most specific pattern that matches.
    fn rank(&self, text: &str) -> Option<Rank> {
        self.all().filter(|pattern| glob(pattern, text)).map(rank).max()
    }

    /// Whether something is matched by both, by patterns of the same rank.
    fn meets(&self, other: &Self) -> bool {
        self.all().any(|one| other.all().any(|other| rank(one) == rank(other) && globs_meet(one, other)))
    }
}

impl Entry {
    /// How specific it is for a deployment, if it is for it: the account counts before the environment, and that before the region.
    pub(super) fn rank(&self, to: Destination<'_>) -> Option<[Rank; 3]> {
        Some([self.account.rank(to.account)?, self.environment.rank(to.environment)?, self.region.rank(to.region)?])
    }
}

/// Reads `Accounts`.
pub(super) fn entries(reader: &mut Reader, value: &Value, at: &Pointer) -> Vec<Entry> {
    let Some(items) = value.as_array() else {
        reader.wrong(at, value, "a list of {Account, Region, Environment, Defaults, Enforced}");
        return Vec::new();
    };
    items.iter().enumerate().map(|(index, item)| entry(reader, item, at.child(index))).collect()
}

fn entry(reader: &mut Reader, value: &Value, at: Pointer) -> Entry {
    let [mut account, mut region, mut environment] = [const { Vec::new() }; 3];
    let (mut defaults, mut floors) = (Raw::default(), Raw::default());
    reader.each(value, &at, ENTRY_KEYS, |reader, key, value, at| match key {
        "Account" => account = accounts(reader, value, at),
        "Region" => region = reader.texts(value, at),
        "Environment" => environment = reader.texts(value, at),
        "Defaults" => {
            defaults = reader.within(Layer::Account, |reader| Raw::read(reader, value, at, DEFAULTS_KEYS));
        }
        _ => floors = enforced(reader, value, at),
    });
    let names_any = ["Account", "Region", "Environment"].iter().any(|key| value.get(key).is_some());
    if value.is_object() && !names_any {
        let help = "add `Account`, `Region` or `Environment`, or move it to `Defaults` and `Enforced` of the policy";
        reader.mistake(&at, "the entry does not say what it is for".to_owned(), help.to_owned());
    }
    let patterns = |texts: Vec<Sourced<String>>| Patterns(texts.into_iter().map(|text| text.value).collect());
    Entry {
        account: patterns(account),
        region: patterns(region),
        environment: patterns(environment),
        defaults,
        enforced: floors,
        at,
    }
}

/// Account ids: 12 digits, which YAML may take for a number, or patterns of them.
fn accounts(reader: &mut Reader, value: &Value, at: &Pointer) -> Vec<Sourced<String>> {
    let as_text = |value: &Value| if value.is_number() { Value::from(value.to_string()) } else { value.clone() };
    let texts = match value.as_array() {
        Some(items) => items.iter().map(as_text).collect(),
        None => as_text(value),
    };
    let ids = reader.texts(&texts, at);
    for id in &ids {
        let digits = id.value.chars().filter(char::is_ascii_digit).count();
        let fits = if id.value.contains('*') { digits < 12 } else { digits == 12 };
        if !fits || !id.value.chars().all(|c| c.is_ascii_digit() || c == '*') {
            let found = Value::from(id.value.as_str());
            reader.wrong(&id.from.at, &found, "an account's id of 12 digits in quotes, or a pattern such as \"1111*\"");
        }
    }
    ids
}

/// Notes entries of which neither is the more specific one where both match.
pub(super) fn check_overlaps(reader: &mut Reader, entries: &[Entry]) {
    for (index, one) in entries.iter().enumerate() {
        for other in entries.iter().skip(index + 1) {
            let pairs =
                [(&one.account, &other.account), (&one.environment, &other.environment), (&one.region, &other.region)];
            if pairs.iter().all(|(one, other)| one.meets(other)) {
                let what = format!("this entry and {} match the same, and neither is more specific", one.at);
                let help = "make one of them more specific, or both one: an account counts before an environment, that before a region, and a \
                            full name before a pattern";
                reader.mistake(&other.at, what, help.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_more_specific_than_a_pattern_and_a_longer_pattern_more_than_a_shorter_one() {
        assert!(
            rank("111122223333") > rank("11112222*") && rank("11112222*") > rank("1111*") && rank("1111*") > rank("*")
        );
    }

    #[test]
    fn patterns_meet_where_one_text_matches_both_and_neither_says_more() {
        let patterns = |texts: &[&str]| Patterns(texts.iter().map(|text| (*text).to_owned()).collect());
        assert!(patterns(&["eu-*"]).meets(&patterns(&["*-1x"])));
        assert!(!patterns(&["eu-*"]).meets(&patterns(&["us-*"])));
        assert!(!patterns(&["eu-*"]).meets(&patterns(&[])), "one of them says more");
        assert!(patterns(&[]).meets(&patterns(&[])));
        assert!(patterns(&["a", "b"]).meets(&patterns(&["b", "c"])));
    }
}
