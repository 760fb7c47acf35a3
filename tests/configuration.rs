//! Configuration: what can be said, where, and what happens to what cannot.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::{Value, json};
use support::{Out, shown, transform, transform_resources, transform_with, transform_yaml, yaml};

const TOPIC: &str = "arn:aws:sns:eu-west-1:123456789012:pager";

/// A REST API `A` with three methods in stage `prod`, a function `F`, topics `T` and, under the condition `C`, `U`.
fn template() -> Value {
    yaml(
        "
        Parameters: {P: {Type: String}, Many: {Type: CommaDelimitedList}, Arns: {Type: 'List<String>'}}
        Conditions: {C: !Equals [!Ref P, a]}
        Resources:
          A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x, Body: {paths: {/x: {get: {}}, '/orders/{id}': {get: {}, post: {}}}}}}
          S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
          F: {Type: AWS::Lambda::Function, Properties: {}}
          T: {Type: AWS::SNS::Topic}
          U: {Type: AWS::SNS::Topic, Condition: C}
        ",
    )
}

fn with(config: &Value) -> Out {
    let mut template = template();
    template["Metadata"] = json!({"Toprail": config});
    transform(template)
}

/// The same, from YAML.
fn configured(config: &str) -> Out {
    with(&yaml(config))
}

#[test]
fn every_setting_is_accepted_and_none_fails() {
    let out = configured(
        "
        Enabled: true
        Mode: Inject
        Profile: Critical
        Notify: {Critical: !Ref T, Warning: [!Ref P, 'arn:aws:sns:eu-west-1:123456789012:w'], Ok: T, InsufficientData: !Ref U}
        Alarms:
          Api:
            Enabled: true
            LatencyP99: {Enabled: true, Threshold: 2000, Period: 120, EvaluationPeriods: 4, DatapointsToAlarm: 2, Statistic: p99.9, TreatMissingData: ignore, MinSamples: 7, Severity: Warning, Runbook: https://example.com, Description: Slow.}
            ClientErrorRate: false
          Stage: {SuccessRate: false}
          Function: {Duration: true}
          WebSocket: false
        Methods: {GET /x: false, '* /orders/*': {Enabled: true, Throttle: {Rate: 2, Burst: 3}, LatencyP95: {Threshold: 1}, AnyMethods: [GET]}}
        Throttle: {Rate: 5, Burst: 6}
        Tags: {Team: t}
        DetailedMetrics: true
        Guardrails: {unthrottled-stage: Fix, missing-default-tags: Info, missing-detailed-metrics: Fix}
        Suppress: [{Id: Function.Throttles, Where: F, Reason: never}]
        AnyMethods: [GET, POST]
        AlarmNames: Readable
        Runbook: 'https://wiki/{alarm}/{resource}/{stage}/{method}{path}'
        Budget: 1000
        ",
    );
    assert_eq!(out.errors(), Vec::<String>::new());
    let alarm = out.alarm("POST /orders/{id}", "LatencyP99");
    assert_eq!((alarm.window().as_str(), alarm.metrics()[0].as_str()), ("120 s, 2 of 4", "Latency p99.9"));
    assert_ne!(
        alarm.expression(),
        configured("{}").alarm("POST /orders/{id}", "LatencyP99").expression(),
        "`MinSamples` is the gate"
    );
    assert_eq!((alarm.threshold(), alarm.property("TreatMissingData")), (&json!(2000), &json!("ignore")));
    assert_eq!(alarm.property("OKActions"), &json!([{"Ref": "T"}]));
    assert!(!out.has("GET /x", "LatencyP99") && !out.has("F", "Throttles") && !out.has("A prod", "SuccessRate"));
}

/// Configurations that are wrong, where they are, and a part of what is said about it.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("Colour: blue", "/Colour", "`Colour` is not a setting"),
    ("Alarm: {}", "/Alarm", "did you mean `Alarms`?"),
    ("Alarms: {Apis: {}}", "/Alarms/Apis", "did you mean `Api`?"),
    ("Alarms: {Api: {LatencyP9: {}}}", "/Alarms/Api/LatencyP9", "did you mean `LatencyP9"),
    ("Alarms: {Api: {LatencyP99: {Treshold: 1}}}", "/Alarms/Api/LatencyP99/Treshold", "did you mean `Threshold`?"),
    ("Alarms: {Api: {LatencyP99: 5}}", "/Alarms/Api/LatencyP99", "false, or an object"),
    (
        "Alarms: {Api: {LatencyP99: {Threshold: fast}}}",
        "/Alarms/Api/LatencyP99/Threshold",
        "`fast` is not allowed here",
    ),
    ("Alarms: {Api: {LatencyP99: {Threshold: -1}}}", "/Alarms/Api/LatencyP99/Threshold", "at least 0"),
    ("Alarms: {Api: {LatencyP99: {Period: 30}}}", "/Alarms/Api/LatencyP99/Period", "from 60 to 86400"),
    ("Alarms: {Api: {LatencyP99: {Period: 90}}}", "/Alarms/Api/LatencyP99/Period", "a multiple of 60"),
    (
        "Alarms: {Api: {LatencyP99: {EvaluationPeriods: 0}}}",
        "/Alarms/Api/LatencyP99/EvaluationPeriods",
        "a whole number",
    ),
    (
        "Alarms: {Api: {LatencyP99: {EvaluationPeriods: 1.5}}}",
        "/Alarms/Api/LatencyP99/EvaluationPeriods",
        "a whole number",
    ),
    ("Alarms: {Api: {LatencyP99: {Statistic: p101}}}", "/Alarms/Api/LatencyP99/Statistic", "a statistic of CloudWatch"),
    (
        "Alarms: {Api: {LatencyP99: {TreatMissingData: notbreaching}}}",
        "/Alarms/Api/LatencyP99/TreatMissingData",
        "did you mean `notBreaching`?",
    ),
    ("Alarms: {Api: {LatencyP99: {Severity: Fatal}}}", "/Alarms/Api/LatencyP99/Severity", "`Critical`, `Warning`"),
    ("Alarms: {Api: {LatencyP99: {MinSamples: 0}}}", "/Alarms/Api/LatencyP99/MinSamples", "from 1 to"),
    (
        "Alarms: {Api: {LatencyP99: {DatapointsToAlarm: 3, EvaluationPeriods: 2}}}",
        "/Alarms/Api/LatencyP99/DatapointsToAlarm",
        "`DatapointsToAlarm` 3 is more than `EvaluationPeriods` 2",
    ),
    (
        "Alarms: {Api: {LatencyP99: {Period: 3600, EvaluationPeriods: 200}}}",
        "/Alarms/Api/LatencyP99/EvaluationPeriods",
        "604800 s at most",
    ),
    ("Mode: Report", "/Mode", "`Inject`, `Audit`"),
    ("Profile: standard", "/Profile", "did you mean `Standard`?"),
    ("Profile: 7", "/Profile", "one of `Essential`, `Standard`, `Critical`"),
    ("Enabled: maybe", "/Enabled", "true or false"),
    ("Notify: {Pager: !Ref T}", "/Notify/Pager", "allowed here: `Critical`, `Warning`, `Ok`, `InsufficientData`"),
    ("Notify: {Critical: []}", "/Notify/Critical", "one to five"),
    ("Notify: {Critical: 'not a topic'}", "/Notify/Critical", "a topic's ARN"),
    ("Notify: {Critical: Nowhere}", "/Notify/Critical", "`Nowhere` in `Notify` is neither a resource nor a parameter"),
    ("Notify: {Critical: !Ref Nowhere}", "/Notify/Critical", "neither a resource nor a parameter"),
    ("Methods: {FETCH /x: false}", "/Methods/FETCH ~1x", "is not a method"),
    ("Methods: {GET /x: {Latency: {}}}", "/Methods/GET ~1x/Latency", "did you mean `LatencyP9"),
    ("Methods: [GET /x]", "/Methods", "an object whose keys are methods"),
    ("Throttle: {Rate: 5}", "/Throttle", "both `Rate` and `Burst`"),
    ("Throttle: {Rate: 5, Burst: 1.5}", "/Throttle/Burst", "a whole number"),
    ("Throttle: true", "/Throttle", "an object with `Rate`, `Burst`"),
    ("Tags: [Team]", "/Tags", "an object of keys and values"),
    ("Tags: {'aws:x': y}", "/Tags/aws:x", "`aws:x` is not a tag key"),
    ("Tags: {Team: [a]}", "/Tags/Team", "a text of at most 256 characters"),
    ("Guardrails: {unthrottled-stages: Fix}", "/Guardrails/unthrottled-stages", "did you mean `unthrottled-stage`?"),
    ("Guardrails: {unthrottled-stage: fix}", "/Guardrails/unthrottled-stage", "did you mean `Fix`?"),
    ("Suppress: {Id: TR303}", "/Suppress", "a list of {Id, Where, Reason}"),
    ("Suppress: [{Id: TR303}]", "/Suppress/0", "needs `Id` and `Reason`"),
    ("Suppress: [{Id: TR303, Reason: ' '}]", "/Suppress/0/Reason", "a text of 1 to"),
    ("Suppress: [{Id: TR999, Reason: r}]", "/Suppress/0/Id", "`TR999` is nothing that can be suppressed"),
    ("AnyMethods: [get]", "/AnyMethods", "verbs in capitals"),
    ("AlarmNames: Short", "/AlarmNames", "`Readable`, `Generated`"),
    ("Budget: lots", "/Budget", "a number of at least 0"),
    ("Runbook: ''", "/Runbook", "a text of 1 to 512"),
];

