//! REST APIs as CloudFormation has them: `AWS::ApiGateway::RestApi` with its definition, and the stages of `Stage` and `Deployment`.

use super::api::{Api, Protocol, Stage, StageOrigin, find_or_make};
use super::name::api_name;
use super::openapi::Walk;
use super::settings::StageSettings;
use crate::finding::{API_ELSEWHERE, BODY_ELSEWHERE, Finding, UNKNOWN_API_NAME, UNKNOWN_SHAPE};
use crate::template::text::{Text, referred};
use crate::template::{Resource, Template, When};
use serde_json::Value;

/// SAM gives every REST deployment a stage called `Stage` that nobody asked for; it is recognised by this description and not watched.
/// Source: aws-sam-translator, `ApiGatewayDeployment.make_auto_deployable`.
const SAM_DEPLOYMENT: &str = "RestApi deployment id:";

/// The REST APIs with the routes of their definitions.
pub(crate) fn apis<'t>(template: &Template<'t>, findings: &mut Vec<Finding>) -> Vec<Api<'t>> {
    template.of_kind("AWS::ApiGateway::RestApi").map(|resource| api(resource, findings)).collect()
}

fn api<'t>(resource: &Resource<'t>, findings: &mut Vec<Finding>) -> Api<'t> {
    let body = resource.own("Body");
    let dimension = api_name(resource.id, resource.own("Name"), body);
    let mut api = Api::new(resource.id, Protocol::Rest, dimension, resource.when(), resource.at.clone());
    report_unknown_name(&api, findings);
    if resource.own("BodyS3Location").is_some() {
        findings.push(body_elsewhere(resource, "BodyS3Location"));
    }
    if let Some(body) = body {
        let base = resource.own("Parameters").and_then(|parameters| parameters.get("basepath")).and_then(Value::as_str);
        add_body(&mut api, body, resource, "Body", base, findings);
    }
    api
}

/// Adds the routes of a definition to an API. `base` is how API Gateway was told to treat the definition's own base path.
pub(crate) fn add_body(
    api: &mut Api<'_>,
    body: &Value,
    resource: &Resource<'_>,
    property: &str,
    base: Option<&str>,
    findings: &mut Vec<Finding>,
) {
    let at = resource.property_at(property);
    let prefix = match base {
        Some("prepend") => base_path(body),
        Some("split") => {
            let what = "`basepath: split` changes the paths in a way that cannot be told here: the API is watched at stage level";
            findings.push(Finding::new(
                &UNKNOWN_SHAPE,
                at,
                what,
                "use `basepath: prepend` or `ignore` to have every method watched",
            ));
            return;
        }
        _ => Some(String::new()),
    };
    let Some(prefix) = prefix else { return };
    let mut walk = Walk { routes: Vec::new(), findings, prefix };
    walk.body(body, &at, &When::Always);
    for route in std::mem::take(&mut walk.routes) {
        api.add_route(route);
    }
}

/// `basePath` of OpenAPI 2, or the path of the first server's `basePath` variable in OpenAPI 3.
fn base_path(body: &Value) -> Option<String> {
    let literal = body.get("basePath").or_else(|| body.pointer("/servers/0/variables/basePath/default"));
    let path = literal.map_or(Some(""), Value::as_str)?.trim_matches('/');
    Some(if path.is_empty() { String::new() } else { format!("/{path}") })
}

/// Says that an API's name is unknown.
pub(crate) fn report_unknown_name(api: &Api<'_>, findings: &mut Vec<Finding>) {
    if api.dimension.is_none() {
        let what = format!(
            "{} has neither a `Name` nor a title in the template, so CloudWatch's `ApiName` is unknown and nothing can watch it",
            api.id
        );
        findings.push(Finding::new(&UNKNOWN_API_NAME, api.at.clone(), what, format!("set `Name` on {}", api.id)));
    }
}

/// Says that an API's methods are unknown.
pub(crate) fn body_elsewhere(resource: &Resource<'_>, property: &str) -> Finding {
    let what = format!("the definition of {} is not in the template: it is watched at stage level only", resource.id);
    let help = "write the definition into the template, or include it with `AWS::Include`";
    Finding::new(&BODY_ELSEWHERE, resource.property_at(property), what, help)
}

/// Adds the stages of `AWS::ApiGateway::Stage` and of deployments that name one.
pub(crate) fn add_stages<'t>(template: &Template<'t>, apis: &mut Vec<Api<'t>>, findings: &mut Vec<Finding>) {
    for resource in template.of_kind("AWS::ApiGateway::Stage") {
        let settings =
            StageSettings::method_settings(resource.own("MethodSettings"), resource.property_at("MethodSettings"));
        push_stage(owner(resource, apis, findings), resource, settings);
    }
    for resource in template.of_kind("AWS::ApiGateway::Deployment") {
        let from_sam =
            resource.own("Description").and_then(Value::as_str).is_some_and(|text| text.starts_with(SAM_DEPLOYMENT));
        if from_sam || resource.own("StageName").is_none() {
            continue;
        }
        let described = resource.own("StageDescription");
        let at = resource.property_at("StageDescription").child("MethodSettings");
        let settings = match described.map(Value::as_object) {
            Some(None) => StageSettings::unreadable(at),
            Some(Some(description))
                if description.contains_key("MetricsEnabled") || description.contains_key("ThrottlingRateLimit") =>
            {
                StageSettings::stage_description(description, at)
            }
            _ => {
                StageSettings::method_settings(described.and_then(|description| description.get("MethodSettings")), at)
            }
        };
        push_stage(owner(resource, apis, findings), resource, settings);
    }
}

/// The API of a stage. One of another stack is made up from what refers to it: nothing can watch it, but its stage can be limited.
fn owner<'a, 't>(
    resource: &Resource<'_>,
    apis: &'a mut Vec<Api<'t>>,
    findings: &mut Vec<Finding>,
) -> Option<&'a mut Api<'t>> {
    let value = resource.own("RestApiId")?;
    let id = referred(value, "RestApiId").or_else(|| Text::read(value).map(|text| text.display()))?;
    let is_meant = |api: &Api<'_>| api.id == id && api.protocol == Protocol::Rest;
    find_or_make(apis, is_meant, || {
        findings.push(elsewhere(resource));
        Some(Api::new(&id, Protocol::Rest, None, When::Always, resource.at.clone()))
    })
}

fn push_stage<'t>(api: Option<&mut Api<'t>>, resource: &Resource<'t>, settings: StageSettings<'t>) {
    let (Some(api), Some(name)) = (api, resource.own("StageName").and_then(Text::read).filter(Text::is_visible)) else {
        return;
    };
    if api.stages.iter().any(|stage| stage.name == name && stage.when == resource.when()) {
        return;
    }
    api.stages.push(Stage {
        name,
        owner: Some(resource.id),
        origin: StageOrigin::Declared,
        when: resource.when(),
        at: resource.at.clone(),
        settings: if resource.takes_properties() { settings } else { settings.fixed() },
    });
}

/// Says that the API of a stage or method is not here.
pub(crate) fn elsewhere(resource: &Resource<'_>) -> Finding {
    let what = format!(
        "the REST API of {} is not in this template, so its name is unknown and nothing can watch it here",
        resource.id
    );
    Finding::new(&API_ELSEWHERE, resource.at.clone(), what, "add Toprail to the template that has the API")
}
