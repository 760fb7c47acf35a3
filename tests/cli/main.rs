//! The command as a person or a pipeline meets it: exit status, streams, colours, files. Drives the real binary.

mod ci;
mod command;
mod policy;
mod sarif;

use command::{Run, example, scratch, toprail};
use serde_json::Value;
use std::fs;

#[test]
fn a_clean_plan_exits_with_zero_and_shows_every_method() {
    let run = toprail(["plan", &example("orders-api")]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    for text in [
        "1 REST API · 6 methods · 4 Lambda functions",
        "OrdersApi prod: throttle of 1,000 requests/s, burst 500",
        "/payments",
        "stage level only",
        " of 500",
    ] {
        assert!(run.stdout.contains(text), "{text}\n{}", run.stdout);
    }
}

#[test]
fn findings_set_the_exit_status_from_the_level_that_is_asked_for() {
    let template = scratch("no_topic.yaml", "Resources:\n  F:\n    Type: AWS::Lambda::Function\n");
    let status = |level: &str| toprail(["plan", "--fail-on", level, &template]).status;
    assert_eq!([status("error"), status("warning"), status("info"), status("never")], [0, 1, 1, 0]);
    let run = toprail(["plan", &template]);
    assert!(
        run.stdout.contains("warning[TR202 nobody-notified]: ") && run.stdout.contains("no_topic.yaml:1:1"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_wrong_setting_is_named_with_its_line() {
    let template = scratch(
        "typo.yaml",
        "Metadata:\n  Toprail:\n    Alarm: {}\nResources:\n  F:\n    Type: AWS::Lambda::Function\n",
    );
    let run = toprail(["plan", &template]);
    assert_eq!(run.status, 1);
    assert!(
        run.stdout.contains("error[TR201 wrong-configuration]: ") && run.stdout.contains("typo.yaml:3:5"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("A deployment would fail"), "{}", run.stdout);
    let output = format!("{template}.out");
    let run = toprail(["transform", &template, "-o", &output]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("TR201") && !fs::exists(&output).expect("a directory"));
}

#[test]
fn a_wrong_parameter_of_the_call_is_shown_where_the_call_is() {
    let text = "Transform:\n  - AWS::Serverless-2016-10-31\n  - Name: Toprail\n    Parameters:\n      Profile: Standart\nResources: {}\n";
    let run = toprail(["plan", &scratch("call.yaml", text)]);
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("call.yaml:5:7"), "{}", run.stdout);
}

#[test]
fn what_cannot_be_read_is_one_clear_line_and_exit_two() {
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let files = [
        (scratch("empty.yaml", ""), "the file is empty"),
        (scratch("binary.yaml", b"\x7fELF\0\0\0"), "not a text file"),
        (scratch("huge.yaml", vec![b'#'; 5_000_000]), "CloudFormation takes 1 MB at most"),
        (scratch("cycle.yaml", "a: &a\n  b: *a\n"), "cycle.yaml:2:6"),
        (scratch("deep.yaml", deep.as_bytes()), "levels deep"),
        (scratch("deep.json", format!("{{\"a\":{deep}}}")), "levels deep"),
        (scratch("list.yaml", "- a\n"), "the file must hold a mapping"),
        ("/nowhere/template.yaml".to_owned(), "no such file"),
        (env!("CARGO_MANIFEST_DIR").to_owned(), "this is a directory"),
    ];
    for (file, message) in &files {
        for command in ["plan", "transform"] {
            let run = toprail([command, file]);
            assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{command} {file}");
            assert!(run.stderr.starts_with("toprail: ") && run.stderr.contains(message), "{}", run.stderr);
            assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
        }
    }
}

#[test]
fn one_unreadable_file_does_not_hide_the_others() {
    let run = toprail(["plan", "/nowhere.yaml", &example("orders-api"), &example("http-api")]);
    assert_eq!(run.status, 2);
    assert!(
        run.stdout.contains("OrdersApi · REST API · stage prod") && run.stdout.contains("Total  2 templates"),
        "{}",
        run.stdout
    );
}

#[test]
fn colours_are_for_terminals_and_for_those_who_insist() {
    let file = example("orders-api");
    let has_colour = |run: Run| run.stdout.contains('\u{1b}');
    assert!(!has_colour(toprail(["plan", &file])));
    assert!(has_colour(toprail(["plan", "--color", "always", &file])));
    assert!(has_colour(command::with_env(["plan", &file], &[("CLICOLOR_FORCE", "1")])));
    assert!(!has_colour(command::with_env(["plan", "--color", "auto", &file], &[("NO_COLOR", "1")])));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for name in ["orders-api", "http-api", "rest-cloudformation"] {
        for width in ["56", "80", "120"] {
            let run = toprail(["plan", "--width", width, &example(name)]);
            let limit: usize = width.parse().expect("a number");
            let fits =
                |line: &&str| line.chars().count() <= limit || line.contains("-->") || line.contains("template.yaml");
            assert_eq!(run.stdout.lines().find(|line| !fits(line)), None, "{name} {width}");
        }
    }
}

#[test]
fn the_json_of_a_plan_keeps_its_shape() {
    let run = toprail(["plan", "--format", "json", &example("orders-api")]);
    let json: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(json["version"], 1);
    let template = &json["templates"][0];
    let keys: Vec<_> = template.as_object().expect("an object").keys().map(String::as_str).collect();
    let expected = [
        "file",
        "reach",
        "settings",
        "alarms",
        "changes",
        "unwatched",
        "findings",
        "notes",
        "resources",
        "monthlyCostUsd",
        "monthlyMetricsCostUsd",
    ];
    assert_eq!(keys, expected);
    let alarms = template["alarms"].as_array().expect("a list");
    let payments = alarms
        .iter()
        .find(|alarm| alarm["alarm"] == "Api.LatencyP99" && alarm["place"]["path"] == "/payments")
        .expect("an alarm");
    assert_eq!(payments["threshold"], "> 8,000 ms");
    assert_eq!(payments["origin"]["pointer"], "/Metadata/Toprail/Methods/POST ~1payments/LatencyP99/Threshold");
    assert_eq!((&payments["origin"]["line"], &payments["origin"]["column"]), (&Value::from(13), &Value::from(41)));
    assert_eq!(json["total"]["alarms"], alarms.len());
}

#[test]
fn parameters_of_the_template_reach_the_call() {
    let text = "Transform: {Name: Toprail, Parameters: {Profile: !Ref Level}}\nParameters:\n  Level: {Type: String}\n\
                Resources:\n  F:\n    Type: AWS::Lambda::Function\n";
    let file = scratch("params.yaml", text);
    let count = |run: Run| run.stdout.matches("○").count();
    let without = toprail(["plan", &file]);
    assert!(without.stdout.contains("note: the parameter `Profile`"), "{}", without.stdout);
    assert!(count(without) > count(toprail(["plan", "--param", "Level=Essential", &file])));
    assert_eq!(toprail(["plan", "--param", "Levle=Essential", &file]).status, 2);
}

#[test]
fn a_transformed_template_reads_back_the_same_in_both_formats() {
    for name in ["orders-api", "http-api", "rest-cloudformation"] {
        let json = toprail(["transform", "--format", "json", &example(name)]);
        let yaml = toprail(["transform", &example(name)]);
        assert_eq!((json.status, yaml.status, yaml.stderr.as_str()), (0, 0, ""));
        let again = toprail(["transform", "--format", "json", &scratch(&format!("{name}.yaml"), &yaml.stdout)]);
        assert!(again.stdout == json.stdout, "{name}: a second pass changes something, or YAML does");
        assert!(!yaml.stdout.contains("Toprail]") && yaml.stdout.contains("AWS::CloudWatch::Alarm"));
    }
}

#[test]
fn a_file_is_written_whole_and_keeps_its_place() {
    let input = scratch(
        "input.json",
        r#"{"Transform": ["Other", "Toprail"], "Resources": {"F": {"Type": "AWS::Lambda::Function"}}}"#,
    );
    let output = scratch("output.json", "before");
    let run = toprail(["transform", &input, "-o", &output]);
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    let json: Value = serde_json::from_slice(&fs::read(&output).expect("a file")).expect("JSON");
    assert_eq!(json["Transform"], serde_json::json!(["Other"]));
    assert_eq!(json.as_object().expect("an object").keys().next().map(String::as_str), Some("Transform"));
    let leftovers = fs::read_dir(std::path::Path::new(&output).parent().expect("a directory")).expect("a directory");
    assert_eq!(
        leftovers.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(".output.json")).count(),
        0
    );
    assert_eq!(toprail(["transform", &input, "-o", "/nowhere/output.json"]).status, 2);
}

#[test]
fn events_are_answered_in_order_one_line_each() {
    let event = |name: &str| format!("{}/events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let run =
        toprail(["invoke", &event("rest-before-sam"), &event("refused-wrong-config"), &scratch("none.json", "{")]);
    assert_eq!(run.status, 1);
    let statuses: Vec<_> =
        run.stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["status"].clone()).collect();
    assert_eq!(statuses, ["success", "failure", "failure"]);
    assert_eq!(toprail(["invoke", &event("rest-before-sam")]).status, 0);
    assert_eq!(toprail(["invoke", "/nowhere.json"]).status, 2);
}

#[test]
fn everything_that_is_listed_can_be_explained() {
    for (listing, key) in [("alarms", "id"), ("guardrails", "id"), ("findings", "code"), ("findings", "name")] {
        let list: Value = serde_json::from_str(&toprail(["list", listing, "--format", "json"]).stdout).expect("JSON");
        for id in list.as_array().expect("a list").iter().filter_map(|entry| entry[key].as_str()) {
            let run = toprail(["explain", id]);
            assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{id}");
            assert!(run.stdout.contains(id) || key == "name", "{id}\n{}", run.stdout);
            assert_eq!(toprail(["list", listing]).stdout.matches(id).next(), Some(id));
        }
    }
    let run = toprail(["explain", "Api.LatencyP9"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("did you mean Api.LatencyP95"), "{}", run.stderr);
}

#[test]
fn standard_input_is_a_file_too() {
    let template = fs::read(example("orders-api")).expect("a template");
    let run = command::with_input(["plan", "-"], &template);
    assert_eq!(run.status, 0);
    assert!(run.stdout.starts_with("<stdin>\n") && !run.stdout.contains("toprail transform"), "{}", run.stdout);
    assert_eq!(command::with_input(["transform", "-"], b"").status, 2);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let run = command::with_closed_output(["transform", &example("orders-api")]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
}

#[test]
fn help_version_and_completions_are_there() {
    for command in ["plan", "transform", "invoke", "explain", "list", "completions"] {
        let run = toprail([command, "--help"]);
        assert_eq!(run.status, 0);
        assert!(run.stdout.contains("Example"), "{command} has no example");
    }
    assert_eq!(toprail(["--version"]).stdout, format!("toprail {}\n", env!("CARGO_PKG_VERSION")));
    assert!(toprail(["completions", "zsh"]).stdout.contains("#compdef toprail"));
    assert_eq!(toprail(["nonsense"]).status, 2);
}
