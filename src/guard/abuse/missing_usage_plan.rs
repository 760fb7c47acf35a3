//! `missing-usage-plan`: an API that asks for keys has usage plans that limit what a key may do.

use super::api_keys::with_keys;
use super::stage_name::{StageName, names, stage_name};
use crate::catalogue::guards::abuse::MISSING_USAGE_PLAN;
use crate::config::usage_plans::UsagePlan;
use crate::edit::Edit;
use crate::guard::access::policy::settings;
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::methods::{Is, judge, under};
use crate::guard::new_resource::NewResource;
use crate::guard::stage_property::named;
use crate::target::{Api, Stage, entries};
use crate::template::intrinsic::make_ref;
use crate::template::text::{Part, Text};
use crate::template::{Pointer, Resource, Template};
use serde_json::{Value, json};

pub(super) const ENTRY: Entry = (&MISSING_USAGE_PLAN, look);

/// The limits that a plan should have.
const LIMITS: [&str; 2] = ["Throttle", "Quota"];

fn look(check: &mut Check<'_, '_, '_>) {
    let (template, apis) = (check.template(), check.view.apis);
    let with_keys = with_keys(template, check.view.methods());
    let mut told_of_shared = false;
    for (api, stage) in apis.iter().flat_map(|api| api.stages.iter().map(move |stage| (api, stage))) {
        if !with_keys.contains(api.id.as_str()) {
            continue;
        }
        let is_sams = stage.owner.is_none_or(|owner| owner == api.id);
        match SamPlan::of(template, api).filter(|_| is_sams) {
            // One plan for all APIs is one finding.
            Some(plan) if plan.is_shared() && std::mem::replace(&mut told_of_shared, true) => {}
            Some(plan) => look_at_sam(check, api, &plan),
            None => look_at(check, api, stage),
        }
    }
    for plan in check.written(&["AWS::ApiGateway::UsagePlan"]) {
        let what = format!("the usage plan {}", plan.id);
        lacks(check, plan.at.child("Properties"), plan.id, what, &|limit| limits(plan, limit));
    }
}

/// Tells which limits a plan lacks.
fn lacks(check: &mut Check<'_, '_, '_>, at: Pointer, owner: &str, plan: String, has: &dyn Fn(&str) -> Is) {
    let missing = |limit: &&str| match has(limit) {
        Is::No(when) => Some(format!("no `{limit}`{}", under(&when))),
        Is::Yes | Is::Unknown => None,
    };
    let missing: Vec<_> = LIMITS.iter().filter_map(missing).collect();
    if !missing.is_empty() {
        let what = format!("{plan} has {}", missing.join(" and "));
        let help = "give it both: `Throttle: {RateLimit, BurstLimit}` against bursts, `Quota: {Limit, Period}` against slow abuse";
        check.report(Violation::new(at, owner, what, help));
    }
}

/// Whether a limit is there. An intrinsic is accepted, `AWS::NoValue` is nothing.
fn is_there(limit: Option<&Value>) -> Is {
    judge(limit, &|limit| Is::from(!limit.is_null()))
}

/// Whether a plan has a limit: its own, or a throttle for methods of a stage.
fn limits(plan: &Resource<'_>, limit: &str) -> Is {
    let of_stages = plan.own("ApiStages").map(entries).unwrap_or_default();
    let has_methods = limit == "Throttle" && of_stages.iter().any(|(stage, _)| stage.get("Throttle").is_some());
    is_there(plan.own(limit)).or(Is::from(has_methods))
}

/// The usage plan that SAM makes for an API, put together from `Globals` and the API. Source: SAM specification, `ApiUsagePlan`.
struct SamPlan<'t> {
    parts: Vec<&'t Value>,
    at: Pointer,
}

impl<'t> SamPlan<'t> {
    /// None: SAM makes none.
    fn of(template: &Template<'t>, api: &Api<'_>) -> Option<Self> {
        let resource = template.resources.get(api.id.as_str());
        let auth = settings(template, resource, "Auth");
        let parts = auth.iter().filter_map(|auth| auth.get("UsagePlan")).collect();
        let own = resource.filter(|resource| resource.own("Auth").is_some_and(|auth| auth.get("UsagePlan").is_some()));
        let auth = match own {
            Some(resource) => resource.property_at("Auth"),
            None => Pointer::root().child("Globals").child("Api").child("Auth"),
        };
        let plan = Self { parts, at: auth.child("UsagePlan") };
        plan.get("CreateUsagePlan").is_some_and(|create| create != "NONE").then_some(plan)
    }

    fn is_shared(&self) -> bool {
        self.get("CreateUsagePlan").is_some_and(|create| create == "SHARED")
    }

    fn get(&self, name: &str) -> Option<&'t Value> {
        self.parts.iter().find_map(|part| part.get(name))
    }
}

fn look_at_sam(check: &mut Check<'_, '_, '_>, api: &Api<'_>, plan: &SamPlan<'_>) {
    let what = format!("the usage plan that SAM makes for {}", api.id);
    lacks(check, plan.at.clone(), &api.id, what, &|limit| is_there(plan.get(limit)));
}

fn look_at(check: &mut Check<'_, '_, '_>, api: &Api<'_>, stage: &Stage<'_>) {
    let template = check.template();
    if template.of_types(&["AWS::ApiGateway::UsagePlan"]).any(|plan| covers(template, plan, api, stage)) {
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
fn covers(template: &Template<'_>, plan: &Resource<'_>, api: &Api<'_>, stage: &Stage<'_>) -> bool {
    let Some(stages) = plan.own("ApiStages") else { return false };
    let is_meant = |entry: &Value| {
        let text = |key: &str| entry.get(key).and_then(Text::read);
        let is_api = text("ApiId").is_none_or(|id| id.parts().iter().any(|part| is_ref(part, &api.id)));
        is_api && text("Stage").is_none_or(|name| names(template, &name, api, stage))
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
