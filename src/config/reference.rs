//! The configuration's reference: every key with what it takes, for `docs/configuration.md`. The tests hold it against what the reader accepts.

/// One key.
#[derive(Debug)]
pub struct Key {
    /// Its path: `Alarms.<Group>.<Alarm>.Threshold`.
    pub path: &'static str,
    /// What it takes.
    pub takes: &'static str,
    /// What holds where it is not set.
    pub default: &'static str,
    /// What it does.
    pub description: &'static str,
}

const fn key(path: &'static str, takes: &'static str, default: &'static str, description: &'static str) -> Key {
    Key { path, takes, default, description }
}

/// All keys, top level first.
pub static KEYS: &[Key] = &[
    key("Enabled", "boolean", "`true`", "`false` leaves the template, or the resource, as it is."),
    key("Mode", "`Inject` or `Audit`", "`Inject`", "`Audit` reports and changes nothing."),
    key(
        "Profile",
        "`Essential`, `Standard` or `Critical`",
        "`Standard`",
        "How much is watched; each profile has what the one before has.",
    ),
    key("Notify", "object", "none", "Who is told, by severity and state."),
    key(
        "Notify.Critical",
        "topic, or a list of at most 5",
        "none",
        "`AlarmActions` of critical alarms: an ARN, the logical id of a topic, or an intrinsic.",
    ),
    key("Notify.Warning", "topic, or a list of at most 5", "none", "`AlarmActions` of warnings."),
    key("Notify.Ok", "topic, or a list of at most 5", "none", "`OKActions` of all alarms."),
    key("Notify.InsufficientData", "topic, or a list of at most 5", "none", "`InsufficientDataActions` of all alarms."),
    key(
        "Alarms",
        "object",
        "the catalogue",
        "Settings by group, then alarm. `Stage` speaks for the stage level of APIs alone.",
    ),
    key("Alarms.<Group>", "`false`, or an object", "on", "`false`, or `Enabled: false`, switches the whole group off."),
    key("Alarms.<Group>.<Alarm>", "`true`, `false`, or an object", "by profile", "One alarm."),
    key("Alarms.<Group>.<Alarm>.Enabled", "boolean", "by profile", "Switches it on or off."),
    key(
        "Alarms.<Group>.<Alarm>.Threshold",
        "number, or an intrinsic",
        "the catalogue's",
        "In the unit of the catalogue: %, ms or a count.",
    ),
    key("Alarms.<Group>.<Alarm>.Period", "seconds, a multiple of 60", "the catalogue's", "Length of a period."),
    key(
        "Alarms.<Group>.<Alarm>.EvaluationPeriods",
        "whole number",
        "the catalogue's",
        "N: how many periods are looked at.",
    ),
    key(
        "Alarms.<Group>.<Alarm>.DatapointsToAlarm",
        "whole number",
        "the catalogue's",
        "M: how many of them must be bad.",
    ),
    key(
        "Alarms.<Group>.<Alarm>.Statistic",
        "CloudWatch statistic",
        "the catalogue's",
        "Statistic of the metric that the alarm is about: `p90`, `tm99`, `Average` …",
    ),
    key(
        "Alarms.<Group>.<Alarm>.TreatMissingData",
        "CloudWatch's word",
        "the catalogue's",
        "`notBreaching`, `breaching`, `ignore` or `missing`.",
    ),
    key(
        "Alarms.<Group>.<Alarm>.MinSamples",
        "whole number",
        "the catalogue's",
        "How many failures, or slow requests, a period needs before it counts.",
    ),
    key("Alarms.<Group>.<Alarm>.Severity", "`Critical` or `Warning`", "the catalogue's", "Which topic is told."),
    key("Alarms.<Group>.<Alarm>.Runbook", "URL", "`Runbook`", "Link in the description."),
    key("Alarms.<Group>.<Alarm>.Description", "text", "the catalogue's", "What is wrong, in your words."),
    key(
        "Methods",
        "object",
        "none",
        "Settings by method: `\"GET /orders/{id}\"`, `\"* /admin/*\"`, `\"$connect\"`. The most specific wins.",
    ),
    key("Methods.<Method>", "`true`, `false`, or an object", "on", "`false` watches the method at stage level only."),
    key("Methods.<Method>.Enabled", "boolean", "`true`", "Whether the method has alarms of its own."),
    key("Methods.<Method>.<Alarm>", "as in `Alarms`", "", "One alarm of the method."),
    key("Methods.<Method>.Throttle", "`{Rate, Burst}`", "none", "A limit for the method."),
    key(
        "Methods.<Method>.AnyMethods",
        "list of verbs",
        "`AnyMethods`",
        "The verbs that are watched of an `ANY` method.",
    ),
    key(
        "Throttle",
        "`{Rate, Burst}`, or `false`",
        "1,000 requests/s, burst 500",
        "The limit of stages whose author set none. Intrinsics are welcome.",
    ),
    key(
        "Tags",
        "object",
        "none",
        "Tags for every resource that takes them without being replaced. A tag of the author stays.",
    ),
    key("DetailedMetrics", "boolean", "`true`", "Whether detailed metrics may be switched on where alarms need them."),
    key("Guardrails", "object", "by guardrail", "Level by guardrail: `Off`, `Info`, `Warn`, `Deny` or `Fix`."),
    key("Suppress", "list", "none", "Alarms, fixes or findings that are not wanted: `{Id, Where, Reason}`."),
    key(
        "Suppress[].Id",
        "id",
        "",
        "An alarm (`Api.LatencyP99`), a guardrail (`unthrottled-stage`), or a finding (`TR303`).",
    ),
    key("Suppress[].Where", "logical id, method, or JSON pointer", "everywhere", "Where it is suppressed."),
    key("Suppress[].Reason", "text", "required", "Why. It is shown in the plan."),
    key("AnyMethods", "list of verbs", "none", "The verbs that are watched of `ANY` methods, such as `[GET, POST]`."),
    key(
        "AlarmNames",
        "`Readable` or `Generated`",
        "`Readable`",
        "Stack, API, stage, method and alarm; or a name made by CloudFormation.",
    ),
    key(
        "Runbook",
        "URL pattern",
        "none",
        "Link in each description; `{alarm}`, `{resource}`, `{stage}`, `{method}` and `{path}` are filled in.",
    ),
    key(
        "Budget",
        "US dollars a month",
        "none",
        "A finding when alarms and detailed metrics are estimated to cost more.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::alarm_options::ALARM_KEYS;
    use crate::config::raw::TEMPLATE_KEYS;

    #[test]
    fn the_reference_has_the_keys_that_the_reader_takes() {
        let top: Vec<_> = KEYS.iter().map(|key| key.path).filter(|path| !path.contains(['.', '['])).collect();
        let mut expected = TEMPLATE_KEYS.to_vec();
        expected.sort_unstable();
        let mut sorted = top.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, expected);
        let of_alarm: Vec<_> = KEYS.iter().filter_map(|key| key.path.strip_prefix("Alarms.<Group>.<Alarm>.")).collect();
        assert_eq!(of_alarm, ALARM_KEYS);
    }
}
