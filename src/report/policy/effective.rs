//! What a policy comes to for an account, region and environment: setting by setting, with where it stands.

use crate::catalogue::{AlarmSpec, Own};
use crate::config::pattern::glob;
use crate::config::policy::Stated;
use crate::config::{Destination, Layer, Origin, Policy};
use crate::report::PolicySource;
use crate::report::explain::Subject;
use crate::report::page::{Line, Page, Tone};
use crate::report::words::{default_threshold, window};
use serde_json::{Value, json};

/// Longer values are cut; the file has them.
const LONGEST_VALUE: usize = 60;

/// The policy as it holds for a deployment.
pub fn page(source: &PolicySource<'_>, policy: &Policy, destination: Destination<'_>) -> Page {
    let mut page = Page::default();
    page.push(
        Line::new(Tone::Good, "The policy is right.")
            .with(Tone::Plain, format!(" {}", whereabouts(policy, destination))),
    );
    let stated = policy.stated(destination);
    let (enforced, defaults): (Vec<_>, Vec<_>) = stated.iter().partition(|one| one.from.layer == Layer::Enforced);
    section(&mut page, "Enforced: a template may be stricter, never laxer", &enforced, source);
    section(&mut page, "Defaults: a template may say otherwise", &defaults, source);
    if !policy.rows().own().is_empty() {
        page.gap();
        page.append(custom(source, policy));
    }
    let says = |path: &str| enforced.iter().any(|one| one.path == path);
    let open: Vec<_> = [("Enabled", "`Enabled: true`"), ("Mode", "`Mode: Inject`")]
        .into_iter()
        .filter(|(path, _)| !enforced.is_empty() && !says(path))
        .map(|(_, words)| words)
        .collect();
    if !open.is_empty() {
        page.gap();
        let text = format!("`Enforced` does not say {}, so a template may do without all of it", open.join(" and "));
        page.push(Line::new(Tone::Warning, "note: ").with(Tone::Plain, text));
    }
    page
}

/// What the policy says about one alarm, guardrail or finding.
pub fn about(source: &PolicySource<'_>, policy: &Policy, destination: Destination<'_>, subject: Subject<'_>) -> Page {
    let mut page = Page::default();
    if let Subject::Alarm(row) = subject
        && row.own.is_some()
    {
        let place = source.place(&Origin::of_row(row).at);
        page.push(Line::new(Tone::Strong, "The organisation's own alarm").with(Tone::Dim, format!("  {place}")));
    }
    let stated = policy.stated(destination);
    let about: Vec<&Stated> = stated.iter().filter(|one| is_about(one, subject)).collect();
    if about.is_empty() {
        page.push(Line::new(Tone::Dim, format!("{} says nothing about it.", source.name)));
    }
    section(&mut page, "What the policy says", &about, source);
    page
}

/// Whether a setting is about one alarm, guardrail or finding.
pub(in crate::report) fn is_about(stated: &Stated, subject: Subject<'_>) -> bool {
    let path: Vec<&str> = stated.path.split('.').collect();
    match (subject, path.as_slice()) {
        (Subject::Alarm(row), ["Alarms", group, name, ..]) => {
            (*group == row.group() || (*group == "Stage" && row.own.is_none()))
                && (*name == row.name() || *name == "Enabled")
        }
        (Subject::Alarm(row), ["Methods", .., name, _]) => *name == row.name() && row.own.is_none(),
        (Subject::Alarm(_), [only]) => matches!(*only, "Profile" | "Runbook"),
        (Subject::Alarm(row), ["Suppress" | "NoSuppress", rest @ ..]) => glob(&rest.join("."), &row.id),
        (Subject::Guard(guard), ["Guardrails" | "Suppress" | "NoSuppress", id]) => glob(id, guard.id),
        (Subject::Finding(code), ["Suppress" | "NoSuppress", id]) => glob(id, code.name) || *id == code.id,
        _ => false,
    }
}

/// What the policy says where no entry of `Accounts` matches, about some top-level keys.
pub fn says(source: &PolicySource<'_>, policy: &Policy, keys: &[&str]) -> Page {
    let mut page = Page::default();
    let stated = policy.stated(Destination::default());
    let about: Vec<_> =
        stated.iter().filter(|one| keys.contains(&one.path.split('.').next().unwrap_or_default())).collect();
    section(&mut page, "What the policy says", &about, source);
    page
}

