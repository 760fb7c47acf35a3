//! What is watched: finds APIs with their stages and methods, and all other resources with metrics, in every shape a template can give them.
//! It decides nothing about alarms and changes nothing.

mod accelerator;
mod airflow;
mod api;
mod aurora;
mod balancer;
mod bedrock;
mod bot;
mod broker;
mod bucket;
mod cache;
mod channel;
mod consumer;
mod contact;
mod custom;
mod dead_letter;
mod ecs;
mod edge;
mod endpoint;
mod function;
mod function_logs;
mod http;
mod items;
mod log_group;
mod name;
mod openapi;
mod partner;
mod platform;
mod properties;
mod queue;
mod relation;
mod replication_task;
mod resource;
mod rest;
mod schedule;
mod serverless;
mod settings;
mod table;
mod target_group;
mod target_list;
mod topic;
mod tree;

pub use api::Protocol;
pub(crate) use api::{Api, Route, Stage, StageOrigin, Verb};
pub(crate) use dead_letter::queues as dead_letter_queues;
pub(crate) use function::{asynchronous, functions as functions_of, mappings, stream_mappings};
pub(crate) use items::{entries, leaves};
pub(crate) use properties::Answer;
pub(crate) use relation::{named, values_of};
pub(crate) use resource::place;
pub(crate) use settings::{MethodLimit, Switch, Wanted};
pub(crate) use target_list::targets;
pub use target_list::{Place, Target};

use crate::finding::{Finding, UNEXPANDED_INCLUDE, UNEXPANDED_LOOP, UNKNOWN_SHAPE};
use crate::template::{Made, Pointer, Template};

/// All APIs of a template, in the order of their appearance.
pub(crate) fn apis<'t>(template: &Template<'t>, findings: &mut Vec<Finding>) -> Vec<Api<'t>> {
    let mut apis = rest::apis(template, findings);
    apis.extend(http::apis(template, findings));
    serverless::add(template, &mut apis, findings);
    tree::add_methods(template, &mut apis, findings);
    rest::add_stages(template, &mut apis, findings);
    http::add_routes_and_stages(template, &mut apis, findings);
    findings.extend(template.others.iter().map(|(id, at)| left_alone(id, at)));
    apis
}

/// The resources that SAM will make from properties of others.
pub(crate) fn made_by_sam(template: &Template<'_>) -> Vec<Made> {
    serverless::made(template)
}

/// Says that an entry among the resources is left as it is.
fn left_alone(id: &str, at: &Pointer) -> Finding {
    if id.starts_with("Fn::ForEach") {
        let what = "a `Fn::ForEach` loop is not expanded yet and is left alone";
        return Finding::new(
            &UNEXPANDED_LOOP,
            at.clone(),
            what,
            "list Toprail after `AWS::LanguageExtensions` in `Transform`",
        );
    }
    if id == "Fn::Transform" {
        let what = "a nested `Fn::Transform` is not expanded here: the resources it brings are unknown";
        let help =
            "nothing at deployment (CloudFormation expands it first); on a laptop the plan lacks these resources";
        return Finding::new(&UNEXPANDED_INCLUDE, at.clone(), what, help);
    }
    let what = format!("`{id}` is not a resource with a `Type` and is left alone");
    Finding::new(&UNKNOWN_SHAPE, at.clone(), what, "nothing, if this is meant")
}
