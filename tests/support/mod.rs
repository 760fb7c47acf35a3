//! What the tests share: templates as YAML in, alarms that can be asked for by place and name out. Every transform that goes through here is also
//! checked against what holds for all of them (`soundness`).
#![allow(dead_code, reason = "every test crate uses a part of this")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop here"
)]

pub(crate) mod conditions;
pub(crate) mod math;
pub(crate) mod soundness;

use serde_json::{Map, Value};
use toprail::finding::{Finding, Level};
use toprail::plan::PlannedAlarm;
use toprail::target::Place;
use toprail::template::document::Document;
use toprail::{Context, Outcome};

/// A template, or a part of one, as JSON.
pub(crate) fn yaml(text: &str) -> Value {
    Document::parse(text).unwrap_or_else(|errors| panic!("{errors:?}\n{text}")).value
}

/// A transform and what came of it.
pub(crate) struct Out {
    pub(crate) before: Value,
    pub(crate) context: Context,
    pub(crate) outcome: Outcome,
}

/// Transforms a template.
pub(crate) fn transform_yaml(text: &str) -> Out {
    transform(yaml(text))
}

/// Transforms a template whose methods alone matter: the lines go under `Resources`.
pub(crate) fn transform_resources(text: &str) -> Out {
    transform(serde_json::json!({"Resources": yaml(text)}))
}

/// Transforms a fragment.
pub(crate) fn transform(fragment: Value) -> Out {
    transform_in(fragment, Context::default())
}

/// Transforms a template with transform parameters.
pub(crate) fn transform_with(text: &str, params: &Value) -> Out {
    let params = params.as_object().expect("parameters").clone();
    transform_in(yaml(text), Context { params, ..Context::default() })
}

/// Transforms a fragment in a context, and checks what holds for all transforms.
pub(crate) fn transform_in(fragment: Value, context: Context) -> Out {
    let out = transform_unchecked(fragment, context);
    let complaints = soundness::complaints(&out);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    out
}

/// Transforms a fragment in a context.
pub(crate) fn transform_unchecked(fragment: Value, context: Context) -> Out {
    let outcome = toprail::transform(fragment.clone(), &context);
    Out { before: fragment, context, outcome }
}

/// An alarm that was added, with its line of the plan.
#[derive(Clone, Copy)]
pub(crate) struct Alarm<'o> {
    pub(crate) planned: &'o PlannedAlarm,
    pub(crate) resource: &'o Value,
}

impl Out {
    /// The template with the additions.
    pub(crate) fn fragment(&self) -> &Value {
        &self.outcome.fragment
    }

