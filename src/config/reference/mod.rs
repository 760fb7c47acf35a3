//! The configuration's reference: every key with what it takes, what holds without it, which way is stricter, and an example. It is the one source of
//! `docs/configuration.md` and of the JSON Schemas, and the tests hold it against what the reader accepts.

mod keys;
mod policy_keys;
mod shape;

pub use keys::KEYS;
pub use policy_keys::POLICY_KEYS;
pub use shape::{Shape, Stricter, Words};

pub(crate) use super::alarm_options::{ALARM_KEYS, alarm_names, groups, speaks_for};
pub(crate) use super::custom::{KEYS as CUSTOM_KEYS, METRIC_KEYS, NEEDED as CUSTOM_NEEDED, NEEDED_OF_MATH, SHARE_KEYS};
pub(crate) use super::logs::{DAYS, KEYS as ACCESS_LOG_KEYS};
pub(crate) use super::policy::{ENTRY_KEYS, POLICY_KEYS as POLICY_NAMES};
pub(crate) use super::raw::{DEFAULTS_KEYS, ENFORCED_KEYS, RESOURCE_KEYS, TEMPLATE_KEYS};
pub(crate) use super::required_tags::KEYS as REQUIRED_TAG_KEYS;
pub(crate) use super::transform_params::PARAMETERS;
pub(crate) use super::usage_plans::{KEYS as USAGE_PLAN_KEYS, TIERS};

/// One key.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its path: `Alarms.<Group>.<Alarm>.Threshold`; `[]` is an entry of a list.
    pub path: &'static str,
    /// What it takes.
    pub shape: Shape,
    /// What holds where it is not set, in Markdown; a value stands in backticks.
    pub default: &'static str,
    /// What it does.
    pub description: &'static str,
    /// Which way is stricter, where a policy can enforce it.
    pub stricter: Option<Stricter>,
    /// A value, as JSON; none: that of the keys in it.
    pub example: Option<&'static str>,
}

impl Key {
    /// The key itself, without those above.
    pub fn name(&self) -> &'static str {
        self.path.rsplit_once('.').map_or(self.path, |(_, name)| name)
    }

    /// Whether it stands directly below another path: `Notify.Critical` below `Notify`, and all top-level keys below nothing.
    pub fn is_below(&self, path: &str) -> bool {
        match self.path.rsplit_once('.') {
            Some((above, _)) => above == path,
            None => path.is_empty(),
        }
    }
}

/// The key at a path in a configuration: `Alarms`, `Api`, `LatencyP99`, `Threshold`.
pub fn key_at(path: &[&str]) -> Option<&'static Key> {
    let is_at = |key: &&Key| {
        let names: Vec<&str> = key.path.split('.').collect();
        let is = |(name, here): (&&str, &&str)| name.starts_with('<') || name == here;
        names.len() == path.len() && names.iter().zip(path).all(is)
    };
    // `Enabled` is a key of groups before it is the name of an alarm.
    KEYS.iter().find(is_at)
}

#[cfg(test)]
mod tests;
