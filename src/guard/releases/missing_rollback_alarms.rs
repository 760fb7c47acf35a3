//! `missing-rollback-alarms`: a gradual deployment is stopped and rolled back by alarms on the alias that is deployed. Before SAM they are written to
//! the function's `DeploymentPreference`, else to the alias's deployment group.

use super::dependencies::needed_by;
use super::list::List;
use super::role::cannot_read_alarms;
use super::rollout::{deployed_by, is_all_at_once, update};
use crate::alarm::Alarm;
use crate::catalogue::guards::releases::MISSING_ROLLBACK_ALARMS;
use crate::guard::check::{Check, Entry, Violation};
use crate::template::intrinsic::{as_bool, reference};
use crate::template::{Resource, Template, When};
use indexmap::IndexMap;
use serde_json::{Value, json};

pub(super) const ENTRY: Entry = (&MISSING_ROLLBACK_ALARMS, look);

/// The rows on exactly the alias that is deployed, the more telling one first.
const ROWS: &[&str] = &["Alias.AliasErrorRate", "Alias.AliasDuration"];
/// The seconds within which an alarm must be able to fire: the shortest canary that CodeDeploy offers for Lambda takes five minutes.
const SHORTEST_CANARY: u32 = 300;
/// What makes CodeDeploy roll back when an alarm fires.
const ON_ALARM: &str = "DEPLOYMENT_STOP_ON_ALARM";

fn look(check: &mut Check<'_, '_, '_>) {
    let template = check.template();
    let mut deployments: IndexMap<&str, Deployment<'_, '_>> = IndexMap::new();
    for alias in template.of_types(&["AWS::Lambda::Alias"]) {
        let Some(by) = deployed_by(template, alias).filter(|by| !is_all_at_once(template, by)) else { continue };
        let of_alias = |alarm: &&Alarm<'_>| {
            let window = alarm.window();
            let is_quick = window.period.saturating_mul(window.datapoints) <= SHORTEST_CANARY;
            let is_its = alarm.target.owners.first().is_some_and(|owner| owner == alias.id);
            is_quick && is_its && ROWS.contains(&&*alarm.row.id)
        };
        let alarms = check.view.alarms.iter().filter(of_alias);
        let none = Deployment { by, aliases: Vec::new(), alarms: Vec::new() };
        let deployment = deployments.entry(by.id).or_insert(none);
        deployment.aliases.push(alias);
        deployment.alarms.extend(alarms);
    }
    for deployment in deployments.values_mut() {
        deployment.alarms.sort_by_cached_key(|alarm| ROWS.iter().position(|row| *row == &*alarm.row.id));
        deployment.look(check);
    }
}

/// A gradual deployment and the alarms that should stop it.
struct Deployment<'v, 't> {
    by: &'v Resource<'t>,
    aliases: Vec<&'v Resource<'t>>,
    alarms: Vec<&'v Alarm<'v>>,
}

impl Deployment<'_, '_> {
    fn look(&self, check: &mut Check<'_, '_, '_>) {
        let list = List::of(check.template(), self.by, self.group_when(check.template()));
        let missing: Vec<_> = self.alarms.iter().copied().filter(|alarm| !list.mentions(&alarm.id)).collect();
        if self.alarms.is_empty() && list.is_empty() && self.is_certain() {
            check.report(self.violation(&list, "no alarm rolls them back").unknown());
        }
        if missing.is_empty() {
            return;
        }
        let what = "the alarms of the alias do not roll them back";
        let fitting: Vec<_> = missing.into_iter().take(list.room()).collect();
        if let Some(why) = self.obstacle(check, &list) {
            check.report(self.violation(&list, &format!("{what}: {why}")));
        } else if fitting.is_empty() {
            let why = "ten alarms, the most that CodeDeploy takes, are listed already";
            // Whoever has chosen ten has thought of it.
            check.report(self.violation(&list, &format!("{what}: {why}")).unknown());
        } else if let Some(edits) = list.edits(&fitting) {
            let names: Vec<_> = fitting.iter().map(|alarm| alarm.row.name()).collect();
            let words = format!("rollback alarms ({})", names.join(", "));
            check.report(self.violation(&list, what).fixed_by(words, edits, Vec::new()));
        } else {
            let why = "they exist under a condition, and the list would be empty where it does not hold";
            check.report(self.violation(&list, &format!("{what}: {why}")));
        }
    }

