//! Toprail: a CloudFormation macro that gives every API method, function and stage its alarms, metrics, throttles and tags.
//!
//! The whole pipeline is [`transform`]: read the fragment, read the configuration, find what there is to watch, choose alarms, let the guardrails
//! propose, and apply the additions.
//!
//! Architecture invariants:
//! - [`transform`] is a pure function: no clock, network, environment, randomness, hash order, or memory of an earlier call.
//! - Only [`edit`] changes JSON, and it only adds.
//! - Only `config` reads configuration; intrinsics are recognised, never evaluated.
//! - A finding names a place by JSON pointer; only the command knows lines.
//! - Arrows go one way: template → catalogue → config → target → alarm and guard → pipeline → plan.

pub mod alarm;
mod budget;
pub mod catalogue;
pub mod config;
pub mod docs;
pub mod edit;
pub mod finding;
pub mod guard;
mod identity;
pub mod macro_event;
mod pipeline;
pub mod plan;
pub mod report;
pub mod schema;
pub mod target;
pub mod template;

use edit::Extended;
use finding::{Finding, Level};
use pipeline::Proposal;
use serde_json::{Map, Value};
use std::sync::Arc;

/// What CloudFormation tells about the deployment, and what the organisation wants of all of them.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The account's id.
    pub account: String,
    /// The region.
    pub region: String,
    /// The transform's parameters: resolved, flat.
    pub params: Map<String, Value>,
    /// The values of the template's parameters. Never copied anywhere.
    pub parameter_values: Map<String, Value>,
    /// The organisation's policy.
    pub policy: Option<Arc<config::Policy>>,
}

/// What came of a fragment.
#[derive(Debug)]
pub struct Outcome<Fragment = Value> {
    /// The fragment with everything added; as it was, if the transform failed or only audits.
    pub fragment: Fragment,
    /// What the author should know, worst first.
    pub findings: Vec<Finding>,
    /// What was added, for people.
    pub plan: plan::Plan,
}

impl<Fragment> Outcome<Fragment> {
    /// Whether CloudFormation is to be told that the transform failed.
    pub fn failed(&self) -> bool {
        self.findings.iter().any(|finding| finding.level == Level::Error)
    }
}

/// Adds to a fragment what it lacks. Never panics and never loses anything: what is not understood stays as it is, and is named in a finding.
pub fn transform(fragment: Value, context: &Context) -> Outcome {
    let Outcome { fragment, findings, plan } = transform_to_write(fragment, context);
    Outcome { fragment: fragment.into_value(), findings, plan }
}

/// The same, for somebody who only writes the fragment.
pub fn transform_to_write(fragment: Value, context: &Context) -> Outcome<Extended> {
    let (Proposal { mode, edits, resources, resources_at, plan }, mut findings) = pipeline::propose(&fragment, context);
    let has_failed = findings.iter().any(|finding| finding.level == Level::Error);
    let fragment = if has_failed || mode != config::Mode::Inject {
        Extended::unchanged(fragment)
    } else {
        let (extended, refused) = Extended::new(fragment, edits, resources_at, resources);
        for at in refused {
            let what = "an addition met something that was there already and was left out";
            findings.push(Finding::new(&finding::INTERNAL, at, what, "report this, please").at_level(Level::Warn));
        }
        extended
    };
    finding::sort(&mut findings);
    Outcome { fragment, findings, plan }
}
