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
    for (severity, words) in [(Severity::Critical, "critical: wakes somebody"), (Severity::Warning, "warning: can wait until the morning")] {
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
    let file = report.source.name;
    let (head, text) = if errors > 0 {
        ("A deployment would fail:", format!("correct the {} above first.", count(errors, "error")))
    } else if report.reach == Reach::Unlisted {
        ("To deploy this:", "list Toprail last in the template's `Transform`: no `Transform` of this template names it yet.".to_owned())
    } else if report.reach == Reach::Audits {
        ("Nothing is added:", "`Mode: Audit` only reports. Remove it to add what is shown here.".to_owned())
    } else if let Some(alarm) = plan.alarms.first() {
        ("Next:", format!("`toprail transform {file}` shows the result, `toprail explain {}` what an alarm means and how to change it.", alarm.row.id))
    } else if plan.changes.is_empty() {
        ("Nothing to watch here:", "`toprail list resources` shows what is watched.".to_owned())
    } else {
        ("Next:", format!("`toprail transform {file}` shows the result."))
    };
    page.prose(Line::new(if errors > 0 { Tone::Critical } else { Tone::Good }, head), head.len() + 1, Tone::Plain, &text, layout.prose);
    page
}
