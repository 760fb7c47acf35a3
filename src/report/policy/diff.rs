//! What another policy would change in templates: alarms and additions that appear, change or disappear, findings, and templates that would newly fail.

use crate::Outcome;
use crate::finding::Finding;
use crate::guard::Change;
use crate::plan::PlannedAlarm;
use crate::report::page::{Line, Page, Tone};
use crate::report::words::{count, money, window};
use crate::target::Place;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// One template under two policies.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'c> {
    /// The template's name.
    pub name: &'c str,
    /// What comes of it now.
    pub before: &'c Outcome,
    /// What would come of it.
    pub after: &'c Outcome,
}

/// What changes in one template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diff {
    /// The template's name.
    pub file: String,
    /// Whether a deployment passes now and would fail.
    pub newly_fails: bool,
    /// Whether it fails now and would pass.
    pub newly_passes: bool,
    /// Alarms that appear.
    pub alarms_added: Vec<String>,
    /// Alarms that disappear.
    pub alarms_removed: Vec<String>,
    /// Alarms that change, with what changes.
    pub alarms_changed: Vec<ChangedAlarm>,
    /// Other additions that appear.
    pub changes_added: Vec<String>,
    /// Other additions that disappear.
    pub changes_removed: Vec<String>,
    /// Findings that appear.
    pub findings_added: Vec<String>,
    /// Findings that disappear.
    pub findings_removed: Vec<String>,
    /// What it costs a month more, in cents; less, if negative.
    pub monthly_cost_cents: i64,
}

/// An alarm that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangedAlarm {
    /// Which, and of what.
    pub alarm: String,
    /// What changes: `threshold > 2,500 ms → > 2,000 ms`.
    pub changes: Vec<String>,
}

/// Compares what comes of a template under two policies.
pub fn compare(compared: Compared<'_>) -> Diff {
    let Compared { name, before, after } = compared;
    let (alarms_before, alarms_after) = (alarms(before), alarms(after));
    let only = |these: &IndexMap<String, Shown>, those: &IndexMap<String, Shown>| {
        these.iter().filter(|(id, _)| !those.contains_key(*id)).map(|(_, shown)| shown.line()).collect()
    };
    let changed = |(id, shown): (&String, &Shown)| {
        let changes = alarms_before.get(id)?.changes_to(shown);
        (!changes.is_empty()).then(|| ChangedAlarm { alarm: shown.name.clone(), changes })
    };
    let (changes_before, changes_after) = (changes(before), changes(after));
    let (findings_before, findings_after) = (findings(before), findings(after));
    let cents = |outcome: &Outcome| i64::try_from(outcome.plan.cost()).unwrap_or(i64::MAX);
    Diff {
        file: name.to_owned(),
        newly_fails: after.failed() && !before.failed(),
        newly_passes: before.failed() && !after.failed(),
        alarms_added: only(&alarms_after, &alarms_before),
        alarms_removed: only(&alarms_before, &alarms_after),
        alarms_changed: alarms_after.iter().filter_map(changed).collect(),
        changes_added: changes_after.difference(&changes_before).cloned().collect(),
        changes_removed: changes_before.difference(&changes_after).cloned().collect(),
        findings_added: findings_after.difference(&findings_before).cloned().collect(),
        findings_removed: findings_before.difference(&findings_after).cloned().collect(),
        monthly_cost_cents: cents(after).saturating_sub(cents(before)),
    }
}

