//! `missing-authorization`: every method asks who calls, or is named as public with a reason.

use super::added_events::added_events;
use super::authorisation::{is_authorised, is_closed};
use super::policy::limited_by_events;
use crate::catalogue::guards::access::MISSING_AUTHORIZATION;
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::methods::{Is, Method, judge, under};
use crate::target::{Api, Protocol};
use serde_json::Value;

const URL: &[&str] = &["AWS::Lambda::Url"];
const FUNCTION: &[&str] = &["AWS::Serverless::Function"];
/// The only route of a WebSocket API that can be authorised; it speaks for all, because there is no message without a connection. Source: API Gateway
/// developer guide, "Control and manage access to WebSocket APIs".
const CONNECT: &str = "$connect";

pub(super) const ENTRY: Entry = (&MISSING_AUTHORIZATION, look);

fn look(check: &mut Check<'_, '_, '_>) {
    let (template, methods) = (check.template(), check.view.methods());
    let (limited, events) = (limited_by_events(methods), added_events(template));
    let closed: Vec<_> = check.view.apis.iter().map(|api| (&api.id, is_closed(template, api))).collect();
    for method in methods.iter().filter(|method| !limited.contains(method.api.id.as_str())) {
        let is_concerned = match method.api.protocol {
            Protocol::WebSocket => method.route.path.as_literal() == Some(CONNECT),
            Protocol::Rest | Protocol::Http => !method.is_preflight() && !method.is_mock(),
        };
        if is_concerned {
            let of_api = closed.iter().find(|(id, _)| *id == &method.api.id).map(|(_, is)| is.clone());
            let own = is_authorised(template, method, &events);
            report(check, method, own.or(of_api.unwrap_or(Is::from(false))));
        }
    }
    for api in check.view.apis.iter().filter(|api| api.protocol == Protocol::WebSocket) {
        open_connection(check, api);
    }
    function_urls(check);
}

fn help(method: &str) -> String {
    format!(
        "give it an authoriser, IAM authorisation or an API key; where it is meant to be public, say so: `Suppress: [{{Id: missing-authorization, Where: \
         {method}, Reason: ...}}]`"
    )
}

fn report(check: &mut Check<'_, '_, '_>, method: &Method<'_, '_>, is_authorised: Is) {
    let (api, name) = (&method.api.id, method.name());
    let violation = |what: String| {
        let new = Violation::new(method.route.at.clone(), api, what, help(&name));
        let new = if method.owner.id == api { new } else { new.of(method.owner.id) };
        new.of_method(method.route.verb.as_str(), &method.route.path.display())
    };
    match is_authorised {
        Is::Yes => {}
        Is::No(when) => check.report(violation(format!("everybody can call {name} of {api}{}", under(&when)))),
        Is::Unknown => {
            let what = format!("whether {name} of {api} is authorised is only known when it is deployed");
            check.report(violation(what).unknown());
        }
    }
}

/// A WebSocket API without the route that could ask who connects. One whose routes cannot be read has none here either.
fn open_connection(check: &mut Check<'_, '_, '_>, api: &Api<'_>) {
    let has_connect = api.routes.values().any(|route| route.path.display() == CONNECT);
    let is_here = check.template().resources.contains_key(api.id.as_str());
    if is_here && !api.routes.is_empty() && !has_connect {
        let what = format!(
            "everybody can connect to {}: it has no route `{CONNECT}`, the only one that can be authorised",
            api.id
        );
        check.report(Violation::new(api.at.clone(), &api.id, what, help(CONNECT)).of_method("", CONNECT));
    }
}

fn function_urls(check: &mut Check<'_, '_, '_>) {
    for url in check.written(URL) {
        let at = url.property_at("AuthType");
        function_url(check, at, url.id, &format!("the function URL {}", url.id), url.own("AuthType"));
    }
    for function in check.written(FUNCTION) {
        let Some(config) = check.template().property(function, "FunctionUrlConfig") else { continue };
        let at = function.property_at("FunctionUrlConfig").child("AuthType");
        function_url(check, at, function.id, &format!("the URL of {}", function.id), config.get("AuthType"));
    }
}

fn function_url(
    check: &mut Check<'_, '_, '_>,
    at: crate::template::Pointer,
    owner: &str,
    name: &str,
    kind: Option<&Value>,
) {
    let help = format!(
        "set `AuthType: AWS_IAM`; where it is meant to be public, say so: `Suppress: [{{Id: missing-authorization, Where: {owner}, Reason: ...}}]`"
    );
    // `AuthType` is required, so one that is absent is a mistake of another sort.
    match judge(kind, &|kind| Is::from(kind != "NONE")) {
        Is::Yes => {}
        Is::No(when) => {
            check.report(Violation::new(at, owner, format!("everybody can call {name}{}", under(&when)), help));
        }
        Is::Unknown => {
            let what = format!("whether {name} is authorised is only known when it is deployed");
            check.report(Violation::new(at, owner, what, help).unknown());
        }
    }
}
