//! The list of targets: each API's stages and methods, and all other resources.

use super::api::{Api, Protocol, Route, Stage, Verb};
use super::properties::Properties;
use super::{custom, resource};
use crate::catalogue::rows::{HTTP_ROUTE, HTTP_STAGE, REST_METHOD, REST_STAGE, WEBSOCKET_ROUTE, WEBSOCKET_STAGE};
use crate::catalogue::{AlarmSpec, Kind, Row};
use crate::config::Settings;
use crate::finding::{ANY_METHOD, Finding, METRICS_OFF, NO_STAGE};
use crate::template::text::Text;
use crate::template::{Pointer, Template, When};
use serde_json::Value;
use std::sync::Arc;

/// Where a target belongs, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A stage of an API.
    Stage {
        /// The API's logical id.
        api: String,
        /// Its kind.
        protocol: Protocol,
        /// The stage's name.
        stage: String,
    },
    /// A method or route in a stage.
    Route {
        /// The API's logical id.
        api: String,
        /// Its kind.
        protocol: Protocol,
        /// The stage's name.
        stage: String,
        /// The verb; empty for a WebSocket route.
        verb: String,
        /// The path, or the key of a WebSocket route.
        path: String,
    },
    /// Any other resource, or a part of one.
    Resource {
        /// The resource's logical id.
        id: String,
        /// The same, and the part: `OrdersTable by-customer`.
        name: String,
    },
}

impl Place {
    /// Verb and path of a method.
    pub fn method(&self) -> Option<(&str, &str)> {
        match self {
            Self::Route { verb, path, .. } => Some((verb, path)),
            Self::Stage { .. } | Self::Resource { .. } => None,
        }
    }
}

/// Something with metrics.
#[derive(Debug, Clone)]
pub struct Target<'t> {
    /// What kind of thing it is.
    pub kind: &'static Kind,
    /// The row that watches it, where that is an organisation's.
    pub(crate) own: Option<OwnTarget<'t>>,
    /// What makes it this one: the pieces of its alarms' ids.
    pub(crate) identity: Vec<String>,
    /// Where it belongs.
    pub place: Place,
    /// What people call it, as far as CloudFormation lets us know.
    pub(crate) name: Text,
    /// CloudWatch's dimensions, in the order that the documentation has.
    pub(crate) dimensions: Vec<(&'t str, Value)>,
    /// When it exists.
    pub when: When,
    /// Where it stands.
    pub at: Pointer,
    /// The resources whose `Metadata.Toprail` speaks for it, the more specific one last.
    pub(crate) owners: Vec<String>,
    /// What its alarms are measured against.
    pub(crate) properties: Properties<'t>,
    /// The resources that must be there before its alarms: an alarm to which no data is bad would fire while they are made.
    pub(crate) after: Vec<String>,
}

/// What an organisation's row reads of a target.
#[derive(Debug, Clone)]
pub(crate) struct OwnTarget<'t> {
    /// The row.
    pub(crate) row: &'t Arc<AlarmSpec>,
    /// The metric's namespace: a text, or an intrinsic.
    pub(crate) namespace: Value,
    /// The log group whose lines are counted.
    pub(crate) log: Option<OwnLog>,
}

/// A log group whose lines an organisation's row counts.
#[derive(Debug, Clone)]
pub(crate) struct OwnLog {
    /// Its name.
    pub(crate) group: Value,
    /// The name of the metric that the metric filter makes.
    pub(crate) metric: String,
}

impl Target<'_> {
    /// The rows that watch it, in order.
    pub(crate) fn rows(&self) -> Vec<Row> {
        match &self.own {
            Some(own) => vec![Row::Own(Arc::clone(own.row))],
            None => self.kind.alarms().map(Row::BuiltIn).collect(),
        }
    }

    /// CloudWatch's namespace.
    pub(crate) fn namespace(&self) -> Value {
        self.own.as_ref().map_or_else(|| Value::from(self.kind.namespace), |own| own.namespace.clone())
    }

    /// The name that a row's metric has here.
    pub(crate) fn metric_name<'n>(&'n self, name: &'n str) -> &'n str {
        let log = self.own.as_ref().and_then(|own| own.log.as_ref());
        log.map_or_else(|| self.kind.metric_name(name), |log| &log.metric)
    }

    /// Whether this is a method of that stage, whose metrics exist only when they are switched on there.
    pub(crate) fn needs_detailed_metrics_in(&self, api: &str, stage: &str) -> bool {
        matches!(&self.place, Place::Route { api: a, stage: s, .. } if a == api && s == stage)
    }
}

