//! Every kind of the catalogue is found in a template: no row watches what nobody finds. Of a kind by type the smallest template is made from its own
//! dimensions and tests; of a kind that code finds it stands in a table.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::{Map, Value, json};
use support::soundness;
use support::{Alarm, Out, object, transform_unchecked, yaml};
use toprail::Context;
use toprail::catalogue::{AlarmSpec, Finder, Kind, Test, Threshold, ValueOf, kinds};

/// A value that does where any does: a name, and a number of which a share is a threshold.
const ANY: &str = "100";

/// What a resource needs for the second choice of a test, where the first is not its own.
const PROPERTIES: &[(&str, &str)] = &[("RabbitMQ broker", "{DeploymentMode: SINGLE_INSTANCE}")];

/// The smallest resources in which code finds a kind, or several.
const TEMPLATES: &[(&[&str], &str)] = &[
    (
        &["REST stage", "REST method"],
        "
Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop, Body: {openapi: 3.0.1, paths: {/orders: {get: {}}}}}}
Deployment: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api}}
Stage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, DeploymentId: !Ref Deployment, StageName: prod}}",
    ),
    (
        &["HTTP stage", "HTTP route"],
        "
Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
Route: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /orders}}
Stage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: prod}}",
    ),
    (
        &["WebSocket stage", "WebSocket route"],
        "
Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}}
Route: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: send}}
Stage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: prod}}",
    ),
    (&["Bedrock guardrail"], "Guardrail: {Type: AWS::Bedrock::Guardrail, Properties: {Name: polite}}"),
    (
        &["Bedrock agent alias"],
        "
Role:
  Type: AWS::IAM::Role
  Properties: {Policies: [{PolicyName: metrics, PolicyDocument: {Statement: [{Effect: Allow, Action: cloudwatch:PutMetricData, Resource: '*'}]}}]}
Agent:
  Type: AWS::Bedrock::Agent
  Properties: {AgentName: helper, FoundationModel: 'anthropic.claude-3-haiku-20240307-v1:0', AgentResourceRoleArn: !GetAtt Role.Arn}
Alias: {Type: AWS::Bedrock::AgentAlias, Properties: {AgentId: !Ref Agent, AgentAliasName: live}}",
    ),
    (
        &["configuration set with events"],
        "
Set: {Type: AWS::SES::ConfigurationSet, Properties: {Name: orders}}
Events:
  Type: AWS::SES::ConfigurationSetEventDestination
  Properties:
    ConfigurationSetName: !Ref Set
    EventDestination:
      Enabled: true
      MatchingEventTypes: [renderingFailure]
      CloudWatchDestination:
        DimensionConfigurations: [{DimensionName: 'ses:configuration-set', DimensionValueSource: messageTag, DefaultDimensionValue: none}]",
    ),
    (&["Batch job queue"], "Queue: {Type: AWS::Batch::JobQueue, Properties: {Priority: 1}}"),
    (
        &["Elastic Beanstalk environment"],
        "
Environment:
  Type: AWS::ElasticBeanstalk::Environment
  Properties:
    ApplicationName: shop
    OptionSettings: [{Namespace: 'aws:elasticbeanstalk:healthreporting:system', OptionName: SystemType, Value: enhanced}]",
    ),
    (&["ActiveMQ broker"], "Broker: {Type: AWS::AmazonMQ::Broker, Properties: {EngineType: ACTIVEMQ, BrokerName: orders}}"),
    (&["Kafka broker"], "Cluster: {Type: AWS::MSK::Cluster, Properties: {ClusterName: events, NumberOfBrokerNodes: 3}}"),
    (&["cache node"], "Group: {Type: AWS::ElastiCache::ReplicationGroup, Properties: {NumCacheClusters: 2}}"),
    (
        &["CloudFront function"],
        "
Headers: {Type: AWS::CloudFront::Function, Properties: {Name: headers}}
Site:
  Type: AWS::CloudFront::Distribution
  Properties:
    DistributionConfig: {DefaultCacheBehavior: {FunctionAssociations: [{EventType: viewer-request, FunctionARN: !GetAtt Headers.FunctionARN}]}}",
    ),
    (
        &["contact center's recordings", "contact flow", "contact queue"],
        "
Center: {Type: AWS::Connect::Instance, Properties: {IdentityManagementType: SAML}}
Recordings: {Type: AWS::Connect::InstanceStorageConfig, Properties: {InstanceArn: !GetAtt Center.Arn, ResourceType: CALL_RECORDINGS}}
Flow: {Type: AWS::Connect::ContactFlow, Properties: {InstanceArn: !GetAtt Center.Arn, Name: welcome, Type: CONTACT_FLOW}}
Queue: {Type: AWS::Connect::Queue, Properties: {InstanceArn: !GetAtt Center.Arn, Name: support}}",
    ),
    (
        &["DynamoDB index", "DynamoDB operation", "DynamoDB replica"],
        "
Table:
  Type: AWS::DynamoDB::GlobalTable
  Properties: {GlobalSecondaryIndexes: [{IndexName: by-customer}], Replicas: [{Region: us-east-1}, {Region: eu-west-1}]}",
    ),
    (
        &["ECS service", "ECS service with Container Insights", "ECS cluster on EC2"],
        "
Cluster: {Type: AWS::ECS::Cluster, Properties: {ClusterSettings: [{Name: containerInsights, Value: enabled}]}}
Service: {Type: AWS::ECS::Service, Properties: {Cluster: !Ref Cluster, LaunchType: EC2, DesiredCount: 2}}",
    ),
    (
        &["EventBridge rule", "rule of a custom bus", "schedule group"],
        "
Rule: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 hour)}}
Bus: {Type: AWS::Events::EventBus, Properties: {Name: orders}}
BusRule: {Type: AWS::Events::Rule, Properties: {EventBusName: !Ref Bus, EventPattern: {source: [orders]}}}
Group: {Type: AWS::Scheduler::ScheduleGroup}",
    ),
    (
        &["function that reads a stream", "event source mapping"],
        "
Function: {Type: AWS::Lambda::Function}
Stream: {Type: AWS::Kinesis::Stream}
Mapping:
  Type: AWS::Lambda::EventSourceMapping
  Properties: {FunctionName: !Ref Function, EventSourceArn: !GetAtt Stream.Arn, StartingPosition: LATEST, MetricsConfig: {Metrics: [EventCount]}}",
    ),
    (
        &["function that reads Kafka"],
        "
Function: {Type: AWS::Lambda::Function}
Mapping: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Function, EventSourceArn: 'arn:aws:kafka:us-east-1:1:cluster/a/b', Topics: [orders]}}",
    ),
    (
        &["function invoked asynchronously", "function with destinations"],
        "
Function: {Type: AWS::Lambda::Function}
Config:
  Type: AWS::Lambda::EventInvokeConfig
  Properties: {FunctionName: !Ref Function, Qualifier: $LATEST, DestinationConfig: {OnFailure: {Destination: 'arn:aws:sqs:us-east-1:1:failed'}}}",
    ),
    (
        &["function with Lambda Insights"],
        "
Function: {Type: AWS::Lambda::Function, Properties: {Layers: ['arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension:53']}}",
    ),
    (
        &["function URL"],
        "
Function: {Type: AWS::Lambda::Function}
Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Function, AuthType: NONE}}",
    ),
    (
        &["function alias", "alias with provisioned concurrency"],
        "
Function: {Type: AWS::Lambda::Function}
Alias:
  Type: AWS::Lambda::Alias
  Properties: {FunctionName: !Ref Function, FunctionVersion: '1', Name: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
  UpdatePolicy: {CodeDeployLambdaAliasUpdate: {ApplicationName: app, DeploymentGroupName: group}}",
    ),
    (
        &["target group", "network target group", "gateway target group"],
        "
Http: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: HTTP, Port: 80, TargetType: ip}}
Tcp: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: TCP, Port: 80, TargetType: ip}}
Geneve: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: GENEVE, Port: 6081, TargetType: ip}}
Web: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer}
Net: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network}}
Gate: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: gateway}}
OnWeb: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref Web, DefaultActions: [{Type: forward, TargetGroupArn: !Ref Http}]}}
OnNet: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref Net, DefaultActions: [{Type: forward, TargetGroupArn: !Ref Tcp}]}}
OnGate: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref Gate, DefaultActions: [{Type: forward, TargetGroupArn: !Ref Geneve}]}}",
    ),
    (
        &["endpoint variant", "endpoint variant's instances"],
        "
Config: {Type: AWS::SageMaker::EndpointConfig, Properties: {ProductionVariants: [{VariantName: main, InstanceType: ml.m5.large}]}}
Endpoint: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: !GetAtt Config.EndpointConfigName}}",
    ),
    (
        &["bot alias"],
        "
Bot: {Type: AWS::Lex::Bot, Properties: {Name: clerk, BotLocales: [{LocaleId: en_US}]}}
Alias: {Type: AWS::Lex::BotAlias, Properties: {BotId: !Ref Bot, BotAliasName: live}}",
    ),
    (&["live channel's pipeline"], "Channel: {Type: AWS::MediaLive::Channel, Properties: {Name: news}}"),
    (
        &["replication task"],
        "
Instance: {Type: AWS::DMS::ReplicationInstance, Properties: {ReplicationInstanceIdentifier: mover}}
Task: {Type: AWS::DMS::ReplicationTask, Properties: {ReplicationInstanceArn: !Ref Instance, MigrationType: full-load-and-cdc}}",
    ),
    (
        &["accelerator"],
        "
Front: {Type: AWS::GlobalAccelerator::Accelerator, Properties: {Name: front}}
Listener: {Type: AWS::GlobalAccelerator::Listener, Properties: {AcceleratorArn: !Ref Front}}
Group: {Type: AWS::GlobalAccelerator::EndpointGroup, Properties: {ListenerArn: !Ref Listener, EndpointConfigurations: [{EndpointId: eipalloc-1}]}}",
    ),
    (
        &["forwarded log group"],
        "
Group: {Type: AWS::Logs::LogGroup}
Filter: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref Group, DestinationArn: 'arn:aws:kinesis:us-east-1:1:stream/s', FilterPattern: ''}}",
    ),
    (
        &["Aurora cluster", "Aurora cluster with readers"],
        "
Cluster: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-postgresql}}
One: {Type: AWS::RDS::DBInstance, Properties: {Engine: aurora-postgresql, DBClusterIdentifier: !Ref Cluster, DBInstanceClass: db.r6g.large}}
Two: {Type: AWS::RDS::DBInstance, Properties: {Engine: aurora-postgresql, DBClusterIdentifier: !Ref Cluster, DBInstanceClass: db.r6g.large}}",
    ),
    (&["bucket with request metrics"], "Bucket: {Type: AWS::S3::Bucket, Properties: {MetricsConfigurations: [{Id: all}]}}"),
    (
        &["bucket replication"],
        "
Source:
  Type: AWS::S3::Bucket
  Properties:
    ReplicationConfiguration:
      Rules: [{Id: copy, Status: Enabled, Destination: {Bucket: 'arn:aws:s3:::copies', Metrics: {Status: Enabled}}}]",
    ),
    (
        &["Object Lambda access point"],
        "
Function: {Type: AWS::Lambda::Function}
Point:
  Type: AWS::S3ObjectLambda::AccessPoint
  Properties:
    ObjectLambdaConfiguration:
      CloudWatchMetricsEnabled: true
      SupportingAccessPoint: arn:aws:s3:us-east-1:1:accesspoint/plain
      TransformationConfigurations: [{Actions: [GetObject], ContentTransformation: {AwsLambda: {FunctionArn: !GetAtt Function.Arn}}}]",
    ),
    (
        &["topic with filters", "topic with dead-letter queues"],
        "
Topic: {Type: AWS::SNS::Topic}
Subscription:
  Type: AWS::SNS::Subscription
  Properties:
    TopicArn: !Ref Topic
    FilterPolicy: {kind: [order]}
    RedrivePolicy: {deadLetterTargetArn: 'arn:aws:sqs:us-east-1:1:dead'}",
    ),
    (
        &["SQS queue", "dead-letter queue"],
        "
Orders: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}}}
Dead: {Type: AWS::SQS::Queue}",
    ),
    (
        &["stream consumer"],
        "
Stream: {Type: AWS::Kinesis::Stream}
Consumer: {Type: AWS::Kinesis::StreamConsumer, Properties: {StreamARN: !GetAtt Stream.Arn, ConsumerName: reports}}",
    ),
    (
        &["delivery stream with a transformation"],
        "
Stream:
  Type: AWS::KinesisFirehose::DeliveryStream
  Properties:
    ExtendedS3DestinationConfiguration: {ProcessingConfiguration: {Enabled: true, Processors: [{Type: Lambda}]}}",
    ),
    (&["AS2 server"], "Server: {Type: AWS::Transfer::Server, Properties: {Protocols: [AS2]}}"),
    (
        &["Airflow scheduler", "Airflow executor", "Airflow DAG processor", "Airflow environment's tasks"],
        "Airflow: {Type: AWS::MWAA::Environment, Properties: {Name: flows}}",
    ),
];

