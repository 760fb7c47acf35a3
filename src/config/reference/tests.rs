//! The reference says what the reader does: the same keys, and for each key the same values.

use super::{KEYS, Key, POLICY_KEYS, Shape};
use crate::config::layer::Layer;
use crate::config::policy::Policy;
use crate::config::raw::{ENFORCED_KEYS, Raw, TEMPLATE_KEYS};
use crate::config::reader::Reader;
use crate::template::Pointer;
use serde_json::{Value, json};

/// What is wrong with a template's configuration.
fn mistakes(config: &Value) -> Vec<String> {
    let mut reader = Reader::new(Layer::Template);
    Raw::read(&mut reader, config, &Pointer::root(), TEMPLATE_KEYS);
    reader.mistakes.iter().map(|mistake| format!("{} ({})", mistake.what, mistake.help)).collect()
}

/// What is wrong with a policy.
fn policy_mistakes(mut policy: Value) -> Vec<String> {
    policy["Version"] = json!(1);
    let policy = Policy::read(&policy);
    policy.mistakes().iter().map(|mistake| format!("{} ({})", mistake.what, mistake.help)).collect()
}

/// A configuration that says one thing, with whatever else must be said beside it.
fn at(path: &str, value: &Value) -> Value {
    let mut config = value.clone();
    let names: Vec<&str> = path.split('.').collect();
    for (index, name) in names.iter().enumerate().rev() {
        let (name, is_list) = name.strip_suffix("[]").map_or((*name, false), |name| (name, true));
        let name = match name {
            "<Group>" => "Api",
            "<Alarm>" => "LatencyP99",
            "<Method>" => "GET /x",
            "<Tier>" => "Basic",
            other => other,
        };
        if names.get(index + 1).is_none() {
            // The other half of what comes in pairs.
            let beside = [
                ("Rate", "Burst"),
                ("Burst", "Rate"),
                ("Limit", "Period"),
                ("Period", "Limit"),
                ("Id", "Reason"),
                ("Reason", "Id"),
                ("Where", "Id"),
            ];
            config = json!({name: config});
            for (_, other) in beside
                .iter()
                .filter(|(one, _)| *one == name && !path.starts_with("Alarms") && !path.starts_with("Custom"))
            {
                config[*other] = match *other {
                    "Rate" | "Burst" | "Limit" => json!(7),
                    "Period" => json!("DAY"),
                    _ => json!("TR303"),
                };
            }
            if name == "Where" {
                config["Reason"] = json!("r");
            }
            if ["AccessLogs.RetentionInDays", "AccessLogs.Format"].contains(&path) {
                config["CreateLogGroup"] = json!(true);
            }
            let required_tag = path.starts_with("RequiredTags[].") && name != "Key";
            if required_tag {
                config["Key"] = json!("k");
            }
        } else {
            config = complete_plan(name, config);
            config = if is_list { json!({name: [config]}) } else { json!({name: config}) };
        }
    }
    config
}

/// A usage plan has both halves.
fn complete_plan(name: &str, mut config: Value) -> Value {
    let halves = [("Throttle", json!({"Rate": 7, "Burst": 7})), ("Quota", json!({"Limit": 7, "Period": "DAY"}))];
    for (key, half) in halves.into_iter().filter(|_| name == "Basic") {
        if config.get(key).is_none() {
            config[key] = half;
        }
    }
    config
}

