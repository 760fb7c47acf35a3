//! The laws, on templates that proptest chooses. A case is a string of bytes (see `grammar`); a failure prints the shrunk template.

use crate::checks::complaints;
use crate::cloudwatch;
use crate::grammar::{Case, SECRET, SWITCHES};
use crate::sam::Application;
use crate::support::{Out, conditions, object, signature, soundness, transform_unchecked};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use toprail::Outcome;
use toprail::macro_event::respond;
use toprail::report::{self, Detail, Layout, Reach, Report, Source};

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..160)
}

/// As many cases as a minute-long test run has time for; `PROPTEST_CASES` asks for another number.
fn cases(cases: u32) -> Config {
    let default = Config::default();
    let cases = if default.cases == 256 { cases } else { default.cases };
    // Failures become named tests, not files that nobody reads.
    Config { cases, failure_persistence: None, max_shrink_iters: 4000, ..default }
}

fn run(case: &Case) -> Out {
    transform_unchecked(case.template.clone(), case.context.clone())
}

/// The ids of the alarms by what they watch: place, alarm and condition.
fn ids(out: &Out) -> BTreeMap<String, BTreeSet<String>> {
    let mut ids: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for alarm in &out.outcome.plan.alarms {
        let key = format!("{:?} {}", alarm.place, alarm.row.id);
        ids.entry(key).or_default().insert(alarm.logical_id.clone());
    }
    ids
}

/// Everything that people and programs are told.
fn told(outcome: &Outcome) -> String {
    let source = Source { name: "template.yaml", document: None, call: None, policy: None };
    let report = Report { source, outcome, reach: Reach::Adds, notes: &[] };
    let layout = Layout { width: 100, prose: None, detail: Detail::Everything };
    let json = report::json::plans(&[report]).unwrap();
    let plan = report::plan::page(&report, layout);
    let findings = report::findings(&source, &outcome.findings, layout);
    format!("{json}\n{plan}\n{findings}\n{:?}\n{:?}", outcome.findings, outcome.plan)
}

