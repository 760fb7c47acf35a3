//! From a fragment to additions and findings, stage by stage. Nothing is changed here.

use crate::Context;
use crate::alarm::render::Renderer;
use crate::alarm::{Alarm, Existing, Selection, select};
use crate::budget;
use crate::catalogue::Need;
use crate::config::raw::{Mode, Notify};
use crate::config::suppress::Suppressions;
use crate::config::{self, Settings};
use crate::edit::{Edit, NewResource};
use crate::finding::{Finding, Level, NOBODY_NOTIFIED, NOT_A_TEMPLATE, PARTIAL_SCOPE, WRONG_CONFIGURATION};
use crate::guard::stages::Stages;
use crate::guard::{self, Proposals, Shared, View, unpublished};
use crate::plan::Plan;
use crate::target::{self, Api, Target};
use crate::template::{Pointer, Scope, Template, intrinsic};
use indexmap::IndexSet;
use serde_json::Value;
use std::collections::BTreeSet;

/// What should happen to a fragment.
#[derive(Debug, Default)]
pub(crate) struct Proposal {
    pub(crate) mode: Mode,
    pub(crate) edits: Vec<Edit>,
    /// The alarms, written.
    pub(crate) resources: Vec<NewResource>,
    /// Where they go.
    pub(crate) resources_at: Pointer,
    pub(crate) plan: Plan,
}

/// The pipeline.
pub(crate) fn propose(fragment: &Value, context: &Context) -> (Proposal, Vec<Finding>) {
    let mut findings = Vec::new();
    let Some(scope) = Scope::of(fragment) else {
        let help =
            "use it in `Transform`, or as `Fn::Transform` under `Resources`, in a resource, or in its `Properties`";
        findings.push(Finding::new(
            &NOT_A_TEMPLATE,
            Pointer::root(),
            "the fragment is not an object, so it is no part of a template",
            help,
        ));
        return (Proposal::default(), findings);
    };
    let template = Template::read(fragment, scope);
    let made = target::made_by_sam(&template);
    let template = template.with_made(&made);
    let settings = config::read(&template, context, &mut findings);
    if !settings.is_enabled() {
        return (Proposal::default(), findings);
    }
    report_scope(&template, &mut findings);
    let apis = target::apis(&template, &mut findings);
    let methods: Vec<_> = apis.iter().flat_map(Api::methods).collect();
    findings.extend(settings.unused_methods(&methods));
    let mut suppressions = Suppressions::new(settings.suppressions());
    let switchable = guard::stages::switchable(&apis, &settings, &mut suppressions);
    let will_have_metrics = |api: &Api<'_>, stage: &target::Stage<'_>, verb: &str, path: &str| {
        let switchable = switchable.contains(&(api.id.clone(), stage.name.display()));
        guard::will_have_metrics(stage, verb, path, switchable)
    };
    let targets = target::targets(&template, &apis, &settings, &context.region, &will_have_metrics, &mut findings);
    let run = Run { template: &template, settings: &settings, context, apis: &apis, switchable: &switchable };
    let proposal = run.propose(&targets, &mut suppressions, &mut findings);
    suppressions.apply(&mut findings);
    // The parameters of the call stand in `Transform`, which a fragment does not have.
    let in_fragment = |finding: &&mut Finding| finding.at.segments().next().is_none_or(|first| first != "Transform");
    findings.iter_mut().filter(in_fragment).for_each(|finding| finding.at = finding.at.nearest_in(fragment));
    (proposal, findings)
}

/// What all later stages need.
struct Run<'a, 't> {
    template: &'a Template<'t>,
    settings: &'a Settings,
    context: &'a Context,
    apis: &'a [Api<'t>],
    switchable: &'a BTreeSet<(String, String)>,
}

