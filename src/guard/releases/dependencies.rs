//! What a resource needs to be there first: everything that it refers to, `DependsOn`, and the deployment group that updates an alias.

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
        if let Some(resource) = template.any_resource(&owner).filter(|_| !needed.contains(&id)) {
            own_needs(resource, &mut open);
        }
        needed.insert(id);
    }
    needed
}

fn own_needs(resource: &Resource<'_>, open: &mut Vec<String>) {
    for key in ["Properties", "UpdatePolicy", "Metadata"] {
        resource.object.get(key).into_iter().for_each(|value| refers_to(value, open));
    }
    match resource.object.get("DependsOn") {
        Some(Value::String(id)) => open.push(id.clone()),
        Some(Value::Array(ids)) => open.extend(ids.iter().filter_map(Value::as_str).map(str::to_owned)),
        _ => {}
    }
}

/// All that a value refers to, at any depth. Names that are no resources' do no harm.
fn refers_to(value: &Value, found: &mut Vec<String>) {
    let text = value.is_object().then(|| Text::read(value)).flatten();
    for part in text.iter().flat_map(Text::parts) {
        match part {
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
}
