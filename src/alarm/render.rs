//! Turns an alarm into an `AWS::CloudWatch::Alarm`, as a text: a template may get hundreds of them, and nobody reads them again but CloudFormation.
//! Source of the limits: API reference of PutMetricAlarm.

use super::naming;
use super::select::Alarm;
use super::threshold::Limit;
use crate::Context;
use crate::catalogue::{MetricUse, Severity, THRESHOLD};
use crate::config::raw::{AlarmNames, Notify};
use crate::config::{Settings, Sourced};
use crate::template::intrinsic::{make_ref, reference};
use crate::template::text::Text;
use crate::template::{Template, When, Written};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Statistics that have a property of their own; all others are `ExtendedStatistic`.
const STATISTICS: &[&str] = &["Average", "Maximum", "Minimum", "SampleCount", "Sum"];

/// About how many bytes an alarm takes.
const ROOM: usize = 2048;

/// Everything that is the same for all alarms of a template.
pub(crate) struct Renderer<'a> {
    context: &'a Context,
    names: AlarmNames,
    runbook: Option<String>,
    critical: Option<Written>,
    warning: Option<Written>,
    ok: Option<Written>,
    insufficient_data: Option<Written>,
    tags: Option<Written>,
}

/// The resource of an alarm, in the order in which it is written.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Resource<'a> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    depends_on: Option<DependsOn<'a>>,
    properties: Properties<'a>,
}

/// CloudFormation takes one id or a list, and ignores those of resources whose condition does not hold.
#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum DependsOn<'a> {
    One(&'a str),
    Several(BTreeSet<&'a str>),
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Properties<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    alarm_name: Option<Text>,
    alarm_description: Text,
    #[serde(flatten)]
    metric: Option<Watched<'a>>,
    comparison_operator: &'static str,
    threshold: Value,
    evaluation_periods: u32,
    datapoints_to_alarm: u32,
    treat_missing_data: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    alarm_actions: Option<&'a Written>,
    #[serde(rename = "OKActions", skip_serializing_if = "Option::is_none")]
    ok_actions: Option<&'a Written>,
    #[serde(skip_serializing_if = "Option::is_none")]
    insufficient_data_actions: Option<&'a Written>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<&'a Written>,
}

/// One metric, or metric math.
#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
enum Watched<'a> {
    One {
        #[serde(flatten)]
        metric: Metric<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        statistic: Option<Text>,
        #[serde(skip_serializing_if = "Option::is_none")]
        extended_statistic: Option<Text>,
        period: u32,
    },
    Math {
        metrics: Vec<Query<'a>>,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metric<'a> {
    namespace: Namespace<'a>,
    metric_name: &'a str,
    dimensions: Dimensions<'a>,
}

/// The catalogue's, or that of an organisation's row, which may be an intrinsic.
#[derive(Serialize)]
#[serde(untagged)]
enum Namespace<'a> {
    Known(&'a str),
    Own(&'a Value),
}

#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
enum Query<'a> {
    Result { id: &'a str, label: String, expression: Text, return_data: bool },
    Metric { id: &'a str, return_data: bool, metric_stat: MetricStat<'a> },
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MetricStat<'a> {
    metric: Metric<'a>,
    period: u32,
    stat: Text,
}

struct Dimensions<'a>(&'a [(&'a str, Value)]);

impl Serialize for Dimensions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Dimension<'a> {
            name: &'a str,
            value: &'a Value,
        }
        serializer.collect_seq(self.0.iter().map(|(name, value)| Dimension { name, value }))
    }
}

impl<'a> Renderer<'a> {
    /// Writes what all alarms of a template have in common.
    pub(crate) fn new(
        template: &Template<'_>,
        context: &'a Context,
        settings: &Settings,
        notify: &Notify,
        tags: &[(String, Value)],
    ) -> Self {
        let actions = |topics: &Option<Sourced<Vec<Value>>>| text(&actions(template, &topics.as_ref()?.value));
        let tags: Vec<Value> = tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
        Self {
            context,
            names: settings.alarm_names(),
            runbook: settings.runbook().map(|runbook| runbook.value),
            critical: actions(&notify.critical),
            warning: actions(&notify.warning),
            ok: actions(&notify.ok),
            insufficient_data: actions(&notify.insufficient_data),
            tags: if tags.is_empty() { None } else { text(&tags) },
        }
    }

    /// The resource. `condition` is the name of the condition under which it exists.
    pub(crate) fn resource(&self, alarm: &Alarm<'_>, condition: Option<&str>) -> Option<Written> {
        text(&Resource {
            r#type: "AWS::CloudWatch::Alarm",
            condition,
            depends_on: depends_on(&alarm.target.after),
            properties: self.properties(alarm),
        })
    }

    fn properties<'b>(&'b self, alarm: &'b Alarm<'_>) -> Properties<'b> {
        let is_named = self.names == AlarmNames::Readable;
        let runbook = alarm.settings.runbook.as_ref().map(|runbook| &runbook.value).or(self.runbook.as_ref());
        let window = alarm.settings.window.value;
        let actions = match alarm.severity() {
            Severity::Critical => &self.critical,
            Severity::Warning => &self.warning,
        };
        Properties {
            alarm_name: is_named.then(|| naming::alarm_name(alarm.target, alarm.row.label(), self.context)),
            alarm_description: naming::description(alarm, runbook.map(String::as_str)),
            metric: watched(alarm),
            comparison_operator: alarm.row.comparison.operator(),
            threshold: alarm.limit.to_value(),
            evaluation_periods: window.evaluation_periods,
            datapoints_to_alarm: window.datapoints,
            treat_missing_data: alarm.settings.missing.value.as_str(),
            alarm_actions: actions.as_ref(),
            ok_actions: self.ok.as_ref(),
            insufficient_data_actions: self.insufficient_data.as_ref(),
            tags: self.tags.as_ref(),
        }
    }
}