#[test]
fn every_kind_of_the_catalogue_is_found_in_a_template() {
    let complaints: Vec<String> = kinds().flat_map(not_found).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn every_template_is_of_kinds_that_code_finds() {
    for noun in TEMPLATES.iter().flat_map(|(nouns, _)| *nouns) {
        let kind = kinds().find(|kind| kind.noun == *noun);
        assert!(kind.is_some_and(|kind| kind.finder == Finder::Code), "{noun}");
    }
}

/// What is wrong with how a kind is found.
fn not_found(kind: &'static Kind) -> Vec<String> {
    let (mut rows, mut complaints) = (kind.alarms(), Vec::new());
    match kind.finder {
        Finder::Code => {
            let Some((_, resources)) = TEMPLATES.iter().find(|(nouns, _)| nouns.contains(&kind.noun)) else {
                return vec![format!("{}: no template in `TEMPLATES`", kind.noun)];
            };
            let out = transform(kind, &yaml(resources));
            if !rows.any(|row| watches(&out, kind, row)) {
                complaints.push(format!("{} is not found: {}", kind.noun, told(&out)));
            }
            complaints.extend(soundness::complaints(&out));
        }
        Finder::Type => {
            for (row, of) in rows.flat_map(|row| kind.types.iter().map(move |of| (row, *of))) {
                let out = transform(kind, &smallest(kind, row, of));
                if !watches(&out, kind, row) {
                    complaints.push(format!("{} of {of} is not watched by {}: {}", kind.noun, row.id, told(&out)));
                }
                complaints.extend(soundness::complaints(&out));
            }
        }
    }
    complaints
}

/// With everything on, where the kind has its metrics, and with a threshold for each of its alarms.
fn transform(kind: &'static Kind, resources: &Value) -> Out {
    let mut alarms = Map::new();
    for row in kind.alarms() {
        let group = alarms.entry(row.group()).or_insert_with(|| json!({}));
        group[row.name()] = if row.threshold == Threshold::Yours { json!({"Threshold": 1}) } else { json!({}) };
    }
    let fragment = json!({"Metadata": {"Toprail": {"Alarms": alarms}}, "Resources": resources});
    let params = json!({"Profile": "Critical"}).as_object().unwrap().clone();
    let region = kind.region.unwrap_or("us-east-1").to_owned();
    transform_unchecked(fragment, Context { region, params, ..Context::default() })
}

/// Whether an alarm of a row is there, with the kind's dimensions and no others.
fn watches(out: &Out, kind: &Kind, row: &AlarmSpec) -> bool {
    let is_of_kind = |alarm: &Alarm<'_>| {
        let properties = &alarm.resource["Properties"];
        let metric = properties.pointer("/Metrics/1/MetricStat/Metric").unwrap_or(properties);
        let dimensions = metric["Dimensions"].as_array().cloned().unwrap_or_default();
        let pairs = || dimensions.iter().zip(kind.dimensions);
        alarm.planned.row.id == row.id
            && metric["Namespace"] == kind.namespace
            && dimensions.len() == kind.dimensions.len()
            && pairs().all(|(own, of)| own["Name"] == of.name && !own["Value"].is_null())
            && pairs().all(|(own, of)| !matches!(of.value, ValueOf::Fixed(text) if own["Value"] != text))
    };
    out.alarms().iter().any(is_of_kind)
}

