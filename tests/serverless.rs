//! Templates that SAM has not expanded yet.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::{Value, json};
use support::{transform, transform_resources, transform_yaml};

#[test]
fn the_implicit_rest_api_is_watched_as_sam_will_make_it() {
    let out = transform_resources(
        "
        F:
          Type: AWS::Serverless::Function
          Properties:
            Events:
              A: {Type: Api, Properties: {Path: /orders, Method: get}}
              B: {Type: Api, Properties: {Path: '/orders/{id}', Method: DELETE}}
              C: {Type: Api, Properties: {Path: /any, Method: ANY}}
              D: {Type: SQS, Properties: {Queue: q}}
        ",
    );
    let places = [
        "ServerlessRestApi Prod",
        "ServerlessRestApi Prod GET /orders",
        "ServerlessRestApi Prod DELETE /orders/{id}",
        "F",
    ];
    assert_eq!(out.places(), places);
    assert_eq!(
        out.alarm("GET /orders", "ServerErrorRate").dimensions(),
        r#"ApiName={"Ref":"AWS::StackName"} Stage=Prod Resource=/orders Method=GET"#
    );
    let all = json!([{"ResourcePath": "/*", "HttpMethod": "*", "MetricsEnabled": true, "ThrottlingRateLimit": 1000, "ThrottlingBurstLimit": 500}]);
    assert_eq!(out.at("/Globals"), &json!({"Api": {"MethodSettings": all}}));
}

#[test]
fn the_implicit_http_api_is_watched_as_sam_will_make_it() {
    let out = transform_yaml(
        "
        Globals: {HttpApi: {RouteSettings: {GET /x: {ThrottlingRateLimit: 1}}}}
        Resources:
          F: {Type: AWS::Serverless::Function, Properties: {Events: {A: {Type: HttpApi, Properties: {Path: /x, Method: get}}, B: {Type: HttpApi}}}}
        ",
    );
    assert_eq!(out.places(), ["ServerlessHttpApi $default", "ServerlessHttpApi $default GET /x", "F"]);
    assert_eq!(
        out.alarm("GET /x", "LatencyP99").dimensions(),
        r#"ApiId={"Ref":"ServerlessHttpApi"} Stage=$default Resource=/x Method=GET"#
    );
    let globals = out.at("/Globals/HttpApi");
    assert_eq!(
        globals["DefaultRouteSettings"],
        json!({"DetailedMetricsEnabled": true, "ThrottlingRateLimit": 1000, "ThrottlingBurstLimit": 500})
    );
    assert_eq!(globals["RouteSettings"], json!({"GET /x": {"ThrottlingRateLimit": 1, "DetailedMetricsEnabled": true}}));
}

#[test]
fn an_api_takes_the_name_that_globals_give_it() {
    let out = transform_yaml(
        "
        Globals: {Api: {Name: !Sub '${AWS::StackName}-api'}}
        Resources:
          A: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
          B: {Type: AWS::Serverless::Api, Properties: {StageName: v1, Name: own}}
          C: {Type: AWS::Serverless::Api, IgnoreGlobals: [Name], Properties: {StageName: v1, DefinitionBody: {info: {title: titled}}}}
        ",
    );
    let name = |place: &str| out.alarm(place, "LatencyP99").dimension("ApiName");
    assert_eq!(name("A v1"), json!({"Fn::Sub": "${AWS::StackName}-api"}));
    assert_eq!((name("B v1"), name("C v1")), (json!("own"), json!("titled")));
}

