//! What a policy comes to for an account, region and environment: setting by setting, with where it stands.

use crate::config::pattern::glob;
use crate::config::policy::Stated;
use crate::config::{Destination, Layer, Policy};
use crate::report::PolicySource;
use crate::report::explain::Subject;
use crate::report::page::{Line, Page, Tone};
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
pub fn about(source: &PolicySource<'_>, policy: &Policy, destination: Destination<'_>, subject: Subject) -> Page {
    let mut page = Page::default();
    let stated = policy.stated(destination);
    let is_about = |one: &&Stated| {
        let path: Vec<&str> = one.path.split('.').collect();
        match (subject, path.as_slice()) {
            (Subject::Alarm(row), ["Alarms", group, name, ..]) => {
                (*group == row.group() || *group == "Stage") && (*name == row.name() || *name == "Enabled")
            }
            (Subject::Alarm(row), ["Methods", .., name, _]) => *name == row.name(),
            (Subject::Alarm(_), [only]) => matches!(*only, "Profile" | "Runbook"),
            (Subject::Alarm(row), ["Suppress" | "NoSuppress", rest @ ..]) => glob(&rest.join("."), row.id),
            (Subject::Guard(guard), ["Guardrails" | "Suppress" | "NoSuppress", id]) => glob(id, guard.id),
            (Subject::Finding(code), ["Suppress" | "NoSuppress", id]) => glob(id, code.name) || *id == code.id,
            _ => false,
        }
    };
    let about: Vec<&Stated> = stated.iter().filter(is_about).collect();
    if about.is_empty() {
        page.push(Line::new(Tone::Dim, format!("{} says nothing about it.", source.name)));
    }
    section(&mut page, "What the policy says", &about, source);
    page
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
            "effect": stated.effect(),
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
        "settings": policy.stated(destination).iter().map(one).collect::<Vec<_>>(),
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
    let effect = stated.effect().map(|effect| format!("{effect} ")).unwrap_or_default();
    format!("{effect}{text}")
}
