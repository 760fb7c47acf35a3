//! How another resource names a REST stage, so that CloudFormation makes the stage first.

use crate::target::{Api, Stage, StageOrigin};
use crate::template::Template;
use crate::template::text::{Part, Text};

/// The stage's name, and what must be there first where the name alone does not say so.
pub(super) struct StageName {
    /// The name.
    pub(super) text: Text,
    /// Logical ids for `DependsOn`.
    pub(super) after: Vec<String>,
}

/// The name of a stage of this template. `Ref` of a stage gives its name; `Api.Stage` is SAM's way to write that before the stage exists. None: it
/// cannot be named.
pub(super) fn stage_name(template: &Template<'_>, api: &Api<'_>, stage: &Stage<'_>) -> Option<StageName> {
    let by_ref = |id: String| {
        let mut text = Text::default();
        text.push_part(Part::Ref(id));
        Some(StageName { text, after: Vec::new() })
    };
    let owner = stage.owner.and_then(|owner| template.resources.get(owner));
    match (stage.origin, owner.map(|owner| owner.kind)) {
        (StageOrigin::Declared, Some("AWS::ApiGateway::Stage")) => by_ref(stage.owner?.to_owned()),
        (StageOrigin::Declared, Some("AWS::Serverless::Api")) => by_ref(format!("{}.Stage", api.id)),
        (StageOrigin::Declared, Some("AWS::ApiGateway::Deployment")) => {
            Some(StageName { text: stage.name.clone(), after: vec![stage.owner?.to_owned()] })
        }
        (StageOrigin::Declared | StageOrigin::Implicit | StageOrigin::Managed, _) => None,
    }
}

/// Whether a text names a stage of its API: by the same name or by a reference, in the forms of CloudFormation and of SAM. Where only CloudFormation knows
/// one of the two names, it may be the same.
pub(super) fn names(template: &Template<'_>, text: &Text, api: &Api<'_>, stage: &Stage<'_>) -> bool {
    let shown = text.display();
    let name = shown.rsplit_once("/stages/").map_or(shown.as_str(), |(_, name)| name);
    if name == stage.name.display() {
        return true;
    }
    match text.parts().last() {
        Some(Part::Ref(id))
            if template.any_resource(id).is_some_and(|other| other.kind == "AWS::ApiGateway::Stage") =>
        {
            stage.owner == Some(id)
        }
        Some(Part::Literal(_)) => stage.name.as_literal().is_none(),
        // `${Api.Stage}`, as SAM writes it.
        Some(Part::Ref(id)) if id.ends_with(".Stage") => id.strip_suffix(".Stage") == Some(&api.id),
        Some(Part::Attribute(id, name)) if name == "Stage" => *id == api.id,
        Some(Part::Ref(_) | Part::Attribute(..) | Part::Opaque(_)) => true,
        None => false,
    }
}
