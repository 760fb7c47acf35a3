//! `all-at-once-deployment`: a new version of a function that users wait for gets a part of the traffic first.

use crate::catalogue::guards::releases::ALL_AT_ONCE_DEPLOYMENT;
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::functions::behind::other_doors;
use crate::target::functions_of;
use crate::template::intrinsic::{as_bool, reference};
use crate::template::{Resource, Template};
use serde_json::Value;

pub(super) const ENTRY: Entry = (&ALL_AT_ONCE_DEPLOYMENT, look);

fn look(check: &mut Check<'_, '_, '_>) {
    let template = check.template();
    let (fronts, doors) = (check.view.fronts(), other_doors(template));
    for function in check.written(&["AWS::Lambda::Function", "AWS::Serverless::Function"]) {
        if !fronts.contains_key(function.id) && !doors.contains_key(function.id) {
            continue;
        }
        let fault =
            if function.is_serverless() { before_sam(template, function) } else { after_sam(template, function) };
        if let Some((why, help)) = fault {
            let what = format!("{} serves users, and a new version of it gets all traffic at once: {why}", function.id);
            check.report(Violation::new(function.at.clone(), function.id, what, help));
        }
    }
}

/// What is wrong, and what to do.
type Fault = (&'static str, &'static str);

const ADD: &str = "add `AutoPublishAlias: live` and `DeploymentPreference: {Type: Canary10Percent5Minutes}`";
const SHIFT: &str = "choose a canary or linear configuration, such as `Canary10Percent5Minutes`";

fn before_sam(template: &Template<'_>, function: &Resource<'_>) -> Option<Fault> {
    if template.property(function, "AutoPublishAlias").is_none() {
        return Some(("it has no alias", ADD));
    }
    // SAM puts the function's own preference over the one in `Globals`, key by key.
    let own = function.own("DeploymentPreference");
    let shared = template.global(function, "DeploymentPreference");
    if own.is_none() && shared.is_none() {
        return Some(("its alias has no `DeploymentPreference`", ADD));
    }
    let key = |name: &str| own.and_then(|own| own.get(name)).or(shared.and_then(|shared| shared.get(name)));
    match (key("Enabled").map(as_bool), key("Type").and_then(Value::as_str)) {
        (Some(Some(false)), _) => Some(("its `DeploymentPreference` is switched off", "remove `Enabled: false`")),
        (_, Some("AllAtOnce")) => Some(("its `DeploymentPreference` is `AllAtOnce`", SHIFT)),
        _ => None,
    }
}

fn after_sam(template: &Template<'_>, function: &Resource<'_>) -> Option<Fault> {
    let is_of = |alias: &&Resource<'_>| {
        let named = alias.own("FunctionName").map(|name| functions_of(template, name)).unwrap_or_default();
        named.iter().any(|(of, _)| of.id == function.id)
    };
    let faults: Vec<_> =
        template.of_types(&["AWS::Lambda::Alias"]).filter(is_of).map(|alias| fault_of(template, alias)).collect();
    match faults.as_slice() {
        [] => Some(("it has no alias", "add an `AWS::Lambda::Alias` that CodeDeploy updates, and let callers use it")),
        // One alias that is deployed gradually is the one that users call.
        all => all.iter().copied().reduce(Option::and).flatten(),
    }
}

fn fault_of(template: &Template<'_>, alias: &Resource<'_>) -> Option<Fault> {
    let update = alias.object.get("UpdatePolicy").and_then(|policy| policy.get("CodeDeployLambdaAliasUpdate"));
    let Some(update) = update else {
        // Weights that somebody sets by hand are gradual too.
        let is_weighted = alias.own("RoutingConfig").is_some();
        let help = "add `UpdatePolicy: {CodeDeployLambdaAliasUpdate: …}` and an `AWS::CodeDeploy::DeploymentGroup`";
        return (!is_weighted).then_some(("its alias has no `UpdatePolicy`", help));
    };
    let group = update.get("DeploymentGroupName").and_then(reference).and_then(|id| template.resources.get(id));
    let configuration = group.and_then(|group| group.own("DeploymentConfigName")).and_then(Value::as_str);
    (configuration == Some("CodeDeployDefault.LambdaAllAtOnce"))
        .then_some(("its deployment group uses `CodeDeployDefault.LambdaAllAtOnce`", SHIFT))
}
