//! CloudFormation's limits: 500 resources and 1,000,000 bytes a template. Alarms that do not fit are left out, least important first, and named.
//! Source: CloudFormation user guide, "Understand CloudFormation quotas".

use crate::alarm::{Alarm, filter};
use crate::catalogue::Severity;
use crate::edit::{Edit, NewResource};
use crate::finding::{Finding, NEEDS_S3, NO_ROOM, PARTIAL_SCOPE};
use crate::template::{Pointer, Resource, Template, Written, json_length};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The most resources of a template.
const MOST_RESOURCES: usize = 500;
/// The most bytes of a processed template, less the "buffer" that CloudFormation keeps for itself without saying how large it is.
const MOST_BYTES: usize = 980_000;
/// The most bytes of a processed template that was passed in the request. Source: CloudFormation user guide, "Troubleshoot macros".
const MOST_BYTES_IN_REQUEST: usize = 51_200;
/// What additions were counted too high by, at the most: a second pass must not find room that the first one did not see.
const SLACK: usize = 60_000;
/// What stands around a resource in the template: quotes, colon, comma.
const AROUND: usize = 8;
/// How many targets a finding names.
const NAMED: usize = 10;

/// An alarm with its resource, once there is room for it, and the conditions it needs.
struct Addition<'a> {
    alarm: Alarm<'a>,
    condition: Option<String>,
    body: Option<Written>,
    /// The metric filter that it needs.
    filter: Option<(String, Value)>,
    definitions: Vec<(String, Value)>,
}

/// Writes an alarm under a condition.
pub(crate) type Render<'a> = dyn Fn(&Alarm<'_>, Option<&str>) -> Written + 'a;

/// How many more resources fit into the template.
pub(crate) fn room(template: &Template<'_>) -> usize {
    MOST_RESOURCES.saturating_sub(resources_after_sam(template))
}

/// Alarms on their way into the template.
pub(crate) struct Additions<'a> {
    alarms: Vec<Addition<'a>>,
    resources: usize,
}

impl<'a> Additions<'a> {
    /// For so many alarms, and a template where so many more resources fit.
    pub(crate) fn new(room: usize, alarms: usize) -> Self {
        Self { alarms: Vec::with_capacity(alarms), resources: MOST_RESOURCES.saturating_sub(room) }
    }

    /// Adds an alarm with its condition and the definitions that this needs.
    pub(crate) fn push(&mut self, alarm: Alarm<'a>, condition: Option<String>, definitions: Vec<(String, Value)>) {
        self.alarms.push(Addition { alarm, condition, body: None, filter: None, definitions });
    }

    /// Leaves out what does not fit. Only what may fit is rendered: a full template has hundreds of alarms that are not.
    pub(crate) fn fit(
        mut self,
        template: &Template<'_>,
        edits: &[Edit],
        render: &Render<'_>,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let room = MOST_RESOURCES.saturating_sub(self.resources);
        let is_second_pass = self.alarms.iter().any(|addition| addition.alarm.present);
        let most_bytes = if is_second_pass { MOST_BYTES - SLACK } else { MOST_BYTES };
        // A template that is full takes nothing, however long it is.
        let mut bytes = if room == 0 { 0 } else { template.length() + edits.iter().map(edit_length).sum::<usize>() };
        let mut order: Vec<(usize, &mut Addition<'_>)> =
            self.alarms.iter_mut().enumerate().filter(|(_, addition)| !addition.alarm.present).collect();
        order.sort_unstable_by_key(|(index, addition)| (importance(&addition.alarm), *index));
        let mut taken = 0;
        let mut left_out = BTreeSet::new();
        for (index, addition) in order {
            let size = addition.alarm.resources();
            if taken + size <= room {
                addition.filter = filter::resource(&addition.alarm, addition.condition.as_deref());
                addition.body = Some(render(&addition.alarm, addition.condition.as_deref()));
            }
            let length = addition.length();
            if taken + size > room || bytes + length > most_bytes {
                left_out.insert(index);
            } else {
                taken += size;
                bytes += length;
            }
        }
        if bytes > MOST_BYTES_IN_REQUEST && taken > 0 {
            let what = format!(
                "the template has about {} KB with its alarms, more than a request may carry (50 KB)",
                bytes / 1024
            );
            let help = "deploy it from S3: `sam deploy`, the CDK, or `aws cloudformation deploy --s3-bucket`";
            findings.push(Finding::new(&NEEDS_S3, Pointer::root(), what, help));
        }
        self.report(&left_out, findings);
        let mut index = 0..;
        self.alarms.retain(|_| index.next().is_none_or(|index| !left_out.contains(&index)));
        self
    }

    /// One finding for each row of the catalogue: which of its alarms are left out.
    fn report(&self, left_out: &BTreeSet<usize>, findings: &mut Vec<Finding>) {
        let mut by_row: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for Addition { alarm, .. } in left_out.iter().filter_map(|index| self.alarms.get(*index)) {
            by_row.entry(&*alarm.row.id).or_default().push(alarm.target.name.display());
        }
        for (row, targets) in by_row {
            let shown = targets.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = targets.len().saturating_sub(NAMED);
            let rest = if more > 0 { format!(", and {more} more") } else { String::new() };
            let (count, before) = (targets.len(), self.resources);
            let what = format!(
                "{row} of {count} targets does not fit beside {before} resources and is left out: {shown}{rest}"
            );
            let help = "split the template, switch alarms off, or use `Profile: Essential`";
            findings.push(Finding::new(&NO_ROOM, Pointer::root().child("Resources"), what, help));
        }
    }

    /// The alarms that are added or were there before, and the resources of those that are added; their conditions become edits.
    pub(crate) fn into_resources(
        self,
        template: &Template<'_>,
        resources_at: &Pointer,
        edits: &mut Vec<Edit>,
    ) -> (Vec<Alarm<'a>>, Vec<NewResource>) {
        let mut conditions = BTreeMap::new();
        let (mut kept, mut resources) = (Vec::new(), Vec::new());
        for Addition { alarm, body, filter, definitions, .. } in self.alarms {
            if !alarm.present {
                conditions.extend(definitions);
                let filter = filter.map(|(id, value)| Edit::Insert { at: resources_at.child(&id), value });
                edits.extend(filter);
                resources.extend(body.map(|text| NewResource { id: alarm.id.clone(), text }));
            }
            kept.push(alarm);
        }
        // A condition that an earlier pass has added says the same, because its name is made from what it says.
        conditions.retain(|name, _| !template.section("Conditions").is_some_and(|there| there.contains_key(name)));
        let at = Pointer::root().child("Conditions");
        edits.extend(conditions.into_iter().map(|(name, value)| Edit::Insert { at: at.child(&name), value }));
        (kept, resources)
    }
}

impl Addition<'_> {
    fn length(&self) -> usize {
        let definitions = self.definitions.iter().map(|(_, value)| json_length(value) + AROUND).sum::<usize>();
        let filter = self.filter.as_ref().map_or(0, |(id, value)| json_length(value) + id.len() + AROUND);
        self.body.as_ref().map_or(0, |body| body.as_str().len()) + self.alarm.id.len() + AROUND + filter + definitions
    }
}

