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
use crate::template::{Members, Template, When, Writer, Written};
use serde_json::{Value, json};

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

impl<'a> Renderer<'a> {
    /// Writes what all alarms of a template have in common.
    pub(crate) fn new(
        template: &Template<'_>,
        context: &'a Context,
        settings: &Settings,
        notify: &Notify,
        tags: &[(String, Value)],
    ) -> Self {
        let actions = |topics: &Option<Sourced<Vec<Value>>>| Some(written(&actions(template, &topics.as_ref()?.value)));
        let tags: Vec<Value> = tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
        Self {
            context,
            names: settings.alarm_names(),
            runbook: settings.runbook().map(|runbook| runbook.value),
            critical: actions(&notify.critical),
            warning: actions(&notify.warning),
            ok: actions(&notify.ok),
            insufficient_data: actions(&notify.insufficient_data),
            tags: if tags.is_empty() { None } else { Some(written(&Value::Array(tags))) },
        }
    }

    /// The resource. `condition` is the name of the condition under which it exists.
    pub(crate) fn resource(&self, alarm: &Alarm<'_>, condition: Option<&str>) -> Written {
        let mut out = Writer::with_room(ROOM);
        out.object(|resource| {
            resource.key("Type").text("AWS::CloudWatch::Alarm");
            if let Some(condition) = condition {
                resource.key("Condition").text(condition);
            }
            depends_on(resource, &alarm.target.after);
            resource.key("Properties").object(|properties| self.properties(properties, alarm));
        });
        out.finish()
    }

    fn properties(&self, properties: &mut Members<'_>, alarm: &Alarm<'_>) {
        let runbook = alarm.settings.runbook.as_ref().map(|runbook| &runbook.value).or(self.runbook.as_ref());
        let window = alarm.settings.window.value;
        let actions = match alarm.severity() {
            Severity::Critical => &self.critical,
            Severity::Warning => &self.warning,
        };
        if self.names == AlarmNames::Readable {
            let name = naming::alarm_name(alarm.target, alarm.row.label(), self.context);
            name.write(properties.key("AlarmName"));
        }
        naming::description(alarm, runbook.map(String::as_str)).write(properties.key("AlarmDescription"));
        watched(properties, alarm);
        properties.key("ComparisonOperator").text(alarm.row.comparison.operator());
        properties.key("Threshold").value(&alarm.limit.to_value());
        properties.key("EvaluationPeriods").display(window.evaluation_periods);
        properties.key("DatapointsToAlarm").display(window.datapoints);
        properties.key("TreatMissingData").text(alarm.settings.missing.value.as_str());
        let same_for_all = [
            ("AlarmActions", actions),
            ("OKActions", &self.ok),
            ("InsufficientDataActions", &self.insufficient_data),
            ("Tags", &self.tags),
        ];
        for (key, written) in same_for_all {
            if let Some(written) = written {
                properties.key(key).written(written);
            }
        }
    }
}

fn written(value: &Value) -> Written {
    let mut out = Writer::with_room(0);
    out.value(value);
    out.finish()
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

/// CloudFormation takes one id or a list, and ignores those of resources whose condition does not hold.
fn depends_on(resource: &mut Members<'_>, after: &[String]) {
    let mut ids: Vec<&str> = after.iter().map(String::as_str).collect();
    ids.sort_unstable();
    ids.dedup();
    match ids.as_slice() {
        [] => {}
        [only] => resource.key("DependsOn").text(only),
        _ => resource.key("DependsOn").list(ids, Writer::text),
    }
}

/// One metric, or metric math.
fn watched(properties: &mut Members<'_>, alarm: &Alarm<'_>) {
    let period = alarm.settings.window.value.period;
    if let (None, false, Some(primary)) =
        (&alarm.row.expression, matches!(alarm.limit, Limit::Part(..)), alarm.row.primary())
    {
        metric(properties, alarm, primary);
        let statistic = statistic(alarm, primary, true);
        let has_property = statistic.as_literal().is_some_and(|statistic| STATISTICS.contains(&statistic));
        statistic.write(properties.key(if has_property { "Statistic" } else { "ExtendedStatistic" }));
        return properties.key("Period").display(period);
    }
    let queries = std::iter::once(None).chain(alarm.metrics().enumerate().map(Some));
    properties.key("Metrics").list(queries, |out, used| {
        out.object(|query| match used {
            None => {
                query.key("Id").text("alarm");
                query.key("Label").texts([alarm.row.name(), " (", alarm.row.unit.suffix().trim(), ")"]);
                expression(alarm).write(query.key("Expression"));
                query.key("ReturnData").display(true);
            }
            Some((index, used)) => {
                query.key("Id").text(used.id);
                query.key("ReturnData").display(false);
                query.key("MetricStat").object(|stat| {
                    stat.key("Metric").object(|inner| metric(inner, alarm, used));
                    stat.key("Period").display(period);
                    statistic(alarm, used, index == 0).write(stat.key("Stat"));
                });
            }
        });
    });
}

/// Namespace, name and dimensions. The namespace of an organisation's row may be an intrinsic.
fn metric(members: &mut Members<'_>, alarm: &Alarm<'_>, metric: MetricUse<'_>) {
    let namespace = members.key("Namespace");
    match &alarm.target.own {
        Some(own) => namespace.value(&own.namespace),
        None => namespace.text(alarm.target.kind.namespace),
    }
    members.key("MetricName").text(alarm.target.metric_name(metric.name));
    members.key("Dimensions").list(&alarm.target.dimensions, |out, (name, value)| {
        out.object(|dimension| {
            dimension.key("Name").text(name);
            dimension.key("Value").value(value);
        });
    });
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
        let after = |ids: &[&str]| {
            let mut out = Writer::with_room(0);
            out.object(|object| depends_on(object, &ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>()));
            out.finish().as_str().to_owned()
        };
        assert_eq!(after(&[]), "{}");
        assert_eq!(after(&["A", "A"]), r#"{"DependsOn":"A"}"#);
        assert_eq!(after(&["B", "A", "B"]), r#"{"DependsOn":["A","B"]}"#);
    }
}