/// All targets of a template. `metrics` tells of each stage (API, stage, verb, path) whether its methods will have metrics.
pub(crate) fn targets<'t>(
    template: &Template<'t>,
    apis: &[Api<'t>],
    settings: &'t Settings,
    region: &str,
    metrics: &dyn Fn(&Api<'t>, &Stage<'t>, &str, &str) -> bool,
    findings: &mut Vec<Finding>,
) -> Vec<Target<'t>> {
    let mut targets = Vec::new();
    for api in apis {
        report_gaps(api, settings, findings);
        let Some(dimension) = &api.dimension else {
            continue;
        };
        for stage in &api.stages {
            let context = InStage { api, dimension, stage };
            targets.extend(context.stage_target());
            targets.extend(context.route_targets(settings, metrics, findings));
        }
    }
    targets.extend(resource::targets(template, region, findings));
    targets.extend(custom::targets(template, settings, findings));
    merge_same(targets)
}

/// Two resources that describe the same target (two stages of one name under opposite conditions) are one target.
fn merge_same(targets: Vec<Target<'_>>) -> Vec<Target<'_>> {
    let mut by_identity: indexmap::IndexMap<(String, Vec<String>), Target<'_>> = indexmap::IndexMap::new();
    for target in targets {
        let what = target.own.as_ref().map_or_else(|| target.kind.noun.to_owned(), |own| own.row.id.to_string());
        match by_identity.entry((what, target.identity.clone())) {
            indexmap::map::Entry::Occupied(mut same) => {
                let when = same.get().when.clone().or(target.when);
                same.get_mut().when = when;
            }
            indexmap::map::Entry::Vacant(entry) => {
                entry.insert(target);
            }
        }
    }
    by_identity.into_values().collect()
}

fn report_gaps(api: &Api<'_>, settings: &Settings, findings: &mut Vec<Finding>) {
    if api.stages.is_empty() && !api.routes.is_empty() {
        let what = format!(
            "{} has {} methods, but no stage in this template: nothing can be watched",
            api.id,
            api.routes.len()
        );
        findings.push(Finding::new(&NO_STAGE, api.at.clone(), what, "add Toprail to the template that has the stage"));
    }
    if api.dimension.is_none() || api.stages.is_empty() {
        return;
    }
    for route in api
        .routes
        .values()
        .filter(|route| route.verb == Verb::Any && settings.any_methods(&api.id, &route.path.display()).is_empty())
    {
        let path = route.path.display();
        let what = format!("ANY {path} of {} is watched at stage level only", api.id);
        let help = "name the verbs that matter: `AnyMethods: [GET, POST]`";
        let mut finding = Finding::new(&ANY_METHOD, route.at.clone(), what, help);
        finding.method = Some(("ANY".to_owned(), path));
        findings.push(finding);
    }
}

/// A stage with its API.
struct InStage<'a, 't> {
    api: &'a Api<'t>,
    dimension: &'a Value,
    stage: &'a Stage<'t>,
}

impl<'t> InStage<'_, 't> {
    fn stage_target(&self) -> Option<Target<'t>> {
        let when = self.api.when.clone().and(self.stage.when.clone());
        let kind = match self.api.protocol {
            Protocol::Rest => &REST_STAGE,
            Protocol::Http => &HTTP_STAGE,
            Protocol::WebSocket => &WEBSOCKET_STAGE,
        };
        let place =
            Place::Stage { api: self.api.id.clone(), protocol: self.api.protocol, stage: self.stage.name.display() };
        (when != When::Never).then(|| Target {
            kind,
            own: None,
            identity: vec![self.api.id.clone(), self.stage.name.display()],
            place,
            name: self.name(None),
            dimensions: self.dimensions(),
            when,
            at: self.stage.at.clone(),
            owners: self.owners(),
            properties: Properties::None,
            after: Vec::new(),
        })
    }

    fn route_targets(
        &self,
        settings: &Settings,
        metrics: &dyn Fn(&Api<'t>, &Stage<'t>, &str, &str) -> bool,
        findings: &mut Vec<Finding>,
    ) -> Vec<Target<'t>> {
        let mut targets = Vec::new();
        let mut without_metrics = 0_usize;
        for route in self.api.routes.values() {
            for verb in self.verbs(route, settings) {
                let path = route.path.display();
                if metrics(self.api, self.stage, &verb, &path) {
                    targets.extend(self.route_target(route, verb));
                } else {
                    without_metrics += 1;
                }
            }
        }
        if without_metrics > 0 && settings.wants_detailed_metrics() {
            let (id, stage) = (&self.api.id, self.stage.name.display());
            let what = format!(
                "{without_metrics} methods of {id} in stage {stage} have no detailed metrics: they are watched at stage level only"
            );
            let help = "switch detailed metrics on for the stage, or leave the setting to Toprail";
            findings.push(Finding::new(&METRICS_OFF, self.stage.at.clone(), what, help));
        }
        targets
    }

    /// The verbs of a route that are watched: `OPTIONS` only when asked for, `ANY` only as the verbs that were asked for.
    fn verbs(&self, route: &Route, settings: &Settings) -> Vec<String> {
        match &route.verb {
            Verb::Named(verb) if verb == "OPTIONS" && !settings.asks_for(&self.api.id, verb, &route.path.display()) => {
                Vec::new()
            }
            Verb::Named(verb) => vec![verb.clone()],
            Verb::Any => settings.any_methods(&self.api.id, &route.path.display()),
        }
    }

    fn route_target(&self, route: &Route, verb: String) -> Option<Target<'t>> {
        let when = self.api.when.clone().and(self.stage.when.clone()).and(route.when.clone());
        let (kind, mut dimensions) = (self.route_kind(), self.dimensions());
        match self.api.protocol {
            Protocol::Rest | Protocol::Http => {
                dimensions.push(("Resource", route.path.to_value()));
                dimensions.push(("Method", Value::from(verb.as_str())));
            }
            Protocol::WebSocket => dimensions.push(("Route", route.path.to_value())),
        }
        let path = route.path.display();
        let mut identity = vec![self.api.id.clone(), self.stage.name.display(), verb.clone(), path.clone()];
        identity.retain(|piece| !piece.is_empty());
        let place = Place::Route {
            api: self.api.id.clone(),
            protocol: self.api.protocol,
            stage: self.stage.name.display(),
            verb: verb.clone(),
            path,
        };
        (when != When::Never).then(|| Target {
            kind,
            own: None,
            identity,
            place,
            name: self.name(Some((&verb, &route.path))),
            dimensions,
            when,
            at: route.at.clone(),
            owners: self.owners(),
            properties: Properties::None,
            after: Vec::new(),
        })
    }

    fn route_kind(&self) -> &'static Kind {
        match self.api.protocol {
            Protocol::Rest => &REST_METHOD,
            Protocol::Http => &HTTP_ROUTE,
            Protocol::WebSocket => &WEBSOCKET_ROUTE,
        }
    }

    fn dimensions(&self) -> Vec<(&'static str, Value)> {
        let api = match self.api.protocol {
            Protocol::Rest => "ApiName",
            Protocol::Http | Protocol::WebSocket => "ApiId",
        };
        vec![(api, self.dimension.clone()), ("Stage", self.stage.name.to_value())]
    }

    fn owners(&self) -> Vec<String> {
        let stage = self.stage.owner.filter(|owner| *owner != self.api.id).map(str::to_owned);
        std::iter::once(self.api.id.clone()).chain(stage).collect()
    }

    /// `OrdersApi prod GET /orders/{id}`.
    fn name(&self, route: Option<(&str, &Text)>) -> Text {
        let mut name = Text::literal(format!("{} ", self.api.id));
        name.push(&self.stage.name);
        if let Some((verb, path)) = route {
            name.push_literal(if verb.is_empty() { " " } else { "" });
            name.push_literal(&if verb.is_empty() { String::new() } else { format!(" {verb} ") });
            name.push(path);
        }
        name
    }
}
