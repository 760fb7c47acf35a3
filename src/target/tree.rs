//! Methods of REST APIs that are resources of their own: `AWS::ApiGateway::Method` under a tree of `AWS::ApiGateway::Resource`.

use super::api::{Api, Protocol, Route, Verb};
use super::rest::elsewhere;
use crate::finding::{Finding, UNKNOWN_PATH};
use crate::template::text::{Part, Text, referred};
use crate::template::{Resource, Template, When};
use serde_json::Value;

/// A tree that is deeper than this is a cycle.
const DEEPEST: usize = 100;

/// Adds each method to its API.
pub(crate) fn add_methods(template: &Template<'_>, apis: &mut [Api<'_>], findings: &mut Vec<Finding>) {
    for method in template.of_kind("AWS::ApiGateway::Method") {
        let api = method
            .own("RestApiId")
            .and_then(|id| referred(id, "RestApiId"))
            .and_then(|id| apis.iter_mut().find(|api| api.id == id && api.protocol == Protocol::Rest));
        let Some(api) = api else {
            findings.push(elsewhere(method));
            continue;
        };
        match route(template, method, &api.id) {
            Some(route) => api.add_route(route),
            None => {
                let what = format!(
                    "the path or the verb of {} cannot be told from this template: it is watched at stage level only",
                    method.id
                );
                let help = "declare its resources in the same template";
                findings.push(Finding::new(&UNKNOWN_PATH, method.at.clone(), what, help));
            }
        }
    }
}

fn route(template: &Template<'_>, method: &Resource<'_>, api: &str) -> Option<Route> {
    let verb = Verb::read(method.own("HttpMethod")?.as_str()?);
    let (path, when) = path(template, method.own("ResourceId")?, api, 0)?;
    Some(Route { verb, path, when: when.and(method.when()), at: method.at.clone() })
}

/// The path of a resource, and when it exists.
fn path(template: &Template<'_>, resource_id: &Value, api: &str, depth: usize) -> Option<(Text, When)> {
    if let [Part::Attribute(id, attribute)] = Text::read(resource_id)?.parts()
        && id == api
        && attribute == "RootResourceId"
    {
        return Some((Text::literal("/"), When::Always));
    }
    let id = referred(resource_id, "ResourceId")?;
    let resource = template
        .resources
        .get(id.as_str())
        .filter(|resource| resource.kind == "AWS::ApiGateway::Resource" && depth < DEEPEST)?;
    let (mut path, when) = path_of_parent(template, resource, api, depth)?;
    path.push(&Text::read(resource.own("PathPart")?)?);
    Some((path, when.and(resource.when())))
}

fn path_of_parent(template: &Template<'_>, resource: &Resource<'_>, api: &str, depth: usize) -> Option<(Text, When)> {
    let (mut parent, when) = path(template, resource.own("ParentId")?, api, depth + 1)?;
    if parent.as_literal() != Some("/") {
        parent.push_literal("/");
    }
    Some((parent, when))
}
