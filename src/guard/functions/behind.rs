//! Which functions are behind which APIs, how long each API waits for them, and who else has users waiting.

use crate::guard::ids;
use crate::target::{Api, Protocol, functions_of, values_of};
use crate::template::intrinsic::{as_bool, as_number};
use crate::template::text::{Text, referred};
use crate::template::{Resource, Template};
use indexmap::IndexMap;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// An API that waits for a function.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::guard) struct Front {
    /// The API's logical id, or what refers to it.
    pub(super) api: String,
    /// Its kind.
    pub(super) protocol: Protocol,
    /// How many seconds it waits; none: only CloudFormation knows, or the definition that says so is elsewhere.
    pub(super) limit: Option<f64>,
}

/// The functions that APIs wait for, by logical id.
pub(in crate::guard) type Fronts<'t> = IndexMap<&'t str, Vec<Front>>;

/// How many seconds an API waits unless the integration says otherwise. Source: API Gateway developer guide, quotas of REST, HTTP and WebSocket APIs.
fn default_limit(protocol: Protocol) -> f64 {
    match protocol {
        Protocol::Rest | Protocol::WebSocket => 29.0,
        Protocol::Http => 30.0,
    }
}

/// What an integration says about waiting.
struct Integration<'v> {
    uri: Option<&'v Value>,
    timeout: Option<&'v Value>,
    parameters: Option<&'v Value>,
    transfer: Option<&'v Value>,
}

impl<'v> Integration<'v> {
    /// Reads one whose keys start with a capital (CloudFormation) or not (OpenAPI).
    fn read(value: &'v Value, uri: [&str; 2]) -> Self {
        let get = |names: [&str; 2]| names.iter().find_map(|name| value.get(name));
        Self {
            uri: get(uri),
            timeout: get(["TimeoutInMillis", "timeoutInMillis"]),
            parameters: get(["RequestParameters", "requestParameters"]),
            transfer: get(["ResponseTransferMode", "responseTransferMode"]),
        }
    }

    /// Whether the API waits for the result. Lambda takes an event and answers at once where the header `X-Amz-Invocation-Type` is `'Event'`; one that
    /// comes from the client is the client's to choose. A streamed response may take 15 minutes. Source: API Gateway developer guide, "Set up
    /// asynchronous invocation of the backend Lambda function" and "Stream the integration response".
    fn waits(&self) -> bool {
        let parameters = self.parameters.and_then(Value::as_object);
        let is_asynchronous = parameters.into_iter().flatten().any(|(name, value)| {
            name.to_ascii_lowercase().ends_with("x-amz-invocation-type") && value.as_str() != Some("'RequestResponse'")
        });
        !is_asynchronous && self.transfer.is_none_or(|mode| mode == "BUFFERED")
    }
}

/// Finds fronts.
struct Search<'a, 't> {
    template: &'a Template<'t>,
    found: Fronts<'t>,
}

