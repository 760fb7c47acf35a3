//! Functions by what they are for: who reads streams, who is invoked asynchronously, which aliases are deployed gradually or keep environments ready.

use super::items::{entries, items};
use super::properties::{Answer, Properties};
use super::relation::named;
use super::resource::{Found, Search};
use crate::catalogue::Test;
use crate::catalogue::rows::lambda::{
    ALIAS, ASYNC_FUNCTION, EVENT_SOURCE, INSIGHTS_FUNCTION, KAFKA_READER, PROVISIONED_ALIAS, SENDER, STREAM_READER,
    URL_FUNCTION,
};
use crate::template::intrinsic::{as_bool, as_number, make_ref, reference};
use crate::template::text::{Part, Text};
use crate::template::{Resource, Template, When};
use indexmap::IndexMap;
use serde_json::Value;

const FUNCTIONS: &[&str] = &["AWS::Lambda::Function", "AWS::Serverless::Function"];
const ALIAS_TYPES: &[&str] = &["AWS::Lambda::Alias"];
const INVOKE_CONFIG: &[&str] = &["AWS::Lambda::EventInvokeConfig"];
const URL: &[&str] = &["AWS::Lambda::Url"];
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
pub(crate) fn functions<'a, 't>(template: &'a Template<'t>, value: &Value) -> Vec<(&'a Resource<'t>, When)> {
    let direct = named(template, value, FUNCTIONS);
    if !direct.is_empty() {
        return direct;
    }
    // SAM's names for what it publishes of a function.
    let of_sam =
        reference(value).and_then(|name| name.strip_suffix(".Alias").or_else(|| name.strip_suffix(".Version")));
    if let Some(function) = of_sam.and_then(|id| template.resources.get(id)).filter(|of| FUNCTIONS.contains(&of.kind)) {
        return vec![(function, When::Always)];
    }
    let published = named(template, value, ALIAS_TYPES).into_iter().chain(named(template, value, VERSION));
    published
        .flat_map(|(published, when)| {
            let of = published.own("FunctionName").map(|name| named(template, name, FUNCTIONS)).unwrap_or_default();
            of.into_iter().map(move |(function, inner)| (function, inner.and(when.clone())))
        })
        .collect()
}

/// Functions, each with when something is true of it.
pub(crate) type Functions<'t> = IndexMap<&'t str, When>;

fn note<'t>(template: &Template<'t>, all: &mut Functions<'t>, by: &Resource<'t>, value: Option<&Value>) {
    for (function, when) in value.map(|value| functions(template, value)).unwrap_or_default() {
        let known = all.entry(function.id).or_insert(When::Never);
        *known = known.clone().or(when.and(by.when()));
    }
}

/// What an event source mapping reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// A stream, which is read by an iterator: Kinesis, DynamoDB, DocumentDB.
    Stream,
    /// Topics of Kafka, which have offsets.
    Kafka,
    /// Queues, and what cannot be told.
    Other,
}

/// What a mapping reads; of a source that only CloudFormation knows, a starting position tells that it is a stream.
fn source(template: &Template<'_>, mapping: &Resource<'_>) -> Source {
    const STREAMS: &[&str] = &[
        "AWS::Kinesis::Stream",
        "AWS::Kinesis::StreamConsumer",
        "AWS::DynamoDB::Table",
        "AWS::DynamoDB::GlobalTable",
        "AWS::Serverless::SimpleTable",
        "AWS::DocDB::DBCluster",
    ];
    const KAFKA: &[&str] = &["AWS::MSK::Cluster", "AWS::MSK::ServerlessCluster"];
    const OTHERS: &[&str] = &["AWS::SQS::Queue", "AWS::AmazonMQ::Broker"];
    let has = |name: &str| mapping.own(name).is_some();
    let is = |types: &[&str]| mapping.own("EventSourceArn").is_some_and(|arn| !named(template, arn, types).is_empty());
    if has("Topics") || has("SelfManagedEventSource") || is(KAFKA) {
        Source::Kafka
    } else if is(STREAMS) || (has("StartingPosition") && !has("Queues") && !is(OTHERS)) {
        Source::Stream
    } else {
        Source::Other
    }
}

