//! Resources that are no APIs: which alarms they get, by which dimensions, under which conditions.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::{Value, json};
use support::{Out, transform, transform_resources, transform_yaml};

fn queue(properties: &Value) -> Out {
    transform(json!({"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": properties}}}))
}

#[test]
fn a_dead_letter_queue_alarms_on_any_message_and_is_no_ordinary_queue() {
    let out = transform_resources(
        "
  Orders: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}}}
  Dead: {Type: AWS::SQS::Queue}
",
    );
    assert_eq!(out.names_of("Dead"), ["Messages"]);
    let alarm = out.alarm("Dead", "Messages");
    assert_eq!((alarm.threshold(), alarm.window()), (&json!(0), "60 s, 1 of 1".to_owned()));
    assert!(out.has("Orders", "Age"));
}

#[test]
fn a_queue_that_is_somebodys_dead_letter_queue_under_a_condition_is_both_in_turn() {
    let out = transform_yaml(
        "
Conditions: {Prod: !Equals [a, b]}
Resources:
  Orders: {Type: AWS::SQS::Queue, Condition: Prod, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn}}}
  Dead: {Type: AWS::SQS::Queue}
",
    );
    assert_eq!(out.alarm("Dead", "Messages").condition(), Some("Prod"));
    let otherwise = out.alarm("Dead", "Age").condition().unwrap().to_owned();
    assert_eq!(out.at(&format!("/Conditions/{otherwise}")), &json!({"Fn::Not": [{"Condition": "Prod"}]}));
}

// D-SW12
#[test]
fn indexes_have_their_own_dimension_whatever_names_them() {
    for name in [json!("by-customer"), json!({"Ref": "IndexName"})] {
        let out = transform(json!({
            "Parameters": {"IndexName": {"Type": "String"}},
            "Resources": {"T": {"Type": "AWS::DynamoDB::Table", "Properties": {"GlobalSecondaryIndexes": [{"IndexName": name}]}}},
        }));
        let alarm = &out.alarms()[2];
        assert_eq!(alarm.dimension("GlobalSecondaryIndexName"), name);
        assert_eq!(alarm.dimension("TableName"), json!({"Ref": "T"}));
        assert!(!out.additions().contains("UserErrors"), "it has no table");
    }
    let conditional = json!({"Fn::If": ["C", [{"IndexName": "x"}], {"Ref": "AWS::NoValue"}]});
    let out = transform(json!({
        "Conditions": {"C": {"Fn::Equals": ["a", "b"]}},
        "Resources": {"T": {"Type": "AWS::DynamoDB::Table", "Properties": {"GlobalSecondaryIndexes": conditional}}},
    }));
    assert_eq!(out.alarm("T x", "IndexReadThrottles").condition(), Some("C"));
}

// D-SW13
#[test]
fn a_rule_of_a_custom_bus_is_known_by_bus_and_name() {
    let out = transform_resources(
        "
  Custom: {Type: AWS::Events::Rule, Properties: {EventBusName: orders, EventPattern: {source: [x]}}}
  Default: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [x]}}}
",
    );
    let custom = out.alarm("Custom", "Failures");
    assert_eq!(custom.dimension("EventBusName"), json!("orders"));
    let name = json!({"Fn::GetAtt": ["Custom", "RuleName"]});
    assert_eq!(custom.dimension("RuleName"), name, "`Ref` gives `orders|name`");
    let default = out.alarm("Default", "Failures");
    assert_eq!(default.dimensions(), r#"RuleName={"Ref":"Default"}"#);
}

