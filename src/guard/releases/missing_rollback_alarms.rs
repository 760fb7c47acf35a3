//! `missing-rollback-alarms`: a gradual deployment is stopped and rolled back by alarms on the alias that is deployed. Before SAM they are written to
//! the function's `DeploymentPreference`, else to the alias's deployment group.

use super::dependencies::needed_by;
use crate::alarm::Alarm;
use crate::catalogue::guards::releases::MISSING_ROLLBACK_ALARMS;
use crate::edit::Edit;
use crate::guard::check::{Check, Entry, Violation};
use crate::template::intrinsic::{NO_VALUE, as_bool, make_ref, reference};
use crate::template::{Pointer, Resource, Template, When};
use indexmap::IndexMap;
use serde_json::{Value, json};

pub(super) const ENTRY: Entry = (&MISSING_ROLLBACK_ALARMS, look);

/// The rows that are quick enough for a deployment of five minutes, on exactly the alias that is deployed.
const ROWS: &[&str] = &["Alias.AliasErrorRate", "Alias.AliasDuration"];
/// The most alarms of a deployment group. Source: CodeDeploy user guide, "Monitoring deployments with CloudWatch alarms".
const MOST_ALARMS: usize = 10;
/// What rolls a deployment back. SAM writes the same.
const EVENTS: [&str; 3] = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"];

fn look(check: &mut Check<'_, '_, '_>) {
    let template = check.template();
    let mut groups: IndexMap<&str, Deployment<'_, '_>> = IndexMap::new();
    for alarm in check.view.alarms.iter().filter(|alarm| ROWS.contains(&&*alarm.row.id)) {
        let Some(alias) = alarm.target.owners.first().and_then(|id| template.any_resource(id)) else { continue };
        let Some(by) = deployed_by(template, alias) else { continue };
        groups.entry(by.id).or_insert_with(|| Deployment { by, alarms: Vec::new() }).alarms.push(alarm);
    }
    for deployment in groups.values() {
        deployment.look(check);
    }
}

/// What says how an alias is deployed: its deployment group, or before SAM the function.
fn deployed_by<'v, 't>(template: &'v Template<'t>, alias: &Resource<'t>) -> Option<&'v Resource<'t>> {
    if !template.resources.contains_key(alias.id) {
        return template.resources.get(reference(alias.own("FunctionName")?)?);
    }
    let update = alias.object.get("UpdatePolicy")?.get("CodeDeployLambdaAliasUpdate")?;
    let group = template.resources.get(reference(update.get("DeploymentGroupName")?)?)?;
    (group.kind == "AWS::CodeDeploy::DeploymentGroup").then_some(group)
}

/// A gradual deployment and the alarms that should stop it.
struct Deployment<'v, 't> {
    by: &'v Resource<'t>,
    alarms: Vec<&'v Alarm<'v>>,
}

/// Where alarms are listed.
struct List<'l> {
    /// Where the object stands that holds the list.
    at: Pointer,
    /// The object, where there is one.
    object: Option<&'l Value>,
    /// How many more alarms fit, apart from those of the object.
    room: usize,
    /// `PassthroughCondition` of `Globals`.
    passes: Option<&'l Value>,
}

