//! Log groups that are forwarded by a subscription filter, and delivery streams that transform what they carry.

use super::items::items;
use super::properties::Properties;
use super::relation::{named, values_of};
use super::resource::{Found, Search};
use crate::catalogue::rows::observability::FORWARDED_LOG_GROUP;
use crate::catalogue::rows::streams::TRANSFORMING_STREAM;
use crate::template::intrinsic::{as_bool, make_ref};
use crate::template::text::Text;
use crate::template::{Resource, When};
use indexmap::IndexMap;
use serde_json::Value;

/// Finds both.
pub(super) fn find(search: &mut Search<'_, '_>) {
    log_groups(search);
    let template = search.template;
    for stream in template.of_types(TRANSFORMING_STREAM.types).filter(|stream| transforms(stream)) {
        Found::whole(template, &TRANSFORMING_STREAM, stream).into_iter().for_each(|found| search.add(found));
    }
}

/// Two filters of one group are one target, and the group's name tells which.
fn log_groups(search: &mut Search<'_, '_>) {
    let template = search.template;
    let mut groups: IndexMap<String, (Text, &Resource<'_>, When)> = IndexMap::new();
    for filter in template.of_types(FORWARDED_LOG_GROUP.types) {
        let Some(name) = filter.own("LogGroupName") else { continue };
        let here = named(template, name, &["AWS::Logs::LogGroup"]);
        let name = here.first().map_or_else(|| Text::read(name), |(group, _)| Text::read(&make_ref(group.id)));
        let Some(name) = name else { continue };
        let entry = groups.entry(name.display()).or_insert_with(|| (name, filter, When::Never));
        entry.2 = entry.2.clone().or(filter.when());
    }
    for (name, filter, when) in groups.into_values() {
        let mut shown = Text::literal("LogGroup ");
        shown.push(&name.brief());
        let found = Found {
            kind: &FORWARDED_LOG_GROUP,
            resource: filter,
            part: None,
            dimensions: vec![name.to_value()],
            when,
            properties: Properties::Of(filter.id),
        };
        search.add_as(found, shown, vec!["LogGroup".to_owned(), name.display()]);
    }
}

/// Only a function as processor publishes how its work goes.
fn transforms(stream: &Resource<'_>) -> bool {
    let mut configurations = Vec::new();
    if let Some(properties) = stream.object.get("Properties") {
        values_of(properties, "ProcessingConfiguration", &mut configurations);
    }
    configurations.into_iter().any(|configuration| {
        let processors = configuration.get("Processors").map(items).unwrap_or_default();
        configuration.get("Enabled").and_then(as_bool) != Some(false)
            && processors.iter().any(|(processor, _)| processor.get("Type").and_then(Value::as_str) == Some("Lambda"))
    })
}
