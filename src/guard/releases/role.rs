//! Whether CodeDeploy may look at alarms. Where it may not, it stops the deployment, unless `IgnorePollAlarmFailure` is on: CodeDeploy API reference,
//! `AlarmConfiguration`.

use super::dependencies::refers_to;
use crate::template::intrinsic::{is_intrinsic, reference};
use crate::template::{Resource, Template};
use serde_json::Value;

/// What allows `cloudwatch:DescribeAlarms`, in small letters: actions, and policies that AWS manages. Source: AWS managed policy reference.
const ALLOWING: &[&str] = &[
    "awscodedeployrole",
    "administratoraccess",
    "poweruseraccess",
    "readonlyaccess",
    "cloudwatchfullaccess",
    "\"cloudwatch:desc",
    "\"cloudwatch:*\"",
    "\"action\":\"*\"",
    "\"action\":[\"*\"]",
];

/// Whether a role of the template visibly lacks the permission. Of a role that is elsewhere, or has policies that are, nothing is said.
pub(super) fn cannot_read_alarms(template: &Template<'_>, role: &Value) -> bool {
    let mut named = Vec::new();
    refers_to(role, &mut named);
    let is_role = |role: &&Resource<'_>| role.kind == "AWS::IAM::Role";
    let Some(role) = named.iter().find_map(|id| template.resources.get(id.as_str()).filter(is_role)) else {
        return false;
    };
    let managed = role.own("ManagedPolicyArns").map_or(&[][..], |list| list.as_array().map_or(&[], Vec::as_slice));
    let is_elsewhere = |arn: &Value| match reference(arn) {
        Some(id) => !template.resources.contains_key(id),
        None => {
            arn.as_str().is_none_or(|arn| !arn.contains(":aws:policy/")) && !arn.to_string().contains(":aws:policy/")
        }
    };
    if role.own("ManagedPolicyArns").is_some_and(is_intrinsic) || managed.iter().any(is_elsewhere) {
        return false;
    }
    !policies(template, role).any(|policy| allows(policy))
}

/// The role, and the policies of the template that are attached to it from either side.
fn policies<'v>(template: &'v Template<'_>, role: &'v Resource<'_>) -> impl Iterator<Item = &'v Resource<'v>> {
    let mut named = Vec::new();
    role.own("ManagedPolicyArns").into_iter().for_each(|arns| refers_to(arns, &mut named));
    let is_attached = move |policy: &&Resource<'_>| {
        let mut roles = Vec::new();
        ["Roles", "RoleName"].iter().filter_map(|key| policy.own(key)).for_each(|value| refers_to(value, &mut roles));
        policy.id == role.id
            || (policy.kind.starts_with("AWS::IAM::")
                && (named.iter().any(|id| id == policy.id) || roles.iter().any(|id| id == role.id)))
    };
    template.resources.values().filter(is_attached)
}

fn allows(policy: &Resource<'_>) -> bool {
    let text = policy.properties.map(|properties| Value::Object(properties.clone()).to_string().to_ascii_lowercase());
    text.is_some_and(|text| ALLOWING.iter().any(|allowing| text.contains(allowing)))
}