impl Deployment<'_, '_> {
    fn look(&self, check: &mut Check<'_, '_, '_>) {
        let template = check.template();
        let list = self.list(template);
        let own = list.object.and_then(|object| object.get("Alarms"));
        let items = own.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let missing: Vec<_> = self.alarms.iter().copied().filter(|alarm| !mentions(items, &alarm.id)).collect();
        if missing.is_empty() {
            return;
        }
        let what = format!("deployments of {} are not rolled back by the alarms of their alias", self.by.id);
        let help = "list them in `Alarms` of its `DeploymentPreference` or deployment group";
        let violation = |why: Option<&str>| {
            let because = why.map(|why| format!(": {why}")).unwrap_or_default();
            Violation::new(list.at.clone(), self.by.id, format!("{what}{because}"), help)
        };
        let fitting: Vec<_> = missing.into_iter().take(list.room.saturating_sub(items.len())).collect();
        let obstacle = self.obstacle(check, &list, own);
        match (obstacle, self.edits(&list, own, &fitting)) {
            (Some(why), _) => check.report(violation(Some(why))),
            (None, _) if fitting.is_empty() => {
                check.report(violation(Some("ten alarms, the most that CodeDeploy takes, are listed already")));
            }
            (None, None) => check.report(violation(Some(
                "the alarms exist under a condition, and CodeDeploy refuses a list that may be empty",
            ))),
            (None, Some(edits)) => {
                let names: Vec<_> = fitting.iter().map(|alarm| alarm.row.name()).collect();
                let words = format!("rollback alarms ({})", names.join(", "));
                check.report(violation(None).fixed_by(words, edits, Vec::new()));
            }
        }
    }