/// Values that a shape takes, and values that it does not.
#[allow(clippy::wildcard_enum_match_arm, reason = "what is not here is in `own_values`")]
fn values(shape: Shape) -> (Vec<Value>, Vec<Value>) {
    let reference = json!({"Ref": "X"});
    let text = |length: usize| Value::from("x".repeat(length));
    match shape {
        Shape::Flag => (vec![json!(true), json!("false")], vec![json!(1), json!("yes"), reference]),
        Shape::Word(words) => (words.all().into_iter().map(Value::from).collect(), vec![json!("word"), json!(1)]),
        Shape::Amount => (vec![json!(0), json!("2.5"), reference], vec![json!(-1), json!("many"), json!([1])]),
        Shape::Burst => (vec![json!(0), json!("2"), reference], vec![json!(1.5), json!(-1)]),
        Shape::Whole(from, to) => {
            let beyond = vec![json!(i64::from(from) - 1), json!(i64::from(to) + 1), json!(1.5), reference];
            (vec![json!(from), json!(to), json!(to.to_string())], beyond)
        }
        Shape::Period => (vec![json!(60), json!(86_400)], vec![json!(0), json!(90), json!(86_460), json!("x")]),
        Shape::Days => (vec![json!(1), json!("365"), json!(3653)], vec![json!(0), json!(2), json!("x"), reference]),
        Shape::LogDestination => (
            vec![json!("arn:aws:logs:r:1:log-group:x"), reference],
            vec![json!("x"), json!(1), json!({"Ref": "AWS::NoValue"})],
        ),
        Shape::Text(longest) => (vec![text(1), text(longest)], vec![text(0), json!(" "), text(longest + 1), json!(1)]),
        Shape::Texts => (vec![json!("A::B"), json!(["A::B", "*"])], vec![json!([]), json!([1]), json!("")]),
        Shape::Accounts => (
            vec![json!("111122223333"), json!(111_122_223_333_u64), json!(["1111*", "*"])],
            vec![json!("1111"), json!("prod"), json!([]), json!("111122223333*")],
        ),
        Shape::Name => (vec![text(1), text(128), reference], vec![text(0), text(129), json!({"Ref": "AWS::Region"})]),
        Shape::Statistic => (
            vec![json!("p99.9"), json!("Average"), json!("tm5"), json!("IQM"), json!("p100")],
            vec![json!("p101"), json!("avg"), json!(1)],
        ),
        Shape::Topics => (
            vec![json!("Topic"), reference.clone(), json!(["arn:aws:sns:r:1:t", reference])],
            vec![json!([]), json!(["A", "B", "C", "D", "E", "F"]), json!("")],
        ),
        Shape::Verbs => (vec![json!(["GET"])], vec![json!(["get"]), json!("GET")]),
        Shape::Tags => (
            vec![json!({"Team": "x", "Number": 7, "Stack": {"Ref": "AWS::StackName"}})],
            vec![json!(["Team"]), json!({"aws:x": "y"}), json!({"Team": ["x"]})],
        ),
        Shape::Guardrails => (
            vec![json!({"unthrottled-stage": "Off"}), json!({"unthrottled-stage": false})],
            vec![json!({"unthrottled": "Off"}), json!("Off")],
        ),
        Shape::Id => (vec![json!("Api.LatencyP99"), json!("TR303")], vec![json!("Nothing"), json!(7)]),
        Shape::Object => (Vec::new(), vec![json!([]), json!(1), json!(true)]),
        Shape::ObjectOrFalse => (vec![json!(false)], vec![json!([]), json!("x")]),
        Shape::ObjectOrFlag => (vec![json!(true), json!(false), json!({})], vec![json!([]), json!(1)]),
        Shape::List => (Vec::new(), vec![json!({}), json!("x")]),
        Shape::As(_) => (Vec::new(), Vec::new()),
        other => own_values(other),
    }
}

/// The same for what only rows of an organisation say.
#[allow(clippy::wildcard_enum_match_arm, reason = "all other shapes are in `values`")]
fn own_values(shape: Shape) -> (Vec<Value>, Vec<Value>) {
    match shape {
        Shape::Types => {
            (vec![json!("A::B"), json!(["Custom::X", "A::B::C"])], vec![json!([]), json!("Queue"), json!("A::*")])
        }
        Shape::OwnId => (
            vec![json!("Payments.Age2")],
            vec![json!("Payments"), json!("payments.Age"), json!("Api.LatencyP99"), json!("A.Enabled")],
        ),
        Shape::NumberOrShare => (
            vec![json!(0), json!("2.5"), json!({"Property": "A.B", "Percent": 90})],
            vec![json!(-1), json!("many"), json!({"Ref": "X"}), json!({"Property": "A"}), json!({"Percent": 5})],
        ),
        Shape::Positive => (vec![json!(0.5), json!("2.5")], vec![json!(0), json!(-1), json!("many")]),
        Shape::MetricId => (vec![json!("x")], vec![json!("X"), json!("alarm"), json!("a-b"), json!(""), json!(1)]),
        Shape::RankStatistic => (
            vec![json!("p99"), json!("PR(:{threshold})"), json!("TC(100:)"), json!("TS(1:{threshold})")],
            vec![json!("PR(:)"), json!("PR({limit}:)"), json!("Median"), json!("TC(1)")],
        ),
        Shape::Expression => (
            vec![json!("x"), json!("IF(x > 1 AND x < 2, 100 * x / PERIOD(x), 0.5)")],
            vec![
                json!("y"),
                json!("1"),
                json!("(x"),
                json!("x)"),
                json!("SEARCH('{x} y', x)"),
                json!("SUMS(x)"),
                json!(""),
            ],
        ),
        Shape::FastPeriod => {
            (vec![json!(10), json!(30), json!(60)], vec![json!(0), json!(40), json!(90), json!(86_460)])
        }
        Shape::Dimensions => (
            vec![
                json!({"A": "Ref"}),
                json!({"A": {"GetAtt": "Arn"}, "B": {"Value": {"Ref": "AWS::Region"}}}),
                json!({"A": {"Property": "X.Y"}}),
            ],
            vec![
                json!({}),
                json!([]),
                json!({"A": "x"}),
                json!({"A": {"Value": "x"}}),
                json!({":a": "Ref"}),
                json!({"A": {"Ref": "X"}}),
            ],
        ),
        _ => panic!("{shape:?} is not theirs alone"),
    }
}

/// The keys of templates that can be said alone.
fn template_keys() -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(|key| key.path != "NoSuppress")
}

