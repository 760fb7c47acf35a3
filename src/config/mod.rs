//! What was asked for: layers of configuration as they were written (`raw`), what the organisation says ([`policy`], `enforce`), and what all of it
//! comes to for each thing ([`Settings`]). The only place where configuration is read.

mod alarm_options;
pub(crate) mod alarm_settings;
mod custom;
mod enforce;
mod entries;
mod layer;
pub(crate) mod logs;
mod methods;
pub(crate) mod pattern;
pub mod policy;
pub(crate) mod raw;
mod reader;
pub mod reference;
pub(crate) mod required_tags;
mod settings;
pub(crate) mod suppress;
mod trail;
mod transform_params;
pub(crate) mod usage_plans;

pub use layer::{Layer, Origin, Sourced};
pub use policy::{Destination, Policy};
pub use raw::{AlarmNames, Mode, Throttle};
pub use settings::Settings;
pub use trail::Step;

use crate::Context;
use crate::catalogue::Rows;
use crate::finding::{Finding, WRONG_CONFIGURATION};
use crate::template::text::{Part, Text};
use crate::template::{Pointer, Scope, Template, intrinsic};
use indexmap::IndexMap;
use logs::LogDestination;
use policy::Effective;
use raw::{RESOURCE_KEYS, Raw, TEMPLATE_KEYS};
use reader::Reader;
use serde_json::Value;

/// Reads all layers. Mistakes are findings at error level, all of them.
pub(crate) fn read(template: &Template<'_>, context: &Context, findings: &mut Vec<Finding>) -> Settings {
    // A wrong policy knows its rows as well: settings for them are no mistakes of the template.
    let rows = context.policy.as_ref().map(|policy| policy.rows().clone()).unwrap_or_default();
    let mut layers = own_layers(template, context, &rows, findings);
    let mut resources = resources(template, &rows, findings);
    refuse_tags_of_resources(template, layers.iter().chain(resources.values()), findings);
    refuse_unknown_destinations(template, layers.iter().chain(resources.values()), findings);
    let environment = environment(&layers, template, context, findings);
    let Effective { defaults, enforced } = match &context.policy {
        Some(policy) if policy.mistakes().is_empty() => {
            let (account, region) = (&context.account, &context.region);
            policy.effective(Destination { account, region, environment: &environment })
        }
        Some(policy) => {
            findings.extend(policy.mistakes().iter().cloned());
            Effective::default()
        }
        None => Effective::default(),
    };
    let of_policy = 1 + defaults.len();
    layers.splice(0..0, [enforce::base(&enforced)].into_iter().chain(defaults));
    for layer in layers.iter_mut().skip(1).chain(resources.values_mut()) {
        enforce::hold(layer, &enforced, template, findings);
    }
    Settings { layers, of_policy, resources, enforced, rows }
}

impl Policy {
    /// What it comes to where a template says nothing and no entry of `Accounts` matches.
    pub(crate) fn settings(&self) -> Settings {
        let Effective { mut defaults, enforced } = self.effective(Destination::default());
        let (nothing, mut findings) = (Value::Null, Vec::new());
        let template = Template::read(&nothing, Scope::Template);
        defaults.iter_mut().for_each(|layer| enforce::hold(layer, &enforced, &template, &mut findings));
        let of_policy = 1 + defaults.len();
        let layers = [enforce::base(&enforced)].into_iter().chain(defaults).collect();
        Settings { layers, of_policy, resources: IndexMap::new(), enforced, rows: self.rows().clone() }
    }
}

/// The template's own layers: its metadata, then the transform's parameters.
fn own_layers(template: &Template<'_>, context: &Context, rows: &Rows, findings: &mut Vec<Finding>) -> Vec<Raw> {
    let mut layers = Vec::new();
    if let Some(metadata) = template.section("Metadata").and_then(|metadata| metadata.get("Toprail")) {
        let mut reader = Reader::new(Layer::Template).knowing(rows.clone());
        let at = Pointer::root().child("Metadata").child("Toprail");
        layers.push(Raw::read(&mut reader, metadata, &at, TEMPLATE_KEYS));
        findings.append(&mut reader.mistakes);
    }
    let mut reader = Reader::new(Layer::Transform).knowing(rows.clone());
    layers.push(transform_params::read(&mut reader, context));
    findings.append(&mut reader.mistakes);
    layers
}

