//! What `docs/ci.md` tells people to copy is right: its YAML parses, and the command takes each line that calls it.

#![allow(clippy::expect_used, reason = "a test that cannot go on says why")]

use crate::command::{run_shell, scratch_folder};
use serde_json::Value;
use std::fs;
use toprail::template::document::Document;

fn blocks(language: &str) -> Vec<String> {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/ci.md")).expect("the page");
    let start = format!("```{language}\n");
    page.split(&start).skip(1).map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// The lines of scripts in a YAML file, wherever they stand; what a step is called is none.
fn texts(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) => out.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, out)),
        Value::Object(map) => {
            map.iter().filter(|(key, _)| *key != "name").for_each(|(_, item)| texts(item, out));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn every_line_in_the_page_about_ci_is_taken() {
    let folder = scratch_folder("ci");
    let template = "Metadata:\n  Toprail: {Notify: {Critical: !Ref T, Warning: !Ref T}, Suppress: [{Id: Function.Throttles, Reason: none}]}\n\
                    Resources:\n  T: {Type: AWS::SNS::Topic}\n  F: {Type: AWS::Lambda::Function}\n  G: {Type: AWS::Lambda::Function, Metadata: {Toprail: {Enabled: 7}}}\n";
    for name in ["template.yaml", "services/orders/template.yaml", "services/payments/template.yaml"] {
        fs::create_dir_all(folder.join(name).parent().expect("a folder")).expect("a folder");
        fs::write(folder.join(name), template).expect("a file");
    }
    fs::write(folder.join("policy.yaml"), "Version: 1\n").expect("a file");
    let mut lines = Vec::new();
    for block in blocks("yaml") {
        let document = Document::parse(&block).unwrap_or_else(|errors| panic!("{errors:?}\n{block}"));
        texts(&document.value, &mut lines);
    }
    lines.extend(blocks("sh").iter().flat_map(|block| block.lines().map(str::to_owned)));
    lines.retain(|line| line.starts_with("toprail ") || line.starts_with("jq "));
    assert!(lines.len() >= 10, "{lines:#?}");
    let has_jq = run_shell(&folder, "command -v jq").status == 0;
    for mut line in lines.into_iter().filter(|line| has_jq || !line.contains("jq ")) {
        // The hook is called with the files.
        if line == "toprail plan --fail-on warning" {
            line.push_str(" template.yaml services/orders/template.yaml");
        }
        let run = run_shell(&folder, &line);
        let fails = line.starts_with("toprail plan") && !line.contains("never") && !line.contains("jq");
        assert_eq!((run.status, run.stderr.as_str()), (i32::from(fails), ""), "{line}");
    }
    let log = fs::read_to_string(folder.join("toprail.sarif")).expect("a log");
    assert!(log.contains("\"2.1.0\"") && log.contains("\"error\""), "{log}");
    if has_jq {
        let report = fs::read_to_string(folder.join("gl-code-quality-report.json")).expect("a report");
        let report: Value = serde_json::from_str(&report).expect("JSON");
        let first = &report[0];
        assert_eq!(first["location"]["path"], "services/orders/template.yaml");
        assert_eq!((&first["severity"], &first["check_name"]), (&"critical".into(), &"TR201".into()));
        assert_eq!(first["location"]["lines"]["begin"], 6);
    }
}
