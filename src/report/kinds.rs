//! The kinds of targets in words: what they are, in which resource types they are found, by which dimensions CloudWatch knows them.

use crate::target::Kind;

/// All kinds, in the order in which they are listed.
pub(super) const KINDS: &[Kind] = &[
    Kind::RestStage,
    Kind::RestMethod,
    Kind::HttpStage,
    Kind::HttpRoute,
    Kind::WebSocketStage,
    Kind::WebSocketRoute,
    Kind::Function,
];

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
        Kind::HttpRoute => {
            &["AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Route", "AWS::Serverless::HttpApi", "AWS::Serverless::Function"]
        }
        Kind::WebSocketStage => &["AWS::ApiGatewayV2::Stage", "AWS::Serverless::WebSocketApi"],
        Kind::WebSocketRoute => &["AWS::ApiGatewayV2::Route", "AWS::Serverless::WebSocketApi"],
        Kind::Function => &["AWS::Lambda::Function", "AWS::Serverless::Function"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::ALARMS;

    #[test]
    fn every_kind_that_is_watched_is_listed() {
        assert!(ALARMS.iter().flat_map(|row| row.on).all(|kind| KINDS.contains(kind)));
    }
}
