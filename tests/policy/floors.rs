//! `Enforced`: setting × layer × direction.

use super::support::{transform_in, yaml};
use super::{context, replaced, step, template, under};
use serde_json::{Value, json};
use toprail::config::Layer;

/// A setting of an alarm: where, its key, what is enforced, what is laxer or otherwise, what is stricter, and what holds where nobody says anything.
const ALARM_SETTINGS: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("LatencyP99", "Threshold", "3000", "4000", "2000", "3000"),
    ("SuccessRate", "Threshold", "90", "80", "95", "90"),
    ("LatencyP99", "Period", "120", "300", "60", ""),
    ("LatencyP95", "Period", "120", "300", "60", "120"),
    ("LatencyP99", "EvaluationPeriods", "4", "5", "3", "4"),
    ("LatencyP99", "DatapointsToAlarm", "2", "3", "1", "2"),
    ("ServerErrorRate", "MinSamples", "2", "9", "1", "2"),
    ("LatencyP95", "Severity", "Critical", "Warning", "Critical", "Critical"),
    ("LatencyP95", "Enabled", "true", "false", "true", ""),
    ("LatencyP99", "Statistic", "p99", "p90", "p99", "p99"),
    ("LatencyP99", "TreatMissingData", "breaching", "ignore", "breaching", "breaching"),
    ("LatencyP99", "Runbook", "https://a", "https://b", "https://a", "https://a"),
    ("LatencyP99", "Description", "Slow.", "Fine.", "Slow.", "Slow."),
];

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}

/// What comes of a setting that stands in a layer of the template.
fn said_in(layer: Layer, alarm: &str, key: &str, value: &Value, policy: &Value) -> super::support::Out {
    let alarms = json!({"Api": {alarm: {key: value}}});
    let mut context = context(policy);
    let config = if layer == Layer::Template {
        json!({"Alarms": alarms})
    } else if layer == Layer::Method {
        json!({"Methods": {"GET /x": {alarm: {key: value}}}})
    } else {
        json!({})
    };
    let mut template = template(&config);
    if layer == Layer::Transform {
        context.params.insert("Config".to_owned(), json!(json!({"Alarms": alarms}).to_string()));
    } else if layer == Layer::Resource {
        template["Resources"]["A"]["Metadata"] = json!({"Toprail": {"Alarms": alarms}});
    }
    transform_in(template, context)
}

#[test]
fn a_laxer_setting_of_an_alarm_is_replaced_in_every_layer_and_a_stricter_one_stays() {
    for (alarm, key, enforced, laxer, stricter, _) in ALARM_SETTINGS {
        let at = format!("/Enforced/Alarms/Api/{alarm}/{key}");
        let policy = json!({"Enforced": {"Alarms": {"Api": {*alarm: {*key: parsed(enforced)}}}}});
        for layer in [Layer::Template, Layer::Transform, Layer::Resource, Layer::Method] {
            let out = said_in(layer, alarm, key, &parsed(laxer), &policy);
            let step = step(&out, "GET /x", alarm, key).unwrap();
            assert_eq!(
                (step.from.layer, step.from.at.as_str()),
                (Layer::Enforced, at.as_str()),
                "{alarm} {key} {layer:?}"
            );
            assert_eq!(step.over.map(|(_, from)| from.layer), Some(layer), "{alarm} {key} {layer:?}");
            let findings = replaced(&out);
            assert!(findings.len() == 1 && findings[0].1 == at, "{alarm} {key} {layer:?}: {findings:?}");
            assert!(findings[0].0.ends_with(&format!("/{key}")), "{findings:?}");
            assert!(!out.outcome.failed());

            let out = said_in(layer, alarm, key, &parsed(stricter), &policy);
            let kept = super::step(&out, "GET /x", alarm, key).unwrap();
            assert_eq!(kept.from.layer, layer, "{alarm} {key} {layer:?}");
            assert_eq!(replaced(&out), [], "{alarm} {key} {layer:?}");
        }
    }
}

