//! Law 9: one application, written for SAM and as SAM expands it, is watched alike.

use crate::grammar::choices::Choices;
use crate::support::transform;
use serde_json::{Map, Value, json};

/// A route: path, verb and the number of its function.
type Route = (&'static str, &'static str, usize);

/// An application: the timeouts of its functions, and the routes of its REST and its HTTP API.
#[derive(Debug)]
pub(crate) struct Application {
    timeouts: Vec<Option<u32>>,
    rest: Vec<Route>,
    http: Vec<Route>,
    is_implicit: bool,
    settings: Value,
}

impl Application {
    /// The application that the bytes choose.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        let mut choices = Choices::new(bytes);
        let functions = 1 + choices.below(4);
        let timeouts = (0..functions).map(|_| choices.pick(&[None, Some(3), Some(29), Some(900)])).collect();
        let routes = |choices: &mut Choices<'_>| {
            let mut routes: Vec<Route> = Vec::new();
            for _ in 0..choices.below(5) {
                let path = choices.pick(&["/x", "/", "/orders/{id}", "/orders", "/a/{b}/c"]);
                let verb = choices.pick(&["get", "post", "put", "delete", "patch"]);
                if !routes.iter().any(|route| (route.0, route.1) == (path, verb)) {
                    routes.push((path, verb, choices.below(functions)));
                }
            }
            routes
        };
        let (rest, http) = (routes(&mut choices), routes(&mut choices));
        let settings = choices.pick(&[
            json!({}),
            json!({"Profile": "Essential"}),
            json!({"Alarms": {"Api": {"LatencyP99": {"Threshold": 7}}}, "Methods": {"GET /x": false}}),
            json!({"Profile": "Critical", "Throttle": false}),
        ]);
        Self { timeouts, rest, http, is_implicit: choices.once_in(2), settings }
    }

    /// What is watched before SAM and after it, with each API called alike.
    pub(crate) fn watched(&self) -> [Vec<String>; 2] {
        [self.before(), self.after()].map(|resources| {
            let template = json!({"Metadata": {"Toprail": self.settings}, "Resources": resources});
            let plain = |line: String| line.replace("ServerlessHttpApi", "Http");
            let mut lines: Vec<_> = transform(template).signatures().into_iter().map(plain).collect();
            lines.sort();
            lines
        })
    }

    fn before(&self) -> Value {
        let mut resources = Map::new();
        if !self.is_implicit {
            resources
                .insert("Rest".into(), json!({"Type": "AWS::Serverless::Api", "Properties": {"StageName": "Prod"}}));
            resources.insert("Http".into(), json!({"Type": "AWS::Serverless::HttpApi"}));
        }
        for (index, timeout) in self.timeouts.iter().enumerate() {
            let mut events = Map::new();
            for (kind, owner, id, routes) in
                [("Api", "RestApiId", "Rest", &self.rest), ("HttpApi", "ApiId", "Http", &self.http)]
            {
                for (number, (path, verb, _)) in routes.iter().enumerate().filter(|(_, route)| route.2 == index) {
                    let mut properties = json!({"Path": path, "Method": verb});
                    if !self.is_implicit {
                        properties[owner] = json!({"Ref": id});
                    }
                    events.insert(format!("{kind}{number}"), json!({"Type": kind, "Properties": properties}));
                }
            }
            let mut properties = json!({"Events": events});
            if let Some(timeout) = timeout {
                properties["Timeout"] = json!(timeout);
            }
            resources
                .insert(format!("F{index}"), json!({"Type": "AWS::Serverless::Function", "Properties": properties}));
        }
        Value::Object(resources)
    }

    fn after(&self) -> Value {
        let mut resources = Map::new();
        for (index, timeout) in self.timeouts.iter().enumerate() {
            let properties = timeout.map_or(json!({}), |timeout| json!({"Timeout": timeout}));
            resources.insert(format!("F{index}"), json!({"Type": "AWS::Lambda::Function", "Properties": properties}));
        }
        let title = json!({"title": {"Ref": "AWS::StackName"}});
        // SAM makes an implicit API only where a function asks for it.
        if !self.is_implicit || !self.rest.is_empty() {
            let id = if self.is_implicit { "ServerlessRestApi" } else { "Rest" };
            let body = json!({"swagger": "2.0", "info": title, "paths": paths(&self.rest)});
            // Without events and a definition, an explicit API has a name of its own.
            let properties =
                if self.rest.is_empty() { json!({"Name": {"Ref": "AWS::StackName"}}) } else { json!({"Body": body}) };
            resources.insert(id.into(), json!({"Type": "AWS::ApiGateway::RestApi", "Properties": properties}));
            let stage = json!({"RestApiId": {"Ref": id}, "StageName": "Prod"});
            resources.insert(format!("{id}ProdStage"), json!({"Type": "AWS::ApiGateway::Stage", "Properties": stage}));
        }
        if !self.is_implicit || !self.http.is_empty() {
            let body = json!({"openapi": "3.0.1", "info": title, "paths": paths(&self.http)});
            resources.insert("Http".into(), json!({"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": body}}));
            let stage = json!({"ApiId": {"Ref": "Http"}, "StageName": "$default", "AutoDeploy": true});
            resources.insert("HttpStage".into(), json!({"Type": "AWS::ApiGatewayV2::Stage", "Properties": stage}));
        }
        Value::Object(resources)
    }
}

fn paths(routes: &[Route]) -> Value {
    let mut paths = json!({});
    for (path, verb, _) in routes {
        paths[path][verb] = json!({"responses": {}});
    }
    paths
}