#[test]
fn a_rule_without_targets_loses_no_event_on_the_way_to_a_dead_letter_queue() {
    let target = |more: &str| format!("Targets: [{{Id: t, Arn: arn:aws:sqs:eu-west-1:111122223333:q{more}}}]");
    let rule = |name: &str, more: &str| {
        format!("\n  {name}: {{Type: AWS::Events::Rule, Properties: {{EventPattern: {{source: [x]}}, {more}}}}}")
    };
    let dead_letter = ", DeadLetterConfig: {Arn: arn:aws:sqs:eu-west-1:111122223333:d}";
    let out = transform_resources(
        &[rule("None", ""), rule("Without", &target("")), rule("With", &target(dead_letter))].concat(),
    );
    assert_eq!(["None", "Without", "With"].map(|place| out.has(place, "DeadLetterFailures")), [false, false, true]);
}

// D-SW14
#[test]
fn the_type_of_a_load_balancer_decides_its_alarms() {
    let out = transform_resources(
        "
  Nlb: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network}}
  Alb: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer}
",
    );
    let namespaces =
        |place: &str| out.alarms_of(place).iter().map(|alarm| alarm.property("Namespace").clone()).collect::<Vec<_>>();
    assert!(namespaces("Nlb").iter().all(|name| name == "AWS/NetworkELB" || name.is_null()));
    assert!(out.has("Alb", "ElbErrorRate"));
    assert!(!out.has("Nlb", "ElbErrorRate"));
}

// D-SW14, D-SW20
#[test]
fn a_target_group_is_watched_once_for_each_load_balancer_wherever_it_is() {
    let out = transform_yaml(
        "
Parameters: {LbArn: {Type: String}}
Resources:
  A: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer}
  G: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: HTTP}}
  L1: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref A, DefaultActions: [{Type: forward, ForwardConfig: {TargetGroups: [{TargetGroupArn: !Ref G}]}}]}}
  L2: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref LbArn, DefaultActions: [{Type: forward, TargetGroupArn: !Ref G}]}}
  Lost: {Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {Actions: [{Type: forward, TargetGroupArn: !Ref G}]}}
",
    );
    let here = out.alarm("G A", "NoHealthyTargets");
    assert_eq!(here.dimension("LoadBalancer"), json!({"Fn::GetAtt": ["A", "LoadBalancerFullName"]}));
    let elsewhere: Vec<_> = out.alarms().into_iter().filter(|alarm| alarm.dimensions().contains("Fn::Split")).collect();
    assert!(!elsewhere.is_empty());
}

// D-SW15
#[test]
fn functions_that_read_streams_are_watched_for_lag_whatever_names_them_and_others_are_not() {
    let lag = |function: Value, source: &str| {
        let source = format!("arn:aws:{source}");
        let mut mapping = json!({"FunctionName": function, "EventSourceArn": source});
        if source.contains("stream") {
            mapping["StartingPosition"] = json!("LATEST");
        }
        let out = transform(json!({"Resources": {
            "F": {"Type": "AWS::Lambda::Function"},
            "Live": {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "F"}, "FunctionVersion": "1", "Name": "live"}},
            "M": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping},
        }}));
        out.alarms().iter().any(|alarm| alarm.property("MetricName") == "IteratorAge")
    };
    for function in
        [json!({"Ref": "F"}), json!({"Fn::Sub": "${F}"}), json!({"Fn::GetAtt": ["F", "Arn"]}), json!({"Ref": "Live"})]
    {
        assert!(lag(function.clone(), "kinesis:eu-west-1:111122223333:stream/orders"), "{function}");
        assert!(!lag(function, "sqs:eu-west-1:111122223333:orders"), "a queue has no iterator");
    }
}

// D-SW16
#[test]
fn a_queue_is_watched_for_the_quota_of_today_whether_fifo_or_not() {
    for fifo in [json!(true), json!("false"), json!(false), json!({"Ref": "AWS::NoValue"})] {
        let out = queue(&json!({"FifoQueue": fifo}));
        assert_eq!(out.alarm("Q", "InFlight").threshold(), &json!(96_000), "80 % of 120,000");
    }
}

