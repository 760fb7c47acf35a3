//! Recognises the alarms that a template has already, whatever form their intrinsics take.

use super::select::Alarm;
use super::threshold::Limit;
use crate::catalogue::{AlarmSpec, Unit, ValueOf, kinds};
use crate::target::Target;
use crate::template::intrinsic::as_number;
use crate::template::text::{Part, Text};
use crate::template::{Resource, Template, When};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Metrics that only count: an alarm on errors is about errors, whether or not it divides by them.
const COUNTS: &[&str] = &["Count", "Invocations"];

/// Name of a metric and its statistic.
type Series = (String, String);

/// An alarm of the template.
#[derive(Debug)]
struct Watched<'t> {
    id: &'t str,
    when: When,
    namespace: String,
    dimensions: BTreeMap<String, String>,
    series: Vec<Series>,
    comparison: &'t str,
    threshold: Option<f64>,
    /// Seconds; none: it is metric math, or not a number.
    period: Option<f64>,
}

/// An alarm of the author on what a row would watch.
#[derive(Debug)]
pub(super) struct Same<'e> {
    /// Its logical id.
    pub(super) id: &'e str,
    /// When it exists.
    pub(super) when: &'e When,
    /// Its threshold, where that is laxer than the row's: then it does not take the row's place.
    pub(super) laxer: Option<f64>,
}

/// The alarms of a template.
#[derive(Debug)]
pub(crate) struct Existing<'t> {
    alarms: Vec<Watched<'t>>,
}

impl<'t> Existing<'t> {
    /// Reads the metric alarms of a template.
    pub(crate) fn read(template: &Template<'t>) -> Self {
        Self {
            alarms: template
                .of_kind("AWS::CloudWatch::Alarm")
                .filter_map(|resource| watched(template, resource))
                .collect(),
        }
    }

    /// The alarms that watch what a new one would.
    pub(super) fn watching(&self, template: &Template<'_>, alarm: &Alarm<'_>) -> Vec<Same<'_>> {
        let same = self.on_the_same(template, &alarm.row, alarm.target);
        same.into_iter()
            .filter(|watched| watched.has_statistic(&alarm.row) && watched.has_direction(&alarm.row))
            .map(|watched| Same { id: watched.id, when: &watched.when, laxer: watched.laxer_than(alarm) })
            .collect()
    }

    /// Whether an alarm with this id is the row's for a target, from an earlier pass: ids say nothing of statistics.
    pub(crate) fn is_present(&self, template: &Template<'_>, row: &AlarmSpec, target: &Target<'_>, id: &str) -> bool {
        self.on_the_same(template, row, target).iter().any(|alarm| alarm.id == id)
    }

    /// The alarms on the same metrics and dimensions.
    fn on_the_same(&self, template: &Template<'_>, row: &AlarmSpec, target: &Target<'_>) -> Vec<&Watched<'t>> {
        if self.alarms.is_empty() {
            return Vec::new();
        }
        let dimensions = canonical_dimensions(template, target.dimensions.iter().map(|(name, value)| (*name, value)));
        let namespace = Text::read(&target.namespace()).map(|text| canonical(template, &text));
        let ours = subjects(row.metrics().map(|metric| target.metric_name(metric.name)));
        let same = |alarm: &&Watched<'_>| {
            Some(&alarm.namespace) == namespace.as_ref()
                && Some(&alarm.dimensions) == dimensions.as_ref()
                && subjects(alarm.series.iter().map(|(name, _)| name.as_str())) == ours
        };
        self.alarms.iter().filter(same).collect()
    }
}

impl Watched<'_> {
    /// A percentile is watched only by the same percentile; counts and rates are watched by any statistic.
    fn has_statistic(&self, row: &AlarmSpec) -> bool {
        match row.primary().map(|metric| metric.stat).filter(|stat| stat.starts_with('p')) {
            Some(percentile) => self.series.iter().any(|(_, stat)| stat == percentile),
            None => true,
        }
    }

    /// Whether it fires on the same side. Of metric math only its author knows what its sides mean.
    fn has_direction(&self, row: &AlarmSpec) -> bool {
        let side = match row.comparison.is_upper() {
            true => "GreaterThan",
            false if row.expression.is_some() => return true,
            false => "LessThan",
        };
        self.period.is_none() || self.comparison.starts_with(side)
    }

    /// Its threshold, where it certainly fires later than a new alarm would: both are numbers for the same statistic of one metric over the same
    /// period. What cannot be compared is the author's choice.
    fn laxer_than(&self, alarm: &Alarm<'_>) -> Option<f64> {
        let (Limit::Number(ours), None, [series]) = (&alarm.limit, &alarm.row.expression, self.series.as_slice())
        else {
            return None;
        };
        let statistic = alarm.row.primary().map(|metric| metric.stat);
        let is_comparable =
            self.period == Some(f64::from(alarm.window().period)) && statistic == Some(series.1.as_str());
        let theirs = self.threshold.filter(|_| is_comparable)?;
        // Of whole numbers, `>= 1` is `> 0`.
        let step =
            |operator: &str| if alarm.row.unit == Unit::Count && operator.contains("OrEqualTo") { 1.0 } else { 0.0 };
        let step = step(self.comparison) - step(alarm.row.comparison.operator());
        let is_laxer = if alarm.row.comparison.is_upper() { theirs - step > *ours } else { theirs + step < *ours };
        is_laxer.then_some(theirs)
    }
}

