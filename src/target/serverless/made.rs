//! Resources that SAM makes from properties of others, as far as they are watched or say what others are for: rules, schedules, queues, mappings,
//! aliases. Their logical ids are SAM's. Checked against aws-sam-translator in `tests/acceptance`.

use crate::template::intrinsic::{as_bool, make_ref};
use crate::template::{Made, Object, Pointer, Resource, Template};
use serde_json::{Value, json};

const FUNCTION: &str = "AWS::Serverless::Function";
const STATE_MACHINE: &str = "AWS::Serverless::StateMachine";

/// What SAM will make of a template.
pub(in crate::target) fn made(template: &Template<'_>) -> Vec<Made> {
    let mut made = Vec::new();
    for resource in template.resources.values() {
        connectors(template, resource, &mut made);
    }
    for resource in template.of_types(&[FUNCTION, STATE_MACHINE]) {
        let mut maker = Maker { template, resource, invoked: make_ref(resource.id), made: &mut made };
        if resource.kind == FUNCTION {
            maker.alias();
            maker.url();
            maker.asynchronous();
        }
        let events = template.property(resource, "Events").and_then(Value::as_object);
        for (name, event) in events.into_iter().flatten() {
            maker.event(name, event);
        }
    }
    made
}

/// The permissions of connectors that let a bucket, topic or rule call a function. `Connectors` of a resource have it as their source.
fn connectors(template: &Template<'_>, resource: &Resource<'_>, made: &mut Vec<Made>) {
    let embedded = resource.object.get("Connectors").and_then(Value::as_object).into_iter().flatten();
    let of_source = embedded.map(|(name, connector)| (name.as_str(), connector, Some(resource.id)));
    let own = (resource.kind == "AWS::Serverless::Connector").then(|| resource.object.get("Properties")).flatten();
    let connectors: Vec<_> = of_source
        .filter_map(|(name, connector, source)| Some((name, connector.get("Properties")?, source)))
        .chain(own.map(|properties| (resource.id, properties, None)))
        .collect();
    for (name, properties, source) in connectors {
        let end = |end: &str| properties.get(end).and_then(|end| end.get("Id")).and_then(Value::as_str);
        let source = source.or_else(|| end("Source")).and_then(|id| template.resources.get(id));
        let told = properties.get("Source").and_then(|source| source.get("Type")).and_then(Value::as_str);
        let principal = match source.map(|source| source.kind).or(told) {
            Some("AWS::S3::Bucket") => "s3.amazonaws.com",
            Some("AWS::SNS::Topic") => "sns.amazonaws.com",
            Some("AWS::Events::Rule") => "events.amazonaws.com",
            _ => continue,
        };
        if let Some(function) = end("Destination") {
            let permission =
                object([("FunctionName", Some(make_ref(function))), ("Principal", Some(json!(principal)))]);
            let resource_value = object([
                ("Type", Some(json!("AWS::Lambda::Permission"))),
                ("Condition", resource.object.get("Condition").cloned()),
                ("Properties", Some(Value::Object(permission))),
            ]);
            let id = format!("{}{name}Permission", resource.id);
            made.push(Made { id, resource: Value::Object(resource_value), at: resource.at.clone() });
        }
    }
}

/// Makes what belongs to one function or state machine.
struct Maker<'a, 't> {
    template: &'a Template<'t>,
    resource: &'a Resource<'t>,
    /// What events call: the function, its alias, or the state machine.
    invoked: Value,
    made: &'a mut Vec<Made>,
}

impl Maker<'_, '_> {
    fn add(&mut self, suffix: &str, kind: &str, properties: Object, at: &Pointer) -> String {
        let id = format!("{}{suffix}", self.resource.id);
        self.add_as(id.clone(), kind, properties, at);
        id
    }

    /// Adds a resource, under the condition of the one that it is made for.
    fn add_as(&mut self, id: String, kind: &str, properties: Object, at: &Pointer) {
        let mut resource = Object::new();
        resource.insert("Type".to_owned(), json!(kind));
        if let Some(condition) = self.resource.object.get("Condition") {
            resource.insert("Condition".to_owned(), condition.clone());
        }
        resource.insert("Properties".to_owned(), Value::Object(properties));
        self.made.push(Made { id, resource: Value::Object(resource), at: at.clone() });
    }

    fn property(&self, name: &str) -> Option<&Value> {
        self.template.property(self.resource, name)
    }

    /// The alias that SAM publishes, and the deployment group where deployments are gradual. An alias whose name is an intrinsic has an unknown id.
    fn alias(&mut self) {
        let Some(name) = self.property("AutoPublishAlias").and_then(Value::as_str).map(str::to_owned) else { return };
        let at = self.resource.property_at("AutoPublishAlias");
        let provisioned = self.property("ProvisionedConcurrencyConfig").cloned();
        let properties = object([
            ("Name", Some(json!(name))),
            ("FunctionName", Some(make_ref(self.resource.id))),
            ("ProvisionedConcurrencyConfig", provisioned),
        ]);
        let suffix = name.replace('-', "D").replace('_', "U");
        let id = format!("{}Alias{suffix}", self.resource.id);
        let resource = object([
            ("Type", Some(json!("AWS::Lambda::Alias"))),
            ("Condition", self.resource.object.get("Condition").cloned()),
            ("UpdatePolicy", self.update_policy()),
            ("Properties", Some(Value::Object(properties))),
        ]);
        self.made.push(Made { id: id.clone(), resource: Value::Object(resource), at });
        self.invoked = make_ref(&id);
    }

