//! Resources that are targets by themselves: every kind that the catalogue lists by type. Kinds that need more than a look at one resource have files
//! of their own and use [`Found`].

use super::properties::{Answer, Properties};
use super::target_list::{Place, Target};
use super::{
    accelerator, airflow, aurora, bedrock, bot, broker, bucket, cache, channel, consumer, contact, ecs, edge, endpoint,
    function, log_group, partner, platform, queue, replication_task, schedule, table, target_group, topic,
};
use crate::catalogue::{Finder, Kind, ValueOf, kinds};
use crate::finding::{Finding, OTHER_REGION, UNKNOWN_PROPERTY};
use crate::template::intrinsic::{make_ref, single};
use crate::template::text::Text;
use crate::template::{Pointer, Resource, Template, When};
use serde_json::{Value, json};

/// The finders of kinds that need more than a look at one resource.
const FINDERS: &[fn(&mut Search<'_, '_>)] = &[
    accelerator::find,
    airflow::find,
    aurora::find,
    bedrock::find,
    bot::find,
    broker::find,
    bucket::find,
    cache::find,
    channel::find,
    consumer::find,
    contact::find,
    ecs::find,
    edge::find,
    endpoint::find,
    function::find,
    log_group::find,
    partner::find,
    platform::find,
    queue::find,
    replication_task::find,
    schedule::find,
    table::find,
    target_group::find,
    topic::find,
];

/// The targets that are resources, or parts of resources, in the order of the catalogue.
pub(super) fn targets<'t>(template: &Template<'t>, region: &str, findings: &mut Vec<Finding>) -> Vec<Target<'t>> {
    let mut search = Search { template, region, findings, targets: Vec::new() };
    for kind in kinds().filter(|kind| kind.finder == Finder::Type) {
        search.by_type(kind);
    }
    FINDERS.iter().for_each(|find| find(&mut search));
    let mut targets = search.targets;
    let order: Vec<&str> = kinds().map(|kind| kind.noun).collect();
    targets.sort_by_cached_key(|target| order.iter().position(|noun| *noun == target.kind.noun));
    targets
}

/// A search for targets among the resources of a template.
pub(super) struct Search<'a, 't> {
    /// Where.
    pub(super) template: &'a Template<'t>,
    /// The region of the deployment; empty: unknown.
    pub(super) region: &'a str,
    /// What the author should know.
    pub(super) findings: &'a mut Vec<Finding>,
    targets: Vec<Target<'t>>,
}

/// What a finder knows of a target.
pub(super) struct Found<'r, 't> {
    /// What it is.
    pub(super) kind: &'static Kind,
    /// The resource that it is, or is a part of.
    pub(super) resource: &'r Resource<'t>,
    /// Which part.
    pub(super) part: Option<Text>,
    /// The values of the kind's dimensions, in its order.
    pub(super) dimensions: Vec<Value>,
    /// When it exists, apart from the resource's own condition.
    pub(super) when: When,
    /// What its alarms are measured against.
    pub(super) properties: Properties<'t>,
}

impl<'r, 't> Found<'r, 't> {
    /// A resource that is a target by itself; none: a property that is a dimension is absent, or the kind's own finder must tell.
    pub(super) fn whole(template: &Template<'t>, kind: &'static Kind, resource: &'r Resource<'t>) -> Option<Self> {
        let properties = Properties::Of(resource.id);
        let dimensions = dimensions(template, kind, resource)?;
        Some(Self { kind, resource, part: None, dimensions, when: When::Always, properties })
    }

    /// The same, under a condition.
    pub(super) fn only_when(self, when: When) -> Self {
        Self { when: self.when.and(when), ..self }
    }
}

impl<'t> Search<'_, 't> {
    /// Every resource of a kind's types that passes its test.
    fn by_type(&mut self, kind: &'static Kind) {
        let template = self.template;
        for resource in template.of_types(kind.types) {
            let Some(found) = Found::whole(template, kind, resource) else { continue };
            self.add(found);
        }
    }

    /// Adds a target, unless it can never exist, its kind's test fails, or its metrics are in another region.
    pub(super) fn add(&mut self, found: Found<'_, 't>) {
        let mut name = Text::literal(found.resource.id);
        let part = found.part.as_ref().map(Text::brief);
        if let Some(part) = &part {
            name.push_literal(" ");
            name.push(part);
        }
        let part = part.as_ref().map(Text::display);
        let identity = std::iter::once(found.resource.id.to_owned()).chain(part).collect();
        self.add_as(found, name, identity);
    }

    /// The same, for a target whose alarms must be made after other resources, by logical id.
    pub(super) fn add_after(&mut self, found: Found<'_, 't>, after: &[String]) {
        let known = self.targets.len();
        self.add(found);
        self.targets.iter_mut().skip(known).for_each(|target| target.after = after.to_vec());
    }

    /// The same, for what is no part of the resource that shows it: its name and what makes it this one.
    pub(super) fn add_as(&mut self, found: Found<'_, 't>, name: Text, identity: Vec<String>) {
        let Found { kind, resource, part: _, dimensions, when, properties } = found;
        let when = match properties.test(self.template, kind.applies) {
            Answer::When(applies) => when.and(applies).and(resource.when()),
            Answer::Unknown(property) => {
                self.findings.push(unknown_property(kind, resource, property));
                return;
            }
        };
        let when = match kind.region.filter(|_| when != When::Never) {
            Some(only) if self.region.is_empty() => when.and(When::Equals("AWS::Region".to_owned(), only.to_owned())),
            Some(only) if self.region != only => {
                self.findings.push(other_region(kind, resource, only));
                return;
            }
            _ => when,
        };
        if when == When::Never {
            return;
        }
        self.targets.push(Target {
            kind,
            own: None,
            identity,
            place: Place::Resource { id: resource.id.to_owned(), name: name.display() },
            name,
            dimensions: kind.dimensions.iter().map(|dimension| dimension.name).zip(dimensions).collect(),
            when,
            at: resource.at.clone(),
            owners: vec![resource.id.to_owned()],
            properties,
            after: Vec::new(),
        });
    }
}

