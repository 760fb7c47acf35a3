//! SAM's types before SAM has expanded them.

use super::Maker;
use super::choices::Choices;
use serde_json::{Value, json};

/// The section `Globals`.
pub(super) fn globals(choices: &mut Choices<'_>) -> Value {
    let options = [
        ("Function", json!({"Timeout": 12, "Tags": {"a": "b"}})),
        ("Function", json!({"Environment": {"Variables": {"X": "y"}}})),
        ("Api", json!({"MethodSettings": [{"ResourcePath": "/*", "HttpMethod": "*", "LoggingLevel": "INFO"}]})),
        ("Api", json!({"Name": {"Ref": "AWS::StackName"}})),
        ("HttpApi", json!({"DefaultRouteSettings": {"ThrottlingBurstLimit": 5}})),
        ("HttpApi", json!({"RouteSettings": {"GET /x": {"ThrottlingRateLimit": 1}}})),
    ];
    let mut globals = json!({});
    for _ in 0..=choices.below(3) {
        let (section, value) = choices.pick(&options);
        globals[section] = value;
    }
    globals
}

impl Maker<'_> {
    /// `AWS::Serverless::Api` or `HttpApi`.
    pub(super) fn serverless_api(&mut self, index: usize) {
        let is_rest = !self.choices.once_in(3);
        let stage = self.text("prod");
        let mut properties = json!({});
        if is_rest || self.choices.once_in(2) {
            properties["StageName"] = stage;
        }
        if self.choices.once_in(3) {
            properties["DefinitionBody"] = self.body();
        }
        if is_rest && self.choices.once_in(3) {
            properties["MethodSettings"] = json!([self.method_setting()]);
        }
        if self.choices.once_in(3) {
            properties["Name"] = self.text("served");
        }
        let kind = if is_rest { "AWS::Serverless::Api" } else { "AWS::Serverless::HttpApi" };
        let id = format!("Served{index}");
        // One without a name is `$default`, as one beside it may be.
        let is_named = properties.get("StageName").is_some();
        self.add(id.clone(), kind, properties);
        if !is_rest && self.choices.once_in(3) {
            let properties = json!({"ApiId": {"Ref": id}, "RouteKey": "GET /beside"});
            self.add_to(&id, format!("{id}Route"), "AWS::ApiGatewayV2::Route", properties);
            if is_named {
                self.v2_stages(&id);
            }
        }
    }

    /// `AWS::Serverless::Function` with events.
    pub(super) fn serverless_function(&mut self, index: usize) {
        let mut properties = json!({"Handler": "bootstrap", "Runtime": "provided.al2023", "CodeUri": "s3://b/k"});
        if self.choices.once_in(2) {
            properties["Timeout"] = self.number(9);
        }
        if self.choices.once_in(4) {
            properties["Environment"] = json!({"Variables": {"TOKEN": {"Ref": "Password"}}});
        }
        let mut events = json!({});
        for event in 0..self.choices.below(4) {
            events[format!("E{event}")] = self.event();
        }
        properties["Events"] = events;
        self.add(format!("Handler{index}"), "AWS::Serverless::Function", properties);
    }

    fn event(&mut self) -> Value {
        let kind = self.choices.pick(&["Api", "HttpApi", "SQS", "Schedule"]);
        let path = self.choices.pick(&["/x", "/", "/orders/{id}", "/{proxy+}"]);
        let verb = self.choices.pick(&["get", "POST", "any", "delete", "options"]);
        let properties = match kind {
            "SQS" => json!({"Queue": "arn:aws:sqs:eu-west-1:111122223333:q"}),
            "Schedule" => json!({"Schedule": "rate(1 day)"}),
            "HttpApi" if self.choices.once_in(4) => json!({}),
            _ => {
                let mut properties = json!({"Path": path, "Method": verb});
                let is_there = |resource: &Value| {
                    resource["Type"] == format!("AWS::Serverless::{kind}") && resource.get("Condition").is_none()
                };
                let known = self.resources.iter().find(|(_, resource)| is_there(resource));
                if let (Some((id, _)), true) = (known, self.choices.once_in(2)) {
                    properties[if kind == "Api" { "RestApiId" } else { "ApiId" }] = json!({"Ref": id});
                }
                properties
            }
        };
        json!({"Type": kind, "Properties": properties})
    }
}
