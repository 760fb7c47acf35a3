//! Turns an alarm into an `AWS::CloudWatch::Alarm`. Source of the limits: API reference of PutMetricAlarm.

use super::naming;
use super::select::Alarm;
use super::threshold::Limit;
use crate::Context;
use crate::catalogue::{MetricUse, Severity};
use crate::config::raw::{AlarmNames, Notify};
use crate::config::{Settings, Sourced};
use crate::template::intrinsic::{make_ref, reference};
use crate::template::text::Text;
use crate::template::{Object, Template, When};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Statistics that have a property of their own; all others are `ExtendedStatistic`.
const STATISTICS: &[&str] = &["Average", "Maximum", "Minimum", "SampleCount", "Sum"];

/// Everything that is the same for all alarms of a template.
pub(crate) struct Renderer<'a, 't> {
    pub(crate) template: &'a Template<'t>,
    pub(crate) context: &'a Context,
    pub(crate) settings: &'a Settings,
    pub(crate) notify: &'a Notify,
    pub(crate) tags: Vec<Value>,
}

impl Renderer<'_, '_> {
    /// The resource. `condition` is the name of the condition under which it exists.
    pub(crate) fn resource(&self, alarm: &Alarm<'_>, condition: Option<String>) -> Value {
        let mut resource = Object::new();
        resource.insert("Type".to_owned(), json!("AWS::CloudWatch::Alarm"));
        if let Some(condition) = condition {
            resource.insert("Condition".to_owned(), Value::from(condition));
        }
        if let Some(after) = depends_on(&alarm.target.after) {
            resource.insert("DependsOn".to_owned(), after);
        }
        resource.insert("Properties".to_owned(), Value::Object(self.properties(alarm)));
        Value::Object(resource)
    }

    fn properties(&self, alarm: &Alarm<'_>) -> Object {
        let mut properties = Object::new();
        let mut put = |name: &str, value: Value| properties.insert(name.to_owned(), value);
        if self.settings.alarm_names() == AlarmNames::Readable {
            put("AlarmName", naming::alarm_name(alarm.target, alarm.row.label(), self.context).to_value());
        }
        let runbook = alarm.settings.runbook.clone().or_else(|| self.settings.runbook()).map(|runbook| runbook.value);
        put("AlarmDescription", naming::description(alarm, runbook.as_deref()).to_value());
        for (name, value) in metric_properties(alarm) {
            put(name, value);
        }
        let window = alarm.settings.window.value;
        put("ComparisonOperator", json!(alarm.row.comparison.operator()));
        put("Threshold", alarm.limit.to_value());
        put("EvaluationPeriods", json!(window.evaluation_periods));
        put("DatapointsToAlarm", json!(window.datapoints));
        put("TreatMissingData", json!(alarm.settings.missing.value.as_str()));
        for (name, topics) in [
            ("AlarmActions", self.alarm_topics(alarm.severity())),
            ("OKActions", &self.notify.ok),
            ("InsufficientDataActions", &self.notify.insufficient_data),
        ] {
            if let Some(topics) = topics {
                put(name, self.actions(&topics.value));
            }
        }
        if !self.tags.is_empty() {
            put("Tags", Value::from(self.tags.clone()));
        }
        properties
    }

    fn alarm_topics(&self, severity: Severity) -> &Option<Sourced<Vec<Value>>> {
        match severity {
            Severity::Critical => &self.notify.critical,
            Severity::Warning => &self.notify.warning,
        }
    }

    /// The list of actions. A parameter that is a list of topics is the list itself.
    fn actions(&self, topics: &[Value]) -> Value {
        match topics {
            [only] if self.template.is_list(only) => only.clone(),
            topics => topics.iter().map(|topic| self.action(topic)).collect(),
        }
    }

    /// A topic as an action; one that exists under a condition only is named under that condition only.
    fn action(&self, topic: &Value) -> Value {
        let topic = match topic.as_str() {
            Some(id) if self.template.resources.contains_key(id) => make_ref(id),
            _ => topic.clone(),
        };
        match reference(&topic).and_then(|id| self.template.resources.get(id)).map(|resource| resource.when()) {
            Some(When::Holds(condition)) => {
                json!({"Fn::If": [condition, topic, make_ref("AWS::NoValue")]})
            }
            _ => topic,
        }
    }
}

