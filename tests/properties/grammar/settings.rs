//! Configurations without a mistake: in the template's metadata, and in the transform's parameters.

use super::choices::Choices;
use serde_json::{Map, Value, json};
use toprail::catalogue;

/// `Metadata.Toprail`.
pub(super) fn settings(choices: &mut Choices<'_>) -> Value {
    let mut settings = Map::new();
    for _ in 0..=choices.below(4) {
        let (key, value) = setting(choices);
        settings.insert(key.to_owned(), value);
    }
    Value::Object(settings)
}

fn setting(choices: &mut Choices<'_>) -> (&'static str, Value) {
    let topic = json!({"Ref": "Topic"});
    match choices.below(19) {
        0 => ("Profile", json!(choices.pick(&["Standard", "Essential", "Critical"]))),
        1 => ("Tags", json!({"Team": "payments", "CostCentre": choices.pick(&[json!("4711"), json!({"Ref": "Env"})])})),
        2 => ("Alarms", alarms(choices)),
        3 => ("Methods", methods(choices)),
        4 => (
            "Throttle",
            choices.pick(&[
                json!(false),
                json!({"Rate": 5, "Burst": "6"}),
                json!({"Rate": {"Ref": "Number"}, "Burst": 9}),
            ]),
        ),
        5 => (
            "Notify",
            choices.pick(&[json!({"Critical": topic}), json!({"Critical": [topic], "Warning": topic, "Ok": topic})]),
        ),
        6 => ("Notify", json!({"Critical": {"Ref": "Topics"}})),
        7 => ("AnyMethods", json!(choices.pick(&[vec!["GET"], vec!["GET", "POST"]]))),
        8 => ("AlarmNames", json!(choices.pick(&["Readable", "Generated"]))),
        9 => (
            "Suppress",
            json!([{"Id": choices.pick(&["Api.LatencyP99", "TR303", "unthrottled-stage"]), "Where": choices.pick(&["Rest0", "GET /x"]), "Reason": "known"}]),
        ),
        10 => ("Mode", json!(choices.pick(&["Inject", "Audit"]))),
        11 => ("DetailedMetrics", json!(choices.pick(&[json!(true), json!("false")]))),
        // Twice, because there is most to combine.
        12 | 13 => ("Guardrails", guardrails(choices)),
        14 => ("Tracing", json!(choices.pick(&[json!(true), json!("true"), json!(false)]))),
        15 => (
            "AccessLogs",
            choices.pick(&[
                json!({"CreateLogGroup": true}),
                json!({"Destination": {"Ref": "Env"}, "Format": "$context.requestId"}),
            ]),
        ),
        16 => ("LogRetention", json!(choices.pick(&[json!(30), json!("365")]))),
        17 => (
            "UsagePlans",
            json!({"Basic": {"Throttle": {"Rate": 10, "Burst": 20}, "Quota": {"Limit": 10_000, "Period": "DAY"}}}),
        ),
        _ => ("Budget", json!(choices.pick(&[1, 1000]))),
    }
}

/// One guardrail, or all of them, at a level that fails nothing.
fn guardrails(choices: &mut Choices<'_>) -> Value {
    let level = choices.pick(&["Fix", "Off", "Warn", "Info"]);
    let ids: Vec<&str> = catalogue::guards().map(|guard| guard.id).collect();
    let chosen = if choices.once_in(2) { ids } else { vec![choices.pick(&ids)] };
    chosen.into_iter().map(|id| (id.to_owned(), json!(level))).collect::<Map<_, _>>().into()
}

fn alarms(choices: &mut Choices<'_>) -> Value {
    let mut groups = json!({});
    for _ in 0..=choices.below(3) {
        let row = catalogue::alarms().nth(choices.below(catalogue::alarms().count())).expect("a row");
        let value = alarm(choices);
        groups[row.group()][row.name()] = value;
    }
    groups
}

fn alarm(choices: &mut Choices<'_>) -> Value {
    choices.pick(&[
        json!(false),
        json!({"Threshold": 7}),
        json!({"Threshold": {"Ref": "Number"}}),
        json!({"Period": 120, "EvaluationPeriods": 4, "DatapointsToAlarm": 3}),
        json!({"Severity": "Warning", "Description": "ours"}),
        json!({"Threshold": {"Fn::If": ["A", 5, 6]}}),
        json!({"MinSamples": 9, "TreatMissingData": "missing"}),
        json!({"Runbook": "https://example.com/{alarm}"}),
    ])
}

fn methods(choices: &mut Choices<'_>) -> Value {
    let mut methods = json!({});
    for _ in 0..=choices.below(2) {
        let pattern = choices.pick(&["GET /x", "* /orders/*", "* *", "$connect"]);
        methods[pattern] = choices.pick(&[
            json!(false),
            json!({"LatencyP99": {"Threshold": 9}}),
            json!({"Throttle": {"Rate": 2, "Burst": 3}}),
            json!({"ClientErrorRate": false, "AnyMethods": ["PUT"]}),
        ]);
    }
    methods
}

/// The transform's parameters, as CloudFormation resolves them.
pub(super) fn params(choices: &mut Choices<'_>) -> Map<String, Value> {
    let topic = super::values()["Topic"].clone();
    let params = match choices.below(4) {
        0 => json!({"Profile": "Essential"}),
        1 => json!({"NotifyCritical": topic}),
        2 => json!({"Config": "Alarms: {Api: {LatencyP99: {Threshold: 3}}}"}),
        _ => json!({"Config": settings(choices).to_string()}),
    };
    params.as_object().expect("an object").clone()
}
