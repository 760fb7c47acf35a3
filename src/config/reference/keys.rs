//! The table of keys. A description is a sentence for people who read it in an editor; ranges and words are in the shape.

use super::shape::Words;
use super::{Key, Shape, Stricter};
use crate::config::usage_plans::LARGEST_LIMIT;
use Shape::{Amount, As, Burst, Days, Flag, Guardrails, Id, List, LogDestination, Name};
use Shape::{Object, ObjectOrFalse, ObjectOrFlag, Period, Statistic, Tags, Text, Texts, Topics};
use Shape::{Verbs, Whole, Word};
use Stricter::{Added, Locked, Order, Smaller, Sooner, True};

pub(super) const fn key(path: &'static str, shape: Shape, default: &'static str, description: &'static str) -> Key {
    Key { path, shape, default, description, stricter: None, example: None }
}

impl Key {
    const fn enforced(mut self, stricter: Stricter) -> Self {
        self.stricter = Some(stricter);
        self
    }

    pub(super) const fn like(mut self, example: &'static str) -> Self {
        self.example = Some(example);
        self
    }
}

const MODES: Stricter = Order(&["Audit", "Inject"]);
const PROFILES: Stricter = Order(&["Essential", "Standard", "Critical"]);
const SEVERITIES: Stricter = Order(&["Warning", "Critical"]);
const LEVELS: Stricter = Order(&["Off", "Info", "Warn", "Fix", "Deny"]);

