//! The organisation's policy: defaults under what a template says, floors and locks over it, and both again for single accounts, regions and
//! environments. It is read once, and holds its own mistakes: they fail every transform, so that none can be missed.

mod accounts;
mod check;
mod stated;

use super::custom;
use super::layer::Layer;
use super::raw::{DEFAULTS_KEYS, ENFORCED_KEYS, Raw};
use super::reader::Reader;
use crate::catalogue::Rows;
use crate::finding::{Finding, WRONG_POLICY};
use crate::template::Pointer;
use crate::template::document::{Document, LoadError};
use accounts::Entry;
use serde_json::Value;

/// The keys of a policy file.
pub(crate) const POLICY_KEYS: &[&str] = &["Version", "Custom", "Defaults", "Enforced", "Accounts"];
pub(crate) use accounts::ENTRY_KEYS;
pub use stated::Stated;

/// The version of the format.
const VERSION: u32 = 1;

/// A policy, with all that is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    defaults: Raw,
    enforced: Raw,
    accounts: Vec<Entry>,
    rows: Rows,
    mistakes: Vec<Finding>,
    /// As it was written.
    value: Value,
}

/// What a policy says where a deployment goes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Effective {
    /// The sections that are defaults, the more specific later.
    pub(crate) defaults: Vec<Raw>,
    /// What is enforced, the more specific over the general.
    pub(crate) enforced: Raw,
}

/// Where a deployment goes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Destination<'d> {
    /// The account's id; empty: not known.
    pub account: &'d str,
    /// The region; empty: not known.
    pub region: &'d str,
    /// What the template says of itself; empty: nothing.
    pub environment: &'d str,
}

impl Policy {
    /// Reads a policy's text, YAML or JSON.
    pub fn parse(text: &str) -> Self {
        match Document::parse(text) {
            Ok(document) => Self::read(&document.value),
            Err(errors) => Self::unreadable(errors.iter().map(LoadError::to_string)),
        }
    }

    /// A policy that cannot be read, for each of these reasons.
    pub fn unreadable(reasons: impl IntoIterator<Item = String>) -> Self {
        let mistake = |why| {
            let help = "write the policy as YAML or JSON; `toprail policy check FILE` reads it";
            Finding::new(&WRONG_POLICY, Pointer::root(), format!("the policy cannot be read: {why}"), help)
        };
        Self { mistakes: reasons.into_iter().map(mistake).collect(), ..Self::default() }
    }

    /// Reads a policy's value.
    pub fn read(value: &Value) -> Self {
        let mut policy = Self { value: value.clone(), ..Self::default() };
        let mut reader = Reader::new(Layer::PolicyDefaults);
        let root = Pointer::root();
        // First of all, because all else may name them.
        if let Some(custom) = value.get("Custom") {
            policy.rows = Rows::with(custom::rows(&mut reader, custom, &root.child("Custom")));
            reader = reader.knowing(policy.rows.clone());
        }
        reader.each(value, &root, POLICY_KEYS, |reader, key, value, at| match key {
            "Version" => version(reader, value, at),
            "Custom" => {}
            "Defaults" => policy.defaults = Raw::read(reader, value, at, DEFAULTS_KEYS),
            "Enforced" => policy.enforced = enforced(reader, value, at),
            _ => policy.accounts = accounts::entries(reader, value, at),
        });
        if value.is_object() && value.get("Version").is_none() {
            reader.mistake(&root, "the policy has no `Version`".to_owned(), format!("write `Version: {VERSION}`"));
        }
        check::foreign_names(&mut reader, value, &root);
        for raw in policy.sections() {
            check::alarms(&mut reader, raw);
        }
        accounts::check_overlaps(&mut reader, &policy.accounts);
        policy.mistakes = reader.mistakes;
        crate::finding::sort(&mut policy.mistakes);
        policy
    }

    /// The rows that it knows: the catalogue's, and its own.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// All that is wrong with it; none of it is used then.
    pub fn mistakes(&self) -> &[Finding] {
        &self.mistakes
    }

    /// Whether it says something else for some accounts, regions or environments.
    pub fn has_accounts(&self) -> bool {
        !self.accounts.is_empty()
    }

    fn sections(&self) -> impl Iterator<Item = &Raw> {
        let of_accounts = self.accounts.iter().flat_map(|entry| [&entry.defaults, &entry.enforced]);
        [&self.defaults, &self.enforced].into_iter().chain(of_accounts)
    }

    /// The entries of `Accounts` for a deployment, the more specific later.
    fn entries(&self, destination: Destination<'_>) -> Vec<&Entry> {
        let mut entries: Vec<_> =
            self.accounts.iter().filter_map(|entry| Some((entry.rank(destination)?, entry))).collect();
        // No two that match have the same rank: the policy would be wrong.
        entries.sort_unstable_by_key(|(rank, _)| *rank);
        entries.into_iter().map(|(_, entry)| entry).collect()
    }

    /// What it says for a deployment.
    pub(crate) fn effective(&self, destination: Destination<'_>) -> Effective {
        let mut effective = Effective { defaults: vec![self.defaults.clone()], enforced: self.enforced.clone() };
        for entry in self.entries(destination) {
            effective.defaults.push(entry.defaults.clone());
            super::enforce::overlay(&mut effective.enforced, &entry.enforced);
        }
        effective
    }
}

/// Reads an `Enforced` section.
fn enforced(reader: &mut Reader, value: &Value, at: &Pointer) -> Raw {
    reader.within(Layer::Enforced, |reader| {
        let raw = Raw::read(reader, value, at, ENFORCED_KEYS);
        check::floors(reader, &raw);
        raw
    })
}

fn version(reader: &mut Reader, value: &Value, at: &Pointer) {
    if reader.whole(value, at, 1..=u32::MAX).is_some_and(|version| version.value != VERSION) {
        reader.wrong(at, value, &format!("{VERSION}: this Toprail knows no other version of the format"));
    }
}