/// The same for programs.
pub fn json(source: &PolicySource<'_>, policy: &Policy, destination: Destination<'_>) -> Value {
    let one = |stated: &Stated| {
        let position = source.position(&stated.from.at);
        json!({
            "path": stated.path,
            "value": stated.value,
            "effect": stated.effect,
            "layer": stated.from.layer.as_str(),
            "pointer": stated.from.at,
            "line": position.map(|at| at.line),
            "column": position.map(|at| at.column),
        })
    };
    json!({
        "version": 1,
        "account": destination.account,
        "region": destination.region,
        "environment": destination.environment,
        "custom": policy.rows().own().iter().map(|row| row_json(source, row)).collect::<Vec<_>>(),
        "settings": policy.stated(destination).iter().map(one).collect::<Vec<_>>(),
    })
}

/// The organisation's own rows.
fn custom(source: &PolicySource<'_>, policy: &Policy) -> Page {
    let mut page = Page::default();
    page.push(Line::new(Tone::Strong, "Custom: the organisation's own alarms"));
    let line = |row: &AlarmSpec| {
        let watches = row.own.as_ref().map(Own::watches).unwrap_or_default();
        let facts = [
            row.id.to_string(),
            default_threshold(row),
            window(row.window),
            row.severity.as_str().to_owned(),
            format!("profile {}", row.profile.as_str()),
            watches,
        ];
        facts.into_iter().chain([source.place(&Origin::of_row(row).at)]).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<String>> = policy.rows().own().iter().map(|row| line(row)).collect();
    let width = |column: usize| rows.iter().filter_map(|row| Some(row.get(column)?.chars().count())).max().unwrap_or(0);
    for row in &rows {
        let mut at = 2;
        let mut line = Line::new(Tone::Plain, "  ");
        for (column, cell) in row.iter().enumerate() {
            let tone = if column + 1 == row.len() { Tone::Dim } else { Tone::Plain };
            line = line.up_to(at).with(tone, cell);
            at += width(column) + 2;
        }
        page.push(line);
    }
    page
}

fn row_json(source: &PolicySource<'_>, row: &AlarmSpec) -> Value {
    let at = Origin::of_row(row).at;
    let position = source.position(&at);
    json!({
        "id": row.id,
        "threshold": default_threshold(row),
        "period": row.window.period,
        "datapointsToAlarm": row.window.datapoints,
        "evaluationPeriods": row.window.evaluation_periods,
        "severity": row.severity.as_str(),
        "profile": row.profile.as_str(),
        "watches": row.own.as_ref().map(Own::watches),
        "pointer": at,
        "line": position.map(|at| at.line),
        "column": position.map(|at| at.column),
    })
}

fn whereabouts(policy: &Policy, to: Destination<'_>) -> String {
    if !policy.has_accounts() {
        return "It says the same for all accounts.".to_owned();
    }
    let known = [("account", to.account), ("region", to.region), ("environment", to.environment)];
    let named: Vec<_> =
        known.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name} {value}")).collect();
    match named.as_slice() {
        [] => {
            "This is what it says where no entry of `Accounts` matches (--account, --region, --environment).".to_owned()
        }
        named => format!("This is what it says for {}.", named.join(", ")),
    }
}

fn section(page: &mut Page, title: &str, stated: &[&Stated], source: &PolicySource<'_>) {
    if stated.is_empty() {
        return;
    }
    page.gap();
    page.push(Line::new(Tone::Strong, title));
    let rows: Vec<_> = stated.iter().map(|one| (one.path.as_str(), value(one), source.place(&one.from.at))).collect();
    let width = |column: &dyn Fn(&(&str, String, String)) -> usize| rows.iter().map(column).max().unwrap_or_default();
    let (paths, values) = (width(&|row| row.0.chars().count()), width(&|row| row.1.chars().count()));
    for (path, value, place) in &rows {
        let line = Line::new(Tone::Plain, format!("  {path}")).up_to(paths + 4).with(Tone::Strong, value);
        page.push(line.up_to(paths + values + 6).with(Tone::Dim, place));
    }
}

fn value(stated: &Stated) -> String {
    let text = stated.value.as_str().map_or_else(|| stated.value.to_string(), str::to_owned);
    let text = match text.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    };
    let effect = stated.effect.map(|effect| format!("{effect} ")).unwrap_or_default();
    format!("{effect}{text}")
}