/// The values of a kind's dimensions for a resource; none: a property that is a dimension is absent, or the kind's own finder must tell.
fn dimensions(template: &Template<'_>, kind: &Kind, resource: &Resource<'_>) -> Option<Vec<Value>> {
    let value = |value: ValueOf| match value {
        ValueOf::Ref => Some(make_ref(resource.id)),
        ValueOf::Attribute(name) => Some(attribute(resource.id, name)),
        ValueOf::Property(path) => {
            Properties::Of(resource.id).get(template, path).filter(|value| Text::read(value).is_some())
        }
        ValueOf::Fixed(text) => Some(json!(text)),
        ValueOf::Pseudo(name) => Some(make_ref(name)),
        ValueOf::PieceOfRef(separator, index) => Some(piece(&make_ref(resource.id), separator, index)),
        ValueOf::Found => None,
    };
    kind.dimensions.iter().map(|dimension| value(dimension.value)).collect()
}

/// `Fn::GetAtt` of a resource.
pub(super) fn attribute(id: &str, name: &str) -> Value {
    single("Fn::GetAtt", json!([id, name]))
}

/// One piece of a text that only CloudFormation knows.
pub(super) fn piece(value: &Value, separator: &str, index: usize) -> Value {
    json!({"Fn::Select": [index, {"Fn::Split": [separator, value]}]})
}

pub(super) fn unknown_property(kind: &Kind, resource: &Resource<'_>, property: &str) -> Finding {
    let what =
        format!("whether {} is a {} depends on `{property}`, whose value is not known here", resource.id, kind.noun);
    let help = "write the value, or a parameter of type `String`, to have it watched";
    Finding::new(&UNKNOWN_PROPERTY, place(resource, property), what, help)
}

/// Says that a list has entries that only CloudFormation knows.
pub(super) fn unknown_list(kind: &Kind, resource: &Resource<'_>, property: &str) -> Finding {
    let what =
        format!("`{property}` of {} is not wholly known here, so some {} may not be watched", resource.id, kind.plural);
    let help = "write the entries into the template, or add alarms by hand";
    Finding::new(&UNKNOWN_PROPERTY, place(resource, property), what, help)
}

fn other_region(kind: &Kind, resource: &Resource<'_>, only: &str) -> Finding {
    let what = format!(
        "{} is not watched from here: CloudWatch has the metrics of {} in {only} only",
        resource.id, kind.plural
    );
    let help = format!("deploy the template to {only}, or alarms for it from a stack there");
    Finding::new(&OTHER_REGION, resource.at.clone(), what, help)
}

/// Where a property stands, or would stand.
pub(crate) fn place(resource: &Resource<'_>, path: &str) -> Pointer {
    path.split('.').fold(resource.at.child("Properties"), |at, name| at.child(name))
}

/// For tests of finders: the targets that one finds in a fragment whose region is unknown, each with its name, its dimensions and when it exists.
#[cfg(test)]
pub(super) fn found_by(find: fn(&mut Search<'_, '_>), fragment: &Value) -> Vec<(String, Vec<Value>, When)> {
    run(find, fragment, |search| {
        let values = |target: &Target<'_>| target.dimensions.iter().map(|(_, value)| value.clone()).collect();
        search.targets.iter().map(|target| (target.name.display(), values(target), target.when.clone())).collect()
    })
}

/// For tests of finders: what one says of a fragment.
#[cfg(test)]
pub(super) fn said_by(find: fn(&mut Search<'_, '_>), fragment: &Value) -> Vec<String> {
    run(find, fragment, |search| search.findings.iter().map(|finding| finding.what.clone()).collect())
}

#[cfg(test)]
fn run<T>(find: fn(&mut Search<'_, '_>), fragment: &Value, read: fn(&Search<'_, '_>) -> T) -> T {
    let template = Template::read(fragment, crate::template::Scope::Template);
    let mut search = Search { template: &template, region: "", findings: &mut Vec::new(), targets: Vec::new() };
    find(&mut search);
    read(&search)
}
