//! Web ACLs and what they protect.

use super::stage_name::names;
use crate::target::{Api, Stage, entries};
use crate::template::intrinsic::{is_intrinsic, is_no_value};
use crate::template::text::{Part, Text};
use crate::template::{Resource, Template};
use serde_json::Value;

const ASSOCIATIONS: &[&str] = &["AWS::WAFv2::WebACLAssociation", "AWS::WAFRegional::WebACLAssociation"];

/// Whether a web ACL stands before a stage: by an association, or at a distribution of CloudFront that has the API as an origin. What only CloudFormation
/// can read counts.
pub(super) fn is_protected(template: &Template<'_>, api: &Api<'_>, stage: &Stage<'_>) -> bool {
    template.of_types(ASSOCIATIONS).any(|association| is_about(template, association, api, stage))
        || template.of_types(&["AWS::CloudFront::Distribution"]).any(|distribution| {
            let configuration = distribution.own("DistributionConfig");
            let get = |key: &str| configuration.and_then(|configuration| configuration.get(key));
            get("WebACLId").is_some_and(|acl| !is_no_value(acl) && acl != "")
                && get("Origins").is_some_and(|origins| mentions(origins, &api.id))
        })
}

fn is_about(template: &Template<'_>, association: &Resource<'_>, api: &Api<'_>, stage: &Stage<'_>) -> bool {
    let Some(arn) = association.own("ResourceArn") else { return false };
    let Some(text) = Text::read(arn) else { return true };
    let is_api =
        text.parts().iter().any(|part| matches!(part, Part::Ref(id) | Part::Attribute(id, _) if *id == api.id));
    let is_unknown = matches!(text.parts(), [Part::Opaque(_)] | [Part::Ref(_)]);
    is_unknown || (is_api && names(template, &text, api, stage))
}

/// Whether a value refers to a resource, at any depth.
fn mentions(value: &Value, id: &str) -> bool {
    let text = value.is_object().then(|| Text::read(value)).flatten();
    let here = text
        .iter()
        .flat_map(Text::parts)
        .any(|part| matches!(part, Part::Ref(name) | Part::Attribute(name, _) if name == id));
    here || match value {
        Value::Array(items) => items.iter().any(|item| mentions(item, id)),
        Value::Object(map) => map.values().any(|item| mentions(item, id)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// The web ACLs of the template that an association puts before a stage of an API.
pub(super) fn before_apis<'v, 't>(template: &'v Template<'t>) -> Vec<&'v Resource<'t>> {
    let associations: Vec<_> = template.of_types(&["AWS::WAFv2::WebACLAssociation"]).collect();
    let is_of_api = |association: &Resource<'_>| {
        let arn = association.own("ResourceArn").and_then(Text::read);
        arn.is_some_and(|arn| arn.display().contains(":apigateway:") || arn.display().contains("/restapis/"))
    };
    let is_meant = |acl: &&Resource<'t>| {
        associations.iter().any(|one| is_of_api(one) && one.own("WebACLArn").is_some_and(|arn| mentions(arn, acl.id)))
    };
    template.of_types(&["AWS::WAFv2::WebACL"]).filter(is_meant).collect()
}

/// What the rules of a web ACL hold against.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Rules {
    /// A limit for each client.
    pub(super) has_rate: bool,
    /// SQL injection.
    pub(super) has_sql: bool,
    /// Whether there are rules that cannot be read here: groups by ARN, of other vendors, intrinsics.
    pub(super) is_partly_unknown: bool,
}

/// Reads the rules.
pub(super) fn rules(acl: &Resource<'_>) -> Rules {
    let mut found = Rules::default();
    let Some(list) = acl.own("Rules") else { return found };
    found.is_partly_unknown = !list.is_array();
    for (rule, _) in entries(list) {
        found.is_partly_unknown |= is_intrinsic(rule);
        if let Some(statement) = rule.get("Statement") {
            read(statement, &mut found);
        }
    }
    found
}

fn read(statement: &Value, found: &mut Rules) {
    if is_intrinsic(statement) {
        found.is_partly_unknown = true;
        return;
    }
    for (key, value) in statement.as_object().into_iter().flatten() {
        match key.as_str() {
            "RateBasedStatement" => found.has_rate = true,
            "SqliMatchStatement" => found.has_sql = true,
            "RuleGroupReferenceStatement" => found.is_partly_unknown = true,
            "ManagedRuleGroupStatement" => match (value.get("VendorName"), value.get("Name")) {
                (Some(vendor), Some(name)) if vendor == "AWS" && name.is_string() => {
                    found.has_sql |= name == "AWSManagedRulesSQLiRuleSet";
                }
                _ => found.is_partly_unknown = true,
            },
            "AndStatement" | "OrStatement" | "NotStatement" => {
                let inner = value.get("Statements").map(entries).unwrap_or_default();
                inner.iter().for_each(|(one, _)| read(one, found));
                value.get("Statement").into_iter().for_each(|one| read(one, found));
            }
            _ => {}
        }
    }
}
