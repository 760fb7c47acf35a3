//! `unreachable-topic`: topics that alarms notify take messages from CloudWatch.

use super::statements::{lets_service, statements};
use crate::catalogue::guards::observability::UNREACHABLE_TOPIC;
use crate::guard::check::{Check, Entry, View, Violation};
use crate::target::named;
use crate::template::intrinsic::{branches, make_ref};
use crate::template::text::{Part, Text};
use crate::template::{Resource, Template};
use serde_json::Value;
use std::collections::BTreeSet;

const TOPIC: &[&str] = &["AWS::SNS::Topic"];
const POLICIES: &[&str] = &["AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy"];
const ALARMS: &[&str] = &["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"];
const ACTIONS: &[&str] = &["AlarmActions", "OKActions", "InsufficientDataActions"];
/// The key that AWS manages for SNS. Its policy cannot be changed and names no other service.
const MANAGED_KEY: &str = "alias/aws/sns";
/// What CloudWatch needs of a key. Source: SNS developer guide, "Enable compatibility between event sources from AWS services and encrypted topics".
const KEY_ACTIONS: &[&str] = &["kms:Decrypt", "kms:GenerateDataKey"];
const SERVICE: &str = "cloudwatch";

pub(super) const ENTRY: Entry = (&UNREACHABLE_TOPIC, look);

fn look(check: &mut Check<'_, '_, '_>) {
    let template = check.template();
    for id in notified(check.view) {
        let Some(topic) = template.resources.get(id) else { continue };
        let found = managed_key(topic).or_else(|| deaf_key(template, topic)).or_else(|| closed_policy(template, topic));
        if let Some(violation) = found {
            check.report(violation);
        }
    }
}

/// The topics of the template that an alarm notifies: those of `Notify`, and those of the author's alarms.
fn notified<'v>(view: &View<'v, '_>) -> BTreeSet<&'v str> {
    let notify = view.settings.notify();
    let lists = [&notify.critical, &notify.warning, &notify.ok, &notify.insufficient_data];
    let configured =
        lists.into_iter().flatten().flat_map(|list| list.value.clone()).map(|topic| match topic.as_str() {
            Some(id) if !id.starts_with("arn:") => make_ref(id),
            _ => topic,
        });
    let alarms = view.template.resources.values().filter(|resource| ALARMS.contains(&resource.kind));
    let written = alarms.flat_map(|alarm| ACTIONS.iter().filter_map(|actions| alarm.own(actions)));
    let mut topics = BTreeSet::new();
    for value in configured.chain(written.flat_map(entries).cloned()) {
        topics.extend(named(view.template, &value, TOPIC).iter().map(|(topic, _)| topic.id));
    }
    topics
}

/// The entries of a list, through `Fn::If`.
fn entries(value: &Value) -> Vec<&Value> {
    match (value, branches(value)) {
        (_, Some((_, yes, no))) => entries(yes).into_iter().chain(entries(no)).collect(),
        (Value::Array(items), None) => items.iter().flat_map(entries).collect(),
        (other, None) => vec![other],
    }
}

fn managed_key(topic: &Resource<'_>) -> Option<Violation> {
    let is_managed = |key: &&Value| Text::read(key).is_some_and(|key| key.display().ends_with(MANAGED_KEY));
    entries(topic.own("KmsMasterKeyId")?).into_iter().find(is_managed)?;
    let what = format!(
        "{}, which alarms notify, is encrypted with the key that AWS manages for SNS: CloudWatch may not use it, so that no alarm arrives",
        topic.id
    );
    let help = "encrypt it with a key of your own whose policy lets `cloudwatch.amazonaws.com` do `kms:Decrypt` and `kms:GenerateDataKey*`, or remove \
                `KmsMasterKeyId`";
    Some(Violation::new(topic.property_at("KmsMasterKeyId"), topic.id, what, help))
}

