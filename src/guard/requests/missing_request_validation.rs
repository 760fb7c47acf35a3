//! `missing-request-validation`: REST APIs refuse requests that cannot be right, before a function is paid to do so.

use crate::catalogue::guards::requests::MISSING_REQUEST_VALIDATION;
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::methods::{Form, Is, Method, is_on, judge};
use crate::target::Protocol;
use indexmap::IndexMap;
use serde_json::Value;

/// How many methods are named.
const NAMED: usize = 3;
const VALIDATOR: &str = "x-amazon-apigateway-request-validator";

pub(super) const ENTRY: Entry = (&MISSING_REQUEST_VALIDATION, look);

fn look(check: &mut Check<'_, '_, '_>) {
    let mut by_api: IndexMap<&str, Vec<&Method<'_, '_>>> = IndexMap::new();
    let methods = check.view.methods();
    // HTTP APIs have no request validation; for WebSocket APIs it is part of a model, not of a method.
    for method in methods.iter().filter(|method| method.api.protocol == Protocol::Rest && is_concerned(method)) {
        if matches!(is_validated(method), Is::No(_)) {
            by_api.entry(&method.api.id).or_default().push(method);
        }
    }
    for (api, methods) in by_api {
        let Some(first) = methods.first() else { continue };
        let mut names: Vec<_> = methods.iter().take(NAMED).map(|method| method.name()).collect();
        if let Some(more) = methods.len().checked_sub(NAMED).filter(|more| *more > 0) {
            names.push(format!("{more} more"));
        }
        let what = format!("{api} passes requests on without looking at them: {}", names.join(", "));
        let help = "give these methods a request validator, and a model of the body";
        let violation = Violation::new(first.route.at.clone(), api, what, help);
        check.report(if first.owner.id == api { violation } else { violation.of(first.owner.id) });
    }
}

/// Methods with a body, or with parameters that must be there. Not a proxy for all paths below one, whose requests have no one shape, nor a mock.
fn is_concerned(method: &Method<'_, '_>) -> bool {
    let has_body = matches!(method.route.verb.as_str(), "POST" | "PUT" | "PATCH");
    let is_proxy = method.route.path.display().ends_with("+}");
    !is_proxy && !method.is_mock() && !method.is_preflight() && (has_body || requires_parameters(method))
}

/// Query parameters or headers that are required. Those in the path are there, or it would be another path.
fn requires_parameters(method: &Method<'_, '_>) -> bool {
    let is_checked = |name: &str| name.contains("querystring") || name.contains("header");
    let is_required = |value: &Value| {
        let flag = value.get("Required").or_else(|| value.get("required")).unwrap_or(value);
        is_on(Some(flag)) == Is::Yes
    };
    let of_object = |parameters: &Value| {
        let mut entries = parameters.as_object().into_iter().flatten();
        entries.any(|(name, value)| is_checked(name) && is_required(value))
    };
    match method.form {
        Form::Method => method.owner.own("RequestParameters").is_some_and(of_object),
        Form::Event(properties) => {
            let list = properties.and_then(|properties| properties.get("RequestParameters")).and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(of_object))
        }
        Form::Operation { .. } => method.operations().iter().any(|(operation, _)| {
            let parameters = operation.get("parameters").and_then(Value::as_array);
            parameters.into_iter().flatten().any(|parameter| {
                let place = parameter.get("in").and_then(Value::as_str);
                matches!(place, Some("query" | "header")) && is_required(parameter)
            })
        }),
        Form::Route | Form::QuickCreate | Form::SamRoute(_) => false,
    }
}

fn is_validated(method: &Method<'_, '_>) -> Is {
    let is_there = |value: Option<&Value>| value.map_or(Is::from(false), there);
    match method.form {
        Form::Method => is_there(method.owner.own("RequestValidatorId")),
        Form::Operation { body, .. } => {
            let operations = method.operations();
            let general = is_there(body.get(VALIDATOR));
            let one = |operation: &Value| is_there(operation.get(VALIDATOR)).or(general.clone());
            operations.iter().fold(Is::Yes, |all, (operation, when)| all.and(one(operation).only(when)))
        }
        Form::Event(properties) => by_event(properties),
        Form::Route | Form::QuickCreate | Form::SamRoute(_) => Is::Yes,
    }
}

/// A validator that only CloudFormation knows is one.
fn there(value: &Value) -> Is {
    match judge(Some(value), &|value| Is::from(!value.is_null())) {
        Is::Unknown => Is::Yes,
        is @ (Is::Yes | Is::No(_)) => is,
    }
}

/// SAM makes a validator for an event that says what to validate: of the model, or of the parameters. Source: SAM specification, `RequestModel` and
/// `RequestParameter`.
fn by_event(properties: Option<&Value>) -> Is {
    let property = |name: &str| properties.and_then(|properties| properties.get(name));
    let model = property("RequestModel");
    let of_model =
        |key: &str| model.map_or(Is::from(false), |model| judge(Some(model), &|model| is_on(model.get(key))));
    of_model("ValidateBody").or(of_model("ValidateParameters"))
}
