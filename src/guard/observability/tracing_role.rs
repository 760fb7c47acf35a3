//! The permission to send traces, in the role of a function or a state machine.

use super::statements::{covers, is_allowance, statements};
use crate::edit::Edit;
use crate::template::intrinsic::is_intrinsic;
use crate::template::text::{Text, referred};
use crate::template::{Resource, Template};
use serde_json::{Value, json};

/// AWS's policy with all that functions and state machines need. Source: AWS managed policy reference.
pub(super) const POLICY: &str = "AWSXRayDaemonWriteAccess";

/// AWS's policies that allow it too.
const OTHER_POLICIES: &[&str] =
    &["AWSXrayWriteOnlyAccess", "AWSXrayFullAccess", "AdministratorAccess", "PowerUserAccess"];

/// Managed policies that a role may have. Source: IAM user guide, quotas; more are given on request.
const MOST_POLICIES: usize = 10;

/// What has to be added so that a role may do all of `actions`: nothing where it may already. `None`: it cannot be given the permission here.
pub(super) fn permit(template: &Template<'_>, role: &Value, actions: &[&str]) -> Option<Vec<Edit>> {
    let role = template.resources.get(referred(role, "Arn")?.as_str()).filter(|role| role.kind == "AWS::IAM::Role")?;
    // A boundary may keep what a policy gives.
    if role.own("PermissionsBoundary").is_some() || !role.takes_properties() {
        return None;
    }
    let attached = match role.own("ManagedPolicyArns") {
        None => &[][..],
        Some(Value::Array(arns)) => arns.as_slice(),
        Some(_) => return None,
    };
    if attached.iter().any(is_known) || has_statements(role, actions) {
        return Some(Vec::new());
    }
    let arn = json!({"Fn::Sub": format!("arn:${{AWS::Partition}}:iam::aws:policy/{POLICY}")});
    let edit = Edit::Append { at: role.property_at("ManagedPolicyArns"), value: arn };
    (attached.len() < MOST_POLICIES).then(|| vec![edit])
}

/// What has to be added for a function or state machine of SAM, whose role SAM makes, with the permission, unless it names one.
pub(super) fn permit_serverless(
    template: &Template<'_>,
    resource: &Resource<'_>,
    role: &str,
    actions: &[&str],
) -> Option<Vec<Edit>> {
    if let Some(role) = template.property(resource, role) {
        return permit(template, role, actions);
    }
    let has_boundary = template.property(resource, "PermissionsBoundary").is_some();
    let policies = template.property(resource, "Policies").and_then(Value::as_array).map_or(0, Vec::len);
    // SAM attaches up to three policies of its own.
    (!has_boundary && policies + 3 <= MOST_POLICIES).then(Vec::new)
}

fn is_known(arn: &Value) -> bool {
    let Some(text) = Text::read(arn).filter(|_| arn.is_string() || is_intrinsic(arn)) else { return false };
    let text = text.display();
    let name = text.rsplit('/').next().unwrap_or_default();
    name == POLICY || OTHER_POLICIES.contains(&name)
}

fn has_statements(role: &Resource<'_>, actions: &[&str]) -> bool {
    let policies = role.own("Policies").and_then(Value::as_array).into_iter().flatten();
    let all: Vec<&Value> =
        policies.filter_map(|policy| policy.get("PolicyDocument")).filter_map(statements).flatten().collect();
    let allows = |statement: &Value, action: &str| {
        is_allowance(statement)
            && statement.get("Condition").is_none()
            && matches!(statement.get("Resource"), Some(Value::String(all)) if all == "*")
                | matches!(statement.get("Resource"), Some(Value::Array(list)) if list.iter().any(|one| one == "*"))
            && covers(statement, action) == Some(true)
    };
    actions.iter().all(|action| all.iter().any(|statement| allows(statement, action)))
}

/// Whether a text is part of a text in a value, at any depth.
fn mentions(value: &Value, what: &str) -> bool {
    match value {
        Value::String(text) => text.contains(what),
        Value::Array(items) => items.iter().any(|item| mentions(item, what)),
        Value::Object(members) => members.iter().any(|(key, value)| key.contains(what) || mentions(value, what)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether the functions of a role run at CloudFront's edge, where active tracing does not exist.
/// Source: CloudFront developer guide, "Restrictions on Lambda@Edge".
pub(super) fn is_at_edge(template: &Template<'_>, role: Option<&Value>, trust: Option<&Value>) -> bool {
    let role = role.and_then(|role| template.resources.get(referred(role, "Arn")?.as_str()));
    let trusts = [trust, role.and_then(|role| role.own("AssumeRolePolicyDocument"))];
    trusts.into_iter().flatten().any(|document| mentions(document, "edgelambda.amazonaws.com"))
}
