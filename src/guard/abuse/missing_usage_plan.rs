//! `missing-usage-plan`: an API that asks for keys has usage plans that limit what a key may do.

use super::api_keys::with_keys;
use super::stage_name::{StageName, names, stage_name};
use crate::catalogue::guards::abuse::MISSING_USAGE_PLAN;
use crate::config::usage_plans::UsagePlan;
use crate::edit::Edit;
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::new_resource::NewResource;
use crate::guard::stage_property::named;
use crate::target::{Api, Stage, entries};
use crate::template::intrinsic::make_ref;
use crate::template::text::{Part, Text};
use crate::template::{Resource, Template};
use serde_json::{Value, json};

pub(super) const ENTRY: Entry = (&MISSING_USAGE_PLAN, look);

fn look(check: &mut Check<'_, '_, '_>) {
    let (template, apis) = (check.template(), check.view.apis);
    let with_keys = with_keys(template, check.view.methods());
    for (api, stage) in apis.iter().flat_map(|api| api.stages.iter().map(move |stage| (api, stage))) {
        if with_keys.contains(api.id.as_str()) && !of_sam(template, api) {
            look_at(check, api, stage);
        }
    }
    for plan in check.written(&["AWS::ApiGateway::UsagePlan"]) {
        let lacks: Vec<_> = ["Throttle", "Quota"].into_iter().filter(|limit| !limits(plan, limit)).collect();
        if !lacks.is_empty() {
            let what = format!("the usage plan {} has no `{}`", plan.id, lacks.join("` and no `"));
            let help = "give it both: `Throttle: {RateLimit, BurstLimit}` against bursts, `Quota: {Limit, Period}` against slow abuse";
            check.report(Violation::new(plan.at.child("Properties"), plan.id, what, help));
        }
    }
}

/// Whether a plan has a limit: its own, or a throttle for methods of a stage. An intrinsic is accepted.
fn limits(plan: &Resource<'_>, limit: &str) -> bool {
    let of_stages = plan.own("ApiStages").map(entries).unwrap_or_default();
    plan.own(limit).is_some()
        || (limit == "Throttle" && of_stages.iter().any(|(stage, _)| stage.get("Throttle").is_some()))
}

/// Whether SAM makes a usage plan for the API. Source: SAM specification, `ApiUsagePlan`.
fn of_sam(template: &Template<'_>, api: &Api<'_>) -> bool {
    let resource = template.resources.get(api.id.as_str());
    let own = resource.and_then(|resource| resource.own("Auth"));
    let shared = match resource {
        Some(resource) => template.global(resource, "Auth"),
        None => template.globals("Api").and_then(|globals| globals.get("Auth")),
    };
    let plan = own.and_then(|auth| auth.get("UsagePlan")).or(shared.and_then(|auth| auth.get("UsagePlan")));
    plan.is_some_and(|plan| {
        let has = |limit: &str| plan.get(limit).is_some();
        plan.get("CreateUsagePlan").is_some_and(|create| create != "NONE") && has("Throttle") && has("Quota")
    })
}

fn look_at(check: &mut Check<'_, '_, '_>, api: &Api<'_>, stage: &Stage<'_>) {
    let template = check.template();
    if template.of_types(&["AWS::ApiGateway::UsagePlan"]).any(|plan| covers(plan, api, stage)) {
        return;
    }
    let (name, owners) = named(api, stage);
    let what = format!("{name} asks for API keys, and no usage plan of this template says what a key may do");
    let help = "add an `AWS::ApiGateway::UsagePlan` with `Throttle` and `Quota`, or configure `UsagePlans`; if it is in another stack, suppress this with that as the reason";
    let violation = Violation::new(stage.at.clone(), &api.id, what, help).in_stage(stage.name.display());
    let violation = owners.iter().skip(1).fold(violation, |violation, owner| violation.of(owner));
    let tiers = check.view.settings.usage_plans();
    let mut edits = Vec::new();
    for (tier, plan) in &tiers {
        match new_plan(check, api, stage, tier, &plan.value) {
            Some(new) => edits.extend(new),
            None => return check.report(violation),
        }
    }
    let words = format!("usage plans ({})", tiers.keys().copied().collect::<Vec<_>>().join(", "));
    let from = tiers.values().map(|plan| plan.from.clone()).collect();
    check.report(if edits.is_empty() { violation } else { violation.asked_for(true).fixed_by(words, edits, from) });
}

/// Whether a plan is for a stage. One whose stages only CloudFormation knows may be.
fn covers(plan: &Resource<'_>, api: &Api<'_>, stage: &Stage<'_>) -> bool {
    let Some(stages) = plan.own("ApiStages") else { return false };
    let is_meant = |entry: &Value| {
        let text = |key: &str| entry.get(key).and_then(Text::read);
        let is_api = text("ApiId").is_none_or(|id| id.parts().iter().any(|part| is_ref(part, &api.id)));
        is_api && text("Stage").is_none_or(|name| names(&name, stage))
    };
    !stages.is_array() || entries(stages).iter().any(|(entry, _)| is_meant(entry))
}

fn is_ref(part: &Part, id: &str) -> bool {
    match part {
        Part::Ref(name) | Part::Attribute(name, _) => name == id,
        Part::Literal(_) => false,
        Part::Opaque(_) => true,
    }
}

/// A usage plan of a tier for one stage. Without keys it limits nobody and costs nothing.
fn new_plan(
    check: &Check<'_, '_, '_>,
    api: &Api<'_>,
    stage: &Stage<'_>,
    tier: &str,
    plan: &UsagePlan,
) -> Option<Vec<Edit>> {
    let StageName { text, after } = stage_name(check.template(), api, stage)?;
    let mut name = Text::default();
    name.push_part(Part::Ref("AWS::StackName".to_owned()));
    name.push_literal(&format!(" {} ", api.id));
    name.push(&stage.name);
    name.push_literal(&format!(" {tier}"));
    let (_, edits) = NewResource {
        identity: vec![api.id.clone(), stage.name.display(), "UsagePlan".to_owned(), tier.to_owned()],
        kind: "AWS::ApiGateway::UsagePlan",
        properties: json!({
            "UsagePlanName": name.to_value(),
            "ApiStages": [{"ApiId": make_ref(&api.id), "Stage": text.to_value()}],
            "Throttle": {"RateLimit": plan.throttle.rate, "BurstLimit": plan.throttle.burst},
            "Quota": {"Limit": plan.limit, "Period": plan.period},
        }),
        when: api.when.clone().and(stage.when.clone()),
        after,
        takes_tags: true,
    }
    .edits(check.template(), check.view.settings)?;
    Some(edits)
}
