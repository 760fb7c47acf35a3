//! Gradual deployments and their rollback alarms, beyond what the pages of the guardrails show.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop here")]

mod support;

use serde_json::{Value, json};
use support::{Out, transform, yaml};
use toprail::finding::Level;

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
        match template[key].as_object_mut() {
            Some(section) => section.extend(value.as_object().unwrap().clone()),
            None => template[key] = value.clone(),
        }
    }
    transform(template)
}

/// A function before SAM, with what `Globals` has for functions.
fn sam(properties: &Value, globals: &Value, condition: Option<&str>) -> Out {
    let mut template = json!({
        "Parameters": {"Gradual": {"Type": "String"}},
        "Conditions": {"Prod": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}},
        "Globals": {"Function": globals},
        "Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": properties}},
    });
    if let Some(condition) = condition {
        template["Resources"]["F"]["Condition"] = json!(condition);
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
    assert_eq!(names(&out), ["Alias.AliasErrorRate", "Alias.AliasDuration"]);
    assert_eq!(out.at("/Resources/Group/Properties/AlarmConfiguration/Enabled"), &json!(true));
    let events = out.at("/Resources/Group/Properties/AutoRollbackConfiguration/Events");
    assert!(events.as_array().unwrap().contains(&json!("DEPLOYMENT_STOP_ON_ALARM")));
    let listed: Vec<_> = out.outcome.plan.changes.iter().map(|change| (change.guard, change.what.as_str())).collect();
    assert_eq!(listed, [("missing-rollback-alarms", "rollback alarms (AliasErrorRate, AliasDuration)")]);
}