/// A key of the template whose policy keeps CloudWatch out.
fn deaf_key(template: &Template<'_>, topic: &Resource<'_>) -> Option<Violation> {
    let keys = entries(topic.own("KmsMasterKeyId")?).into_iter().filter_map(|key| key_of(template, key));
    let is_deaf = |key: &&Resource<'_>| {
        let all = key.own("KeyPolicy").and_then(statements).unwrap_or_default();
        let lets = |action: &&str| all.iter().any(|statement| lets_key(statement, action));
        !all.is_empty() && !KEY_ACTIONS.iter().all(lets)
    };
    let key = keys.into_iter().find(|key| is_deaf(key))?;
    let what = format!(
        "{}, which alarms notify, is encrypted with {}, whose policy does not let CloudWatch use it, so that no alarm arrives",
        topic.id, key.id
    );
    let help = "add a statement to the key's policy: `{Effect: Allow, Principal: {Service: cloudwatch.amazonaws.com}, Action: [kms:Decrypt, \
                \"kms:GenerateDataKey*\"], Resource: \"*\"}`";
    Some(Violation::new(key.property_at("KeyPolicy"), topic.id, what, help))
}

/// The account itself is in nearly every key's policy, and a service is not the account: it must be named, or everybody.
fn lets_key(statement: &Value, action: &str) -> bool {
    let accounts_only = |principal: &Value| {
        let values = principal.get("AWS").map(entries).unwrap_or_default();
        principal.as_object().is_some_and(|object| object.len() == 1)
            && !values.is_empty()
            && values
                .iter()
                .all(|value| value.as_str() != Some("*") && Text::read(value).is_some_and(|text| is_iam(&text)))
    };
    lets_service(statement, SERVICE, action) && !statement.get("Principal").is_some_and(accounts_only)
}

/// The ARN of an account, a role or a user; the attribute of a resource is no service either.
fn is_iam(text: &Text) -> bool {
    if matches!(text.parts(), [Part::Attribute(..)]) {
        return true;
    }
    let text = text.display();
    text.contains(":iam::") || text == "${AWS::AccountId}" || text.chars().all(|c| c.is_ascii_digit())
}

fn key_of<'a, 't>(template: &'a Template<'t>, value: &Value) -> Option<&'a Resource<'t>> {
    let one = |value: &Value, types: &[&str]| named(template, value, types).into_iter().next().map(|(found, _)| found);
    let aliases = || template.of_kind("AWS::KMS::Alias");
    let text = Text::read(value);
    let by_name = || aliases().find(|alias| text.is_some() && alias.own("AliasName").and_then(Text::read) == text);
    one(value, &["AWS::KMS::Key"]).or_else(|| {
        let alias = one(value, &["AWS::KMS::Alias"]).or_else(by_name)?;
        one(alias.own("TargetKeyId")?, &["AWS::KMS::Key"])
    })
}

/// A topic without a policy takes what comes from its own account, alarms among it; one with a policy takes what that says.
fn closed_policy(template: &Template<'_>, topic: &Resource<'_>) -> Option<Violation> {
    let is_on = |policy: &&Resource<'_>| {
        let topics = ["Topics", "TopicArn"].iter().filter_map(|property| policy.own(property)).flat_map(entries);
        topics.into_iter().any(|value| named(template, value, TOPIC).iter().any(|(found, _)| found.id == topic.id))
    };
    let policies: Vec<&Resource<'_>> = template.of_types(POLICIES).filter(is_on).collect();
    let (first, mut documents) = (policies.first()?, policies.iter().map(|policy| policy.own("PolicyDocument")));
    // One that cannot be read may let CloudWatch in.
    let is_closed = |document: Option<&Value>| {
        document
            .and_then(statements)
            .is_some_and(|all| !all.iter().any(|statement| lets_service(statement, SERVICE, "sns:Publish")))
    };
    if !documents.all(is_closed) {
        return None;
    }
    let what = format!(
        "{}, which alarms notify, has a policy ({}) that does not let CloudWatch publish, so that no alarm arrives",
        topic.id, first.id
    );
    let help = "add a statement to the policy: `{Effect: Allow, Principal: {Service: cloudwatch.amazonaws.com}, Action: sns:Publish, Resource: !Ref \
                Topic}`";
    Some(Violation::new(first.at.clone(), topic.id, what, help))
}