#[test]
fn mistakes_are_named_with_place_value_and_help() {
    for (config, at, part) in MISTAKES {
        let out = configured(config);
        let errors = out.errors();
        let expected = format!("/Metadata/Toprail{at}: ");
        assert!(
            errors.iter().any(|error| error.starts_with(&expected) && error.contains(part)),
            "{config}: {errors:#?}"
        );
        assert_eq!(out.additions(), "", "{config}");
    }
    for whole in [json!(7), json!("on"), json!([]), json!(null), json!({"Ref": "P"})] {
        assert_eq!(with(&whole).finding("TR201").at.as_str(), "/Metadata/Toprail", "{whole}");
    }
}

#[test]
fn a_suggestion_is_not_lost_in_a_hundred_names() {
    let help = |config: &str| configured(config).finding("TR201").help.clone();
    assert_eq!(help("Alarms: {Que: {}}"), "did you mean `Queue`?");
    assert!(help("Alarms: {Zzz: {}}").contains("`Queue`"), "without one, all are shown");
    assert!(help("Notify: {Critcal: x}").starts_with("did you mean `Critical`? Allowed here: `Critical`, `Warning`"));
}

#[test]
fn all_mistakes_are_named_at_once_each_once() {
    let out = configured(
        "{Colour: blue, Mode: x, Alarms: {Api: {Nope: 1, LatencyP99: {Period: 1, Threshold: [1]}}}, Throttle: {Rate: x, Burst: y}}",
    );
    let places: Vec<_> =
        out.findings("TR201").iter().map(|finding| finding.at.as_str().replace("/Metadata/Toprail", "")).collect();
    let expected = [
        "/Alarms/Api/LatencyP99/Period",
        "/Alarms/Api/LatencyP99/Threshold",
        "/Alarms/Api/Nope",
        "/Colour",
        "/Mode",
        "/Throttle/Burst",
        "/Throttle/Rate",
    ];
    assert_eq!(places, expected);
}

