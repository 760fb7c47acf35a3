//! `wildcard-cors-origin`: browsers are told which sites may read an API's answers.

use crate::catalogue::guards::access::WILDCARD_CORS_ORIGIN;
use crate::guard::check::{Check, Entry, Violation};
use crate::target::entries;
use crate::template::intrinsic::{as_bool, branches, is_intrinsic};
use crate::template::text::referred;
use crate::template::{Object, Pointer, Template};
use indexmap::IndexMap;
use serde_json::Value;

/// The header, as it stands at the end of `method.response.header.…` and `gatewayresponse.header.…`.
const HEADER: &str = "access-control-allow-origin";

/// Where the API of a resource is named, the property to look into, and how it says which sites may read. What an API itself says comes first, because
/// the first place is the one that is reported.
const PLACES: &[(&str, Option<&str>, &str, Form)] = &[
    ("AWS::ApiGatewayV2::Api", None, "CorsConfiguration", Form::Settings),
    ("AWS::ApiGatewayV2::Api", None, "Body", Form::Definition),
    ("AWS::Serverless::HttpApi", None, "CorsConfiguration", Form::Settings),
    ("AWS::Serverless::HttpApi", None, "DefinitionBody", Form::Definition),
    ("AWS::Serverless::Api", None, "Cors", Form::SamRest),
    ("AWS::Serverless::Api", None, "DefinitionBody", Form::Definition),
    ("AWS::Serverless::Api", None, "GatewayResponses", Form::Definition),
    ("AWS::ApiGateway::RestApi", None, "Body", Form::Definition),
    ("AWS::ApiGateway::Method", Some("RestApiId"), "Integration", Form::Definition),
    ("AWS::ApiGateway::GatewayResponse", Some("RestApiId"), "ResponseParameters", Form::Definition),
    ("AWS::Lambda::Url", None, "Cors", Form::Settings),
    ("AWS::Serverless::Function", None, "FunctionUrlConfig", Form::Url),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// CORS settings.
    Settings,
    /// CORS settings of SAM's REST APIs, where an origin that is not written is `*`. Source: SAM specification, `CorsConfiguration`.
    SamRest,
    /// An OpenAPI definition, or headers of answers.
    Definition,
    /// Settings of a function URL, CORS among them.
    Url,
}

pub(super) const ENTRY: Entry = (&WILDCARD_CORS_ORIGIN, look);

fn look(check: &mut Check<'_, '_, '_>) {
    let mut open: IndexMap<String, Vec<Pointer>> = IndexMap::new();
    let template = check.template();
    for (kind, api, property, form) in PLACES {
        for resource in template.of_kind(kind) {
            let value = resource.own(property).map(|value| (value, resource.property_at(property)));
            let global = || {
                let section = kind.strip_prefix("AWS::Serverless::")?;
                let value = template.global(resource, property)?;
                Some((value, globals_at(section).child(*property)))
            };
            let Some((value, at)) = value.or_else(global) else { continue };
            let owner = match api {
                None => resource.id.to_owned(),
                Some(api) => {
                    resource.own(api).and_then(|id| referred(id, api)).unwrap_or_else(|| resource.id.to_owned())
                }
            };
            find(*form, value, &at, open.entry(owner).or_default());
        }
    }
    implicit(check, &mut open);
    for (owner, places) in open {
        let Some((first, others)) = places.split_first() else { continue };
        let more = match others.len() {
            0 => String::new(),
            1 => ", in two places".to_owned(),
            more => format!(", in {} places", more + 1),
        };
        let what = format!("{owner} tells browsers that every site may read its answers (CORS origin `*`{more})");
        check.report(Violation::new(
            first.clone(),
            &owner,
            what,
            "name the sites that call it, such as `https://shop.example.com`",
        ));
    }
}

fn globals_at(section: &str) -> Pointer {
    Pointer::root().child("Globals").child(section)
}

/// The implicit APIs of SAM, which have no resource: their settings stand in `Globals`.
fn implicit(check: &Check<'_, '_, '_>, open: &mut IndexMap<String, Vec<Pointer>>) {
    let template: &Template<'_> = check.template();
    for api in check.view.apis.iter().filter(|api| !template.resources.contains_key(api.id.as_str())) {
        let (section, properties): (_, &[_]) = match api.id.as_str() {
            "ServerlessRestApi" => ("Api", &[("Cors", Form::SamRest), ("GatewayResponses", Form::Definition)]),
            "ServerlessHttpApi" => ("HttpApi", &[("CorsConfiguration", Form::Settings)]),
            _ => continue,
        };
        for (property, form) in properties {
            if let Some(value) = template.globals(section).and_then(|globals| globals.get(*property)) {
                find(*form, value, &globals_at(section).child(*property), open.entry(api.id.clone()).or_default());
            }
        }
    }
}

fn find(form: Form, value: &Value, at: &Pointer, out: &mut Vec<Pointer>) {
    if let Some((_, yes, no)) = branches(value) {
        find(form, yes, &at.child("Fn::If").child(1), out);
        find(form, no, &at.child("Fn::If").child(2), out);
        return;
    }
    match form {
        Form::Settings => settings(value, at, out),
        Form::SamRest => {
            let is_silent = |object: &Object| !object.is_empty() && !object.contains_key("AllowOrigin");
            if !is_intrinsic(value) && value.as_object().is_some_and(is_silent) {
                out.push(at.clone());
            }
            settings(value, at, out);
        }
        Form::Definition => definition(value, &|| at.clone(), out),
        Form::Url => {
            if let Some(cors) = value.get("Cors") {
                find(Form::Settings, cors, &at.child("Cors"), out);
            }
        }
    }
}

/// `true` is `*` in SAM's HTTP APIs; a text is the origin in SAM's REST APIs.
fn settings(value: &Value, at: &Pointer, out: &mut Vec<Pointer>) {
    let is_switch = at.last().is_some_and(|last| last == "CorsConfiguration") && as_bool(value) == Some(true);
    if is_switch || is_wildcard(value) {
        out.push(at.clone());
    }
    for key in ["AllowOrigins", "allowOrigins", "AllowOrigin"] {
        let Some(origins) = value.get(key) else { continue };
        if is_wildcard(origins) || entries(origins).iter().any(|(origin, _)| is_wildcard(origin)) {
            out.push(at.child(key));
        }
    }
}

/// Headers of answers at any depth, and API Gateway's CORS extension. Where that is matters only once there is something.
fn definition(value: &Value, at: &dyn Fn() -> Pointer, out: &mut Vec<Pointer>) {
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                let at = || at().child(key);
                if key == "x-amazon-apigateway-cors" {
                    find(Form::Settings, inner, &at(), out);
                } else if is_header(key) && is_any_wildcard(inner) {
                    out.push(at());
                } else {
                    definition(inner, &at, out);
                }
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| definition(item, &|| at().child(index), out));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_header(key: &str) -> bool {
    let start = key.len().checked_sub(HEADER.len());
    start.and_then(|start| key.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(HEADER))
}

fn is_any_wildcard(value: &Value) -> bool {
    entries(&Value::Array(vec![value.clone()])).iter().any(|(value, _)| is_wildcard(value))
}

/// `*`, which API Gateway writes in quotes of its own.
fn is_wildcard(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().trim_matches(['\'', '"']) == "*")
}