#[test]
fn a_group_takes_ten_alarms_and_the_authors_come_first() {
    let nine = names(&deployed(&of_author(9), &json!({})));
    assert_eq!((nine.len(), nine[0].as_str(), nine[9].as_str()), (10, "own-0", "Alias.AliasErrorRate"));
    let full = deployed(&of_author(10), &json!({}));
    assert_eq!(names(&full).len(), 10);
    let finding = full.finding("TR536");
    assert!(finding.what.contains("ten alarms") && finding.level == Level::Info, "{finding:?}");
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
fn before_sam_alarms_under_a_condition_are_listed_under_it_unless_the_group_has_it_too() {
    let listed = |more: &Value| {
        let mut preference = json!({"Type": "Canary10Percent5Minutes"});
        preference.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let out =
            sam(&json!({"AutoPublishAlias": "live", "DeploymentPreference": preference}), &json!({}), Some("Prod"));
        (out.findings("TR536").len(), out.at("/Resources/F/Properties/DeploymentPreference/Alarms").clone())
    };
    let (findings, passed) = listed(&json!({"PassthroughCondition": true}));
    assert_eq!((findings, passed.as_array().map(Vec::len)), (0, Some(2)));
    for more in [json!({}), json!({"PassthroughCondition": false}), json!({"PassthroughCondition": {"Ref": "P"}})] {
        let (findings, list) = listed(&more);
        let expected = json!({"Fn::If": ["Prod", passed, [{"Ref": "AWS::NoValue"}]]});
        assert_eq!((findings, &list), (0, &expected), "SAM makes the group without the function's condition: {more}");
    }
    let (findings, list) = listed(&json!({"Alarms": ["own"]}));
    assert_eq!((findings, list), (1, json!(["own"])), "SAM cannot leave single entries out");
}

#[test]
fn a_preference_that_a_parameter_switches_on_is_wired() {
    let preference = json!({"Type": "Canary10Percent5Minutes", "Enabled": {"Ref": "Gradual"}});
    let out = sam(&json!({"AutoPublishAlias": "live", "DeploymentPreference": preference}), &json!({}), None);
    assert_eq!(out.at("/Resources/F/Properties/DeploymentPreference/Alarms").as_array().map(Vec::len), Some(2));
}

#[test]
fn globals_may_switch_the_preference_off_for_all_functions() {
    let properties = json!({"AutoPublishAlias": "live", "DeploymentPreference": {"Type": "Canary10Percent5Minutes"}});
    let out = sam(&properties, &json!({"DeploymentPreference": {"Enabled": false}}), None);
    assert_eq!((out.names_of("FAliaslive").len(), out.findings("TR536").len()), (0, 0));
    assert_eq!(out.at("/Resources/F/Properties"), &properties);
}

#[test]
fn a_list_in_globals_that_only_cloudformation_knows_is_not_overwritten() {
    let preference = json!({"Type": "Canary10Percent5Minutes", "Alarms": {"Fn::If": ["Prod", ["own"], ["other"]]}});
    let out = sam(&json!({"AutoPublishAlias": "live"}), &json!({"DeploymentPreference": preference}), None);
    assert!(out.finding("TR536").what.contains("can be read"), "{}", out.finding("TR536").what);
    assert_eq!(out.at("/Resources/F/Properties/DeploymentPreference"), &Value::Null);
}

#[test]
fn traffic_that_moves_at_once_cannot_be_given_back_so_nothing_is_wired() {
    // As SAM writes it, by name, by a configuration of the template, and in both branches.
    let of_sam = json!({"Fn::Sub": ["CodeDeployDefault.Lambda${ConfigName}", {"ConfigName": "AllAtOnce"}]});
    let custom = json!({"Slow": {"Type": "AWS::CodeDeploy::DeploymentConfig", "Properties": {"TrafficRoutingConfig": {"Type": "AllAtOnce"}}}});
    let url = json!({"Url": {"Type": "AWS::Lambda::Url", "Properties": {"TargetFunctionArn": {"Ref": "Live"}}}});
    let mut more = json!({"Resources": custom});
    more["Resources"].as_object_mut().unwrap().extend(url.as_object().unwrap().clone());
    for name in [
        of_sam.clone(),
        json!({"Ref": "Slow"}),
        json!({"Fn::If": ["Prod", of_sam, "CodeDeployDefault.LambdaAllAtOnce"]}),
    ] {
        let out = deployed(&json!({"DeploymentConfigName": name}), &more);
        assert_eq!((names(&out).len(), out.findings("TR536").len(), out.findings("TR535").len()), (0, 0, 1), "{name}");
    }
    let out = deployed(
        &json!({"DeploymentConfigName": {"Fn::If": ["Prod", "CodeDeployDefault.LambdaCanary10Percent5Minutes", "CodeDeployDefault.LambdaAllAtOnce"]}}),
        &more,
    );
    assert_eq!((names(&out).len(), out.findings("TR535").len()), (2, 0), "whoever chooses has thought of it");
}

#[test]
fn an_alias_that_the_author_gives_a_function_of_sam_counts() {
    let mut template = deployed(&json!({}), &json!({})).before;
    template["Resources"]["F"] =
        json!({"Type": "AWS::Serverless::Function", "Properties": {"Events": {"E": {"Type": "HttpApi"}}}});
    assert_eq!(transform(template).findings("TR535").len(), 0);
}

#[test]
fn alarms_that_are_slower_than_a_canary_are_not_wired() {
    let mut template = deployed(&json!({}), &json!({})).before;
    template["Metadata"] = json!({"Toprail": {"Alarms": {"Alias": {"AliasDuration": {"Period": 300, "DatapointsToAlarm": 3, "EvaluationPeriods": 3}}}}});
    let out = transform(template);
    assert!(out.has("Live", "AliasDuration"), "{:#?}", out.outcome.findings);
    assert_eq!(names(&out), ["Alias.AliasErrorRate"]);
}

#[test]
fn a_canary_without_any_alarm_is_worth_knowing_where_the_profile_has_none() {
    let essential = |group: &Value| {
        let mut template = deployed(group, &json!({})).before;
        template["Metadata"] = json!({"Toprail": {"Profile": "Essential"}});
        let out = transform(template);
        (out.findings("TR536").iter().map(|finding| finding.level).collect::<Vec<_>>(), names(&out).len())
    };
    assert_eq!(essential(&json!({})), (vec![Level::Info], 0));
    assert_eq!(essential(&of_author(1)), (vec![], 1));
}

#[test]
fn a_group_that_deploys_two_aliases_is_left_alone() {
    let mut template = deployed(&json!({}), &json!({})).before;
    let second = template["Resources"]["Live"].clone();
    template["Resources"]["Second"] = second;
    template["Resources"]["Second"]["Properties"]["Name"] = json!("second");
    let out = transform(template);
    assert_eq!(names(&out).len(), 0, "the alarms of one alias would roll back the other");
    assert!(out.finding("TR536").what.contains("several aliases"), "{}", out.finding("TR536").what);
}

#[test]
fn groups_of_other_platforms_are_left_alone() {
    let more = json!({"Resources": {"Fleet": {"Type": "AWS::CodeDeploy::DeploymentGroup", "Properties": {"ServiceRoleArn": "r"}}}});
    let out = deployed(&json!({}), &more);
    assert_eq!((out.at("/Resources/Fleet"), names(&out).len()), (&more["Resources"]["Fleet"], 2));
}

#[test]
fn codedeploy_must_be_allowed_to_look_at_the_alarms() {
    let wired = |policies: &Value, list: &Value| {
        let role = json!({"Type": "AWS::IAM::Role", "Properties": policies});
        let mut group = list.clone();
        group["ServiceRoleArn"] = json!({"Fn::GetAtt": ["Role", "Arn"]});
        let out = deployed(&group, &json!({"Resources": {"Role": role}}));
        (names(&out).len(), out.findings("TR536").len())
    };
    let inline = |action: &Value| json!({"Policies": [{"PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}}]});
    let of_aws = json!({"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda"});
    for allowed in [
        json!({"ManagedPolicyArns": [of_aws]}),
        json!({"ManagedPolicyArns": [{"Ref": "PolicyOfAnotherStack"}]}),
        inline(&json!("cloudwatch:DescribeAlarms")),
        inline(&json!(["lambda:*", "cloudwatch:*"])),
        inline(&json!("*")),
    ] {
        assert_eq!(wired(&allowed, &json!({})), (2, 0), "{allowed}");
    }
    let lacking = inline(&json!(["lambda:UpdateAlias", "lambda:GetAlias"]));
    assert_eq!(wired(&lacking, &json!({})), (0, 1), "every deployment would be stopped");
    assert_eq!(
        wired(&lacking, &of_author(1)),
        (3, 0),
        "it is allowed already, or the author's alarm would stop it too"
    );
}

#[test]
fn a_suppression_of_the_function_is_heard_after_sam() {
    let mut template = deployed(&json!({}), &json!({})).before;
    template["Metadata"] =
        json!({"Toprail": {"Suppress": [{"Id": "missing-rollback-alarms", "Where": "F", "Reason": "a test"}]}});
    let out = transform(template);
    assert_eq!((names(&out).len(), out.findings("TR536").len(), out.findings("TR210").len()), (0, 0, 0));
}

/// The logical ids that a value names in `Ref`, `Fn::GetAtt` and `Fn::Sub`: a reading of its own, to check the one of the guardrail.
fn named(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                match (key.as_str(), inner) {
                    ("Ref", Value::String(id)) => all.push(id.clone()),
                    ("Fn::GetAtt", Value::Array(parts)) => all.extend(parts[0].as_str().map(str::to_owned)),
                    ("Fn::Sub", Value::String(text)) => {
                        let names = text.split("${").skip(1).filter_map(|rest| rest.split(['}', '.']).next());
                        all.extend(names.map(str::to_owned));
                    }
                    ("DependsOn", Value::String(id)) => all.push(id.clone()),
                    _ => named(inner, all),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| named(item, all)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn what_is_wired_closes_no_circle() {
    let more = json!({
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}, "Fleet": {"Type": "AWS::SQS::Queue", "DependsOn": "Live"}},
    });
    let mut template = deployed(&json!({}), &more).before;
    template["Metadata"] = json!({"Toprail": {"Notify": {"Critical": {"Ref": "Topic"}, "Warning": {"Ref": "Topic"}}}});
    let out = transform(template);
    assert_eq!(names(&out).len(), 2);
    let resources = out.at("/Resources").as_object().unwrap();
    // Takes away what needs nothing that is left: in a circle, something always stays.
    let mut left: Vec<&String> = resources.keys().collect();
    let needs = |id: &String| {
        let mut all = Vec::new();
        named(&resources[id.as_str()], &mut all);
        all
    };
    assert!(needs(&"Live".to_owned()).contains(&"Group".to_owned()));
    while let Some(free) = left.iter().position(|id| !needs(id).iter().any(|needed| left.contains(&needed))) {
        left.remove(free);
    }
    assert!(left.is_empty(), "a circle: {left:?}");
}

#[test]
fn before_sam_a_topic_that_calls_an_api_needs_the_aliases_behind_it() {
    let wired = |endpoint: &str| {
        let events = json!({"E": {"Type": "HttpApi", "Properties": {"Path": "/", "Method": "GET"}}});
        let topic = json!({"Subscription": [{"Protocol": "https", "Endpoint": {"Fn::Sub": endpoint}}]});
        let preference = json!({"Type": "Canary10Percent5Minutes"});
        let properties = json!({"AutoPublishAlias": "live", "DeploymentPreference": preference, "Events": events});
        let out = transform(json!({
            "Metadata": {"Toprail": {"Notify": {"Critical": {"Ref": "Topic"}}}},
            "Resources": {
                "Topic": {"Type": "AWS::SNS::Topic", "Properties": topic},
                "F": {"Type": "AWS::Serverless::Function", "Properties": properties},
            },
        }));
        out.at("/Resources/F/Properties/DeploymentPreference/Alarms").is_array()
    };
    assert!(wired("https://example.com/${AWS::StackName}"));
    assert!(!wired("https://${ServerlessHttpApi}.execute-api.${AWS::Region}.amazonaws.com/"));
    assert!(!wired("${F.Alias}"));
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