#[test]
fn a_wrong_window_is_named_once_however_many_alarms_it_is_for() {
    let out = configured("Alarms: {Api: {LatencyP99: {DatapointsToAlarm: 3, EvaluationPeriods: 2}}}");
    assert_eq!(out.errors().len(), 1, "{:#?}", out.errors());
}

#[test]
fn numbers_and_flags_may_be_texts() {
    let texts = configured(
        "{Enabled: 'true', DetailedMetrics: 'True', Throttle: {Rate: '5', Burst: '6'}, Budget: '1000', Alarms: {Api: {LatencyP99: {Threshold: '2000', Period: '120', EvaluationPeriods: '4', DatapointsToAlarm: '2', MinSamples: '7'}, LatencyP95: 'false'}}}",
    );
    let values = configured(
        "{Enabled: true, DetailedMetrics: true, Throttle: {Rate: 5, Burst: 6}, Budget: 1000, Alarms: {Api: {LatencyP99: {Threshold: 2000, Period: 120, EvaluationPeriods: 4, DatapointsToAlarm: 2, MinSamples: 7}, LatencyP95: false}}}",
    );
    assert_eq!(texts.errors(), Vec::<String>::new());
    assert_eq!(texts.signatures(), values.signatures());
    assert_eq!(texts.alarm("GET /x", "LatencyP99").threshold(), &json!(2000));
}

