//! The JSON Schemas have exactly the keys that the reader takes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use serde_json::{Value, json};
use toprail::config::Policy;
use toprail::finding::Finding;
use toprail::{Context, schema, transform};

/// What is said about the configuration of a template.
fn of_template(config: &Value) -> Vec<Finding> {
    let template = json!({"Metadata": {"Toprail": config}, "Resources": {}});
    transform(template, &Context::default()).findings
}

/// What is said about the configuration of a resource.
fn of_resource(config: &Value) -> Vec<Finding> {
    let topic = json!({"Type": "AWS::SNS::Topic", "Metadata": {"Toprail": config}});
    transform(json!({"Resources": {"T": topic}}), &Context::default()).findings
}

/// What is said about a policy.
fn of_policy(policy: &Value) -> Vec<Finding> {
    Policy::read(policy).mistakes().to_vec()
}

/// The keys that are allowed where `Zzz` stands, from what is said about it.
fn allowed(findings: &[Finding]) -> Vec<String> {
    let unknown = findings.iter().find(|finding| finding.what.contains("`Zzz`"));
    let help = &unknown.unwrap_or_else(|| panic!("{findings:?}")).help;
    let (_, list) = help.split_at(help.to_lowercase().find("allowed here: ").unwrap());
    sorted(list.split('`').skip(1).step_by(2).map(str::to_owned).collect())
}

fn sorted(mut keys: Vec<String>) -> Vec<String> {
    keys.sort_unstable();
    keys
}

#[track_caller]
fn check(schema: &Value, properties: &str, findings: &[Finding]) {
    let object = schema.pointer(properties).and_then(Value::as_object).unwrap();
    assert_eq!(sorted(object.keys().cloned().collect()), allowed(findings), "{properties}");
    let closed = schema.pointer(properties.trim_end_matches("/properties")).unwrap();
    assert_eq!(closed["additionalProperties"], false, "{properties}");
}

#[test]
fn the_schema_of_templates_has_the_keys_that_the_reader_takes() {
    let schema = schema::template(&toprail::catalogue::Rows::default());
    let unknown = json!({"Zzz": 1});
    for (properties, config) in [
        ("/definitions/template/properties", unknown.clone()),
        ("/definitions/template/properties/Notify/properties", json!({"Notify": unknown})),
        ("/definitions/template/properties/Throttle/anyOf/1/properties", json!({"Throttle": unknown})),
        ("/definitions/template/properties/Guardrails/properties", json!({"Guardrails": unknown})),
        ("/definitions/template/properties/RequiredTags/items/properties", json!({"RequiredTags": [unknown]})),
        ("/definitions/template/properties/Suppress/items/properties", json!({"Suppress": [unknown]})),
        ("/definitions/alarms/properties", json!({"Alarms": unknown})),
        ("/definitions/alarm/anyOf/1/properties", json!({"Alarms": {"Api": {"LatencyP99": unknown}}})),
        ("/definitions/method/anyOf/1/properties", json!({"Methods": {"GET /": unknown}})),
    ] {
        check(&schema, properties, &of_template(&config));
    }
    for group in schema.pointer("/definitions/alarms/properties").and_then(Value::as_object).unwrap().keys() {
        let properties = format!("/definitions/alarms/properties/{group}/anyOf/1/properties");
        check(&schema, &properties, &of_template(&json!({"Alarms": {group: unknown}})));
    }
    check(&schema, "/definitions/resource/properties", &of_resource(&unknown));
}

#[test]
fn an_own_alarm_has_a_metric_several_or_a_log_pattern() {
    let schema = schema::policy();
    let row = schema.pointer("/properties/Custom/items").unwrap();
    assert_eq!(row["required"], json!(["Id", "Description"]));
    let forms = row["anyOf"].as_array().unwrap();
    for form in forms {
        let lacks = |key: &Value| json!({"Version": 1, "Custom": [rows_without(form, key)]});
        let needed = form["required"].as_array().unwrap();
        assert_eq!(of_policy(&lacks(&Value::Null)), [], "{form}");
        assert!(needed.iter().all(|key| !of_policy(&lacks(key)).is_empty()), "{form}");
    }
}

/// A row with all that a form needs, but for one key.
fn rows_without(form: &Value, left_out: &Value) -> Value {
    let values = json!({
        "Id": "A.B", "Description": "d", "ResourceTypes": "X::Y", "Namespace": "N", "MetricName": "M", "Dimensions": {"D": "Ref"},
        "Statistic": "Sum", "ComparisonOperator": "GreaterThanThreshold", "LogPattern": "x",
        "Metrics": [{"Id": "a", "MetricName": "M", "Statistic": "Sum"}], "Expression": "2 * a",
    });
    let needed = form["required"].as_array().unwrap();
    let is_written = |key: &str| {
        (matches!(key, "Id" | "Description") || needed.iter().any(|needed| needed == key)) && left_out != key
    };
    let written = values.as_object().unwrap().iter().filter(|(key, _)| is_written(key));
    Value::Object(written.map(|(key, value)| (key.clone(), value.clone())).collect())
}

#[test]
fn the_schema_of_policies_has_the_keys_that_the_reader_takes() {
    let schema = schema::policy();
    let unknown = json!({"Zzz": 1});
    for (properties, policy) in [
        ("/properties", unknown.clone()),
        ("/definitions/defaults/properties", json!({"Defaults": unknown})),
        ("/definitions/enforced/properties", json!({"Enforced": unknown})),
        ("/properties/Accounts/items/properties", json!({"Accounts": [unknown]})),
        ("/properties/Custom/items/properties", json!({"Custom": [unknown]})),
        ("/properties/Custom/items/properties/Metrics/items/properties", json!({"Custom": [{"Metrics": [unknown]}]})),
        (
            "/properties/Custom/items/properties/Threshold/anyOf/1/properties",
            json!({"Custom": [{"Threshold": unknown}]}),
        ),
    ] {
        check(&schema, properties, &of_policy(&policy));
    }
}
