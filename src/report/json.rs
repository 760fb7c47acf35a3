//! A plan as JSON, for programs. The shape is a contract: fields may be added, and `version` rises when one changes its meaning or goes.

use serde::Serialize;
use serde_json::Value;

use super::{Reach, Report, Source};
use crate::catalogue::Cents;
use crate::config::{Origin, Step};
use crate::finding::{Finding, Level};
use crate::guard::Change;
use crate::plan::PlannedAlarm;
use crate::target::Place;
use crate::template::Pointer;

/// CloudFormation's limit for the resources of a template.
pub const RESOURCE_LIMIT: usize = 500;

/// The version of the shape.
const VERSION: u32 = 1;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PlansJson<'a> {
    version: u32,
    templates: Vec<TemplateJson<'a>>,
    total: TotalJson,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TotalJson {
    templates: usize,
    alarms: usize,
    changes: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    monthly_cost_usd: f64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TemplateJson<'a> {
    file: &'a str,
    /// `adds`, `audits` or `unlisted`.
    reach: &'static str,
    /// The profile, and the levels of guardrails that are not the defaults.
    settings: Vec<SettingJson<'a>>,
    alarms: Vec<AlarmJson<'a>>,
    changes: Vec<ChangeJson<'a>>,
    unwatched: Vec<RouteJson<'a>>,
    findings: Vec<FindingJson<'a>>,
    notes: &'a [String],
    resources: ResourcesJson,
    monthly_cost_usd: f64,
    monthly_metrics_cost_usd: f64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AlarmJson<'a> {
    logical_id: &'a str,
    alarm: &'a str,
    place: PlaceJson<'a>,
    #[serde(flatten)]
    at: AtJson<'a>,
    threshold: &'a str,
    severity: &'static str,
    period: u32,
    datapoints_to_alarm: u32,
    evaluation_periods: u32,
    condition: Option<&'a str>,
    monthly_cost_usd: f64,
    /// Whether the template has it already.
    present: bool,
    /// The metric filter that counts for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    metric_filter: Option<&'a str>,
    origin: OriginJson<'a>,
    /// All that was set for it.
    settings: Vec<SettingJson<'a>>,
}

#[derive(Debug, Serialize)]
struct SettingJson<'a> {
    key: &'static str,
    value: &'a str,
    origin: OriginJson<'a>,
    /// What would hold without it.
    over: Option<OverJson<'a>>,
}

#[derive(Debug, Serialize)]
struct OverJson<'a> {
    value: &'a str,
    origin: OriginJson<'a>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum PlaceJson<'a> {
    Stage { api: &'a str, protocol: &'static str, stage: &'a str },
    Method { api: &'a str, protocol: &'static str, stage: &'a str, verb: &'a str, path: &'a str },
    Resource { id: &'a str, name: &'a str },
}

#[derive(Debug, Serialize)]
struct OriginJson<'a> {
    layer: &'static str,
    /// `template` or `policy`; none: built in.
    file: Option<&'static str>,
    #[serde(flatten)]
    at: AtJson<'a>,
}

#[derive(Debug, Serialize)]
struct ChangeJson<'a> {
    guardrail: &'static str,
    what: &'a str,
    owner: &'a str,
    stage: Option<&'a str>,
    #[serde(flatten)]
    at: AtJson<'a>,
    /// Where the settings stand that it comes from.
    origins: Vec<OriginJson<'a>>,
}

#[derive(Debug, Serialize)]
struct RouteJson<'a> {
    api: &'a str,
    verb: &'a str,
    path: &'a str,
}

#[derive(Debug, Serialize)]
struct FindingJson<'a> {
    code: &'static str,
    name: &'static str,
    level: &'static str,
    #[serde(flatten)]
    at: AtJson<'a>,
    what: &'a str,
    help: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<AtJson<'a>>,
    /// Where the policy says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<AtJson<'a>>,
}

#[derive(Debug, Serialize)]
struct AtJson<'a> {
    pointer: &'a str,
    line: Option<u32>,
    column: Option<u32>,
}

#[derive(Debug, Serialize)]
struct ResourcesJson {
    before: usize,
    after: usize,
    limit: usize,
}

