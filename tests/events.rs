//! The macro protocol: every file in `events/` is answered as the function would answer it, and so is everything that is no such event.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use support::transform_in;
use toprail::Context;
use toprail::macro_event::{Response, respond, respond_to_bytes};

/// The events by file name.
fn events() -> BTreeMap<String, Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/events");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let events = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    events
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
        })
        .collect()
}

/// What CloudFormation requires of a response.
fn assert_well_formed(response: &Response) {
    let body = response.body.as_object().unwrap();
    assert!(body["requestId"].is_string());
    let expected = match body["status"].as_str().unwrap() {
        "success" => ["requestId", "status", "fragment"],
        "failure" => ["requestId", "status", "errorMessage"],
        other => panic!("{other} is no status"),
    };
    assert!(body.keys().eq(expected), "{:?}", body.keys().collect::<Vec<_>>());
    if let Some(message) = body.get("errorMessage") {
        let message = message.as_str().unwrap();
        assert!(!message.is_empty() && message.chars().count() <= 3100 && !message.contains('\n'), "{message}");
    }
    assert_eq!(response.summary.success, body["status"] == "success");
    assert_eq!(response.summary.request_id, body["requestId"]);
}

#[test]
fn every_event_is_answered() {
    let events = events();
    assert!(events.len() >= 8, "{:?}", events.keys());
    for (name, event) in events {
        let response = respond(event.clone());
        assert_well_formed(&response);
        assert_eq!(response.body["requestId"], event["requestId"], "{name}");
        let status = if name.starts_with("refused-") { "failure" } else { "success" };
        assert_eq!(response.body["status"], status, "{name}: {}", response.body["errorMessage"]);
    }
}

#[test]
fn events_that_succeed_get_additions_only() {
    let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
    for (name, event) in events().into_iter().filter(|(name, _)| !name.starts_with("refused-")) {
        let context = Context {
            account: "111122223333".into(),
            region: "eu-west-1".into(),
            params: object(&event["params"]),
            parameter_values: object(&event["templateParameterValues"]),
            policy: None,
        };
        let out = transform_in(event["fragment"].clone(), context);
        assert!(!out.additions().is_empty(), "{name}");
        assert_eq!(respond(event).body["fragment"].to_string(), out.fragment().to_string(), "{name}");
        assert_eq!(out.alarms().is_empty(), name.contains("one-resource"), "{name}");
    }
}

#[test]
fn an_event_from_before_sam_and_the_one_from_after_are_protected_alike() {
    let events = events();
    let out = |name: &str| support::transform(events[name]["fragment"].clone());
    let (before, after) = (out("rest-before-sam.json"), out("rest-after-sam.json"));
    assert_eq!(before.signatures(), after.signatures());
    assert!(before.alarms().len() > 20);
}

#[test]
fn every_example_is_protected_without_a_warning_about_its_configuration() {
    for example in ["orders-api", "http-api", "rest-cloudformation"] {
        let path = format!("{}/examples/{example}/template.yaml", env!("CARGO_MANIFEST_DIR"));
        let out = support::transform_yaml(&std::fs::read_to_string(path).unwrap());
        assert!(!out.outcome.failed(), "{example}: {:#?}", out.errors());
        assert!(out.alarms().len() > 15, "{example}: {:#?}", out.places());
        let unwanted: Vec<_> = out
            .codes()
            .into_iter()
            .filter(|code| ["TR2", "TR402", "TR9"].iter().any(|start| code.starts_with(start)))
            .collect();
        assert!(unwanted.is_empty(), "{example}: {unwanted:?}");
    }
}

#[test]
fn a_refusal_names_all_reasons_with_their_places() {
    let response = respond(events().remove("refused-wrong-config.json").unwrap());
    let message = response.body["errorMessage"].as_str().unwrap();
    let number: usize = message.split(' ').next().unwrap().parse().unwrap();
    assert!(number >= 8, "{message}");
    for reason in [
        "/Metadata/Toprail/Mode: `Injct`",
        "did you mean `Inject`?",
        "/Metadata/Toprail/Alarms/Api/LatencyP99/Treshold",
        "/Metadata/Toprail/Methods/FETCH ~1items",
        "/Metadata/Toprail/Throttle",
        "/Metadata/Toprail/Tags",
        "/Metadata/Toprail/Colour",
        &format!("; {number}. TR201"),
    ] {
        assert!(message.contains(reason), "{reason}: {message}");
    }
    let response = respond(events().remove("refused-not-a-template.json").unwrap());
    let message = response.body["errorMessage"].as_str().unwrap();
    assert!(message.contains("TR105") && message.contains("`Transform`"), "{message}");
}

#[test]
fn what_is_no_event_gets_a_well_formed_failure() {
    for event in [
        json!(null),
        json!(7),
        json!("text"),
        json!([]),
        json!({}),
        json!({"requestId": "r-1"}),
        json!({"requestId": 7, "fragment": {}, "params": []}),
        json!({"requestId": "r-1", "fragment": null}),
        json!({"requestId": "r-1", "fragment": "text"}),
        json!({"requestId": "r-1", "fragment": [1]}),
    ] {
        let id = event.get("requestId").and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_empty_template = event.get("fragment") == Some(&json!({}));
        let response = respond(event.clone());
        assert_well_formed(&response);
        assert_eq!(response.body["requestId"], id, "{event}");
        assert_eq!(response.body["status"] == "success", is_empty_template, "{event}");
    }
}

