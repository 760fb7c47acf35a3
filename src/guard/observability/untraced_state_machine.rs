//! `untraced-state-machine`: state machines send traces to X-Ray.

use super::tracing::{Traced, report};
use super::tracing_role::{POLICY, permit, permit_serverless};
use crate::catalogue::guards::observability::UNTRACED_STATE_MACHINE;
use crate::edit::Edit;
use crate::guard::check::{Check, Entry};
use crate::guard::state::state;
use crate::template::intrinsic::{as_bool, is_intrinsic};
use crate::template::{Resource, Template};
use serde_json::json;

const TYPES: &[&str] = &["AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"];

/// Source: Step Functions developer guide, "IAM policies for X-Ray".
const ACTIONS: &[&str] =
    &["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"];

pub(super) const ENTRY: Entry = (&UNTRACED_STATE_MACHINE, look);

fn look(check: &mut Check<'_, '_, '_>) {
    let template = check.template();
    for machine in check.written(TYPES) {
        let property = if machine.is_serverless() { "Tracing" } else { "TracingConfiguration" };
        let fix = fix(template, machine, property);
        let help = match &fix {
            Some(_) => format!("set `{property}: {{Enabled: true}}`"),
            None => format!("set `{property}: {{Enabled: true}}` and give its role `{POLICY}`"),
        };
        let traced = Traced {
            name: format!("the state machine {}", machine.id),
            owners: vec![machine.id.to_owned()],
            stage: None,
            at: machine.property_at(property),
            property,
            state: state(template.property(machine, property), &["Enabled"], &as_bool),
            help,
            fix,
        };
        report(check, traced);
    }
}

fn fix(template: &Template<'_>, machine: &Resource<'_>, property: &'static str) -> Option<Vec<Edit>> {
    machine.takes_properties().then_some(())?;
    let mut edits = match machine.is_serverless() {
        true => permit_serverless(template, machine, "Role", ACTIONS)?,
        false => permit(template, machine.own("RoleArn")?, ACTIONS)?,
    };
    let at = machine.property_at(property);
    let (at, value) = match machine.own(property) {
        None => (at, json!({"Enabled": true})),
        Some(value) if value.is_object() && !is_intrinsic(value) => (at.child("Enabled"), json!(true)),
        Some(_) => return None,
    };
    edits.push(Edit::Insert { at, value });
    Some(edits)
}
