//! The catalogue as tables and as JSON: alarms, guardrails, resource types, findings.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::InForce;
use super::page::Page;
use super::table::table;
use super::words::{default_threshold, duration, rank, short_name, window};
use crate::catalogue::{AlarmSpec, Guard, Kind, Own, Profile, Reads, Threshold, codes_by_id, guards, kinds};
use crate::finding::Code;

/// All alarms as a table, as they are under a policy.
pub fn alarms(policy: Option<&InForce<'_>>, prose: Option<usize>) -> Page {
    let row = |row: &AlarmSpec| {
        let built_in = (default_threshold(row), window(row.window), row.severity, true);
        let (threshold, window, severity, is_on) = policy.map_or(built_in, |policy| policy.cells(row));
        let watches = row.own.as_ref().map_or_else(|| owners(row.on), Own::watches);
        let mut cells = vec![
            row.id.to_string(),
            threshold,
            window,
            severity.as_str().to_owned(),
            row.profile.as_str().to_owned(),
            watches,
        ];
        if policy.is_some() {
            cells.insert(1, if is_on { "on" } else { "off" }.to_owned());
        }
        cells
    };
    let all = policy.map(|policy| policy.rows().clone()).unwrap_or_default();
    let rows: Vec<_> = all.all().map(row).collect();
    let mut headings = vec!["Alarm", "Threshold", "Window", "Severity", "Profile", "Watches"];
    if policy.is_some() {
        headings.insert(1, "Is");
    }
    table(&headings, &rows, prose)
}

/// All alarms as JSON; `inForce` is what a policy makes of one.
pub fn alarms_json(policy: Option<&InForce<'_>>) -> Value {
    let all = policy.map(|policy| policy.rows().clone()).unwrap_or_default();
    let one = |row: &AlarmSpec| with(alarm_json(row), "inForce", policy.map(|policy| policy.alarm_json(row)));
    all.all().map(one).collect()
}

/// An object with one member more, where there is one.
fn with(object: Value, key: &str, member: Option<Value>) -> Value {
    let members = object.as_object().cloned().unwrap_or_default();
    Value::Object(members.into_iter().chain(member.map(|member| (key.to_owned(), member))).collect())
}

fn alarm_json(row: &AlarmSpec) -> Value {
    let metrics: Vec<_> =
        row.metrics().map(|metric| json!({"id": metric.id, "name": metric.name, "statistic": metric.stat})).collect();
    let threshold = match &row.threshold {
        Threshold::Number(number) => json!({"number": number}),
        Threshold::Share(share) => {
            json!({"percent": share.percent, "ofProperty": share.property, "scale": share.scale, "whereAbsent": share.absent})
        }
        Threshold::Yours => Value::Null,
    };
    let watches: Vec<String> = match &row.own {
        Some(own) => vec![own.watches()],
        None => row.on.iter().map(|kind| kind.plural.to_owned()).collect(),
    };
    let logs = row.own.as_ref().and_then(|own| match &own.reads {
        Reads::Log { pattern } => Some(json!(pattern)),
        Reads::Metric { .. } => None,
    });
    let alarm = json!({
        "id": row.id,
        "watches": watches,
        "metrics": metrics,
        "expression": row.default_expression(),
        "comparisonOperator": row.comparison.operator(),
        "threshold": threshold,
        "unit": row.unit.suffix().trim(),
        "period": row.window.period,
        "datapointsToAlarm": row.window.datapoints,
        "evaluationPeriods": row.window.evaluation_periods,
        "minSamples": row.min_samples,
        "treatMissingData": row.missing.as_str(),
        "severity": row.severity.as_str(),
        "profile": row.profile.as_str(),
        "what": row.what.replace("{threshold}", default_threshold(row).trim_start_matches(['>', '<', ' '])).replace("{per}", &per(row)).replace("{min}", &min(row)),
        "look": row.look,
        "source": row.source,
    });
    with(alarm, "logPattern", logs)
}

/// `REST APIs, HTTP APIs`.
fn owners(kinds: &[&Kind]) -> String {
    let mut owners: Vec<&str> = kinds
        .iter()
        .map(|kind| kind.plural)
        .map(|noun| noun.split_once(" of ").map_or(noun, |(_, owner)| owner))
        .collect();
    owners.dedup();
    owners.join(", ")
}

/// `stages and methods of REST APIs`.
fn watched(kinds: &[&Kind]) -> String {
    let mut by_owner: IndexMap<&str, Vec<&str>> = IndexMap::new();
    for kind in kinds {
        match kind.plural.split_once(" of ") {
            Some((what, owner)) => by_owner.entry(owner).or_default().push(what),
            None => {
                by_owner.entry(kind.plural).or_default();
            }
        }
    }
    let words = |(owner, whats): (&&str, &Vec<&str>)| {
        if whats.is_empty() { (*owner).to_owned() } else { format!("{} of {owner}", whats.join(" and ")) }
    };
    by_owner.iter().map(words).collect::<Vec<_>>().join(", ")
}

/// `a minute`, `in 5 minutes`: how the gate of a row counts.
pub(super) fn per(row: &AlarmSpec) -> String {
    if row.window.period == 60 {
        "a minute".to_owned()
    } else {
        format!("in {}", duration(row.window.period).replace("min", "minutes"))
    }
}

