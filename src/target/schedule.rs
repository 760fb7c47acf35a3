//! EventBridge: rules, which CloudWatch knows by their bus too where that is not the default one, and groups of schedules.

use super::properties::{Answer, Properties};
use super::relation::named;
use super::resource::{Found, Search, attribute, piece, unknown_property};
use crate::catalogue::Test;
use crate::catalogue::rows::events::{BUS_RULE, RULE, SCHEDULE_GROUP};
use crate::template::intrinsic::make_ref;
use crate::template::text::Text;
use crate::template::{Resource, Template, When};
use indexmap::IndexMap;
use serde_json::{Value, json};

const BUS: &[&str] = &["AWS::Events::EventBus"];
const GROUP: &[&str] = &["AWS::Scheduler::ScheduleGroup"];
const ON_DEFAULT_BUS: Test =
    Test::Any(&[Test::Not(&Test::Has("EventBusName")), Test::Is("EventBusName", &["default"])]);

/// Finds rules and schedule groups.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for rule in template.of_types(RULE.types) {
        rules(search, rule);
    }
    for (group, resource, when) in groups(template) {
        let is_here = GROUP.contains(&resource.kind);
        let dimensions = vec![group.to_value()];
        let properties = Properties::None;
        let found = Found { kind: &SCHEDULE_GROUP, resource, part: None, dimensions, when, properties };
        if is_here {
            search.add(found);
        } else {
            // Which of its schedules comes first must not matter.
            let mut name = Text::literal("ScheduleGroup ");
            name.push(&group);
            search.add_as(found, name, vec!["ScheduleGroup".to_owned(), group.display()]);
        }
    }
}

/// A rule of the default bus is known by its name; another one by bus and name.
fn rules<'t>(search: &mut Search<'_, 't>, rule: &Resource<'t>) {
    let template = search.template;
    let on_default = match bus_of(template, rule) {
        // A bus of this template is not the default one.
        Some(_) => When::Never,
        None => match Properties::Of(rule.id).test(template, ON_DEFAULT_BUS) {
            Answer::When(when) => when,
            Answer::Unknown(property) => return search.findings.push(unknown_property(&RULE, rule, property)),
        },
    };
    if let Some(found) = Found::whole(template, &RULE, rule) {
        search.add(found.only_when(on_default.clone()));
    }
    search.add(Found {
        kind: &BUS_RULE,
        resource: rule,
        part: None,
        dimensions: vec![bus_name(template, rule), attribute(rule.id, "RuleName")],
        when: on_default.negate(),
        properties: Properties::Of(rule.id),
    });
}

fn bus_of(template: &Template<'_>, rule: &Resource<'_>) -> Option<String> {
    let bus = rule.own("EventBusName")?;
    named(template, bus, BUS).first().map(|(found, _)| found.id.to_owned())
}

/// The name of a rule's bus, which the property may give as an ARN.
fn bus_name(template: &Template<'_>, rule: &Resource<'_>) -> Value {
    if let Some(bus) = bus_of(template, rule) {
        return make_ref(&bus);
    }
    match rule.own("EventBusName").and_then(Value::as_str) {
        Some(text) => json!(text.rsplit('/').next().unwrap_or(text)),
        // `Ref` of a rule of another bus is `bus|rule`.
        None => piece(&make_ref(rule.id), "|", 0),
    }
}

/// The groups of schedules: those of the template, and those that its schedules are in, each with when it is used.
fn groups<'a, 't>(template: &'a Template<'t>) -> Vec<(Text, &'a Resource<'t>, When)> {
    let mut groups: IndexMap<String, (Text, &Resource<'t>, When)> = IndexMap::new();
    for group in template.of_types(GROUP) {
        let name = Text::read(&make_ref(group.id)).unwrap_or_default();
        groups.insert(name.display(), (name, group, When::Always));
    }
    for schedule in template.of_types(&["AWS::Scheduler::Schedule"]) {
        let group = schedule.own("GroupName").cloned().unwrap_or_else(|| json!("default"));
        let is_here = !named(template, &group, GROUP).is_empty();
        let Some(name) = Text::read(&group).filter(|_| !is_here) else { continue };
        let entry = groups.entry(name.display()).or_insert_with(|| (name, schedule, When::Never));
        let (_, _, when) = entry;
        *when = when.clone().or(schedule.when());
    }
    groups.into_values().collect()
}