#[test]
fn a_profile_has_what_the_one_before_has() {
    let names = |profile: &str| configured(&format!("Profile: {profile}")).names_of("GET /x");
    assert_eq!(names("Essential"), ["LatencyP99", "ServerErrorRate"]);
    assert_eq!(names("Standard"), ["ClientErrorRate", "LatencyP95", "LatencyP99", "ServerErrorRate", "SuccessRate"]);
    assert!(names("Standard").iter().all(|name| names("Critical").contains(name)));
    let more = configured("{Profile: Essential, Alarms: {Api: {SuccessRate: true}}}").names_of("GET /x");
    assert_eq!(
        more,
        ["LatencyP99", "ServerErrorRate", "SuccessRate"],
        "an alarm that is asked for is there in every profile"
    );
}

#[test]
fn alarms_are_switched_by_name_group_and_level() {
    for (config, stage, method) in [
        ("Alarms: {Api: false}", 0, 0),
        ("Alarms: {Api: {Enabled: false}}", 0, 0),
        ("Alarms: {Api: {Enabled: false, LatencyP99: true}}", 1, 1),
        ("Alarms: {Api: {LatencyP99: false}}", 4, 4),
        ("Alarms: {Stage: false}", 0, 5),
        ("Alarms: {Stage: {LatencyP99: {Enabled: false}}}", 4, 5),
        ("Alarms: {Api: false, Stage: {Enabled: true}}", 5, 0),
    ] {
        let out = configured(config);
        assert_eq!((out.names_of("A prod").len(), out.names_of("GET /x").len()), (stage, method), "{config}");
    }
}

#[test]
fn notifications_go_by_severity() {
    let out = configured(&format!(
        "{{Notify: {{Critical: !Ref T, Warning: ['{TOPIC}', !ImportValue t], Ok: T, InsufficientData: !Sub '${{P}}'}}, Alarms: {{Api: {{LatencyP95: {{Severity: Critical}}}}}}}}"
    ));
    let topic = json!([{"Ref": "T"}]);
    assert_eq!(out.alarm("GET /x", "ServerErrorRate").property("AlarmActions"), &topic);
    assert_eq!(out.alarm("GET /x", "LatencyP95").property("AlarmActions"), &topic);
    let warning = out.alarm("GET /x", "ClientErrorRate");
    assert_eq!(warning.property("AlarmActions"), &json!([TOPIC, {"Fn::ImportValue": "t"}]));
    assert_eq!(
        (warning.property("OKActions"), warning.property("InsufficientDataActions")),
        (&topic, &json!([{"Fn::Sub": "${P}"}]))
    );
}

#[test]
fn a_topic_that_may_not_exist_is_notified_only_when_it_does() {
    let out = configured("Notify: {Critical: [!Ref U, !Ref T], Warning: U}");
    let perhaps = json!({"Fn::If": ["C", {"Ref": "U"}, {"Ref": "AWS::NoValue"}]});
    assert_eq!(out.alarm("F", "ErrorRate").property("AlarmActions"), &json!([perhaps, {"Ref": "T"}]));
    assert_eq!(out.alarm("F", "Duration").property("AlarmActions"), &json!([perhaps]));
}