    /// What a function's metadata and suppressions say is heard before and after SAM.
    fn violation(&self, list: &List<'_, '_>, what: &str) -> Violation {
        let function = match self.aliases.as_slice() {
            [alias] => alias.own("FunctionName").and_then(reference),
            _ => None,
        };
        let what = format!("deployments of {} are gradual, and {what}", function.unwrap_or(self.by.id));
        let help = "list alarms on the alias in `Alarms` of its `DeploymentPreference` or deployment group";
        let violation = Violation::new(list.at.clone(), self.by.id, what, help);
        match function.filter(|function| *function != self.by.id) {
            Some(function) => violation.of(function),
            None => violation,
        }
    }

    /// Whether deployments are certainly gradual: SAM's preference may leave that to a parameter.
    fn is_certain(&self) -> bool {
        let leaves_open = |alias: &&Resource<'_>| update(alias).is_some_and(|update| update.get("Enabled").is_some());
        !self.by.is_serverless() || !self.aliases.iter().any(leaves_open)
    }

    /// When the deployment group exists. SAM makes one only where the preference is on, and gives it the function's condition only where
    /// `PassthroughCondition` says so.
    fn group_when(&self, template: &Template<'_>) -> When {
        let own = self.by.when();
        if !self.by.is_serverless() {
            return own;
        }
        let passes = template.member(self.by, "DeploymentPreference", "PassthroughCondition").and_then(as_bool);
        match self.alarms.first() {
            Some(alarm) if own == When::Always || passes == Some(true) => alarm.target.when.clone(),
            Some(_) | None => When::Always,
        }
    }

    /// What stands in the way of the fix.
    fn obstacle(&self, check: &Check<'_, '_, '_>, list: &List<'_, '_>) -> Option<&'static str> {
        let template = check.template();
        let rollback = self.by.own("AutoRollbackConfiguration").filter(|_| !self.by.is_serverless());
        let is_off = |value: Option<&Value>| {
            value.and_then(|value| value.get("Enabled")).is_some_and(|on| as_bool(on) != Some(true))
        };
        let events = rollback.and_then(|rollback| rollback.get("Events"));
        let stops_only = events.and_then(Value::as_array).is_some_and(|events| !events.contains(&json!(ON_ALARM)));
        if !self.by.takes_properties() || !list.takes_members() {
            Some("its properties cannot be added to")
        } else if !list.is_readable() {
            Some("`Alarms` is not a list that can be read")
        } else if self.aliases.len() > 1 {
            Some("the deployment group deploys several aliases, and the alarms of one would roll back the others")
        } else if !self.by.is_serverless() && is_off(list.object) {
            Some("`AlarmConfiguration` is switched off, or only CloudFormation knows")
        } else if is_off(rollback) || stops_only {
            Some("`AutoRollbackConfiguration` does not roll back on an alarm")
        } else if list.is_empty() && self.role(template).is_some_and(|role| cannot_read_alarms(template, role)) {
            Some("CodeDeploy's role lacks `cloudwatch:DescribeAlarms`, without which deployments would be stopped")
        } else if self.needs_itself(check) {
            Some("an alarm, or a topic that it tells, depends on the alias, and CloudFormation would refuse the circle")
        } else {
            None
        }
    }

    /// The role of CodeDeploy, where SAM does not make it.
    fn role<'t>(&'t self, template: &'t Template<'_>) -> Option<&'t Value> {
        match self.by.is_serverless() {
            true => template.member(self.by, "DeploymentPreference", "Role"),
            false => self.by.own("ServiceRoleArn"),
        }
    }

    /// Whether the alarms could not be made before what deploys.
    fn needs_itself(&self, check: &Check<'_, '_, '_>) -> bool {
        let notify = check.view.settings.notify();
        let topics = [notify.critical, notify.warning, notify.ok, notify.insufficient_data];
        let topics = topics.iter().flatten().flat_map(|topics| &topics.value);
        let dimensions = self.alarms.iter().flat_map(|alarm| alarm.target.dimensions.iter().map(|(_, value)| value));
        let needed = needed_by(check.template(), dimensions.chain(topics));
        let by = self.by.id;
        let deploys = |id: &String| match self.by.is_serverless() {
            true => *id == format!("{by}.Alias") || *id == format!("{by}DeploymentGroup"),
            false => id == by,
        };
        needed.iter().any(|id| deploys(id) || self.aliases.iter().any(|alias| alias.id == id))
    }
}
