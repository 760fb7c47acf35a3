//! The pages of `docs/` that list things, written from the tables. `UPDATE=1 cargo test --test generated` writes them, and without `UPDATE` the test
//! holds the files against them.

mod coverage;

pub use coverage::{Tables, coverage};

use crate::catalogue::{AlarmSpec, Profile, Threshold, alarms as rows, codes_by_id, guards};
use crate::config::reference::{KEYS, PARAMETERS, POLICY_KEYS, Stricter};
use std::fmt::Write;

const NOTE: &str = "<!-- Written by `UPDATE=1 cargo test --test generated`. Do not edit. -->\n\n";

/// `docs/alarms.md`.
pub fn alarms() -> String {
    let mut page = format!("# Alarms\n\n{NOTE}");
    page.push_str("| alarm | watches | fires when | window | severity | profile |\n|---|---|---|---|---|---|\n");
    for row in rows() {
        let targets: Vec<_> = row.on.iter().map(|kind| kind.plural).collect();
        push(
            &mut page,
            format_args!(
                "| [`{}`](#{}) | {} | {} | {} of {} × {} s | {} | {} |\n",
                row.id,
                anchor(&row.id),
                targets.join(", "),
                threshold(row),
                row.window.datapoints,
                row.window.evaluation_periods,
                row.window.period,
                row.severity.as_str(),
                row.profile.as_str()
            ),
        );
    }
    for row in rows() {
        push(&mut page, format_args!("\n## {}\n\n{}\n", row.id, alarm(row)));
    }
    page
}

/// What there is to know about one alarm.
pub fn alarm(row: &AlarmSpec) -> String {
    let mut page = String::new();
    let per = format!("in {} s", row.window.period);
    let min = row.min_samples.map(|min| min.to_string()).unwrap_or_default();
    let what = row.what.replace("{threshold}", &amount(row)).replace("{min}", &min).replace("{per}", &per);
    push(&mut page, format_args!("{what} {}\n\n", row.look));
    for metric in row.metrics() {
        push(&mut page, format_args!("- `{}`: {} of {}\n", metric.id, metric.stat, metric.name));
    }
    if let Some(expression) = row.default_expression() {
        push(&mut page, format_args!("- alarm on: `{}`\n", expression));
    }
    push(
        &mut page,
        format_args!(
            "- threshold: {}, {} of {} periods of {} s, missing data `{}`\n- severity {}, from profile {} on\n- source: {}\n",
            threshold(row),
            row.window.datapoints,
            row.window.evaluation_periods,
            row.window.period,
            row.missing.as_str(),
            row.severity.as_str(),
            row.profile.as_str(),
            row.source
        ),
    );
    page
}

/// `docs/guardrails.md`.
pub fn guardrails() -> String {
    let mut page = format!(
        "# Guardrails\n\n{NOTE}The level of each guardrail is `Off`, `Info`, `Warn`, `Deny` (the deployment fails) or `Fix` (what is missing is added where that is \
         safe, else it is a warning). `Guardrails: {{unthrottled-stage: Deny}}` in `Metadata.Toprail` or in the policy sets it; the defaults are by profile.\n\n\
         | guardrail | what holds | Essential | Standard | Critical | the fix adds |\n|---|---|---|---|---|---|\n"
    );
    for guard in guards() {
        let [essential, standard, critical] =
            [Profile::Essential, Profile::Standard, Profile::Critical].map(|profile| guard.default(profile).as_str());
        let name = format!("[`{0}`](#{0})", guard.id);
        row(&mut page, &[&name, guard.summary, essential, standard, critical, guard.fix.unwrap_or_default()]);
    }
    for guard in guards() {
        push(&mut page, format_args!("\n#{}", guard.page));
    }
    page
}

/// `docs/findings.md`.
pub fn findings() -> String {
    let mut page = format!("# Findings\n\n{NOTE}| code | name | level | what it means |\n|---|---|---|---|\n");
    for code in codes_by_id() {
        push(&mut page, format_args!("| {} | `{}` | {} | {} |\n", code.id, code.name, code.level.as_str(), code.page));
    }
    page
}

/// `docs/configuration.md`.
pub fn configuration() -> String {
    let mut page = format!("# Configuration\n\n{NOTE}");
    page.push_str(
        "In `Metadata.Toprail` of the template; most keys also in `Metadata.Toprail` of a resource, and as a JSON or YAML text in the \
         transform's parameter `Config`; and in the organisation's [policy](policy.md). Later wins: catalogue, profile, the policy's `Defaults`, its \
         `Accounts`, template, transform parameters, resource, `Methods`; and over all of them what the policy enforces.\n\n\
         | key | takes | default | what it does | enforced |\n|---|---|---|---|---|\n",
    );
    for key in KEYS {
        let enforced = key.stricter.map(Stricter::words).unwrap_or_default();
        row(&mut page, &[&format!("`{}`", key.path), &key.shape.takes(), key.default, key.description, &enforced]);
    }
    page.push_str(
        "\nA resource takes `Enabled`, `Alarms`, `Methods`, `Throttle`, `Tags`, `Tracing`, `DetailedMetrics`, `AccessLogs`, `LogRetention` and `AnyMethods`. The last column says what a policy's \
         `Enforced` does to a template's value; where it is empty, `Enforced` does not take the key.\n\n",
    );
    let parameters: Vec<_> = PARAMETERS.iter().map(|name| format!("`{name}`")).collect();
    push(&mut page, format_args!("The transform's parameters, all flat: {}.\n", parameters.join(", ")));
    page.push_str("\n## Policy file\n\n| key | takes | default | what it does |\n|---|---|---|---|\n");
    for key in POLICY_KEYS {
        row(&mut page, &[&format!("`{}`", key.path), &key.shape.takes(), key.default, key.description]);
    }
    page
}

/// A row of a table.
fn row(page: &mut String, cells: &[&str]) {
    push(page, format_args!("| {} |\n", cells.join(" | ")));
}

/// `> 2500 ms`.
pub fn threshold(row: &AlarmSpec) -> String {
    format!("{} {}", row.comparison.sign(), amount(row))
}

fn amount(row: &AlarmSpec) -> String {
    match &row.threshold {
        Threshold::Number(number) => format!("{number}{}", row.unit.suffix()),
        Threshold::Share(share) => {
            let absent = share.absent.map(|absent| format!(" ({absent} where absent)")).unwrap_or_default();
            format!("{} % of `{}`{absent}", share.percent, share.property)
        }
        Threshold::Yours => "your number".to_owned(),
    }
}

fn anchor(id: &str) -> String {
    id.to_lowercase().replace('.', "")
}

fn push(page: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = page.write_fmt(text);
}