/// The keys of templates, resources, and of a policy's `Defaults` and `Enforced`; top level first.
pub static KEYS: &[Key] = &[
    key("Enabled", Flag, "`true`", "`false` leaves the template, or the resource, as it is.")
        .enforced(True)
        .like("true"),
    key("Mode", Word(Words::Mode), "`Inject`", "`Audit` reports and changes nothing.")
        .enforced(MODES)
        .like(r#""Audit""#),
    key(
        "Profile",
        Word(Words::Profile),
        "`Standard`",
        "How much is watched; each profile has what the one before has.",
    )
    .enforced(PROFILES)
    .like(r#""Critical""#),
    key(
        "Environment",
        Name,
        "none",
        "Which environment the template is for: a policy may say more about it (`Accounts`).",
    )
    .like(r#""prod""#),
    key("Notify", Object, "none", "Who is told, by severity and state.").enforced(Added),
    key(
        "Notify.Critical",
        Topics,
        "none",
        "`AlarmActions` of critical alarms: an ARN, the logical id of a topic, or an intrinsic.",
    )
    .enforced(Added)
    .like(r#"{"Ref": "PagerTopic"}"#),
    key("Notify.Warning", Topics, "none", "`AlarmActions` of warnings.")
        .enforced(Added)
        .like(r#"{"Ref": "TeamTopic"}"#),
    key("Notify.Ok", Topics, "none", "`OKActions` of all alarms.")
        .enforced(Added)
        .like(r#""arn:aws:sns:eu-west-1:111122223333:ok""#),
    key("Notify.InsufficientData", Topics, "none", "`InsufficientDataActions` of all alarms.")
        .enforced(Added)
        .like(r#"["arn:aws:sns:eu-west-1:111122223333:gaps"]"#),
    key(
        "Alarms",
        Object,
        "the catalogue",
        "Settings by group, then alarm. `Stage` speaks for the stage level of APIs alone.",
    )
    .enforced(Sooner),
    key("Alarms.<Group>", ObjectOrFalse, "on", "`false`, or `Enabled: false`, switches the whole group off.")
        .enforced(True),
    key("Alarms.<Group>.Enabled", Flag, "on", "Switches the whole group on or off.").enforced(True).like("false"),
    key("Alarms.<Group>.<Alarm>", ObjectOrFlag, "by profile", "One alarm.").enforced(True).like("false"),
    key("Alarms.<Group>.<Alarm>.Enabled", Flag, "by profile", "Switches it on or off.").enforced(True).like("true"),
    key(
        "Alarms.<Group>.<Alarm>.Threshold",
        Amount,
        "the catalogue's",
        "In the unit of the catalogue: %, ms or a count.",
    )
    .enforced(Sooner)
    .like("2000"),
    key("Alarms.<Group>.<Alarm>.Period", Period, "the catalogue's", "Length of a period.")
        .enforced(Smaller)
        .like("300"),
    key(
        "Alarms.<Group>.<Alarm>.EvaluationPeriods",
        Whole(1, 1440),
        "the catalogue's",
        "N: how many periods are looked at.",
    )
    .enforced(Smaller)
    .like("5"),
    key(
        "Alarms.<Group>.<Alarm>.DatapointsToAlarm",
        Whole(1, 1440),
        "the catalogue's",
        "M: how many of them must be bad.",
    )
    .enforced(Smaller)
    .like("3"),
    key(
        "Alarms.<Group>.<Alarm>.Statistic",
        Statistic,
        "the catalogue's",
        "Statistic of the metric that the alarm is about: `p90`, `tm99`, `Average` …",
    )
    .enforced(Locked)
    .like(r#""p90""#),
    key(
        "Alarms.<Group>.<Alarm>.TreatMissingData",
        Word(Words::Missing),
        "the catalogue's",
        "What a period without data means.",
    )
    .enforced(Locked)
    .like(r#""breaching""#),
    key(
        "Alarms.<Group>.<Alarm>.MinSamples",
        Whole(1, 1_000_000),
        "the catalogue's",
        "How many failures, or slow requests, a period needs before it counts.",
    )
    .enforced(Smaller)
    .like("5"),
    key("Alarms.<Group>.<Alarm>.Severity", Word(Words::Severity), "the catalogue's", "Which topic is told.")
        .enforced(SEVERITIES)
        .like(r#""Warning""#),
    key("Alarms.<Group>.<Alarm>.Runbook", Text(512), "`Runbook`", "Link in the description.")
        .enforced(Locked)
        .like(r#""https://wiki.example.com/slow""#),
    key("Alarms.<Group>.<Alarm>.Description", Text(512), "the catalogue's", "What is wrong, in your words.")
        .enforced(Locked)
        .like(r#""Customers wait.""#),
    key(
        "Methods",
        Object,
        "none",
        "Settings by method: `\"GET /orders/{id}\"`, `\"* /admin/*\"`, `\"$connect\"`. The most specific wins.",
    ),
    key("Methods.<Method>", ObjectOrFlag, "on", "`false` watches the method at stage level only.").like("false"),
    key("Methods.<Method>.Enabled", Flag, "`true`", "Whether the method has alarms of its own.").like("false"),
    key("Methods.<Method>.<Alarm>", As("Alarms.<Group>.<Alarm>"), "", "One alarm of the method."),
    key("Methods.<Method>.Throttle", Object, "none", "A limit for the method.").like(r#"{"Rate": 20, "Burst": 40}"#),
    key("Methods.<Method>.Throttle.Rate", Amount, "required", "Requests/s."),
    key("Methods.<Method>.Throttle.Burst", Burst, "required", "Requests at once."),
    key("Methods.<Method>.AnyMethods", Verbs, "`AnyMethods`", "The verbs that are watched of an `ANY` method.")
        .like(r#"["GET"]"#),
    key(
        "Throttle",
        ObjectOrFalse,
        "1,000 requests/s, burst 500",
        "The limit of stages whose author set none. Intrinsics are welcome.",
    )
    .enforced(Smaller)
    .like(r#"{"Rate": 100, "Burst": 200}"#),
    key("Throttle.Rate", Amount, "required", "Requests/s.").enforced(Smaller),
    key("Throttle.Burst", Burst, "required", "Requests at once.").enforced(Smaller),
    key(
        "Tags",
        Tags,
        "none",
        "Tags for every resource that takes them without being replaced. A tag of the author stays.",
    )
    .enforced(Locked)
    .like(r#"{"Team": "payments"}"#),
    key("RequiredTags", List, "none", "Tags that resources must have. It reports what lacks them; `Tags` adds them.")
        .enforced(Added)
        .like(r#"[{"Key": "CostCentre", "Pattern": "cc-*"}]"#),
    key("RequiredTags[].Key", Text(128), "required", "The tag's key.").enforced(Added),
    key(
        "RequiredTags[].Pattern",
        Text(256),
        "any",
        "What a value must look like; `*` stands for any characters. Intrinsics are accepted as they are.",
    )
    .enforced(Added),
    key("RequiredTags[].Values", Texts, "any", "The values that are allowed.").enforced(Added),
    key("RequiredTags[].Types", Texts, "all that take tags", "Resource types, or patterns of them: `AWS::Lambda::*`.")
        .enforced(Added),
    key("RequiredTags[].Level", Word(Words::TagLevel), "`Warn`", "`Deny` fails the transform.").enforced(Added),
    key(
        "Tracing",
        Flag,
        "by guardrail",
        "`true` switches tracing on wherever that can be done, `false` leaves all of it as it is.",
    )
    .enforced(True)
    .like("true"),
    key(
        "AccessLogs",
        Object,
        "none",
        "Where stages that have no access logs write them. One of `Destination` and `CreateLogGroup` is needed.",
    )
    .like(r#"{"CreateLogGroup": true, "RetentionInDays": 90}"#),
    key(
        "AccessLogs.Destination",
        LogDestination,
        "none",
        "A log group, or a delivery stream of Firehose, for all stages.",
    )
    .like(r#"{"Fn::GetAtt": ["Logs", "Arn"]}"#),
    key("AccessLogs.CreateLogGroup", Flag, "`false`", "`true` adds a log group for each stage.").like("true"),
    key(
        "AccessLogs.RetentionInDays",
        Days,
        "`LogRetention`, else `365`",
        "How long the new log groups keep their entries.",
    )
    .like("90"),
    key(
        "AccessLogs.Format",
        Text(3000),
        "JSON in one line",
        "What an entry looks like, in API Gateway's `$context` variables.",
    )
    .like(r#""$context.requestId $context.status""#),
    key(
        "LogRetention",
        Days,
        "none",
        "How long the template's log groups keep their entries where that is not set. Older entries are deleted.",
    )
    .like("365"),
    key(
        "UsagePlans",
        Object,
        "none",
        "What usage plans allow one client, by tier. The guardrail `missing-usage-plan` adds plans for APIs whose methods require an API key.",
    )
    .like(r#"{"Basic": {"Throttle": {"Rate": 10, "Burst": 20}, "Quota": {"Limit": 10000, "Period": "DAY"}}}"#),
    key("UsagePlans.<Tier>", Object, "none", "The plan of a tier: `Basic`, `Premium` or `Enterprise`."),
    key("UsagePlans.<Tier>.Throttle", Object, "required", "What one client may do in a second."),
    key("UsagePlans.<Tier>.Throttle.Rate", Amount, "required", "Requests/s."),
    key("UsagePlans.<Tier>.Throttle.Burst", Burst, "required", "Requests at once."),
    key("UsagePlans.<Tier>.Quota", Object, "required", "What one client may do in a longer time."),
    key("UsagePlans.<Tier>.Quota.Limit", Whole(1, LARGEST_LIMIT), "required", "Requests in a period."),
    key("UsagePlans.<Tier>.Quota.Period", Word(Words::QuotaPeriod), "required", "When the quota starts anew."),
    key("DetailedMetrics", Flag, "`true`", "Whether detailed metrics may be switched on where alarms need them.")
        .enforced(True)
        .like("false"),
    key("Guardrails", Guardrails, "by guardrail", "What happens where a guardrail finds something missing.")
        .enforced(LEVELS)
        .like(r#"{"unthrottled-stage": "Warn"}"#),
    key("Suppress", List, "none", "Alarms, fixes or findings that are not wanted.")
        .like(r#"[{"Id": "Api.LatencyP99", "Where": "GET /reports", "Reason": "reports take minutes"}]"#),
    key(
        "Suppress[].Id",
        Id,
        "required",
        "An alarm (`Api.LatencyP99`), a guardrail (`unthrottled-stage`), or a finding (`TR303`).",
    ),
    key("Suppress[].Where", Text(1024), "everywhere", "Where: a logical id, a method, or a JSON pointer."),
    key("Suppress[].Reason", Text(1024), "required", "Why. It is shown in the plan."),
    key(
        "NoSuppress",
        Texts,
        "none",
        "What templates may not suppress: ids, or patterns such as `Api.*`. Only `Enforced` takes it.",
    )
    .enforced(Added)
    .like(r#"["unthrottled-stage", "Api.*"]"#),
    key("AnyMethods", Verbs, "none", "The verbs that are watched of `ANY` methods, such as `[GET, POST]`.")
        .like(r#"["GET", "POST"]"#),
    key(
        "AlarmNames",
        Word(Words::AlarmNames),
        "`Readable`",
        "Stack, API, stage, method and alarm; or a name made by CloudFormation.",
    )
    .enforced(Locked)
    .like(r#""Generated""#),
    key(
        "Runbook",
        Text(512),
        "none",
        "Link in each description; `{alarm}`, `{resource}`, `{stage}`, `{method}` and `{path}` are filled in.",
    )
    .enforced(Locked)
    .like(r#""https://wiki.example.com/{alarm}""#),
    key(
        "Budget",
        Amount,
        "none",
        "US dollars a month. A finding when alarms and detailed metrics are estimated to cost more.",
    )
    .enforced(Smaller)
    .like("100"),
];