/// The gate of a row.
pub(super) fn min(row: &AlarmSpec) -> String {
    row.min_samples.map_or_else(String::new, |min| min.to_string())
}

/// All guardrails as a table, as they are under a policy.
pub fn guardrails(policy: Option<&InForce<'_>>, prose: Option<usize>) -> Page {
    let row = |guard: &Guard| {
        let default = |profile| guard.default(profile).as_str().to_owned();
        let levels: Vec<_> = match policy {
            Some(policy) => vec![policy.level(guard).to_owned()],
            None => PROFILES.map(default).to_vec(),
        };
        let names = [guard.id.to_owned(), guard.code.id.to_owned()];
        names.into_iter().chain(levels).chain([guard.summary.to_owned()]).collect()
    };
    let rows: Vec<Vec<String>> = guards().map(row).collect();
    let levels = if policy.is_some() { vec!["Level"] } else { PROFILES.map(Profile::as_str).to_vec() };
    let headings: Vec<_> = ["Guardrail", "Finding"].into_iter().chain(levels).chain(["What holds"]).collect();
    table(&headings, &rows, prose)
}

const PROFILES: [Profile; 3] = [Profile::Essential, Profile::Standard, Profile::Critical];

/// All guardrails as JSON.
pub fn guardrails_json(policy: Option<&InForce<'_>>) -> Value {
    let one = |guard: &Guard| {
        let about = json!({
            "id": guard.id,
            "concern": guard.concern.as_str(),
            "default": guard.default(Profile::Standard).as_str(),
            "defaults": {
                "Essential": guard.default(Profile::Essential).as_str(),
                "Standard": guard.default(Profile::Standard).as_str(),
                "Critical": guard.default(Profile::Critical).as_str(),
            },
            "finding": guard.code.id,
            "summary": guard.summary,
            "fix": guard.fix,
        });
        with(about, "inForce", policy.map(|policy| policy.level_json(guard)))
    };
    guards().map(one).collect()
}

/// Resource types, each with the kinds of targets that are found there.
fn types() -> IndexMap<&'static str, Vec<&'static Kind>> {
    let mut types: IndexMap<&'static str, Vec<&'static Kind>> = IndexMap::new();
    for kind in kinds() {
        for name in kind.types {
            types.entry(name).or_default().push(kind);
        }
    }
    types.sort_keys();
    types
}

fn alarms_on(kinds: &[&'static Kind]) -> Vec<&'static AlarmSpec> {
    let mut rows: Vec<&'static AlarmSpec> = kinds.iter().flat_map(|kind| kind.alarms()).collect();
    // A row that watches several of the kinds is one alarm.
    let mut seen = std::collections::BTreeSet::new();
    rows.retain(|row| seen.insert(&row.id));
    rows
}

/// The resource types that are recognised, as a table.
pub fn resources(prose: Option<usize>) -> Page {
    let row = |(name, kinds): (&str, Vec<&'static Kind>)| {
        let mut by_group: IndexMap<&str, Vec<String>> = IndexMap::new();
        let mut rows = alarms_on(&kinds);
        rows.sort_by_key(|row| rank(row));
        for row in rows {
            by_group.entry(row.group()).or_default().push(short_name(row));
        }
        let alarms = by_group
            .iter()
            .map(|(group, names)| format!("{group}: {}", names.join(", ")))
            .collect::<Vec<_>>()
            .join("; ");
        vec![name.to_owned(), watched(&kinds), alarms]
    };
    let rows: Vec<_> = types().into_iter().map(row).collect();
    table(&["Resource type", "Holds", "Alarms"], &rows, prose)
}

/// The resource types that are recognised, as JSON.
pub fn resources_json() -> Value {
    let target = |kind: &&'static Kind| {
        let alarms: Vec<_> = alarms_on(&[kind]).iter().map(|row| &row.id).collect();
        json!({"what": kind.plural, "namespace": kind.namespace, "dimensions": dimensions(kind), "alarms": alarms})
    };
    types()
        .iter()
        .map(|(name, kinds)| json!({"type": name, "targets": kinds.iter().map(target).collect::<Vec<_>>()}))
        .collect()
}

/// The names of a kind's dimensions.
pub(super) fn dimensions(kind: &Kind) -> Vec<&'static str> {
    kind.dimensions.iter().map(|dimension| dimension.name).collect()
}

/// All kinds of findings as a table.
pub fn findings(prose: Option<usize>) -> Page {
    let first = |page: &str| page.split_once(". ").map_or(page.to_owned(), |(first, _)| format!("{first}."));
    let rows: Vec<_> = codes_by_id()
        .iter()
        .map(|code| vec![code.id.to_owned(), code.name.to_owned(), code.level.as_str().to_owned(), first(code.page)])
        .collect();
    table(&["Finding", "Name", "Level", "What is the case"], &rows, prose)
}

/// All kinds of findings as JSON.
pub fn findings_json(policy: Option<&InForce<'_>>) -> Value {
    let one = |code: &&'static Code| {
        let about = json!({"code": code.id, "name": code.name, "level": code.level.as_str(), "page": code.page});
        with(about, "policy", policy.map(|policy| policy.about_json(code)))
    };
    codes_by_id().iter().map(one).collect()
}
