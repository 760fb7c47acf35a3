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
        let fitting = list.room.saturating_sub(items.len());
        let entries = missing.iter().take(fitting).map(|alarm| self.entry(alarm)).collect::<Option<Vec<_>>>();
        let obstacle = self.obstacle(check, &list, own);
        match (obstacle, entries) {
            (Some(why), _) => check.report(violation(Some(why))),
            (None, None) => check.report(violation(Some("an alarm exists under a condition of its own"))),
            (None, Some(entries)) if entries.is_empty() => {
                check.report(violation(Some("ten alarms, the most that CodeDeploy takes, are listed already")));
            }
            (None, Some(entries)) => {
                let names: Vec<_> = missing.iter().take(fitting).map(|alarm| alarm.row.name()).collect();
                let words = format!("rollback alarms ({})", names.join(", "));
                check.report(violation(None).fixed_by(words, self.edits(&list, own, entries), Vec::new()));
            }
        }
    }

    /// Where the alarms are listed. SAM puts the lists of `Globals` and of the function together.
    fn list<'t>(&'t self, template: &'t Template<'_>) -> List<'t> {
        if !self.by.is_serverless() {
            let at = self.by.property_at("AlarmConfiguration");
            return List { at, object: self.by.own("AlarmConfiguration"), room: MOST_ALARMS };
        }
        let shared = template.global(self.by, "DeploymentPreference").and_then(|shared| shared.get("Alarms"));
        let shared = shared.map_or(0, |alarms| alarms.as_array().map_or(MOST_ALARMS, Vec::len));
        let at = self.by.property_at("DeploymentPreference");
        List { at, object: self.by.own("DeploymentPreference"), room: MOST_ALARMS.saturating_sub(shared) }
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

    /// An entry of the list. One that exists only under a condition is left out with it; SAM cannot write that.
    fn entry(&self, alarm: &Alarm<'_>) -> Option<Value> {
        let name = make_ref(&alarm.id);
        let name = if self.by.is_serverless() { name } else { json!({"Name": name}) };
        if alarm.when == When::Always || alarm.when == self.by.when() {
            return Some(name);
        }
        let (condition, _) = alarm.when.define();
        let condition = condition.filter(|_| !self.by.is_serverless())?;
        Some(json!({"Fn::If": [condition, name, {"Ref": NO_VALUE}]}))
    }

    fn edits(&self, list: &List<'_>, own: Option<&Value>, entries: Vec<Value>) -> Vec<Edit> {
        let at = list.at.child("Alarms");
        let mut edits: Vec<_> = match own {
            Some(_) => entries.into_iter().map(|value| Edit::Append { at: at.clone(), value }).collect(),
            None => vec![Edit::Insert { at, value: Value::Array(entries) }],
        };
        if !self.by.is_serverless() {
            let is_said = list.object.is_some_and(|object| object.get("Enabled").is_some());
            if !is_said {
                edits.push(Edit::Insert { at: list.at.child("Enabled"), value: Value::Bool(true) });
            }
            if self.by.own("AutoRollbackConfiguration").is_none() {
                let at = self.by.property_at("AutoRollbackConfiguration");
                edits.push(Edit::Insert { at, value: json!({"Enabled": true, "Events": EVENTS}) });
            }
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