/// Less is more important: critical before warning, essential before standard, and the stage before its methods.
fn importance(alarm: &Alarm<'_>) -> (bool, crate::catalogue::Profile, bool) {
    (alarm.severity() != Severity::Critical, alarm.row.profile, alarm.target.place.method().is_some())
}

/// Says that an alarm would need a condition that cannot be added from inside the template.
pub(crate) fn report_condition(alarm: &Alarm<'_>, findings: &mut Vec<Finding>) {
    let what = format!(
        "{} {} would need a condition of its own, which cannot be added from here",
        alarm.target.name.display(),
        alarm.row.name()
    );
    findings.push(Finding::new(
        &PARTIAL_SCOPE,
        alarm.target.at.clone(),
        what,
        "put `Toprail` into the template's `Transform` list",
    ));
}

/// How many resources there will be when SAM has run, without alarms: an upper bound for what it commonly makes of each type, checked against
/// aws-sam-translator. For a template without SAM types it is exact.
pub(crate) fn resources_after_sam(template: &Template<'_>) -> usize {
    let shared = if template.resources.values().any(Resource::is_serverless) { SHARED_BY_SAM } else { 0 };
    template.resources.values().map(|resource| expanded(template, resource)).sum::<usize>()
        + template.others.len()
        + shared
}

/// An implicit API (API, deployment, stage), the CodeDeploy application and its role.
const SHARED_BY_SAM: usize = 5;

fn expanded(template: &Template<'_>, resource: &Resource<'_>) -> usize {
    let has = |name: &str| usize::from(template.property(resource, name).is_some());
    let count = |name: &str| resource.own(name).map_or(0, |value| value.as_object().map_or(1, serde_json::Map::len));
    let connectors = resource.object.get("Connectors").and_then(Value::as_object).map_or(0, serde_json::Map::len);
    // A policy or a permission for each destination, of which one connector may have several.
    6 * connectors
        + match resource.kind {
            // Function and role; alias, version, deployment group; URL and its permissions; destinations; events.
            "AWS::Serverless::Function" => {
                2 + 2 * has("AutoPublishAlias")
                    + has("DeploymentPreference")
                    + 3 * has("FunctionUrlConfig")
                    + 2 * has("EventInvokeConfig")
                    + events(resource)
            }
            // API, deployment, stage; domain name, mappings, record; usage plan, key, and their link, authorisers' permissions.
            "AWS::Serverless::Api" => 3 + 8 * has("Domain") + 5 * has("Auth"),
            "AWS::Serverless::HttpApi" => 2 + 8 * has("Domain") + 2 * has("Auth"),
            // API, stage, deployment, and for each route itself, its integration and its permission.
            "AWS::Serverless::WebSocketApi" => 3 + 3 * count("Routes") + 8 * has("Domain") + 2 * has("Auth"),
            "AWS::Serverless::StateMachine" => 4 + 2 * events(resource),
            "AWS::Serverless::GraphQLApi" => {
                5 + 3 * count("Functions") + 4 * count("Resolvers") + 3 * count("DataSources")
            }
            "AWS::Serverless::Connector" => 6,
            "AWS::Serverless::CapacityProvider" => 3,
            _ => 1,
        }
}

/// What the events of a function bring: a permission or a mapping each; others may have a rule, a permission, a queue and its policy.
fn events(resource: &Resource<'_>) -> usize {
    let events = resource.own("Events").and_then(Value::as_object).into_iter().flatten();
    let kinds = events.map(|(_, event)| event.get("Type").and_then(Value::as_str).unwrap_or_default());
    kinds
        .map(|kind| if matches!(kind, "Api" | "HttpApi" | "SQS" | "Kinesis" | "DynamoDB" | "S3") { 1 } else { 4 })
        .sum()
}

fn edit_length(edit: &Edit) -> usize {
    match edit {
        Edit::Insert { value, .. } | Edit::Append { value, .. } => json_length(value) + 32,
    }
}
