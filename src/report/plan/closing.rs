//! The last lines of a plan: the signs, the notes, and what to do next.

use crate::catalogue::Severity;
use crate::finding::Level;
use crate::plan::Plan;
use crate::report::page::{Line, Page, Tone};
use crate::report::words::{count, sign};
use crate::report::{Layout, Reach, Report};

/// What the signs mean.
pub(super) fn legend(plan: &Plan, layout: Layout) -> Page {
    let mut page = Page::default();
    let mut line = Line::default();
    for (severity, words) in
        [(Severity::Critical, "critical: wakes somebody"), (Severity::Warning, "warning: can wait until the morning")]
    {
        if plan.alarms.iter().any(|alarm| alarm.severity == severity) {
            let (tone, sign) = sign(severity);
            if line.width() > 0 && line.width() + words.len() + 5 > layout.width {
                page.push(std::mem::take(&mut line));
            }
            let gap = if line.width() > 0 { "   " } else { "  " };
            line = line.with(Tone::Plain, gap).with(tone, sign).with(Tone::Dim, format!(" {words}"));
        }
    }
    page.push(line);
    page
}

/// Notes, and what to do next.
pub(super) fn page(report: &Report<'_>, layout: Layout) -> Page {
    let mut page = Page::default();
    for note in report.notes {
        page.prose(Line::new(Tone::Info, "note:").with(Tone::Plain, " "), 6, Tone::Plain, note, layout.prose);
    }
    page.gap();
    let plan = &report.outcome.plan;
    let errors = report.outcome.findings.iter().filter(|finding| finding.level == Level::Error).count();
    if errors > 0 {
        let text = format!("correct the {} above first.", count(errors, "error"));
        page.prose(Line::new(Tone::Critical, "A deployment would fail:"), 25, Tone::Plain, &text, layout.prose);
    } else if plan.alarms.is_empty() && plan.changes.is_empty() {
        next(&mut page, layout, &[("toprail list resources".to_owned(), "what is watched")]);
    } else {
        page.append(steps(report, layout));
    }
    page
}

/// What to do with a plan that works.
fn steps(report: &Report<'_>, layout: Layout) -> Page {
    let mut page = Page::default();
    let remark = match report.reach {
        Reach::Adds => "",
        Reach::Audits => "`Mode: Audit` only reports: remove it to add what is shown here.",
        Reach::Unlisted => {
            "To deploy this, add Toprail to the template: `Transform: Toprail`, or at the end of the list that is there."
        }
    };
    if !remark.is_empty() {
        page.prose(Line::default(), 0, Tone::Plain, remark, layout.prose);
        page.gap();
    }
    let mut steps = Vec::new();
    if !report.source.name.starts_with('<') {
        steps.push((format!("toprail transform {}", report.source.name), "the template that CloudFormation gets"));
    }
    let alarms = &report.outcome.plan.alarms;
    if let Some(alarm) = alarms.iter().find(|alarm| alarm.severity == Severity::Critical).or(alarms.first()) {
        steps.push((format!("toprail explain {}", alarm.row.id), "what an alarm means and how to change it"));
    }
    next(&mut page, layout, &steps);
    page
}

/// Commands with what they show, side by side where there is room.
fn next(page: &mut Page, layout: Layout, steps: &[(String, &str)]) {
    let column = steps.iter().map(|(command, _)| command.chars().count()).max().unwrap_or_default() + 8;
    let longest = steps.iter().map(|(_, what)| what.len()).max().unwrap_or_default();
    for (index, (command, what)) in steps.iter().enumerate() {
        let line = Line::new(Tone::Strong, if index == 0 { "Next" } else { "" }).up_to(6).with(Tone::Good, command);
        if column + longest <= layout.width {
            page.push(line.up_to(column).with(Tone::Dim, what));
        } else {
            page.push(line);
            page.push(Line::default().up_to(8).with(Tone::Dim, what));
        }
    }
}