    /// Deployments of the alias shift traffic gradually by any preference that is not switched off. Whether one is may be for CloudFormation to
    /// know: then `Enabled` stands in the policy, which SAM does not write there.
    fn update_policy(&self) -> Option<Value> {
        self.property("DeploymentPreference").filter(|preference| preference.is_object())?;
        let enabled = self.template.member(self.resource, "DeploymentPreference", "Enabled");
        let enabled = enabled.filter(|enabled| as_bool(enabled) != Some(true));
        (enabled.and_then(as_bool) != Some(false)).then(|| {
            let update = object([("Enabled", enabled.cloned())]);
            json!({"CodeDeployLambdaAliasUpdate": Value::Object(update)})
        })
    }

    fn url(&mut self) {
        if let Some(config) = self.property("FunctionUrlConfig").filter(|config| config.is_object()) {
            let mode = config.get("InvokeMode").cloned();
            let at = self.resource.property_at("FunctionUrlConfig");
            self.add(
                "Url",
                "AWS::Lambda::Url",
                object([("TargetFunctionArn", Some(self.invoked.clone())), ("InvokeMode", mode)]),
                &at,
            );
        }
    }

    /// `EventInvokeConfig`, and the queue or topic that SAM makes for a destination that names none.
    fn asynchronous(&mut self) {
        let Some(config) = self.property("EventInvokeConfig").filter(|config| config.is_object()).cloned() else {
            return;
        };
        let at = self.resource.property_at("EventInvokeConfig");
        let mut destinations = Vec::new();
        for when in ["OnFailure", "OnSuccess"] {
            let Some(destination) = config.pointer(&format!("/DestinationConfig/{when}")) else { continue };
            let kind = destination.get("Type").and_then(Value::as_str);
            let named = destination.get("Destination").cloned();
            let arn = named.or_else(|| match kind {
                Some("SQS") => {
                    let id = self.add(&format!("EventInvokeConfig{when}Queue"), "AWS::SQS::Queue", Object::new(), &at);
                    Some(json!({"Fn::GetAtt": [id, "Arn"]}))
                }
                Some("SNS") => {
                    let id = self.add(&format!("EventInvokeConfig{when}Topic"), "AWS::SNS::Topic", Object::new(), &at);
                    Some(make_ref(&id))
                }
                _ => None,
            });
            destinations.push((when, arn.map(|arn| json!({"Destination": arn}))));
        }
        let destinations = Some(Value::Object(object(destinations)));
        let function = Some(make_ref(self.resource.id));
        let age = config.get("MaximumEventAgeInSeconds").cloned();
        let properties = object([
            ("FunctionName", function),
            ("DestinationConfig", destinations),
            ("MaximumEventAgeInSeconds", age),
        ]);
        self.add("EventInvokeConfig", "AWS::Lambda::EventInvokeConfig", properties, &at);
    }

    fn event(&mut self, name: &str, event: &Value) {
        let at = self.resource.property_at("Events").child(name);
        let Some(kind) = event.get("Type").and_then(Value::as_str) else { return };
        let empty = Value::Object(Object::new());
        let properties = event.get("Properties").unwrap_or(&empty);
        match kind {
            "Schedule" | "CloudWatchEvent" | "EventBridgeRule" => self.rule(name, properties, &at),
            "ScheduleV2" => self.schedule(name, properties, &at),
            "SQS" => self.mapping(name, properties, "Queue", &at),
            "Kinesis" | "DynamoDB" | "MSK" => self.mapping(name, properties, "Stream", &at),
            "MQ" => self.mapping(name, properties, "Broker", &at),
            "DocumentDB" => self.mapping(name, properties, "Cluster", &at),
            "SelfManagedKafka" => self.mapping(name, properties, "KafkaBootstrapServers", &at),
            "SNS" => self.subscription(name, properties, &at),
            "IoTRule" => {
                self.add(name, "AWS::IoT::TopicRule", Object::new(), &at);
                self.permission(name, "iot.amazonaws.com", &at);
            }
            "S3" => self.permission(name, "s3.amazonaws.com", &at),
            "CloudWatchLogs" => {
                let group = properties.get("LogGroupName").cloned();
                let filter = object([("LogGroupName", group), ("DestinationArn", Some(self.invoked.clone()))]);
                self.add(name, "AWS::Logs::SubscriptionFilter", filter, &at);
                self.permission(name, "logs.amazonaws.com", &at);
            }
            _ => {}
        }
    }

