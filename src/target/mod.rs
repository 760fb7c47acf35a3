//! What is watched: finds APIs with their stages and methods, and functions, in every shape a template can give them.
//! It decides nothing about alarms and changes nothing.

mod api;
mod function;
mod http;
mod name;
mod openapi;
mod rest;
mod serverless;
mod settings;
mod target_list;
mod tree;

pub use api::Protocol;
pub(crate) use api::{Api, Route, Stage, StageOrigin, VERBS, Verb};
pub use settings::Throttle;
pub(crate) use settings::{Switch, Wanted};
pub(crate) use target_list::targets;
pub use target_list::{Place, Target};

use crate::finding::{Finding, UNEXPANDED_LOOP, UNKNOWN_SHAPE};
use crate::template::Template;

/// What kind of thing a target is; rows of the catalogue name the kinds they watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A stage of a REST API.
    RestStage,
    /// A method of a REST API in a stage.
    RestMethod,
    /// A stage of an HTTP API.
    HttpStage,
    /// A route of an HTTP API in a stage.
    HttpRoute,
    /// A stage of a WebSocket API.
    WebSocketStage,
    /// A route of a WebSocket API in a stage.
    WebSocketRoute,
    /// A Lambda function.
    Function,
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::RestStage,
        Self::RestMethod,
        Self::HttpStage,
        Self::HttpRoute,
        Self::WebSocketStage,
        Self::WebSocketRoute,
        Self::Function,
    ];

    /// The words that users see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RestStage => "REST stage",
            Self::RestMethod => "REST method",
            Self::HttpStage => "HTTP stage",
            Self::HttpRoute => "HTTP route",
            Self::WebSocketStage => "WebSocket stage",
            Self::WebSocketRoute => "WebSocket route",
            Self::Function => "function",
        }
    }

    /// CloudWatch's namespace.
    pub fn namespace(self) -> &'static str {
        match self {
            Self::RestStage
            | Self::RestMethod
            | Self::HttpStage
            | Self::HttpRoute
            | Self::WebSocketStage
            | Self::WebSocketRoute => "AWS/ApiGateway",
            Self::Function => "AWS/Lambda",
        }
    }

    /// A metric's name for this kind: HTTP APIs call `4XXError` `4xx`.
    /// Source: API Gateway developer guide, "Working with metrics for HTTP APIs".
    pub fn metric_name(self, rest_name: &'static str) -> &'static str {
        match (self, rest_name) {
            (Self::HttpStage | Self::HttpRoute, "4XXError") => "4xx",
            (Self::HttpStage | Self::HttpRoute, "5XXError") => "5xx",
            _ => rest_name,
        }
    }

    /// The groups of `Alarms` that configure it, the more specific one last.
    pub fn groups(self) -> &'static [&'static str] {
        match self {
            Self::RestStage | Self::HttpStage => &["Api", "Stage"],
            Self::RestMethod | Self::HttpRoute => &["Api"],
            Self::WebSocketStage => &["WebSocket", "Stage"],
            Self::WebSocketRoute => &["WebSocket"],
            Self::Function => &["Function"],
        }
    }

    /// Whether its metrics exist only with detailed metrics switched on.
    pub fn needs_detailed_metrics(self) -> bool {
        match self {
            Self::RestMethod | Self::HttpRoute | Self::WebSocketRoute => true,
            Self::RestStage | Self::HttpStage | Self::WebSocketStage | Self::Function => false,
        }
    }
}

/// All APIs of a template, in the order of their appearance.
pub(crate) fn apis<'t>(template: &Template<'t>, findings: &mut Vec<Finding>) -> Vec<Api<'t>> {
    let mut apis = rest::apis(template, findings);
    apis.extend(http::apis(template, findings));
    serverless::add(template, &mut apis, findings);
    tree::add_methods(template, &mut apis, findings);
    rest::add_stages(template, &mut apis, findings);
    for (id, at) in &template.others {
        findings.push(match id.starts_with("Fn::ForEach") {
            true => Finding::new(
                &UNEXPANDED_LOOP,
                at.clone(),
                "a `Fn::ForEach` loop is not expanded yet and is left alone",
                "list Toprail after `AWS::LanguageExtensions` in `Transform`",
            ),
            false => Finding::new(
                &UNKNOWN_SHAPE,
                at.clone(),
                format!("`{id}` is not a resource with a `Type` and is left alone"),
                "nothing, if this is meant",
            ),
        });
    }
    apis
}
