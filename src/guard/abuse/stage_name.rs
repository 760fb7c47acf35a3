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

/// Whether a text names a stage of an API: by the same name, or by `Ref`.
pub(super) fn names(text: &Text, stage: &Stage<'_>) -> bool {
    let refers = |id: &str| text.parts().iter().any(|part| matches!(part, Part::Ref(name) if name == id));
    let by_ref = stage.owner.is_some_and(|owner| refers(owner) || refers(&format!("{owner}.Stage")));
    let (text, name) = (text.display(), stage.name.display());
    by_ref || text == name || text.strip_suffix(&name).is_some_and(|before| before.ends_with('/'))
}
