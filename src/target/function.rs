//! What functions are for: who reads streams, who is invoked asynchronously, which aliases are deployed gradually or keep environments ready.

use super::relation::named;
use crate::template::intrinsic::reference;
use crate::template::{Resource, Template, When};
use indexmap::IndexMap;
use serde_json::Value;

const FUNCTIONS: &[&str] = &["AWS::Lambda::Function", "AWS::Serverless::Function"];
const ALIAS: &[&str] = &["AWS::Lambda::Alias"];
const VERSION: &[&str] = &["AWS::Lambda::Version"];

/// Services that invoke functions asynchronously, as principals of permissions. Source: Lambda developer guide, "Invoking Lambda with events from other AWS
/// services".
const ASYNCHRONOUS: &[&str] = &[
    "sns.amazonaws.com",
    "events.amazonaws.com",
    "s3.amazonaws.com",
    "iot.amazonaws.com",
    "ses.amazonaws.com",
    "logs.amazonaws.com",
    "config.amazonaws.com",
    "codecommit.amazonaws.com",
];

/// The functions that a value names, directly or through an alias or a version.
pub(super) fn functions<'a, 't>(template: &'a Template<'t>, value: &Value) -> Vec<(&'a Resource<'t>, When)> {
    let direct = named(template, value, FUNCTIONS);
    if !direct.is_empty() {
        return direct;
    }
    let published = named(template, value, ALIAS).into_iter().chain(named(template, value, VERSION));
    published
        .flat_map(|(published, when)| {
            let of = published.own("FunctionName").map(|name| named(template, name, FUNCTIONS)).unwrap_or_default();
            of.into_iter().map(move |(function, inner)| (function, inner.and(when.clone())))
        })
        .collect()
}

/// Functions, each with when something is true of it.
pub(super) type Functions<'t> = IndexMap<&'t str, When>;

fn note<'t>(template: &Template<'t>, all: &mut Functions<'t>, by: &Resource<'t>, value: Option<&Value>) {
    for (function, when) in value.map(|value| functions(template, value)).unwrap_or_default() {
        let known = all.entry(function.id).or_insert(When::Never);
        *known = known.clone().or(when.and(by.when()));
    }
}

/// The functions that read a stream (Kinesis, DynamoDB, DocumentDB): only they have an iterator age.
pub(super) fn stream_readers<'t>(template: &Template<'t>) -> Functions<'t> {
    let mut readers = Functions::new();
    for mapping in
        template.of_types(&["AWS::Lambda::EventSourceMapping"]).filter(|mapping| reads_stream(template, mapping))
    {
        note(template, &mut readers, mapping, mapping.own("FunctionName"));
    }
    readers
}

/// Queues and Kafka topics have no iterator; of a source that only CloudFormation knows, a starting position tells that it is a stream.
fn reads_stream(template: &Template<'_>, mapping: &Resource<'_>) -> bool {
    const STREAMS: &[&str] = &[
        "AWS::Kinesis::Stream",
        "AWS::Kinesis::StreamConsumer",
        "AWS::DynamoDB::Table",
        "AWS::DynamoDB::GlobalTable",
        "AWS::DocDB::DBCluster",
    ];
    let is_named = mapping.own("EventSourceArn").is_some_and(|source| !named(template, source, STREAMS).is_empty());
    is_named || (mapping.own("StartingPosition").is_some() && mapping.own("Topics").is_none())
}

/// The functions that somebody invokes asynchronously.
pub(super) fn asynchronous<'t>(template: &Template<'t>) -> Functions<'t> {
    let mut all = Functions::new();
    let is_asynchronous = |permission: &&Resource<'_>| {
        permission.own("Principal").and_then(Value::as_str).is_some_and(|name| ASYNCHRONOUS.contains(&name))
    };
    for permission in template.of_types(&["AWS::Lambda::Permission"]).filter(is_asynchronous) {
        note(template, &mut all, permission, permission.own("FunctionName"));
    }
    for subscription in template.of_types(&["AWS::SNS::Subscription"]) {
        note(template, &mut all, subscription, subscription.own("Endpoint"));
    }
    for rule in template.of_types(&["AWS::Events::Rule"]) {
        for target in rule.own("Targets").and_then(Value::as_array).into_iter().flatten() {
            note(template, &mut all, rule, target.get("Arn"));
        }
    }
    for schedule in template.of_types(&["AWS::Scheduler::Schedule"]) {
        note(template, &mut all, schedule, schedule.own("Target").and_then(|target| target.get("Arn")));
    }
    for config in template.of_types(&["AWS::Lambda::EventInvokeConfig"]) {
        note(template, &mut all, config, config.own("FunctionName"));
    }
    all
}

/// The logical id of the alias that a value names, where it is one.
pub(super) fn alias_of<'v>(template: &Template<'_>, value: &'v Value) -> Option<&'v str> {
    reference(value).filter(|id| template.any_resource(id).is_some_and(|resource| ALIAS.contains(&resource.kind)))
}
