//! `slow-integration-timeout`: an API waits no longer than it may, and as long as its function works.

use crate::catalogue::guards::requests::SLOW_INTEGRATION_TIMEOUT;
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::methods::{Form, Method};
use crate::target::{Protocol, leaves};
use crate::template::intrinsic::as_number;
use crate::template::text::{Part, Text, referred, thousands};
use crate::template::{Pointer, Resource, Template};
use serde_json::Value;

const INTEGRATION: &[&str] = &["AWS::ApiGatewayV2::Integration"];
const FUNCTIONS: &[&str] = &["AWS::Lambda::Function", "AWS::Serverless::Function"];
const ALIASES: &[&str] = &["AWS::Lambda::Alias", "AWS::Lambda::Version"];
/// Seconds that a function has without `Timeout`. Source: Lambda developer guide, "Configure Lambda function timeout".
const DEFAULT: f64 = 3.0;
/// Milliseconds that REST and WebSocket APIs wait at most by default. Source: API Gateway developer guide, "Amazon API Gateway quotas".
const REST_LIMIT: f64 = 29_000.0;
/// Milliseconds that HTTP APIs wait at most; this cannot be raised.
const HTTP_LIMIT: f64 = 30_000.0;

pub(super) const ENTRY: Entry = (&SLOW_INTEGRATION_TIMEOUT, look);

/// An integration that has a timeout.
struct Integration<'a, 't> {
    /// What it is called: a method, or a resource.
    name: String,
    /// The resources whose metadata speaks for it.
    owners: Vec<String>,
    method: Option<(String, String)>,
    protocol: Protocol,
    timeout: &'t Value,
    at: Pointer,
    function: Option<&'a Resource<'t>>,
}

fn look(check: &mut Check<'_, '_, '_>) {
    let template = check.template();
    let of_methods = check.view.methods().iter().flat_map(|method| of_method(template, method));
    let of_routes = check.written(INTEGRATION).filter_map(|resource| of_resource(check, resource));
    let all: Vec<_> = of_methods.chain(of_routes).collect();
    for integration in all {
        judge(check, &integration);
    }
}

fn judge(check: &mut Check<'_, '_, '_>, integration: &Integration<'_, '_>) {
    let Some(waits) = leaves(integration.timeout).iter().filter_map(|(value, _)| as_number(value)).reduce(f64::max)
    else {
        return;
    };
    let name = &integration.name;
    let limit = if integration.protocol == Protocol::Http { HTTP_LIMIT } else { REST_LIMIT };
    let shown = thousands(&waits.to_string());
    if waits > limit {
        let (what, help) = match integration.protocol {
            Protocol::Rest => (
                format!(
                    "{name} waits {shown} ms: more than 29,000 ms needs a raised quota, and a Regional or private API"
                ),
                "have the quota raised before this is deployed, or answer sooner and work on in the background",
            ),
            Protocol::Http => {
                (format!("{name} waits {shown} ms; an HTTP API waits 30,000 ms at most"), "set it to 30000 or less")
            }
            Protocol::WebSocket => {
                (format!("{name} waits {shown} ms; a WebSocket API waits 29,000 ms at most"), "set it to 29000 or less")
            }
        };
        report(check, integration, what, help.to_owned());
        return;
    }
    let Some(function) = integration.function else { return };
    let timeout = check.template().property(function, "Timeout");
    let works = timeout.map_or(Some(DEFAULT), as_number).map(|seconds| seconds * 1_000.0);
    // A function that may take longer than any API waits is another guardrail's matter.
    if let Some(works) = works.filter(|works| *works > waits && *works <= REST_LIMIT) {
        let works = thousands(&works.to_string());
        let what = format!(
            "{name} waits {shown} ms, and {} may take {works} ms: callers get 504 while it works on",
            function.id
        );
        let help = format!(
            "set the timeout of the integration to more than {works} ms, or `Timeout` of {} below it",
            function.id
        );
        report(check, integration, what, help);
    }
}

fn report(check: &mut Check<'_, '_, '_>, integration: &Integration<'_, '_>, what: String, help: String) {
    let Some((first, others)) = integration.owners.split_first() else { return };
    let new = Violation::new(integration.at.clone(), first, what, help);
    let new = others.iter().fold(new, |violation, owner| violation.of(owner));
    check.report(match &integration.method {
        Some((verb, path)) => new.of_method(verb, path),
        None => new,
    });
}

