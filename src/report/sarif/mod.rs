//! Findings as a SARIF 2.1.0 log, for code-scanning viewers: one run for all templates of a call, every kind of finding as a rule. What the viewers
//! ask for beyond the standard is from GitHub, "SARIF support for code scanning", and GitLab, "SARIF reports".

mod log;
mod uri;

use self::log::{
    Configuration, Driver, Help, Invocation, Location, Log, Logical, Notification, Outcome, Physical, Region, Rule,
    Run, Suppression, Text, Tool, UriBase,
};
use super::Source;
use crate::catalogue::{codes_by_id, guards};
use crate::finding::{Code, Finding, Level, SUPPRESSED};
use crate::template::Pointer;
use crate::template::document::Span;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// GitLab leaves out a result whose message has more characters, and GitHub takes no longer descriptions.
const LONGEST_TEXT: usize = 1024;

/// A file and what was found in it.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Where it comes from.
    pub source: Source<'a>,
    /// What was found.
    pub findings: &'a [Finding],
}

/// Something about the call itself: a file that could not be read, or what the reader should know about how one was read.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The name of the file, if it is about one.
    pub file: Option<String>,
    /// What is the case.
    pub message: String,
    /// Whether something could not be done.
    pub is_failure: bool,
}

/// The log of a call. `root` is the folder that the names of files are relative to: an absolute path, or empty.
///
/// # Errors
/// Never in practice: the shape holds nothing that JSON cannot.
pub fn log(root: &str, files: &[File<'_>], notices: &[Notice]) -> serde_json::Result<Value> {
    let codes = codes_by_id();
    let driver = Driver {
        name: "Toprail",
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: codes.iter().map(|code| rule(code)).collect(),
    };
    let base = UriBase { description: text("the folder in which Toprail was called: the root of the repository") };
    serde_json::to_value(Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver },
            invocations: [Invocation {
                execution_successful: !notices.iter().any(|notice| notice.is_failure),
                tool_execution_notifications: notices.iter().map(|notice| notification(root, notice)).collect(),
            }],
            original_uri_base_ids: BTreeMap::from([(uri::BASE, base)]),
            // As positions in a document are counted.
            column_kind: "unicodeCodePoints",
            results: files.iter().flat_map(|file| results(root, &codes, *file)).collect(),
        }],
    })
}

fn rule(code: &'static Code) -> Rule {
    let guard = guards().find(|guard| guard.code == *code);
    let page = guard.map_or(code.page, |guard| guard.page);
    Rule {
        id: code.id,
        name: code.name,
        short_description: text(first_sentence(code.page)),
        full_description: text(code.page),
        help: Help { text: page, markdown: page },
        default_configuration: Configuration { level: level(code.level) },
    }
}

fn first_sentence(page: &'static str) -> &'static str {
    page.split_once(". ").map_or(page, |(first, _)| page.get(..=first.len()).unwrap_or(page))
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warn => "warning",
        Level::Info => "note",
    }
}

/// No text has arguments, so that its braces stay single: viewers show them as they are.
fn text<'a>(text: impl Into<Cow<'a, str>>) -> Text<'a> {
    let text = text.into();
    match text.char_indices().nth(LONGEST_TEXT - 1) {
        Some((end, last)) if end + last.len_utf8() < text.len() => {
            Text { text: Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())) }
        }
        _ => Text { text },
    }
}

fn notification<'a>(root: &str, notice: &'a Notice) -> Notification<'a> {
    Notification {
        level: if notice.is_failure { "error" } else { "note" },
        message: text(notice.message.as_str()),
        locations: notice.file.iter().map(|file| location(file, root, None, None)).collect(),
    }
}

fn results<'a>(root: &str, codes: &[&'static Code], file: File<'a>) -> Vec<Outcome<'a>> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    file.findings
        .iter()
        .map(|finding| {
            let mut result = result(root, codes, &file.source, finding);
            // Several findings of a kind at one place are told apart by their order.
            for fingerprint in result.partial_fingerprints.values_mut() {
                let count = seen.entry(fingerprint.clone()).or_insert(0);
                *count += 1;
                *fingerprint = format!("{fingerprint}:{count}");
            }
            result
        })
        .collect()
}

fn result<'a>(root: &str, codes: &[&'static Code], source: &Source<'a>, finding: &'a Finding) -> Outcome<'a> {
    let here = |at: &'a Pointer| location(source.name, root, source.span(at), Some(at));
    let policy = |at: &'a Pointer| source.policy.map(|policy| location(policy.name, root, policy.span(at), Some(at)));
    // What is wrong with the policy has no place in the template.
    let in_policy = finding.policy.as_ref().filter(|_| finding.at.is_root()).and_then(policy);
    let (place, file) = match (&in_policy, &finding.policy) {
        (Some(_), Some(at)) => (at, "policy "),
        _ => (&finding.at, ""),
    };
    let related = finding.related.iter().map(here);
    let related = related.chain(finding.policy.as_ref().filter(|_| in_policy.is_none()).and_then(policy));
    Outcome {
        rule_id: finding.code.id,
        rule_index: codes.iter().position(|code| *code == finding.code),
        level: level(finding.level),
        message: text(format!(
            "{}. To do: {}.",
            finding.what.trim_end_matches('.'),
            finding.help.trim_end_matches('.')
        )),
        related_locations: related.enumerate().map(|(index, place)| as_related(place, index)).collect(),
        // Not of the line: the same finding stays the same when lines move.
        partial_fingerprints: BTreeMap::from([("toprailPointer/v1", format!("{file}{}#{place}", finding.code.id))]),
        suppressions: if finding.code == &SUPPRESSED {
            vec![Suppression { kind: "inSource", justification: &finding.what }]
        } else {
            Vec::new()
        },
        locations: [in_policy.unwrap_or_else(|| here(&finding.at))],
    }
}

/// Viewers list a related place by its message.
fn as_related(mut place: Location<'_>, index: usize) -> Location<'_> {
    place.id = Some(index + 1);
    place.message = place.logical_locations.first().map(|logical| text(logical.fully_qualified_name));
    place
}

fn location<'a>(name: &str, root: &str, span: Option<Span>, at: Option<&'a Pointer>) -> Location<'a> {
    let physical_location = Physical { artifact_location: uri::artifact(name, root), region: span.map(region) };
    let logical_locations = at.filter(|at| !at.is_root()).map(logical).into_iter().collect();
    Location { physical_location, logical_locations, ..Location::default() }
}

/// The first line of a part: a viewer marks that, and a change is reviewed where all lines of a region are changed.
fn region(span: Span) -> Region {
    let end_column = Some(span.end.column).filter(|_| span.start.line == span.end.line && span.start < span.end);
    Region { start_line: span.start.line, start_column: span.start.column, end_line: span.start.line, end_column }
}

fn logical(at: &Pointer) -> Logical<'_> {
    let mut segments = at.segments();
    let resource = segments.next().filter(|first| first == "Resources").and_then(|_| segments.next());
    let kind = resource.as_ref().map(|_| "resource");
    Logical { name: resource.map(Cow::into_owned), fully_qualified_name: at.as_str(), kind }
}

#[cfg(test)]
mod tests;