#[test]
fn events_reach_an_api_only_where_sam_adds_them() {
    let out = transform_resources(
        "
        Open: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
        Closed: {Type: AWS::Serverless::Api, Properties: {StageName: v1, DefinitionBody: {info: {title: c}, paths: {/own: {get: {}}}}}}
        Merged: {Type: AWS::Serverless::Api, Properties: {StageName: v1, MergeDefinitions: true, DefinitionBody: {info: {title: m}, paths: {/own: {get: {}}}}}}
        F:
          Type: AWS::Serverless::Function
          Properties:
            Events:
              A: {Type: Api, Properties: {Path: /e, Method: get, RestApiId: !Ref Open}}
              B: {Type: Api, Properties: {Path: /e, Method: get, RestApiId: !Ref Closed}}
              C: {Type: Api, Properties: {Path: /e, Method: get, RestApiId: !Ref Merged}}
        ",
    );
    assert_eq!(
        out.places(),
        [
            "Open v1",
            "Open v1 GET /e",
            "Closed v1",
            "Closed v1 GET /own",
            "Merged v1",
            "Merged v1 GET /own",
            "Merged v1 GET /e",
            "F"
        ]
    );
}

#[test]
fn routes_and_stages_that_are_resources_belong_to_the_api_that_sam_makes() {
    for (id, api) in [
        ("H", "H: {Type: AWS::Serverless::HttpApi, Properties: {StageName: live}}"),
        (
            "W",
            "W: {Type: AWS::Serverless::WebSocketApi, Properties: {StageName: live, Routes: {$connect: {FunctionArn: a}}}}",
        ),
        (
            "ServerlessHttpApi",
            "F: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: HttpApi, Properties: {Method: GET, Path: /own}}}}}",
        ),
    ] {
        let out = transform_resources(&format!(
            "
        {api}
        R: {{Type: AWS::ApiGatewayV2::Route, Properties: {{ApiId: !Ref {id}, RouteKey: GET /more}}}}
        S: {{Type: AWS::ApiGatewayV2::Stage, Properties: {{ApiId: !Ref {id}, StageName: two}}}}
        "
        ));
        let places = out.places();
        let stages: Vec<_> = places.iter().filter(|place| place.ends_with(" GET /more")).collect();
        assert_eq!(stages.len(), 2, "{places:?}");
        assert!(out.findings("TR304").is_empty(), "{:?}", out.codes());
        assert!(out.findings("TR307").is_empty(), "{:?}", out.codes());
    }
}