impl Run<'_, '_> {
    fn propose(
        &self,
        targets: &[Target<'_>],
        suppressions: &mut Suppressions,
        findings: &mut Vec<Finding>,
    ) -> Proposal {
        let existing = Existing::read(self.template);
        let publishable = unpublished::publishable(self.template, targets, self.settings, suppressions);
        let may_switch_on = |target: &Target<'_>, need: &Need| unpublished::may_publish(&publishable, target, need);
        let selection = Selection {
            template: self.template,
            settings: self.settings,
            existing: &existing,
            may_switch_on: &may_switch_on,
        };
        let mut alarms = match self.template.resources_at() {
            Some(_) => select(&selection, targets, suppressions, findings),
            None => Vec::new(),
        };
        let mut proposals = Proposals::default();
        let (apis, settings, switchable) = (self.apis, self.settings, self.switchable);
        {
            let needs_metrics =
                |api: &str, stage: &str| alarms.iter().any(|alarm| alarm.target.needs_detailed_metrics_in(api, stage));
            let stages = Stages { apis, settings, needs_metrics: &needs_metrics, switchable };
            guard::stages::propose(&stages, suppressions, &mut proposals);
        }
        unpublished::propose(self.template, &needs(&alarms, &may_switch_on), &mut proposals);
        let mut room = budget::room(self.template);
        let shared = Shared::default();
        let view = View { template: self.template, apis, settings, alarms: &[], shared: &shared };
        guard::look(&view, &mut room, suppressions, &mut proposals);
        guard::propose_tags(self.template, self.settings, suppressions, &mut proposals);
        guard::propose_required_tags(self.template, self.settings, suppressions, &mut proposals);
        selection.recognise(&mut alarms, findings);
        let notify = self.notify(&alarms, findings);
        let mut edits = std::mem::take(&mut proposals.edits);
        let (alarms, resources) = self.add_alarms(alarms, &notify, room, &mut edits, findings);
        let view = View { template: self.template, apis, settings, alarms: &alarms, shared: &shared };
        guard::look_at_alarms(&view, &mut room, suppressions, &mut proposals);
        edits.append(&mut proposals.edits);
        let plan = Plan::new(self.template, self.apis, self.settings, &alarms, proposals.changes);
        proposals.findings.extend(guard::over_budget(self.settings, plan.cost()));
        if self.settings.mode() == Mode::Audit {
            // An audit reports and fails nothing; only a wrong configuration does.
            proposals.findings.iter_mut().for_each(|finding| finding.level = finding.level.min(Level::Warn));
        }
        findings.append(&mut proposals.findings);
        let resources_at = self.template.resources_at().unwrap_or_default();
        Proposal { mode: self.settings.mode(), edits: deduplicated(edits), resources, resources_at, plan }
    }

    /// Turns alarms into additions, as many as fit.
    fn add_alarms<'a>(
        &self,
        alarms: Vec<Alarm<'a>>,
        notify: &Notify,
        room: usize,
        edits: &mut Vec<Edit>,
        findings: &mut Vec<Finding>,
    ) -> (Vec<Alarm<'a>>, Vec<NewResource>) {
        let tags = guard::alarm_tags(self.settings);
        let renderer = Renderer::new(self.template, self.context, self.settings, notify, &tags);
        let mut additions = budget::Additions::new(room, alarms.len());
        for alarm in alarms {
            let (condition, definitions) = alarm.when.define();
            if !self.template.takes_conditions() && !definitions.is_empty() {
                budget::report_condition(&alarm, findings);
                continue;
            }
            additions.push(alarm, condition, definitions);
        }
        let render = |alarm: &Alarm<'_>, condition: Option<&str>| renderer.resource(alarm, condition);
        let fitting = additions.fit(self.template, edits, &render, findings);
        fitting.into_resources(self.template, &self.template.resources_at().unwrap_or_default(), edits)
    }