#[test]
fn a_list_parameter_names_all_its_topics() {
    for parameter in ["Many", "Arns"] {
        let out = configured(&format!("Notify: {{Critical: !Ref {parameter}}}"));
        // A list in a list would fail the deployment.
        assert_eq!(out.alarm("F", "ErrorRate").property("AlarmActions"), &json!({"Ref": parameter}));
    }
}

#[test]
fn alarms_that_notify_nobody_are_reported() {
    let silent = |config: &str| configured(config).findings("TR202").first().map(|finding| finding.what.clone());
    assert!(silent("{}").unwrap().starts_with("Critical and Warning alarms notify nobody"));
    assert!(silent("Notify: {Critical: T}").unwrap().starts_with("Warning alarms notify nobody"));
    assert_eq!(silent("Notify: {Critical: T, Warning: T}"), None);
    assert!(
        silent("{Profile: Essential, Notify: {Critical: T}, Alarms: {Function: {Throttles: false}, Topic: false}}")
            .is_none()
    );
}

#[test]
fn the_more_specific_pattern_wins() {
    let out = configured(
        "
        Alarms: {Api: {LatencyP99: {Threshold: 1}}}
        Methods:
          'GET /orders/{id}': {LatencyP99: {Threshold: 6}}
          '*': {LatencyP99: {Threshold: 2, Severity: Warning}}
          '* /orders/*': {LatencyP99: {Threshold: 3}, LatencyP95: false}
          '* /orders/{id}': {LatencyP99: {Threshold: 5}}
          'POST *': {LatencyP99: {Threshold: 4}}
        ",
    );
    let threshold = |place: &str| out.alarm(place, "LatencyP99").threshold().clone();
    assert_eq!(
        ["A prod", "GET /x", "GET /orders/{id}", "POST /orders/{id}"].map(threshold),
        [json!(1), json!(2), json!(6), json!(5)]
    );
    assert_eq!(
        out.alarm("GET /orders/{id}", "LatencyP99").planned.severity.as_str(),
        "Warning",
        "what the winner does not say comes from the others"
    );
    assert!(!out.has("POST /orders/{id}", "LatencyP95") && out.has("GET /x", "LatencyP95"));
}

#[test]
fn a_pattern_that_matches_nothing_is_reported() {
    let out = configured("Methods: {GET /y: false, '* /admin/*': false, GET /x: {Enabled: true}}");
    let places: Vec<_> = out.findings("TR210").iter().map(|finding| finding.at.as_str().to_owned()).collect();
    assert_eq!(places, ["/Metadata/Toprail/Methods/* ~1admin~1*", "/Metadata/Toprail/Methods/GET ~1y"]);
    assert!(!out.outcome.failed());
}

#[test]
fn what_is_suppressed_is_left_out_and_says_why() {
    let out = configured(
        "Suppress: [{Id: Api.LatencyP99, Where: GET /x, Reason: reports are slow}, {Id: TR202, Reason: later}, {Id: Function.Throttles, Reason: spiky}]",
    );
    assert!(!out.has("GET /x", "LatencyP99") && out.has("A prod", "LatencyP99") && !out.has("F", "Throttles"));
    assert!(out.findings("TR202").is_empty());
    assert!(out.findings("TR404").iter().any(|finding| finding.what.contains("reports are slow")));
}

#[test]
fn a_finding_may_be_suppressed_by_resource_pointer_or_method() {
    for place in ["A", "ANY /any", "/Resources/A/Properties/Body/paths/~1any"] {
        let mut template = template();
        template["Resources"]["A"]["Properties"]["Body"]["paths"]["/any"] =
            json!({"x-amazon-apigateway-any-method": {}});
        template["Metadata"] =
            json!({"Toprail": {"Suppress": [{"Id": "any-method", "Where": place, "Reason": "a proxy"}]}});
        let out = transform(template);
        assert_eq!((out.findings("TR303").len(), out.findings("TR210").len()), (0, 0), "{place}");
    }
}

#[test]
fn a_suppression_that_matches_nothing_is_reported() {
    let out = configured("Suppress: [{Id: Api.LatencyP99, Where: GET /nowhere, Reason: r}, {Id: TR301, Reason: r}]");
    assert_eq!(out.findings("TR210").len(), 2);
    assert!(out.has("GET /x", "LatencyP99"));
}

