//! Findings with their places: `warning[TR301 unknown-api-name]: …`, the line below where, the line below that what to do.

use indexmap::IndexSet;
use std::cmp::Reverse;

use super::page::{Line, Page, Tone};
use super::words::{thousands, tone};
use super::{Detail, Layout, Source};
use crate::finding::Finding;

/// So many findings of one kind are shown; the rest is counted.
const SHOWN: usize = 4;

/// The findings of a template, worst first. A summary shows the first few of each kind; those with the same help share it.
pub fn findings(source: &Source<'_>, findings: &[Finding], layout: Layout) -> Page {
    let mut page = Page::default();
    let sorted = by_kind(findings);
    let mut rest = sorted.as_slice();
    while let Some(first) = rest.first() {
        let alike = rest.iter().take_while(|other| other.code == first.code && other.level == first.level).count();
        let (run, others) = rest.split_at(alike);
        rest = others;
        // One more than is shown takes no more room than saying that there is one more.
        let shows_all = layout.detail == Detail::Everything || run.len() <= SHOWN + 1;
        let shown = run.get(..SHOWN).filter(|_| !shows_all).unwrap_or(run);
        for (index, finding) in shown.iter().enumerate() {
            let is_like = |other: usize| shown.get(other).is_some_and(|other| other.help == finding.help);
            if index == 0 || !is_like(index - 1) {
                page.gap();
            }
            page.append(one(source, finding, layout));
            if !is_like(index + 1) {
                let help = Line::new(Tone::Info, "  = ").with(Tone::Strong, "help: ");
                page.prose(help, 10, Tone::Plain, &finding.help, layout.prose);
            }
        }
        if !shows_all {
            let more =
                format!("… and {} more of {} (--verbose shows them)", thousands(run.len() - SHOWN), first.code.id);
            page.push(Line::new(Tone::Dim, more));
        }
    }
    page
}

/// The kinds of a level one after the other, in the order of their appearance.
fn by_kind(findings: &[Finding]) -> Vec<&Finding> {
    let kinds: IndexSet<_> = findings.iter().map(|finding| finding.code.id).collect();
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| (Reverse(finding.level), kinds.get_index_of(finding.code.id)));
    sorted
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
    // What is wrong with the policy has no place in the template.
    let own = Some(&finding.at).filter(|at| finding.policy.is_none() || !at.is_root());
    let places = own.into_iter().chain(&finding.related).map(|at| (source.place(at), at));
    let places = places.chain(finding.policy.iter().map(|at| (source.policy_place(at), at)));
    for (index, (place, at)) in places.enumerate() {
        let arrow = if index == 0 { "  --> " } else { "  ::: " };
        let line = Line::new(Tone::Info, arrow).with(Tone::Plain, place);
        page.push(line.with(Tone::Dim, if at.is_root() { String::new() } else { format!("  {at}") }));
    }
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
        let source = Source { name: "t.yaml", document: None, call: None, policy: None };
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
