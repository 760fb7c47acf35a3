//! `unwatched-provisioned-concurrency`: somebody is told before the environments that are kept ready are all in use.

use crate::catalogue::guards::functions::UNWATCHED_PROVISIONED_CONCURRENCY;
use crate::guard::check::{Check, Entry, Violation};
use crate::target::{functions_of, leaves};
use crate::template::{Resource, Scope, Template};
use serde_json::Value;

pub(super) const ENTRY: Entry = (&UNWATCHED_PROVISIONED_CONCURRENCY, look);
const PROPERTY: &str = "ProvisionedConcurrencyConfig";
const ROW: &str = "Alias.ProvisionedUtilization";
const METRIC: &str = "ProvisionedConcurrencyUtilization";

fn look(check: &mut Check<'_, '_, '_>) {
    let template = check.template();
    // A part of a template says nothing of the alarms in the rest of it.
    if template.scope != Scope::Template {
        return;
    }
    for published in template.of_types(&["AWS::Lambda::Alias", "AWS::Lambda::Version"]) {
        let is_ready = published.own(PROPERTY).is_some_and(|config| !leaves(config).is_empty());
        let functions = published.own("FunctionName").map(|name| functions_of(template, name)).unwrap_or_default();
        let function = functions.first().map(|(function, _)| function.id);
        if !is_ready || is_planned(check, published) || is_watched(template, function) {
            continue;
        }
        let is_written = template.resources.contains_key(published.id);
        let owner = if is_written { published.id } else { function.unwrap_or(published.id) };
        let (noun, name) = match (published.kind, is_written) {
            ("AWS::Lambda::Version", _) => ("version", published.id),
            (_, true) => ("alias", published.id),
            (_, false) => ("alias of", owner),
        };
        let what = format!(
            "the {noun} {name} keeps environments ready, and nobody watches how many of them are in use: above 80 % the next requests start cold"
        );
        let help = match noun {
            "version" => format!(
                "put the provisioned concurrency on an alias, which Toprail watches, or add an alarm on `{METRIC}`"
            ),
            _ => format!(
                "switch the alarm `{ROW}` on, scale with Application Auto Scaling, or add an alarm on `{METRIC}`"
            ),
        };
        check.report(Violation::new(published.property_at(PROPERTY), owner, what, help));
    }
}

/// Whether there will be an alarm of ours.
fn is_planned(check: &Check<'_, '_, '_>, published: &Resource<'_>) -> bool {
    let of = |owners: &[String]| owners.iter().any(|owner| owner == published.id);
    check.view.alarms.iter().any(|alarm| {
        let is_at = alarm.target.at == published.at;
        alarm.row.id == ROW && (is_at || of(&alarm.target.owners))
    })
}

/// Whether an alarm of the author's watches the use, or Application Auto Scaling follows it. One that names no function of this template may be meant.
fn is_watched(template: &Template<'_>, function: Option<&str>) -> bool {
    template.resources.values().any(|resource| {
        let properties = resource.object.get("Properties").map(Value::to_string).unwrap_or_default();
        match resource.kind {
            "AWS::CloudWatch::Alarm" => {
                properties.contains(METRIC)
                    && template
                        .of_types(super::FUNCTIONS)
                        .all(|other| Some(other.id) == function || !properties.contains(&format!("\"{}\"", other.id)))
            }
            "AWS::ApplicationAutoScaling::ScalingPolicy" => {
                properties.contains("LambdaProvisionedConcurrencyUtilization") || properties.contains(METRIC)
            }
            _ => false,
        }
    })
}
