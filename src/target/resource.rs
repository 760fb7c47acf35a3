//! Resources that are targets by themselves: every kind that the catalogue lists by type. Kinds that need more than a look at one resource have files
//! of their own and use [`Found`].

use super::properties::{Answer, Properties};
use super::target_list::{Place, Target};
use crate::catalogue::{Finder, Kind, ValueOf, kinds};
use crate::finding::{Finding, OTHER_REGION, UNKNOWN_PROPERTY};
use crate::template::intrinsic::{make_ref, single};
use crate::template::text::Text;
use crate::template::{Pointer, Resource, Template, When};
use serde_json::{Value, json};

/// The targets of all kinds that are found by type, in the order of the catalogue.
pub(super) fn targets<'t>(template: &Template<'t>, region: &str, findings: &mut Vec<Finding>) -> Vec<Target<'t>> {
    let mut targets = Vec::new();
    for kind in kinds().filter(|kind| kind.finder == Finder::Type) {
        for resource in template.of_types(kind.types) {
            let Some(dimensions) = dimensions(template, kind, resource) else { continue };
            let properties = Properties::Of(resource.id);
            let when = match properties.test(template, kind.applies) {
                Answer::When(when) => when.and(resource.when()),
                Answer::Unknown(property) => {
                    findings.push(unknown_property(kind, resource, property));
                    continue;
                }
            };
            let found = Found { kind, resource, part: None, dimensions, when, properties };
            targets.extend(found.target(region, findings));
        }
    }
    targets
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
    /// When it exists, the resource's own condition included.
    pub(super) when: When,
    /// What its alarms are measured against.
    pub(super) properties: Properties<'t>,
}

impl<'t> Found<'_, 't> {
    /// The target, unless it can never exist, or its metrics are in another region.
    pub(super) fn target(self, region: &str, findings: &mut Vec<Finding>) -> Option<Target<'t>> {
        let id = self.resource.id;
        let when = match self.kind.region {
            Some(only) if region.is_empty() => self.when.and(When::Equals("AWS::Region".to_owned(), only.to_owned())),
            Some(only) if region != only => {
                findings.push(other_region(self.kind, self.resource, only));
                return None;
            }
            _ => self.when,
        };
        let mut name = Text::literal(id);
        if let Some(part) = &self.part {
            name.push_literal(" ");
            name.push(part);
        }
        let identity = std::iter::once(id.to_owned()).chain(self.part.as_ref().map(Text::display)).collect();
        (when != When::Never).then(|| Target {
            kind: self.kind,
            identity,
            place: Place::Resource { id: id.to_owned(), name: name.display() },
            name,
            dimensions: self.kind.dimensions.iter().map(|dimension| dimension.name).zip(self.dimensions).collect(),
            when,
            at: self.resource.at.clone(),
            owners: vec![id.to_owned()],
            properties: self.properties,
        })
    }
}

/// The values of a kind's dimensions for a resource; none: a property that is a dimension is absent, or the kind's own finder must tell.
pub(super) fn dimensions(template: &Template<'_>, kind: &Kind, resource: &Resource<'_>) -> Option<Vec<Value>> {
    let value = |value: ValueOf| match value {
        ValueOf::Ref => Some(make_ref(resource.id)),
        ValueOf::Attribute(name) => Some(attribute(resource.id, name)),
        ValueOf::Property(path) => {
            Properties::Of(resource.id).get(template, path).filter(|value| Text::read(value).is_some())
        }
        ValueOf::Fixed(text) => Some(json!(text)),
        ValueOf::Found => None,
    };
    kind.dimensions.iter().map(|dimension| value(dimension.value)).collect()
}

/// `Fn::GetAtt` of a resource.
pub(super) fn attribute(id: &str, name: &str) -> Value {
    single("Fn::GetAtt", json!([id, name]))
}

fn unknown_property(kind: &Kind, resource: &Resource<'_>, property: &str) -> Finding {
    let what =
        format!("whether {} is a {} depends on `{property}`, whose value is not known here", resource.id, kind.noun);
    let help = "write the value, or a parameter of type `String`, to have it watched";
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
