//! Amazon Bedrock: guardrails that have no version, and aliases of agents, whose metrics name the model. Configuration sets of Amazon SES that publish
//! their events are found here too: like an agent's, their metrics exist only where somebody has asked for them.

use super::items::{entries, items};
use super::properties::Properties;
use super::relation::named;
use super::resource::{Found, Search, attribute};
use crate::catalogue::rows::app_services::{AGENT_ALIAS, GUARDRAIL, PUBLISHING_SET};
use crate::finding::{Finding, METRIC_NOT_PUBLISHED, UNKNOWN_PROPERTY};
use crate::template::intrinsic::as_bool;
use crate::template::{Resource, Template, When};
use serde_json::{Value, json};

const AGENT: &[&str] = &["AWS::Bedrock::Agent"];
const ROLE: &[&str] = &["AWS::IAM::Role"];

/// Finds all three.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    let versions = || template.of_types(&["AWS::Bedrock::GuardrailVersion"]);
    for guardrail in template.of_types(GUARDRAIL.types) {
        let has_version = versions().any(|version| names(template, version, "GuardrailIdentifier", guardrail));
        let found = Found::whole(template, &GUARDRAIL, guardrail).filter(|_| !has_version);
        found.into_iter().for_each(|found| search.add(found));
    }
    for alias in template.of_types(AGENT_ALIAS.types) {
        agent_alias(search, alias);
    }
    for set in template.of_types(PUBLISHING_SET.types) {
        let publishes = template.of_types(&["AWS::SES::ConfigurationSetEventDestination"]).filter(|destination| {
            names(template, destination, "ConfigurationSetName", set) && is_published(destination)
        });
        let when = publishes.fold(When::Never, |all, destination| all.or(destination.when()));
        let found = Found::whole(template, &PUBLISHING_SET, set);
        found.into_iter().for_each(|found| search.add(found.only_when(when.clone())));
    }
}

/// Whether a property of one resource names another.
fn names(template: &Template<'_>, by: &Resource<'_>, property: &str, other: &Resource<'_>) -> bool {
    let found = by.own(property).map(|value| named(template, value, &[other.kind])).unwrap_or_default();
    found.iter().any(|(found, _)| found.id == other.id)
}

/// The metrics of an agent name its model, and exist only if its role may publish them.
fn agent_alias<'t>(search: &mut Search<'_, 't>, alias: &Resource<'t>) {
    let template = search.template;
    let agents = alias.own("AgentId").map(|agent| named(template, agent, AGENT)).unwrap_or_default();
    let Some((agent, when)) = agents.first().filter(|_| alias.own("RoutingConfiguration").is_none()) else { return };
    let Some(model) = agent.own("FoundationModel").and_then(model) else {
        let what = format!("{} is not watched: CloudWatch knows it by its model, which is not known here", alias.id);
        let help = "write the model's id into `FoundationModel`, or add alarms by hand";
        return search.findings.push(Finding::new(&UNKNOWN_PROPERTY, agent.property_at("FoundationModel"), what, help));
    };
    let roles = agent.own("AgentResourceRoleArn").map(|role| named(template, role, ROLE)).unwrap_or_default();
    if !roles.iter().any(|(role, _)| may_publish(template, role)) {
        let what = format!("{} publishes no metrics: the role of its agent may not", alias.id);
        let help = "allow `cloudwatch:PutMetricData` in the role, with the condition `cloudwatch:namespace` = `AWS/Bedrock/Agents`";
        return search.findings.push(Finding::new(&METRIC_NOT_PUBLISHED, alias.at.clone(), what, help));
    }
    search.add(Found {
        kind: &AGENT_ALIAS,
        resource: alias,
        part: None,
        dimensions: vec![json!("InvokeAgent"), attribute(alias.id, "AgentAliasArn"), model],
        when: when.clone().and(agent.when()),
        properties: Properties::Of(alias.id),
    });
}