// D-SW17
#[test]
fn requests_to_a_bucket_are_watched_only_where_a_filter_counts_them() {
    let bucket = |properties: &Value| {
        transform(json!({"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": properties}}}))
    };
    let bare = bucket(&json!({}));
    assert_eq!(bare.additions(), bucket(&json!({"Tags": []})).additions());
    assert!(bare.alarms().is_empty());
    assert!(bare.finding("TR309").help.contains("MetricsConfigurations"));
    let counted = bucket(&json!({"MetricsConfigurations": [{"Id": "everything"}]}));
    assert_eq!(counted.alarm("B everything", "ServerErrorRate").dimension("FilterId"), json!("everything"));
}

// D-SW11
#[test]
fn the_cluster_of_a_service_is_named_right_in_every_form() {
    let service = |cluster: Value| {
        let out = transform(json!({
            "Parameters": {"ClusterArn": {"Type": "String"}},
            "Resources": {
                "C": {"Type": "AWS::ECS::Cluster"},
                "S": {"Type": "AWS::ECS::Service", "Properties": {"Cluster": cluster}},
            },
        }));
        out.alarm("S", "CpuUtilization").dimension("ClusterName")
    };
    for cluster in [json!({"Ref": "C"}), json!({"Fn::GetAtt": ["C", "Arn"]}), json!({"Fn::Sub": "${C.Arn}"})] {
        assert_eq!(service(cluster), json!({"Ref": "C"}));
    }
    assert_eq!(service(json!("arn:aws:ecs:eu-west-1:111122223333:cluster/main")), json!("main"));
    assert_eq!(service(json!("main")), json!("main"));
    let from_own_arn = json!({"Fn::Select": [1, {"Fn::Split": ["/", {"Ref": "S"}]}]});
    assert_eq!(service(json!({"Ref": "ClusterArn"})), from_own_arn);
}

#[test]
fn the_number_of_tasks_is_watched_only_where_the_cluster_publishes_it() {
    let out = transform_yaml(
        "
Parameters: {Insights: {Type: String, AllowedValues: [enabled, disabled]}}
Resources:
  C: {Type: AWS::ECS::Cluster, Properties: {ClusterSettings: [{Name: containerInsights, Value: !Ref Insights}]}}
  Off: {Type: AWS::ECS::Cluster}
  S: {Type: AWS::ECS::Service, Properties: {Cluster: !Ref C}}
  T: {Type: AWS::ECS::Service, Properties: {Cluster: !Ref Off}}
",
    );
    let condition = out.alarm("S", "NoTasks").condition().unwrap().to_owned();
    assert_eq!(out.at(&format!("/Conditions/{condition}")), &json!({"Fn::Equals": [{"Ref": "Insights"}, "enabled"]}));
    assert!(!out.has("T", "NoTasks"));
    assert_eq!(out.finding("TR309").at.as_str(), "/Resources/Off");
}