/// CloudFormation takes one id or a list, and ignores those of resources whose condition does not hold.
fn depends_on(after: &[String]) -> Option<Value> {
    let ids: BTreeSet<&String> = after.iter().collect();
    match ids.first() {
        Some(only) if ids.len() == 1 => Some(json!(only)),
        first => first.map(|_| json!(ids)),
    }
}

fn metric_properties(alarm: &Alarm<'_>) -> Vec<(&'static str, Value)> {
    if alarm.row.expression.is_none() && !matches!(alarm.limit, Limit::Part(..)) {
        return alarm.row.primary().map(|metric| single_metric(alarm, metric)).unwrap_or_default();
    }
    let label = format!("{} ({})", alarm.row.name(), alarm.row.unit.suffix().trim());
    let result = object([
        ("Id", Value::from("alarm")),
        ("Label", Value::from(label)),
        ("Expression", expression(alarm).to_value()),
        ("ReturnData", Value::Bool(true)),
    ]);
    let metrics = alarm.metrics().enumerate().map(|(index, metric)| {
        let stat = object([
            ("Metric", metric_of(alarm, metric)),
            ("Period", Value::from(alarm.settings.window.value.period)),
            ("Stat", statistic(alarm, metric, index == 0).to_value()),
        ]);
        object([("Id", Value::from(metric.id)), ("ReturnData", Value::Bool(false)), ("MetricStat", stat)])
    });
    vec![("Metrics", std::iter::once(result).chain(metrics).collect())]
}

fn single_metric(alarm: &Alarm<'_>, metric: MetricUse<'_>) -> Vec<(&'static str, Value)> {
    let stat = statistic(alarm, metric, true);
    let property = if stat.as_literal().is_some_and(|stat| STATISTICS.contains(&stat)) {
        "Statistic"
    } else {
        "ExtendedStatistic"
    };
    vec![
        ("Namespace", alarm.target.namespace()),
        ("MetricName", json!(alarm.target.metric_name(metric.name))),
        ("Dimensions", dimensions(alarm)),
        (property, stat.to_value()),
        ("Period", json!(alarm.settings.window.value.period)),
    ]
}

fn metric_of(alarm: &Alarm<'_>, metric: MetricUse<'_>) -> Value {
    object([
        ("Namespace", alarm.target.namespace()),
        ("MetricName", Value::from(alarm.target.metric_name(metric.name))),
        ("Dimensions", dimensions(alarm)),
    ])
}

fn dimensions(alarm: &Alarm<'_>) -> Value {
    let pair = |(name, value): &(&str, Value)| object([("Name", Value::from(*name)), ("Value", value.clone())]);
    alarm.target.dimensions.iter().map(pair).collect()
}

/// An object of values that are moved into it: `json!` would copy them.
fn object<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    Value::Object(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// The row's statistic, or the one that was set for the metric the alarm is about. A percentile rank needs the threshold.
fn statistic(alarm: &Alarm<'_>, metric: MetricUse<'_>, is_primary: bool) -> Text {
    if let Some(statistic) = alarm.settings.statistic.as_ref().filter(|_| is_primary && alarm.row.takes_statistic()) {
        return Text::literal(statistic.value.as_str());
    }
    let Some((before, after)) = metric.stat.split_once("{threshold}") else {
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
    if let (Limit::Part(share, value), Some(metric)) = (&alarm.limit, alarm.row.primary()) {
        let mut text = Text::literal(format!("{} / ({} * ", metric.id, share.scale / 100.0));
        text.push(value);
        text.push_literal(")");
        return text;
    }
    let min = alarm.settings.min_samples.as_ref().map_or(0, |min| min.value);
    Text::literal(alarm.row.expression_with(min))
}

/// The `Tags` of an alarm.
pub(crate) fn tags(tags: &[(String, Value)]) -> Vec<Value> {
    tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_waits_for_nothing_one_resource_or_several() {
        let after = |ids: &[&str]| depends_on(&ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
        assert_eq!(after(&[]), None);
        assert_eq!(after(&["A", "A"]), Some(json!("A")));
        assert_eq!(after(&["B", "A", "B"]), Some(json!(["A", "B"])));
    }
}
