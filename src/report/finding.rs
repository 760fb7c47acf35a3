//! Findings with their places: `warning[TR301 unknown-api-name]: …`, the line below where, the line below that what to do.

use super::page::{Line, Page, Tone};
use super::words::{thousands, tone};
use super::{Detail, Layout, Source};
use crate::finding::Finding;

/// So many findings of one kind are shown; the rest is counted.
const SHOWN: usize = 4;

/// The findings of a template, worst first. A summary shows the first few of each kind.
pub fn findings(source: &Source<'_>, findings: &[Finding], layout: Layout) -> Page {
    let mut page = Page::default();
    for (index, finding) in findings.iter().enumerate() {
        let is_same = |other: &&Finding| other.code == finding.code && other.level == finding.level;
        let before = findings.iter().take(index).filter(is_same).count();
        let is_last = !findings.iter().skip(index + 1).any(|other| is_same(&other));
        // One more than is shown takes no more room than saying that there is one more.
        let all = findings.iter().filter(is_same).count();
        if layout.detail == Detail::Everything || before < SHOWN || all == SHOWN + 1 {
            page.gap();
            page.append(one(source, finding, layout));
        } else if is_last {
            let more =
                format!("… and {} more of {} (--verbose shows them)", thousands(before + 1 - SHOWN), finding.code.id);
            page.push(Line::new(Tone::Dim, more));
        }
    }
    page
}

fn one(source: &Source<'_>, finding: &Finding, layout: Layout) -> Page {
    let mut page = Page::default();
    let head = Line::new(
        tone(finding.level),
        format!("{}[{} {}]", finding.level.as_str(), finding.code.id, finding.code.name),
    );
    let head = head.with(Tone::Strong, ": ");
    let indent = head.width();
    // A long heading would leave no room beside it.
    let indent = if layout.prose.is_some_and(|width| width < indent + 30) { 4 } else { indent };
    match layout.prose {
        Some(_) if indent == 4 => {
            page.push(head);
            page.prose(Line::default(), indent, Tone::Strong, &finding.what, layout.prose);
        }
        _ => page.prose(head, indent, Tone::Strong, &finding.what, layout.prose),
    }
    for (index, at) in std::iter::once(&finding.at).chain(&finding.related).enumerate() {
        let arrow = if index == 0 { "  --> " } else { "  ::: " };
        let place = Line::new(Tone::Info, arrow).with(Tone::Plain, source.place(at));
        page.push(place.with(Tone::Dim, if at.is_root() { String::new() } else { format!("  {at}") }));
    }
    let help = Line::new(Tone::Info, "  = ").with(Tone::Strong, "help: ");
    page.prose(help, 10, Tone::Plain, &finding.help, layout.prose);
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::UNKNOWN_API_NAME;
    use crate::template::Pointer;

    #[test]
    fn a_finding_says_what_where_and_what_to_do() {
        let at = Pointer::root().child("Resources").child("Api");
        let finding = Finding::new(&UNKNOWN_API_NAME, at, "Api has no name", "set `Name`");
        let source = Source { name: "t.yaml", document: None, call: None };
        let layout = Layout { width: 80, prose: None, detail: Detail::Summary };
        let text =
            "warning[TR301 unknown-api-name]: Api has no name\n  --> t.yaml  /Resources/Api\n  = help: set `Name`\n";
        assert_eq!(findings(&source, std::slice::from_ref(&finding), layout).to_string(), text);
        let many = vec![finding; 9];
        let text = findings(&source, &many, layout).to_string();
        assert_eq!(text.matches("warning[").count(), 4);
        assert!(text.ends_with("… and 5 more of TR301 (--verbose shows them)\n"), "{text}");
    }
}
