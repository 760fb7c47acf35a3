//! Lambda functions, before and after SAM.

use super::target_list::{Place, Target};
use crate::catalogue::Kind;
use crate::template::Template;
use crate::template::intrinsic::make_ref;

/// A target for each function.
pub(crate) fn targets<'t>(template: &Template<'t>) -> Vec<Target<'t>> {
    let functions = template
        .resources
        .values()
        .filter(|resource| matches!(resource.kind, "AWS::Lambda::Function" | "AWS::Serverless::Function"));
    functions
        .map(|resource| Target {
            kind: Kind::Function,
            identity: vec![resource.id.to_owned()],
            place: Place::Resource { id: resource.id.to_owned() },
            name: crate::template::text::Text::literal(resource.id),
            dimensions: vec![("FunctionName", make_ref(resource.id))],
            when: resource.when(),
            at: resource.at.clone(),
            owners: vec![resource.id.to_owned()],
            timeout: template.property(resource, "Timeout"),
        })
        .collect()
}