/// The mappings that are on.
pub(crate) fn mappings<'a, 't>(template: &'a Template<'t>) -> impl Iterator<Item = &'a Resource<'t>> {
    let is_on = |mapping: &&Resource<'_>| mapping.own("Enabled").and_then(as_bool) != Some(false);
    template.of_types(EVENT_SOURCE.types).filter(is_on)
}

/// The mappings that read a stream.
pub(crate) fn stream_mappings<'a, 't>(template: &'a Template<'t>) -> impl Iterator<Item = &'a Resource<'t>> {
    mappings(template).filter(|mapping| source(template, mapping) == Source::Stream)
}

/// The functions that read from a sort of source.
fn readers<'t>(template: &Template<'t>, wanted: Source) -> Functions<'t> {
    let mut readers = Functions::new();
    for mapping in mappings(template).filter(|mapping| source(template, mapping) == wanted) {
        // What is dropped after ten minutes at most is never older than that.
        let oldest = mapping.own("MaximumRecordAgeInSeconds").and_then(as_number);
        if wanted == Source::Kafka || oldest.is_none_or(|oldest| !(0.0..=600.0).contains(&oldest)) {
            note(template, &mut readers, mapping, mapping.own("FunctionName"));
        }
    }
    readers
}

/// The functions whose results or failures are sent on.
fn senders<'t>(template: &Template<'t>) -> Functions<'t> {
    let mut senders = Functions::new();
    for by in template.of_types(&["AWS::Lambda::EventInvokeConfig", "AWS::Lambda::EventSourceMapping"]) {
        let destinations = by.own("DestinationConfig").and_then(Value::as_object);
        if destinations.is_some_and(|destinations| !destinations.is_empty()) {
            note(template, &mut senders, by, by.own("FunctionName"));
        }
    }
    senders
}

/// The functions with the layer of Lambda Insights.
fn with_insights<'t>(template: &Template<'t>) -> Functions<'t> {
    let mut all = Functions::new();
    for function in template.of_types(FUNCTIONS) {
        let lists = [function.own("Layers"), template.global(function, "Layers")];
        let layers = lists.into_iter().flatten().flat_map(entries);
        let when = layers
            .filter(|(layer, _)| layer.to_string().contains(":layer:LambdaInsightsExtension"))
            .fold(When::Never, |all, (_, when)| all.or(when));
        all.insert(function.id, when);
    }
    all
}

/// The functions that somebody invokes asynchronously.
pub(crate) fn asynchronous<'t>(template: &Template<'t>) -> Functions<'t> {
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
    for config in template.of_types(INVOKE_CONFIG) {
        note(template, &mut all, config, config.own("FunctionName"));
    }
    for bucket in template.of_types(&["AWS::S3::Bucket"]) {
        let configuration = bucket.own("NotificationConfiguration");
        let list = configuration.and_then(|configuration| configuration.get("LambdaConfigurations")).map(items);
        for (entry, _) in list.unwrap_or_default() {
            note(template, &mut all, bucket, entry.get("Function"));
        }
    }
    for filter in template.of_types(&["AWS::Logs::SubscriptionFilter"]) {
        note(template, &mut all, filter, filter.own("DestinationArn"));
    }
    for function in template.of_types(FUNCTIONS) {
        if template.property(function, "DeadLetterConfig").or(template.property(function, "DeadLetterQueue")).is_some()
        {
            all.insert(function.id, When::Always);
        }
    }
    all
}

/// The first resource of some types that names a function: what it says of the function's invocations or of its URL.
fn speaker<'t>(template: &Template<'t>, types: &[&str], property: &str, function: &str) -> Properties<'t> {
    let names = |by: &&Resource<'t>| {
        let found = by.own(property).map(|value| functions(template, value)).unwrap_or_default();
        found.iter().any(|(found, _)| found.id == function)
    };
    let mut all = template.resources.values().chain(template.made.values()).filter(|by| types.contains(&by.kind));
    all.find(names).map_or(Properties::None, |by| Properties::Of(by.id))
}

