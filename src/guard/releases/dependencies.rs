//! What a resource needs to be there first: everything that it refers to, `DependsOn`, and the deployment group that updates an alias.

use crate::template::intrinsic::reference;
use crate::template::text::{Part, Text};
use crate::template::{Resource, Template};
use serde_json::Value;
use std::collections::BTreeSet;

/// The logical ids of all that some values need, directly or through other resources.
pub(super) fn needed_by<'v>(template: &Template<'_>, values: impl Iterator<Item = &'v Value>) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    let mut open = Vec::new();
    values.for_each(|value| refers_to(value, &mut open));
    while let Some(id) = open.pop() {
        // Before SAM, `F.Alias` is what it makes of the function.
        let owner = id.split('.').next().unwrap_or_default().to_owned();
        if needed.insert(id) {
            template.any_resource(&owner).into_iter().for_each(|resource| own_needs(resource, &mut open));
            behind(template, &owner, &mut open);
        }
    }
    needed
}

/// What SAM makes other resources of: these need the function, not the other way round.
const MADE_OTHERS: &[&str] = &["Events", "DeploymentPreference", "FunctionUrlConfig"];

fn own_needs(resource: &Resource<'_>, open: &mut Vec<String>) {
    let is_function = resource.kind == "AWS::Serverless::Function";
    let properties = resource.properties.into_iter().flatten();
    let properties = properties.filter(|(name, _)| !is_function || !MADE_OTHERS.contains(&name.as_str()));
    properties.for_each(|(_, value)| refers_to(value, open));
    for key in ["UpdatePolicy", "Metadata"] {
        resource.object.get(key).into_iter().for_each(|value| refers_to(value, open));
    }
    match resource.object.get("DependsOn") {
        Some(Value::String(id)) => open.push(id.clone()),
        Some(Value::Array(ids)) => open.extend(ids.iter().filter_map(Value::as_str).map(str::to_owned)),
        _ => {}
    }
}

/// The aliases that SAM writes into the definition of an API, from the events of functions. An API that no event names is the implicit one.
fn behind(template: &Template<'_>, api: &str, open: &mut Vec<String>) {
    for function in template.of_kind("AWS::Serverless::Function") {
        let events = template.property(function, "Events").and_then(Value::as_object).into_iter().flatten();
        let calls = |(_, event): (&String, &Value)| {
            let (key, implicit) = match event.get("Type").and_then(Value::as_str) {
                Some("Api") => ("RestApiId", "ServerlessRestApi"),
                Some("HttpApi") => ("ApiId", "ServerlessHttpApi"),
                _ => return false,
            };
            let chosen = event.get("Properties").and_then(|properties| properties.get(key));
            chosen.map_or(api == implicit, |chosen| reference(chosen).or(chosen.as_str()) == Some(api))
        };
        if events.into_iter().any(calls) {
            open.push(format!("{}.Alias", function.id));
        }
    }
}

/// All that a value refers to, at any depth. Names that are no resources' do no harm.
pub(super) fn refers_to(value: &Value, found: &mut Vec<String>) {
    let text = value.is_object().then(|| Text::read(value)).flatten();
    for part in text.iter().flat_map(Text::parts) {
        match part {
            Part::Attribute(id, name) if name == "Alias" => found.push(format!("{id}.{name}")),
            Part::Ref(id) | Part::Attribute(id, _) => found.push(id.clone()),
            Part::Literal(_) | Part::Opaque(_) => {}
        }
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| refers_to(item, found)),
        Value::Object(map) => map.values().for_each(|item| refers_to(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Scope;
    use serde_json::json;

    #[test]
    fn a_topic_that_calls_the_alias_needs_the_deployment_group() {
        let fragment = json!({"Resources": {
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"Subscription": [{"Endpoint": {"Fn::Sub": "${Live}"}}]}},
            "Live": {"Type": "AWS::Lambda::Alias", "DependsOn": ["X"], "UpdatePolicy": {"CodeDeployLambdaAliasUpdate": {"DeploymentGroupName": {"Ref": "Group"}}}},
            "Group": {"Type": "AWS::CodeDeploy::DeploymentGroup"},
        }});
        let template = Template::read(&fragment, Scope::Template);
        let needed = needed_by(&template, [json!({"Ref": "Topic"})].iter());
        assert_eq!(needed.iter().map(String::as_str).collect::<Vec<_>>(), ["Group", "Live", "Topic", "X"]);
    }

    #[test]
    fn an_api_of_sam_needs_the_aliases_behind_it_and_they_do_not_need_the_api() {
        let fragment = json!({"Resources": {
            "F": {"Type": "AWS::Serverless::Function", "Properties": {"Events": {"E": {"Type": "HttpApi", "Properties": {"ApiId": {"Ref": "Api"}}}}}},
            "Api": {"Type": "AWS::Serverless::HttpApi"},
        }});
        let template = Template::read(&fragment, Scope::Template);
        let needed = |id: &str| needed_by(&template, [json!({"Ref": id})].iter()).into_iter().collect::<Vec<_>>();
        assert_eq!((needed("Api"), needed("F")), (vec!["Api".to_owned(), "F.Alias".to_owned()], vec!["F".to_owned()]));
    }
}