fn watched<'t>(template: &Template<'t>, resource: &Resource<'t>) -> Option<Watched<'t>> {
    let properties = resource.properties?;
    let single = properties.get("MetricName").map(|_| Value::Object(properties.clone()));
    let statistics = properties.get("Statistic").or_else(|| properties.get("ExtendedStatistic"));
    let metrics: Vec<(Value, Option<&Value>)> = match single {
        Some(metric) => vec![(metric, statistics)],
        None => properties.get("Metrics")?.as_array()?.iter().filter_map(metric_stat).collect(),
    };
    let mut places = BTreeSet::new();
    let mut series = Vec::new();
    for (metric, statistic) in &metrics {
        let namespace = canonical(template, &Text::read(metric.get("Namespace")?)?);
        places.insert((namespace, dimension_list(template, metric.get("Dimensions"))?));
        series.push((
            metric.get("MetricName")?.as_str()?.to_owned(),
            statistic.and_then(Value::as_str).unwrap_or_default().to_owned(),
        ));
    }
    // An alarm over several resources watches none of them alone.
    let (namespace, dimensions) = places.pop_first().filter(|_| places.is_empty())?;
    let number = |name: &str| properties.get(name).and_then(as_number);
    Some(Watched {
        id: resource.id,
        when: resource.when(),
        namespace,
        dimensions,
        series,
        comparison: properties.get("ComparisonOperator").and_then(Value::as_str).unwrap_or_default(),
        threshold: number("Threshold"),
        period: number("Period").filter(|_| properties.contains_key("MetricName")),
    })
}

/// The metrics that an alarm is about, in order.
fn subjects<'m>(names: impl Iterator<Item = &'m str>) -> Vec<&'m str> {
    let mut names: Vec<_> = names.filter(|name| !COUNTS.contains(name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn metric_stat(query: &Value) -> Option<(Value, Option<&Value>)> {
    let stat = query.get("MetricStat")?;
    Some((stat.get("Metric")?.clone(), stat.get("Stat")))
}

fn dimension_list(template: &Template<'_>, list: Option<&Value>) -> Option<BTreeMap<String, String>> {
    let empty = Vec::new();
    let items = list.map_or(Some(&empty), Value::as_array)?;
    let pairs: Option<Vec<_>> =
        items.iter().map(|item| Some((item.get("Name")?.as_str()?, item.get("Value")?))).collect();
    canonical_dimensions(template, pairs?.into_iter())
}

fn canonical_dimensions<'v>(
    template: &Template<'_>,
    pairs: impl Iterator<Item = (&'v str, &'v Value)>,
) -> Option<BTreeMap<String, String>> {
    let mut dimensions = BTreeMap::new();
    for (name, value) in pairs {
        dimensions.insert(name.to_owned(), canonical(template, &Text::read(value)?));
    }
    Some(dimensions)
}

/// A form in which two values are equal when they mean the same: a `Ref` to a stage or a named function becomes the name.
fn canonical(template: &Template<'_>, text: &Text) -> String {
    let mut out = String::new();
    for part in text.parts() {
        match part {
            Part::Literal(text) => out.push_str(text),
            Part::Ref(name) => {
                out.push_str(&name_behind(template, name).unwrap_or_else(|| format!("\u{1}{name}\u{1}")))
            }
            Part::Attribute(id, attribute) if attribute == "ApiId" => out.push_str(&format!("\u{1}{id}\u{1}")),
            Part::Attribute(id, attribute) => {
                let name = format!("{id}.{attribute}");
                out.push_str(&name_behind(template, &name).unwrap_or_else(|| format!("\u{1}{name}\u{1}")));
            }
            Part::Opaque(value) => out.push_str(&format!("\u{1}{value}\u{1}")),
        }
    }
    out
}

/// The name that a `Ref` or an attribute gives, where a property of the resource says it. `Api.Stage` is SAM's way to name the stage of an API.
fn name_behind(template: &Template<'_>, reference: &str) -> Option<String> {
    match reference {
        "ServerlessRestApi.Stage" => return Some("Prod".to_owned()),
        "ServerlessHttpApi.Stage" => return Some("$default".to_owned()),
        _ => {}
    }
    let (id, attribute) = reference.split_once('.').map_or((reference, None), |(id, name)| (id, Some(name)));
    let resource = template.any_resource(id)?;
    let property = match (resource.kind, attribute) {
        ("AWS::ApiGateway::Stage" | "AWS::ApiGatewayV2::Stage", None) => "StageName",
        (_, Some("Stage")) if resource.is_serverless() => "StageName",
        _ => chosen_by(resource.kind, attribute)?,
    };
    let text = Text::read(resource.own(property)?)?;
    // One step only: a name that refers to a resource again is left as it is.
    Some(
        text.parts()
            .iter()
            .map(|part| match part {
                Part::Literal(text) => text.clone(),
                Part::Ref(name) => format!("\u{1}{name}\u{1}"),
                Part::Attribute(id, attribute) => format!("\u{1}{id}.{attribute}\u{1}"),
                Part::Opaque(value) => format!("\u{1}{value}\u{1}"),
            })
            .collect(),
    )
}

/// The property in which the author chooses what `Ref` or an attribute of a resource type gives.
fn chosen_by(kind: &str, attribute: Option<&str>) -> Option<&'static str> {
    let gives = |value: ValueOf| match (value, attribute) {
        (ValueOf::Ref, None) => true,
        (ValueOf::Attribute(name), Some(attribute)) => name == attribute,
        (ValueOf::Ref | ValueOf::Attribute(_) | ValueOf::Property(_) | ValueOf::Fixed(_), _)
        | (ValueOf::Pseudo(_) | ValueOf::PieceOfRef(..) | ValueOf::Found, _) => false,
    };
    let dimensions = kinds().filter(|of| of.types.contains(&kind)).flat_map(|of| of.dimensions);
    dimensions.filter(|dimension| gives(dimension.value)).find_map(|dimension| dimension.chosen_by)
}
