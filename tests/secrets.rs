//! Secrets planted in every event are told nowhere: not in logs, findings, messages, plans or reports; and the fragment holds them once, where the author
//! put them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on should stop")]
#![allow(clippy::expect_used, reason = "a test that cannot go on says why")]

#[cfg(feature = "lambda")]
#[path = "../benches/speed/runtime_api.rs"]
#[allow(dead_code, reason = "times and memory are for the benchmarks")]
mod runtime_api;

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use toprail::macro_event::respond_to_bytes;
use toprail::report::{self, Detail, Layout, Reach, Report, Source};
use toprail::{Context, transform};

/// Part of everything that is planted.
const SECRET: &str = "hunter2";

/// The events by name, each with secrets planted in it.
fn planted() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("events");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut events: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let mut event = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            plant(&mut event);
            (path.file_stem().unwrap().to_string_lossy().into_owned(), event)
        })
        .collect();
    events.sort_by(|(one, _), (other, _)| one.cmp(other));
    assert!(events.len() >= 10);
    events
}

/// Plants secrets in parameter values, environment variables, metadata, policies and code.
fn plant(event: &mut Value) {
    let values = event["templateParameterValues"].as_object_mut();
    for (name, value) in values.into_iter().flatten() {
        *value = match value.as_array() {
            Some(items) => items.iter().map(|_| json!(format!("{SECRET}-item-of-{name}"))).collect(),
            None => json!(format!("{}-{SECRET}-of-{name}", value.as_str().unwrap_or_default())),
        };
    }
    event["templateParameterValues"]["Planted"] = json!(format!("{SECRET}-parameter"));
    let fragment = &mut event["fragment"];
    if fragment.get("Properties").is_some() {
        plant_in_resource("Whole", fragment);
    }
    let is_template = fragment.get("Resources").is_some();
    if is_template {
        fragment["Description"] = json!(format!("{SECRET}-description"));
        fragment["Metadata"]["Planted"] = json!({"Key": format!("{SECRET}-metadata")});
        fragment["Parameters"]["Planted"] = json!({"Type": "String", "Default": format!("{SECRET}-default")});
    }
    let resources = if is_template { &mut fragment["Resources"] } else { fragment };
    for (id, resource) in resources.as_object_mut().into_iter().flatten() {
        if resource.get("Type").is_some() {
            plant_in_resource(id, resource);
        }
    }
}

fn plant_in_resource(id: &str, resource: &mut Value) {
    resource["Metadata"]["Planted"] = json!(format!("{SECRET}-metadata-of-{id}"));
    let kind = resource["Type"].as_str().unwrap_or_default().to_owned();
    let properties = &mut resource["Properties"];
    match kind.as_str() {
        "AWS::Lambda::Function" | "AWS::Serverless::Function" => {
            properties["Environment"]["Variables"]["PLANTED"] = json!(format!("{SECRET}-variable-of-{id}"));
            // A guardrail tells of these, by name.
            properties["Environment"]["Variables"]["PLANTED_PASSWORD"] = json!(format!("{SECRET}-password-of-{id}"));
            properties["Environment"]["Variables"]["DATABASE"] = json!(format!("postgres://app:{SECRET}@db-of-{id}/x"));
        }
        "AWS::ApiGateway::Stage" => properties["Variables"]["planted"] = json!(format!("{SECRET}-stage-of-{id}")),
        "AWS::IAM::Role" => properties["Description"] = json!(format!("{SECRET}-role-{id}")),
        _ => {}
    }
}

fn context(event: &Value) -> Context {
    let object = |name: &str| event[name].as_object().cloned().unwrap_or_default();
    let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
    Context {
        policy: None,
        account: text("accountId"),
        region: text("region"),
        params: object("params"),
        parameter_values: object("templateParameterValues"),
    }
}

/// How often a secret is in a text, in whatever case.
fn count(text: &str) -> usize {
    text.to_lowercase().matches(SECRET).count()
}

