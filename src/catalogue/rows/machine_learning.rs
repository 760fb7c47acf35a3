//! Amazon SageMaker AI endpoints, Amazon Lex, Amazon Kendra and Amazon Comprehend.

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Kind, by_attribute, by_id, by_property, found};
use crate::catalogue::spec::{AlarmSpec, MetricUse, Profile, Severity, Threshold, Unit};

/// A production variant of an endpoint: the requests that it answers.
pub(crate) static VARIANT: Kind = Kind::new(
    "endpoint variant",
    "endpoint variants",
    &["ModelEndpoint"],
    "AWS/SageMaker",
    &["AWS::SageMaker::Endpoint"],
    &[by_attribute("EndpointName", "EndpointName", Some("EndpointName")), found("VariantName")],
)
.found_by_code();

/// A production variant of an endpoint: the instances that it runs on. Serverless variants have none.
pub(crate) static VARIANT_INSTANCES: Kind = Kind::new(
    "endpoint variant's instances",
    "endpoint variants' instances",
    &["ModelEndpoint"],
    "/aws/sagemaker/Endpoints",
    &["AWS::SageMaker::Endpoint"],
    &[by_attribute("EndpointName", "EndpointName", Some("EndpointName")), found("VariantName")],
)
.found_by_code();

/// A model among others on an endpoint. No attribute tells a name that the service chose.
pub(crate) static COMPONENT: Kind = Kind::new(
    "inference component",
    "inference components",
    &["InferenceComponent"],
    "AWS/SageMaker",
    &["AWS::SageMaker::InferenceComponent"],
    &[by_property("InferenceComponentName", "InferenceComponentName")],
);

/// An alias of a bot, in one language, asked by one operation.
pub(crate) static BOT: Kind = Kind::new(
    "bot alias",
    "bot aliases",
    &["Bot"],
    "AWS/Lex",
    &["AWS::Lex::BotAlias"],
    &[found("Operation"), found("BotId"), found("BotAliasId"), found("LocaleId")],
)
.found_by_code();

/// An index that people search.
pub(crate) static INDEX: Kind = Kind::new(
    "search index",
    "search indexes",
    &["SearchIndex"],
    "AWS/Kendra",
    &["AWS::Kendra::Index"],
    &[by_id("IndexId")],
);

/// A source of documents for an index.
pub(crate) static DATA_SOURCE: Kind = Kind::new(
    "index data source",
    "index data sources",
    &["IndexDataSource"],
    "AWS/Kendra",
    &["AWS::Kendra::DataSource"],
    &[by_attribute("DataSourceId", "Id", None), by_property("IndexId", "IndexId")],
);

/// An endpoint with a model of one's own for texts.
pub(crate) static TEXT_ENDPOINT: Kind = Kind::new(
    "text endpoint",
    "text endpoints",
    &["TextEndpoint"],
    "AWS/Comprehend",
    &["AWS::Comprehend::DocumentClassifierEndpoint", "AWS::Comprehend::EntityRecognizerEndpoint"],
    &[by_attribute("EndpointArn", "Arn", None)],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] =
    &[&VARIANT, &VARIANT_INSTANCES, &COMPONENT, &BOT, &INDEX, &DATA_SOURCE, &TEXT_ENDPOINT];