/// The functions that have a URL, directly or through an alias.
fn with_url<'t>(template: &Template<'t>) -> Functions<'t> {
    let mut all = Functions::new();
    for url in template.of_types(URL) {
        note(template, &mut all, url, url.own("TargetFunctionArn"));
    }
    all
}

/// Finds functions by what they are for, and their aliases.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    let kinds = [
        (&STREAM_READER, readers(template, Source::Stream)),
        (&KAFKA_READER, readers(template, Source::Kafka)),
        (&ASYNC_FUNCTION, asynchronous(template)),
        (&SENDER, senders(template)),
        (&INSIGHTS_FUNCTION, with_insights(template)),
        (&URL_FUNCTION, with_url(template)),
    ];
    for (kind, functions) in kinds {
        for (id, when) in functions.into_iter().filter(|(_, when)| *when != When::Never) {
            let Some(function) = template.any_resource(id) else { continue };
            let Some(mut found) = Found::whole(template, kind, function) else { continue };
            if *kind == ASYNC_FUNCTION {
                found.properties = speaker(template, INVOKE_CONFIG, "FunctionName", id);
            } else if *kind == URL_FUNCTION {
                found.properties = speaker(template, URL, "TargetFunctionArn", id);
            }
            search.add(found.only_when(when));
        }
    }
    for alias in template.of_types(ALIAS_TYPES) {
        aliases(search, alias);
    }
    for mapping in mappings(template).filter(|mapping| source(template, mapping) != Source::Other) {
        let metrics = mapping.own("MetricsConfig").and_then(|config| config.get("Metrics")).map(entries);
        if metrics.unwrap_or_default().iter().any(|(metric, _)| *metric == "EventCount") {
            Found::whole(template, &EVENT_SOURCE, mapping).into_iter().for_each(|found| search.add(found));
        }
    }
}

/// An alias is watched where it is deployed gradually, and where it keeps environments ready. CloudWatch's `Resource` is `function:alias`.
fn aliases<'t>(search: &mut Search<'_, 't>, alias: &Resource<'t>) {
    let (Some(function), Some(name)) = (alias.own("FunctionName"), alias.own("Name").and_then(Text::read)) else {
        return;
    };
    let functions = named(search.template, function, FUNCTIONS);
    let Some((function, when)) = functions.first() else { return };
    let mut resource = Text::default();
    resource.push_part(Part::Ref(function.id.to_owned()));
    resource.push_literal(":");
    resource.push(&name);
    let update = alias.object.get("UpdatePolicy").and_then(|policy| policy.get("CodeDeployLambdaAliasUpdate"));
    let is_gradual = update.map_or(When::Never, |update| is_enabled(search.template, update));
    let is_ready = alias.own("ProvisionedConcurrencyConfig").map_or(When::Never, |_| When::Always);
    // What an alias that is deployed gradually is measured against are the function's properties.
    for (kind, is, of) in [(&ALIAS, is_gradual, function.id), (&PROVISIONED_ALIAS, is_ready, alias.id)] {
        search.add(Found {
            kind,
            resource: alias,
            part: None,
            dimensions: vec![make_ref(function.id), resource.to_value()],
            when: when.clone().and(is),
            properties: Properties::Of(of),
        });
    }
}

/// When a policy is on: SAM's preference may leave that to a parameter.
fn is_enabled(template: &Template<'_>, update: &Value) -> When {
    let Some(object) = update.as_object().filter(|update| update.contains_key("Enabled")) else { return When::Always };
    match Properties::Part(object).test(template, Test::Is("Enabled", &["true"])) {
        Answer::When(when) => when,
        Answer::Unknown(_) => When::Never,
    }
}