/// What resources say of themselves.
fn resources(template: &Template<'_>, rows: &Rows, findings: &mut Vec<Finding>) -> IndexMap<String, Raw> {
    let mut reader = Reader::new(Layer::Resource).knowing(rows.clone());
    let mut resources = IndexMap::new();
    for resource in template.resources.values() {
        if let Some(metadata) = resource.object.get("Metadata").and_then(|metadata| metadata.get("Toprail")) {
            let at = resource.at.child("Metadata").child("Toprail");
            resources.insert(resource.id.to_owned(), Raw::read(&mut reader, metadata, &at, RESOURCE_KEYS));
        }
    }
    findings.append(&mut reader.mistakes);
    resources
}

fn refuse_tags_of_resources<'r>(
    template: &Template<'_>,
    layers: impl Iterator<Item = &'r Raw>,
    findings: &mut Vec<Finding>,
) {
    for (key, value) in layers.flat_map(|raw| &raw.tags) {
        if let Some(id) = template.resource_in(&value.value) {
            let what = format!("the tag `{key}` refers to {id}, which would then depend on itself");
            let help = "use texts, parameters and pseudo parameters as values of default tags";
            findings.push(value.from.finding(&WRONG_CONFIGURATION, what, help));
        }
    }
}

/// A destination of access logs that the template does not have would fail the deployment with a message that does not name the setting.
fn refuse_unknown_destinations<'r>(
    template: &Template<'_>,
    layers: impl Iterator<Item = &'r Raw>,
    findings: &mut Vec<Finding>,
) {
    let is_known = |name: &str| {
        template.resources.contains_key(name)
            || template.has_name(name)
            || name.starts_with("AWS::")
            || name.contains('.')
    };
    // What a loop or an include brings is not known yet.
    let is_whole = template.scope == Scope::Template && template.others.is_empty();
    for logs in layers.filter(|_| is_whole).filter_map(|raw| raw.access_logs.as_ref()) {
        let LogDestination::Arn(arn) = &logs.value.destination else { continue };
        let text = Text::read(arn).unwrap_or_default();
        let names = text.parts().iter().filter_map(|part| match part {
            Part::Ref(name) | Part::Attribute(name, _) => Some(name),
            Part::Literal(_) | Part::Opaque(_) => None,
        });
        for name in names.filter(|name| !is_known(name)) {
            let what = format!("`{name}` in `AccessLogs` is neither a resource nor a parameter of this template");
            let help = "name a log group of the template (`!GetAtt Logs.Arn`), a parameter, or write the ARN";
            findings.push(logs.from.finding(&WRONG_CONFIGURATION, what, help));
        }
    }
}

/// What the template says of itself; a parameter's value is compared with patterns of the policy and copied nowhere.
fn environment(layers: &[Raw], template: &Template<'_>, context: &Context, findings: &mut Vec<Finding>) -> String {
    let Some(set) = layers.iter().rev().find_map(|layer| layer.environment.as_ref()) else {
        return String::new();
    };
    let Some(name) = intrinsic::reference(&set.value) else {
        return set.value.as_str().unwrap_or_default().to_owned();
    };
    let default = || template.section("Parameters")?.get(name)?.get("Default");
    match context.parameter_values.get(name).or_else(default).and_then(Value::as_str) {
        Some(text) => text.to_owned(),
        None => {
            let what = format!("the value of `{name}`, which `Environment` refers to, is not known");
            let help = "refer to a parameter of the template that is a text, or write the environment's name";
            findings.push(set.from.finding(&WRONG_CONFIGURATION, what, help));
            String::new()
        }
    }
}
