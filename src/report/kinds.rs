//! The kinds of targets in words: what they are, in which resource types they are found, by which dimensions CloudWatch knows them.

use crate::catalogue::Kind;

/// `methods of REST APIs`.
pub(super) fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::RestStage => "stages of REST APIs",
        Kind::RestMethod => "methods of REST APIs",
        Kind::HttpStage => "stages of HTTP APIs",
        Kind::HttpRoute => "routes of HTTP APIs",
        Kind::WebSocketStage => "stages of WebSocket APIs",
        Kind::WebSocketRoute => "routes of WebSocket APIs",
        Kind::Function => "Lambda functions",
    }
}

/// The names of CloudWatch's dimensions.
pub(super) fn dimensions(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::RestStage => &["ApiName", "Stage"],
        Kind::RestMethod => &["ApiName", "Stage", "Resource", "Method"],
        Kind::HttpStage | Kind::WebSocketStage => &["ApiId", "Stage"],
        Kind::HttpRoute => &["ApiId", "Stage", "Resource", "Method"],
        Kind::WebSocketRoute => &["ApiId", "Stage", "Route"],
        Kind::Function => &["FunctionName"],
    }
}

/// The resource types in which a kind is found.
pub(super) fn resource_types(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::RestStage => &["AWS::ApiGateway::Stage", "AWS::ApiGateway::Deployment", "AWS::Serverless::Api"],
        Kind::RestMethod => &[
            "AWS::ApiGateway::RestApi",
            "AWS::ApiGateway::Method",
            "AWS::Serverless::Api",
            "AWS::Serverless::Function",
            "AWS::Serverless::StateMachine",
        ],
        Kind::HttpStage => &["AWS::ApiGatewayV2::Stage", "AWS::ApiGatewayV2::Api", "AWS::Serverless::HttpApi"],
        Kind::HttpRoute => &[
            "AWS::ApiGatewayV2::Api",
            "AWS::ApiGatewayV2::Route",
            "AWS::Serverless::HttpApi",
            "AWS::Serverless::Function",
        ],
        Kind::WebSocketStage => &["AWS::ApiGatewayV2::Stage", "AWS::Serverless::WebSocketApi"],
        Kind::WebSocketRoute => &["AWS::ApiGatewayV2::Route", "AWS::Serverless::WebSocketApi"],
        Kind::Function => &["AWS::Lambda::Function", "AWS::Serverless::Function"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::collections::BTreeSet;

    /// The names of the dimensions of all metrics in an alarm.
    fn names(alarm: &Value) -> Option<Vec<&str>> {
        let metric = alarm
            .pointer("/Properties/Metrics/0/MetricStat/Metric")
            .or_else(|| alarm.pointer("/Properties/Metrics/1/MetricStat/Metric"));
        let dimensions = metric.unwrap_or(&alarm["Properties"])["Dimensions"].as_array()?;
        Some(dimensions.iter().filter_map(|dimension| dimension["Name"].as_str()).collect())
    }

    #[test]
    fn the_dimensions_are_those_of_the_alarms_that_are_made() {
        let api =
            |kind: &str, protocol: &str| json!({"Type": kind, "Properties": {"Name": "n", "ProtocolType": protocol}});
        let v2 = |kind: &str, api: &str, name: &str, value: &str| json!({"Type": kind, "Properties": {"ApiId": {"Ref": api}, name: value}});
        let fragment = json!({"Resources": {
            "Rest": {"Type": "AWS::Serverless::Api", "Properties": {"Name": "n", "StageName": "prod"}},
            "F": {"Type": "AWS::Serverless::Function", "Properties": {"Events": {
                "E": {"Type": "Api", "Properties": {"RestApiId": {"Ref": "Rest"}, "Method": "GET", "Path": "/"}},
            }}},
            "Http": api("AWS::ApiGatewayV2::Api", "HTTP"),
            "HttpStage": v2("AWS::ApiGatewayV2::Stage", "Http", "StageName", "prod"),
            "HttpRoute": v2("AWS::ApiGatewayV2::Route", "Http", "RouteKey", "GET /a"),
            "Socket": api("AWS::ApiGatewayV2::Api", "WEBSOCKET"),
            "SocketStage": v2("AWS::ApiGatewayV2::Stage", "Socket", "StageName", "prod"),
            "SocketRoute": v2("AWS::ApiGatewayV2::Route", "Socket", "RouteKey", "$connect"),
        }});
        let outcome = crate::transform(fragment, &crate::Context::default());
        let resources = outcome.fragment["Resources"].as_object().expect("resources");
        let made: BTreeSet<_> = resources
            .values()
            .filter(|resource| resource["Type"] == "AWS::CloudWatch::Alarm")
            .filter_map(names)
            .collect();
        let told: BTreeSet<_> = Kind::ALL.iter().map(|kind| dimensions(*kind).to_vec()).collect();
        assert_eq!(made, told);
    }
}