proptest! {
    #![proptest_config(cases(200))]

    // Laws 1, 2, 3 (twice is once), 4 (valid ids) and 8, and that findings have a place.
    #[test]
    fn what_was_there_stays_what_is_added_is_valid_and_nothing_fails(bytes in bytes()) {
        let complaints = complaints(&bytes);
        prop_assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    }

    #[test]
    fn law_7_values_of_parameters_are_found_nowhere(bytes in bytes()) {
        let case = Case::from_bytes(&bytes);
        let out = run(&case);
        let told = told(&out.outcome);
        prop_assert!(!told.contains(SECRET), "told: {}", told);
        // A configuration text among the parameters is the author's; what it says may be used, what other parameters say may not.
        prop_assert!(!out.additions().contains(SECRET), "copied: {}", out.additions());
        let event = json!({"requestId": "r", "fragment": case.template, "params": case.context.params,
            "templateParameterValues": case.context.parameter_values});
        let response = respond(event);
        prop_assert!(!response.body.to_string().contains(SECRET), "answered: {}", response.body);
        let summary = format!("{:?}", response.summary);
        prop_assert!(!summary.contains(SECRET), "logged: {}", summary);
    }

    #[test]
    fn law_8_the_result_fits_and_what_does_not_fit_is_named(bytes in bytes(), fillers in 380_usize..500) {
        let mut case = Case::from_bytes(&bytes);
        let resources = case.template["Resources"].as_object_mut().unwrap();
        for index in resources.len()..fillers {
            resources.insert(format!("Filler{index}"), json!({"Type": "AWS::SNS::Subscription"}));
        }
        let out = run(&case);
        prop_assert!(out.fragment()["Resources"].as_object().unwrap().len() <= 500);
        prop_assert!(out.fragment().to_string().len() <= 1_000_000);
        let roomy = run(&Case::from_bytes(&bytes));
        let left_out = roomy.alarms().len() > out.alarms().len();
        prop_assert!(!left_out || !out.findings("TR402").is_empty(), "left out without a word");
    }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn law_3_the_same_input_gives_the_same_bytes(bytes in bytes(), others in bytes()) {
        let case = Case::from_bytes(&bytes);
        let first = run(&case);
        run(&Case::from_bytes(&others));
        let second = run(&case);
        prop_assert_eq!(first.fragment().to_string(), second.fragment().to_string());
        prop_assert_eq!(told(&first.outcome), told(&second.outcome));
    }

    #[test]
    fn law_4_ids_are_unique_and_depend_on_no_threshold(bytes in bytes()) {
        let case = Case::from_bytes(&bytes);
        let out = run(&case);
        let planned: Vec<_> = out.outcome.plan.alarms.iter().map(|alarm| &alarm.logical_id).collect();
        prop_assert_eq!(planned.iter().collect::<BTreeSet<_>>().len(), planned.len(), "an id is there twice");
        let mut other = case.clone();
        // What needs a number is on once it has one, so only rows with a number of their own are alike before and after.
        let rows = toprail::catalogue::alarms().filter(|row| matches!(row.threshold, toprail::catalogue::Threshold::Number(_)));
        let mut alarms = json!({});
        rows.for_each(|row| alarms[row.group()][row.name()] = json!({"Threshold": 3, "EvaluationPeriods": 9, "DatapointsToAlarm": 9}));
        let before = other.template["Metadata"]["Toprail"]["Alarms"].clone();
        if before.is_null() && !other.context.params.contains_key("Config") {
            other.template["Metadata"]["Toprail"]["Alarms"] = alarms;
            // Which alarms there are may differ: an author's alarm counts only if it is as strict.
            let (before, after) = (ids(&out), ids(&run(&other)));
            for (place, id) in after.iter().filter(|(place, _)| before.contains_key(*place)) {
                prop_assert_eq!(Some(id), before.get(place));
            }
        }
    }

    #[test]
    fn law_4_ids_depend_on_no_order(bytes in bytes()) {
        let case = Case::from_bytes(&bytes);
        let mut other = case.clone();
        let resources = other.template["Resources"].as_object().unwrap().clone();
        other.template["Resources"] = object(resources.into_iter().rev());
        prop_assert_eq!(ids(&run(&other)), ids(&run(&case)), "{}", case.template);
    }

    #[test]
    fn law_4_ids_depend_on_no_sibling(bytes in bytes()) {
        let case = Case::from_bytes(&bytes);
        let before = ids(&run(&case));
        let mut other = case;
        other.template["Resources"]["Sibling"] = json!({"Type": "AWS::Lambda::Function", "Properties": {"Timeout": 3}});
        other.template["Resources"]["SiblingApi"] = json!({"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "sibling", "Body": {"paths": {"/x": {"get": {}}}}}});
        other.template["Resources"]["SiblingStage"] = json!({"Type": "AWS::ApiGateway::Stage", "Properties": {"RestApiId": {"Ref": "SiblingApi"}, "StageName": "prod"}});
        let mut after = ids(&run(&other));
        after.retain(|place, _| !place.contains("Sibling"));
        prop_assert_eq!(after, before);
    }

    #[test]
    fn law_5_every_alarm_is_one_that_cloudwatch_takes_on_a_metric_that_exists(bytes in bytes()) {
        let complaints = cloudwatch::complaints(&run(&Case::from_bytes(&bytes)));
        prop_assert!(complaints.is_empty(), "{}\n{}", complaints.join("\n"), Case::from_bytes(&bytes).template);
    }

    #[test]
    fn law_6_what_is_added_refers_to_nothing_that_is_not_there(bytes in bytes()) {
        let case = Case::from_bytes(&bytes);
        let out = run(&case);
        for values in assignments() {
            let before = conditions::deployed(&out.before, &values);
            let after = conditions::deployed(out.fragment(), &values);
            let dangling = soundness::dangling_references(&before, &after);
            prop_assert!(dangling.is_empty(), "{:?}: {:?}\n{}", values, dangling, out.before);
        }
    }

    #[test]
    fn law_6_alarms_exist_exactly_when_what_they_watch_does(bytes in bytes()) {
        let case = Case::from_bytes(&bytes);
        let out = run(&case);
        for values in assignments() {
            let mut alone = conditions::deployed(&out.before, &values);
            // The configuration among the parameters still asks for them.
            alone["Conditions"] = out.before["Conditions"].clone();
            let alone = transform_unchecked(alone, case.context.clone());
            let (ours, theirs) = (watched(&out, &values), watched(&alone, &values));
            let surplus: Vec<_> = ours.iter().filter(|alarm| !theirs.contains(alarm)).collect();
            let missing: Vec<_> = theirs.iter().filter(|alarm| !ours.contains(alarm)).collect();
            let is_alike = surplus.is_empty() && missing.is_empty() && ours.len() == theirs.len();
            prop_assert!(is_alike, "{:?}: surplus {:#?}, missing {:#?}\n{}", values, surplus, missing, out.before);
        }
    }

    #[test]
    fn law_9_an_application_is_watched_alike_before_and_after_sam(bytes in vec(any::<u8>(), 0..48)) {
        let application = Application::from_bytes(&bytes);
        let [before, after] = application.watched();
        prop_assert_eq!(before, after, "{:?}", application);
    }
}

/// What the alarms of a deployment watch: alarm and dimensions of ours, everything of the author's. Thresholds are left out, because a
/// threshold that depends on a condition stands as metric math before the condition is decided, and as a number after.
fn watched(out: &Out, values: &conditions::Values) -> Vec<String> {
    let deployed = conditions::deployed(out.fragment(), values);
    let planned: BTreeMap<_, _> =
        out.outcome.plan.alarms.iter().map(|alarm| (alarm.logical_id.as_str(), &*alarm.row.id)).collect();
    let alarms = deployed["Resources"].as_object().unwrap().iter();
    let alarms = alarms.filter(|(_, resource)| resource["Type"] == "AWS::CloudWatch::Alarm");
    let line = |(id, resource): (&String, &Value)| match (planned.get(id.as_str()), signature(resource)) {
        (Some(row), signature) => format!("{row} {}", signature.split(" | ").next().unwrap_or_default()),
        (None, signature) => signature,
    };
    let mut lines: Vec<_> = alarms.map(line).collect();
    lines.sort();
    lines
}

/// All ways to decide the conditions.
fn assignments() -> Vec<conditions::Values> {
    conditions::assignments(&SWITCHES)
}

#[test]
fn the_grammar_reaches_what_the_laws_are_about() {
    let mut codes = BTreeSet::new();
    let mut rows = BTreeSet::new();
    let (mut conditional, mut left_alone) = (0, 0);
    for seed in 0..400_u32 {
        // Any bytes will do, as long as they are the same each time.
        let byte =
            |index: u32| seed.wrapping_mul(2_654_435_761).wrapping_add(index.wrapping_mul(40_503)).to_be_bytes()[1];
        let out = run(&Case::from_bytes(&(0..160).map(byte).collect::<Vec<_>>()));
        codes.extend(out.outcome.findings.iter().map(|finding| finding.code.id));
        rows.extend(out.alarms().iter().map(|alarm| alarm.planned.row.id.clone()));
        conditional += out.alarms().iter().filter(|alarm| alarm.condition().is_some()).count();
        left_alone += usize::from(out.alarms().is_empty());
    }
    assert!(codes.len() >= 15 && conditional > 200 && left_alone < 200, "{codes:?} {conditional} {left_alone}");
    for row in [
        "Api.LatencyP99",
        "Function.Duration",
        "WebSocket.ExecutionErrorRate",
        "Own.EmptyRate",
        "Own.Slow",
        "Own.Lines",
    ] {
        assert!(rows.contains(row), "{row}");
    }
}
