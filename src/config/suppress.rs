//! Suppressions: an id, a place, a reason. One that matches nothing is itself a finding.

use super::alarm_options::group_speaks_for;
use super::layer::{Origin, Sourced};
use super::pattern::{Pattern, glob};
use super::raw::{Raw, Suppression};
use super::reader::Reader;
use crate::catalogue::{Rows, codes};
use crate::finding::{Finding, UNUSED_ENTRY};
use crate::template::Pointer;
use serde_json::Value;

/// Whether an id is an alarm's, a guardrail's or a finding's.
pub(crate) fn is_known_id(rows: &Rows, id: &str) -> bool {
    rows.find(id).is_some() || codes().any(|code| code.id == id || code.name == id)
}

/// The one id of what has two: a guardrail is called as its finding is, and a finding has a code as well.
pub(super) fn name_of(id: &str) -> &str {
    codes().find(|code| code.id == id).map_or(id, |code| code.name)
}

/// What keeps templates from suppressing an id: an entry of `NoSuppress`, or an alarm that the policy keeps on.
pub(super) fn is_forbidden<'e>(id: &str, enforced: &'e Raw) -> Option<&'e Origin> {
    let listed = enforced.no_suppress.iter().find(|pattern| glob(name_of(&pattern.value), name_of(id)));
    let kept_on = || {
        let (group, alarm) = id.split_once('.')?;
        let is_meant =
            |(of, name): &(String, String)| group_speaks_for(of, group) && (name.is_empty() || name == alarm);
        let kept = enforced.alarms.iter().filter(|(key, _)| is_meant(key));
        kept.filter_map(|(_, options)| options.enabled.as_ref()).map(|on| &on.from).next()
    };
    listed.map(|pattern| &pattern.from).or_else(kept_on)
}

/// Reads `NoSuppress`: ids, or patterns of them, of what templates may not suppress.
pub(super) fn no_suppress(reader: &mut Reader, value: &Value, at: &Pointer) -> Vec<Sourced<String>> {
    let rows = reader.rows().clone();
    let all: Vec<&str> = rows.all().map(|row| &*row.id).chain(codes().map(|code| code.name)).collect();
    let patterns = reader.texts(value, at);
    for pattern in &patterns {
        let id = name_of(&pattern.value);
        if !all.iter().any(|known| glob(id, known)) {
            let near = super::reader::nearest(id, &all).map(|near| format!("did you mean `{near}`? Else "));
            let help =
                "name an alarm, a guardrail or a finding, or a pattern such as `Api.*`; `toprail list` shows them";
            let what = format!("`{id}` is nothing that can be suppressed");
            reader.mistake(&pattern.from.at, what, near.unwrap_or_default() + help);
        }
    }
    patterns
}

/// All suppressions of a template, and which of them have been used.
#[derive(Debug, Default)]
pub(crate) struct Suppressions {
    entries: Vec<(Suppression, bool)>,
}

/// What a suppression could be about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'s> {
    /// Its ids: of an alarm, a guardrail, a finding.
    pub(crate) ids: &'s [&'s str],
    /// The resources it belongs to.
    pub(crate) owners: &'s [String],
    /// Where it stands.
    pub(crate) at: &'s Pointer,
    /// Its verb and path, where it is a method.
    pub(crate) method: Option<(&'s str, &'s str)>,
}

impl Suppressions {
    /// From all layers.
    pub(crate) fn new(entries: impl Iterator<Item = Suppression>) -> Self {
        Self { entries: entries.map(|entry| (entry, false)).collect() }
    }

    /// The reason why a subject is suppressed, if it is.
    pub(crate) fn reason(&mut self, subject: Subject<'_>) -> Option<String> {
        let (entry, used) = self.entries.iter_mut().find(|(entry, _)| subject.is_meant_by(entry))?;
        *used = true;
        Some(entry.reason.clone())
    }

    /// Removes suppressed findings (never errors), and adds one for each suppression that was not needed.
    pub(crate) fn apply(&mut self, findings: &mut Vec<Finding>) {
        findings.retain(|finding| {
            let method = finding.method.as_ref().map(|(verb, path)| (verb.as_str(), path.as_str()));
            let ids = [finding.code.id, finding.code.name];
            let subject = Subject { ids: &ids, owners: &[], at: &finding.at, method };
            finding.level == crate::finding::Level::Error || self.reason(subject).is_none()
        });
        // A policy speaks for all templates: what is not in this one is in another.
        for (entry, _) in self.entries.iter().filter(|(entry, used)| !used && !entry.from.layer.is_policy()) {
            let place = entry.place.as_deref().map(|place| format!(" at `{place}`")).unwrap_or_default();
            let what = format!("the suppression of `{}`{place} matches nothing", entry.id);
            findings.push(entry.from.finding(&UNUSED_ENTRY, what, "remove it, or correct its `Id` or `Where`"));
        }
    }
}

impl Subject<'_> {
    fn is_meant_by(&self, entry: &Suppression) -> bool {
        self.ids.contains(&entry.id.as_str()) && entry.place.as_deref().is_none_or(|place| self.is_at(place))
    }

    fn is_at(&self, place: &str) -> bool {
        let in_resource = |id: &str| self.at.segments().nth(1).is_some_and(|segment| segment == id);
        self.method.is_some_and(|(verb, path)| Pattern::read(place).matches(verb, path))
            || self.owners.iter().any(|owner| glob(place, owner))
            || in_resource(place)
            || Pointer::parse(place).is_ok_and(|place| !place.is_root() && self.at.starts_with(&place))
    }
}
