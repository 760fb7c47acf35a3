//! `untraced-function`: functions send traces to X-Ray.

use super::tracing::{Traced, report};
use super::tracing_role::{POLICY, is_at_edge, permit, permit_serverless};
use crate::catalogue::guards::observability::UNTRACED_FUNCTION;
use crate::edit::Edit;
use crate::guard::check::{Check, Entry};
use crate::guard::state::{State, state};
use crate::template::intrinsic::is_intrinsic;
use crate::template::{Resource, Template};
use serde_json::{Value, json};

const TYPES: &[&str] = &["AWS::Lambda::Function", "AWS::Serverless::Function"];

/// What Lambda checks when a function is created or changed. Source: Lambda developer guide, "Visualize Lambda function invocations using X-Ray".
const ACTIONS: &[&str] = &["xray:PutTraceSegments"];

pub(super) const ENTRY: Entry = (&UNTRACED_FUNCTION, look);

fn look(check: &mut Check<'_, '_, '_>) {
    let template = check.template();
    for function in check.written(TYPES) {
        let trust = template.property(function, "AssumeRolePolicyDocument");
        if is_at_edge(template, template.property(function, "Role"), trust) {
            continue;
        }
        let property = if function.is_serverless() { "Tracing" } else { "TracingConfig" };
        let fix = fix(template, function);
        let written = if function.is_serverless() { "`Tracing: Active`" } else { "`TracingConfig: {Mode: Active}`" };
        let help = match &fix {
            Some(_) => format!("set {written}"),
            None => format!(
                "give its role `{POLICY}`, deploy, and then set {written}: without the permission the deployment fails"
            ),
        };
        let traced = Traced {
            name: format!("the function {}", function.id),
            owners: vec![function.id.to_owned()],
            stage: None,
            at: function.property_at(property),
            property,
            state: is_traced(template, function),
            help,
            fix,
        };
        report(check, traced);
    }
}

fn is_traced(template: &Template<'_>, function: &Resource<'_>) -> State {
    let is_active = |mode: &Value| mode.as_str().map(|mode| mode == "Active");
    match function.is_serverless() {
        true => state(template.property(function, "Tracing"), &[], &is_active),
        false => state(function.own("TracingConfig"), &["Mode"], &is_active),
    }
}

/// The property and, where it is needed, the permission. A template that refers to a role has it whenever it has the function.
fn fix(template: &Template<'_>, function: &Resource<'_>) -> Option<Vec<Edit>> {
    function.takes_properties().then_some(())?;
    let (at, value, mut edits) = if function.is_serverless() {
        let permission = permit_serverless(template, function, "Role", ACTIONS)?;
        (function.property_at("Tracing"), json!("Active"), permission)
    } else {
        let permission = permit(template, function.own("Role")?, ACTIONS)?;
        let at = function.property_at("TracingConfig");
        match function.own("TracingConfig") {
            None => (at, json!({"Mode": "Active"}), permission),
            Some(value) if value.is_object() && !is_intrinsic(value) => (at.child("Mode"), json!("Active"), permission),
            Some(_) => return None,
        }
    };
    if function.is_serverless() && function.own("Tracing").is_some() {
        return None;
    }
    edits.push(Edit::Insert { at, value });
    Some(edits)
}