/// What rates are rates of.
const INVOCATIONS: MetricUse = metric("n", "Invocations", "Sum");

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Bot.ServerErrors", &[&BOT], &[one("RuntimeSystemErrors", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Critical)
        .says("The bot answers again and again with a system error: people who talk to it get nowhere.", "Look at the conversation logs and at AWS's health dashboard; see whether a new version of the bot went live.")
        .source("Amazon Lex V2 guide, CloudWatch metrics: RuntimeSystemErrors; 3 of 5, so that one odd error wakes nobody."),
    alarm("Bot.Throttles", &[&BOT], &[one("RuntimeThrottledEvents", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("Requests to the bot are turned away again and again, because there are more than the account may send.", "Look at what sends them, then ask for a higher quota of Amazon Lex.")
        .source("Amazon Lex V2 guide, CloudWatch metrics: RuntimeThrottledEvents; 3 of 5, since clients try again."),
    alarm("IndexDataSource.FailedDocuments", &[&DATA_SOURCE], &[one("DocumentsSubmittedForIndexingFailed", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 3_600)
        .is(Severity::Warning, Profile::Standard)
        .says("Documents of this source could not be indexed, so nobody finds them.", "Look at the log of the last synchronisation: unreadable formats, documents that are too large, or missing permissions.")
        .source("Amazon Kendra guide, CloudWatch metrics of synchronisation jobs: DocumentsSubmittedForIndexingFailed; each document counts."),
    alarm("InferenceComponent.ClientErrorRate", &[&COMPONENT], &[metric("e", "Invocation4XXErrors", "Sum"), INVOCATIONS])
        .gated("IF(e >= {min}, 100 * e / n, 0)", 5)
        .above(number(15.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("More than {threshold} of the requests get a 4xx error, and at least {min} {per}.", "Look at the container's log: input in another form than the model expects, or a caller that was changed.")
        .source("Our own, as for APIs: a rate of Invocation4XXErrors, gated on failures, 5 of 5."),
    alarm("InferenceComponent.ModelLatency", &[&COMPONENT], &[one("ModelLatency", "Average")])
        .math("m / 1000")
        .above(Threshold::Yours, Unit::Milliseconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("The model needs more than {threshold} for an answer, on average.", "Look at concurrent requests for each copy; then at the model's container, or add copies.")
        .source("Amazon SageMaker AI guide, inference component metrics: ModelLatency (µs); what is slow depends on the model."),
    alarm("InferenceComponent.ServerErrorRate", &[&COMPONENT], &[metric("e", "Invocation5XXErrors", "Sum"), INVOCATIONS])
        .gated("IF(e >= {min}, 100 * e / n, 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("More than {threshold} of the requests to the model fail, and at least {min} {per}.", "Look at the container's log for errors, time-outs and lack of memory; see whether a new version went live.")
        .source("Our own, as for APIs: a rate of Invocation5XXErrors, gated on failures, 3 of 5."),
    alarm("ModelEndpoint.ClientErrorRate", &[&VARIANT], &[metric("e", "Invocation4XXErrors", "Sum"), INVOCATIONS])
        .gated("IF(e >= {min}, 100 * e / n, 0)", 5)
        .above(number(15.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says("More than {threshold} of the requests get a 4xx error, and at least {min} {per}.", "Look at the container's log: input in another form than the model expects, or a caller that was changed.")
        .source("Our own, as for APIs: a rate of Invocation4XXErrors, gated on failures, 5 of 5."),
    alarm("ModelEndpoint.DiskUtilization", &[&VARIANT_INSTANCES], &[one("DiskUtilization", "Maximum")])
        .above(number(85.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Critical)
        .says("The containers fill more than {threshold} of an instance's disk; when it is full, requests fail.", "Look at what the container writes: downloaded models, captured data, temporary files that nobody removes.")
        .source("Our own number: Amazon SageMaker AI guide, endpoint metrics, DiskUtilization."),
    alarm("ModelEndpoint.MemoryUtilization", &[&VARIANT_INSTANCES], &[one("MemoryUtilization", "Maximum")])
        .above(number(90.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("The containers use more than {threshold} of an instance's memory for 15 minutes; the next larger request may kill them.", "Look at the number of workers and of models in memory; use a larger instance, or more of them.")
        .source("Our own number: Amazon SageMaker AI guide, endpoint metrics, MemoryUtilization."),
    alarm("ModelEndpoint.ModelLatency", &[&VARIANT], &[one("ModelLatency", "Average")])
        .math("m / 1000")
        .above(Threshold::Yours, Unit::Milliseconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("The model needs more than {threshold} for an answer, on average.", "Look at invocations for each instance; then at the model's container, or add instances.")
        .source("Amazon SageMaker AI guide, endpoint invocation metrics: ModelLatency (µs); what is slow depends on the model."),
    alarm("ModelEndpoint.ServerErrorRate", &[&VARIANT], &[metric("e", "Invocation5XXErrors", "Sum"), INVOCATIONS])
        .gated("IF(e >= {min}, 100 * e / n, 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("More than {threshold} of the requests to the endpoint fail, and at least {min} {per}.", "Look at the container's log for errors, time-outs and lack of memory; see whether a new version went live.")
        .source("Our own, as for APIs: a rate of Invocation5XXErrors, gated on failures, 3 of 5."),
    alarm("SearchIndex.FailedDocuments", &[&INDEX], &[one("DocumentsFailedToIndex", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 3_600)
        .is(Severity::Warning, Profile::Standard)
        .says("Documents could not be indexed, so nobody finds them.", "Look at the index's log: unreadable formats, documents that are too large, or an index without room for more.")
        .source("Amazon Kendra guide, CloudWatch metrics of indexed documents: DocumentsFailedToIndex; each document counts."),
    alarm("TextEndpoint.Utilization", &[&TEXT_ENDPOINT], &[one("InferenceUtilization", "Sum")])
        .above(number(90.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says("Requests use more than {threshold} of what the endpoint is provisioned for; above all of it they are turned away.", "Compare requested with consumed inference units; raise DesiredInferenceUnits or let them scale.")
        .source("Our own number: Amazon Comprehend guide, Monitoring endpoints: InferenceUtilization, a Sum over one minute, in percent."),
];
