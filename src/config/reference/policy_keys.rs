//! The table of a policy's own keys, as [`super::keys`] is that of templates.

use super::keys::key;
use super::shape::Words;
use super::{Key, Shape};
use Shape::{Accounts, As, Dimensions, Expression, FastPeriod, List, MetricId, NumberOrShare, Object, OwnId, Positive};
use Shape::{RankStatistic, Statistic, Text, Texts, Types, Whole, Word};

/// The keys of a policy file, besides those of [`super::KEYS`] in its sections.
pub static POLICY_KEYS: &[Key] = &[
    key("Version", Whole(1, 1), "required", "The version of the format.").like("1"),
    key(
        "Custom",
        List,
        "none",
        "The organisation's own alarms, in the shape of the catalogue's: on metrics of any resource type, or on a pattern in the logs of functions. \
         They are configured and suppressed like all others.",
    ),
    key("Custom[].Id", OwnId, "required", "Group and name. The group may be new; the id may not be one of the catalogue.")
        .like(r#""Payments.BacklogAge""#),
    key(
        "Custom[].ResourceTypes",
        Types,
        "required",
        "The resource types that it watches, unknown ones too. A type of SAM and what SAM makes of it are one.",
    )
    .like(r#"["AWS::SQS::Queue"]"#),
    key("Custom[].Namespace", Text(255), "required", "CloudWatch's namespace.").like(r#""AWS/SQS""#),
    key("Custom[].MetricName", Text(255), "required, or `Metrics`", "The metric.").like(r#""ApproximateAgeOfOldestMessage""#),
    key(
        "Custom[].Dimensions",
        Dimensions,
        "required",
        "The metric's dimensions. At least one must tell resources apart; a resource without the property is not watched.",
    )
    .like(r#"{"QueueName": {"GetAtt": "QueueName"}}"#),
    key("Custom[].Statistic", Statistic, "required, or `Metrics`", "Of the metric.").like(r#""Maximum""#),
    key(
        "Custom[].Metrics",
        List,
        "none",
        "In place of `MetricName` and `Statistic`: up to ten metrics of the namespace, all with the same dimensions. The first one is what the alarm is about.",
    ),
    key("Custom[].Metrics[].Id", MetricId, "required", "Its name in the expression.").like(r#""errors""#),
    key("Custom[].Metrics[].MetricName", Text(255), "required", "The metric.").like(r#""Errors""#),
    key(
        "Custom[].Metrics[].Statistic",
        RankStatistic,
        "required",
        "Of the metric. `{threshold}` in a range is the threshold: `PR(:{threshold})` is the share of values up to it, in percent.",
    )
    .like(r#""PR(:{threshold})""#),
    key(
        "Custom[].Expression",
        Expression,
        "required with `Metrics`",
        "Metric math over the ids of `Metrics`; what it comes to is held against the threshold. `{min}` is `MinSamples`, `{gate}` one half less.",
    )
    .like(r#""100 * x""#),
    key(
        "Custom[].MinSamples",
        Whole(1, 1_000_000),
        "required with `{min}` or `{gate}`",
        "How many failures or slow requests a period needs before it counts: what stands for `{min}` in the expression, unless a setting has another.",
    )
    .like("3"),
    key(
        "Custom[].LogPattern",
        Text(1024),
        "none",
        "In place of all that says which metric is read: a filter pattern of CloudWatch Logs. The log group of each function, where it is in the template, gets a metric filter \
         and an alarm on the number of lines that match.",
    )
    .like(r#""\"Task timed out\"""#),
    key(
        "Custom[].ComparisonOperator",
        Word(Words::Comparison),
        "required; of log patterns `GreaterThanThreshold`",
        "On which side of the threshold it fires.",
    ),
    key(
        "Custom[].Threshold",
        NumberOrShare,
        "none: it is off until a setting has one; of log patterns 0",
        "The threshold, unless a setting has another: a number, or a share of a property of the resource.",
    )
    .like("300"),
    key(
        "Custom[].Threshold.Property",
        Text(255),
        "required",
        "The property's path. Where it is an intrinsic, the metric is divided by it, because CloudFormation cannot multiply.",
    )
    .like(r#""Timeout""#),
    key("Custom[].Threshold.Percent", Whole(1, 1000), "required", "How much of it, in percent.").like("90"),
    key(
        "Custom[].Threshold.Scale",
        Positive,
        "`1`",
        "How many units of the metric one of the property's is: 1000 where the property is in s and the metric in ms.",
    )
    .like("1000"),
    key(
        "Custom[].Threshold.Absent",
        Positive,
        "none: then no alarm",
        "The service's default, in the property's unit: what holds where the property is absent.",
    )
    .like("3"),
    key("Custom[].Unit", Word(Words::Unit), "`Count`", "What the threshold counts, for people. The alarm itself gets no unit."),
    key("Custom[].Period", FastPeriod, "`60`", "Length of a period."),
    key("Custom[].EvaluationPeriods", Whole(1, 1440), "`1`", "N: how many periods are looked at."),
    key("Custom[].DatapointsToAlarm", Whole(1, 1440), "`EvaluationPeriods`", "M: how many of them must be bad."),
    key("Custom[].TreatMissingData", Word(Words::Missing), "`notBreaching`", "What a period without data means."),
    key("Custom[].Severity", Word(Words::Severity), "`Warning`", "Which topic is told."),
    key("Custom[].Profile", Word(Words::Profile), "`Standard`", "The first profile that has it."),
    key(
        "Custom[].Description",
        Text(512),
        "required",
        "What is wrong when it fires, in a sentence; `{threshold}` is filled in.",
    )
    .like(r#""The oldest message has waited for more than {threshold}.""#),
    key("Custom[].FirstLook", Text(256), "none", "The first thing to look at, in a sentence."),
    key("Custom[].Runbook", Text(512), "`Runbook`", "Link in the description."),
    key("Custom[].Source", Text(512), "none", "Where the numbers come from, for `toprail explain`."),
    key("Defaults", Object, "none", "What holds unless a template says otherwise."),
    key(
        "Enforced",
        Object,
        "none",
        "Floors and locks: a template may be stricter, never laxer. In place of what is laxer the policy's value holds, and a finding names \
         both places.",
    ),
    key(
        "Accounts",
        List,
        "none",
        "The same two for some accounts, regions or environments. The most specific entry wins: an account counts before an environment, that \
         before a region, a full name before a pattern. Two that are equally specific for the same are a mistake.",
    ),
    key("Accounts[].Account", Accounts, "any", "Account ids, or patterns of them.").like(r#""111122223333""#),
    key("Accounts[].Region", Texts, "any", "Regions, or patterns of them.").like(r#""eu-*""#),
    key("Accounts[].Environment", Texts, "any", "What a template says with `Environment`, or patterns of it.")
        .like(r#""prod""#),
    key("Accounts[].Defaults", As("Defaults"), "none", "Wins over the policy's `Defaults`."),
    key(
        "Accounts[].Enforced",
        As("Enforced"),
        "none",
        "Holds in place of the policy's `Enforced`, setting by setting.",
    ),
];
