//! Services that applications call: AWS AppSync, Amazon Cognito, AWS IoT Core, Amazon SES.

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Kind, by_attribute, by_id, by_property, by_ref};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Threshold, Unit};

/// A GraphQL API.
pub(crate) static GRAPHQL_API: Kind = Kind::new(
    "GraphQL API",
    "GraphQL APIs",
    &["GraphQl"],
    "AWS/AppSync",
    &["AWS::AppSync::GraphQLApi", "AWS::Serverless::GraphQLApi"],
    &[by_attribute("GraphQLAPIId", "ApiId", None)],
);

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

/// A configuration set: how mail that is sent with it fares.
pub(crate) static CONFIGURATION_SET: Kind = Kind::new(
    "configuration set",
    "configuration sets",
    &["Mail"],
    "AWS/SES",
    &["AWS::SES::ConfigurationSet"],
    &[by_ref("ses:configuration-set", "Name")],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&GRAPHQL_API, &USER_POOL_CLIENT, &TOPIC_RULE, &CONFIGURATION_SET];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("GraphQl.ClientErrorRate", &[&GRAPHQL_API], &[metric("e", "4XXError", "Sum"), metric("c", "Latency", "SampleCount")])
        .gated("IF(e >= {min}, 100 * e / c, 0)", 5)
        .above(number(15.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "More than {threshold} of the requests are refused with a 4xx error, and at least {min} {per}.",
            "Look at the API's log: an expired key, a token that is not accepted, or a broken query of a client.",
        )
        .source("Our own, as for APIs: 4XXError Sum in the number of requests, gated, 5 of 5."),
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
    alarm("GraphQl.ServerErrorRate", &[&GRAPHQL_API], &[metric("s", "5XXError", "Sum"), metric("c", "Latency", "SampleCount")])
        .gated("IF(s >= {min}, 100 * s / c, 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "More than {threshold} of the requests fail with a 5xx error, and at least {min} {per}.",
            "Look at the API's log and at its data sources: a function that fails, a table that throttles.",
        )
        .source("Our own, as for APIs: 5XXError Sum in the number of requests, gated, 3 of 5."),
    alarm("IotRule.EvaluationThrottled", &[&TOPIC_RULE], &[one("RuleEvaluationThrottled", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "The rule is not evaluated for some messages, because the account's limit is reached: they are lost to it.",
            "Look at what publishes so much; ask for a higher quota of rule evaluations.",
        )
        .source("Our own: IoT Core developer guide, RuleEvaluationThrottled."),
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
        .math("100 * m")
        .above(number(5.0), Unit::Percent)
        .of(1, 1, 3600)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "More than {threshold} of the mail bounces; at 10 % Amazon SES may stop the account from sending.",
            "Stop the mailing, and clean the list of addresses: which campaign or form brought them?",
        )
        .source("Amazon SES developer guide: an account is under review at 5 % bounces."),
    alarm("Mail.ComplaintRate", &[&CONFIGURATION_SET], &[metric("m", "Reputation.ComplaintRate", "Average")])
        .math("100 * m")
        .above(number(0.1), Unit::Percent)
        .of(1, 1, 3600)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "More than {threshold} of the mail is reported as spam; at 0.5 % Amazon SES may stop the account from sending.",
            "Look at which mailing it is, whether people asked for it, and whether they can leave.",
        )
        .source("Amazon SES developer guide: an account is under review at 0.1 % complaints."),
    alarm("Mail.RenderingFailures", &[&CONFIGURATION_SET], &[one("RenderingFailure", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "A mail could not be made from its template: it is not sent.",
            "Compare the variables of the template with the data that is sent with it.",
        )
        .source("Our own: Amazon SES developer guide, RenderingFailure; each is a mail that nobody gets."),
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