/// The plans of templates, with their total.
///
/// # Errors
/// Never in practice: the shape holds nothing that JSON cannot.
pub fn plans(reports: &[Report<'_>]) -> serde_json::Result<Value> {
    let templates: Vec<_> = reports.iter().map(template).collect();
    let level = |level| {
        reports.iter().flat_map(|report| &report.outcome.findings).filter(|finding| finding.level == level).count()
    };
    let total = TotalJson {
        templates: templates.len(),
        alarms: templates.iter().flat_map(|template| &template.alarms).filter(|alarm| !alarm.present).count(),
        changes: templates.iter().map(|template| template.changes.len()).sum(),
        errors: level(Level::Error),
        warnings: level(Level::Warn),
        infos: level(Level::Info),
        monthly_cost_usd: dollars(reports.iter().map(|report| report.outcome.plan.cost()).sum()),
    };
    serde_json::to_value(PlansJson { version: VERSION, templates, total })
}

/// Findings alone.
///
/// # Errors
/// Never in practice: the shape holds nothing that JSON cannot.
pub fn findings(source: &Source<'_>, findings: &[Finding]) -> serde_json::Result<Value> {
    let findings: Vec<_> = findings.iter().map(|finding| finding_json(source, finding)).collect();
    Ok(serde_json::json!({"version": VERSION, "findings": serde_json::to_value(findings)?}))
}

fn template<'a>(report: &Report<'a>) -> TemplateJson<'a> {
    let (source, plan) = (&report.source, &report.outcome.plan);
    TemplateJson {
        file: source.name,
        reach: match report.reach {
            Reach::Adds => "adds",
            Reach::Audits => "audits",
            Reach::Unlisted => "unlisted",
        },
        settings: plan.settings.iter().map(|step| setting(source, step)).collect(),
        alarms: plan.alarms.iter().map(|alarm| alarm_json(source, alarm)).collect(),
        changes: plan.changes.iter().map(|change| change_json(source, change)).collect(),
        unwatched: plan
            .unwatched
            .iter()
            .map(|route| RouteJson { api: &route.api, verb: &route.verb, path: &route.path })
            .collect(),
        findings: report.outcome.findings.iter().map(|finding| finding_json(source, finding)).collect(),
        notes: report.notes,
        resources: ResourcesJson { before: plan.resources_before, after: plan.resources_after, limit: RESOURCE_LIMIT },
        monthly_cost_usd: dollars(plan.cost()),
        monthly_metrics_cost_usd: dollars(plan.metrics_cost),
    }
}

fn alarm_json<'a>(source: &Source<'_>, alarm: &'a PlannedAlarm) -> AlarmJson<'a> {
    AlarmJson {
        logical_id: &alarm.logical_id,
        alarm: &alarm.row.id,
        place: match &alarm.place {
            Place::Stage { api, protocol, stage } => PlaceJson::Stage { api, protocol: protocol.as_str(), stage },
            Place::Route { api, protocol, stage, verb, path } => {
                PlaceJson::Method { api, protocol: protocol.as_str(), stage, verb, path }
            }
            Place::Resource { id, name } => PlaceJson::Resource { id, name },
        },
        at: at(source, &alarm.at),
        threshold: &alarm.threshold,
        severity: alarm.severity.as_str(),
        period: alarm.window.period,
        datapoints_to_alarm: alarm.window.datapoints,
        evaluation_periods: alarm.window.evaluation_periods,
        condition: alarm.when.as_deref(),
        monthly_cost_usd: dollars(alarm.cost),
        present: alarm.present,
        metric_filter: alarm.metric_filter.as_deref(),
        origin: origin(source, &alarm.threshold_origin),
        settings: alarm.trail.iter().map(|step| setting(source, step)).collect(),
    }
}

fn change_json<'a>(source: &Source<'_>, change: &'a Change) -> ChangeJson<'a> {
    ChangeJson {
        guardrail: change.guard,
        what: &change.what,
        owner: &change.owner,
        stage: change.stage.as_deref(),
        at: at(source, &change.at),
        origins: change.from.iter().map(|from| origin(source, from)).collect(),
    }
}

fn finding_json<'a>(source: &Source<'_>, finding: &'a Finding) -> FindingJson<'a> {
    FindingJson {
        code: finding.code.id,
        name: finding.code.name,
        level: finding.level.as_str(),
        at: at(source, &finding.at),
        what: &finding.what,
        help: &finding.help,
        related: finding.related.iter().map(|related| at(source, related)).collect(),
        policy: finding.policy.as_ref().map(|policy| policy_at(source, policy)),
    }
}

/// A default stands in no file.
fn origin<'a>(source: &Source<'_>, origin: &'a Origin) -> OriginJson<'a> {
    let (file, at) = if origin.layer.is_built_in() {
        (None, AtJson { pointer: origin.at.as_str(), line: None, column: None })
    } else if origin.layer.is_policy() {
        (Some("policy"), policy_at(source, &origin.at))
    } else {
        (Some("template"), at(source, &origin.at))
    };
    OriginJson { layer: origin.layer.as_str(), file, at }
}

fn setting<'a>(source: &Source<'_>, step: &'a Step) -> SettingJson<'a> {
    let over = step.over.as_ref().map(|(value, from)| OverJson { value, origin: origin(source, from) });
    SettingJson { key: step.key, value: &step.value, origin: origin(source, &step.from), over }
}

fn policy_at<'a>(source: &Source<'_>, pointer: &'a Pointer) -> AtJson<'a> {
    let position = source.policy.and_then(|policy| policy.position(pointer));
    AtJson { pointer: pointer.as_str(), line: position.map(|at| at.line), column: position.map(|at| at.column) }
}

fn at<'a>(source: &Source<'_>, pointer: &'a Pointer) -> AtJson<'a> {
    let position = source.position(pointer);
    AtJson { pointer: pointer.as_str(), line: position.map(|at| at.line), column: position.map(|at| at.column) }
}

#[allow(clippy::cast_precision_loss, reason = "cents of a monthly bill")]
fn dollars(cents: Cents) -> f64 {
    cents as f64 / 100.0
}