fn assert_keeps_quiet(what: &str, text: &str) {
    let line = text.lines().find(|line| count(line) > 0);
    assert!(line.is_none(), "{what}: {}", line.unwrap_or_default());
}

#[test]
fn secrets_are_planted_in_every_event_that_has_a_place_for_them() {
    for (name, event) in planted() {
        let least = if name == "refused-not-a-template" { 1 } else { 3 };
        assert!(count(&event.to_string()) >= least, "{name}");
    }
}

#[test]
fn the_fragment_holds_each_secret_once_where_the_author_put_it() {
    for (name, event) in planted() {
        let response = respond_to_bytes(None, event.to_string().as_bytes());
        let kept = if response.summary.success { count(&event["fragment"].to_string()) } else { 0 };
        assert_eq!(count(&response.body.to_string()), kept, "{name}");
        assert_eq!(response.summary.success, !name.starts_with("refused"), "{name}: {}", response.body["errorMessage"]);
        assert_keeps_quiet(&name, &format!("{:?}", response.summary));
    }
}

#[test]
fn findings_plans_and_reports_of_every_format_hold_no_secret() {
    let mut plain = 0;
    for (name, event) in planted() {
        let outcome = transform(event["fragment"].clone(), &context(&event));
        plain += outcome.findings.iter().filter(|finding| finding.code.name == "plain-secret").count();
        assert_keeps_quiet(&name, &format!("{:#?}\n{:#?}", outcome.findings, outcome.plan));
        let source = Source { name: "template.yaml", document: None, call: None, policy: None };
        let report = Report { source, outcome: &outcome, reach: Reach::Adds, notes: &[] };
        for detail in [Detail::Summary, Detail::Everything] {
            let layout = Layout { width: 120, prose: Some(100), detail };
            assert_keeps_quiet(&name, &report::plan::page(&report, layout).to_string());
            assert_keeps_quiet(&name, &report::findings(&source, &outcome.findings, layout).to_string());
        }
        assert_keeps_quiet(&name, &format!("{:#}", report::json::plans(&[report]).unwrap()));
    }
    assert!(plain > 0, "secrets in variables are told of");
}

#[cfg(feature = "cli")]
#[test]
fn the_command_prints_no_secret_of_a_template_or_of_its_parameters() {
    for (name, event) in planted().into_iter().filter(|(_, event)| event["fragment"]["Resources"].is_object()) {
        let template = scratch(&format!("{name}.template.json"), &event["fragment"].to_string());
        for format in ["text", "json", "sarif"] {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_toprail"));
            command.args(["plan", "--verbose", "--format", format]).arg(&template);
            let values = event["templateParameterValues"].as_object().unwrap();
            // A parameter that the template does not have is a mistake of whoever calls.
            for (name, value) in values.iter().filter(|(name, _)| event["fragment"]["Parameters"].get(name).is_some()) {
                command.arg("--param").arg(format!("{name}={}", value.as_str().unwrap_or_default()));
            }
            let output = command.output().unwrap();
            let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).join("\n");
            assert!(said.contains("TR") || said.contains("alarms"), "{said}");
            assert_keeps_quiet(&name, &said);
        }
    }
}

#[cfg(feature = "lambda")]
#[test]
fn the_function_logs_no_secret() {
    for (name, event) in planted() {
        let path = scratch(&format!("{name}.log"), "");
        let log = fs::File::create(&path).unwrap();
        let function = Path::new(env!("CARGO_BIN_EXE_toprail-macro"));
        runtime_api::run(function, event.to_string().as_bytes(), 2, Some(&log)).unwrap();
        let logged = fs::read_to_string(&path).unwrap();
        assert!(logged.contains("request_id"), "{name}: {logged}");
        assert_keeps_quiet(&name, &logged);
    }
}

#[cfg(any(feature = "cli", feature = "lambda"))]
fn scratch(name: &str, content: &str) -> std::path::PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("secrets-{name}"));
    fs::write(&path, content).unwrap();
    path
}
