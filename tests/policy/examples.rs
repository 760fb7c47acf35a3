//! The example policies, on the examples and on public templates.

use super::support::yaml;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toprail::config::{Destination, Policy};
use toprail::report::policy::{Compared, compare};
use toprail::template::document::Document;
use toprail::{Context, transform};

const POLICIES: [&str; 3] = ["start-up", "platform-team", "regulated"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn policy(name: &str) -> Policy {
    Policy::parse(&fs::read_to_string(root().join(format!("examples/policies/{name}.yaml"))).unwrap())
}

fn context(name: &str, environment: &str) -> Context {
    let mut context = Context { account: "999988887777".into(), region: "eu-west-1".into(), ..Context::default() };
    context.policy = Some(Arc::new(policy(name)));
    if !environment.is_empty() {
        context.params.insert("Environment".to_owned(), environment.into());
    }
    context
}

#[test]
fn the_example_policies_are_right_and_say_something() {
    for name in POLICIES {
        let policy = policy(name);
        assert_eq!(policy.mistakes(), [], "{name}");
        assert!(policy.stated(Destination::default()).len() > 5, "{name}");
    }
}

#[test]
fn every_example_passes_under_every_policy_and_twice_is_once() {
    for example in ["orders-api", "http-api", "rest-cloudformation"] {
        let mut template = yaml(&fs::read_to_string(root().join(format!("examples/{example}/template.yaml"))).unwrap());
        template.as_object_mut().unwrap().shift_remove("Transform");
        for name in POLICIES {
            let once = transform(template.clone(), &context(name, ""));
            assert!(!once.failed(), "{example} under {name}: {:#?}", once.findings);
            let twice = transform(once.fragment.clone(), &context(name, ""));
            assert_eq!(once.fragment, twice.fragment, "{example} under {name}");
        }
    }
}

#[test]
fn production_is_stricter_in_the_policies_that_say_so() {
    let template = super::template(&serde_json::json!({}));
    for name in ["platform-team", "regulated"] {
        assert!(transform(template.clone(), &context(name, "prod")).failed(), "{name}");
        assert!(!transform(template.clone(), &context(name, "dev")).failed(), "{name}");
    }
}

/// Public templates, where they are.
fn corpus() -> Option<PathBuf> {
    #[allow(clippy::disallowed_methods, reason = "a test is told by its environment where its data is")]
    let named = std::env::var_os("TOPRAIL_CORPUS").map(PathBuf::from);
    Some(named.unwrap_or_else(|| root().join("../shared/corpus"))).filter(|folder| folder.is_dir())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
#[allow(clippy::print_stdout, reason = "the counts are for whoever asks with --nocapture")]
fn public_templates_pass_under_every_policy_and_twice_is_once() {
    let Some(corpus) = corpus() else {
        println!("the public templates are not there: skipped");
        return;
    };
    let mut templates = Vec::new();
    for path in ["cfn", "sam"].iter().flat_map(|kind| files(&corpus.join(kind))) {
        let Ok(document) = Document::load(&fs::read(&path).unwrap()) else { continue };
        let mut template = document.value;
        template.as_object_mut().unwrap().shift_remove("Transform");
        let before = transform(template.clone(), &Context::default());
        templates.push((path, template, before));
    }
    assert!(!templates.is_empty());
    for name in POLICIES {
        let context = context(name, "");
        let (mut changed, mut fails) = (0, 0);
        let (mut added, mut removed, mut other, mut findings) = (0, 0, 0, 0);
        for (path, template, before) in &templates {
            let once = transform(template.clone(), &context);
            let twice = transform(once.fragment.clone(), &context);
            assert_eq!(once.fragment, twice.fragment, "{} under {name}", path.display());
            let diff = compare(Compared { name: "t", before, after: &once });
            changed += usize::from(!diff.is_empty());
            fails += usize::from(diff.newly_fails);
            added += diff.alarms_added.len();
            removed += diff.alarms_removed.len();
            other += diff.alarms_changed.len();
            findings += diff.findings_added.len();
        }
        println!(
            "{name}: {changed} of {} templates change: {added} alarms appear, {other} change, {removed} disappear; {findings} findings \
             appear; {fails} templates newly fail",
            templates.len()
        );
    }
}
