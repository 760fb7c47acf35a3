//! `toprail policy`, `--policy` and `toprail schema`, as a person or a pipeline meets them.

use crate::command::{example, scratch, toprail};
use serde_json::Value;

const POLICY: &str = "Version: 1\nDefaults:\n  Alarms: {Api: {LatencyP99: {Threshold: 2500}}}\nEnforced:\n  Throttle: {Rate: 500, Burst: 250}\n";

const TEMPLATE: &str = "Transform: Toprail
Metadata:
  Toprail:
    Alarms: {Api: {LatencyP99: {Threshold: 2000}}}
    Throttle: {Rate: 900, Burst: 100}
Resources:
  A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x, Body: {paths: {/x: {get: {}}}}}}
  S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
";

#[test]
fn a_plan_names_the_files_that_its_values_come_from() {
    let (policy, template) = (scratch("policy_plan.yaml", POLICY), scratch("policy_template.yaml", TEMPLATE));
    let run = toprail(["plan", "--verbose", "--policy", &policy, &template]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let threshold = format!(
        "Threshold 2,000 ms: {template}:4:33  /Metadata/Toprail/Alarms/Api/LatencyP99/Threshold, over the policy's 2,500 ms at {policy}:3:31"
    );
    assert!(run.stdout.contains(&threshold), "{}", run.stdout);
    let replaced =
        format!("  --> {template}:5:5  /Metadata/Toprail/Throttle\n  ::: {policy}:5:3  /Enforced/Throttle\n");
    assert!(
        run.stdout.contains("warning[TR220 laxer-than-policy]: ") && run.stdout.contains(&replaced),
        "{}",
        run.stdout
    );
    let throttle = format!(
        "A prod: throttle of 500 requests/s, burst 100 (unthrottled-stage)\n      {template}:8:3\n      from {policy}:5:3\n"
    );
    assert!(run.stdout.contains(&throttle), "{}", run.stdout);
    let run = toprail(["explain", "Api.LatencyP99", &template, "--policy", &policy]);
    assert!(run.status == 0 && run.stdout.contains(&threshold), "{}", run.stdout);
    assert!(run.stdout.contains("What the policy says"), "{}", run.stdout);
}

#[test]
fn a_plan_as_json_names_both_places() {
    let (policy, template) = (scratch("policy_json.yaml", POLICY), scratch("policy_json_template.yaml", TEMPLATE));
    let run = toprail(["--policy", &policy, "plan", "--format", "json", &template]);
    let plan: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let findings = plan["templates"][0]["findings"].as_array().expect("findings");
    let replaced = findings.iter().find(|finding| finding["code"] == "TR220").expect("the finding");
    assert_eq!((&replaced["line"], &replaced["policy"]["line"]), (&Value::from(5), &Value::from(5)));
    let alarms = plan["templates"][0]["alarms"].as_array().expect("alarms");
    let alarm = alarms.iter().find(|alarm| alarm["alarm"] == "Api.LatencyP99").expect("the alarm");
    let setting = &alarm["settings"][0];
    assert_eq!((&setting["key"], &setting["value"]), (&Value::from("Threshold"), &Value::from("2,000 ms")));
    assert_eq!(setting["over"]["origin"]["file"], "policy");
    assert_eq!(
        (&alarm["origin"]["file"], &alarm["origin"]["layer"]),
        (&Value::from("template"), &Value::from("template"))
    );
}

#[test]
fn check_shows_what_holds_where_or_all_that_is_wrong() {
    let path = format!("{}/examples/policies/platform-team.yaml", env!("CARGO_MANIFEST_DIR"));
    let run = toprail(["policy", "check", &path, "--environment", "prod"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    for text in [
        "This is what it says for environment prod.",
        "Alarms.Api.ServerErrorRate.Threshold",
        "at most 5 ",
        "platform-team.yaml:",
    ] {
        assert!(run.stdout.contains(text), "{text}\n{}", run.stdout);
    }
    let elsewhere = toprail(["policy", "check", &path]).stdout;
    assert!(elsewhere.contains("at most 10 "), "{elsewhere}");

    let wrong = scratch("policy_wrong.yaml", "Version: 1\nDefault: {}\nEnforced:\n  Mode: Audit\n");
    let run = toprail(["policy", "check", &wrong]);
    assert_eq!(run.status, 1);
    for text in [
        "error[TR203 wrong-policy]: `Default` is not a setting",
        "policy_wrong.yaml:2:1",
        "did you mean `Defaults`?",
        "policy_wrong.yaml:4:3",
    ] {
        assert!(run.stdout.contains(text), "{text}\n{}", run.stdout);
    }
    let json: Value =
        serde_json::from_str(&toprail(["policy", "check", &wrong, "--format", "json"]).stdout).expect("JSON");
    assert_eq!(json["findings"][0]["policy"]["line"], 2);
}

#[test]
fn a_wrong_policy_stops_every_command() {
    let wrong = scratch("policy_stops.yaml", "Version: 1\nDefault: {}\n");
    let template = example("orders-api");
    for args in
        [["plan", &template], ["transform", &template], ["explain", "TR301"], ["list", "alarms"], ["invoke", "-"]]
    {
        let run = toprail(["--policy", &wrong, args[0], args[1]]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{args:?}");
        assert!(run.stderr.contains("policy_stops.yaml:2:1"), "{args:?}: {}", run.stderr);
    }
    let run = toprail(["plan", "--policy", "/nowhere.yaml", &template]);
    assert!(run.status == 2 && run.stderr.contains("/nowhere.yaml: no such file"), "{}", run.stderr);
}

#[test]
fn diff_shows_what_changes_and_who_would_newly_fail() {
    let (policy, template) = (scratch("policy_old.yaml", POLICY), scratch("policy_diff.yaml", TEMPLATE));
    let run = toprail(["policy", "diff", &policy, &policy, &template]);
    assert_eq!(run.status, 0);
    assert!(run.stdout.contains("nothing changes"), "{}", run.stdout);

    let new = "Version: 1\nEnforced:\n  Alarms: {Api: {LatencyP99: {Threshold: 1000}, LatencyP95: {Enabled: true}}}\n  Profile: Standard\nDefaults: {Profile: Essential}\n";
    let run = toprail(["policy", "diff", &policy, &scratch("policy_new.yaml", new), &template]);
    assert_eq!(run.status, 0, "{}", run.stdout);
    for text in [
        "~ alarm Api.LatencyP99 of A prod GET /x: threshold > 2,000 ms → > 1,000 ms",
        "+ A prod: throttle of 900 requests/s",
        "+ finding warning[TR220",
        "0 would newly fail",
    ] {
        assert!(run.stdout.contains(text), "{text}\n{}", run.stdout);
    }

    let deny = scratch("policy_deny.yaml", "Version: 1\nEnforced: {RequiredTags: [{Key: Team, Level: Deny}]}\n");
    let run = toprail(["policy", "diff", "none", &deny, &template]);
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("would newly fail") && run.stdout.contains("1 would newly fail"), "{}", run.stdout);
    let run = toprail(["policy", "diff", "none", &deny, &template, "--format", "json"]);
    let json: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(
        (run.status, &json["newlyFailing"], &json["templates"][0]["newlyFails"]),
        (1, &Value::from(1), &Value::from(true))
    );
}

#[test]
fn a_policy_that_differs_by_account_says_so() {
    let policy =
        scratch("policy_accounts.yaml", "Version: 1\nAccounts: [{Account: '1111*', Defaults: {Profile: Essential}}]\n");
    let template = scratch("policy_accounts_template.yaml", TEMPLATE);
    let alarms = |run: &str| run.matches("LatencyP95").count();
    let without = toprail(["plan", "--policy", &policy, "--verbose", &template]);
    assert!(without.stdout.contains("--account is not given") && alarms(&without.stdout) > 0, "{}", without.stdout);
    let with = toprail([
        "plan",
        "--policy",
        &policy,
        "--verbose",
        "--account",
        "111122223333",
        "--region",
        "eu-west-1",
        &template,
    ]);
    assert!(!with.stdout.contains("is not given") && alarms(&with.stdout) == 0, "{}", with.stdout);
}

/// A policy with a row on a metric and one on logs, and levels that are not the defaults.
const OWN: &str = "Version: 1
Custom:
  - {Id: Payments.Stuck, ResourceTypes: X::Y, Namespace: N, MetricName: Stuck, Dimensions: {Id: Ref}, Statistic: Sum, ComparisonOperator: GreaterThanThreshold, Threshold: 3, Description: Work is stuck.}
  - {Id: Logs.TimedOut, LogPattern: timed out, Description: A function has timed out.}
Defaults:
  Profile: Critical
  Alarms: {Payments: {Stuck: {Threshold: 5}}, Api: {LatencyP99: {Threshold: 2500, Severity: Warning}, SuccessRate: false}}
  Guardrails: {unthrottled-stage: Warn, missing-default-tags: Info}
Enforced:
  NoSuppress: [unthrottled-stage, TR303]
";

const OWN_TEMPLATE: &str = "Transform: Toprail
Resources:
  Y: {Type: X::Y}
  F: {Type: AWS::Lambda::Function}
  L: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/aws/lambda/${F}'}}
";

#[test]
fn own_alarms_are_listed_explained_checked_and_planned() {
    let (policy, template) = (scratch("own.yaml", OWN), scratch("own_template.yaml", OWN_TEMPLATE));
    let checked = toprail(["policy", "check", &policy]);
    assert!(
        checked.stdout.contains("Payments.Stuck  > 3") && checked.stdout.contains(&format!("{policy}:3:5")),
        "{}",
        checked.stdout
    );
    let listed = toprail(["list", "alarms", "--policy", &policy]);
    let line = listed.stdout.lines().find(|line| line.starts_with("Payments.Stuck")).expect("the row");
    assert!(line.contains("on ") && line.contains("> 5"), "{line}");
    let page = toprail(["explain", "payments.stuck", "--policy", &policy]);
    assert!(
        page.stdout.contains("Work is stuck.") && page.stdout.contains("N: Stuck Sum (Id = Ref)"),
        "{}",
        page.stdout
    );
    assert!(page.stdout.contains("Alarms.Payments.Stuck.Threshold"), "{}", page.stdout);
    let near = toprail(["explain", "Payments.Stuk", "--policy", &policy]);
    assert!(near.stderr.contains("did you mean Payments.Stuck"), "{}", near.stderr);
    let plan = toprail(["plan", "--verbose", "--policy", &policy, &template]);
    assert!(plan.stdout.contains(", and 1 metric filter"), "{}", plan.stdout);
    assert!(plan.stdout.contains(&format!("Threshold 0: {policy}:4:5  /Custom/1")), "{}", plan.stdout);
    assert!(plan.stdout.contains("with the metric filter LLogsTimedOutMetricFilter"), "{}", plan.stdout);
    let schema = toprail(["schema", "template", "--policy", &policy]);
    assert!(schema.stdout.contains("\"Stuck\""), "an editor knows them");
}

#[test]
fn a_plan_says_where_profile_and_levels_come_from() {
    let (policy, template) = (scratch("levels.yaml", OWN), scratch("levels_template.yaml", OWN_TEMPLATE));
    let run = toprail(["plan", "--verbose", "--policy", &policy, &template]);
    assert!(run.stdout.contains(&format!("  Profile Critical: {policy}:6:3  /Defaults/Profile\n")), "{}", run.stdout);
    let level = format!("  unthrottled-stage Warn: {policy}:8:16  /Defaults/Guardrails/unthrottled-stage\n");
    assert!(run.stdout.contains(&level), "{}", run.stdout);
    let template = scratch(
        "levels_own.yaml",
        OWN_TEMPLATE.replace("Resources:", "Metadata: {Toprail: {Profile: Essential}}\nResources:"),
    );
    let run = toprail(["plan", "--verbose", "--policy", &policy, &template]);
    let over = format!(
        "Profile Essential: {template}:2:22  /Metadata/Toprail/Profile, over the policy's Critical at {policy}:6:3"
    );
    assert!(run.stdout.contains(&over), "{}", run.stdout);
    let run = toprail(["plan", "--verbose", &scratch("levels_none.yaml", OWN_TEMPLATE)]);
    assert!(run.stdout.contains("  Profile Standard: Toprail's default\n"), "{}", run.stdout);
}

#[test]
fn a_list_as_json_has_what_the_policy_makes_of_it() {
    let policy = scratch("list_json.yaml", OWN);
    let list = |what: &str, key: &str, id: &str| {
        let run = toprail(["list", what, "--format", "json", "--policy", &policy]);
        let all: Value = serde_json::from_str(&run.stdout).expect("JSON");
        all.as_array().expect("a list").iter().find(|one| one[key] == id).expect("the entry").clone()
    };
    let alarm = list("alarms", "id", "Api.LatencyP99");
    assert_eq!(
        (&alarm["severity"], &alarm["inForce"]["severity"]),
        (&Value::from("Critical"), &Value::from("Warning"))
    );
    assert_eq!(alarm["inForce"]["threshold"], 2500);
    assert_eq!(
        (&alarm["inForce"]["settings"][0]["layer"], &alarm["inForce"]["settings"][0]["line"]),
        (&Value::from("policyDefaults"), &Value::from(7))
    );
    assert_eq!(list("alarms", "id", "Api.SuccessRate")["inForce"]["enabled"], false);
    assert_eq!(list("alarms", "id", "Payments.Stuck")["inForce"]["threshold"], 5);
    assert_eq!(list("guardrails", "id", "unthrottled-stage")["inForce"]["level"], "Warn");
    assert_eq!(list("findings", "code", "TR303")["policy"][0]["path"], "NoSuppress.TR303");
    let run = toprail(["list", "alarms", "--format", "json"]);
    assert!(!run.stdout.contains("inForce"), "without a policy there is only the catalogue");
}