#[test]
fn what_a_metric_needs_is_switched_on_where_that_is_free() {
    let group = |properties: &Value| {
        transform(json!({"Resources": {"G": {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": properties}}}))
    };
    let out = group(&json!({"MinSize": "2", "MaxSize": "4"}));
    assert_eq!(out.at("/Resources/G/Properties/MetricsCollection"), &json!([{"Granularity": "1Minute"}]));
    assert_eq!(out.alarm("G", "BelowMinimum").threshold(), &json!(2), "a number may come as text");
    let partly = json!([{"Granularity": "1Minute", "Metrics": ["GroupTotalInstances"]}]);
    let out = group(&json!({"MinSize": "2", "MetricsCollection": partly.clone()}));
    assert_eq!(out.at("/Resources/G/Properties/MetricsCollection"), &partly, "the author's list stays");
    assert_eq!(out.names_of("G"), ["CpuUtilization"]);
    assert!(!out.findings("TR309").is_empty());
}

#[test]
fn a_share_of_a_property_is_left_to_cloudformation_where_only_it_knows_the_number() {
    let database = |storage: Value| {
        transform(json!({
            "Parameters": {"Size": {"Type": "Number"}},
            "Resources": {"D": {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": "mysql", "AllocatedStorage": storage}}},
        }))
    };
    assert_eq!(database(json!("100")).alarm("D", "FreeStorage").threshold(), &json!(10_737_418_240_u64));
    let out = database(json!({"Ref": "Size"}));
    let alarm = out.alarm("D", "FreeStorage");
    assert_eq!(
        (alarm.threshold(), alarm.expression().as_str()),
        (&json!(10), r#"{"Fn::Sub":"m / (10737418.24 * ${Size})"}"#)
    );
    let search = json!({"Type": "AWS::OpenSearchService::Domain", "Properties": {"EBSOptions": {"VolumeSize": {"Ref": "Size"}}}});
    let out = transform(json!({"Parameters": {"Size": {"Type": "Number"}}, "Resources": {"S": search}}));
    assert_eq!(
        out.alarm("S", "FreeStorage").expression(),
        r#"{"Fn::Sub":"(m * 1048576) / (10737418.24 * ${Size})"}"#,
        "MiB are still made bytes"
    );
    let out = database(json!({"Ref": "AWS::NoValue"}));
    assert!(!out.has("D", "FreeStorage"), "a restored database has no number to measure against");
    assert_eq!(out.finding("TR406").at.as_str(), "/Resources/D");
}

#[test]
fn the_engine_decides_which_alarms_a_database_gets() {
    let out = transform_yaml(
        "
Parameters: {Engine: {Type: String, AllowedValues: [mysql, postgres]}}
Resources:
  D: {Type: AWS::RDS::DBInstance, Properties: {Engine: !Ref Engine, AllocatedStorage: 20}}
  M: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, AllocatedStorage: 20}}
",
    );
    let condition = out.alarm("D", "TransactionIds").condition().unwrap().to_owned();
    assert_eq!(out.at(&format!("/Conditions/{condition}")), &json!({"Fn::Equals": [{"Ref": "Engine"}, "postgres"]}));
    assert!(!out.has("M", "TransactionIds"));
}

#[test]
fn global_services_are_watched_in_their_region_only() {
    let template = json!({"Resources": {"H": {"Type": "AWS::Route53::HealthCheck", "Properties": {"HealthCheckConfig": {"Type": "TCP"}}}}});
    let condition = transform(template.clone()).alarm("H", "Status").condition().map(str::to_owned);
    assert!(condition.is_some(), "where the region is not known, CloudFormation compares it");
    let there = transform_in(template.clone(), "us-east-1");
    assert_eq!(there.alarm("H", "Status").condition(), None);
    let elsewhere = transform_in(template, "eu-west-1");
    assert_eq!(elsewhere.places(), [] as [&str; 0]);
    assert_eq!(elsewhere.finding("TR310").at.as_str(), "/Resources/H");
}

fn transform_in(fragment: Value, region: &str) -> Out {
    support::transform_in(fragment, toprail::Context { region: region.to_owned(), ..toprail::Context::default() })
}

// Law 2
#[test]
fn an_alarm_of_the_author_counts_if_it_is_at_least_as_strict() {
    let with = |threshold: Value, comparison: &str, dimension: Value| {
        transform(json!({"Resources": {
            "Main": {"Type": "AWS::SQS::Queue", "Properties": {"RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["Q", "Arn"]}}}},
            "Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "dead"}},
            "Mine": {"Type": "AWS::CloudWatch::Alarm", "Properties": {
                "Namespace": "AWS/SQS", "MetricName": "ApproximateNumberOfMessagesVisible", "Statistic": "Maximum", "Period": 60,
                "EvaluationPeriods": 1, "Threshold": threshold, "ComparisonOperator": comparison,
                "Dimensions": [{"Name": "QueueName", "Value": dimension}],
            }},
        }}))
    };
    let name = json!({"Fn::GetAtt": ["Q", "QueueName"]});
    for (threshold, comparison) in [(json!(0), "GreaterThanThreshold"), (json!("1"), "GreaterThanOrEqualToThreshold")] {
        for dimension in [name.clone(), json!("dead"), json!({"Fn::Sub": "${Q.QueueName}"})] {
            let out = with(threshold.clone(), comparison, dimension);
            assert!(!out.has("Q", "Messages"), "{threshold} {comparison}");
            assert_eq!(out.findings("TR401").len(), 1);
        }
    }
    let out = with(json!(100), "GreaterThanThreshold", name.clone());
    assert!(out.has("Q", "Messages"), "a laxer one does not count");
    assert!(out.finding("TR401").what.contains("fires only at 100"), "{}", out.finding("TR401").what);
    assert!(with(json!(1), "LessThanThreshold", name).has("Q", "Messages"), "the other side is something else");
}

#[test]
fn what_needs_a_number_is_off_until_it_has_one() {
    let distribution = json!({"Type": "AWS::CloudFront::Distribution", "Properties": {}});
    let template =
        |metadata: Value| json!({"Metadata": {"Toprail": metadata}, "Resources": {"D": distribution.clone()}});
    assert!(!transform(template(json!({"Profile": "Critical"}))).has("D", "ClientErrorRate"));
    let set = transform(template(json!({"Alarms": {"Distribution": {"ClientErrorRate": {"Threshold": 10}}}})));
    assert_eq!(set.alarm("D", "ClientErrorRate").threshold(), &json!(10));
    let on = transform(template(json!({"Alarms": {"Distribution": {"ClientErrorRate": true}}})));
    assert!(!on.has("D", "ClientErrorRate"));
    assert_eq!(on.findings("TR406").len(), 1);
}

// D-SW18
#[test]
fn many_resources_stay_within_cloudformations_limits() {
    let tables: serde_json::Map<String, Value> = (0..100)
        .map(|n| {
            let indexes: Vec<_> = (0..3).map(|i| json!({"IndexName": format!("i{i}")})).collect();
            (
                format!("T{n}"),
                json!({"Type": "AWS::DynamoDB::Table", "Properties": {"GlobalSecondaryIndexes": indexes}}),
            )
        })
        .collect();
    let out = transform(json!({"Resources": tables}));
    let resources = out.at("/Resources").as_object().unwrap().len();
    assert!(resources <= 500 && resources > 400, "{resources}");
    assert!(!out.findings("TR402").is_empty());
}

#[test]
fn a_resource_may_say_for_itself_what_is_watched() {
    let out = transform_resources(
        "
  A: {Type: AWS::DynamoDB::Table, Metadata: {Toprail: {Alarms: {Table: false}}}}
  B: {Type: AWS::DynamoDB::Table, Metadata: {Toprail: {Alarms: {Table: {ReadThrottles: {Threshold: 50}}}}}}
",
    );
    assert_eq!(out.names_of("A"), [] as [&str; 0]);
    assert_eq!(out.alarm("B", "ReadThrottles").threshold(), &json!(50));
}

#[test]
fn shapes_that_nobody_knows_are_left_alone() {
    for properties in [json!(null), json!([]), json!("x"), json!({"RedrivePolicy": 3}), json!({"QueueName": []})] {
        let out = queue(&properties);
        assert_eq!(out.at("/Resources/Q/Properties"), &properties);
    }
    for list in [json!("x"), json!({"Ref": "P"}), json!([null, 3, {"IndexName": []}, {"Fn::Transform": {}}])] {
        let out = transform(
            json!({"Resources": {"T": {"Type": "AWS::DynamoDB::Table", "Properties": {"GlobalSecondaryIndexes": list}}}}),
        );
        assert_eq!(out.names_of("T"), ["ReadThrottles", "WriteThrottles"]);
    }
}