#[test]
fn a_default_that_is_laxer_is_raised_without_a_word() {
    for (alarm, key, enforced, _, _, holds) in ALARM_SETTINGS {
        let policy = json!({"Enforced": {"Alarms": {"Api": {*alarm: {*key: parsed(enforced)}}}}});
        let out = transform_in(template(&json!({})), context(&policy));
        let step = step(&out, "GET /x", alarm, key);
        assert_eq!(step.is_some(), !holds.is_empty(), "{alarm} {key}: {step:?}");
        assert!(step.is_none_or(|step| step.from.layer == Layer::Enforced && step.value.replace(',', "").starts_with(holds)));
        assert_eq!(replaced(&out), [], "{alarm} {key}");
    }
}

#[test]
fn the_alarm_that_is_made_has_what_is_enforced() {
    let policy = "Enforced: {Alarms: {Api: {LatencyP99: {Threshold: 3000, EvaluationPeriods: 2, Period: 120, TreatMissingData: breaching}}}}";
    let out = under(
        policy,
        "Alarms: {Api: {LatencyP99: {Threshold: 9000, EvaluationPeriods: 6, DatapointsToAlarm: 6, Period: 300}}}",
    );
    let alarm = out.alarm("GET /x", "LatencyP99");
    assert_eq!((alarm.threshold(), alarm.window().as_str()), (&json!(3000), "120 s, 2 of 2"));
    assert_eq!(alarm.property("TreatMissingData"), &json!("breaching"));
    assert_eq!(replaced(&out).len(), 3);
}

#[test]
fn an_intrinsic_cannot_be_compared_and_is_replaced() {
    let out = under(
        "Enforced: {Alarms: {Api: {LatencyP99: {Threshold: 3000}}}}",
        "Alarms: {Api: {LatencyP99: {Threshold: !Ref P}}}",
    );
    assert_eq!(out.alarm("GET /x", "LatencyP99").threshold(), &json!(3000));
    assert!(out.finding("TR220").what.contains("is an intrinsic, which cannot be compared"));
    let out = under("Enforced: {Throttle: {Rate: 10, Burst: 20}}", "Throttle: {Rate: !Ref P, Burst: 5}");
    assert_eq!(out.at("/Resources/S/Properties/MethodSettings/0/ThrottlingRateLimit"), &json!(10));
    assert_eq!(out.at("/Resources/S/Properties/MethodSettings/0/ThrottlingBurstLimit"), &json!(5));
}

#[test]
fn a_threshold_that_follows_a_property_is_held_too() {
    let out = under("Enforced: {Alarms: {Function: {Duration: {Threshold: 2000}}}}", "");
    assert_eq!(out.alarm("G", "Duration").threshold(), &json!(2000), "90 % of 3 s is laxer");
    assert_eq!(out.alarm("F", "Duration").threshold(), &json!(2000), "what is not known cannot be compared");
    assert_eq!(
        replaced(&out),
        [("/Resources/F".to_owned(), "/Enforced/Alarms/Function/Duration/Threshold".to_owned())]
    );
    let out = under("Enforced: {Alarms: {Function: {Duration: {Threshold: 2800}}}}", "");
    assert_eq!(out.alarm("G", "Duration").threshold(), &json!(2700), "90 % of 3 s is stricter");
}

#[test]
fn an_alarm_that_is_kept_on_cannot_be_lost_in_any_way() {
    let policy = "Enforced: {Enabled: true, Alarms: {Api: {ServerErrorRate: true}}}";
    for config in [
        "Alarms: {Api: {ServerErrorRate: false}}",
        "Alarms: {Api: false}",
        "Alarms: {Stage: false, Api: {Enabled: false}}",
        "Methods: {'*': false}",
        "Methods: {GET /x: {ServerErrorRate: false}}",
        "Profile: Essential",
        "Enabled: false",
        "Suppress: [{Id: Api.ServerErrorRate, Reason: r}]",
    ] {
        let out = under(policy, config);
        assert!(out.has("GET /x", "ServerErrorRate") && out.has("A prod", "ServerErrorRate"), "{config}");
        let said = out.findings("TR220").len() + out.findings("TR221").len();
        assert_eq!(said > 0, !config.starts_with("Profile"), "{config}");
    }
}

