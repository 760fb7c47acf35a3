//! The pages of the guardrails as tests: the templates that a page says fail do fail, those that pass pass, the fix does what the page says, and a
//! suppression is heard. A block of a page starts with one of
//! - `yaml fails`: reported; and where the guardrail has a fix, the fix sets it right;
//! - `yaml reported`: reported, and no fix is safe there;
//! - `yaml passes`: not reported;
//! - `yaml unknown`: cannot be told, so it is no more than worth knowing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::{Value, json};
use support::{Out, transform_in, yaml};
use toprail::Context;
use toprail::catalogue::{Guard, guards};
use toprail::finding::Level;

const VERDICTS: [&str; 4] = ["fails", "reported", "passes", "unknown"];

/// The templates of a page with what they are examples of.
fn examples(guard: &Guard) -> Vec<(&'static str, Value)> {
    let mut examples = Vec::new();
    for block in guard.page.split("```yaml ").skip(1) {
        let (head, rest) = block.split_once('\n').unwrap();
        let body = rest.split("```").next().unwrap();
        let verdict = VERDICTS.into_iter().find(|verdict| *verdict == head.trim());
        examples.push((verdict.unwrap_or_else(|| panic!("{}: `yaml {head}`", guard.id)), yaml(body)));
    }
    examples
}

/// A transform with the guardrail at a level, and more configuration.
fn at_level(guard: &Guard, level: &str, template: &Value, suppress: Value) -> Out {
    let config = json!({"Guardrails": {guard.id: level}, "Suppress": suppress});
    let params = json!({"Config": config.to_string()}).as_object().unwrap().clone();
    transform_in(template.clone(), Context { params, ..Context::default() })
}

/// The levels of a guardrail's findings.
fn found(guard: &Guard, out: &Out) -> Vec<Level> {
    out.findings(guard.code.id).iter().map(|finding| finding.level).collect()
}

#[test]
fn what_a_page_says_fails_or_passes_does_so() {
    for guard in guards() {
        for (verdict, template) in examples(guard) {
            let out = at_level(guard, "Deny", &template, json!([]));
            let levels = found(guard, &out);
            let worst = levels.iter().max().copied();
            let expected = match verdict {
                "fails" | "reported" => worst == Some(Level::Error),
                "unknown" => worst.is_none_or(|worst| worst == Level::Info),
                _ => worst.is_none(),
            };
            assert!(expected, "{} {verdict}: {:#?}\n{template:#}", guard.id, out.outcome.findings);
            assert!(out.errors().iter().all(|_| worst == Some(Level::Error)), "{}: {:#?}", guard.id, out.errors());
        }
    }
}

#[test]
fn a_fix_sets_right_what_fails_and_is_listed() {
    for guard in guards().filter(|guard| guard.fix.is_some()) {
        for (verdict, template) in examples(guard).into_iter().filter(|(verdict, _)| *verdict != "unknown") {
            let out = at_level(guard, "Fix", &template, json!([]));
            let listed = out.outcome.plan.changes.iter().filter(|change| change.guard == guard.id).count();
            let rest = found(guard, &out);
            match verdict {
                "fails" => assert!(listed > 0 && rest.is_empty(), "{}: {listed} {:#?}", guard.id, out.outcome.findings),
                "reported" => assert!(listed == 0 && rest.contains(&Level::Warn), "{}: {template:#}", guard.id),
                _ => assert!(listed == 0 && rest.is_empty(), "{}: {template:#}", guard.id),
            }
            let again = at_level(guard, "Deny", out.fragment(), json!([]));
            assert_eq!(found(guard, &again).is_empty(), verdict != "reported", "{}: {:#}", guard.id, out.fragment());
        }
    }
}

#[test]
fn a_suppression_with_a_reason_is_heard() {
    for guard in guards() {
        for (_, template) in examples(guard).into_iter().filter(|(verdict, _)| matches!(*verdict, "fails" | "reported"))
        {
            for level in ["Warn", "Fix"] {
                let out = at_level(guard, level, &template, json!([{"Id": guard.id, "Reason": "a test"}]));
                let listed = out.outcome.plan.changes.iter().filter(|change| change.guard == guard.id).count();
                assert!(found(guard, &out).is_empty() && listed == 0, "{} {level}", guard.id);
                assert!(out.findings("TR210").is_empty(), "{} {level}: the suppression counts as used", guard.id);
            }
            let off = at_level(guard, "Off", &template, json!([]));
            assert!(found(guard, &off).is_empty(), "{}", guard.id);
        }
    }
}

#[test]
fn every_page_has_the_same_parts() {
    for guard in guards() {
        let parts = ["What", "Why", "What is recognised", "The fix", "How to suppress it"];
        for part in parts {
            let is_there = guard.page.contains(&format!("**{part}.**")) || guard.page.contains(&format!("## {part}\n"));
            assert!(is_there || (part == "What" && guard.page.contains("## Why")), "{} lacks `{part}`", guard.id);
        }
        let verdicts: Vec<_> = examples(guard).iter().map(|(verdict, _)| *verdict).collect();
        assert!(verdicts.contains(&"passes") && verdicts.contains(&"unknown"), "{}: {verdicts:?}", guard.id);
        assert!(verdicts.contains(&"fails") || verdicts.contains(&"reported"), "{}", guard.id);
        assert!(guard.page.starts_with(&format!("# {}\n", guard.id)), "{}", guard.id);
    }
}
