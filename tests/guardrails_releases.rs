//! Gradual deployments and their rollback alarms, beyond what the pages of the guardrails show.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop here")]

mod support;

use serde_json::{Value, json};
use support::{Out, transform, yaml};

/// A function that CodeDeploy deploys, with more properties of its deployment group.
fn deployed(group: &Value, more: &Value) -> Out {
    let mut template = yaml(
        "
        Conditions: {Prod: !Equals [!Ref AWS::Region, eu-west-1]}
        Resources:
          F: {Type: AWS::Lambda::Function}
          V: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref F}}
          Live:
            Type: AWS::Lambda::Alias
            Properties: {FunctionName: !Ref F, FunctionVersion: !GetAtt V.Version, Name: live}
            UpdatePolicy: {CodeDeployLambdaAliasUpdate: {ApplicationName: app, DeploymentGroupName: !Ref Group}}
          Group: {Type: AWS::CodeDeploy::DeploymentGroup}
        ",
    );
    template["Resources"]["Group"]["Properties"] = group.clone();
    for (key, value) in more.as_object().unwrap() {
        template[key].as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
    }
    transform(template)
}

/// The names in the group's list: the logical id of ours without its hash, the text of the author's.
fn names(out: &Out) -> Vec<String> {
    let list = out.at("/Resources/Group/Properties/AlarmConfiguration/Alarms").as_array().cloned().unwrap_or_default();
    let planned = &out.outcome.plan.alarms;
    let row = |id: &str| planned.iter().find(|alarm| alarm.logical_id == id).map(|alarm| alarm.row.id.to_string());
    let name = |item: &Value| match item["Name"]["Ref"].as_str() {
        Some(id) => row(id).unwrap_or_else(|| id.to_owned()),
        None => item["Name"].as_str().map_or_else(|| item.to_string(), str::to_owned),
    };
    list.iter().map(name).collect()
}

fn of_author(count: usize) -> Value {
    let own: Vec<_> = (0..count).map(|index| json!({"Name": format!("own-{index}")})).collect();
    json!({"AlarmConfiguration": {"Enabled": true, "Alarms": own}})
}

#[test]
fn the_alarms_of_the_alias_are_listed_and_roll_back() {
    let out = deployed(&json!({}), &json!({}));
    assert_eq!(names(&out), ["Alias.AliasDuration", "Alias.AliasErrorRate"]);
    assert_eq!(out.at("/Resources/Group/Properties/AlarmConfiguration/Enabled"), &json!(true));
    let events = out.at("/Resources/Group/Properties/AutoRollbackConfiguration/Events");
    assert!(events.as_array().unwrap().contains(&json!("DEPLOYMENT_STOP_ON_ALARM")));
    let listed: Vec<_> = out.outcome.plan.changes.iter().map(|change| (change.guard, change.what.as_str())).collect();
    assert_eq!(listed, [("missing-rollback-alarms", "rollback alarms (AliasDuration, AliasErrorRate)")]);
}

#[test]
fn a_group_takes_ten_alarms_and_the_authors_come_first() {
    let nine = names(&deployed(&of_author(9), &json!({})));
    assert_eq!((nine.len(), nine[0].as_str(), nine[9].as_str()), (10, "own-0", "Alias.AliasDuration"));
    let full = deployed(&of_author(10), &json!({}));
    assert_eq!(names(&full).len(), 10);
    assert!(full.finding("TR536").what.contains("ten alarms"), "{}", full.finding("TR536").what);
}

#[test]
fn what_the_author_switched_off_stays_off_and_is_reported() {
    for group in [
        json!({"AlarmConfiguration": {"Enabled": false}}),
        json!({"AlarmConfiguration": {"Fn::If": ["Prod", {}, {}]}}),
        json!({"AutoRollbackConfiguration": {"Enabled": false}}),
        json!({"AutoRollbackConfiguration": {"Enabled": true, "Events": ["DEPLOYMENT_FAILURE"]}}),
    ] {
        let out = deployed(&group, &json!({}));
        assert_eq!((out.at("/Resources/Group/Properties"), out.findings("TR536").len()), (&group, 1));
    }
}

#[test]
fn a_topic_that_calls_the_alias_would_close_a_circle() {
    let more = json!({
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"Subscription": [{"Protocol": "lambda", "Endpoint": {"Ref": "Live"}}]}}},
        "Conditions": {},
    });
    let mut template = deployed(&json!({}), &more).before;
    template["Metadata"] = json!({"Toprail": {"Notify": {"Critical": {"Ref": "Topic"}}}});
    let out = transform(template);
    assert!(names(&out).is_empty());
    assert!(out.finding("TR536").what.contains("circle"), "{}", out.finding("TR536").what);
}

#[test]
fn an_alias_under_a_condition_brings_its_alarms_under_it() {
    let mut template = deployed(&json!({}), &json!({})).before;
    template["Resources"]["Live"]["Condition"] = json!("Prod");
    let out = transform(template);
    let list = out.at("/Resources/Group/Properties/AlarmConfiguration/Alarms");
    assert_eq!((&list[0]["Fn::If"][0], &list[0]["Fn::If"][2]), (&json!("Prod"), &json!({"Ref": "AWS::NoValue"})));
    let is_on = out.at("/Resources/Group/Properties/AlarmConfiguration/Enabled");
    assert_eq!(is_on, &json!({"Fn::If": ["Prod", true, false]}), "an empty list that is on would be refused");
}

#[test]
fn sam_must_pass_the_condition_of_a_function_on_to_its_group() {
    let function = |more: &Value| {
        let mut preference = json!({"Type": "Canary10Percent5Minutes"});
        preference.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let properties = json!({"AutoPublishAlias": "live", "DeploymentPreference": preference});
        let function = json!({"Type": "AWS::Serverless::Function", "Condition": "Prod", "Properties": properties});
        let conditions = json!({"Prod": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}});
        let out = transform(json!({"Conditions": conditions, "Resources": {"F": function}}));
        (out.findings("TR536").len(), out.at("/Resources/F/Properties/DeploymentPreference/Alarms").is_array())
    };
    assert_eq!(function(&json!({"PassthroughCondition": true})), (0, true));
    for more in [json!({}), json!({"PassthroughCondition": false}), json!({"PassthroughCondition": {"Ref": "P"}})] {
        assert_eq!(function(&more), (1, false), "the group would refer to alarms that are not there: {more}");
    }
}

#[test]
fn a_group_of_another_stack_is_nothing_to_report() {
    let mut template = deployed(&json!({}), &json!({})).before;
    let update = json!({"ApplicationName": "app", "DeploymentGroupName": {"Fn::ImportValue": "group"}});
    template["Resources"]["Live"]["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"] = update;
    let out = transform(template);
    assert_eq!((names(&out).len(), out.findings("TR536").len()), (0, 0));
}

#[test]
fn globals_count_towards_the_ten_and_are_not_repeated() {
    let of_globals: Vec<_> = (0..9).map(|index| format!("own-{index}")).collect();
    let preference = json!({"Type": "Linear10PercentEvery1Minute", "Alarms": of_globals});
    let out = transform(json!({
        "Globals": {"Function": {"AutoPublishAlias": "live", "DeploymentPreference": preference}},
        "Resources": {"F": {"Type": "AWS::Serverless::Function"}},
    }));
    let own = out.at("/Resources/F/Properties/DeploymentPreference");
    assert_eq!((own.as_object().unwrap().len(), own["Alarms"].as_array().unwrap().len()), (1, 1));
}
