//! `unscoped-lambda-permission`: a permission that lets a service call a function says on whose behalf.

use crate::catalogue::guards::access::UNSCOPED_LAMBDA_PERMISSION;
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::methods::{Is, judge, under};
use crate::template::intrinsic::{as_bool, is_intrinsic};
use crate::template::text::{Part, Text};
use crate::template::{Resource, When};
use serde_json::Value;

const TYPES: &[&str] = &["AWS::Lambda::Permission"];
/// What narrows a permission down. Source: CloudFormation reference, `AWS::Lambda::Permission`.
const SCOPES: &[&str] = &["SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken"];

pub(super) const ENTRY: Entry = (&UNSCOPED_LAMBDA_PERMISSION, look);

const FUNCTION: &[&str] = &["AWS::Serverless::Function"];
/// Services that a source cannot be asked of. Load balancers call functions of their own account only (Elastic Load Balancing user guide, "Lambda
/// functions as targets"), and their target group cannot be named in a permission that has to be there before it. Which source CloudFormation names when it
/// calls a macro is not documented.
const WITHOUT_SOURCE: &[&str] = &["elasticloadbalancing.", "cloudformation."];

/// Who is let in.
enum Caller {
    Everybody,
    Service(String),
}

fn look(check: &mut Check<'_, '_, '_>) {
    alexa_events(check);
    for permission in check.written(TYPES) {
        let Some(caller) = permission.own("Principal").and_then(caller).filter(|_| !is_for_url(permission)) else {
            continue;
        };
        let Some(when) = unscoped(permission) else { continue };
        let id = permission.id;
        let what = match &caller {
            Caller::Everybody => format!("{id} lets every AWS account call the function{}", under(&when)),
            Caller::Service(name) if name.starts_with("alexa-") => {
                format!("{id} lets every Alexa skill call the function{}", under(&when))
            }
            Caller::Service(name) => {
                format!("{id} lets {name} call the function on behalf of any AWS account{}", under(&when))
            }
        };
        let help = match (&caller, permission.own("EventSourceToken")) {
            (Caller::Service(name), None) if name.starts_with("alexa-") => {
                "set `EventSourceToken` to the id of the skill"
            }
            (Caller::Service(_), _) => "set `SourceArn` to what calls, or `SourceAccount` to `!Ref AWS::AccountId`",
            (Caller::Everybody, _) => "name the account in `Principal`, or the organisation in `PrincipalOrgID`",
        };
        check.report(Violation::new(permission.property_at("SourceArn"), id, what, help));
    }
}

/// SAM's event for a skill that it does not name.
fn alexa_events(check: &mut Check<'_, '_, '_>) {
    for function in check.written(FUNCTION) {
        let events = function.own("Events").and_then(Value::as_object);
        for (name, event) in events.into_iter().flatten() {
            let is_skill = event.get("Type").is_some_and(|kind| kind == "AlexaSkill");
            if is_skill && event.get("Properties").and_then(|properties| properties.get("SkillId")).is_none() {
                let at = function.property_at("Events").child(name);
                let what = format!("the event {name} of {} lets every Alexa skill call the function", function.id);
                check.report(Violation::new(at, function.id, what, "set `SkillId` to the id of the skill"));
            }
        }
    }
}

/// The caller, if it is not an account, a role or a user, which speak for themselves.
fn caller(principal: &Value) -> Option<Caller> {
    let text = Text::read(principal)?;
    if text.as_literal() == Some("*") {
        return Some(Caller::Everybody);
    }
    let name = text.display();
    let is_service = match text.parts().last()? {
        Part::Literal(end) => {
            [".amazonaws.com", ".amazonaws.com.cn", ".amazon.com"].iter().any(|suffix| end.ends_with(suffix))
        }
        Part::Ref(name) => name == "AWS::URLSuffix",
        Part::Attribute(..) | Part::Opaque(_) => false,
    };
    let has_no_source = WITHOUT_SOURCE.iter().any(|service| name.starts_with(service));
    (is_service && !has_no_source && !name.starts_with("arn:")).then_some(Caller::Service(name))
}

/// Permissions of function URLs: whether everybody may call these is for `missing-authorization`.
fn is_for_url(permission: &Resource<'_>) -> bool {
    permission.own("FunctionUrlAuthType").is_some()
        || permission.own("InvokedViaFunctionUrl").and_then(as_bool) == Some(true)
        || permission.own("Action").is_some_and(|action| action == "lambda:InvokeFunctionUrl")
}

/// When nothing narrows the permission down.
fn unscoped(permission: &Resource<'_>) -> Option<When> {
    let narrows = |name: &&str| {
        let value = permission.own(name);
        match value {
            Some(value)
                if is_intrinsic(value)
                    && value.get("Fn::If").is_none()
                    && value.get("Ref").is_none_or(|name| name != "AWS::NoValue") =>
            {
                Is::Yes
            }
            value => judge(value, &|value| Is::from(is_narrow(value))),
        }
    };
    match SCOPES.iter().fold(Is::from(false), |is, name| is.or(narrows(name))) {
        Is::No(when) => Some(when),
        Is::Yes | Is::Unknown => None,
    }
}

/// An ARN of any account and any resource narrows nothing.
fn is_narrow(value: &Value) -> bool {
    let Some(text) = value.as_str() else { return !value.is_null() };
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", _, _, _, account, resource] => !(matches!(*account, "*" | "") && resource.starts_with('*')),
        _ => !matches!(text.trim(), "" | "*"),
    }
}
