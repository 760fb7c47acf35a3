//! `plan --format sarif`; that it fits the schema is for `tests/acceptance`.

use crate::command::{scratch, toprail};
use serde_json::Value;

const DENIED: &str =
    "Metadata:\n  Toprail: {RequiredTags: [{Key: Owner, Level: Deny}]}\nResources:\n  Q: {Type: AWS::SQS::Queue}\n";
const WARNED: &str = "Resources:\n  F: {Type: AWS::Lambda::Function}\n";
const QUIET: &str = "Metadata: {Toprail: {Enabled: false}}\nResources:\n  F: {Type: AWS::Lambda::Function}\n";

fn run_of(text: &str) -> Value {
    serde_json::from_str::<Value>(text).ok().and_then(|log| log.pointer("/runs/0").cloned()).unwrap_or_default()
}

#[test]
fn the_level_to_fail_on_means_the_same_in_every_format() {
    let (denied, warned) = (scratch("denied.yaml", DENIED), scratch("warned.yaml", WARNED));
    let quiet = scratch("quiet.yaml", QUIET);
    for format in ["text", "json", "sarif"] {
        let status = |template: &str| {
            ["error", "warning", "info", "never"]
                .map(|level| toprail(["plan", "--format", format, "--fail-on", level, template]).status)
        };
        assert_eq!(status(&denied), [1, 1, 1, 0], "{format}");
        assert_eq!(status(&warned), [0, 1, 1, 0], "{format}");
        assert_eq!(status(&quiet), [0, 0, 0, 0], "{format}");
        assert_eq!(status("/nowhere.yaml"), [2, 2, 2, 2], "{format}");
        assert_eq!(toprail(["plan", "--format", format, &denied]).status, 1, "the default is `error`");
    }
}

#[test]
fn the_log_has_all_templates_and_what_could_not_be_read() {
    let (denied, warned) = (scratch("log denied.yaml", DENIED), scratch("log_warned.yaml", WARNED));
    let args = ["plan", "--format", "sarif", &denied, "/nowhere.yaml", &warned, "--param", "Stage=prod"];
    let run = toprail(args);
    assert_eq!(run.status, 2);
    assert_eq!(run.stdout, toprail(args).stdout);
    let log = run_of(&run.stdout);
    let invocation = &log["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notified = invocation["toolExecutionNotifications"].to_string();
    assert!(notified.contains("nowhere.yaml") && notified.contains("--param Stage"), "{notified}");
    let results = log["results"].as_array().expect("a list");
    let has = |file: &str, level: &str| {
        results.iter().any(|result| result["level"] == level && result["locations"][0].to_string().contains(file))
    };
    assert!(has("/log%20denied.yaml", "error") && has("/log_warned.yaml", "warning"), "{results:#?}");
}

#[test]
fn a_policy_that_is_wrong_or_not_there_is_in_the_log() {
    let template = scratch("policy_template.yaml", WARNED);
    let wrong = scratch("wrong_policy.yaml", "Version: 1\nDefaults:\n  Mode: Injct\n");
    let run = toprail(["plan", "--format", "sarif", "--policy", &wrong, &template]);
    let log = run_of(&run.stdout);
    assert_eq!((run.status, &log["invocations"][0]["executionSuccessful"]), (2, &Value::from(false)));
    let result = &log["results"][0];
    assert_eq!((&result["ruleId"], &result["level"]), (&"TR203".into(), &"error".into()));
    let place = &result["locations"][0]["physicalLocation"];
    assert!(place["artifactLocation"]["uri"].as_str().expect("a URI").ends_with("wrong_policy.yaml"));
    assert_eq!(place["region"]["startLine"], 3);
    let run = toprail(["plan", "--format", "sarif", "--policy", "/nowhere.yaml", &template]);
    assert!(run_of(&run.stdout)["invocations"][0].to_string().contains("no such file"), "{}", run.stdout);
    assert_eq!((run.status, toprail(["plan", "--policy", &wrong, &template]).stdout), (2, String::new()));
}