#[test]
fn the_reader_takes_what_the_reference_says_and_nothing_else() {
    for key in template_keys() {
        let (good, bad) = values(key.shape);
        for value in good {
            assert_eq!(mistakes(&at(key.path, &value)), Vec::<String>::new(), "{} {value}", key.path);
        }
        for value in bad {
            assert_ne!(mistakes(&at(key.path, &value)), Vec::<String>::new(), "{} {value}", key.path);
        }
    }
    for key in POLICY_KEYS.iter().filter(|key| key.path.starts_with("Accounts[].")) {
        let (good, bad) = values(key.shape);
        assert!(good.iter().all(|value| policy_mistakes(at(key.path, value)).is_empty()), "{}", key.path);
        for value in bad {
            assert!(!policy_mistakes(at(key.path, &value)).is_empty(), "{} {value}", key.path);
        }
    }
}

/// A policy with one row of its own that says one thing in place of what a right row says.
fn own_row(path: &str, value: &Value) -> Value {
    let mut row = json!({"Id": "A.B", "Description": "d"});
    let (key, nested) = path.split_once(['.', '[']).map_or((path, None), |(key, nested)| (key, Some(nested)));
    if ["Metrics", "Expression", "MinSamples"].contains(&key) {
        return math_row(key, nested.and_then(|nested| nested.strip_prefix("].")), value);
    }
    if let Some(nested) = nested {
        let mut share = json!({"Property": "P", "Percent": 50});
        share[nested] = value.clone();
        return own_row(key, &share);
    }
    if key != "LogPattern" {
        row["ResourceTypes"] = json!("X::Y");
        row["Namespace"] = json!("N");
        row["MetricName"] = json!("M");
        row["Dimensions"] = json!({"D": "Ref"});
        row["Statistic"] = json!("Sum");
        row["ComparisonOperator"] = json!("GreaterThanThreshold");
        row["EvaluationPeriods"] = json!(1440);
        row["Period"] = json!(60);
    }
    row[key] = value.clone();
    if key == "Period" {
        row["EvaluationPeriods"] = json!(1);
    }
    json!({"Custom": [row]})
}

/// The same with metric math: `inner` is a key of its metric.
fn math_row(key: &str, inner: Option<&str>, value: &Value) -> Value {
    let mut row = json!({
        "Id": "A.B", "Description": "d", "ResourceTypes": "X::Y", "Namespace": "N", "Dimensions": {"D": "Ref"},
        "ComparisonOperator": "GreaterThanThreshold", "Metrics": [{"Id": "x", "MetricName": "M", "Statistic": "Sum"}],
        "Expression": "x",
    });
    match inner {
        Some(inner) => {
            row["Metrics"][0][inner] = value.clone();
            row["Expression"] = row["Metrics"][0]["Id"].clone();
        }
        None => row[key] = value.clone(),
    }
    if key == "MinSamples" {
        row["Expression"] = json!("IF(x >= {min}, x, 0)");
    }
    json!({"Custom": [row]})
}

#[test]
fn rows_of_an_organisation_take_what_the_reference_says_and_nothing_else() {
    for key in POLICY_KEYS.iter().filter(|key| key.path.starts_with("Custom[].")) {
        let (good, bad) = values(key.shape);
        let example = key.example.map(|example| serde_json::from_str(example).unwrap());
        for value in good.into_iter().chain(example) {
            assert_eq!(
                policy_mistakes(own_row(key.path.trim_start_matches("Custom[]."), &value)),
                Vec::<String>::new(),
                "{} {value}",
                key.path
            );
        }
        for value in bad {
            assert_ne!(
                policy_mistakes(own_row(key.path.trim_start_matches("Custom[]."), &value)),
                Vec::<String>::new(),
                "{} {value}",
                key.path
            );
        }
    }
}

#[test]
fn every_example_is_taken() {
    for key in template_keys() {
        let example =
            key.example.map(|example| serde_json::from_str(example).unwrap_or_else(|_| panic!("{}", key.path)));
        if let Some(example) = example {
            assert_eq!(mistakes(&at(key.path, &example)), Vec::<String>::new(), "{}", key.path);
        }
    }
    let no_suppress = KEYS.iter().find(|key| key.path == "NoSuppress").and_then(|key| key.example).unwrap();
    let no_suppress: Value = serde_json::from_str(no_suppress).unwrap();
    assert_eq!(policy_mistakes(json!({"Enforced": {"NoSuppress": no_suppress}})), Vec::<String>::new());
}

#[test]
fn what_can_be_enforced_is_what_enforced_takes() {
    let mut enforced: Vec<&str> = KEYS
        .iter()
        .filter(|key| key.is_below("") && !key.path.contains('[') && key.stricter.is_some())
        .map(|key| key.path)
        .collect();
    enforced.sort_unstable();
    let mut taken = ENFORCED_KEYS.to_vec();
    taken.sort_unstable();
    assert_eq!(enforced, taken);
}