    fn permission(&mut self, name: &str, principal: &str, at: &Pointer) {
        let properties = object([("FunctionName", Some(self.invoked.clone())), ("Principal", Some(json!(principal)))]);
        self.add(&format!("{name}Permission"), "AWS::Lambda::Permission", properties, at);
    }

    /// The dead-letter queue of a rule's or schedule's target.
    fn dead_letter(&mut self, name: &str, properties: &Value, at: &Pointer) -> Option<Value> {
        let config = properties.get("DeadLetterConfig")?;
        if let Some(arn) = config.get("Arn") {
            return Some(json!({"Arn": arn}));
        }
        (config.get("Type").and_then(Value::as_str) == Some("SQS")).then(|| {
            let chosen = config.get("QueueLogicalId").and_then(Value::as_str).map(str::to_owned);
            let id = chosen.unwrap_or_else(|| format!("{}{name}Queue", self.resource.id));
            self.add_as(id.clone(), "AWS::SQS::Queue", Object::new(), at);
            json!({"Arn": {"Fn::GetAtt": [id, "Arn"]}})
        })
    }

    /// What a rule or schedule calls.
    fn target(&mut self, name: &str, properties: &Value, at: &Pointer) -> Value {
        let dead_letter = self.dead_letter(name, properties, at);
        Value::Object(object([("Arn", Some(self.invoked.clone())), ("DeadLetterConfig", dead_letter)]))
    }

    fn rule(&mut self, name: &str, properties: &Value, at: &Pointer) {
        let target = self.target(name, properties, at);
        let is_off = properties.get("Enabled").and_then(as_bool) == Some(false);
        let state = properties.get("State").cloned().or_else(|| is_off.then(|| json!("DISABLED")));
        let chosen = properties.get("Name").or_else(|| properties.get("RuleName")).cloned();
        let rule = object([
            ("EventBusName", properties.get("EventBusName").cloned()),
            ("Name", chosen),
            ("ScheduleExpression", properties.get("Schedule").cloned()),
            ("State", state),
            ("Targets", Some(json!([target]))),
        ]);
        self.add(name, "AWS::Events::Rule", rule, at);
        if self.resource.kind == FUNCTION {
            self.permission(name, "events.amazonaws.com", at);
        }
    }

    fn schedule(&mut self, name: &str, properties: &Value, at: &Pointer) {
        let target = self.target(name, properties, at);
        let copied = ["GroupName", "State", "ScheduleExpression"].map(|key| (key, properties.get(key).cloned()));
        self.add(name, "AWS::Scheduler::Schedule", object(copied.into_iter().chain([("Target", Some(target))])), at);
    }

    fn mapping(&mut self, name: &str, properties: &Value, source: &str, at: &Pointer) {
        let mapping = object([
            ("FunctionName", Some(self.invoked.clone())),
            ("EventSourceArn", properties.get(source).cloned()),
            ("Enabled", properties.get("Enabled").cloned()),
            ("StartingPosition", properties.get("StartingPosition").cloned()),
            ("Topics", properties.get("Topics").cloned()),
            ("MetricsConfig", properties.get("MetricsConfig").cloned()),
            ("MaximumRecordAgeInSeconds", properties.get("MaximumRecordAgeInSeconds").cloned()),
            ("DestinationConfig", properties.get("DestinationConfig").cloned()),
            ("MaximumBatchingWindowInSeconds", properties.get("MaximumBatchingWindowInSeconds").cloned()),
        ]);
        self.add(name, "AWS::Lambda::EventSourceMapping", mapping, at);
    }

    /// A subscription; with `SqsSubscription` it has a queue between topic and function.
    fn subscription(&mut self, name: &str, properties: &Value, at: &Pointer) {
        let queue = properties.get("SqsSubscription").filter(|queue| as_bool(queue) == Some(true) || queue.is_object());
        let (protocol, endpoint) = match queue {
            None => {
                self.permission(name, "sns.amazonaws.com", at);
                ("lambda", self.invoked.clone())
            }
            Some(queue) => {
                let arn = queue.get("QueueArn").cloned().unwrap_or_else(|| {
                    let id = self.add(&format!("{name}Queue"), "AWS::SQS::Queue", Object::new(), at);
                    json!({"Fn::GetAtt": [id, "Arn"]})
                });
                let function = Some(self.invoked.clone());
                let mapping = object([("FunctionName", function), ("EventSourceArn", Some(arn.clone()))]);
                self.add(&format!("{name}EventSourceMapping"), "AWS::Lambda::EventSourceMapping", mapping, at);
                ("sqs", arn)
            }
        };
        let subscription = object([
            ("Protocol", Some(json!(protocol))),
            ("Endpoint", Some(endpoint)),
            ("TopicArn", properties.get("Topic").cloned()),
            ("RedrivePolicy", properties.get("RedrivePolicy").cloned()),
            ("FilterPolicy", properties.get("FilterPolicy").cloned()),
        ]);
        self.add(name, "AWS::SNS::Subscription", subscription, at);
    }
}

/// An object of the keys that have a value.
fn object<'v>(pairs: impl IntoIterator<Item = (&'v str, Option<Value>)>) -> Object {
    pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}
