//! `missing-web-acl`: a web ACL stands before each public REST stage. The fix adds one for the template, and associates it with each stage.

use super::stage_name::{StageName, stage_name};
use super::web_acl::is_protected;
use crate::catalogue::guards::abuse::MISSING_WEB_ACL;
use crate::edit::Edit;
use crate::guard::access::policy::{limited_by_events, limits_callers};
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::methods::Is;
use crate::guard::new_resource::NewResource;
use crate::guard::stage_property::named;
use crate::target::{Api, Protocol, Stage};
use crate::template::intrinsic::make_ref;
use crate::template::text::{Part, Text};
use crate::template::{Template, When};
use serde_json::{Value, json};

pub(super) const ENTRY: Entry = (&MISSING_WEB_ACL, look);

/// Requests of one address in five minutes: 33 in each second, which a person or an office does not reach, and a loop does.
const RATE_LIMIT: u32 = 10_000;

fn look(check: &mut Check<'_, '_, '_>) {
    let (template, apis, limited) = (check.template(), check.view.apis, limited_by_events(check.view.methods()));
    let is_public = |api: &Api<'_>| is_public(template, api) && !limited.contains(api.id.as_str());
    let stages = apis.iter().flat_map(|api| api.stages.iter().map(move |stage| (api, stage)));
    let open: Vec<_> = stages.filter(|(api, stage)| is_public(api) && !is_protected(template, api, stage)).collect();
    let when = open.iter().map(|(api, stage)| exists(api, stage)).fold(When::Never, When::or);
    // Whether there is a place for it has nothing to do with its rules.
    let properties = if check.fixes() { properties() } else { json!({}) };
    let acl = web_acl(properties, when).edits(template, check.view.settings);
    for (api, stage) in open {
        let (name, owners) = named(api, stage);
        let what = format!("no web ACL stands before {name}, which anybody on the internet can reach");
        let help = "add an `AWS::WAFv2::WebACL` with a rate limit and rules against SQL injection, and an `AWS::WAFv2::WebACLAssociation`; if one is associated from elsewhere, suppress this with that as the reason";
        let violation = Violation::new(stage.at.clone(), &api.id, what, help).in_stage(stage.name.display());
        let violation = owners.iter().skip(1).fold(violation, |violation, owner| violation.of(owner));
        let association = acl.as_ref().and_then(|(id, _)| associated(check, api, stage, id));
        check.report(match (&acl, association) {
            (Some((_, edits)), Some(association)) => {
                let words = "web ACL (about $8 a month for each stack, and $0.60 for a million requests)";
                violation.fixed_by(words, edits.iter().cloned().chain(association).collect(), Vec::new())
            }
            _ => violation,
        });
    }
}

fn exists(api: &Api<'_>, stage: &Stage<'_>) -> When {
    api.when.clone().and(stage.when.clone())
}

/// Whether anybody can reach an API of this template: it is not private, and no resource policy picks its callers. AWS WAF takes REST APIs only (API Gateway developer guide, "Choose between REST APIs and HTTP
/// APIs").
fn is_public(template: &Template<'_>, api: &Api<'_>) -> bool {
    let callers = limits_callers(template, template.resources.get(api.id.as_str()));
    api.protocol == Protocol::Rest && matches!(callers, Is::No(_))
}

/// One web ACL for the template.
fn web_acl(properties: Value, when: When) -> NewResource<'static> {
    NewResource {
        identity: vec!["Toprail".to_owned(), "WebAcl".to_owned()],
        kind: "AWS::WAFv2::WebACL",
        properties,
        when,
        after: Vec::new(),
        takes_tags: true,
    }
}

/// What it does. Source of the groups and their capacity (700, 200): AWS WAF developer guide, "AWS Managed Rules rule groups list"; the
/// limit of a web ACL is 1,500 without further cost.
fn properties() -> Value {
    let visible =
        |name: Value| json!({"SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": name});
    let managed = |priority: u32, name: &str, more: Value| {
        let mut group = json!({"VendorName": "AWS", "Name": name});
        if let (Value::Object(group), Value::Object(more)) = (&mut group, more) {
            group.extend(more);
        }
        json!({
            "Name": name,
            "Priority": priority,
            "OverrideAction": {"None": {}},
            "Statement": {"ManagedRuleGroupStatement": group},
            "VisibilityConfig": visible(Value::from(name)),
        })
    };
    // Bodies over 8 KB are ordinary for an API, and the group would block them: they are counted.
    let large = json!({"RuleActionOverrides": [{"Name": "SizeRestrictions_BODY", "ActionToUse": {"Count": {}}}]});
    let rate = json!({
        "Name": "RateLimit",
        "Priority": 0,
        "Action": {"Block": {}},
        "Statement": {"RateBasedStatement": {"AggregateKeyType": "IP", "Limit": RATE_LIMIT}},
        "VisibilityConfig": visible(Value::from("RateLimit")),
    });
    json!({
        "Scope": "REGIONAL",
        "DefaultAction": {"Allow": {}},
        // Web ACLs of several stacks would share the metrics of one name.
        "VisibilityConfig": visible(make_ref("AWS::StackName")),
        "Rules": [
            rate,
            managed(1, "AWSManagedRulesSQLiRuleSet", json!({})),
            managed(2, "AWSManagedRulesCommonRuleSet", large),
        ],
    })
}

/// The association of a stage. The reference to the stage makes CloudFormation wait for it.
fn associated(check: &Check<'_, '_, '_>, api: &Api<'_>, stage: &Stage<'_>, acl: &str) -> Option<Vec<Edit>> {
    // `Fn::Sub` would take a name of another form for something else, and the next pass would not find the association.
    let is_logical_id = api.id.chars().all(|c| c.is_ascii_alphanumeric());
    let StageName { text, after } = stage_name(check.template(), api, stage).filter(|_| is_logical_id)?;
    let mut arn = Text::default();
    let mut reference = |before: &str, name: &str| {
        arn.push_literal(before);
        arn.push_part(Part::Ref(name.to_owned()));
    };
    reference("arn:", "AWS::Partition");
    reference(":apigateway:", "AWS::Region");
    reference("::/restapis/", &api.id);
    arn.push_literal("/stages/");
    arn.push(&text);
    let (_, edits) = NewResource {
        identity: vec![api.id.clone(), stage.name.display(), "WebAclAssociation".to_owned()],
        kind: "AWS::WAFv2::WebACLAssociation",
        properties: json!({"ResourceArn": arn.to_value(), "WebACLArn": {"Fn::GetAtt": [acl, "Arn"]}}),
        when: exists(api, stage),
        after,
        takes_tags: false,
    }
    .edits(check.template(), check.view.settings)?;
    Some(edits)
}