/// The integrations of a method: one for each side of a condition.
fn of_method<'a, 't>(template: &'a Template<'t>, method: &Method<'_, 't>) -> Vec<Integration<'a, 't>> {
    let make = |timeout: &'t Value, at: Pointer, function: Option<&'a Resource<'t>>| {
        let api = &method.api.id;
        let mut owners = vec![api.clone()];
        owners.extend((method.owner.id != api).then(|| method.owner.id.to_owned()));
        Integration {
            name: format!("{} of {api}", method.name()),
            owners,
            method: Some((method.route.verb.as_str().to_owned(), method.route.path.display())),
            protocol: method.api.protocol,
            timeout,
            at,
            function,
        }
    };
    let at = &method.route.at;
    match method.form {
        Form::Method => {
            let Some(integration) = method.owner.own("Integration") else { return Vec::new() };
            let parts = ("TimeoutInMillis", "Uri", "RequestParameters");
            let found = read(template, integration, parts, || method.owner.property_at("Integration"));
            found.map(|(timeout, at, function)| make(timeout, at, function)).into_iter().collect()
        }
        Form::Event(properties) => {
            let timeout = properties.and_then(|properties| properties.get("TimeoutInMillis"));
            let function = template.resources.get(method.owner.id).filter(|owner| FUNCTIONS.contains(&owner.kind));
            let at = at.child("Properties").child("TimeoutInMillis");
            timeout.map(|timeout| make(timeout, at, function)).into_iter().collect()
        }
        Form::Operation { operation, .. } => {
            // Behind a condition the place is the operation's.
            let key = "x-amazon-apigateway-integration";
            let parts = ("timeoutInMillis", "uri", "requestParameters");
            let found = leaves(operation)
                .into_iter()
                .filter_map(|(one, _)| read(template, one.get(key)?, parts, || at.child(key)));
            found.map(|(timeout, at, function)| make(timeout, at, function)).collect()
        }
        Form::SamRoute(route) => {
            let function = route.get("FunctionArn").and_then(|arn| function_in(template, arn));
            let timeout = route.get("IntegrationTimeout");
            timeout.map(|timeout| make(timeout, at.child("IntegrationTimeout"), function)).into_iter().collect()
        }
        Form::Route | Form::QuickCreate => Vec::new(),
    }
}

/// Timeout, place and function of an integration. A function that is invoked asynchronously keeps nobody waiting.
fn read<'a, 't>(
    template: &'a Template<'t>,
    integration: &'t Value,
    (timeout, uri, parameters): (&str, &str, &str),
    at: impl Fn() -> Pointer,
) -> Option<(&'t Value, Pointer, Option<&'a Resource<'t>>)> {
    let waits = integration.get(timeout)?;
    let is_asynchronous =
        integration.get(parameters).is_some_and(|parameters| parameters.to_string().contains("'Event'"));
    let function = integration.get(uri).filter(|_| !is_asynchronous).and_then(|uri| function_in(template, uri));
    Some((waits, at().child(timeout), function))
}

fn of_resource<'a, 't>(check: &Check<'_, 'a, 't>, resource: &'a Resource<'t>) -> Option<Integration<'a, 't>> {
    let api = referred(resource.own("ApiId")?, "ApiId")?;
    let protocol = check.view.apis.iter().find(|known| known.id == api)?.protocol;
    let function = resource.own("IntegrationUri").and_then(|uri| function_in(check.template(), uri));
    Some(Integration {
        name: format!("the integration {}", resource.id),
        owners: vec![api, resource.id.to_owned()],
        method: None,
        protocol,
        timeout: resource.own("TimeoutInMillis")?,
        at: resource.property_at("TimeoutInMillis"),
        function,
    })
}

/// The function that a URI names, directly or through an alias or a version.
fn function_in<'a, 't>(template: &'a Template<'t>, uri: &Value) -> Option<&'a Resource<'t>> {
    let resource = |text: &Text| {
        text.parts().iter().find_map(|part| match part {
            Part::Ref(id) | Part::Attribute(id, _) => template.any_resource(id),
            Part::Literal(_) | Part::Opaque(_) => None,
        })
    };
    let found = resource(&Text::read(uri)?)?;
    if ALIASES.contains(&found.kind) {
        let function = resource(&Text::read(found.own("FunctionName")?)?)?;
        return Some(function).filter(|function| FUNCTIONS.contains(&function.kind));
    }
    Some(found).filter(|function| FUNCTIONS.contains(&function.kind))
}