#[test]
fn an_error_cannot_be_suppressed() {
    let out = configured("{Mode: wrong, Suppress: [{Id: TR201, Reason: r}]}");
    assert!(out.outcome.failed());
}

const FUNCTION: &str = "
    Metadata: {Toprail: {Profile: Essential, Alarms: {Function: {ErrorRate: {Threshold: 1}}}}}
    Resources: {F: {Type: AWS::Lambda::Function, Properties: {}}}
    ";

#[test]
fn the_transforms_parameters_win_over_the_template() {
    let out = transform_with(
        FUNCTION,
        &json!({"Profile": "Standard", "NotifyCritical": TOPIC, "NotifyWarning": [TOPIC], "NotifyOk": TOPIC, "Enabled": "true"}),
    );
    assert_eq!(out.names_of("F"), ["Duration", "ErrorRate", "Throttles"]);
    assert_eq!(out.alarm("F", "ErrorRate").threshold(), &json!(1));
    for actions in ["AlarmActions", "OKActions"] {
        assert_eq!(out.alarm("F", "ErrorRate").property(actions), &json!([TOPIC]));
    }
    assert_eq!(transform_with(FUNCTION, &json!({"Mode": "Audit"})).additions(), "");
}

#[test]
fn the_whole_configuration_may_come_as_a_text() {
    for text in [
        r#"{"Alarms": {"Function": {"ErrorRate": {"Threshold": 9}}}, "Profile": "Essential"}"#,
        "Alarms:\n  Function:\n    ErrorRate: {Threshold: 9}\nProfile: Essential\n",
    ] {
        let out = transform_with(FUNCTION, &json!({"Config": text}));
        assert_eq!(
            (out.names_of("F"), out.alarm("F", "ErrorRate").threshold()),
            (vec!["ErrorRate".to_owned(), "Throttles".to_owned()], &json!(9))
        );
        let both = transform_with(FUNCTION, &json!({"Config": text, "Profile": "Standard"}));
        assert_eq!(both.names_of("F").len(), 3, "a parameter of its own wins over the text");
    }
}

#[test]
fn wrong_parameters_are_mistakes_like_any_other() {
    for (params, at, part) in [
        (json!({"Profil": "Standard"}), "/Transform/Parameters/Profil", "did you mean `Profile`?"),
        (json!({"Mode": "Off"}), "/Transform/Parameters/Mode", "`Inject`, `Audit`"),
        (json!({"Config": "{"}), "/Transform/Parameters/Config", "cannot be read"),
        (json!({"Config": ["a"]}), "/Transform/Parameters/Config", "a JSON or YAML text"),
        (json!({"Config": "Colour: blue"}), "/Transform/Parameters/Config/Colour", "not a setting"),
        (json!({"NotifyCritical": 7}), "/Transform/Parameters/NotifyCritical", "a topic's ARN"),
    ] {
        let errors = transform_with(FUNCTION, &params).errors();
        assert!(
            errors.len() == 1 && errors[0].starts_with(&format!("{at}: ")) && errors[0].contains(part),
            "{params}: {errors:#?}"
        );
    }
}

#[test]
fn audit_finds_what_inject_finds_and_changes_nothing() {
    let inject = with(&json!({}));
    let audit = with(&json!({"Mode": "Audit"}));
    assert_eq!(audit.additions(), "");
    assert_eq!((audit.codes(), audit.outcome.plan.changes.len()), (inject.codes(), inject.outcome.plan.changes.len()));
    assert_eq!(audit.outcome.plan.alarms.len(), inject.alarms().len());
}

#[test]
fn audit_names_what_inject_would_refuse_without_failing_the_deployment() {
    let out = with(&json!({"Mode": "Audit", "Guardrails": {"unthrottled-stage": "Deny"}}));
    assert_eq!(out.findings("TR502").len(), 1);
    assert!(!out.outcome.failed(), "an audit reports only: {:#?}", out.errors());
}