    /// Where the alarms are listed. SAM puts the lists of `Globals` and of the function together.
    fn list<'t>(&'t self, template: &'t Template<'_>) -> List<'t> {
        if !self.by.is_serverless() {
            let at = self.by.property_at("AlarmConfiguration");
            return List { at, object: self.by.own("AlarmConfiguration"), room: MOST_ALARMS, passes: None };
        }
        let preference = template.global(self.by, "DeploymentPreference");
        let shared = preference.and_then(|shared| shared.get("Alarms"));
        let shared = shared.map_or(0, |alarms| alarms.as_array().map_or(MOST_ALARMS, Vec::len));
        let at = self.by.property_at("DeploymentPreference");
        let passes = preference.and_then(|shared| shared.get("PassthroughCondition"));
        List { at, object: self.by.own("DeploymentPreference"), room: MOST_ALARMS.saturating_sub(shared), passes }
    }

    /// What stands in the way of the fix.
    fn obstacle(&self, check: &Check<'_, '_, '_>, list: &List<'_>, own: Option<&Value>) -> Option<&'static str> {
        let rollback = self.by.own("AutoRollbackConfiguration").filter(|_| !self.by.is_serverless());
        let is_off = |value: Option<&Value>| {
            value.and_then(|value| value.get("Enabled")).is_some_and(|on| as_bool(on) != Some(true))
        };
        let events = rollback.and_then(|rollback| rollback.get("Events"));
        let stops_only = events.and_then(Value::as_array).is_some_and(|events| !events.contains(&json!(EVENTS[1])));
        if !self.by.takes_properties() || list.object.is_some_and(|object| !is_plain(object)) {
            Some("its properties cannot be added to")
        } else if own.is_some_and(|own| !own.is_array()) {
            Some("`Alarms` is not a list that can be read")
        } else if !self.by.is_serverless() && is_off(list.object) {
            Some("`AlarmConfiguration` is switched off, or only CloudFormation knows")
        } else if is_off(rollback) || stops_only {
            Some("`AutoRollbackConfiguration` does not roll back on an alarm")
        } else if self.needs_itself(check) {
            Some("an alarm, or a topic that it tells, depends on the alias, and CloudFormation would refuse the circle")
        } else {
            None
        }
    }

    /// Whether the alarms could not be made before what deploys.
    fn needs_itself(&self, check: &Check<'_, '_, '_>) -> bool {
        let notify = check.view.settings.notify();
        let topics = [notify.critical, notify.warning, notify.ok, notify.insufficient_data];
        let topics = topics.iter().flatten().flat_map(|topics| &topics.value);
        let dimensions = self.alarms.iter().flat_map(|alarm| alarm.target.dimensions.iter().map(|(_, value)| value));
        let needed = needed_by(check.template(), dimensions.chain(topics));
        let is_alias = |id: &String| {
            let of_sam = self.by.is_serverless() && *id == format!("{}.Alias", self.by.id);
            of_sam || self.alarms.iter().any(|alarm| alarm.target.owners.contains(id))
        };
        needed.iter().any(|id| (!self.by.is_serverless() && id == self.by.id) || is_alias(id))
    }

    /// When the deployment group exists. SAM gives it the function's condition only where `PassthroughCondition` says so. None: that cannot be told.
    fn when(&self, list: &List<'_>) -> Option<When> {
        let own = self.by.when();
        if !self.by.is_serverless() || own == When::Always {
            return Some(own);
        }
        let passes = list.object.and_then(|object| object.get("PassthroughCondition")).or(list.passes);
        match passes.map(as_bool) {
            Some(Some(true)) => Some(own),
            Some(Some(false)) | None => Some(When::Always),
            Some(None) => None,
        }
    }

    /// The condition of an alarm apart from that of the deployment group.
    fn condition(alarm: &Alarm<'_>, group: &When) -> Option<String> {
        if alarm.when == *group { None } else { alarm.when.define().0 }
    }

    /// The additions. An entry that exists only under a condition is left out with it; SAM cannot write that, and CodeDeploy refuses a list that is on
    /// and empty (API reference, `InvalidAlarmConfigException`). None: it cannot be said here.
    fn edits(&self, list: &List<'_>, own: Option<&Value>, alarms: &[&Alarm<'_>]) -> Option<Vec<Edit>> {
        let group = self.when(list)?;
        let conditions: Vec<_> = alarms.iter().map(|alarm| Self::condition(alarm, &group)).collect();
        let is_conditional = !conditions.contains(&None);
        let is_same = conditions.windows(2).all(|pair| pair.first() == pair.last());
        let has_others = own.and_then(Value::as_array).is_some_and(|own| !own.is_empty());
        if (self.by.is_serverless() && conditions.iter().any(Option::is_some))
            || (is_conditional && !has_others && (!is_same || own.is_some()))
        {
            return None;
        }
        let entries = alarms.iter().zip(&conditions).map(|(alarm, condition)| {
            let name = make_ref(&alarm.id);
            let name = if self.by.is_serverless() { name } else { json!({"Name": name}) };
            match condition {
                Some(condition) => json!({"Fn::If": [condition, name, {"Ref": NO_VALUE}]}),
                None => name,
            }
        });
        let at = list.at.child("Alarms");
        let mut edits: Vec<_> = match own {
            Some(_) => entries.map(|value| Edit::Append { at: at.clone(), value }).collect(),
            None => vec![Edit::Insert { at, value: entries.collect() }],
        };
        if !self.by.is_serverless() {
            let only_when = conditions.first().and_then(Option::as_ref).filter(|_| is_conditional && !has_others);
            edits.extend(self.switches(list, only_when));
        }
        Some(edits)
    }

    /// Switches on what the author has not spoken of.
    fn switches(&self, list: &List<'_>, only_when: Option<&String>) -> Vec<Edit> {
        let mut edits = Vec::new();
        if list.object.is_none_or(|object| object.get("Enabled").is_none()) {
            let value = only_when.map_or(json!(true), |condition| json!({"Fn::If": [condition, true, false]}));
            edits.push(Edit::Insert { at: list.at.child("Enabled"), value });
        }
        if self.by.own("AutoRollbackConfiguration").is_none() {
            let at = self.by.property_at("AutoRollbackConfiguration");
            edits.push(Edit::Insert { at, value: json!({"Enabled": true, "Events": EVENTS}) });
        }
        edits
    }
}

/// An object that is no intrinsic.
fn is_plain(value: &Value) -> bool {
    value.is_object() && !crate::template::intrinsic::is_intrinsic(value)
}

/// Whether a list names an alarm, in any form.
fn mentions(items: &[Value], id: &str) -> bool {
    fn in_value(value: &Value, id: &str) -> bool {
        reference(value) == Some(id)
            || match value {
                Value::Array(items) => items.iter().any(|item| in_value(item, id)),
                Value::Object(map) => map.values().any(|item| in_value(item, id)),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
            }
    }
    items.iter().any(|item| in_value(item, id))
}