/// The functions that APIs wait for.
pub(in crate::guard) fn fronts<'t>(template: &Template<'t>, apis: &[Api<'t>]) -> Fronts<'t> {
    let mut search = Search { template, found: Fronts::new() };
    for resource in template.resources.values() {
        match resource.kind {
            "AWS::Serverless::Function" => search.events(resource),
            "AWS::ApiGateway::RestApi" => search.definition(resource, "Body", Protocol::Rest),
            "AWS::Serverless::Api" => search.definition(resource, "DefinitionBody", Protocol::Rest),
            "AWS::Serverless::HttpApi" => search.definition(resource, "DefinitionBody", Protocol::Http),
            "AWS::ApiGatewayV2::Api" => {
                search.definition(resource, "Body", Protocol::Http);
                search.add(resource.id, Protocol::Http, resource.own("Target"), None);
            }
            "AWS::Serverless::WebSocketApi" => search.routes(resource),
            "AWS::ApiGateway::Method" => search.method(resource),
            "AWS::ApiGatewayV2::Integration" => search.integration_of(resource, apis),
            _ => {}
        }
    }
    search.found
}

impl<'t> Search<'_, 't> {
    fn add(&mut self, api: &str, protocol: Protocol, uri: Option<&Value>, timeout: Option<&Value>) {
        let limit = match timeout {
            None => Some(default_limit(protocol)),
            Some(timeout) => as_number(timeout).map(|millis| millis / 1000.0),
        };
        for function in uri.map(|uri| functions_in(self.template, uri)).unwrap_or_default() {
            let front = Front { api: api.to_owned(), protocol, limit };
            self.push(function, front);
        }
    }

    fn push(&mut self, function: &'t str, front: Front) {
        let all = self.found.entry(function).or_default();
        if !all.contains(&front) {
            all.push(front);
        }
    }

    fn add_integration(&mut self, api: &str, protocol: Protocol, integration: &Integration<'_>) {
        if integration.waits() {
            self.add(api, protocol, integration.uri, integration.timeout);
        }
    }

    /// The integrations of an OpenAPI definition, in operations and in `components`.
    fn definition(&mut self, api: &Resource<'t>, property: &str, protocol: Protocol) {
        let Some(body) = self.template.property(api, property) else { return };
        let (mut all, mut shared) = (Vec::new(), Vec::new());
        values_of(body, "x-amazon-apigateway-integration", &mut all);
        values_of(body, "x-amazon-apigateway-integrations", &mut shared);
        all.extend(shared.into_iter().filter_map(Value::as_object).flat_map(|shared| shared.values()));
        for value in all {
            self.add_integration(api.id, protocol, &Integration::read(value, ["Uri", "uri"]));
        }
    }

    /// The events of a function before SAM. The definition that an author wrote for a REST API says itself how long it waits, and for whom: SAM adds no
    /// event to it.
    fn events(&mut self, function: &Resource<'t>) {
        for event in function.own("Events").and_then(Value::as_object).into_iter().flat_map(|events| events.values()) {
            let (protocol, key, implicit) = match event.get("Type").and_then(Value::as_str) {
                Some("Api") => (Protocol::Rest, "RestApiId", "ServerlessRestApi"),
                Some("HttpApi") => (Protocol::Http, "ApiId", "ServerlessHttpApi"),
                _ => continue,
            };
            let property = |name: &str| event.get("Properties").and_then(|properties| properties.get(name));
            if property("ResponseTransferMode").is_some_and(|mode| mode != "BUFFERED") {
                continue;
            }
            let api = match property(key) {
                None => implicit.to_owned(),
                Some(value) => referred(value, key)
                    .or_else(|| Text::read(value).map(|text| text.display()))
                    .unwrap_or_else(|| "of another stack".to_owned()),
            };
            let defined = self.defined(&api, protocol);
            if defined.is_some_and(|body| body.get("paths").is_some()) {
                continue;
            }
            let limit = match property("TimeoutInMillis") {
                _ if defined.is_some() => None,
                None => Some(default_limit(protocol)),
                Some(timeout) => as_number(timeout).map(|millis| millis / 1000.0),
            };
            self.push(function.id, Front { api, protocol, limit });
        }
    }

    /// The author's definition, if that, not the event, is what a REST API will have.
    fn defined(&self, api: &str, protocol: Protocol) -> Option<&'t Value> {
        let api = self.template.resources.get(api).filter(|_| protocol == Protocol::Rest)?;
        let property = |name: &str| self.template.property(api, name);
        let merges = property("MergeDefinitions").and_then(as_bool) == Some(true);
        property("DefinitionBody").or_else(|| property("DefinitionUri")).filter(|_| !merges)
    }

    /// The routes of a WebSocket API before SAM.
    fn routes(&mut self, api: &Resource<'t>) {
        let routes = self.template.property(api, "Routes").and_then(Value::as_object);
        for route in routes.into_iter().flat_map(|routes| routes.values()) {
            self.add(api.id, Protocol::WebSocket, route.get("FunctionArn"), route.get("IntegrationTimeout"));
        }
    }

    fn method(&mut self, method: &Resource<'t>) {
        let Some(integration) = method.own("Integration") else { return };
        let api = name_of(method.own("RestApiId"), "RestApiId");
        self.add_integration(&api, Protocol::Rest, &Integration::read(integration, ["Uri", "uri"]));
    }

    fn integration_of(&mut self, integration: &Resource<'t>, apis: &[Api<'t>]) {
        let api = name_of(integration.own("ApiId"), "ApiId");
        // Where the API is elsewhere, the longer wait is the safe guess.
        let protocol = apis.iter().find(|known| known.id == api).map_or(Protocol::Http, |known| known.protocol);
        if let Some(properties) = integration.object.get("Properties") {
            self.add_integration(&api, protocol, &Integration::read(properties, ["IntegrationUri", "integrationUri"]));
        }
    }
}