#[test]
fn a_resources_own_configuration_wins_for_that_resource() {
    let out = transform_yaml(
        "
        Metadata: {Toprail: {Alarms: {Api: {LatencyP99: {Threshold: 1}}}, Throttle: {Rate: 1, Burst: 1}}}
        Resources:
          A:
            Type: AWS::ApiGateway::RestApi
            Metadata: {Toprail: {Alarms: {Api: {LatencyP99: {Threshold: 2}}}, Methods: {GET /y: {LatencyP99: {Threshold: 3}}}, Throttle: {Rate: 2, Burst: 2}}}
            Properties: {Name: a, Body: {paths: {/x: {get: {}}, /y: {get: {}}}}}
          S1: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: one}}
          S2: {Type: AWS::ApiGateway::Stage, Metadata: {Toprail: {Alarms: {Stage: {LatencyP99: {Threshold: 4}}}, Throttle: false, DetailedMetrics: false}}, Properties: {RestApiId: !Ref A, StageName: two}}
          B: {Type: AWS::ApiGateway::RestApi, Properties: {Name: b}}
          T: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref B, StageName: one}}
          G: {Type: AWS::ApiGateway::RestApi, Metadata: {Toprail: {Enabled: 'false'}}, Properties: {Name: g}}
          U: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref G, StageName: one}}
        ",
    );
    let threshold = |place: &str| out.alarm(place, "LatencyP99").threshold().clone();
    let places = ["A one", "A one GET /x", "A one GET /y", "A two", "B one"];
    assert_eq!(out.places(), places);
    assert_eq!(places.map(threshold), [2, 2, 3, 4, 1].map(|number| json!(number)));
    let rate =
        |stage: &str| out.at(&format!("/Resources/{stage}/Properties/MethodSettings/0/ThrottlingRateLimit")).clone();
    assert_eq!([rate("S1"), rate("S2"), rate("T"), rate("U")], [json!(2), Value::Null, json!(1), Value::Null]);
}

#[test]
fn an_alarm_may_be_named_by_cloudformation() {
    let out = configured("AlarmNames: Generated");
    assert!(out.alarms().iter().all(|alarm| alarm.property("AlarmName").is_null()));
}

#[test]
fn a_runbook_is_linked_with_what_it_is_for() {
    let out = configured(
        "{Runbook: 'https://wiki/{alarm}?of={resource}/{stage}/{method}{path}', Alarms: {Function: {ErrorRate: {Runbook: https://own, Description: It breaks.}}}}",
    );
    let description = |place: &str, name: &str| shown(out.alarm(place, name).property("AlarmDescription"));
    assert!(
        description("GET /x", "LatencyP99").ends_with("Runbook: https://wiki/Api.LatencyP99?of=A/prod/GET/x"),
        "{}",
        description("GET /x", "LatencyP99")
    );
    let own = description("F", "ErrorRate");
    assert!(own.starts_with("F: It breaks. ") && own.ends_with("Runbook: https://own"), "{own}");
}

#[test]
fn a_threshold_may_be_an_intrinsic_wherever_it_is_used() {
    for threshold in [json!({"Ref": "P"}), json!({"Fn::If": ["C", 1, 2]}), json!({"Fn::FindInMap": ["M", "a", "b"]})] {
        let out = with(
            &json!({"Alarms": {"Api": {"LatencyP99": {"Threshold": threshold}, "ServerErrorRate": {"Threshold": threshold}}}}),
        );
        let alarm = out.alarm("GET /x", "LatencyP99");
        assert_eq!(alarm.threshold(), &threshold);
        // The percentile rank is asked for at the same threshold.
        assert!(alarm.metrics()[1].starts_with("Latency {\"Fn::"), "{:?}", alarm.metrics());
        assert_eq!(out.alarm("GET /x", "ServerErrorRate").threshold(), &threshold);
    }
}

#[test]
fn costs_above_the_budget_are_reported() {
    assert_eq!(with(&json!({"Budget": 0})).finding("TR504").at.as_str(), "/Metadata/Toprail/Budget");
    assert!(with(&json!({"Budget": 1000})).findings("TR504").is_empty());
}