/// A setting of the template as a whole: what is enforced, what is laxer, what is stricter, and where the template says it.
const SETTINGS: &[(&str, &str, &str, &str)] = &[
    ("Enabled: true", "Enabled: false", "Enabled: true", "/Enabled"),
    ("Mode: Inject", "Mode: Audit", "Mode: Inject", "/Mode"),
    ("Profile: Standard", "Profile: Essential", "Profile: Critical", "/Profile"),
    ("DetailedMetrics: true", "DetailedMetrics: false", "DetailedMetrics: true", "/DetailedMetrics"),
    (
        "Throttle: {Rate: 100, Burst: 50}",
        "Throttle: {Rate: 200, Burst: 50}",
        "Throttle: {Rate: 99, Burst: 50}",
        "/Throttle",
    ),
    (
        "Throttle: {Rate: 100, Burst: 50}",
        "Throttle: {Rate: 100, Burst: 60}",
        "Throttle: {Rate: 1, Burst: 1}",
        "/Throttle",
    ),
    ("Throttle: {Rate: 100, Burst: 50}", "Throttle: false", "Throttle: {Rate: 0, Burst: 0}", "/Throttle"),
    (
        "Guardrails: {unthrottled-stage: Info}",
        "Guardrails: {unthrottled-stage: Off}",
        "Guardrails: {unthrottled-stage: Warn}",
        "/Guardrails/unthrottled-stage",
    ),
    (
        "Guardrails: {unthrottled-stage: Warn}",
        "Guardrails: {unthrottled-stage: Info}",
        "Guardrails: {unthrottled-stage: Fix}",
        "/Guardrails/unthrottled-stage",
    ),
    (
        "Guardrails: {unthrottled-stage: Fix}",
        "Guardrails: {unthrottled-stage: Warn}",
        "Guardrails: {unthrottled-stage: Deny}",
        "/Guardrails/unthrottled-stage",
    ),
    (
        "Guardrails: {unthrottled-stage: Deny}",
        "Guardrails: {unthrottled-stage: Fix}",
        "Guardrails: {unthrottled-stage: Deny}",
        "/Guardrails/unthrottled-stage",
    ),
    ("AlarmNames: Readable", "AlarmNames: Generated", "AlarmNames: Readable", "/AlarmNames"),
    ("Runbook: 'https://a'", "Runbook: 'https://b'", "Runbook: 'https://a'", "/Runbook"),
    ("Budget: 10", "Budget: 11", "Budget: 9", "/Budget"),
    ("Budget: 10", "Budget: !Ref P", "Budget: 10", "/Budget"),
    ("Tags: {Team: a}", "Tags: {Team: b}", "Tags: {Team: a, Other: c}", "/Tags/Team"),
];

#[test]
fn a_laxer_setting_of_the_template_is_replaced_and_a_stricter_one_stays() {
    for (enforced, laxer, stricter, at) in SETTINGS {
        let policy = format!("Enforced: {{{enforced}}}");
        let out = under(&policy, laxer);
        let at = (format!("/Metadata/Toprail{at}"), format!("/Enforced{at}"));
        assert_eq!(replaced(&out), [at], "{enforced} over {laxer}");
        assert_eq!(replaced(&under(&policy, stricter)), [], "{enforced} under {stricter}");
        let alone = under(&policy, "");
        assert_eq!(replaced(&alone), [], "{enforced}");
        // Once replaced, it is as if the template had said what the policy says.
        assert_eq!(additions(&out), additions(&under(&policy, enforced)), "{enforced} over {laxer}");
    }
}

fn additions(out: &super::support::Out) -> Value {
    out.fragment()["Resources"].clone()
}

#[test]
fn what_is_enforced_holds_where_nobody_says_anything() {
    let out = under(
        "Enforced: {Throttle: {Rate: 100, Burst: 800}, Tags: {Team: a}, Notify: {Critical: 'arn:aws:sns:r:1:t'}}",
        "",
    );
    let stage = "/Resources/S/Properties/MethodSettings/0";
    assert_eq!(out.at(&format!("{stage}/ThrottlingRateLimit")), &json!(100));
    assert_eq!(out.at(&format!("{stage}/ThrottlingBurstLimit")), &json!(500), "the default is stricter");
    assert_eq!(out.at("/Resources/G/Properties/Tags/0/Value"), &json!("a"));
    assert_eq!(out.alarm("G", "ErrorRate").property("AlarmActions"), &json!(["arn:aws:sns:r:1:t"]));
    assert!(under("Enforced: {Profile: Critical}", "").names_of("GET /x").len() >= 5);
    assert!(under("Enforced: {Guardrails: {unthrottled-stage: Deny}}", "").outcome.failed());
    assert_eq!(
        under("Enforced: {Budget: 0}", "").finding("TR504").policy.as_ref().unwrap().as_str(),
        "/Enforced/Budget"
    );
}