fn told(out: &Out) -> String {
    let findings: Vec<_> = out.outcome.findings.iter().map(|finding| finding.what.as_str()).collect();
    format!("alarms {:?}, findings {findings:?}", out.lines())
}

/// The resource that has what makes it a target of the kind, and what a row asks for.
fn smallest(kind: &Kind, row: &AlarmSpec, of: &str) -> Value {
    let by_hand = PROPERTIES.iter().find(|(noun, _)| *noun == kind.noun);
    let mut properties = by_hand.map_or_else(|| json!({}), |(_, text)| yaml(text));
    for dimension in kind.dimensions {
        if let ValueOf::Property(path) = dimension.value {
            set(&mut properties, path, json!(ANY));
        }
    }
    let needs = row.need.as_ref().map(|need| need.on);
    for test in [kind.applies, row.applies].into_iter().chain(needs) {
        satisfy(&mut properties, test);
    }
    if let Threshold::Share(share) = &row.threshold {
        set(&mut properties, &share.property, json!(ANY));
    }
    object([("R".to_owned(), json!({"Type": of, "Properties": properties}))])
}

/// Makes a test hold, as far as something that is there can. What must not be there is not.
fn satisfy(properties: &mut Value, test: Test) {
    match test {
        Test::Has(path) => set(properties, path, json!(ANY)),
        Test::Is(path, words) | Test::Starts(path, words) => set(properties, path, json!(words[0])),
        Test::ItemWithout(path, _) => set(properties, path, json!([{}])),
        Test::All(tests) => tests.iter().for_each(|test| satisfy(properties, *test)),
        // The first is mostly the service's default: nothing to set. For others there is `PROPERTIES`.
        Test::Any([first, ..]) => satisfy(properties, *first),
        Test::Any([]) | Test::Always | Test::Not(_) => {}
    }
}

/// Sets a property by its path. What is there already stays, unless the new value says more: `aurora-mysql` is `aurora` too.
fn set(properties: &mut Value, path: &str, value: Value) {
    let mut at = properties;
    for name in path.split('.') {
        if !at.is_object() {
            *at = json!({});
        }
        at = &mut at[name];
    }
    let says_more = |old: &str| old == ANY || value.as_str().is_some_and(|new| new.starts_with(old));
    if at.is_null() || at.as_str().is_some_and(says_more) {
        *at = value;
    }
}