#[test]
fn all_resources_of_a_template_may_be_transformed_from_inside() {
    let out = transform(template()["Resources"].clone());
    assert!(out.has("GET /x", "LatencyP99") && out.has("F", "ErrorRate"));
    assert_eq!(out.finding("TR104").at.as_str(), "");
    assert_eq!(out.at("/S/Properties/MethodSettings/0/MetricsEnabled"), true);
}

#[test]
fn one_resource_may_be_transformed_from_inside() {
    for (resource, property) in [
        (
            json!({"Type": "AWS::ApiGateway::Stage", "Properties": {"RestApiId": {"Ref": "A"}, "StageName": "prod"}}),
            "/Properties/MethodSettings/0/ThrottlingRateLimit",
        ),
        (
            json!({"Type": "AWS::SNS::Topic", "Metadata": {"Toprail": {"Tags": {"Team": "t"}}}}),
            "/Properties/Tags/0/Value",
        ),
    ] {
        let out = transform(resource.clone());
        assert_eq!((out.lines(), out.finding("TR104").at.as_str()), (Vec::new(), ""));
        assert!(!out.at(property).is_null(), "{resource}");
    }
}

#[test]
fn the_inside_of_a_resource_is_left_alone() {
    let out = transform(json!({"StageName": "prod", "RestApiId": {"Ref": "A"}}));
    assert_eq!((out.additions(), out.finding("TR104").at.as_str()), (String::new(), ""));
}

#[test]
fn a_template_without_resources_is_left_alone() {
    for template in [json!({}), json!({"Resources": {}}), json!({"Parameters": {}, "Outputs": {}})] {
        assert_eq!(transform(template).additions(), "");
    }
    assert_eq!(transform_resources("N: {Type: AWS::CloudFormation::WaitConditionHandle}").additions(), "");
}

#[test]
fn a_statistic_that_would_keep_an_alarm_from_ever_firing_is_not_taken() {
    // The share of failures is computed from sums; with an average it would always be below its gate of three failures.
    for alarm in ["ServerErrorRate", "ClientErrorRate", "SuccessRate"] {
        let out = configured(&format!("Alarms: {{Api: {{{alarm}: {{Statistic: Average}}}}}}"));
        let is_refused = out.errors().iter().any(|error| error.contains(&format!("/Api/{alarm}/Statistic")));
        let is_sum = || out.alarm("GET /x", alarm).metrics().iter().all(|metric| !metric.ends_with(" Average"));
        assert!(is_refused || is_sum(), "{alarm}: {:?}", out.alarm("GET /x", alarm).metrics());
    }
}

#[test]
fn a_share_that_can_never_be_crossed_is_a_mistake() {
    for (alarm, threshold) in [("ServerErrorRate", 100), ("ClientErrorRate", 150), ("SuccessRate", 0)] {
        let out = configured(&format!("Alarms: {{Api: {{{alarm}: {{Threshold: {threshold}}}}}}}"));
        let at = format!("/Metadata/Toprail/Alarms/Api/{alarm}/Threshold: ");
        assert!(out.errors().iter().any(|error| error.starts_with(&at)), "{alarm} {threshold}: {:#?}", out.errors());
    }
    assert_eq!(
        configured("Alarms: {Api: {ServerErrorRate: {Threshold: 99}, SuccessRate: {Threshold: 100}}}").errors(),
        Vec::<String>::new()
    );
}

#[test]
fn a_route_of_a_websocket_api_is_named_by_its_key() {
    let out = transform_yaml(
        "
        Metadata: {Toprail: {Methods: {$connect: {ExecutionErrorRate: {Threshold: 3}}, $disconnect: false}}}
        Resources:
          W: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: w, ProtocolType: WEBSOCKET}}
          S: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref W, StageName: live}}
          C: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref W, RouteKey: $connect}}
          D: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref W, RouteKey: $disconnect}}
        ",
    );
    assert_eq!(out.places(), ["W live", "W live $connect"]);
    assert_eq!(out.alarm("$connect", "ExecutionErrorRate").threshold(), &json!(3));
    assert!(out.findings("TR210").is_empty());
}