    /// A value in the result.
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.fragment().pointer(pointer).unwrap_or(&Value::Null)
    }

    /// All alarms that were added, in the plan's order. None, where the transform failed or only audits.
    pub(crate) fn alarms(&self) -> Vec<Alarm<'_>> {
        let resources = self.fragment().get("Resources").unwrap_or(self.fragment());
        let planned = self.outcome.plan.alarms.iter().filter(|alarm| !alarm.present);
        planned.filter_map(|planned| Some(Alarm { planned, resource: resources.get(&planned.logical_id)? })).collect()
    }

    /// The alarms of one place: `A prod GET /x`, or the end of that; `F` for a resource.
    pub(crate) fn alarms_of(&self, place: &str) -> Vec<Alarm<'_>> {
        self.alarms().into_iter().filter(|alarm| alarm.is_at(place)).collect()
    }

    /// The one alarm of a place with a name.
    pub(crate) fn alarm(&self, place: &str, name: &str) -> Alarm<'_> {
        let found: Vec<_> =
            self.alarms().into_iter().filter(|alarm| alarm.is_at(place) && alarm.name() == name).collect();
        match found.as_slice() {
            [only] => *only,
            _ => panic!("{} alarms {name} at {place}; there are {:#?}", found.len(), self.lines()),
        }
    }

    /// Whether a place has an alarm with a name.
    pub(crate) fn has(&self, place: &str, name: &str) -> bool {
        self.alarms().iter().any(|alarm| alarm.is_at(place) && alarm.name() == name)
    }

    /// The names of a place's alarms, in order.
    pub(crate) fn names_of(&self, place: &str) -> Vec<String> {
        self.alarms_of(place).iter().map(|alarm| alarm.name().to_owned()).collect()
    }

    /// The places that have alarms, in order, each once.
    pub(crate) fn places(&self) -> Vec<String> {
        let mut places: Vec<String> = self.alarms().iter().map(|alarm| alarm.place()).collect();
        places.dedup();
        places
    }

    /// `place name` of every alarm.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.alarms().iter().map(|alarm| format!("{} {}", alarm.place(), alarm.name())).collect()
    }

    /// What is watched, whatever it is called: for comparing two templates.
    pub(crate) fn signatures(&self) -> Vec<String> {
        let mut all: Vec<_> = self.alarms().iter().map(|alarm| signature(alarm.resource)).collect();
        all.sort();
        all
    }

    /// The ids of the findings, those of guardrails apart.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        let is_guardrail = |id: &str| toprail::catalogue::guards().any(|guard| guard.code.id == id);
        self.outcome.findings.iter().map(|finding| finding.code.id).filter(|id| !is_guardrail(id)).collect()
    }

    /// The findings with an id.
    pub(crate) fn findings(&self, code: &str) -> Vec<&Finding> {
        self.outcome.findings.iter().filter(|finding| finding.code.id == code).collect()
    }

    /// The one finding with an id.
    pub(crate) fn finding(&self, code: &str) -> &Finding {
        match self.findings(code).as_slice() {
            [only] => only,
            found => panic!("{} findings {code}; there are {:#?}", found.len(), self.outcome.findings),
        }
    }

    /// `pointer: what (help)` of every error.
    pub(crate) fn errors(&self) -> Vec<String> {
        let errors = self.outcome.findings.iter().filter(|finding| finding.level == Level::Error);
        errors.map(|error| format!("{}: {} ({})", error.at, error.what, error.help)).collect()
    }

    /// Everything that was added, as JSON text.
    pub(crate) fn additions(&self) -> String {
        soundness::added(&self.before, self.fragment()).iter().map(Value::to_string).collect::<Vec<_>>().join("\n")
    }
}

impl<'o> Alarm<'o> {
    /// `A prod GET /x`, `A prod`, `F`.
    pub(crate) fn place(&self) -> String {
        match &self.planned.place {
            Place::Stage { api, stage, .. } => format!("{api} {stage}"),
            Place::Route { api, stage, verb, path, .. } if verb.is_empty() => format!("{api} {stage} {path}"),
            Place::Route { api, stage, verb, path, .. } => format!("{api} {stage} {verb} {path}"),
            Place::Resource { name, .. } => name.clone(),
        }
    }

    fn is_at(&self, place: &str) -> bool {
        let own = self.place();
        own == place || own.ends_with(&format!(" {place}"))
    }

    /// `LatencyP99`.
    pub(crate) fn name(&self) -> &'o str {
        self.planned.row.name()
    }

    /// Its logical id.
    pub(crate) fn id(&self) -> &'o str {
        &self.planned.logical_id
    }

    /// One of its properties; null where it is absent.
    pub(crate) fn property(&self, name: &str) -> &'o Value {
        self.resource["Properties"].get(name).unwrap_or(&Value::Null)
    }

    /// Its `Threshold`.
    pub(crate) fn threshold(&self) -> &'o Value {
        self.property("Threshold")
    }

    /// Its `Condition`.
    pub(crate) fn condition(&self) -> Option<&'o str> {
        self.resource.get("Condition").and_then(Value::as_str)
    }

    /// `ApiName=x Stage=prod Resource=/x Method=GET`, intrinsics as JSON. All its metrics have the same dimensions.
    pub(crate) fn dimensions(&self) -> String {
        dimensions(&self.resource["Properties"])
    }

    /// The dimensions as they stand: name and value.
    pub(crate) fn dimension(&self, name: &str) -> Value {
        let list = dimension_lists(&self.resource["Properties"]).first().copied().expect("dimensions");
        let entries = list.as_array().expect("a list").iter();
        entries.clone().find(|entry| entry["Name"] == name).map_or(Value::Null, |entry| entry["Value"].clone())
    }

    /// `5XXError Sum`, `Latency p99`: metric and statistic, in order.
    pub(crate) fn metrics(&self) -> Vec<String> {
        series(&self.resource["Properties"])
    }

    /// The metric math; an intrinsic as JSON.
    pub(crate) fn expression(&self) -> String {
        let metrics = self.property("Metrics").as_array().cloned().unwrap_or_default();
        metrics.iter().find_map(|metric| metric.get("Expression")).map(shown).unwrap_or_default()
    }

    /// `60 s, 3 of 5`.
    pub(crate) fn window(&self) -> String {
        let in_metrics = self.property("Metrics").pointer("/1/MetricStat/Period");
        let period = in_metrics.unwrap_or(self.property("Period"));
        format!("{period} s, {} of {}", self.property("DatapointsToAlarm"), self.property("EvaluationPeriods"))
    }
}

