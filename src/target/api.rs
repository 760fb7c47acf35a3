//! An API as Toprail sees it: one model for REST, HTTP and WebSocket APIs, before and after SAM.

use super::settings::StageSettings;
use crate::catalogue::VERBS;
use crate::template::text::Text;
use crate::template::{Pointer, When};
use indexmap::IndexMap;
use indexmap::map::Entry;
use serde_json::Value;

/// Which of API Gateway's three kinds of API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// `AWS::ApiGateway::RestApi`.
    Rest,
    /// `AWS::ApiGatewayV2::Api` with `ProtocolType: HTTP`.
    Http,
    /// `AWS::ApiGatewayV2::Api` with `ProtocolType: WEBSOCKET`.
    WebSocket,
}

impl Protocol {
    /// How many detailed metrics a method has. REST: 4XXError, 5XXError, Count, Latency, IntegrationLatency (the two cache metrics exist with a
    /// cache only); HTTP has DataProcessed too; WebSocket has six others. Source: API Gateway developer guide, metrics and dimensions.
    pub(crate) fn detailed_metrics(self) -> usize {
        match self {
            Self::Rest => 5,
            Self::Http | Self::WebSocket => 6,
        }
    }

    /// The words that users see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rest => "REST",
            Self::Http => "HTTP",
            Self::WebSocket => "WebSocket",
        }
    }
}

/// An API with its stages and routes.
#[derive(Debug)]
pub(crate) struct Api<'t> {
    /// Logical id, or a readable name for an API of another stack.
    pub(crate) id: String,
    /// Which kind.
    pub(crate) protocol: Protocol,
    /// The value of the dimension that names it: `ApiName` of a REST API, `ApiId` of the others. `None`: unknown.
    pub(crate) dimension: Option<Value>,
    /// When it exists.
    pub(crate) when: When,
    /// Where it stands.
    pub(crate) at: Pointer,
    /// Its stages in this template.
    pub(crate) stages: Vec<Stage<'t>>,
    /// Its methods or routes in this template, by verb and path.
    pub(crate) routes: IndexMap<(Verb, String), Route>,
}

/// What makes a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StageOrigin {
    /// A resource of the template, or a property of one.
    Declared,
    /// Made by SAM for functions that name no API: its settings can only come from `Globals`.
    Implicit,
    /// Made by API Gateway itself (quick create): it cannot be configured.
    Managed,
}

/// A stage of an API.
#[derive(Debug)]
pub(crate) struct Stage<'t> {
    /// Its name: the value of the dimension `Stage`.
    pub(crate) name: Text,
    /// The logical id of the resource that declares it, where there is one.
    pub(crate) owner: Option<&'t str>,
    /// What makes it.
    pub(crate) origin: StageOrigin,
    /// When it exists.
    pub(crate) when: When,
    /// Where it stands.
    pub(crate) at: Pointer,
    /// Its settings per method.
    pub(crate) settings: StageSettings<'t>,
}

/// The verb of a method.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Verb {
    /// `GET`, in capitals; for a WebSocket route it is empty.
    Named(String),
    /// `ANY`, `$default`.
    Any,
}

/// A method of a REST API, a route of an HTTP or WebSocket API.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    /// Its verb.
    pub(crate) verb: Verb,
    /// Its path, or the key of a WebSocket route.
    pub(crate) path: Text,
    /// When it exists, apart from its API.
    pub(crate) when: When,
    /// Where it stands.
    pub(crate) at: Pointer,
}

/// The API that is meant, or one that is made up for what belongs to an API of another stack.
pub(crate) fn find_or_make<'a, 't>(
    apis: &'a mut Vec<Api<'t>>,
    is_meant: impl Fn(&Api<'t>) -> bool,
    make: impl FnOnce() -> Option<Api<'t>>,
) -> Option<&'a mut Api<'t>> {
    // By position, because the borrow checker cannot see that the search is over before the push.
    let index = match apis.iter().position(is_meant) {
        Some(index) => index,
        None => {
            apis.push(make()?);
            apis.len().checked_sub(1)?
        }
    };
    apis.get_mut(index)
}

impl<'t> Api<'t> {
    /// An API without stages and routes.
    pub(crate) fn new(id: &str, protocol: Protocol, dimension: Option<Value>, when: When, at: Pointer) -> Self {
        Self { id: id.to_owned(), protocol, dimension, when, at, stages: Vec::new(), routes: IndexMap::new() }
    }

    /// Verb and path of each route.
    pub(crate) fn methods(&self) -> impl Iterator<Item = (&str, String)> {
        self.routes.values().map(|route| (route.verb.as_str(), route.path.display()))
    }

    /// Adds a route of a function's event, unless the definition has it: SAM leaves that as it is.
    pub(crate) fn add_event_route(&mut self, route: Route) {
        self.routes.entry((route.verb.clone(), route.path.display())).or_insert(route);
    }

    /// Adds a route; the same verb and path from two places is one route that exists when either does.
    pub(crate) fn add_route(&mut self, route: Route) {
        match self.routes.entry((route.verb.clone(), route.path.display())) {
            Entry::Occupied(mut same) => {
                let when = same.get().when.clone().or(route.when);
                same.get_mut().when = when;
            }
            Entry::Vacant(place) => {
                place.insert(route);
            }
        }
    }
}

impl Verb {
    /// Reads a verb as templates write it.
    pub(crate) fn read(text: &str) -> Self {
        match text.to_ascii_uppercase().as_str() {
            "ANY" | "*" | "X-AMAZON-APIGATEWAY-ANY-METHOD" => Self::Any,
            named => Self::Named(named.to_owned()),
        }
    }

    /// Whether API Gateway has this verb.
    pub(crate) fn is_known(&self) -> bool {
        match self {
            Self::Named(name) => VERBS.contains(&name.as_str()),
            Self::Any => true,
        }
    }

    /// The word that users see.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::Any => "ANY",
        }
    }
}
