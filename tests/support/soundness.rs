//! What holds for every transform: what was there is still there in its order, what was added is valid, and a second pass adds nothing.

use super::Out;
use serde_json::Value;
use std::collections::BTreeSet;

/// CloudWatch's and CloudFormation's limits.
const LONGEST_ALARM_NAME: usize = 255;
const LONGEST_DESCRIPTION: usize = 1024;

/// What is wrong with a transform.
pub(crate) fn complaints(out: &Out) -> Vec<String> {
    let mut complaints = Vec::new();
    lost(&out.before, out.fragment(), "", &mut complaints);
    if out.outcome.failed() && !is_same(&out.before, out.fragment()) {
        complaints.push("a transform that failed has changed the fragment".to_owned());
    }
    complaints
        .extend(out.findings("TR900").iter().map(|finding| format!("internal: {}: {}", finding.at, finding.what)));
    // Parameters of the call stand in `Transform`, which a fragment does not have.
    let is_nowhere = |at: &toprail::template::Pointer| {
        at.resolve(&out.before).is_none() && at.segments().next().is_none_or(|section| section != "Transform")
    };
    let lost = out.outcome.findings.iter().filter(|finding| is_nowhere(&finding.at));
    complaints.extend(lost.map(|finding| format!("{} is at {}, which does not exist", finding.code.id, finding.at)));
    let again = toprail::transform(out.fragment().clone(), &out.context);
    if !is_same(&again.fragment, out.fragment()) {
        let more: Vec<_> = added(out.fragment(), &again.fragment).iter().map(Value::to_string).collect();
        complaints.push(format!("a second pass adds {}", more.join("\n  ")));
    }
    complaints.extend(out.alarms().iter().flat_map(|alarm| invalid(out, alarm.id(), alarm.resource)));
    complaints
}

/// Only what is wrong with what was there before.
pub(crate) fn losses(before: &Value, after: &Value) -> Vec<String> {
    let mut complaints = Vec::new();
    lost(before, after, "", &mut complaints);
    complaints
}

/// Whether two values are the same bytes: equal values may differ in the order of keys.
fn is_same(a: &Value, b: &Value) -> bool {
    let (a, b) = (a.to_string(), b.to_string());
    a == b
}

/// What stood in `before` and is not in `after`, or not in its order.
fn lost(before: &Value, after: &Value, at: &str, complaints: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let mut keys = after.keys();
            for (key, value) in before {
                match after.get(key) {
                    Some(other) => lost(value, other, &format!("{at}/{key}"), complaints),
                    None => complaints.push(format!("{at}/{key} is lost")),
                }
                if after.contains_key(key) && !keys.any(|other| other == key) {
                    complaints.push(format!("{at}/{key} has moved"));
                }
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() <= after.len() => {
            for (index, (value, other)) in before.iter().zip(after).enumerate() {
                lost(value, other, &format!("{at}/{index}"), complaints);
            }
        }
        _ if is_same(before, after) => {}
        _ => complaints.push(format!("{at} was {before} and is {after}")),
    }
}

/// What is in `after` and not in `before`: the smallest values that are wholly new.
pub(crate) fn added(before: &Value, after: &Value) -> Vec<Value> {
    let mut out = Vec::new();
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (key, value) in after {
                match before.get(key) {
                    Some(other) => out.extend(added(other, value)),
                    None => out.push(super::object([(key.clone(), value.clone())])),
                }
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            for (index, value) in after.iter().enumerate() {
                match before.get(index) {
                    Some(other) => out.extend(added(other, value)),
                    None => out.push(value.clone()),
                }
            }
        }
        _ if before == after => {}
        _ => out.push(after.clone()),
    }
    out
}

/// What CloudFormation or CloudWatch would refuse about an alarm.
fn invalid(out: &Out, id: &str, resource: &Value) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut complain = |what: String| complaints.push(format!("{id}: {what}"));
    let properties = &resource["Properties"];
    if id.len() > 255 || !id.chars().all(|c| c.is_ascii_alphanumeric()) || id.is_empty() {
        complain("not a logical id".to_owned());
    }
    for (name, longest) in [("AlarmName", LONGEST_ALARM_NAME), ("AlarmDescription", LONGEST_DESCRIPTION)] {
        let length = longest_text(&properties[name]);
        if length > longest {
            complain(format!("{name} may have {length} characters: {}", properties[name]));
        }
    }
    if properties["Threshold"].is_null() || properties["Threshold"].as_str().is_some_and(|text| text.contains("NaN")) {
        complain("no threshold".to_owned());
    }
    let is_math = properties.get("Metrics").is_some();
    let statistics = ["Statistic", "ExtendedStatistic"].iter().filter(|name| properties.get(**name).is_some()).count();
    if statistics != usize::from(!is_math) || is_math == properties.get("MetricName").is_some() {
        complain(format!("needs `Metrics`, or one metric and one statistic: {properties}"));
    }
    let (m, n) = (properties["DatapointsToAlarm"].as_u64(), properties["EvaluationPeriods"].as_u64());
    if m.is_none() || m > n {
        complain(format!("{m:?} of {n:?}"));
    }
    complaints.extend(dangling(out, resource).into_iter().map(|name| format!("{id}: nothing is called {name}")));
    complaints
}