fn dimension_lists(properties: &Value) -> Vec<&Value> {
    match properties.get("Metrics").and_then(Value::as_array) {
        Some(metrics) => metrics.iter().filter_map(|metric| metric.pointer("/MetricStat/Metric/Dimensions")).collect(),
        None => properties.get("Dimensions").into_iter().collect(),
    }
}

fn dimensions(properties: &Value) -> String {
    let lists = dimension_lists(properties);
    assert!(lists.iter().all(|list| *list == lists[0]), "one alarm, several places: {properties:#}");
    let pairs = lists.first().and_then(|list| list.as_array()).cloned().unwrap_or_default();
    let pairs: Vec<_> =
        pairs.iter().map(|pair| format!("{}={}", shown(&pair["Name"]), shown(&pair["Value"]))).collect();
    pairs.join(" ")
}

fn series(properties: &Value) -> Vec<String> {
    let statistic = properties.get("Statistic").or_else(|| properties.get("ExtendedStatistic"));
    let stats = properties.get("Metrics").and_then(Value::as_array).cloned().unwrap_or_default();
    match statistic {
        Some(statistic) => vec![format!("{} {}", shown(&properties["MetricName"]), shown(statistic))],
        None => stats
            .iter()
            .filter_map(|metric| metric.get("MetricStat"))
            .map(|stat| format!("{} {}", shown(&stat["Metric"]["MetricName"]), shown(&stat["Stat"])))
            .collect(),
    }
}

/// What an alarm watches, and when it fires; nothing about its name, id or condition.
pub(crate) fn signature(resource: &Value) -> String {
    let properties = &resource["Properties"];
    let expression = properties.pointer("/Metrics/0/Expression").map(shown).unwrap_or_default();
    format!(
        "{} | {} | {expression} | {} {} | {} of {} | {}",
        dimensions(properties),
        series(properties).join(", "),
        shown(&properties["ComparisonOperator"]),
        shown(&properties["Threshold"]),
        properties["DatapointsToAlarm"],
        properties["EvaluationPeriods"],
        shown(&properties["TreatMissingData"]),
    )
}

/// Text as it is, everything else as compact JSON.
pub(crate) fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether a stage of the result publishes metrics for a method, read the plain way.
pub(crate) fn publishes(stage: &Value, verb: &str, path: &str) -> bool {
    let is_on = |value: &Value| *value == true || *value == "true";
    let settings = stage["MethodSettings"].as_array().cloned().unwrap_or_default();
    let of = |p: &str, v: &str| settings.iter().find(|entry| entry["ResourcePath"] == p && entry["HttpMethod"] == v);
    let key = if path == "/" { "/".to_owned() } else { format!("/{}", path.replace('/', "~1")) };
    match of(&key, verb).or_else(|| of("/*", "*")) {
        Some(entry) => is_on(&entry["MetricsEnabled"]),
        None => {
            let route = &stage["RouteSettings"][format!("{verb} {path}")]["DetailedMetricsEnabled"];
            is_on(if route.is_null() { &stage["DefaultRouteSettings"]["DetailedMetricsEnabled"] } else { route })
        }
    }
}

/// An object from pairs.
pub(crate) fn object(pairs: impl IntoIterator<Item = (String, Value)>) -> Value {
    Value::Object(Map::from_iter(pairs))
}
