//! REST, HTTP and WebSocket APIs in plain CloudFormation.

use super::{Maker, nothing};
use serde_json::{Map, Value, json};

const VERBS: [&str; 6] = ["GET", "POST", "PUT", "DELETE", "ANY", "OPTIONS"];
const PATHS: [&str; 8] = ["/x", "/", "/orders/{id}", "/a/b-c_d", "/{proxy+}", "/ü~x", "/X", "/x/"];
const STAGES: [&str; 4] = ["prod", "v1", "live-2", "$default"];

impl Maker<'_> {
    /// A REST API, from a definition, a tree of resources or both, with up to three stages.
    pub(super) fn rest(&mut self, index: usize) {
        let id = format!("Rest{index}");
        let mut properties = Map::new();
        if !self.choices.once_in(6) {
            let name = self.text(&format!("rest{index}"));
            properties.insert("Name".into(), name);
        }
        let has_body = !self.choices.once_in(3);
        if has_body {
            properties.insert("Body".into(), self.body());
        } else if self.choices.once_in(6) {
            properties.insert("BodyS3Location".into(), json!({"Bucket": "b", "Key": "k"}));
        }
        if self.choices.once_in(4) {
            properties.insert("Tags".into(), json!([{"Key": "Team", "Value": {"Ref": "Env"}}]));
        }
        self.add(id.clone(), "AWS::ApiGateway::RestApi", Value::Object(properties));
        if !has_body || self.choices.once_in(5) {
            self.tree(&id);
        }
        for stage in 0..self.choices.below(4).min(3) {
            self.rest_stage(&id, stage);
        }
    }

    fn tree(&mut self, api: &str) {
        let root = json!({"Fn::GetAtt": [api, "RootResourceId"]});
        let (mut parent, mut owner) = (root.clone(), api.to_owned());
        for part in 0..self.choices.below(3) {
            let (id, name) = (format!("{api}Part{part}"), self.choices.pick(&["a", "{id}", "{proxy+}", "B"]));
            let name = self.choices.maybe(8, |_| json!({"Ref": "Env"})).unwrap_or(json!(name));
            let properties = json!({"RestApiId": {"Ref": api}, "ParentId": parent, "PathPart": name});
            self.add_to(&owner, id.clone(), "AWS::ApiGateway::Resource", properties);
            (parent, owner) =
                if self.choices.once_in(5) { (root.clone(), api.into()) } else { (json!({"Ref": id}), id) };
        }
        for method in 0..self.choices.below(4) {
            let verb = self.choices.pick(&VERBS);
            let properties = json!({"RestApiId": {"Ref": api}, "ResourceId": parent, "HttpMethod": verb});
            self.add_to(&owner, format!("{api}Method{method}"), "AWS::ApiGateway::Method", properties);
        }
    }

    /// No two stages of an API have the same name: such a template is never deployed, and so has no stage to watch.
    fn stage_name(&mut self, literal: &str, index: usize) -> Value {
        let name = self.text(literal);
        if index > 0 && name.get("Ref").is_some() { json!({"Fn::Sub": format!("${{Env}}-{literal}")}) } else { name }
    }

    fn rest_stage(&mut self, api: &str, index: usize) {
        let name = self.stage_name(STAGES[index], index);
        let mut properties = json!({"RestApiId": {"Ref": api}, "StageName": name});
        if self.choices.once_in(4) {
            return self.add_to(api, format!("{api}Deployment{index}"), "AWS::ApiGateway::Deployment", properties);
        }
        if self.choices.once_in(2) {
            let settings: Vec<_> = (0..self.choices.below(3)).map(|_| self.method_setting()).collect();
            properties["MethodSettings"] = json!(settings);
        }
        self.add_to(api, format!("{api}Stage{index}"), "AWS::ApiGateway::Stage", properties);
    }

    /// An entry of `MethodSettings`.
    pub(super) fn method_setting(&mut self) -> Value {
        let (path, verb) =
            self.choices.pick(&[("/*", "*"), ("/~1x", "GET"), ("/~1orders~1{id}", "POST"), ("/", "GET")]);
        let mut entry = json!({"ResourcePath": path, "HttpMethod": verb});
        let options = [
            ("MetricsEnabled", json!(true)),
            ("MetricsEnabled", json!("false")),
            ("ThrottlingRateLimit", json!(5)),
            ("ThrottlingBurstLimit", json!("7")),
            ("LoggingLevel", json!("INFO")),
        ];
        for _ in 0..self.choices.below(3) {
            let (name, value) = self.choices.pick(&options);
            entry[name] = value;
        }
        entry
    }

    /// An OpenAPI definition.
    pub(super) fn body(&mut self) -> Value {
        let mut paths = Map::new();
        for _ in 0..self.choices.below(4) {
            let path = self.choices.pick(&PATHS);
            let methods = self.methods();
            let methods = self.perhaps(methods, nothing());
            paths.insert(path.into(), methods);
        }
        let title = self.text("title");
        let version = self.choices.pick(&[("openapi", "3.0.1"), ("swagger", "2.0")]);
        let paths = self.perhaps(Value::Object(paths), json!({}));
        let body = json!({version.0: version.1, "info": {"title": title}, "paths": paths});
        self.perhaps(body, json!({"openapi": "3.0.1", "info": {"title": "other"}, "paths": {"/x": {"get": {}}}}))
    }

    fn methods(&mut self) -> Value {
        let mut methods = Map::new();
        for _ in 0..=self.choices.below(3) {
            let verb =
                self.choices.pick(&["get", "post", "put", "options", "x-amazon-apigateway-any-method", "parameters"]);
            let method = self.perhaps(json!({"responses": {}}), nothing());
            methods.insert(verb.into(), if verb == "parameters" { json!([]) } else { method });
        }
        Value::Object(methods)
    }

    /// An HTTP API: routes, a definition, or quick create.
    pub(super) fn http(&mut self, index: usize) {
        let id = format!("Http{index}");
        let mut properties = match self.choices.below(3) {
            0 => json!({"ProtocolType": "HTTP"}),
            1 => json!({"Body": self.body()}),
            _ => json!({"ProtocolType": "HTTP", "Target": "arn:aws:lambda:eu-west-1:111122223333:function:f"}),
        };
        properties["Name"] = self.text(&id.to_lowercase());
        self.add(id.clone(), "AWS::ApiGatewayV2::Api", properties);
        for route in 0..self.choices.below(4) {
            let (verb, path) = (self.choices.pick(&VERBS), self.choices.pick(&PATHS));
            let key = if self.choices.once_in(6) { "$default".to_owned() } else { format!("{verb} {path}") };
            self.add_to(
                &id,
                format!("{id}Route{route}"),
                "AWS::ApiGatewayV2::Route",
                json!({"ApiId": {"Ref": id}, "RouteKey": key}),
            );
        }
        self.v2_stages(&id);
    }

    /// A WebSocket API.
    pub(super) fn socket(&mut self, index: usize) {
        let id = format!("Socket{index}");
        let name = self.text(&id.to_lowercase());
        self.add(id.clone(), "AWS::ApiGatewayV2::Api", json!({"ProtocolType": "WEBSOCKET", "Name": name}));
        for route in 0..self.choices.below(3) {
            let key = self.choices.pick(&["$connect", "$default", "send", "$disconnect"]);
            self.add_to(
                &id,
                format!("{id}Route{route}"),
                "AWS::ApiGatewayV2::Route",
                json!({"ApiId": {"Ref": id}, "RouteKey": key}),
            );
        }
        self.v2_stages(&id);
    }

    pub(super) fn v2_stages(&mut self, api: &str) {
        for stage in 0..self.choices.below(3) {
            let name = self.stage_name(STAGES[3 - stage], stage);
            let mut properties = json!({"ApiId": {"Ref": api}, "StageName": name});
            match self.choices.below(5) {
                1 => properties["DefaultRouteSettings"] = json!({"ThrottlingRateLimit": 3}),
                2 => properties["DefaultRouteSettings"] = json!({"DetailedMetricsEnabled": "false"}),
                3 => {
                    properties["RouteSettings"] =
                        json!({"GET /x": {"DetailedMetricsEnabled": true, "LoggingLevel": "INFO"}})
                }
                _ => {}
            }
            self.add_to(api, format!("{api}Stage{stage}"), "AWS::ApiGatewayV2::Stage", properties);
        }
    }
}