/// Writes something. Nothing that is written here can fail to be; what could is left out.
fn text(value: &impl Serialize) -> Option<Written> {
    Written::new(value, ROOM)
}

/// The list of actions. A parameter that is a list of topics is the list itself.
fn actions(template: &Template<'_>, topics: &[Value]) -> Value {
    match topics {
        [only] if template.is_list(only) => only.clone(),
        topics => topics.iter().map(|topic| action(template, topic)).collect(),
    }
}

/// A topic as an action; one that exists under a condition only is named under that condition only.
fn action(template: &Template<'_>, topic: &Value) -> Value {
    let topic = match topic.as_str() {
        Some(id) if template.resources.contains_key(id) => make_ref(id),
        _ => topic.clone(),
    };
    match reference(&topic).and_then(|id| template.resources.get(id)).map(|resource| resource.when()) {
        Some(When::Holds(condition)) => {
            json!({"Fn::If": [condition, topic, make_ref("AWS::NoValue")]})
        }
        _ => topic,
    }
}

fn depends_on(after: &[String]) -> Option<DependsOn<'_>> {
    let ids: BTreeSet<&str> = after.iter().map(String::as_str).collect();
    match ids.first() {
        Some(only) if ids.len() == 1 => Some(DependsOn::One(only)),
        first => first.map(|_| DependsOn::Several(ids.clone())),
    }
}

fn watched<'a>(alarm: &'a Alarm<'_>) -> Option<Watched<'a>> {
    let period = alarm.settings.window.value.period;
    if alarm.row.expression.is_none() && !matches!(alarm.limit, Limit::Part(..)) {
        let primary = alarm.row.primary()?;
        let statistic = statistic(alarm, primary, true);
        let has_property = statistic.as_literal().is_some_and(|statistic| STATISTICS.contains(&statistic));
        let (statistic, extended) = if has_property { (Some(statistic), None) } else { (None, Some(statistic)) };
        let metric = metric(alarm, primary);
        return Some(Watched::One { metric, statistic, extended_statistic: extended, period });
    }
    let label = format!("{} ({})", alarm.row.name(), alarm.row.unit.suffix().trim());
    let result = Query::Result { id: "alarm", label, expression: expression(alarm), return_data: true };
    let metrics = alarm.metrics().enumerate().map(|(index, used)| {
        let metric_stat = MetricStat { metric: metric(alarm, used), period, stat: statistic(alarm, used, index == 0) };
        Query::Metric { id: used.id, return_data: false, metric_stat }
    });
    Some(Watched::Math { metrics: std::iter::once(result).chain(metrics).collect() })
}

fn metric<'a>(alarm: &'a Alarm<'_>, metric: MetricUse<'a>) -> Metric<'a> {
    let own = alarm.target.own.as_ref().map(|own| Namespace::Own(&own.namespace));
    Metric {
        namespace: own.unwrap_or(Namespace::Known(alarm.target.kind.namespace)),
        metric_name: alarm.target.metric_name(metric.name),
        dimensions: Dimensions(&alarm.target.dimensions),
    }
}

/// The row's statistic, or the one that was set for the metric the alarm is about. A percentile rank needs the threshold.
fn statistic(alarm: &Alarm<'_>, metric: MetricUse<'_>, is_primary: bool) -> Text {
    if let Some(statistic) = alarm.settings.statistic.as_ref().filter(|_| is_primary && alarm.row.takes_statistic()) {
        return Text::literal(statistic.value.as_str());
    }
    let Some((before, after)) = metric.stat.split_once(THRESHOLD) else {
        return Text::literal(metric.stat);
    };
    let mut text = Text::literal(before);
    if let Some(threshold) = Text::read(&alarm.limit.to_value()) {
        text.push(&threshold);
    }
    text.push_literal(after);
    text
}

fn expression(alarm: &Alarm<'_>) -> Text {
    let min = alarm.settings.min_samples.as_ref().map_or(0, |min| min.value);
    let Limit::Part(share, value) = &alarm.limit else {
        return Text::literal(alarm.row.expression_with(min));
    };
    let whole = match &alarm.row.expression {
        Some(_) if !alarm.is_without_gate() => format!("({})", alarm.row.expression_with(min)),
        _ => alarm.row.primary().map_or_else(String::new, |metric| metric.id.to_owned()),
    };
    let mut text = Text::literal(format!("{whole} / ({} * ", share.scale / 100.0));
    text.push(value);
    text.push_literal(")");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_waits_for_nothing_one_resource_or_several() {
        let after = |ids: &[&str]| json!(depends_on(&ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>()));
        assert_eq!(after(&[]), Value::Null);
        assert_eq!(after(&["A", "A"]), json!("A"));
        assert_eq!(after(&["B", "A", "B"]), json!(["A", "B"]));
    }
}
