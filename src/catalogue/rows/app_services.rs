//! Services that applications call: AWS AppSync, Amazon Bedrock, Amazon Cognito, AWS IoT Core, Amazon SES.

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Dimension, Kind, by_attribute, by_id, by_property, by_ref, fixed, found};
use crate::catalogue::spec::{AlarmSpec, MetricUse, Missing, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::{Need, Test};

/// A GraphQL API.
pub(crate) static GRAPHQL_API: Kind = Kind::new(
    "GraphQL API",
    "GraphQL APIs",
    &["GraphQl"],
    "AWS/AppSync",
    &["AWS::AppSync::GraphQLApi", "AWS::Serverless::GraphQLApi"],
    &[by_attribute("GraphQLAPIId", "ApiId", None)],
);

/// An API of AppSync Events: channels that clients publish and subscribe to.
pub(crate) static EVENT_API: Kind = Kind::new(
    "AppSync event API",
    "AppSync event APIs",
    &["EventApi"],
    "AWS/AppSync",
    &["AWS::AppSync::Api"],
    &[by_attribute("EventAPIId", "ApiId", None)],
);

/// A namespace of channels.
pub(crate) static CHANNELS: Kind = Kind::new(
    "channel namespace",
    "channel namespaces",
    &["Channels"],
    "AWS/AppSync",
    &["AWS::AppSync::ChannelNamespace"],
    &[by_property("EventAPIId", "ApiId"), by_property("ChannelNamespaceName", "Name")],
);

/// The draft of a guardrail, where nothing of the template publishes a version.
pub(crate) static GUARDRAIL: Kind = Kind::new(
    "Bedrock guardrail",
    "Bedrock guardrails",
    &["Guardrail"],
    "AWS/Bedrock/Guardrails",
    &["AWS::Bedrock::Guardrail"],
    &[by_attribute("GuardrailArn", "GuardrailArn", None), fixed("GuardrailVersion", "DRAFT")],
)
.found_by_code();

/// A published version of a guardrail.
pub(crate) static GUARDRAIL_VERSION: Kind = Kind::new(
    "version of a Bedrock guardrail",
    "versions of Bedrock guardrails",
    &["Guardrail"],
    "AWS/Bedrock/Guardrails",
    &["AWS::Bedrock::GuardrailVersion"],
    &[by_attribute("GuardrailArn", "GuardrailArn", None), by_attribute("GuardrailVersion", "Version", None)],
);

/// An alias of an agent, with the model that the agent uses.
pub(crate) static AGENT_ALIAS: Kind = Kind::new(
    "Bedrock agent alias",
    "Bedrock agent aliases",
    &["AgentAlias"],
    "AWS/Bedrock/Agents",
    &["AWS::Bedrock::AgentAlias"],
    &[fixed("Operation", "InvokeAgent"), by_attribute("AgentAliasArn", "AgentAliasArn", None), found("ModelId")],
)
.found_by_code();

/// Sign-ins of a user pool whose risk Cognito rates.
pub(crate) static RATED_USER_POOL: Kind = Kind::new(
    "user pool with threat protection",
    "user pools with threat protection",
    &["UserPool"],
    "AWS/Cognito",
    &["AWS::Cognito::UserPool"],
    &[fixed("Operation", "SignIn"), by_id("UserPoolId")],
)
.only(Test::Is("UserPoolAddOns.AdvancedSecurityMode", &["AUDIT", "ENFORCED"]));

/// An application that signs users in.
pub(crate) static USER_POOL_CLIENT: Kind = Kind::new(
    "user pool client",
    "user pool clients",
    &["UserPoolClient"],
    "AWS/Cognito",
    &["AWS::Cognito::UserPoolClient"],
    &[by_property("UserPool", "UserPoolId"), by_id("UserPoolClient")],
);

/// A rule of IoT Core.
pub(crate) static TOPIC_RULE: Kind = Kind::new(
    "IoT rule",
    "IoT rules",
    &["IotRule"],
    "AWS/IoT",
    &["AWS::IoT::TopicRule"],
    &[by_ref("RuleName", "RuleName")],
);

const CONFIGURATION_SET_NAME: &[Dimension] = &[by_ref("ses:configuration-set", "Name")];

/// A configuration set: how mail that is sent with it fares.
pub(crate) static CONFIGURATION_SET: Kind = Kind::new(
    "configuration set",
    "configuration sets",
    &["Mail"],
    "AWS/SES",
    &["AWS::SES::ConfigurationSet"],
    CONFIGURATION_SET_NAME,
);

/// A configuration set that sends its events to CloudWatch by its own name.
pub(crate) static PUBLISHING_SET: Kind = Kind::new(
    "configuration set with events",
    "configuration sets with events",
    &["Mail"],
    "AWS/SES",
    &["AWS::SES::ConfigurationSet"],
    CONFIGURATION_SET_NAME,
)
.found_by_code();

/// A rule for mail that arrives.
pub(crate) static RECEIPT_RULE: Kind = Kind::new(
    "receipt rule",
    "receipt rules",
    &["ReceiptRule"],
    "AWS/SES",
    &["AWS::SES::ReceiptRule"],
    &[by_attribute("RuleName", "RuleName", Some("Rule.Name"))],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[
    &GRAPHQL_API,
    &EVENT_API,
    &CHANNELS,
    &GUARDRAIL,
    &GUARDRAIL_VERSION,
    &AGENT_ALIAS,
    &RATED_USER_POOL,
    &USER_POOL_CLIENT,
    &TOPIC_RULE,
    &CONFIGURATION_SET,
    &PUBLISHING_SET,
    &RECEIPT_RULE,
];

const GUARDRAILS: &[&Kind] = &[&GUARDRAIL, &GUARDRAIL_VERSION];
/// Every request has a latency: the number of requests.
const REQUESTS: MetricUse = metric("c", "Latency", "SampleCount");
const REPUTATION: Need = Need {
    on: Test::Is("ReputationOptions.ReputationMetricsEnabled", &["true"]),
    fix: None,
    help: "add `ReputationOptions: {ReputationMetricsEnabled: true}`; its two metrics are charged as custom metrics",
};

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("AgentAlias.ModelThrottles", &[&AGENT_ALIAS], &[one("ModelInvocationThrottles", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The model has throttled the agent in each of the last five minutes.",
            "Look at the quotas of the model (requests and tokens a minute); use a cross-region inference profile.",
        )
        .source("Our own: Amazon Bedrock user guide, ModelInvocationThrottles; five minutes in a row outlast retries."),
    alarm("AgentAlias.ServerErrorRate", &[&AGENT_ALIAS], &[metric("e", "InvocationServerErrors", "Sum"), metric("n", "InvocationCount", "Sum")])
        .gated("IF(e >= {min}, 100 * e / n, 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "More than {threshold} of the invocations of the agent fail with an error of the service, and at least {min} {per}.",
            "Look at the AWS Health Dashboard, and at the action groups' functions in a trace of the agent.",
        )
        .source("Our own, as for APIs: InvocationServerErrors in InvocationCount, gated, 3 of 5."),
    alarm("AgentAlias.TotalTime", &[&AGENT_ALIAS], &[one("TotalTime", "Average")])
        .above(Threshold::Yours, Unit::Milliseconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Answers of the agent take longer than {threshold} on average.",
            "Look at a trace of the agent: the model, a knowledge base, or an action group's function?",
        )
        .source("Our own: Amazon Bedrock user guide, TotalTime; how long an agent may think differs."),
    alarm("Channels.FailedEvents", &[&CHANNELS], &[metric("f", "FailedEvents", "Sum"), metric("s", "SuccessfulEvents", "Sum")])
        .gated("IF(f >= {min}, 100 * f / (f + s), 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "More than {threshold} of the events fail in the namespace's handler, and at least {min} {per}.",
            "Look at the log of the API for the handler's error.",
        )
        .source("Our own: AppSync Events developer guide, FailedEvents and SuccessfulEvents, gated, 3 of 5."),
    alarm("EventApi.ClientErrorRate", &[&EVENT_API], &[metric("e", "4XXError", "Sum"), REQUESTS])
        .gated("IF(e >= {min}, 100 * e / c, 0)", 5)
        .above(number(15.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "More than {threshold} of the publish requests are refused with a 4xx error, and at least {min} {per}.",
            "Look at the API's log: an expired key, a token that is not accepted, or a payload of the wrong form.",
        )
        .source("Our own, as for APIs: 4XXError Sum in the number of requests, gated, 5 of 5."),
    alarm("EventApi.ServerErrorRate", &[&EVENT_API], &[metric("s", "5XXError", "Sum"), REQUESTS])
        .gated("IF(s >= {min}, 100 * s / c, 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "More than {threshold} of the publish requests fail with a 5xx error, and at least {min} {per}.",
            "Look at the API's log and at the AWS Health Dashboard.",
        )
        .source("Our own, as for APIs: 5XXError Sum in the number of requests, gated, 3 of 5."),
    alarm("GraphQl.ClientErrorRate", &[&GRAPHQL_API], &[metric("e", "4XXError", "Sum"), REQUESTS])
        .gated("IF(e >= {min}, 100 * e / c, 0)", 5)
        .above(number(15.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "More than {threshold} of the requests are refused with a 4xx error, and at least {min} {per}.",
            "Look at the API's log: an expired key, a token that is not accepted, or a broken query of a client.",
        )
        .source("Our own, as for APIs: 4XXError Sum in the number of requests, gated, 5 of 5."),
    alarm("GraphQl.DroppedMessages", &[&GRAPHQL_API], &[one("InboundMessageDropped", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Messages to subscribers are dropped in 3 of 5 minutes, because a quota of the subscriptions is reached.",
            "Look for a mutation that is called very often, and at the quotas of inbound and outbound messages.",
        )
        .source("Our own: AppSync developer guide, InboundMessageDropped; a dropped message never reaches its subscribers."),
    alarm("GraphQl.LatencyP99", &[&GRAPHQL_API], &[
            metric("l", "Latency", "p99"),
            metric("r", "Latency", "PR(:{threshold})"),
            metric("n", "Latency", "SampleCount"),
        ])
        .gated("IF((100 - r) * n / 100 > {gate}, l, 0)", 10)
        .above(number(5000.0), Unit::Milliseconds)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "One request in a hundred takes longer than {threshold}, and at least {min} {per} do.",
            "Look at the slowest resolvers in a trace, and at their data sources.",
        )
        .source("Our own, as for APIs: Latency p99, gated on slow requests, 3 of 5."),
    alarm("GraphQl.ServerErrorRate", &[&GRAPHQL_API], &[metric("s", "5XXError", "Sum"), REQUESTS])
        .gated("IF(s >= {min}, 100 * s / c, 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "More than {threshold} of the requests fail with a 5xx error, and at least {min} {per}.",
            "Look at the API's log and at its data sources: a function that fails, a table that throttles.",
        )
        .source("Our own, as for APIs: 5XXError Sum in the number of requests, gated, 3 of 5."),
    alarm("Guardrail.Interventions", GUARDRAILS, &[one("InvocationsIntervened", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "The guardrail has stepped in more than {threshold} times {per}.",
            "Look at what it blocked: an attack, or a policy that is too strict since the last change?",
        )
        .source("Our own: Amazon Bedrock user guide, InvocationsIntervened; to step in is its work, and how often differs."),
    alarm("Guardrail.ServerErrorRate", GUARDRAILS, &[metric("e", "InvocationServerErrors", "Sum"), metric("n", "Invocations", "Sum")])
        .gated("IF(e >= {min}, 100 * e / n, 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Standard)
        .says(
            "More than {threshold} of the checks of the guardrail fail with an error of the service, and at least {min} {per}.",
            "Look at the AWS Health Dashboard; check what the application does without an answer of the guardrail.",
        )
        .source("Our own, as for APIs: InvocationServerErrors in Invocations, gated, 3 of 5."),
    alarm("Guardrail.Throttles", GUARDRAILS, &[one("InvocationThrottles", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Checks of the guardrail have been throttled in each of the last five minutes.",
            "Look at the quotas of guardrails: requests and text units a second.",
        )
        .source("Our own: Amazon Bedrock user guide, InvocationThrottles; five minutes in a row outlast retries."),
    alarm("IotRule.MessagesThrottled", &[&TOPIC_RULE], &[one("RuleMessageThrottled", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "The rule is not evaluated for some messages, because the account's limit is reached: they are lost to it.",
            "Look at what publishes so much; ask for a higher quota of rule evaluations.",
        )
        .source("Our own: IoT Core developer guide, RuleMessageThrottled; its table of rule metrics has no RuleEvaluationThrottled."),
    alarm("IotRule.ParseErrors", &[&TOPIC_RULE], &[one("ParseError", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 15, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Messages for this rule are no JSON that can be read.",
            "Look at which devices publish them, and at a new firmware.",
        )
        .source("Our own: IoT Core developer guide, ParseError; in several minutes, because single devices err."),
    alarm("Mail.BounceRate", &[&CONFIGURATION_SET], &[metric("m", "Reputation.BounceRate", "Average")])
        .needs(REPUTATION)
        .math("100 * m")
        .above(number(5.0), Unit::Percent)
        .of(1, 1, 3600)
        .missing(Missing::Ignore)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "More than {threshold} of the mail bounces; at 10 % Amazon SES may stop the account from sending.",
            "Stop the mailing, and clean the list of addresses: which campaign or form brought them?",
        )
        .source("AWS recommends an alarm on Reputation.BounceRate from 5 %, missing data ignored (Amazon SES developer guide, reputation monitoring alarms)."),
    alarm("Mail.ComplaintRate", &[&CONFIGURATION_SET], &[metric("m", "Reputation.ComplaintRate", "Average")])
        .needs(REPUTATION)
        .math("100 * m")
        .above(number(0.1), Unit::Percent)
        .of(1, 1, 3600)
        .missing(Missing::Ignore)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "More than {threshold} of the mail is reported as spam; at 0.5 % Amazon SES may stop the account from sending.",
            "Look at which mailing it is, whether people asked for it, and whether they can leave.",
        )
        .source("AWS recommends an alarm on Reputation.ComplaintRate from 0.1 %, missing data ignored (Amazon SES developer guide, reputation monitoring alarms)."),
    alarm("Mail.RenderingFailures", &[&PUBLISHING_SET], &[one("RenderingFailure", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "A mail could not be made from its template: it is not sent.",
            "Compare the variables of the template with the data that is sent with it.",
        )
        .source("Our own: Amazon SES developer guide, RenderingFailure; each is a mail that nobody gets."),
    alarm("ReceiptRule.Expired", &[&RECEIPT_RULE], &[one("PublishExpired", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "Amazon SES has given up on the actions of the rule for a mail that arrived: it is lost to them.",
            "Look at the permissions of SES for the rule's bucket, topic, function and KMS key.",
        )
        .source("Our own: Amazon SES developer guide, metrics for email receiving; PublishExpired comes after 36 hours of trying."),
    alarm("ReceiptRule.Failures", &[&RECEIPT_RULE], &[one("PublishFailure", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 15, 60)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "Actions of the rule fail for mail that arrives, in 3 of 15 minutes; SES may try again for 36 hours.",
            "Look at the permissions of SES for the rule's bucket, topic, function and KMS key.",
        )
        .source("Our own: Amazon SES developer guide, metrics for email receiving, PublishFailure; several, because they are tried again."),
    alarm("UserPool.RiskySignIns", &[&RATED_USER_POOL], &[one("Risk", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Cognito has rated more than {threshold} sign-ins {per} as risky for 15 minutes.",
            "Look at where they come from, and block what tries many passwords (WAF).",
        )
        .source("Our own: Amazon Cognito developer guide, threat protection metrics; how many are normal differs."),
    alarm("UserPoolClient.RefreshThrottles", &[&USER_POOL_CLIENT], &[one("TokenRefreshThrottles", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Standard)
        .says(
            "Renewals of tokens have been throttled in each of the last five minutes: users are signed out.",
            "Look at clients that renew too often; make tokens live longer, or ask for a higher quota.",
        )
        .source("AWS recommends TokenRefreshThrottles Sum, 5 of 5, threshold from traffic; none is expected."),
    alarm("UserPoolClient.SignInThrottles", &[&USER_POOL_CLIENT], &[one("SignInThrottles", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "Users could not sign in, because requests have been throttled in each of the last five minutes.",
            "Look at whether people or a robot sign in (WAF), and ask for a higher quota.",
        )
        .source("AWS recommends SignInThrottles Sum, 5 of 5; 0 is typical."),
    alarm("UserPoolClient.SignUpThrottles", &[&USER_POOL_CLIENT], &[one("SignUpThrottles", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "More than {threshold} registrations {per} have been throttled for five minutes.",
            "Look at whether people or a robot register; ask for a higher quota.",
        )
        .source("AWS recommends SignUpThrottles Sum, 5 of 5, threshold from traffic."),
];