/// The length of a text with 64 characters for every value that only CloudFormation knows, 128 for the stack's name.
fn longest_text(value: &Value) -> usize {
    let text = value.get("Fn::Sub").unwrap_or(value);
    let mut rest = text.as_str().unwrap_or_default();
    let mut length = 0;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        length += before.chars().count();
        length += match name {
            "AWS::StackName" => 128,
            literal if literal.starts_with('!') => literal.chars().count() + 2,
            _ => 64,
        };
        rest = tail;
    }
    length + rest.chars().count()
}

/// Names that an added resource refers to and that nothing has, unless the author refers to them too.
fn dangling(out: &Out, resource: &Value) -> Vec<String> {
    let (mut theirs, mut ours) = (BTreeSet::new(), BTreeSet::new());
    names(&out.before, &mut theirs);
    names(resource, &mut ours);
    let known = |name: &String| {
        let (kind, name) = name.split_once(' ').unwrap_or_default();
        let first = name.split('.').next().unwrap_or_default();
        let has = |section: &str| out.fragment().get(section).is_some_and(|section| section.get(first).is_some());
        let whole = out.fragment().get("Resources").is_some();
        match kind {
            "condition" => has("Conditions") || !whole,
            // A `Ref` to something that can be no name is the author's mistake in whatever form it comes.
            _ => {
                !whole
                    || !first.chars().all(|c| c.is_ascii_alphanumeric() || c == ':')
                    || first.is_empty()
                    || has("Resources")
                    || has("Parameters")
                    || name.starts_with("AWS::")
                    || matches!(first, "ServerlessRestApi" | "ServerlessHttpApi")
                    || is_made_by_sam(out.fragment(), first)
            }
        }
    };
    ours.into_iter().filter(|name| !theirs.contains(name) && !known(name)).collect()
}

/// What the additions to a deployed template refer to and what it does not have, unless the author's part refers to it too.
pub(crate) fn dangling_references(before: &Value, after: &Value) -> Vec<String> {
    let (mut theirs, mut ours) = (BTreeSet::new(), BTreeSet::new());
    names(before, &mut theirs);
    names(&after["Resources"], &mut ours);
    let exists = |name: &str| {
        let first = name.split('.').next().unwrap_or_default();
        let has = |section: &str| after[section].get(first).is_some();
        has("Resources")
            || has("Parameters")
            || name.starts_with("AWS::")
            || first.starts_with("Serverless")
            || is_made_by_sam(after, first)
    };
    let named = ours.iter().filter(|name| !theirs.contains(*name)).filter_map(|name| name.strip_prefix("name "));
    named.filter(|name| !exists(name)).map(str::to_owned).collect()
}

/// Whether SAM makes a resource of this name: it begins with the id of the one that it is made for. `tests/acceptance` compares with the real SAM.
fn is_made_by_sam(template: &Value, name: &str) -> bool {
    let is_maker = |(id, resource): (&String, &Value)| {
        name.starts_with(id.as_str()) && resource["Type"].as_str().is_some_and(|of| of.starts_with("AWS::Serverless::"))
    };
    template["Resources"].as_object().is_some_and(|resources| resources.iter().any(is_maker))
}

fn names(value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| names(item, out)),
        Value::Object(object) => {
            for (key, value) in object {
                match (key.as_str(), value) {
                    ("Ref", Value::String(name)) => _ = out.insert(format!("name {name}")),
                    ("Condition", Value::String(name)) => _ = out.insert(format!("condition {name}")),
                    ("Fn::GetAtt", Value::Array(items)) => {
                        let name = items.first().and_then(Value::as_str).unwrap_or_default();
                        out.insert(format!("name {name}"));
                    }
                    ("Fn::If", Value::Array(items)) => {
                        let name = items.first().and_then(Value::as_str).unwrap_or_default();
                        out.insert(format!("condition {name}"));
                    }
                    ("Fn::Sub", Value::String(text)) => {
                        let variables = text.split("${").skip(1).filter_map(|rest| rest.split_once('}'));
                        let variables = variables.map(|(name, _)| name).filter(|name| !name.starts_with('!'));
                        out.extend(variables.map(|name| format!("name {name}")));
                    }
                    _ => {}
                }
                names(value, out);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
