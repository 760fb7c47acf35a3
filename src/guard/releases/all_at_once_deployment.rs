//! `all-at-once-deployment`: a new version of a function that users wait for gets a part of the traffic first.

use super::rollout::{deployed_by, is_all_at_once, update};
use crate::catalogue::guards::releases::ALL_AT_ONCE_DEPLOYMENT;
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::functions::behind::{functions_in, other_doors};
use crate::guard::ids;
use crate::target::{functions_of, values_of};
use crate::template::intrinsic::as_bool;
use crate::template::text::Text;
use crate::template::{Resource, Template};
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) const ENTRY: Entry = (&ALL_AT_ONCE_DEPLOYMENT, look);

fn look(check: &mut Check<'_, '_, '_>) {
    let template = check.template();
    let (fronts, doors, others) = (check.view.fronts(), other_doors(template), others(template));
    for function in check.written(&["AWS::Lambda::Function", "AWS::Serverless::Function"]) {
        let id = function.id;
        if !fronts.contains_key(id) && !doors.contains_key(id) && !others.contains(id) {
            continue;
        }
        let fault = of_aliases(template, function);
        let fault = if function.is_serverless() { fault.and(before_sam(template, function)) } else { fault };
        if let Some((why, help)) = fault {
            let what = format!("{} serves users, and a new version of it gets all traffic at once: {why}", function.id);
            check.report(Violation::new(function.at.clone(), function.id, what, help));
        }
    }
}

/// Functions that serve users although nobody waits for their end, or it cannot be seen who does: those with any URL, those that API Gateway may invoke,
/// and those that let users in.
fn others<'t>(template: &Template<'t>) -> BTreeSet<&'t str> {
    let (mut called, mut uris) = (Vec::new(), Vec::new());
    for resource in template.resources.values().chain(template.made.values()) {
        match resource.kind {
            "AWS::Lambda::Url" => called.extend(resource.own("TargetFunctionArn")),
            "AWS::Lambda::Permission" => {
                let principal = resource.own("Principal").and_then(Text::read).map(|principal| principal.display());
                let is_gateway = principal.is_some_and(|principal| principal.starts_with("apigateway."));
                called.extend(resource.own("FunctionName").filter(|_| is_gateway));
            }
            "AWS::Serverless::Api" | "AWS::Serverless::HttpApi" => {
                resource.own("Auth").into_iter().for_each(|auth| values_of(auth, "FunctionArn", &mut called));
                uris.extend(resource.own("DefinitionBody").into_iter().flat_map(authorizer_uris));
            }
            "AWS::ApiGateway::RestApi" | "AWS::ApiGatewayV2::Api" => {
                uris.extend(resource.own("Body").into_iter().flat_map(authorizer_uris));
            }
            "AWS::ApiGateway::Authorizer" | "AWS::ApiGatewayV2::Authorizer" => {
                uris.extend(resource.own("AuthorizerUri"));
            }
            _ => {}
        }
    }
    for globals in ["Api", "HttpApi"].into_iter().filter_map(|kind| template.globals(kind)) {
        globals.get("Auth").into_iter().for_each(|auth| values_of(auth, "FunctionArn", &mut called));
    }
    let called = called.into_iter().flat_map(|value| functions_of(template, value)).map(|(function, _)| function.id);
    let of_events = template.of_types(&["AWS::Serverless::Function"]).filter(|function| has_api_event(function));
    ids(of_events
        .map(|function| function.id)
        .chain(called)
        .chain(uris.into_iter().flat_map(|uri| functions_in(template, uri))))
}

/// Whether an event of SAM lets an API invoke a function, whether or not somebody waits for its end.
fn has_api_event(function: &Resource<'_>) -> bool {
    let events = function.own("Events").and_then(Value::as_object).into_iter().flat_map(|events| events.values());
    events.filter_map(|event| event.get("Type")).any(|kind| kind == "Api" || kind == "HttpApi")
}

/// The authorizers of an OpenAPI definition.
fn authorizer_uris(body: &Value) -> Vec<&Value> {
    let mut uris = Vec::new();
    values_of(body, "authorizerUri", &mut uris);
    uris
}

/// What is wrong, and what to do.
type Fault = (&'static str, &'static str);

const ADD: &str = "add `AutoPublishAlias: live` and `DeploymentPreference: {Type: Canary10Percent5Minutes}`";
const SHIFT: &str = "choose a canary or linear configuration, such as `Canary10Percent5Minutes`";

fn before_sam(template: &Template<'_>, function: &Resource<'_>) -> Option<Fault> {
    if template.property(function, "AutoPublishAlias").is_none() {
        return Some(("it has no alias", ADD));
    }
    if template.property(function, "DeploymentPreference").is_none() {
        return Some(("its alias has no `DeploymentPreference`", ADD));
    }
    let enabled = template.member(function, "DeploymentPreference", "Enabled");
    if enabled.and_then(as_bool) == Some(false) {
        return Some(("its `DeploymentPreference` is switched off", "remove `Enabled: false`"));
    }
    is_all_at_once(template, function).then_some(("its `DeploymentPreference` is `AllAtOnce`", SHIFT))
}

/// What is wrong with the aliases that the author wrote. One that is deployed gradually is the one that users call.
fn of_aliases(template: &Template<'_>, function: &Resource<'_>) -> Option<Fault> {
    let is_of = |alias: &&Resource<'_>| {
        let named = alias.own("FunctionName").map(|name| functions_of(template, name)).unwrap_or_default();
        named.iter().any(|(of, _)| of.id == function.id)
    };
    let faults = template.of_kind("AWS::Lambda::Alias").filter(is_of).map(|alias| fault_of(template, alias));
    let without = ("it has no alias", "add an `AWS::Lambda::Alias` that CodeDeploy updates, and let callers use it");
    faults.reduce(Option::and).unwrap_or(Some(without))
}

fn fault_of(template: &Template<'_>, alias: &Resource<'_>) -> Option<Fault> {
    if update(alias).is_none() {
        // Weights that somebody sets by hand are gradual too.
        let is_weighted = alias.own("RoutingConfig").is_some();
        let help = "add `UpdatePolicy: {CodeDeployLambdaAliasUpdate: …}` and an `AWS::CodeDeploy::DeploymentGroup`";
        return (!is_weighted).then_some(("its alias has no `UpdatePolicy`", help));
    }
    deployed_by(template, alias)
        .is_some_and(|group| is_all_at_once(template, group))
        .then_some(("its deployment group uses `CodeDeployDefault.LambdaAllAtOnce`", SHIFT))
}
