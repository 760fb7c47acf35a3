//! `missing-access-logs`: stages write access logs.

use super::log_format::default_format;
use crate::catalogue::guards::observability::MISSING_ACCESS_LOGS;
use crate::config::Settings;
use crate::config::logs::{AccessLogs, LogDestination};
use crate::edit::Edit;
use crate::guard::check::{Check, Entry, Violation};
use crate::guard::new_resource::NewResource;
use crate::guard::stage_property::{StageProperty, named};
use crate::guard::state::{State, state};
use crate::identity;
use crate::target::{Api, Protocol, Stage};
use crate::template::{Pointer, Template};
use serde_json::{Value, json};

/// How long new log groups keep their entries where nobody says: a year, in which most incidents are looked into.
const DEFAULT_RETENTION: u32 = 365;

pub(super) const ENTRY: Entry = (&MISSING_ACCESS_LOGS, look);

fn look(check: &mut Check<'_, '_, '_>) {
    let (template, settings, apis) = (check.template(), check.view.settings, check.view.apis);
    for (api, stage) in apis.iter().flat_map(|api| api.stages.iter().map(move |stage| (api, stage))) {
        let Some(property) = StageProperty::find(template, api, stage, property(api.protocol)) else { continue };
        // A destination is all it takes; what it is CloudFormation may decide.
        let written = state(property.value, &["DestinationArn"], &|_| Some(true));
        let (name, owners) = named(api, stage);
        let what = match &written {
            State::On | State::Unknown => continue,
            State::Unset | State::Off => format!("{name} writes no access logs"),
            State::OffWhere(when) => format!("{name} writes no access logs where {when}"),
        };
        let wanted = settings.access_logs(&owners);
        let violation = Violation::new(stage.at.clone(), &api.id, what, help(api.protocol, wanted.is_some()));
        let violation = owners.iter().skip(1).fold(violation, |violation, owner| violation.of(owner));
        let violation = violation.in_stage(stage.name.display());
        let retention = settings.log_retention(&owners).map_or(DEFAULT_RETENTION, |days| days.value);
        let one = OneStage { template, api, stage, at: property.at, retention, settings };
        let fix = wanted.as_ref().filter(|_| property.is_free).and_then(|wanted| one.edits(&wanted.value));
        check.report(match (fix, wanted) {
            (Some(edits), Some(wanted)) => {
                violation.asked_for(true).fixed_by("access logs", edits, vec![wanted.from.clone()])
            }
            _ => violation,
        });
    }
}

fn property(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Rest => "AccessLogSetting",
        Protocol::Http | Protocol::WebSocket => "AccessLogSettings",
    }
}

fn help(protocol: Protocol, is_configured: bool) -> String {
    let account = match protocol {
        // Source: API Gateway developer guide, "Set up CloudWatch logging for REST APIs" and "Configure logging for WebSocket APIs".
        Protocol::Rest | Protocol::WebSocket => {
            "; the account needs a role for CloudWatch Logs (`AWS::ApiGateway::Account`), else the deployment fails"
        }
        Protocol::Http => "",
    };
    let configure = if is_configured { "" } else { ", or configure `AccessLogs: {CreateLogGroup: true}`" };
    format!("set `{}: {{DestinationArn, Format}}`{configure}{account}", property(protocol))
}

/// A stage without access logs.
struct OneStage<'a, 't> {
    template: &'a Template<'t>,
    api: &'a Api<'t>,
    stage: &'a Stage<'t>,
    at: Pointer,
    retention: u32,
    settings: &'a Settings,
}

impl OneStage<'_, '_> {
    /// The setting, and the log group where one is asked for. `None`: there is no place for it.
    fn edits(&self, wanted: &AccessLogs) -> Option<Vec<Edit>> {
        let (destination, mut edits) = match &wanted.destination {
            LogDestination::Arn(arn) => (arn.clone(), Vec::new()),
            LogDestination::NewGroup(days) => self.log_group(days.unwrap_or(self.retention))?,
        };
        let format = wanted.format.clone().unwrap_or_else(|| default_format(self.api.protocol));
        edits.push(Edit::Insert {
            at: self.at.clone(),
            value: json!({"DestinationArn": destination, "Format": format}),
        });
        edits.extend(self.after_account()?);
        Some(edits)
    }

    /// A log group that exists when the stage does. Its name starts as AWS recommends for logs that are delivered by a service: else each stage of an
    /// HTTP API makes the account's resource policy for CloudWatch Logs longer, until it is full (CloudWatch Logs user guide, "Logs sent to
    /// CloudWatch Logs").
    fn log_group(&self, days: u32) -> Option<(Value, Vec<Edit>)> {
        let identity = vec![self.api.id.clone(), self.stage.name.display(), "AccessLogs".to_owned()];
        let name = format!("/aws/vendedlogs/apigateway/${{AWS::StackName}}/{}", identity::logical_id(&identity, 0));
        let (id, edits) = NewResource {
            identity,
            kind: "AWS::Logs::LogGroup",
            properties: json!({"LogGroupName": {"Fn::Sub": name}, "RetentionInDays": days}),
            when: self.api.when.clone().and(self.stage.when.clone()),
            after: Vec::new(),
            takes_tags: true,
        }
        .edits(self.template, self.settings)?;
        Some((json!({"Fn::GetAtt": [id, "Arn"]}), edits))
    }

    /// A template that gives the account its role must have done so before the stage logs. `None`: that cannot be said here.
    fn after_account(&self) -> Option<Vec<Edit>> {
        let account = self.template.of_kind("AWS::ApiGateway::Account").next().map(|account| account.id);
        let owner = self.stage.owner.and_then(|owner| self.template.resources.get(owner));
        let (Some(account), Some(owner)) = (account.filter(|_| self.api.protocol != Protocol::Http), owner) else {
            return Some(Vec::new());
        };
        let at = owner.at.child("DependsOn");
        match owner.object.get("DependsOn") {
            None => Some(vec![Edit::Insert { at, value: json!([account]) }]),
            Some(Value::String(one)) if one == account => Some(Vec::new()),
            Some(Value::Array(all)) if all.iter().any(|one| one == account) => Some(Vec::new()),
            Some(Value::Array(_)) => Some(vec![Edit::Append { at, value: json!(account) }]),
            Some(_) => None,
        }
    }
}
