//! A plan for people: what was found, what changes, which alarms watch what, what it costs, and what to do next.

mod closing;
mod group;
mod header;
mod matrix;
mod verbose;

use super::page::{Line, Page, Tone};
use super::words::{count, money, thousands};
use super::{Detail, Layout, Report};
use crate::catalogue::AlarmSpec;
use crate::finding::Level;
use crate::plan::PlannedAlarm;

/// The plan of one template.
pub fn page(report: &Report<'_>, layout: Layout) -> Page {
    let plan = &report.outcome.plan;
    let mut page = header::page(report, layout);
    let groups = group::groups(plan);
    for group in &groups {
        page.gap();
        page.append(matrix::page(group, layout));
    }
    if !plan.alarms.is_empty() {
        page.gap();
        page.append(closing::legend(plan, layout));
    }
    if layout.detail == Detail::Everything {
        page.gap();
        page.append(verbose::page(report));
    }
    let findings = super::findings(&report.source, &report.outcome.findings, layout);
    page.gap();
    page.append(findings);
    page.gap();
    page.append(closing::page(report, layout));
    page
}

/// What holds for one alarm wherever a template has it, and where that comes from.
pub fn alarms_of(report: &Report<'_>, row: &AlarmSpec) -> Page {
    let mut page = Page::default();
    let alarms: Vec<_> = report.outcome.plan.alarms.iter().filter(|alarm| alarm.row.id == row.id).collect();
    page.push(Line::new(Tone::Strong, format!("In {}: {}", report.source.name, count(alarms.len(), "alarm"))));
    for alarm in alarms {
        page.append(verbose::one(&report.source, alarm));
    }
    page
}

/// One line for several templates.
pub fn total(reports: &[Report<'_>]) -> Page {
    let alarms = reports.iter().flat_map(|report| &report.outcome.plan.alarms).filter(|alarm| !alarm.present).count();
    let cost = reports.iter().map(|report| report.outcome.plan.cost()).sum();
    let findings = |level| {
        reports.iter().flat_map(|report| &report.outcome.findings).filter(|finding| finding.level == level).count()
    };
    let mut line = Line::new(Tone::Strong, "Total").with(
        Tone::Plain,
        format!("  {} · {} · about {} a month", count(reports.len(), "template"), count(alarms, "alarm"), money(cost),),
    );
    for level in [Level::Error, Level::Warn] {
        if findings(level) > 0 {
            line =
                line.with(Tone::Plain, " · ").with(super::words::tone(level), count(findings(level), level.as_str()));
        }
    }
    let mut page = Page::default();
    page.push(line);
    page
}

/// `47 of 500`. What SAM makes of its types is not known exactly, but not underestimated.
fn resources(report: &Report<'_>) -> String {
    let plan = &report.outcome.plan;
    let of = |alarm: &PlannedAlarm| 1 + usize::from(alarm.metric_filter.is_some());
    let added = plan.alarms.iter().filter(|alarm| !alarm.present).map(of).sum::<usize>();
    let is_exact = plan.resources_before + added == plan.resources_after;
    let most = if is_exact { "" } else { "at most " };
    let why = if is_exact { "" } else { ", with what SAM makes" };
    format!("{most}{} of {}{why}", thousands(plan.resources_after), crate::report::json::RESOURCE_LIMIT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Reach, Source};
    use serde_json::json;

    fn plan(width: usize) -> String {
        let fragment = json!({
            "Metadata": {"Toprail": {
                "Profile": "Essential",
                "Methods": {"POST /payments/{id}/refunds": {"LatencyP99": {"Threshold": 8000}}, "GET /health": {"Enabled": false}},
            }},
            "Resources": {
                "Orders": {"Type": "AWS::ApiGateway::RestApi", "Condition": "IsProd", "Properties": {"Name": "orders", "Body": {
                    "openapi": "3.0.1",
                    "paths": {"/orders": {"get": {}}, "/payments/{id}/refunds": {"post": {}}, "/health": {"get": {}}},
                }}},
                "Stage": {"Type": "AWS::ApiGateway::Stage", "Condition": "IsProd", "Properties": {"RestApiId": {"Ref": "Orders"}, "StageName": "prod"}},
            },
        });
        let mut outcome = crate::transform(fragment, &crate::Context::default());
        outcome.findings.clear();
        let source = Source { name: "t.yaml", document: None, call: None, policy: None };
        let report = Report { source, outcome: &outcome, reach: Reach::Adds, notes: &[] };
        page(&report, Layout { width, prose: Some(width), detail: Detail::Summary }).to_string()
    }

    #[test]
    fn a_wide_terminal_shows_a_matrix() {
        let text = "\
t.yaml

  Found      1 REST API · 3 methods
  Alarms     6 added: ● 6 critical
  Cost       about $6.00 a month (alarms $1.50, detailed metrics $4.50)
  Resources  8 of 500
  Changes    Orders prod: detailed metrics for all methods
             Orders prod: throttle of 1,000 requests/s, burst 500

Orders · REST API · stage prod · 6 alarms · only if IsProd
                               p99          5xx   a month
                               >5,000 ms    >5 %
  whole stage                  ●            ●       $0.50
  GET  /orders                 ●            ●       $0.50
  POST /payments/{id}/refunds  ● >8,000 ms  ●       $0.50
  GET  /health                 stage level only

  ● critical: wakes somebody

Next  toprail transform t.yaml        the template that CloudFormation gets
      toprail explain Api.LatencyP99  what an alarm means and how to change it
";
        assert_eq!(plan(80), text);
    }

    #[test]
    fn a_narrow_terminal_shows_a_list() {
        let text = "\
Orders · REST API · stage prod · 6 alarms
  only if IsProd
  ● p99 >5,000 ms  ● 5xx >5 %
  whole stage                          $0.50
  GET  /orders                         $0.50
  POST /payments/{id}/refunds          $0.50
    ● p99 >8,000 ms
  GET  /health              stage level only
";
        let plan = plan(44);
        assert!(plan.contains(text), "{plan}");
    }
}