#[test]
fn method_settings_are_completed_across_globals_and_api() {
    let out = transform_yaml(
        "
        Globals: {Api: {MethodSettings: [{ResourcePath: /*, HttpMethod: '*', LoggingLevel: INFO}]}}
        Resources:
          A:
            Type: AWS::Serverless::Api
            Properties:
              StageName: v1
              MethodSettings: [{ResourcePath: /x, HttpMethod: GET, CachingEnabled: true}]
              DefinitionBody: {info: {title: a}, paths: {/x: {get: {}}, /y: {get: {}}}}
        ",
    );
    assert_eq!(out.places(), ["A v1", "A v1 GET /x", "A v1 GET /y"]);
    // SAM puts the two lists together, so there must be one entry for all methods, not two.
    let lists = [out.at("/Globals/Api/MethodSettings"), out.at("/Resources/A/Properties/MethodSettings")];
    let entries: Vec<&Value> = lists.iter().flat_map(|list| list.as_array().unwrap()).collect();
    assert_eq!(entries.iter().filter(|entry| entry["ResourcePath"] == "/*").count(), 1);
    assert!(
        entries.iter().all(|entry| entry["MetricsEnabled"] == true && entry["ThrottlingRateLimit"] == 1000),
        "{entries:#?}"
    );
    assert_eq!((&entries[0]["LoggingLevel"], &entries[1]["CachingEnabled"]), (&json!("INFO"), &json!(true)));
}

#[test]
fn no_api_gets_two_entries_for_all_methods_because_of_the_implicit_one() {
    let out = transform_resources(
        "
        Own: {Type: AWS::Serverless::Api, Properties: {StageName: v1, MethodSettings: [{ResourcePath: /*, HttpMethod: '*', MetricsEnabled: true}]}}
        Bare: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
        F: {Type: AWS::Serverless::Function, Properties: {Events: {A: {Type: Api, Properties: {Path: /i, Method: get}}, B: {Type: Api, Properties: {Path: /b, Method: get, RestApiId: !Ref Bare}}}}}
        ",
    );
    let global = out.at("/Globals/Api/MethodSettings").as_array().unwrap();
    assert_eq!((global.len(), &global[0]["MetricsEnabled"]), (1, &json!(true)));
    assert_eq!(out.at("/Resources/Own/IgnoreGlobals"), &json!(["MethodSettings"]));
    assert_eq!(out.at("/Resources/Bare/Properties/MethodSettings"), &Value::Null);
    assert_eq!(
        out.places(),
        ["Own v1", "Bare v1", "Bare v1 GET /b", "ServerlessRestApi Prod", "ServerlessRestApi Prod GET /i", "F"]
    );
}

#[test]
fn a_definition_elsewhere_is_watched_at_stage_level_where_the_name_is_known() {
    let out = transform_resources(
        "
        Named: {Type: AWS::Serverless::Api, Properties: {StageName: v1, Name: n, DefinitionUri: s3://b/k}}
        Unnamed: {Type: AWS::Serverless::Api, Properties: {StageName: v1, DefinitionUri: ./api.yaml}}
        Http: {Type: AWS::Serverless::HttpApi, Properties: {DefinitionUri: ./api.yaml}}
        ",
    );
    assert_eq!(out.places(), ["Named v1", "Http $default"]);
    assert_eq!(out.findings("TR302").len(), 3);
    assert_eq!(out.finding("TR301").at.as_str(), "/Resources/Unnamed");
}

#[test]
fn state_machines_make_methods_too() {
    let out = transform_resources(
        "
        M: {Type: AWS::Serverless::StateMachine, Properties: {Events: {A: {Type: Api, Properties: {Path: /run, Method: post}}}}}
        ",
    );
    assert_eq!(out.places(), ["ServerlessRestApi Prod", "ServerlessRestApi Prod POST /run", "M"]);
}

#[test]
fn serverless_websocket_apis_are_watched_by_route() {
    let out = transform_resources(
        "
        W: {Type: AWS::Serverless::WebSocketApi, Properties: {StageName: live, Routes: {$connect: {FunctionArn: a}, send: {FunctionArn: a}}}}
        ",
    );
    assert_eq!(out.places(), ["W live", "W live $connect", "W live send"]);
    assert_eq!(out.alarm("W live send", "ClientErrorRate").dimensions(), r#"ApiId={"Ref":"W"} Stage=live Route=send"#);
}

#[test]
fn what_sam_will_expand_counts_toward_five_hundred_resources() {
    // Function, role, alias, version, deployment group; a permission or more for the event: at least seven resources each.
    let function = json!({"Type": "AWS::Serverless::Function", "Properties": {"AutoPublishAlias": "live", "Events": {"A": {"Type": "SNS", "Properties": {"Topic": "t"}}}}});
    let functions = (0..65).map(|n| (format!("F{n}"), function.clone()));
    let out = support::transform(json!({"Resources": support::object(functions)}));
    assert!(out.alarms().len() + 65 * 7 <= 500, "{} alarms", out.alarms().len());
    assert!(!out.findings("TR402").is_empty());
}

#[test]
fn a_function_has_the_timeout_that_globals_give_it() {
    let out = transform_yaml(
        "
        Globals: {Function: {Timeout: 10}}
        Resources:
          A: {Type: AWS::Serverless::Function, Properties: {}}
          B: {Type: AWS::Serverless::Function, Properties: {Timeout: 20}}
          C: {Type: AWS::Serverless::Function, IgnoreGlobals: Timeout, Properties: {}}
          D: {Type: AWS::Serverless::Function, IgnoreGlobals: '*', Properties: {}}
          E: {Type: AWS::Serverless::Function, IgnoreGlobals: [Timeout], Properties: {}}
          F: {Type: AWS::Lambda::Function, Properties: {}}
        ",
    );
    let threshold = |id: &str| out.alarm(id, "Duration").threshold().clone();
    // `IgnoreGlobals` is a list, or `*`.
    assert_eq!(
        ["A", "B", "C", "D", "E", "F"].map(threshold),
        [9_000, 18_000, 9_000, 2_700, 2_700, 2_700].map(|ms| json!(ms))
    );
}

#[test]
fn an_event_whose_method_cannot_be_told_is_reported() {
    for event in [
        "{Path: !Sub '/${Version}/x', Method: get}",
        "{Path: /x, Method: !Ref Verb}",
        "{Path: /x, Method: get, RestApiId: !ImportValue api}",
    ] {
        let out = transform_yaml(&format!(
            "
            Parameters: {{Version: {{Type: String}}, Verb: {{Type: String}}}}
            Resources:
              F: {{Type: AWS::Serverless::Function, Properties: {{Events: {{E: {{Type: Api, Properties: {event}}}, G: {{Type: Api, Properties: {{Path: /known, Method: get}}}}}}}}}}
            "
        ));
        assert!(out.has("GET /known", "LatencyP99"));
        let at = "/Resources/F/Properties/Events/E";
        let is_reported = out.outcome.findings.iter().any(|finding| finding.at.as_str().starts_with(at));
        let is_watched = out.places().iter().any(|place| place.contains("${Version}/x"));
        assert!(is_reported || is_watched, "{event}: {:#?}", out.outcome.findings);
    }
}

#[test]
fn an_api_with_a_condition_is_watched_under_it() {
    let out = transform_yaml(
        "
        Conditions: {C: !Equals [a, b], D: !Equals [c, d]}
        Resources:
          A: {Type: AWS::Serverless::Api, Condition: C, Properties: {StageName: v1}}
          F: {Type: AWS::Serverless::Function, Condition: C, Properties: {Events: {E: {Type: Api, Properties: {Path: /f, Method: get, RestApiId: !Ref A}}}}}
          G: {Type: AWS::Serverless::Function, Condition: D, Properties: {Events: {E: {Type: Api, Properties: {Path: /g, Method: get, RestApiId: !Ref A}}}}}
        ",
    );
    assert_eq!(out.alarm("A v1", "LatencyP99").condition(), Some("C"));
    assert_eq!(out.alarm("GET /f", "LatencyP99").condition(), Some("C"));
    let both = out.alarm("GET /g", "LatencyP99").condition().unwrap();
    assert_eq!(out.at(&format!("/Conditions/{both}")), &json!({"Fn::And": [{"Condition": "C"}, {"Condition": "D"}]}));
}

#[test]
fn settings_of_globals_and_of_the_api_make_one_whole() {
    let out = transform_yaml(
        "
        Globals: {HttpApi: {DefaultRouteSettings: {ThrottlingRateLimit: 3}, RouteSettings: {GET /x: {DetailedMetricsEnabled: false}}}}
        Resources:
          H: {Type: AWS::Serverless::HttpApi, Properties: {DefaultRouteSettings: {LoggingLevel: INFO}}}
          F: {Type: AWS::Serverless::Function, Properties: {Events: {A: {Type: HttpApi, Properties: {Path: /x, Method: get, ApiId: !Ref H}}, B: {Type: HttpApi, Properties: {Path: /y, Method: get, ApiId: !Ref H}}}}}
        ",
    );
    assert_eq!(
        out.at("/Resources/H/Properties/DefaultRouteSettings"),
        &json!({"LoggingLevel": "INFO", "DetailedMetricsEnabled": true})
    );
    assert_eq!(out.places(), ["H $default", "H $default GET /y", "F"]);
    assert_eq!(out.finding("TR306").at.as_str(), "/Resources/H/Properties");
}

#[test]
fn a_definition_that_is_included_is_reported_before_it_is_expanded() {
    let out = transform_resources(
        "
        A: {Type: AWS::Serverless::Api, Properties: {StageName: v1, Name: a, DefinitionBody: {'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: s3://b/k}}}}}
        ",
    );
    assert_eq!((out.places(), out.findings("TR103").len()), (vec!["A v1".to_owned()], 1));
}

#[test]
fn apis_that_disagree_on_metrics_leave_shared_entries_alone() {
    let out = transform_yaml(
        r#"
        Globals:
          Api:
            MethodSettings:
              - { ResourcePath: "/*", HttpMethod: "*", MetricsEnabled: true }
              - { ResourcePath: "/~1orders", HttpMethod: GET, LoggingLevel: "OFF" }
        Resources:
          Silent:
            Type: AWS::Serverless::Api
            Properties:
              StageName: prod
              MethodSettings: [{ ResourcePath: "/*", HttpMethod: "*", MetricsEnabled: false }]
          F:
            Type: AWS::Serverless::Function
            Properties:
              Events:
                A: { Type: Api, Properties: { RestApiId: !Ref Silent, Path: /orders, Method: get } }
                B: { Type: Api, Properties: { Path: /carts, Method: get } }
        "#,
    );
    assert_eq!(out.fragment()["Globals"]["Api"]["MethodSettings"][1]["MetricsEnabled"], Value::Null);
    assert!(out.places().iter().all(|place| !place.ends_with("GET /orders")), "{:?}", out.places());
}

#[test]
fn what_an_event_says_about_its_route_is_said_of_the_stage() {
    let event = |settings: &Value| {
        let properties = json!({"Path": "/x", "Method": "get", "RouteSettings": settings});
        let events = json!({"E": {"Type": "HttpApi", "Properties": properties}});
        transform(json!({"Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {"Events": events}}}}))
    };
    let off = event(&json!({"DetailedMetricsEnabled": false}));
    assert!(off.alarms_of("GET /x").is_empty(), "their metrics would not exist");
    let limited = event(&json!({"ThrottlingRateLimit": 5}));
    assert!(!limited.alarms_of("GET /x").is_empty());
    let settings = limited.at("/Resources/F/Properties/Events/E/Properties/RouteSettings");
    assert_eq!(settings, &json!({"ThrottlingRateLimit": 5, "DetailedMetricsEnabled": true}));
}

/// A function behind the implicit HTTP API's default route.
const BEHIND_DEFAULT_ROUTE: &str = "
Metadata: {Toprail: {Methods: {'* *': {Throttle: {Rate: 2, Burst: 3}}}}}
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: HttpApi}}}}
";

#[test]
fn the_default_route_of_the_implicit_http_api_is_limited_once() {
    // A second pass is part of this.
    let out = transform_yaml(BEHIND_DEFAULT_ROUTE);
    let settings = out.at("/Globals/HttpApi/RouteSettings/$default");
    assert_eq!(settings["ThrottlingRateLimit"], 2);
    let again = transform(out.fragment().clone());
    assert!(again.findings("TR900").is_empty());
    let by_event = "Properties: {Events: {E: {Type: HttpApi, Properties: {RouteSettings: {ThrottlingRateLimit: 1}}}}}";
    let limited = transform_yaml(&BEHIND_DEFAULT_ROUTE.replace("Properties: {Events: {E: {Type: HttpApi}}}", by_event));
    assert!(limited.fragment().pointer("/Globals/HttpApi/RouteSettings").is_none(), "the event has a limit");
}

#[test]
fn limits_of_the_implicit_http_apis_routes_stay_out_of_globals_that_another_api_inherits() {
    let other = "  A: {Type: AWS::Serverless::HttpApi, Properties: {DefinitionBody: {paths: {/x: {post: {}}}}}}\n";
    let out = transform_yaml(&format!("{BEHIND_DEFAULT_ROUTE}{other}"));
    assert!(out.fragment().pointer("/Globals/HttpApi/RouteSettings").is_none(), "A has no route `$default`");
    assert!(out.findings("TR502").iter().any(|finding| finding.what.contains("ANY $default")), "{:?}", out.codes());
    assert_eq!(out.at("/Resources/A/Properties/RouteSettings/POST ~1x")["ThrottlingRateLimit"], 2);
}
