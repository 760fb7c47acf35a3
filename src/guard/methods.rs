//! A method with its definition, in every shape a template can give it: what guardrails about access and requests read.

use crate::target::{Api, Route, Verb, entries, leaves};
use crate::template::intrinsic::{as_bool, is_intrinsic};
use crate::template::{Pointer, Resource, Template, When, way};
use serde_json::Value;

/// A method of an API.
pub(super) struct Method<'v, 't> {
    /// Its API.
    pub(super) api: &'v Api<'t>,
    /// Its verb, path and place.
    pub(super) route: &'v Route,
    /// The resource that it is written in.
    pub(super) owner: &'v Resource<'t>,
    /// How it is written.
    pub(super) form: Form<'t>,
}

/// How a method is written.
#[derive(Clone, Copy)]
pub(super) enum Form<'t> {
    /// An operation of an OpenAPI definition.
    Operation {
        /// The operation; it may be a `Fn::If`.
        operation: &'t Value,
        /// The definition that it is in.
        body: &'t Value,
    },
    /// `AWS::ApiGateway::Method`.
    Method,
    /// `AWS::ApiGatewayV2::Route`.
    Route,
    /// The route that API Gateway makes for an API with a `Target`.
    QuickCreate,
    /// An event of SAM: its `Properties`.
    Event(Option<&'t Value>),
    /// A route of SAM's WebSocket API.
    SamRoute(&'t Value),
}

/// The methods of all APIs whose definition can be read.
pub(super) fn methods<'v, 't>(template: &'v Template<'t>, apis: &'v [Api<'t>]) -> Vec<Method<'v, 't>> {
    apis.iter()
        .flat_map(|api| api.routes.values().map(move |route| (api, route)))
        .filter_map(|(api, route)| {
            let owner = template.resource_at(&route.at)?;
            Some(Method { api, route, owner, form: form(template, owner, &route.at)? })
        })
        .collect()
}

fn form<'t>(template: &Template<'t>, owner: &Resource<'t>, at: &Pointer) -> Option<Form<'t>> {
    Some(match owner.kind {
        "AWS::ApiGateway::Method" => Form::Method,
        "AWS::ApiGatewayV2::Route" => Form::Route,
        "AWS::ApiGatewayV2::Api" if *at == owner.at => Form::QuickCreate,
        "AWS::Serverless::Function" | "AWS::Serverless::StateMachine" => {
            Form::Event(template.at(at)?.get("Properties"))
        }
        "AWS::Serverless::WebSocketApi" => Form::SamRoute(template.at(at)?),
        _ => Form::Operation { operation: template.at(at)?, body: body(owner, at)? },
    })
}

/// The definition that an operation is in: the outermost place around it that has `paths`; `Fn::If` may stand around the definition.
fn body<'t>(owner: &Resource<'t>, at: &Pointer) -> Option<&'t Value> {
    let inside = at.as_str().strip_prefix(owner.at.as_str())?.strip_prefix("/Properties")?;
    let (around, _) = inside.rsplit_once('/')?;
    let places = way(around, owner.object.get("Properties")?).skip(1).flatten();
    places.into_iter().find(|value| value.get("paths").is_some())
}

impl<'t> Method<'_, 't> {
    /// `GET /orders`; a WebSocket route has no verb.
    pub(super) fn name(&self) -> String {
        let name = format!("{} {}", self.route.verb.as_str(), self.route.path.display());
        name.trim_start().to_owned()
    }

    /// Whether browsers ask it for permission: it has no authorisation and takes no data.
    pub(super) fn is_preflight(&self) -> bool {
        self.route.verb == Verb::Named("OPTIONS".to_owned())
    }

    /// Whether it is written twice, under the two sides of a condition.
    pub(super) fn operations(&self) -> Vec<(&'t Value, When)> {
        match self.form {
            Form::Operation { operation, .. } => leaves(operation),
            Form::Method | Form::Route | Form::QuickCreate | Form::Event(_) | Form::SamRoute(_) => Vec::new(),
        }
    }

    /// Whether API Gateway answers by itself, without data of anybody's.
    pub(super) fn is_mock(&self) -> bool {
        let is_mock =
            |kind: Option<&Value>| kind.and_then(Value::as_str).is_some_and(|kind| kind.eq_ignore_ascii_case("MOCK"));
        match self.form {
            Form::Method => is_mock(self.owner.own("Integration").and_then(|integration| integration.get("Type"))),
            Form::Operation { .. } => {
                let operations = self.operations();
                let kind = |operation: &'t Value| operation.get("x-amazon-apigateway-integration")?.get("type");
                !operations.is_empty() && operations.iter().all(|(operation, _)| is_mock(kind(operation)))
            }
            Form::Route | Form::QuickCreate | Form::Event(_) | Form::SamRoute(_) => false,
        }
    }
}

/// What a condition adds to a sentence.
pub(super) fn under(when: &When) -> String {
    if *when == When::Always { String::new() } else { format!(" (where the condition {when} holds)") }
}

/// Whether a switch is on, under which condition it is not, and whether only CloudFormation knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Is {
    /// It is, always.
    Yes,
    /// It is not, at least under this condition.
    No(When),
    /// Only CloudFormation knows.
    Unknown,
}

impl Is {
    /// From a literal.
    pub(super) fn from(flag: bool) -> Self {
        if flag { Self::Yes } else { Self::No(When::Always) }
    }

    /// Not under a condition, if that can hold at all.
    fn unless(when: When) -> Self {
        if when == When::Never { Self::Yes } else { Self::No(when) }
    }

    /// Either of two is enough.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::No(one), Self::No(other)) => Self::unless(one.and(other)),
        }
    }

    /// Both are needed.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No(one), Self::No(other)) => Self::No(one.or(other)),
            (Self::No(when), _) | (_, Self::No(when)) => Self::No(when),
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }

    /// Where it matters under a condition only.
    pub(super) fn only(self, outer: &When) -> Self {
        match self {
            Self::No(when) => Self::No(when.and(outer.clone())),
            Self::Yes | Self::Unknown => self,
        }
    }
}

/// What each value says that an `Fn::If` can give, taken together; what is absent, or taken away on one side, is judged as null.
pub(super) fn judge(value: Option<&Value>, one: &dyn Fn(&Value) -> Is) -> Is {
    let Some(value) = value else { return one(&Value::Null) };
    let leaves = leaves(value);
    let there = leaves.iter().fold(When::Never, |all, (_, when)| all.or(when.clone()));
    let gone = there.negate();
    let absent = if gone == When::Never { Is::Yes } else { one(&Value::Null).only(&gone) };
    leaves.iter().fold(absent, |all, (leaf, when)| {
        let is = if is_intrinsic(leaf) { Is::Unknown } else { one(leaf) };
        all.and(is.only(when))
    })
}

/// Whether a switch is on.
pub(super) fn is_on(value: Option<&Value>) -> Is {
    judge(value, &|value| Is::from(as_bool(value) == Some(true)))
}

/// Whether a list has an entry that is meant; entries that only CloudFormation knows leave it open.
pub(super) fn has_entry(list: &Value, is_meant: &dyn Fn(&Value) -> bool) -> Is {
    let entries = entries(list);
    let found =
        entries.iter().filter(|(entry, _)| is_meant(entry)).fold(When::Never, |all, (_, when)| all.or(when.clone()));
    match Is::unless(found.negate()) {
        Is::No(_) if !list.is_array() || entries.iter().any(|(entry, _)| is_intrinsic(entry)) => Is::Unknown,
        is @ (Is::Yes | Is::No(_) | Is::Unknown) => is,
    }
}