/// The API that a property names, for people.
fn name_of(value: Option<&Value>, attribute: &str) -> String {
    let name = |value: &Value| referred(value, attribute).or_else(|| Text::read(value).map(|text| text.display()));
    value.and_then(name).unwrap_or_else(|| "of another stack".to_owned())
}

/// The functions in an integration's URI: a function's ARN, or API Gateway's form of it, `…:lambda:path/2015-03-31/functions/ARN/invocations`.
pub(in crate::guard) fn functions_in<'t>(template: &Template<'t>, uri: &Value) -> Vec<&'t str> {
    let direct = functions_of(template, uri);
    let found = if direct.is_empty() {
        let text = Text::read(uri).map(|text| text.display()).unwrap_or_default();
        let arn = text.rsplit_once("/functions/").map_or(text.as_str(), |(_, arn)| arn);
        functions_of(template, &json!(arn.trim_end_matches("/invocations")))
    } else {
        direct
    };
    found.into_iter().map(|(function, _)| function.id).collect()
}

/// Where the users of functions wait, apart from APIs: function URLs whose response is not streamed, data sources of AppSync, targets of load balancers.
pub(in crate::guard) fn other_doors<'t>(template: &Template<'t>) -> IndexMap<&'t str, &'static str> {
    let mut found = IndexMap::new();
    let mut add = |value: Option<&Value>, door: &'static str| {
        for (function, _) in value.map(|value| functions_of(template, value)).unwrap_or_default() {
            found.entry(function.id).or_insert(door);
        }
    };
    for url in template.of_types(&["AWS::Lambda::Url"]).filter(|url| !url.own("InvokeMode").is_some_and(is_streamed)) {
        add(url.own("TargetFunctionArn"), "a function URL");
    }
    for source in template.of_types(&["AWS::AppSync::DataSource"]) {
        add(source.own("LambdaConfig").and_then(|config| config.get("LambdaFunctionArn")), "a GraphQL API");
    }
    for api in template.of_types(&["AWS::Serverless::GraphQLApi"]) {
        let sources = template.property(api, "DataSources").and_then(|sources| sources.get("Lambda"));
        for source in sources.and_then(Value::as_object).into_iter().flat_map(|sources| sources.values()) {
            add(source.get("FunctionArn"), "a GraphQL API");
        }
    }
    for group in template.of_types(&["AWS::ElasticLoadBalancingV2::TargetGroup"]) {
        for target in group.own("Targets").and_then(Value::as_array).into_iter().flatten() {
            add(target.get("Id"), "a load balancer");
        }
    }
    found
}

fn is_streamed(mode: &Value) -> bool {
    mode != "BUFFERED"
}

/// The functions that stand behind custom resources: they run while a stack is deployed, and no user waits for them.
pub(super) fn at_deployments<'t>(template: &Template<'t>) -> BTreeSet<&'t str> {
    let tokens = template.resources.values().filter_map(|resource| resource.own("ServiceToken"));
    ids(tokens.flat_map(|token| functions_of(template, token)).map(|(function, _)| function.id))
}