/// The id of a foundation model; an inference profile stands for several.
fn model(value: &Value) -> Option<Value> {
    let text = value.as_str()?;
    let id = text.rsplit_once("foundation-model/").map_or(text, |(_, id)| id);
    (!id.starts_with("arn:") && id.contains('.') && !id.contains('/')).then(|| json!(id))
}

/// Whether a role, or a policy that names it, lets its bearer publish metrics.
fn may_publish(template: &Template<'_>, role: &Resource<'_>) -> bool {
    const ACTION: &str = "cloudwatch:PutMetricData";
    let says = |resource: &Resource<'_>| {
        resource.properties.is_some_and(|all| Value::Object(all.clone()).to_string().contains(ACTION))
    };
    let attached = template.of_types(&["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"]);
    says(role)
        || attached.filter(|policy| says(policy)).any(|policy| {
            let listed = policy.own("Roles").map(entries).unwrap_or_default();
            let named_in_list =
                listed.iter().any(|(name, _)| named(template, name, ROLE).iter().any(|(found, _)| found.id == role.id));
            named_in_list || names(template, policy, "RoleName", role)
        })
}

/// Whether rendering failures go to CloudWatch, by configuration set and nothing else.
fn is_published(destination: &Resource<'_>) -> bool {
    let Some(events) = destination.own("EventDestination") else { return false };
    let kinds = events.get("MatchingEventTypes").map(entries).unwrap_or_default();
    let is_rendering =
        |kind: &Value| kind.as_str().is_some_and(|kind| kind.replace('_', "").eq_ignore_ascii_case("renderingfailure"));
    let dimensions = events.pointer("/CloudWatchDestination/DimensionConfigurations").map(items).unwrap_or_default();
    let by_set = |dimension: &Value| {
        dimension.get("DimensionName").and_then(Value::as_str) == Some("ses:configuration-set")
            && dimension.get("DimensionValueSource").and_then(Value::as_str) == Some("messageTag")
    };
    events.get("Enabled").and_then(as_bool) == Some(true)
        && kinds.iter().any(|(kind, _)| is_rendering(kind))
        && matches!(dimensions.as_slice(), [(only, _)] if by_set(only))
}

#[cfg(test)]
mod tests {
    use super::super::resource::{found_by, said_by};
    use super::*;

    fn agent(model: Value, policy: Value) -> Value {
        json!({"Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [policy]}},
            "Agent": {"Type": "AWS::Bedrock::Agent", "Properties": {"FoundationModel": model, "AgentResourceRoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}},
            "Alias": {"Type": "AWS::Bedrock::AgentAlias", "Properties": {"AgentId": {"Ref": "Agent"}}},
        }})
    }

    #[test]
    fn an_agent_is_watched_where_its_model_is_known_and_its_role_may_publish() {
        let may = json!({"PolicyDocument": {"Statement": [{"Action": "cloudwatch:PutMetricData"}]}});
        let known = agent(json!("anthropic.claude-3-haiku-20240307-v1:0"), may.clone());
        assert_eq!(found_by(find, &known).len(), 1);
        for silent in [agent(json!({"Ref": "M"}), may), agent(json!("amazon.nova-lite-v1:0"), json!({}))] {
            assert_eq!((found_by(find, &silent).len(), said_by(find, &silent).len()), (0, 1));
        }
    }

    #[test]
    fn a_guardrail_with_a_version_is_watched_as_that() {
        let plain = json!({"Resources": {"G": {"Type": "AWS::Bedrock::Guardrail"}}});
        assert_eq!(found_by(find, &plain).len(), 1);
        let mut versioned = plain;
        versioned["Resources"]["V"] = json!({"Type": "AWS::Bedrock::GuardrailVersion", "Properties": {"GuardrailIdentifier": {"Fn::GetAtt": ["G", "GuardrailId"]}}});
        assert_eq!(found_by(find, &versioned), []);
    }
}
