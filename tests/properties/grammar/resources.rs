//! Functions, everything else that can be watched or tagged, the author's own alarms, and shapes that nobody knows.

use super::Maker;
use serde_json::{Value, json};

impl Maker<'_> {
    /// `AWS::Lambda::Function`.
    pub(super) fn function(&mut self, index: usize) {
        let mut properties = json!({"Handler": "h", "Runtime": "nodejs22.x", "Code": {"ZipFile": "x"}, "Role": "arn:aws:iam::111122223333:role/r"});
        if self.choices.once_in(2) {
            properties["Timeout"] = self.number(30);
        }
        if self.choices.once_in(3) {
            properties["FunctionName"] = self.text(&format!("function{index}"));
        }
        if self.choices.once_in(4) {
            properties["Tags"] = json!([{"Key": "Team", "Value": "theirs"}]);
        }
        if self.choices.once_in(4) {
            properties["Environment"] = json!({"Variables": {"TOKEN": {"Ref": "Password"}}});
        }
        let id = format!("Function{index}");
        self.add(id.clone(), "AWS::Lambda::Function", properties);
        if self.choices.once_in(4) {
            let logs = json!({"LogGroupName": {"Fn::Sub": format!("/aws/lambda/${{{id}}}")}});
            self.add_to(&id, format!("{id}Logs"), "AWS::Logs::LogGroup", logs);
        }
        if self.choices.once_in(5) {
            let settings = self.choices.pick(&[
                json!({"Enabled": false}),
                json!({"Throttle": false}),
                json!({"Tags": {"Own": "x"}}),
            ]);
            self.resources[&id]["Metadata"] = json!({"Toprail": settings});
        }
    }

    /// Anything else that CloudWatch can watch or that takes tags.
    pub(super) fn resource(&mut self, index: usize) {
        let kinds = [
            ("AWS::SQS::Queue", json!({})),
            (
                "AWS::SQS::Queue",
                json!({"FifoQueue": true, "VisibilityTimeout": "60", "RedrivePolicy": {"maxReceiveCount": 3}}),
            ),
            (
                "AWS::DynamoDB::Table",
                json!({"BillingMode": "PAY_PER_REQUEST", "GlobalSecondaryIndexes": [{"IndexName": "i"}]}),
            ),
            (
                "AWS::DynamoDB::Table",
                json!({"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": {"Ref": "Number"}}}),
            ),
            ("AWS::SNS::Topic", json!({"FifoTopic": "false"})),
            ("AWS::StepFunctions::StateMachine", json!({"StateMachineType": "EXPRESS"})),
            ("AWS::Kinesis::Stream", json!({"ShardCount": 2})),
            ("AWS::Events::Rule", json!({"ScheduleExpression": "rate(1 day)", "Targets": []})),
            ("AWS::RDS::DBInstance", json!({"Engine": "postgres", "AllocatedStorage": "20"})),
            ("AWS::ECS::Service", json!({"Cluster": {"Ref": "Env"}, "DesiredCount": 2})),
            ("AWS::ElasticLoadBalancingV2::LoadBalancer", json!({"Type": "application"})),
            ("AWS::ElastiCache::CacheCluster", json!({"Engine": "redis", "NumCacheNodes": 1})),
            ("AWS::CloudFront::Distribution", json!({"DistributionConfig": {"Enabled": true}})),
            (
                "AWS::S3::Bucket",
                json!({"Tags": {"Fn::If": ["A", [{"Key": "a", "Value": "b"}], {"Ref": "AWS::NoValue"}]}}),
            ),
            ("AWS::AppSync::GraphQLApi", json!({"Name": "g", "AuthenticationType": "API_KEY"})),
            ("AWS::Logs::LogGroup", json!({"LogGroupName": {"Fn::Sub": "/x/${Env}"}})),
            ("AWS::Serverless::SimpleTable", json!({})),
            (
                "AWS::Serverless::StateMachine",
                json!({"Events": {"E": {"Type": "Api", "Properties": {"Path": "/s", "Method": "post"}}}}),
            ),
            ("Custom::Anything", json!({"ServiceToken": {"Ref": "Env"}})),
        ];
        let (kind, properties) = self.choices.pick(&kinds);
        self.add(format!("Thing{index}"), kind, properties);
    }

    /// An alarm of the author on a function that is there, or on none.
    pub(super) fn alarm(&mut self, index: usize) {
        let function = self.resources.iter().find(|(_, resource)| resource["Type"] == "AWS::Lambda::Function");
        let owner = function.map(|(id, _)| id.clone());
        let name = owner.as_ref().map_or(json!("elsewhere"), |id| json!({"Ref": id}));
        let metric = self.choices.pick(&["Errors", "Throttles", "Duration", "Invocations"]);
        let properties = json!({
            "Namespace": "AWS/Lambda", "MetricName": metric, "Statistic": "Sum", "Period": "60", "EvaluationPeriods": 1,
            "Dimensions": [{"Name": "FunctionName", "Value": name}],
            "ComparisonOperator": "GreaterThanThreshold", "Threshold": 1,
        });
        match owner {
            Some(owner) => self.add_to(&owner, format!("Alarm{index}"), "AWS::CloudWatch::Alarm", properties),
            None => self.add(format!("Alarm{index}"), "AWS::CloudWatch::Alarm", properties),
        }
    }

    /// An entry of `Resources` that is no ordinary resource.
    pub(super) fn oddity(&mut self, index: usize) {
        let loops = json!(["I", ["a", "b"], {"Q${I}": {"Type": "AWS::SQS::Queue"}}]);
        let (id, value): (&str, Value) = self.choices.pick(&[
            ("Empty", json!({})),
            ("Fn::ForEach::Loop", loops),
            ("Text", json!("text")),
            ("Future", json!({"Type": "AWS::Future::Thing", "Properties": {"Tags": 9, "Deep": [[[{"k": -0.0}]]]}})),
            ("Untyped", json!({"Type": {"Ref": "Env"}, "Properties": [1]})),
            ("Bare", json!({"Type": "AWS::Lambda::Function"})),
            (
                "Included",
                json!({"Type": "AWS::ApiGateway::RestApi", "Properties": {"Fn::Transform": {"Name": "AWS::Include"}}}),
            ),
        ]);
        let id = if id.contains(':') { id.to_owned() } else { format!("{id}{index}") };
        self.resources.insert(id, value);
    }
}
