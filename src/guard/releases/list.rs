//! The list of rollback alarms, as it stands and with more of them: `Alarms` of a deployment group's `AlarmConfiguration`, or before SAM of a
//! function's `DeploymentPreference`.

use crate::alarm::Alarm;
use crate::edit::Edit;
use crate::template::intrinsic::{NO_VALUE, is_intrinsic, make_ref, reference, single};
use crate::template::{Pointer, Resource, Template, When};
use serde_json::{Value, json};

/// The most alarms of a deployment group. Source: CodeDeploy API reference, `AlarmConfiguration`.
const MOST_ALARMS: usize = 10;

/// Where alarms are listed.
pub(super) struct List<'l, 't> {
    /// Where the object stands that holds the list.
    pub(super) at: Pointer,
    /// The object, where there is one.
    pub(super) object: Option<&'l Value>,
    by: &'l Resource<'t>,
    /// The list of `Globals`, to which SAM adds the function's own.
    shared: Option<&'l Value>,
    /// When the deployment group exists.
    when: When,
}

impl<'l, 't> List<'l, 't> {
    /// Reads it. `when` tells when the deployment group exists.
    pub(super) fn of(template: &'l Template<'t>, by: &'l Resource<'t>, when: When) -> Self {
        let name = if by.is_serverless() { "DeploymentPreference" } else { "AlarmConfiguration" };
        let shared = template.global(by, name).and_then(|shared| shared.get("Alarms"));
        Self { at: by.property_at(name), object: by.own(name), by, shared, when }
    }

    fn own(&self) -> Option<&'l Value> {
        self.object?.get("Alarms")
    }

    /// Whether members can be added to the object.
    pub(super) fn takes_members(&self) -> bool {
        self.object.is_none_or(|object| object.is_object() && !is_intrinsic(object))
    }

    /// Whether the lists are written out.
    pub(super) fn is_readable(&self) -> bool {
        [self.own(), self.shared].into_iter().flatten().all(Value::is_array)
    }

    /// Whether it lists nothing.
    pub(super) fn is_empty(&self) -> bool {
        let is_nothing = |alarms: &Value| alarms.as_array().is_some_and(Vec::is_empty);
        self.takes_members() && [self.own(), self.shared].into_iter().flatten().all(is_nothing)
    }

    /// How many more alarms fit.
    pub(super) fn room(&self) -> usize {
        let length = |alarms: &Value| alarms.as_array().map_or(0, Vec::len);
        MOST_ALARMS.saturating_sub([self.own(), self.shared].into_iter().flatten().map(length).sum())
    }

    /// Whether it names an alarm, in any form.
    pub(super) fn mentions(&self, id: &str) -> bool {
        self.object.is_some_and(|object| mentions(object, id))
    }

    /// The additions; none: they cannot be said here.
    pub(super) fn edits(&self, alarms: &[&Alarm<'_>]) -> Option<Vec<Edit>> {
        let conditions: Vec<_> = alarms.iter().map(|alarm| self.condition(alarm)).collect();
        match self.by.is_serverless() {
            true => self.for_sam(alarms, &conditions),
            false => self.for_group(alarms, &conditions),
        }
    }

    /// The condition of an alarm apart from that of the deployment group.
    fn condition(&self, alarm: &Alarm<'_>) -> Option<String> {
        if alarm.when == self.when { None } else { alarm.when.define().0 }
    }

    /// SAM takes names, and one `Fn::If` around all of them: an entry that is `AWS::NoValue` would become an alarm without a name, which CodeDeploy
    /// refuses. A branch that starts with `AWS::NoValue` becomes no configuration. Source: aws-sam-translator, `DeploymentPreferenceCollection`.
    fn for_sam(&self, alarms: &[&Alarm<'_>], conditions: &[Option<String>]) -> Option<Vec<Edit>> {
        let at = self.at.child("Alarms");
        let names = alarms.iter().map(|alarm| make_ref(&alarm.id));
        let first = conditions.first()?;
        if conditions.iter().any(|condition| condition != first) {
            return None;
        }
        match (first, self.own(), self.shared) {
            (None, Some(_), _) => Some(names.map(|value| Edit::Append { at: at.clone(), value }).collect()),
            (None, None, _) => Some(vec![Edit::Insert { at, value: names.collect() }]),
            (Some(condition), None, None) => {
                let value = json!({"Fn::If": [condition, names.collect::<Value>(), [single("Ref", json!(NO_VALUE))]]});
                Some(vec![Edit::Insert { at, value }])
            }
            (Some(_), _, _) => None,
        }
    }

    /// An entry that exists only under a condition is left out with it. CodeDeploy refuses a list that is on and empty: API reference,
    /// `InvalidAlarmConfigException`.
    fn for_group(&self, alarms: &[&Alarm<'_>], conditions: &[Option<String>]) -> Option<Vec<Edit>> {
        let own = self.own();
        let has_others = own.and_then(Value::as_array).is_some_and(|own| !own.is_empty());
        let may_be_empty = !has_others && !conditions.contains(&None);
        let first = conditions.first()?;
        let is_free = own.is_none() && self.object.is_none_or(|object| object.get("Enabled").is_none());
        if may_be_empty && !(is_free && conditions.iter().all(|condition| condition == first)) {
            return None;
        }
        let entries = alarms.iter().zip(conditions).map(|(alarm, condition)| {
            let name = json!({"Name": make_ref(&alarm.id)});
            match condition {
                Some(condition) => json!({"Fn::If": [condition, name, {"Ref": NO_VALUE}]}),
                None => name,
            }
        });
        let at = self.at.child("Alarms");
        let mut edits: Vec<_> = match own {
            Some(_) => entries.map(|value| Edit::Append { at: at.clone(), value }).collect(),
            None => vec![Edit::Insert { at, value: entries.collect() }],
        };
        edits.extend(self.switches(first.as_ref().filter(|_| may_be_empty)));
        Some(edits)
    }

    /// Switches on what the author has not spoken of. SAM writes the same events.
    fn switches(&self, only_when: Option<&String>) -> Vec<Edit> {
        let mut edits = Vec::new();
        if self.object.is_none_or(|object| object.get("Enabled").is_none()) {
            let value = only_when.map_or(json!(true), |condition| json!({"Fn::If": [condition, true, false]}));
            edits.push(Edit::Insert { at: self.at.child("Enabled"), value });
        }
        if self.by.own("AutoRollbackConfiguration").is_none() {
            let events = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"];
            let at = self.by.property_at("AutoRollbackConfiguration");
            edits.push(Edit::Insert { at, value: json!({"Enabled": true, "Events": events}) });
        }
        edits
    }
}

fn mentions(value: &Value, id: &str) -> bool {
    reference(value) == Some(id)
        || match value {
            Value::Array(items) => items.iter().any(|item| mentions(item, id)),
            Value::Object(map) => map.values().any(|item| mentions(item, id)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        }
}