#[test]
fn what_resources_and_methods_say_is_held_as_well() {
    let policy = json!({"Enforced": {"Enabled": true, "Throttle": {"Rate": 10, "Burst": 10}, "Tags": {"Team": "a"}, "DetailedMetrics": true}});
    let mut template = template(&json!({"Methods": {"GET /x": {"Throttle": {"Rate": 20, "Burst": 5}}}}));
    template["Resources"]["S"]["Metadata"] =
        json!({"Toprail": {"Enabled": false, "Throttle": false, "Tags": {"Team": "b"}, "DetailedMetrics": false}});
    let out = transform_in(template, context(&policy));
    assert_eq!(replaced(&out).len(), 5, "{:#?}", replaced(&out));
    assert_eq!(out.at("/Resources/S/Properties/Tags/0/Value"), &json!("a"));
    let settings = out.at("/Resources/S/Properties/MethodSettings").to_string();
    assert!(!settings.contains(":20") && settings.contains("\"ThrottlingRateLimit\":10"), "{settings}");
    assert!(out.has("A prod", "LatencyP99") && out.has("GET /x", "LatencyP99"));
}

#[test]
fn enforced_topics_are_told_beside_those_of_the_template() {
    let policy = "Enforced: {Notify: {Critical: ['arn:aws:sns:r:1:soc']}}";
    let actions = |config: &str| under(policy, config).alarm("G", "ErrorRate").property("AlarmActions").clone();
    assert_eq!(actions("Notify: {Critical: T}"), json!(["arn:aws:sns:r:1:soc", {"Ref": "T"}]));
    assert_eq!(actions("Notify: {Critical: 'arn:aws:sns:r:1:soc'}"), json!(["arn:aws:sns:r:1:soc"]));
    let five = "Notify: {Critical: ['arn:aws:sns:r:1:a', 'arn:aws:sns:r:1:b', 'arn:aws:sns:r:1:c', 'arn:aws:sns:r:1:d', 'arn:aws:sns:r:1:e']}";
    assert_eq!(actions(five).as_array().unwrap().len(), 5, "CloudWatch takes no more");
    assert_eq!(replaced(&under(policy, five)).len(), 1);
    let list = under(policy, "Notify: {Critical: !Ref Many}");
    assert_eq!(list.errors(), Vec::<String>::new(), "a list cannot stand beside others");
    assert_eq!(replaced(&list).len(), 1);
}

#[test]
fn a_laxer_limit_on_a_stage_itself_stays_and_is_named_with_both_places() {
    let limited = |settings: Value| {
        let mut template = template(&json!({}));
        template["Resources"]["S"]["Properties"]["MethodSettings"] = settings;
        transform_in(template, context(&yaml("{Enforced: {Throttle: {Rate: 100, Burst: 50}}}")))
    };
    let at = |entry: &str, field: &str| {
        (format!("/Resources/S/Properties/MethodSettings/{entry}/{field}"), "/Enforced/Throttle".to_owned())
    };
    let entry = |path: &str, rate: Value, burst: Value| json!({"ResourcePath": path, "HttpMethod": if path == "/*" { "*" } else { "GET" }, "ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst});
    let out = limited(json!([entry("/*", json!("5000"), json!(50)), entry("/~1x", json!(7), json!(-1))]));
    assert_eq!(replaced(&out), [at("0", "ThrottlingRateLimit"), at("1", "ThrottlingBurstLimit")]);
    assert_eq!(out.at("/Resources/S/Properties/MethodSettings/0/ThrottlingRateLimit"), "5000");
    assert_eq!(replaced(&limited(json!([entry("/*", json!(100), json!({"Ref": "P"}))]))), []);
}