    /// The configured topics. A name that is neither a resource nor a parameter is a mistake.
    fn notify(&self, alarms: &[Alarm<'_>], findings: &mut Vec<Finding>) -> Notify {
        let notify = self.settings.notify();
        for topics in [&notify.critical, &notify.warning, &notify.ok, &notify.insufficient_data].into_iter().flatten() {
            for topic in &topics.value {
                if topics.value.len() > 1 && self.template.is_list(topic) {
                    let what = "a list of topics cannot stand beside other topics in `Notify`";
                    let help = "name the list alone, or single topics";
                    findings.push(topics.from.finding(&WRONG_CONFIGURATION, what, help));
                }
                let name = intrinsic::reference(topic).or(topic.as_str().filter(|text| !text.starts_with("arn:")));
                if let Some(name) = name.filter(|name| !self.is_known(name)) {
                    let what = format!("`{name}` in `Notify` is neither a resource nor a parameter of this template");
                    let help = "name a topic of the template, a parameter, or write the topic's ARN";
                    findings.push(topics.from.finding(&WRONG_CONFIGURATION, what, help));
                }
            }
        }
        let nobody = |severity| alarms.iter().any(|alarm| !alarm.present && alarm.severity() == severity);
        use crate::catalogue::Severity::{Critical, Warning};
        let silent: Vec<&str> =
            [(Critical, notify.critical.is_none(), "Critical"), (Warning, notify.warning.is_none(), "Warning")]
                .into_iter()
                .filter(|(severity, unset, _)| *unset && nobody(*severity))
                .map(|(_, _, name)| name)
                .collect();
        if !silent.is_empty() {
            let what = format!("{} alarms notify nobody: no topic is configured", silent.join(" and "));
            let help = "set `Notify: {Critical: !Ref PagerTopic, Warning: !Ref SlackTopic}` in `Metadata.Toprail`";
            findings.push(Finding::new(
                &NOBODY_NOTIFIED,
                Pointer::root().child("Metadata").child("Toprail"),
                what,
                help,
            ));
        }
        notify
    }

    fn is_known(&self, name: &str) -> bool {
        let is_parameter = self.template.section("Parameters").is_some_and(|parameters| parameters.contains_key(name));
        self.template.scope != Scope::Template
            || is_parameter
            || self.template.resources.contains_key(name)
            || name.starts_with("AWS::")
    }
}

/// What must be switched on for alarms to have data: the resource, the property and its value.
fn needs(
    alarms: &[Alarm<'_>],
    may_switch_on: &dyn Fn(&Target<'_>, &Need) -> bool,
) -> BTreeSet<(String, &'static str, &'static str)> {
    let mut needs = BTreeSet::new();
    for alarm in alarms {
        let need = alarm.row.need.as_ref().filter(|need| may_switch_on(alarm.target, need));
        if let (Some((property, value)), Some(owner)) = (need.and_then(|need| need.fix), alarm.target.owners.first()) {
            needs.insert((owner.clone(), property, value));
        }
    }
    needs
}

fn report_scope(template: &Template<'_>, findings: &mut Vec<Finding>) {
    let what = match template.scope {
        Scope::Template => return,
        Scope::Resources => {
            "Toprail sees the resources only: settings in `Metadata`, and conditions that would have to be added, are out of reach"
        }
        Scope::Resource => "Toprail sees one resource only: it gets its throttle and tags, but no alarms",
        Scope::Properties => "Toprail sees the properties of a resource only, not its type: nothing is added",
    };
    findings.push(Finding::new(
        &PARTIAL_SCOPE,
        Pointer::root(),
        what,
        "put `Toprail` into the template's `Transform` list",
    ));
}

/// Two guardrails, or two APIs that share `Globals`, may ask for the same addition.
fn deduplicated(edits: Vec<Edit>) -> Vec<Edit> {
    let mut seen = IndexSet::new();
    edits
        .into_iter()
        .filter(|edit| match edit {
            Edit::Insert { at, .. } => seen.insert(at.clone()),
            Edit::Append { .. } => true,
        })
        .collect()
}
