//! What was asked for: layers of configuration as they were written (`raw`), and what they come to for each thing ([`Settings`]).
//! The only place where configuration is read.

mod alarm_options;
pub(crate) mod alarm_settings;
mod entries;
mod layer;
mod methods;
pub(crate) mod pattern;
pub(crate) mod raw;
mod reader;
pub mod reference;
mod settings;
pub(crate) mod suppress;
mod transform_params;

pub use layer::{Layer, Origin, Sourced};
pub use raw::{AlarmNames, Mode, Throttle};
pub(crate) use reader::Reader;
pub use settings::Settings;

use crate::Context;
use crate::finding::Finding;
use crate::template::{Pointer, Template};
use indexmap::IndexMap;
use raw::{RESOURCE_KEYS, Raw, TEMPLATE_KEYS};

/// Reads all layers. Mistakes are findings at error level, all of them.
pub(crate) fn read(template: &Template<'_>, context: &Context, findings: &mut Vec<Finding>) -> Settings {
    let mut layers = Vec::new();
    if let Some(metadata) = template.section("Metadata").and_then(|metadata| metadata.get("Toprail")) {
        let mut reader = Reader::new(Layer::Template);
        layers.push(Raw::read(
            &mut reader,
            metadata,
            &Pointer::root().child("Metadata").child("Toprail"),
            TEMPLATE_KEYS,
        ));
        findings.append(&mut reader.mistakes);
    }
    let mut reader = Reader::new(Layer::Transform);
    layers.push(transform_params::read(&mut reader, context));
    findings.append(&mut reader.mistakes);

    let mut reader = Reader::new(Layer::Resource);
    let mut resources = IndexMap::new();
    for resource in template.resources.values() {
        if let Some(metadata) = resource.object.get("Metadata").and_then(|metadata| metadata.get("Toprail")) {
            let at = resource.at.child("Metadata").child("Toprail");
            resources.insert(resource.id.to_owned(), Raw::read(&mut reader, metadata, &at, RESOURCE_KEYS));
        }
    }
    findings.append(&mut reader.mistakes);
    Settings::new(layers, resources)
}