impl Diff {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        let lists = [
            &self.alarms_added,
            &self.alarms_removed,
            &self.changes_added,
            &self.changes_removed,
            &self.findings_added,
            &self.findings_removed,
        ];
        lists.iter().all(|list| list.is_empty())
            && self.alarms_changed.is_empty()
            && !self.newly_fails
            && !self.newly_passes
    }

    /// For people.
    pub fn page(&self) -> Page {
        let mut page = Page::default();
        let verdict = match (self.newly_fails, self.newly_passes, self.is_empty()) {
            (true, _, _) => (Tone::Critical, "  would newly fail"),
            (_, true, _) => (Tone::Good, "  would pass again"),
            (_, _, true) => (Tone::Dim, "  nothing changes"),
            _ => (Tone::Plain, ""),
        };
        page.push(Line::new(Tone::Strong, &self.file).with(verdict.0, verdict.1));
        let mut list = |sign: &str, tone: Tone, what: &str, lines: &[String]| {
            for line in lines {
                page.push(Line::new(tone, format!("  {sign} ")).with(Tone::Dim, what).with(Tone::Plain, line));
            }
        };
        list("+", Tone::Good, "alarm ", &self.alarms_added);
        list("-", Tone::Critical, "alarm ", &self.alarms_removed);
        for ChangedAlarm { alarm, changes } in &self.alarms_changed {
            list("~", Tone::Warning, "alarm ", &[format!("{alarm}: {}", changes.join(", "))]);
        }
        list("+", Tone::Good, "", &self.changes_added);
        list("-", Tone::Critical, "", &self.changes_removed);
        list("+", Tone::Info, "finding ", &self.findings_added);
        list("-", Tone::Info, "finding ", &self.findings_removed);
        if self.monthly_cost_cents != 0 {
            let sign = if self.monthly_cost_cents > 0 { "more" } else { "less" };
            let cost = money(self.monthly_cost_cents.unsigned_abs());
            page.push(Line::new(Tone::Dim, format!("  {cost} a month {sign}")));
        }
        page
    }

    /// The last line: what it comes to in all templates.
    pub fn total(diffs: &[Self]) -> Page {
        let sum = |of: fn(&Self) -> usize| diffs.iter().map(of).sum::<usize>();
        let mut page = Page::default();
        let fails = sum(|diff| usize::from(diff.newly_fails));
        let text = format!(
            "{}: {} appear, {} change, {} disappear; {} would newly fail",
            count(diffs.len(), "template"),
            count(sum(|diff| diff.alarms_added.len()), "alarm"),
            sum(|diff| diff.alarms_changed.len()),
            sum(|diff| diff.alarms_removed.len()),
            fails
        );
        page.push(Line::new(if fails > 0 { Tone::Critical } else { Tone::Strong }, text));
        page
    }

    /// For programs.
    ///
    /// # Errors
    /// Never in practice: the shape holds nothing that JSON cannot.
    pub fn json(diffs: &[Self]) -> serde_json::Result<Value> {
        let newly_failing = diffs.iter().filter(|diff| diff.newly_fails).count();
        Ok(json!({"version": 1, "templates": serde_json::to_value(diffs)?, "newlyFailing": newly_failing}))
    }
}

/// An alarm as a diff shows it.
struct Shown {
    name: String,
    facts: Vec<(String, String)>,
}

impl Shown {
    fn line(&self) -> String {
        let facts: Vec<_> = self.facts.iter().take(3).map(|(_, value)| value.as_str()).collect();
        format!("{} ({})", self.name, facts.join(", "))
    }

    fn changes_to(&self, other: &Self) -> Vec<String> {
        let pairs = self.facts.iter().filter_map(|(name, before)| {
            let after = other.facts.iter().find(|(other, _)| other == name).map(|(_, after)| after)?;
            (before != after).then_some((name, before, after))
        });
        pairs
            .map(|(name, before, after)| {
                // Long values are not for reading.
                let is_short = before.len().max(after.len()) <= 40;
                if is_short { format!("{name} {before} → {after}") } else { name.clone() }
            })
            .collect()
    }
}

fn alarms(outcome: &Outcome) -> IndexMap<String, Shown> {
    let resources = outcome.fragment.get("Resources");
    let shown = |alarm: &PlannedAlarm| {
        let properties = resources.and_then(|resources| resources.get(&alarm.logical_id)?.get("Properties"));
        let property = |name: &'static str| {
            let value = properties.and_then(|properties| properties.get(name)).map(Value::to_string);
            (name.to_owned(), value.unwrap_or_default())
        };
        let mut facts = vec![
            ("threshold".to_owned(), alarm.threshold.clone()),
            ("window".to_owned(), window(alarm.window)),
            ("severity".to_owned(), alarm.severity.as_str().to_owned()),
        ];
        // A transform that fails shows no resource.
        if properties.is_some() {
            let names =
                ["AlarmActions", "OKActions", "InsufficientDataActions", "TreatMissingData", "Tags", "AlarmName"];
            facts.extend(names.map(property));
        }
        (alarm.logical_id.clone(), Shown { name: format!("{} of {}", alarm.row.id, place(&alarm.place)), facts })
    };
    outcome.plan.alarms.iter().map(shown).collect()
}

fn place(place: &Place) -> String {
    match place {
        Place::Stage { api, stage, .. } => format!("{api} {stage}"),
        Place::Route { api, stage, verb, path, .. } => {
            format!("{api} {stage} {}", format!("{verb} {path}").trim_start())
        }
        Place::Resource { name, .. } => name.clone(),
    }
}

fn changes(outcome: &Outcome) -> BTreeSet<String> {
    let line = |change: &Change| {
        let owner = format!("{} {}", change.owner, change.stage.as_deref().unwrap_or_default());
        format!("{}: {}", owner.trim_end(), change.what)
    };
    outcome.plan.changes.iter().map(line).collect()
}

fn findings(outcome: &Outcome) -> BTreeSet<String> {
    let line = |finding: &Finding| {
        format!("{}[{} {}]: {}", finding.level.as_str(), finding.code.id, finding.code.name, finding.what)
    };
    outcome.findings.iter().map(line).collect()
}
