//! A plan for people: what was found, what changes, which alarms watch what, what it costs, and what to do next.

mod closing;
mod group;
mod header;
mod matrix;
mod verbose;

use super::page::{Line, Page, Tone};
use super::words::{count, money, thousands};
use super::{Detail, Layout, Report};
use crate::finding::Level;

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
    let added = plan.alarms.iter().filter(|alarm| !alarm.present).count();
    let is_exact = plan.resources_before + added == plan.resources_after;
    let most = if is_exact { "" } else { "at most " };
    let why = if is_exact { "" } else { ", with what SAM makes" };
    format!("{most}{} of {}{why}", thousands(plan.resources_after), crate::report::json::RESOURCE_LIMIT)
}
