//! The kinds of things that have metrics.

/// The verbs that API Gateway knows.
pub(crate) const VERBS: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

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
