//! How an alias is deployed: at once or bit by bit, and what says so.

use crate::template::intrinsic::{branches, reference};
use crate::template::text::Text;
use crate::template::{Resource, Template};
use serde_json::Value;

/// What CodeDeploy does when the alias gets a new version; none: it is not asked.
pub(super) fn update<'t>(alias: &Resource<'t>) -> Option<&'t Value> {
    alias.object.get("UpdatePolicy")?.get("CodeDeployLambdaAliasUpdate")
}

/// What says how an alias is deployed: its deployment group, or before SAM the function. None: it is in another stack, or CodeDeploy is not asked.
pub(super) fn deployed_by<'v, 't>(template: &'v Template<'t>, alias: &Resource<'t>) -> Option<&'v Resource<'t>> {
    let update = update(alias)?;
    if !template.resources.contains_key(alias.id) {
        return template.resources.get(reference(alias.own("FunctionName")?)?);
    }
    let name = update.get("DeploymentGroupName")?;
    template.of_kind("AWS::CodeDeploy::DeploymentGroup").find(|group| {
        reference(name) == Some(group.id) || group.own("DeploymentGroupName").is_some_and(|chosen| chosen == name)
    })
}

/// Whether a deployment group, or before SAM a function's preference, moves all traffic at once.
pub(super) fn is_all_at_once(template: &Template<'_>, by: &Resource<'_>) -> bool {
    let kind = if by.is_serverless() {
        template.member(by, "DeploymentPreference", "Type")
    } else {
        by.own("DeploymentConfigName")
    };
    kind.is_some_and(|kind| names_all_at_once(template, kind))
}

/// Whether every value that this can have is a configuration that moves all traffic at once.
fn names_all_at_once(template: &Template<'_>, kind: &Value) -> bool {
    if let Some((_, yes, no)) = branches(kind) {
        return names_all_at_once(template, yes) && names_all_at_once(template, no);
    }
    let routing = |id| template.resources.get(id)?.own("TrafficRoutingConfig")?.get("Type")?.as_str();
    // SAM writes `Fn::Sub` with the name as a variable.
    let text = Text::read(kind);
    let literal = text.as_ref().and_then(Text::as_literal);
    matches!(literal, Some("AllAtOnce" | "CodeDeployDefault.LambdaAllAtOnce"))
        || reference(kind).and_then(routing) == Some("AllAtOnce")
}