#[test]
fn bytes_that_cannot_be_read_get_a_failure_with_the_requests_id_where_it_can_be_found() {
    for (bytes, id) in [
        (&b""[..], ""),
        (b"\xff\xfe\x00", ""),
        (b"{\"requestId\": \"r-2\", \"fragment\": {", "r-2"),
        (b"{\"requestId\":\"r-3\"", "r-3"),
        (b"{\"requestId\": }", ""),
        (b"{\"requestId\": \"<script>\\\"", "script"),
    ] {
        let response = respond_to_bytes(None, bytes);
        assert_well_formed(&response);
        assert_eq!((&response.body["status"], &response.body["requestId"]), (&json!("failure"), &json!(id)));
    }
    let deep = format!("{{\"requestId\":\"r-4\",\"fragment\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let response = respond_to_bytes(None, deep.as_bytes());
    assert_well_formed(&response);
    assert_eq!(response.body["requestId"], "r-4");
}

#[test]
fn parameters_of_another_type_than_an_object_are_no_parameters() {
    let fragment = json!({"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {}}}});
    for odd in [json!(null), json!([]), json!("x"), json!(1)] {
        let event = json!({"requestId": "r", "fragment": fragment, "params": odd, "templateParameterValues": odd, "region": odd, "accountId": odd});
        let response = respond(event);
        assert_well_formed(&response);
        assert_eq!(response.body["status"], "success");
    }
}

#[test]
fn a_message_with_many_reasons_is_cut_and_says_so() {
    let unknown: Map<String, Value> = (0..200).map(|n| (format!("Unknown{n}"), json!(n))).collect();
    let response = respond(json!({"requestId": "r", "fragment": {"Metadata": {"Toprail": unknown}, "Resources": {}}}));
    assert_well_formed(&response);
    let message = response.body["errorMessage"].as_str().unwrap();
    assert!(message.starts_with("200 problems; 1. TR201") && message.chars().count() <= 3000, "{message}");
    let (named, more) = message.rsplit_once("; and ").unwrap();
    let rest = 200 - named.matches("TR201").count();
    assert_eq!(
        more,
        format!("{rest} more: TR201 wrong-configuration ({rest}); `toprail plan` shows all with their lines")
    );
}

/// A stage without a throttle and resources without a tag, both refused.
fn refused(resources: usize, tag: &str) -> String {
    let settings = json!({
        "Guardrails": {"unthrottled-stage": "Deny"}, "RequiredTags": [{"Key": tag, "Level": "Deny"}],
    });
    let mut map: Map<String, Value> =
        (0..resources).map(|n| (format!("Queue{n}"), json!({"Type": "AWS::SQS::Queue"}))).collect();
    map.insert("Api".to_owned(), json!({"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "a"}}));
    map.insert("ZStage".to_owned(), json!({"Type": "AWS::ApiGateway::Stage", "Properties": {"RestApiId": {"Ref": "Api"}, "StageName": "prod", "DeploymentId": "d"}}));
    let fragment = json!({"Metadata": {"Toprail": settings}, "Resources": map});
    let response = respond(json!({"requestId": "r", "fragment": fragment}));
    assert_well_formed(&response);
    assert_eq!(response.body["status"], "failure");
    response.body["errorMessage"].as_str().unwrap().to_owned()
}

#[test]
fn a_denial_names_every_reason_with_its_id_its_place_and_what_to_do() {
    let message = refused(2, "Owner");
    for reason in [
        "TR502 unthrottled-stage at /Resources/ZStage",
        "TR505 missing-required-tag at /Resources/Queue0",
        "TR505 missing-required-tag at /Resources/Queue1",
    ] {
        assert!(message.contains(reason), "{reason}: {message}");
    }
    // Each says what to do, in brackets at its end.
    let reasons: Vec<_> = message.split("; ").filter(|part| part.split(". TR").count() == 2).collect();
    assert!(message.starts_with(&format!("{} problems; 1. ", reasons.len())), "{message}");
    assert!(!message.contains("more: "), "{message}");
}

#[test]
fn a_denial_that_is_cut_still_names_every_kind() {
    let message = refused(100, "Owner");
    let (named, more) = message.split_once("; and ").unwrap();
    assert!(named.contains("TR502 unthrottled-stage at /Resources/ZStage"), "{message}");
    assert!(more.contains("TR505 missing-required-tag (") && !more.contains("TR502"), "{more}");
    let message = refused(1, &"x".repeat(5000));
    assert!(message.chars().count() <= 3000, "{}", message.chars().count());
}

#[test]
fn what_may_be_logged_is_counts_and_codes() {
    let events = events();
    let response = respond(events["rest-after-sam.json"].clone());
    let summary = response.summary;
    assert!(summary.alarms > 0 && summary.changes > 0, "{summary:?}");
    let is_code = |code: &str| code.starts_with("TR") && code.split_once(':').unwrap().1.parse::<usize>().is_ok();
    assert!(summary.codes.split_whitespace().all(is_code), "{summary:?}");
}
