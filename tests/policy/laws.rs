//! What holds for all policies and all templates: a floor is never passed, the order of keys means nothing, and the origin that is named is the layer
//! that holds the value.

use super::support::transform_unchecked;
use super::template;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use toprail::Context;
use toprail::config::{Layer, Policy};
use toprail::template::Pointer;

/// What a layer may say about an alarm.
fn options() -> impl Strategy<Value = Value> {
    let threshold = prop_oneof![4 => (1_u32..9000).prop_map(Value::from), 1 => Just(json!({"Ref": "P"}))];
    let severity = prop_oneof![Just(json!("Warning")), Just(json!("Critical"))];
    let window = (1_u32..6, 1_u32..6).prop_map(|(m, n)| (m.min(n), n));
    let (threshold, severity) = (proptest::option::of(threshold), proptest::option::of(severity));
    let (window, enabled) = (proptest::option::of(window), proptest::option::of(any::<bool>()));
    let period = proptest::option::of((1_u32..6).prop_map(|minutes| minutes * 60));
    (threshold, severity, window, enabled, period).prop_map(|(threshold, severity, window, enabled, period)| {
        let mut options = Map::new();
        options.extend(threshold.map(|threshold| ("Threshold".to_owned(), threshold)));
        options.extend(severity.map(|severity| ("Severity".to_owned(), severity)));
        if let Some((m, n)) = window {
            options.insert("DatapointsToAlarm".to_owned(), json!(m));
            options.insert("EvaluationPeriods".to_owned(), json!(n));
        }
        options.extend(enabled.map(|enabled| ("Enabled".to_owned(), json!(enabled))));
        options.extend(period.map(|period| ("Period".to_owned(), json!(period))));
        Value::Object(options)
    })
}

/// What may be enforced: numbers only, and nothing that enforces nothing.
fn floor() -> impl Strategy<Value = Value> {
    options().prop_map(|mut options| {
        let map = options.as_object_mut().unwrap();
        map.retain(|key, value| !(value.is_object() || key == "Enabled" && *value == json!(false)));
        options
    })
}

/// A template, a policy and the parameters of the call.
#[derive(Debug, Clone)]
struct Case {
    policy: Value,
    config: Value,
    resource: Value,
    params: Value,
}

/// The alarm that cases are about, by its comparison.
fn alarm() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("LatencyP99"), Just("LatencyP95")]
}

fn case() -> impl Strategy<Value = (&'static str, Case)> {
    let layers = (options(), options(), options(), options(), options(), options());
    (alarm(), layers, floor(), floor()).prop_map(|(name, layers, general, special)| {
        let (defaults, account, template, transform, resource, method) = layers;
        let alarms = |options: Value| json!({"Api": {name: options}});
        let policy = json!({
            "Version": 1,
            "Defaults": {"Alarms": alarms(defaults)},
            "Enforced": {"Alarms": alarms(general)},
            "Accounts": [{"Account": "1111*", "Defaults": {"Alarms": alarms(account)}, "Enforced": {"Alarms": alarms(special)}}],
        });
        let config = json!({"Alarms": alarms(template), "Methods": {"GET /x": {name: method}}});
        let params = json!({"Alarms": alarms(transform)});
        (name, Case { policy, config, resource: json!({"Alarms": alarms(resource)}), params })
    })
}

impl Case {
    fn run(&self) -> super::support::Out {
        let mut template = template(&self.config);
        template["Resources"]["A"]["Metadata"] = json!({"Toprail": self.resource});
        let policy = Policy::read(&self.policy);
        let mut context =
            Context { account: "111122223333".to_owned(), policy: Some(Arc::new(policy)), ..Context::default() };
        context.params.insert("Config".to_owned(), json!(self.params.to_string()));
        transform_unchecked(template, context)
    }

    /// The strictest value of a key that holds as a floor: the account's, else the general one.
    fn floor(&self, alarm: &str, key: &str) -> Option<Value> {
        let at = |section: &str| self.policy.pointer(&format!("{section}/Enforced/Alarms/Api/{alarm}/{key}")).cloned();
        at("/Accounts/0").or_else(|| at(""))
    }

    fn reversed(&self) -> Self {
        Self {
            policy: reversed(&self.policy),
            config: reversed(&self.config),
            resource: reversed(&self.resource),
            params: reversed(&self.params),
        }
    }
}

fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            map.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(reversed).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_floor_is_never_passed((name, case) in case()) {
        let out = case.run();
        prop_assume!(Policy::read(&case.policy).mistakes().is_empty() && !out.outcome.failed());
        let alarm = out.alarms_of("GET /x").into_iter().find(|alarm| alarm.name() == name);
        if case.floor(name, "Enabled").is_some() {
            prop_assert!(alarm.is_some());
        }
        let Some(alarm) = alarm else { return Ok(()) };
        if let Some(floor) = case.floor(name, "Threshold").and_then(|floor| floor.as_f64()) {
            prop_assert!(alarm.threshold().as_f64().is_some_and(|threshold| threshold <= floor));
        }
        let window = alarm.planned.window;
        for (key, value) in [
            ("Period", window.period),
            ("EvaluationPeriods", window.evaluation_periods),
            ("DatapointsToAlarm", window.datapoints),
        ] {
            if let Some(floor) = case.floor(name, key).and_then(|floor| floor.as_u64()) {
                prop_assert!(u64::from(value) <= floor, "{} {} > {}", key, value, floor);
            }
        }
        prop_assert!(window.datapoints <= window.evaluation_periods);
        if case.floor(name, "Severity") == Some(json!("Critical")) {
            prop_assert_eq!(alarm.planned.severity.as_str(), "Critical");
        }
    }

    #[test]
    fn the_order_of_keys_means_nothing((_, case) in case()) {
        let (out, other) = (case.run(), case.reversed().run());
        prop_assert_eq!(out.fragment()["Resources"]["A"]["Properties"].to_string(), other.fragment()["Resources"]["A"]["Properties"].to_string());
        prop_assert_eq!(out.signatures(), other.signatures());
        prop_assert_eq!(&out.outcome.findings, &other.outcome.findings);
    }

    #[test]
    fn the_origin_is_where_the_value_stands((name, case) in case()) {
        let out = case.run();
        prop_assume!(!out.outcome.failed());
        let template = { let mut template = out.before.clone(); template["Transform"] = json!({"Parameters": {"Config": case.params}}); template };
        for alarm in out.alarms().iter().filter(|alarm| alarm.name() == name) {
            for step in &alarm.planned.trail {
                let file = if step.from.layer.is_policy() { &case.policy } else { &template };
                let at = Pointer::parse(step.from.at.as_str()).unwrap();
                let stands = at.resolve(file);
                prop_assert!(stands.is_some(), "{:?}", step);
                let key = at.last().unwrap();
                // M is lowered with N.
                prop_assert!(key == step.key || step.key == "DatapointsToAlarm" && key == "EvaluationPeriods", "{:?}", step);
                let text = step.value.replace([',', ' '], "");
                let stands = stands.unwrap();
                let stands = stands.as_str().map_or_else(|| stands.to_string(), str::to_owned);
                prop_assert!(step.value.contains("${P}") || text.trim_end_matches(['m', 's', '%']) == stands, "{} {}", text, stands);
                prop_assert_eq!(step.from.layer == Layer::Enforced, at.as_str().contains("/Enforced/"));
            }
        }
    }
}
